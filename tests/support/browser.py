"""A real server in a thread, and Debian's Chromium."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, Playwright
from starlette.types import ASGIApp

from tests.support.console import ConsoleShop
from tests.support.shop import PlayShop

# The one without windows takes half the time for a page.
CHROMIUMS = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")

# A page takes the place of the one before it, in the same process, and nothing is kept for the way back.
FRUGAL = (
    "--disable-gpu",
    "--in-process-gpu",
    "--renderer-process-limit=1",
    "--disable-features=BackForwardCache,ProactivelySwapBrowsingInstance,RenderDocument",
)


def chromium() -> str | None:
    """Where it is, if it is there."""
    return next((path for path in CHROMIUMS if Path(path).exists()), None)


def open_chromium(playwright: Playwright, executable: str) -> Browser:
    return playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", *FRUGAL])


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
