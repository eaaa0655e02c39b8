"""Whether a database is up to date. Asked often, and by commands that should start quickly: without Alembic."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from sqlalchemy import Connection, inspect, text


def is_current(connection: Connection) -> bool:
    """Whether every migration has been applied."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    return list(connection.execute(text("SELECT version_num FROM alembic_version")).scalars()) == [head()]


@cache
def head() -> str:
    """The newest revision: files are named by their revision, which is a number that rises."""
    names = [file.name for file in files("migrations").joinpath("versions").iterdir()]
    return max(name.partition("_")[0] for name in names if name[:1].isdigit())
