"""Both schemas as text: what the files in the repository and `jifen export-schema` say."""

from __future__ import annotations

from pathlib import Path

from schema.admin import schema as admin
from schema.shop import schema as shop

FOLDER = Path(__file__).parent


def print_shop() -> str:
    return shop.build().as_str().rstrip() + "\n"


def print_admin() -> str:
    return admin.build().as_str().rstrip() + "\n"


def write_files() -> None:
    """Writes `shop.graphql` and `admin.graphql` beside this module."""
    (FOLDER / "shop.graphql").write_text(print_shop())
    (FOLDER / "admin.graphql").write_text(print_admin())


if __name__ == "__main__":
    write_files()
