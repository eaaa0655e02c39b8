"""Starts the servers that are measured, each a process as a user would have it, and ends them by their id."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    process: subprocess.Popen[bytes]

    @property
    def memory_mb(self) -> float:
        """What the process keeps in memory now, in MB of 2^20 bytes."""
        return psutil.Process(self.process.pid).memory_info().rss / 2**20


def jifen(*arguments: str) -> list[str]:
    """A command of the project as it is installed beside this Python."""
    return [str(Path(sys.executable).with_name("jifen")), *arguments]


@contextmanager
def serving(command: Sequence[str], ready: str, env: Mapping[str, str], folder: Path) -> Iterator[Server]:
    """A server process on a port of its own, from when it answers on `ready` until the end of the block."""
    port = free_port()
    with tempfile.NamedTemporaryFile(prefix="jifen-bench-", suffix=".log") as output:
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            env={**os.environ, **env},
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        with ended(process):
            _wait(process, port, ready, Path(output.name))
            yield Server(port, process)


@contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Ends a process with the block, politely at first."""
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _wait(process: subprocess.Popen[bytes], port: int, ready: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", ready)
            # Any answer of the server's own will do; one that is not ready says so.
            if connection.getresponse().status < 500:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit(f"The server did not start:\n{log.read_text(errors='replace')}")
