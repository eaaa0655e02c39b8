"""The membership program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from api.commands.base import COMMAND_LINE, fail, open_shop, read_instant, read_json


def program_show(
    version: Annotated[int | None, typer.Option(help="Its number; the one in force where none is named.")] = None,
) -> None:
    """Print a program version as JSON."""
    from sqlalchemy import select

    from program.versions import versions_t

    with open_shop() as shop, shop.db.read() as conn:
        programs = shop.shelf.programs(conn)
        now = shop.clock.now()
        number = version if version is not None else programs.at(now).version
        document = conn.execute(select(versions_t.c.document).where(versions_t.c.version == number)).scalar()
        numbers = ", ".join(str(v.version) for v in sorted(programs.versions, key=lambda v: v.version))
    if document is None:
        fail(f"There is no version {number}; there are {numbers}.")
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


def program_publish(
    file: Annotated[Path, typer.Argument(help="A program document (JSON).", exists=True, dir_okay=False)],
    effective_at: Annotated[
        str | None, typer.Option(help="From when on, like 2026-01-01T00:00:00+08:00. Absent: now.")
    ] = None,
) -> None:
    """Publish a program version."""
    document = read_json(file)
    start = None if effective_at is None else read_instant(effective_at, "--effective-at")
    from checkout.publish_program import publish_program

    with open_shop() as shop:
        number = publish_program(shop, document, start, COMMAND_LINE)
    typer.echo(f"Published as version {number}.")
