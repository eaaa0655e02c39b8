"""A small HTTP server on loopback, in threads: JSON in, JSON out."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


Answer = tuple[int, Any]


def make_server(answer: Callable[[Asked], Answer | None], port: int = 0) -> ThreadingHTTPServer:
    """`answer` gives status and JSON; None closes the connection without a word."""

    class Handler(BaseHTTPRequestHandler):
        disable_nagle_algorithm = True
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            try:
                body = json.loads(raw) if raw else None
            except ValueError:
                body = None
            told = answer(Asked(self.command, parts.path, dict(parse_qsl(parts.query)), dict(self.headers), body))
            if told is None:
                self.close_connection = True
                return
            status, value = told
            text = json.dumps(value, ensure_ascii=False).encode()
            self.send_response(status)
            # As WeChat does: JSON by another name.
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = handle_any  # noqa: N815 - the library's names

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def url_of(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


@contextmanager
def running(answer: Callable[[Asked], Answer | None]) -> Iterator[str]:
    """The server's address, while the block runs."""
    server = make_server(answer)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield url_of(server)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def serve(answer: Callable[[Asked], Answer | None], port: int) -> None:
    """Until it is interrupted; the first line printed says where."""
    server = make_server(answer, port)
    sys.stdout.write(f"{url_of(server)}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
