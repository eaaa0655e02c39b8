"""Special prices of all goods by their windows: what is planned, in force, or over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from catalog.columns import special_columns, specials_t, variants_t
from catalog.records import SpecialRecord
from kernel.paging import Page, Sort, Window, keyset, take_page

_s = specials_t.c


class SaleState(StrEnum):
    """COMING: in force or planned; the rest say it themselves."""

    COMING = "COMING"
    NOW = "NOW"
    AHEAD = "AHEAD"
    OVER = "OVER"


@dataclass(frozen=True, slots=True)
class SaleFilter:
    state: SaleState = SaleState.COMING
    sku: str | None = None


def sale_page(conn: Connection, window: Window, *, at: datetime, filter: SaleFilter) -> Page[SpecialRecord]:
    """The first to start first; of what is over, the last to start. The key is `(starts_at, id)`."""
    over = filter.state is SaleState.OVER
    statement = _narrowed(select(*special_columns(specials_t)), filter, at)
    sort: Sort = [(_s.starts_at, over), (_s.id, over)]
    rows: Sequence[Any] = conn.execute(keyset(statement, window, sort)).all()
    return take_page([SpecialRecord(*row) for row in rows], window)


def sale_count(conn: Connection, *, at: datetime, filter: SaleFilter) -> int:
    return conn.execute(_narrowed(select(func.count(_s.id)), filter, at)).scalar_one()


WindowKey = tuple[str, datetime, datetime | None]
"""Class, start and end: special prices that have them in common were planned together, or might have been."""


def window_of(special: SpecialRecord) -> WindowKey:
    return special.price_class, special.starts_at, special.ends_at


def window_counts(conn: Connection, specials: Sequence[SpecialRecord]) -> dict[WindowKey, int]:
    """How many special prices of all goods have the windows of these."""
    starts = {special.starts_at for special in specials}
    rows: Sequence[Any] = conn.execute(
        select(_s.price_class, _s.starts_at, _s.ends_at, func.count(_s.id))
        .where(_s.starts_at.in_(starts))
        .group_by(_s.price_class, _s.starts_at, _s.ends_at)
    ).all()
    return {tuple(window): count for *window, count in rows}


def ids_of_window(conn: Connection, special: SpecialRecord) -> list[str]:
    """All special prices with the window of this one, of whatever goods."""
    c, (price_class, starts_at, ends_at) = _s, window_of(special)
    same_end = c.ends_at.is_(None) if ends_at is None else c.ends_at == ends_at
    found = select(c.id).where(c.price_class == price_class, c.starts_at == starts_at, same_end).order_by(c.id)
    return list(conn.execute(found).scalars())


def _narrowed(statement: Any, filter: SaleFilter, at: datetime) -> Any:  # noqa: ANN401 - a statement
    statement = statement.where(*_holds(filter.state, at))
    if filter.sku is not None:
        of_sku = select(variants_t.c.id).where(variants_t.c.sku == filter.sku.strip()).scalar_subquery()
        statement = statement.where(_s.variant_id == of_sku)
    return statement


def _holds(state: SaleState, at: datetime) -> list[ColumnElement[bool]]:
    lasts = or_(_s.ends_at.is_(None), _s.ends_at > at)
    return {
        SaleState.COMING: [lasts],
        SaleState.NOW: [lasts, _s.starts_at <= at],
        SaleState.AHEAD: [_s.starts_at > at],
        SaleState.OVER: [_s.ends_at <= at],
    }[state]
