"""A bucket on loopback: as much of S3 as pictures need, by path, over plain HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Bucket:
    """`objects` by their path, each with its headers and bytes. `down`: every request fails."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[dict[str, str], bytes]] = {}
        self.requests: list[tuple[str, str]] = []
        self.down = False
        self.address = ""


@contextmanager
def bucket() -> Iterator[Bucket]:
    """Serves one until the block ends."""
    held = Bucket()

    class Handler(BaseHTTPRequestHandler):
        disable_nagle_algorithm = True
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            held.requests.append((self.command, self.headers.get("Authorization", "")))
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = self.path.partition("?")[0]
            if held.down:
                self.send(503)
            elif self.command == "PUT":
                kept = {name: self.headers[name] for name in ("Content-Type", "Cache-Control") if self.headers[name]}
                held.objects[path] = (kept, body)
                self.send(200)
            elif self.command == "POST" and self.path.endswith("?delete"):
                keys = re.findall(b"<Key>(.*?)</Key>", body)
                for key in keys:
                    held.objects.pop(f"{path}/{key.decode()}", None)
                gone = b"".join(b"<Deleted><Key>%s</Key></Deleted>" % key for key in keys)
                self.send(200, {"Content-Type": "application/xml"}, b"<DeleteResult>%s</DeleteResult>" % gone)
            elif path in held.objects:
                headers, data = held.objects[path]
                self.send(200, headers, data)
            else:
                self.send(404, {"Content-Type": "application/xml"}, b"<Error><Code>NoSuchKey</Code></Error>")

        do_GET = do_HEAD = do_PUT = do_POST = answer  # noqa: N815 - the server's own names

        def send(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
            self.send_response(status)
            for name, value in {
                "ETag": '"1"',
                "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT",
                **(headers or {}),
            }.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: tests print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    held.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield held
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
