"""A member's addresses: at most twenty, one of them the default."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from kernel.refusals import NotFound, Refused
from members.addresses import SaveAddress, addresses_by_id, addresses_of, remove_address, save_address
from tests.support.members import enrol


@pytest.fixture
def ana(db):
    return enrol(db, "+8613800138000")


@pytest.fixture
def bo(db):
    return enrol(db, "+8613900139000")


def _save(db, member_id, *, test_mode=False, **changes):
    values = {"recipient": "Ana", "phone": "13800138000", "region": "上海市", "line": "人民路1号"} | changes
    with db.write() as tx:
        return save_address(tx, member_id, SaveAddress(**values), test_mode=test_mode)


def _remove(db, member_id, address_id):
    with db.write() as tx:
        remove_address(tx, member_id, address_id)


def _default(db, member_id):
    with db.read() as conn:
        (default,) = [address.id for address in addresses_of(conn, member_id) if address.is_default]
    return default


def _refusals(deed, *arguments, **more):
    with pytest.raises(Refused) as caught:
        deed(*arguments, **more)
    return caught.value.refusals


def test_the_first_address_is_the_default_until_another_is_made_it(db, ana):
    first = _save(db, ana)
    second = _save(db, ana)
    assert _default(db, ana) == first
    third = _save(db, ana, is_default=True)
    assert _default(db, ana) == third
    _save(db, ana, id=second, is_default=True)
    assert _default(db, ana) == second


def test_only_under_a_test_clock_goods_go_to_a_made_up_phone(db, ana):
    id_ = _save(db, ana, phone="+1 555 555 0123", test_mode=True)
    with db.read() as conn:
        assert addresses_by_id(conn, [id_])[id_].phone == "+15555550123"
    (refusal,) = _refusals(_save, db, ana, phone="+15555550123")
    assert refusal.path == ("phone",)


def test_editing_the_default_does_not_take_it_away(db, ana):
    first = _save(db, ana)
    _save(db, ana, id=first, line="人民路2号")
    assert _default(db, ana) == first


def test_where_the_default_is_removed_the_newest_takes_its_place(db, ana):
    first, _second, third = (_save(db, ana) for _ in range(3))
    _remove(db, ana, first)
    assert _default(db, ana) == third


def test_the_last_address_can_be_removed(db, ana):
    _remove(db, ana, _save(db, ana))
    with db.read() as conn:
        assert addresses_of(conn, ana) == []


def test_another_members_address_is_not_there(db, ana, bo):
    address = _save(db, ana)
    missing = (NotFound(path=("id",), what="address"),)
    assert _refusals(_save, db, bo, id=address) == missing
    assert _refusals(_remove, db, bo, address) == missing
    assert _refusals(_remove, db, ana, "adr_" + "0" * 32) == missing
    with db.read() as conn:
        assert addresses_by_id(conn, [address])[address].member_id == ana


def test_what_is_wrong_is_told_at_once(db, ana):
    refusals = _refusals(_save, db, ana, recipient=" ", phone="12", region="长" * 201, line="", postal_code="1" * 201)
    assert {refusal.path[0]: refusal.reason for refusal in refusals} == {
        "recipient": "empty",
        "phone": "not_a_phone",
        "region": "too_long",
        "line": "empty",
        "postalCode": "too_long",
    }


def test_the_phone_is_kept_in_one_form(db, ana):
    address = _save(db, ana, phone="138-0013-8000", postal_code=" 200000 ")
    with db.read() as conn:
        kept = addresses_by_id(conn, [address])[address]
    assert (kept.phone, kept.postal_code) == ("+8613800138000", "200000")


def test_the_twenty_first_address_is_refused_also_when_they_come_together(db, ana):
    for _ in range(18):
        _save(db, ana)

    def attempt(_):
        try:
            _save(db, ana, is_default=True)
        except Refused as refused:
            return refused.refusals[0].reason
        return "saved"

    with ThreadPoolExecutor(6) as threads:
        answers = sorted(threads.map(attempt, range(6)))
    assert answers == ["saved"] * 2 + ["too_many"] * 4
    _default(db, ana)
