"""Members in bulk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.base import open_shop, progress


def members_export(
    file: Annotated[Path, typer.Argument(help="The CSV file to write.", dir_okay=False)],
) -> None:
    """Write every member with tier, spend and points to a CSV file."""
    from api.members_export import export_members

    with open_shop() as shop, progress("Members") as advance:
        count = export_members(shop, file, advance)
    typer.echo(f"{count} members written to {file}.")
