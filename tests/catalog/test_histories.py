"""The histories of stock and prices: what was changed, when, by whom; nothing is ever taken out of them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from catalog.adjust_stock import AdjustStock, adjust_stock
from catalog.end_special_price import end_special_price
from catalog.movements import movement_page
from catalog.plan_special_price import PlanSpecialPrice, plan_special_price
from catalog.prices import price_change_page
from catalog.queries import product_by_slug, specials_of_variants
from catalog.save_product import By, SaveProduct, save_product
from kernel.paging import Window
from tests.support.catalog import DAY, stock_goods, variant, variant_id
from tests.support.members import NOON, PROGRAM


def movements(db, sku):
    """First to last."""
    with db.read() as conn:
        return movement_page(conn, Window(size=100), sku).items[::-1]


def prices(db, sku):
    with db.read() as conn:
        return price_change_page(conn, Window(size=100), sku).items[::-1]


MIA = By("mia@shop.test")


def save(db, *variants, now=NOON + DAY, by=MIA):
    with db.write() as tx:
        there = product_by_slug(tx, "coat", None)
        command = SaveProduct(id=there.id, slug="coat", name="Coat", variants=variants)
        save_product(tx, command, now=now, program=PROGRAM, by=by)


def test_stock_that_is_typed_in_counted_or_imported_is_in_the_history(db):
    stock_goods(db, "COAT", on_hand=5)
    save(db, variant("COAT", on_hand=9))
    save(db, variant("COAT", "120.00"))
    save(db, variant("COAT", "120.00", on_hand=8), by=By("file", imported=True))
    with db.write() as tx:
        command = AdjustStock("COAT", -3, "  broken ", "k1")
        for _ in range(2):
            adjust_stock(tx, command, actor_id="stf_1", now=NOON + 2 * DAY, actor="mia@shop.test")
    told = [(m.kind, m.on_hand, m.on_hand_after, m.actor, m.reason) for m in movements(db, "COAT")]
    assert told == [
        ("ADJUSTED", 5, 5, None, None),
        ("ADJUSTED", 4, 9, "mia@shop.test", None),
        ("IMPORTED", -1, 8, "file", None),
        ("ADJUSTED", -3, 5, "mia@shop.test", "broken"),
    ]


def test_every_change_of_a_price_is_in_the_history(db):
    stock_goods(db, "COAT", "100.00")
    save(db, variant("COAT", "100.00"))
    save(db, variant("COAT", "120.00"))
    with db.write() as tx:
        for price, start, end in (("90.00", 2, 4), ("80.00", 6, None)):
            plan = PlanSpecialPrice(
                "COAT", Decimal(price), starts_at=NOON + start * DAY, ends_at=None if end is None else NOON + end * DAY
            )
            plan_special_price(tx, plan, now=NOON + DAY, program=PROGRAM, actor="mia@shop.test")
    id_ = variant_id(db, "COAT")
    with db.write() as tx:
        first, second = specials_of_variants(tx, [id_], NOON)[id_]
        end_special_price(tx, first.id, now=NOON + 3 * DAY, actor="mia@shop.test")
        end_special_price(tx, second.id, now=NOON + 3 * DAY, actor="mia@shop.test")
        # Over is over: nothing happens any more.
        end_special_price(tx, first.id, now=NOON + 5 * DAY)
    told = [(c.event, c.price_class, c.price_before, c.price, c.starts_at, c.ends_at) for c in prices(db, "COAT")]
    assert told == [
        ("REGULAR", "REGULAR", None, 10000, None, None),
        ("REGULAR", "REGULAR", 10000, 12000, None, None),
        ("PLANNED", "SALE", None, 9000, NOON + 2 * DAY, NOON + 4 * DAY),
        ("PLANNED", "SALE", None, 8000, NOON + 6 * DAY, None),
        ("ENDED", "SALE", None, 9000, NOON + 2 * DAY, NOON + 3 * DAY),
        ("WITHDRAWN", "SALE", None, 8000, NOON + 6 * DAY, None),
    ]
    assert {c.actor for c in prices(db, "COAT")[1:]} == {"mia@shop.test"}


@pytest.mark.parametrize("table", ["stock_movement", "price_change"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET actor = 'x'", "DELETE FROM {}"])
def test_the_database_itself_keeps_the_histories_as_they_are(db, table, deed):
    stock_goods(db, "COAT")
    with pytest.raises(DatabaseError, match="never changed or removed"), db.write() as tx:
        tx.execute(text(deed.format(table)))
    assert (len(movements(db, "COAT")), len(prices(db, "COAT"))) == (1, 1)
