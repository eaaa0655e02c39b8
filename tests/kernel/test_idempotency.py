"""What is sent twice is done once; a key used with another input is refused."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from kernel.idempotency import claim, release
from kernel.refusals import IdempotencyConflict, InvalidInput, Refusals, Refused

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Input:
    amount: Decimal
    lines: tuple[str, ...] = ()


class Undone(Exception):
    """Ends a transaction."""


def send(db, value, result, *, actor="mem_1", mutation="placeOrder", key="k"):
    with db.write() as tx:
        refusals = Refusals()
        done = claim(tx, refusals, actor, mutation, key, value, result, NOW)
        refusals.raise_any()
        return done


def test_the_same_again_gives_the_first_result(db):
    assert send(db, Input(Decimal("1.50")), "ord_1") is None
    assert send(db, Input(Decimal("1.50")), "ord_2") == "ord_1"


@pytest.mark.parametrize("other", [Input(Decimal("1.51")), Input(Decimal("1.50"), ("a",)), {"amount": "1.50"}, None])
def test_another_input_is_refused(db, other):
    value = Input(Decimal("1.50"), ("b",))
    send(db, value, "ord_1")
    with pytest.raises(Refused) as told:
        send(db, other, "ord_2")
    assert told.value.refusals == (IdempotencyConflict(path=("idempotencyKey",)),)


@pytest.mark.parametrize(("one", "same"), [("20", "20.00"), ("0", "0.0"), ("1e3", "1000"), ("1.5", "1.50")])
def test_an_amount_is_the_same_however_many_zeros_it_ends_in(db, one, same):
    send(db, Input(Decimal(one)), "ord_1")
    assert send(db, Input(Decimal(same)), "ord_2") == "ord_1"


def test_amounts_of_many_digits_are_not_rounded_to_the_same(db):
    send(db, Input(Decimal("1" * 60)), "ord_1")
    with pytest.raises(Refused):
        send(db, Input(Decimal("1" * 59 + "2")), "ord_2")


def test_a_key_whose_deed_was_undone_may_be_used_for_anything(db):
    send(db, Input(Decimal(1)), "ord_1")
    send(db, Input(Decimal(1)), "ord_2", key="other")
    with db.write() as tx:
        release(tx, "mem_1", "placeOrder", "ord_1")
        release(tx, "mem_2", "placeOrder", "ord_2")
    assert send(db, Input(Decimal(2)), "ord_3") is None
    assert send(db, Input(Decimal(1)), "ord_4", key="other") == "ord_2"


@pytest.mark.parametrize("apart", [{"actor": "mem_2"}, {"mutation": "requestReturn"}, {"key": "K"}])
def test_a_key_belongs_to_one_person_and_one_mutation(db, apart):
    send(db, Input(Decimal(1)), "ord_1")
    assert send(db, Input(Decimal(2)), "ord_2", **apart) is None


def test_the_order_of_an_inputs_keys_does_not_matter(db):
    send(db, {"a": 1, "b": 2}, "ord_1")
    assert send(db, {"b": 2, "a": 1}, "ord_2") == "ord_1"


def test_what_was_undone_is_not_remembered(db):
    with suppress(Undone), db.write() as tx:
        claim(tx, Refusals(), "mem_1", "placeOrder", "k", 1, "ord_1", NOW)
        raise Undone
    assert send(db, 2, "ord_2") is None


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_key_has_a_length(db, key):
    with pytest.raises(Refused) as told:
        send(db, 1, "ord_1", key=key)
    assert isinstance(told.value.refusals[0], InvalidInput)
    assert send(db, 1, "ord_1", key="x" * 200) is None
