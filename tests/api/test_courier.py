"""What waits in the outbox goes out by itself, within a second or two, while the server runs."""

from __future__ import annotations

import threading
import time

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.courier import Courier
from api.settings import read_settings
from kernel.clock import SystemClock
from kernel.outbox import enqueue

REQUEST = 'mutation { requestSignInCode(input: {phone: "13800138000"}) { sent errors { path } } }'
SIGN_IN = """mutation($code: String!) { signIn(input: {phone: "13800138000", code: $code}) {
  session { accessToken } errors { path } } }"""


@pytest.mark.parametrize("test_clock", ["", "2026-01-01T09:00:00+08:00"], ids=["in real time", "under a test clock"])
def test_in_development_a_code_is_in_the_log_at_once_and_opens_the_door(
    database_url, monkeypatch, tmp_path, test_clock
):
    heard = threading.Event()
    codes = []

    def send_code(_self, phone, code, *, locale, key):
        codes.append(code)
        heard.set()

    monkeypatch.setattr("members.sms.LogSender.send_code", send_code)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JIFEN_DATABASE_URL", database_url)
    monkeypatch.setenv("JIFEN_TEST_CLOCK", test_clock)
    with TestClient(create_app(read_settings())) as client:
        _open_program(client.app.state.services)
        began = time.monotonic()
        assert client.post("/graphql", json={"query": REQUEST}).json()["data"]["requestSignInCode"]["sent"]
        assert heard.wait(timeout=10)
        assert time.monotonic() - began < 5
        answer = client.post("/graphql", json={"query": SIGN_IN, "variables": {"code": codes[0]}}).json()
        assert answer["data"]["signIn"]["session"]


def _open_program(services):
    from program.versions import publish_reference

    with services.db.write() as tx:
        publish_reference(tx, services.clock.now())


def test_the_courier_goes_on_after_a_bad_moment_and_stops_when_it_is_told(db):
    sent = threading.Event()

    def handle(message):
        sent.set()

    class Shaky:
        """A database that is away the first time."""

        calls = 0

        def write(self):
            self.calls += 1
            if self.calls == 1:
                raise ConnectionError("away")
            return db.write()

    with db.write() as tx:
        enqueue(tx, "test", "1", {}, subject_id="x", now=SystemClock().now())
    courier = Courier(Shaky(), {"test": handle}, every_seconds=0.01)
    courier.start()
    assert sent.wait(timeout=5)
    courier.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "courier"]
