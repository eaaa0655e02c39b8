"""What the payment provider says, beside what we say."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from api.commands.base import open_shop, settings_now

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from checkout.payments.reconcile import Difference

NOT_COMPARED = 2
"""The exit code where nothing was compared; 1 means that something differs."""


def reconcile(
    since: Annotated[
        str, typer.Option(help="From when on: a date, or an instant. Without an offset, the program's local time.")
    ],
) -> None:
    """Compare orders, payments and refunds with what the payment provider says (exit code 1 if anything differs)."""
    settings = settings_now()
    start = _read_start(since)
    from checkout.payments.gateway import ProviderError
    from checkout.payments.reconcile import reconcile as compare
    from schema.messages import PROBLEMS, say

    with open_shop(settings) as shop:
        if shop.gateway is None:
            _not_compared("This shop takes no payments online: JIFEN_STRIPE_API_KEY is not set.")
        try:
            with shop.db.read() as conn:
                zone = shop.shelf.programs(conn).at(shop.clock.now()).program.zone
                found = list(compare(conn, shop.gateway, _in_zone(start, zone)))
        except ProviderError as error:
            _not_compared(say(PROBLEMS, error.problem, "en"))
    if found:
        _show(found)
        raise typer.Exit(1)
    typer.echo("Nothing differs.")


def _read_start(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"“{text}” is not a date like 2026-01-31, nor an instant.") from None


def _in_zone(start: datetime, zone: ZoneInfo) -> datetime:
    return start if start.tzinfo is not None else start.replace(tzinfo=zone)


def _not_compared(sentence: str) -> NoReturn:
    typer.secho(sentence, err=True, fg="red" if sys.stderr.isatty() else None)
    raise typer.Exit(NOT_COMPARED)


def _show(found: Sequence[Difference]) -> None:
    rows = [("order", "what", "here", "there"), *((d.about, d.what, d.here, d.there) for d in found)]
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    for row in rows:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    typer.echo(f"{len(found)} difference{'' if len(found) == 1 else 's'}.")
