"""A shop whose server may die: its clients come back and ask again, as clients do."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import httpx2

from kernel.database import Database
from tests.support.killable import ROOT
from tests.support.talk import Talk

Answer = TypeVar("Answer")

PATIENCE = 20.0
# The next server's outbox: what the last one had taken is free again, and pauses pass quickly.
AHEAD_SECONDS, PACE = 300.0, 60.0


class Starter:
    """The program that forks servers; one for all tests."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.support.killable"]
        self._program = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._line() == "ready"

    def start(self, **order: object) -> int:
        assert self._program.stdin
        self._program.stdin.write(json.dumps(order) + "\n")
        self._program.stdin.flush()
        return int(self._line())

    def _line(self) -> str:
        assert self._program.stdout
        return self._program.stdout.readline().strip()

    def close(self) -> None:
        self._program.communicate(timeout=10)


class MortalShop:
    """Its first server dies at a step; those after it live. `talk` is made once the first one is there."""

    def __init__(
        self,
        starter: Starter,
        environment: dict[str, str],
        folder: Path,
        port: int,
        make_talk: Callable[[str], Talk],
    ) -> None:
        self._starter, self._environment, self._folder, self._port = starter, environment, folder, port
        self._log, self._steps = folder / "log", folder / "steps"
        self._pid: int | None = None
        self._mortal, self.died = True, False
        self.url = f"http://127.0.0.1:{port}"
        self.db = Database(environment["JIFEN_DATABASE_URL"])
        self.talk = make_talk(self.url)

    def open(self, die_at: str | None) -> None:
        self._die_at = die_at
        self._start(die_at, ahead=0.0, pace=1.0)
        self._wait_until_up()

    def close(self) -> None:
        self.talk.close()
        self.db.close()
        if self._pid is not None and _lives(self._pid):
            os.kill(self._pid, signal.SIGKILL)

    @property
    def steps(self) -> list[str]:
        """What the first server came to, in order; where it died, that is the last."""
        return self._steps.read_text().splitlines()

    @property
    def log(self) -> str:
        return self._log.read_text()

    def persist(self, deed: Callable[[], Answer]) -> Answer:
        """Does something until a server has answered."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return deed()
            except httpx2.TransportError:
                assert time.monotonic() < end, f"no answer: {self.log}"
                self._come_back()

    def wait(self, ready: Callable[[], Answer | None]) -> Answer:
        """Looks until something is there. Looks past the server, so that looking is not one of its steps."""
        end = time.monotonic() + PATIENCE
        while (found := ready()) is None:
            assert time.monotonic() < end, f"it never happens: {self.log}"
            assert self._pid is not None
            if not _lives(self._pid):
                self._come_back()
            time.sleep(0.004)
        return found

    def _come_back(self) -> None:
        """The next server, where there is none any more."""
        assert self._pid is not None
        end = time.monotonic() + PATIENCE
        while _lives(self._pid):
            if self._answers():
                return
            assert time.monotonic() < end, f"it lives, and does not answer: {self.log}"
            time.sleep(0.002)
        assert self._mortal, f"it died by itself: {self.log}"
        assert self.steps[-1:] == [self._die_at], f"it died by itself: {self.log}"
        self.died, self._mortal = True, False
        self._start(None, ahead=AHEAD_SECONDS, pace=PACE)
        self._wait_until_up()

    def _start(self, die_at: str | None, *, ahead: float, pace: float) -> None:
        self._pid = self._starter.start(
            environment=self._environment,
            folder=str(self._folder),
            port=self._port,
            log=str(self._log),
            steps=str(self._steps if self._mortal else os.devnull),
            die_at=die_at,
            ahead=ahead,
            pace=pace,
        )

    def _wait_until_up(self) -> None:
        end = time.monotonic() + PATIENCE
        while not self._answers():
            assert self._pid is not None
            assert _lives(self._pid), f"it does not start: {self.log}"
            assert time.monotonic() < end, f"it does not come up: {self.log}"
            time.sleep(0.004)

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
