"""The index of the search."""

from __future__ import annotations

import typer

from api.commands.base import open_shop, progress


def index() -> None:
    """Make the index of the search anew, from all products. Until it is done, a search finds less."""
    from catalog.finding.index import index_everything

    with open_shop() as shop, progress("Products") as advance:
        count = index_everything(shop.db, anew=True, progress=advance)
    typer.echo(f"{count} product{'' if count == 1 else 's'} indexed.")
