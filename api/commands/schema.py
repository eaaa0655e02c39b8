"""The schemas of both APIs, as text."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Api(StrEnum):
    SHOP = "shop"
    ADMIN = "admin"


def export_schema(api: Annotated[Api, typer.Argument(help="Which of the two APIs.")]) -> None:
    """Print the schema of an API. Needs no database and no settings."""
    from schema.export import print_admin, print_shop

    typer.echo(print_shop() if api is Api.SHOP else print_admin(), nl=False)
