"""The server as it is started for real: several processes, one database, a quick end."""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
JIFEN = [sys.executable, "-c", "from api.cli import main; main()"]


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _get(url, patience=0.0):
    end = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
                return json.load(answer)
        except (OSError, urllib.error.URLError):
            if time.monotonic() >= end:
                raise
            time.sleep(0.1)


def test_several_processes_serve_one_shop_and_end_at_once_when_told(tmp_path):
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "JIFEN_SECRET_KEY": "k" * 32}
    subprocess.run([*JIFEN, "migrate"], cwd=tmp_path, env=environment, check=True, capture_output=True)
    port = _free_port()
    server = subprocess.Popen(
        [*JIFEN, "serve", "--port", str(port), "--workers", "2"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert _get(f"http://127.0.0.1:{port}/readyz", patience=60) == {"status": "ready"}
    finally:
        server.send_signal(signal.SIGTERM)
        asked = time.monotonic()
        out, _ = server.communicate(timeout=20)
    assert time.monotonic() - asked < 8
    assert f"http://127.0.0.1:{port}/graphql" in out
    assert "Traceback" not in out


@pytest.fixture
def databases(sqlite_databases):
    """One kind is enough here: nothing of this depends on it."""
    return sqlite_databases


@pytest.fixture
def tidying():
    """Whether Python tidies up by itself is as it was."""
    enabled = gc.isenabled()
    yield
    (gc.enable if enabled else gc.disable)()


def test_what_a_server_has_loaded_is_not_looked_through_for_what_nobody_uses(environment, tidying):
    from api.commands.serve import load_app

    environment.setattr("api.app.set_up_logging", lambda **_: None)
    kept = [[] for _ in range(5_000)]
    before = gc.get_freeze_count()
    app = load_app()
    app.state.services.db.close()
    assert gc.isenabled()
    assert gc.get_freeze_count() >= before + len(kept)


def test_a_server_that_cannot_start_leaves_python_tidying_up(environment, tidying):
    from api.commands.serve import load_app
    from api.settings import WrongSetting

    environment.setenv("JIFEN_PUBLIC_URL", "nowhere")
    with pytest.raises(WrongSetting, match="JIFEN_PUBLIC_URL"):
        load_app()
    assert gc.isenabled()
