"""A webhook target for tests of the double: takes what is posted, and answers as it is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Mailbox:
    """`letters` are (body, Stripe-Signature); `answers` are statuses for the next ones, 200 when they are used up."""

    def __init__(self) -> None:
        self.letters: list[tuple[bytes, str]] = []
        self.answers: list[int] = []
        self.url = ""

    def take(self, body: bytes, signature: str) -> int:
        self.letters.append((body, signature))
        return self.answers.pop(0) if self.answers else 200


@contextmanager
def open_mailbox() -> Iterator[Mailbox]:
    mailbox = Mailbox()

    class Slot(BaseHTTPRequestHandler):
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(mailbox.take(body, self.headers["Stripe-Signature"]))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Slot) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        mailbox.url = f"http://127.0.0.1:{server.server_address[1]}/webhooks/stripe"
        try:
            yield mailbox
        finally:
            server.shutdown()
            thread.join()
