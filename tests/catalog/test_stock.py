"""Stock and quotas: guarded, counted exactly, however many come at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from catalog import stock
from catalog.adjust_stock import AdjustStock, adjust_stock
from catalog.columns import variants_t
from catalog.movements import Cause
from catalog.queries import offers_by_id, variants_by_id
from kernel.refusals import IdempotencyConflict, Refused
from tests.support.catalog import DAY, offer, refused, statements, stock_goods
from tests.support.members import NOON


@pytest.fixture
def coat(db):
    return stock_goods(db, "COAT", on_hand=5)


@pytest.fixture
def hat(db):
    return stock_goods(db, "HAT", on_hand=2)


BECAUSE = Cause(NOON, order_id="ord_1")


def do(db, act, *arguments):
    if act is stock.release:
        arguments = ([(BECAUSE, arguments[0])],)
    elif act not in (stock.redeem, stock.unredeem):
        arguments = (*arguments, BECAUSE)
    with db.write() as tx:
        return act(tx, *arguments)


def counts(db, id_):
    with db.read() as conn:
        variant = variants_by_id(conn, [id_], NOON)[id_]
    return variant.on_hand, variant.reserved


def test_an_order_reserves_sends_and_gets_back(db, coat, hat):
    assert do(db, stock.reserve, {coat: 3, hat: 2}) == []
    assert (counts(db, coat), counts(db, hat)) == ((5, 3), (2, 2))
    with db.read() as conn:
        assert stock.available(conn, [coat, hat]) == {coat: 2, hat: 0}
    do(db, stock.release, {hat: 2})
    do(db, stock.ship, {coat: 3})
    assert (counts(db, coat), counts(db, hat)) == ((2, 0), (2, 0))
    do(db, stock.put_back, {coat: 1})
    assert do(db, stock.take, {coat: 3}) == []
    assert counts(db, coat) == (0, 0)


def test_exactly_the_variants_with_too_little_are_named(db, coat, hat):
    # After the coat's three have been taken there are fewer than three left, and there were enough all the same.
    with pytest.raises(Undo) as undone, db.write() as tx:
        raise Undo(stock.reserve(tx, {coat: 3, hat: 3, "var_" + "0" * 32: 1}, BECAUSE))
    assert undone.value.args[0] == sorted([hat, "var_" + "0" * 32])
    assert counts(db, coat) == (5, 0)
    with pytest.raises(Undo) as undone, db.write() as tx:
        raise Undo(stock.take(tx, {coat: 6, hat: 1}, BECAUSE))
    assert undone.value.args[0] == [coat]


class Undo(Exception):
    pass


def test_what_is_reserved_cannot_be_taken(db, coat):
    do(db, stock.reserve, {coat: 4})
    assert do(db, stock.take, {coat: 2}) == [coat]
    assert do(db, stock.take, {coat: 1}) == []


def test_nothing_wanted_is_nothing_done(db):
    assert do(db, stock.reserve, {}) == []


def test_any_number_of_variants_takes_one_statement_and_one_for_their_history(db, coat, hat):
    with statements(db.engines[0]) as seen:
        do(db, stock.reserve, {coat: 1, hat: 1})
    assert len(seen) == 2


def test_of_many_at_once_only_as_many_are_served_as_there_are(db, coat, hat):
    offered = offer(db, "COAT", quota=4)

    def buy(number):
        # Named in different orders: nobody waits for each other in a ring.
        wanted = {coat: 1, hat: 1} if number % 2 else {hat: 1, coat: 1}
        try:
            with db.write() as tx:
                if stock.redeem(tx, {offered: 1}, NOON) or stock.reserve(tx, wanted, BECAUSE):
                    raise Undo
        except Undo:
            return False
        return True

    do(db, stock.put_back, {hat: 8})
    with ThreadPoolExecutor(6) as pool:
        served = list(pool.map(buy, range(24)))
    assert sum(served) == 4
    assert (counts(db, coat), counts(db, hat)) == ((5, 4), (10, 4))
    with db.read() as conn:
        assert offers_by_id(conn, [offered])[offered].remaining == 0


def test_the_last_units_of_hot_goods_are_sold_once(db, coat):
    do(db, stock.put_back, {coat: 15})

    def buy(_):
        with db.write() as tx:
            return stock.reserve(tx, {coat: 1}, BECAUSE) == []

    with ThreadPoolExecutor(6) as pool:
        served = list(pool.map(buy, range(40)))
    assert sum(served) == 20
    assert counts(db, coat) == (20, 20)


def test_an_offer_is_redeemed_in_its_time_and_within_its_quota(db, coat):
    id_ = offer(db, "COAT", starts_at=NOON, ends_at=NOON + DAY, quota=3)
    assert do(db, stock.redeem, {id_: 2}, NOON - DAY) == [id_]
    assert do(db, stock.redeem, {id_: 2}, NOON + DAY) == [id_]
    assert do(db, stock.redeem, {id_: 2}, NOON) == []
    assert do(db, stock.redeem, {id_: 2}, NOON) == [id_]
    do(db, stock.unredeem, {id_: 1})
    assert do(db, stock.redeem, {id_: 2}, NOON) == []


def test_an_offer_without_quota_is_counted_without_end(db, coat):
    id_ = offer(db, "COAT")
    assert do(db, stock.redeem, {id_: 9999}, NOON) == []
    with db.read() as conn:
        assert offers_by_id(conn, [id_])[id_].redeemed == 9999


def adjust(db, change, sku="COAT", key="k1", reason="counted", actor="stf_1"):
    with db.write() as tx:
        return adjust_stock(tx, AdjustStock(sku, change, reason, key), actor_id=actor, now=NOON)


def test_stock_is_adjusted_once_for_each_key(db, coat):
    assert adjust(db, -2) == coat
    assert adjust(db, -2) == coat
    assert counts(db, coat) == (3, 0)
    adjust(db, -2, actor="stf_2")
    assert counts(db, coat) == (1, 0)
    with pytest.raises(Refused) as caught:
        adjust(db, -1)
    assert isinstance(caught.value.refusals[0], IdempotencyConflict)


def test_the_same_answer_comes_after_the_stock_is_gone_and_the_sku_renamed(db, coat):
    adjust(db, -5)
    with db.write() as tx:
        tx.execute(variants_t.update().values(sku="OLD"))
    assert adjust(db, -5) == coat


def test_available_stock_cannot_fall_below_nothing(db, coat):
    do(db, stock.reserve, {coat: 2})
    assert refused(adjust, db, -4) == {"change": "stock_below_zero"}
    adjust(db, -3)
    assert counts(db, coat) == (2, 2)


@pytest.mark.parametrize("change", [0, 10**9 + 1, -(10**9) - 1, 10**9])
def test_a_change_is_a_change_of_some_size(db, coat, change):
    assert refused(adjust, db, change)["change"] in ("out_of_range", "stock_below_zero")


def test_an_adjustment_has_a_reason_a_known_sku_and_a_key(db, coat):
    assert refused(adjust, db, 1, sku="NOWHERE", reason=" ", key="") == {
        "sku": "NotFound",
        "reason": "empty",
        "idempotencyKey": "empty",
    }
    assert refused(adjust, db, 1, reason="x" * 2001, key="x" * 201) == {
        "reason": "too_long",
        "idempotencyKey": "too_long",
    }
    # A refusal is not remembered.
    adjust(db, 1)
