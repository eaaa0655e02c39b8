"""Reads the form that opens a return: units by the rows of the order's page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from starlette.datastructures import FormData

from checkout.returns.eligibility import ReturnLine
from checkout.tables import ReturnKind
from console.forms import Given, whole_of
from console.order_view import OrderView
from kernel.refusals import Refusal, Refusals, Refused
from kernel.texts import MAX_TEXT, read_text


def row_fields(view: OrderView) -> list[str]:
    """The names of the fields for units, one for each row."""
    return [f"lines.{i}.quantity" for i in range(len(view.lines))]


@dataclass(frozen=True)
class AskedBack:
    """`rows` says which row of the form each line is from: rows without units are no lines."""

    kind: str
    reason: str
    lines: tuple[ReturnLine, ...]
    rows: tuple[int, ...]


def read_kind(given: Given) -> str:
    return given["kind"] if given["kind"] in ReturnKind.__members__ else ReturnKind.REFUND.value


def read_asked(form: FormData, view: OrderView, refusals: Refusals) -> AskedBack:
    """What the form asks for. A number that is none, and a missing reason, are noted."""
    given = Given.of(form)
    lines: list[ReturnLine] = []
    rows: list[int] = []
    for i, (name, line) in enumerate(zip(row_fields(view), view.lines, strict=True)):
        quantity = whole_of(form, name, refusals, ("lines", str(i), "quantity"))
        if quantity:
            lines.append(ReturnLine(line.record.id, quantity))
            rows.append(i)
    reason = read_text(refusals, ("reason",), given["reason"], most=MAX_TEXT, needed=True)
    return AskedBack(read_kind(given), reason, tuple(lines), tuple(rows))


@contextmanager
def all_at_once(asked: AskedBack, refusals: Refusals) -> Iterator[None]:
    """Whatever else stands in the way is told with what was noted before; by the form's rows instead of places."""
    try:
        yield
    except Refused as refused:
        refusals.extend([_by_row(refusal, asked.rows) for refusal in refused.refusals])
    refusals.raise_any()


def _by_row(refusal: Refusal, rows: tuple[int, ...]) -> Refusal:
    path = refusal.path
    if len(path) > 1 and path[0] == "lines" and path[1].isdecimal():
        # Whatever is wrong with a row is told beside its one field.
        return replace(refusal, path=("lines", str(rows[int(path[1])]), "quantity"))
    return refusal
