"""The load generator, a process of its own: a number of connections that each send the next request when the last
has been answered. Bytes in, bytes out, so that it is never the slowest part.

Reads a job from standard input and writes what it measured to standard output, both JSON.
"""

from __future__ import annotations

import json
import selectors
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from benchmarks.operations import COUNTED

# Answers with errors. A mutation without any says "errors":[], a query says nothing.
_ERRORS = b'"errors":[{'
_SAMPLES = 20
_SILENCE_SECONDS = 20.0
_BETWEEN_CLIENTS_SECONDS = 0.002


@dataclass(frozen=True, slots=True)
class Load:
    """What one run measured. `samples` are some of the answers' bodies, spread over the run."""

    answers: int
    errors: int
    seconds: float
    median_ms: float
    slow_ms: float
    samples: list[str]

    @property
    def per_second(self) -> float:
        return self.answers / self.seconds


def run_load(port: int, requests: list[str], *, clients: int, seconds: float, count_from: int = 0) -> Load:
    """Runs the generator against a server on this machine. `count_from`: where counted keys begin."""
    job = {"port": port, "requests": requests, "clients": clients, "seconds": seconds, "count_from": count_from}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.client"],
        input=json.dumps(job).encode(),
        stdout=subprocess.PIPE,
        check=True,
        timeout=seconds + 60,
    )
    return Load(**json.loads(done.stdout))


@dataclass(slots=True)
class _Client:
    socket: socket.socket
    sent_at: float = 0.0
    buffer: bytearray = field(default_factory=bytearray)
    wanted: int | None = None


class _Generator:
    def __init__(self, job: dict[str, Any]) -> None:
        self._requests = [text.encode() for text in job["requests"]]
        self._counts = any(COUNTED.encode() in request for request in self._requests[:1])
        self._next = 0
        self._number = int(job["count_from"])
        self._took: list[float] = []
        self._errors = 0
        self._samples: list[bytes] = []
        self._job = job

    def run(self) -> dict[str, Any]:
        selector = selectors.DefaultSelector()
        for _ in range(self._job["clients"]):
            connection = socket.create_connection(("127.0.0.1", self._job["port"]))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client = _Client(connection)
            selector.register(connection, selectors.EVENT_READ, client)
            self._send(client)
            # Several workers share the port; the one that is idle takes the next connection.
            time.sleep(_BETWEEN_CLIENTS_SECONDS)
        start = now = time.perf_counter()
        end = start + self._job["seconds"]
        while now < end:
            ready = selector.select(_SILENCE_SECONDS)
            if not ready:
                raise TimeoutError("the server has stopped answering")
            for key, _ in ready:
                self._receive(key.data)
            now = time.perf_counter()
        for key in list(selector.get_map().values()):
            key.data.socket.close()
        return self._measured(now - start)

    def _send(self, client: _Client) -> None:
        request = self._requests[self._next % len(self._requests)]
        self._next += 1
        if self._counts:
            self._number += 1
            request = request.replace(COUNTED.encode(), b"%0*d" % (len(COUNTED), self._number))
        client.sent_at = time.perf_counter()
        client.socket.sendall(request)

    def _receive(self, client: _Client) -> None:
        data = client.socket.recv(262_144)
        if not data:
            raise ConnectionError("the server has closed a connection")
        buffer = client.buffer
        buffer += data
        if client.wanted is None:
            client.wanted = _length(buffer)
        if client.wanted is None or len(buffer) < client.wanted:
            return
        self._note(client)
        client.buffer = bytearray()
        client.wanted = None
        self._send(client)

    def _note(self, client: _Client) -> None:
        self._took.append(time.perf_counter() - client.sent_at)
        wrong = not client.buffer.startswith(b"HTTP/1.1 200") or _ERRORS in client.buffer
        self._errors += wrong
        if wrong or len(self._took) % 97 == 1:
            self._samples.append(bytes(client.buffer).partition(b"\r\n\r\n")[2])

    def _measured(self, seconds: float) -> dict[str, Any]:
        took = sorted(self._took) or [0.0]
        step = max(1, len(self._samples) // _SAMPLES)
        return {
            "answers": len(self._took),
            "errors": self._errors,
            "seconds": seconds,
            "median_ms": 1000 * took[len(took) // 2],
            "slow_ms": 1000 * took[len(took) * 99 // 100],
            "samples": [sample.decode() for sample in self._samples[::step][:_SAMPLES]],
        }


def _length(buffer: bytearray) -> int | None:
    """How many bytes the whole answer has; None until its headers are there."""
    head = buffer.find(b"\r\n\r\n")
    if head < 0:
        return None
    headers = bytes(buffer[:head]).lower()
    at = headers.index(b"content-length:") + len(b"content-length:")
    return head + 4 + int(headers[at:].partition(b"\r\n")[0])


if __name__ == "__main__":
    json.dump(_Generator(json.load(sys.stdin)).run(), sys.stdout)
