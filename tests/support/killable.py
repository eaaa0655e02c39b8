"""Starts real servers that die at a step: `python -m tests.support.killable`, told what to do by JSON lines.

Everything is loaded once, and each server is a fork that then runs `jifen serve`. A step is what stands between two
moments that a crash can tell apart: before and after each commit that has changed something, before and after each
request to the payment provider. At its step the process sends itself SIGKILL. The shop's own code knows nothing of it.
"""

from __future__ import annotations

import gc
import inspect
import json
import os
import re
import signal
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import typer.main
from psycopg.pq import TransactionStatus
from requests.adapters import HTTPAdapter
from sqlalchemy.engine.default import DefaultDialect

ROOT = Path(__file__).parents[2]
TICK_SECONDS = 0.04

# What a server and its libraries import only when they need it first.
NEEDED_LATE = (
    "anyio._backends._asyncio",
    "api.commands.serve",
    "api.demo.sign_ins",
    "migrations.current",
    "stripe._charge",
    "stripe._event",
    "stripe._payment_intent",
    "stripe._refund",
    "stripe._stripe_client",
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
)

_AN_ID = re.compile(r"/(pi|re)_\w+")


def kind_of(step: str) -> str:
    """A step without its number."""
    return step.rpartition(" #")[0]


class Steps:
    """Tells each step by what it is and the how-manieth of its kind, writes it down, and dies at some of them.

    The servers that follow each other in one shop count on in the same file.
    """

    def __init__(self, die_at: Collection[str], file: str) -> None:
        self._die_at = frozenset(die_at)
        self._file = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._count = Counter(kind_of(step) for step in Path(file).read_text().splitlines())
        self._lock = threading.Lock()

    def reached(self, what: str) -> None:
        with self._lock:
            kind = f"{what} in {_where()}"
            self._count[kind] += 1
            step = f"{kind} #{self._count[kind]}"
            os.write(self._file, f"{step}\n".encode())
            if step in self._die_at:
                os.kill(os.getpid(), signal.SIGKILL)

    def watch_commits(self) -> None:
        dialects: Any = DefaultDialect
        commit, rollback = dialects.do_commit, dialects.do_rollback

        def do_commit(dialect: Any, connection: Any) -> None:
            changed = _has_changed(dialect.name, connection)
            if changed:
                self.reached("before a commit")
            commit(dialect, connection)
            if changed:
                self.reached("after a commit")

        def do_rollback(dialect: Any, connection: Any) -> None:
            rollback(dialect, connection)
            _has_changed(dialect.name, connection)

        dialects.do_commit, dialects.do_rollback = do_commit, do_rollback

    def watch_requests(self) -> None:
        adapters: Any = HTTPAdapter
        send = adapters.send

        def sending(adapter: Any, request: Any, **how: Any) -> Any:
            what = f"{request.method} {_AN_ID.sub('/…', request.path_url.partition('?')[0])}"
            self.reached(f"before {what}")
            answer = send(adapter, request, **how)
            self.reached(f"after {what}")
            return answer

        adapters.send = sending


def _has_changed(dialect: str, connection: Any) -> bool:
    """Whether this transaction has changed a row. PostgreSQL numbers only those that have."""
    try:
        info = connection.info
    except NotImplementedError:
        # SQLAlchemy looks at a new connection before it is one of the pool's.
        return False
    driver: Any = connection.driver_connection
    if dialect == "sqlite":
        before = info.get("changes", 0)
        info["changes"] = driver.total_changes
        return driver.total_changes > before
    if driver.closed or driver.autocommit or driver.info.transaction_status != TransactionStatus.INTRANS:
        return False
    return driver.execute("SELECT pg_current_xact_id_if_assigned()").fetchone()[0] is not None


def _where() -> str:
    """The shop's own function that was at work, and on what kind of message."""
    frame = inspect.currentframe()
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        inside = path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] not in ("tests", ".venv")
        if inside and path.name not in ("database.py", "stripe_gateway.py"):
            return f"{path.relative_to(ROOT).as_posix()}:{frame.f_code.co_name}{_message(frame.f_locals)}"
        frame = frame.f_back
    return "nowhere"


def _message(names: dict[str, Any]) -> str:
    """The kind of message that the outbox claims or notes."""
    kind = getattr(names.get("message") or names.get("row"), "kind", None)
    return f"({kind})" if isinstance(kind, str) else ""


def _hurry(ahead: float, pace: float) -> None:
    """The outbox of this server looks at a clock that is ahead, and faster: pauses end soon."""
    from api import courier

    begun = datetime.now(UTC)

    def machine_time() -> datetime:
        return begun + timedelta(seconds=ahead) + (datetime.now(UTC) - begun) * pace

    courier.machine_time = machine_time
    init: Any = courier.Courier.__init__
    init.__kwdefaults__["every_seconds"] = TICK_SECONDS


def _serve(order: dict[str, Any]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for descriptor in (1, 2):
        os.dup2(log, descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    steps = Steps(order["die_at"], order["steps"])
    steps.watch_commits()
    steps.watch_requests()
    _hurry(order["ahead"], order["pace"])
    sys.argv = ["jifen", "serve", "--port", str(order["port"])]
    from api.cli import main

    main()


def _load() -> None:
    """All that a server loads and works out at its start, without a thread and without a database."""
    for name in NEEDED_LATE:
        import_module(name)
    from api import cli
    from api.app import create_app
    from api.settings import Settings

    # Typer would put all commands together anew for each server.
    commands = typer.main.get_command(cli.app)
    typer.main.get_command = lambda _app: commands
    for url in ("sqlite:///nowhere.db", "postgresql://nobody@127.0.0.1:9/none"):
        create_app(Settings(database_url=url, secret_key="k" * 40), work=False)  # type: ignore[arg-type]


def _bury(_signal: int, _frame: object) -> None:
    """Nobody asks how a server ended: it is gone, or it is not."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main() -> None:
    _load()
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, _bury)
    assert threading.active_count() == 1, "a fork takes no threads along"
    _say("ready")
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                _serve(json.loads(line))
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                os._exit(1)
        _say(str(pid))


if __name__ == "__main__":
    main()
