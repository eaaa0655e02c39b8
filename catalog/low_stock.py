"""What runs out: variants that are sold, with as many units available as their threshold, or fewer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from catalog.columns import (
    VARIANT_COLUMNS,
    is_published,
    products_t,
    special_columns,
    special_now_t,
    variant_record,
    variants_t,
    with_special,
)
from catalog.records import VariantRecord
from kernel.paging import Key, Page, Sort, Window, keyset, take_page

DEFAULT_THRESHOLD = 5
"""For variants that have no threshold of their own, unless another is asked for."""

_v = variants_t.c
_available = _v.on_hand - _v.reserved


def low_stock_page(
    conn: Connection, window: Window, *, at: datetime, threshold: int = DEFAULT_THRESHOLD
) -> Page[tuple[VariantRecord, Key]]:
    """Those with least left come first. Each with its key: `(available, id)`."""
    statement = (
        select(*VARIANT_COLUMNS, *special_columns(special_now_t), _available)
        .select_from(with_special(variants_t, at).join(products_t, products_t.c.id == _v.product_id))
        .where(*_low(at, threshold))
    )
    sort: Sort = [(_available, False), (_v.id, False)]
    rows: Sequence[Any] = conn.execute(keyset(statement, window, sort)).all()
    return take_page([(variant_record(row[:-1]), (row[-1], row[0])) for row in rows], window)


def low_stock_count(conn: Connection, *, at: datetime, threshold: int = DEFAULT_THRESHOLD) -> int:
    source = variants_t.join(products_t, products_t.c.id == _v.product_id)
    return conn.execute(select(func.count()).select_from(source).where(*_low(at, threshold))).scalar_one()


def _low(at: datetime, threshold: int) -> list[ColumnElement[bool]]:
    return [_v.active, is_published(at), _available <= func.coalesce(_v.low_stock_at, threshold)]
