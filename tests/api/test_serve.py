"""The server as it is started for real: several processes, one database, a quick end."""

from __future__ import annotations

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
