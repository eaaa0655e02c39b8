"""Goods for tests that begin below checkout."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import Engine, event, select

from catalog.columns import variants_t
from catalog.plan_special_price import PlanSpecialPrice, plan_special_price
from catalog.queries import product_by_slug, variants_of_products
from catalog.save_exchange_offer import SaveExchangeOffer, save_exchange_offer
from catalog.save_product import SaveProduct, SaveVariant, save_product
from kernel.database import Database
from kernel.refusals import Refused
from tests.support.members import NOON, PROGRAM

DAY = timedelta(days=1)


def variant(sku: str, price: str = "100.00", **more: Any) -> SaveVariant:
    return SaveVariant(sku=sku, regular_price=Decimal(price), **more)


def stock_goods(db: Database, sku: str, price: str = "100.00", on_hand: int = 10, now: Any = NOON, **more: Any) -> str:
    """A product, of one variant where nothing else is said. Returns the id of the variant of this SKU."""
    command = SaveProduct(
        **{"slug": sku.lower(), "name": sku, "variants": (variant(sku, price, on_hand=on_hand),), **more}
    )
    with db.write() as tx:
        save_product(tx, command, now=now, program=PROGRAM)
    return variant_id(db, sku)


def variant_id(db: Database, sku: str) -> str:
    """The id of the variant of this SKU; empty where there is none."""
    with db.read() as conn:
        return conn.execute(select(variants_t.c.id).where(variants_t.c.sku == sku)).scalar() or ""


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The statements that are run in the block."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def put_on_sale(db: Database, sku: str, price: str, now: Any = NOON, **more: Any) -> str:
    with db.write() as tx:
        return plan_special_price(tx, PlanSpecialPrice(sku, Decimal(price), **more), now=now, program=PROGRAM)


def offer(db: Database, sku: str, cash: str = "70.00", points: int = 1500, now: Any = NOON, **more: Any) -> str:
    with db.write() as tx:
        return save_exchange_offer(tx, SaveExchangeOffer(sku, Decimal(cash), points, **more), now=now, program=PROGRAM)


def product_and_variants(db: Database, slug: str, at: Any = NOON) -> tuple[Any, dict[str, Any]]:
    """A product, and its variants by SKU."""
    with db.read() as conn:
        product = product_by_slug(conn, slug, None)
        assert product is not None
        variants = variants_of_products(conn, [product.id], at, active_only=False)[product.id]
    return product, {variant.sku: variant for variant in variants}


def refused(act: Any, *arguments: Any, **named: Any) -> dict[str, str]:
    """Why something was refused: the reason, or the class of refusal, by the path in the input."""
    with pytest.raises(Refused) as caught:
        act(*arguments, **named)
    return {
        ".".join(refusal.path): getattr(refusal, "reason", type(refusal).__name__) for refusal in caught.value.refusals
    }


def picture(color: str = "red", size: tuple[int, int] = (40, 30), format: str = "PNG", **more: Any) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, color).save(buffer, format, **more)
    return buffer.getvalue()
