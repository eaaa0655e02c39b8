"""A real server in a thread, and where Debian keeps its Chromium."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from tests.support.console import ConsoleShop
from tests.support.shop import PlayShop

CHROMIUM = "/usr/bin/chromium"


@dataclass
class Served:
    """A shop's console, served at an address. Each test adds what it needs by the verbs."""

    console: ConsoleShop
    base: str

    @property
    def play(self) -> PlayShop:
        return self.console.play


@contextmanager
def serve(app: ASGIApp) -> Iterator[str]:
    """Serves an application on a port of its own; gives its address."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
