"""The double as an ASGI application, and the server that can close a connection without an answer."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from tests.doubles.stripe.controls import controls
from tests.doubles.stripe.front import Front
from tests.doubles.stripe.keys import PUBLISHABLE_KEY, SECRET_KEY
from tests.doubles.stripe.state import State


class DroppingProtocol(H11Protocol):
    """Puts the connection into the scope, where the application can abort it."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(transport)


def make_app(secret_key: str = SECRET_KEY, publishable_key: str = PUBLISHABLE_KEY) -> Starlette:
    front = Front(State(), secret_key, publishable_key)
    workers: list[asyncio.Task[None]] = []

    def reset() -> None:
        front.state.end()
        for worker in workers:
            worker.cancel()
        front.state = State()
        workers[:] = [asyncio.create_task(front.state.post.work())]

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        reset()
        yield
        front.state.end()
        for worker in workers:
            worker.cancel()
            with suppress(asyncio.CancelledError):
                await worker

    stripe = Route("/{path:path}", front.__call__, methods=["GET", "POST", "DELETE"])
    return Starlette(routes=[*controls(front, reset), stripe], lifespan=lifespan)


def listen(port: int = 0) -> socket.socket:
    """Where the double is to be found. What it accepts sends small answers at once: asyncio sees to that only for
    sockets that it has made itself, and the client would wait for the rest of each for 40 ms.
    """
    listening = socket.create_server(("127.0.0.1", port))
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def make_server(app: Starlette) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        http=DroppingProtocol,
        ws="none",
        loop="asyncio",
        lifespan="on",
        access_log=False,
        log_config=None,
        # A client that keeps its connection for long must not find it closed.
        timeout_keep_alive=300,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)
