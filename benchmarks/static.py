"""What Starlette itself can do: a fixed answer of 6 KB to a POST, served as `jifen serve` serves the shop."""

from __future__ import annotations

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

ANSWER = b'{"data":"' + b"x" * (6 * 1024 - 11) + b'"}'


async def answer(request: Request) -> Response:
    await request.body()
    return Response(ANSWER, media_type="application/json")


app = Starlette(routes=[Route("/graphql", answer, methods=["POST"])])


def main() -> None:
    # The settings of `jifen serve`.
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(sys.argv[sys.argv.index("--port") + 1]),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main()
