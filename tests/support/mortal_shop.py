"""A shop whose server may die: its clients come back and ask again, as clients do."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TypeVar

import httpx2

from kernel.database import Database
from tests.support.killable import ROOT
from tests.support.talk import Talk

Answer = TypeVar("Answer")

PATIENCE = 20.0
# The next server's outbox: what the last one had taken is free again, and pauses pass quickly. None lives so long that
# it gets further ahead than the next one begins.
AHEAD_SECONDS, PACE = 3600.0, 60.0
# So that it is the first server that comes to what is tried again soon, before anybody looks after a minute.
FIRST_PACE = 5.0


class Starter:
    """The program that forks servers; one for all tests."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.support.killable"]
        self._program = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._line() == "ready"

    def start(self, **order: object) -> int:
        """Its process id."""
        assert self._program.stdin
        self._program.stdin.write(json.dumps(order) + "\n")
        self._program.stdin.flush()
        return int(self._line())

    def close(self) -> None:
        self._program.communicate(timeout=10)

    def _line(self) -> str:
        assert self._program.stdout
        return self._program.stdout.readline().strip()


class MortalShop:
    """Its servers die at the steps they are told to, each at one, and another one is started each time."""

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
        self._pid = 0
        self._die_at: set[str] = set()
        self.killed: list[str] = []
        self.db = Database(environment["JIFEN_DATABASE_URL"])
        self.talk = make_talk(f"http://127.0.0.1:{port}")

    def open(self, die_at: Collection[str]) -> None:
        self._die_at = set(die_at)
        self._start()

    def close(self) -> None:
        self.talk.close()
        self.db.close()
        if self._pid and _lives(self._pid):
            os.kill(self._pid, signal.SIGKILL)

    @property
    def steps(self) -> list[str]:
        """What its servers came to, in order; where one died, that is there."""
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
            if not _lives(self._pid):
                self._come_back()
            time.sleep(0.004)
        return found

    def _come_back(self) -> None:
        """The next server, where there is none any more."""
        end = time.monotonic() + PATIENCE
        while _lives(self._pid):
            if self._answers():
                return
            assert time.monotonic() < end, f"it lives, and does not answer: {self.log}"
            time.sleep(0.002)
        last = self.steps[-1]
        assert last in self._die_at, f"it died by itself: {self.log}"
        self._die_at.remove(last)
        self.killed.append(last)
        self._start()

    def _start(self) -> None:
        deaths = len(self.killed)
        self._pid = self._starter.start(
            environment=self._environment,
            folder=str(self._folder),
            port=self._port,
            log=str(self._log),
            steps=str(self._steps),
            die_at=sorted(self._die_at),
            ahead=deaths * AHEAD_SECONDS,
            pace=PACE if deaths else FIRST_PACE,
        )
        end = time.monotonic() + PATIENCE
        while not self._answers():
            if not _lives(self._pid):
                # At its first message it may have come to its step already.
                return
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
