"""The application and the command line, on a migrated database of the test's own."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass

import pytest
from starlette.testclient import TestClient


@pytest.fixture(scope="session")
def demo(sqlite_databases, tmp_path_factory):
    """Made once: it takes longer than any other shop. Whoever asks for it is in `TOGETHER`."""
    from api.demo.make_demo import make_demo
    from tests.support.demo import Demo, open_shop

    media, steps = tmp_path_factory.mktemp("media"), []
    with sqlite_databases.migrated() as url:
        shop = open_shop(sqlite_databases.opened(url))
        assert make_demo(
            shop, media_root=media, secret=b"s" * 40, progress=lambda done, total: steps.append((done, total))
        )
        yield Demo(shop, url, media, steps)


@dataclass
class Outcome:
    code: int
    out: str
    err: str


@pytest.fixture
def environment(monkeypatch, tmp_path, database_url):
    """Settings of a shop in a folder of its own. Setting more of them is `environment.setenv`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JIFEN_DATABASE_URL", database_url)
    return monkeypatch


@pytest.fixture
def jifen(environment, capsys):
    """Runs a command in this process: `jifen("migrate")`."""
    from api.cli import main

    handlers, level = logging.root.handlers[:], logging.root.level

    def run(*arguments):
        environment.setattr(sys, "argv", ["jifen", *map(str, arguments)])
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    yield run
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


@pytest.fixture
def client(environment, jifen):
    """A browser that talks to the shop; `client()` opens the shop with what is set by then."""
    from api.app import create_app
    from api.settings import read_settings

    opened = []

    def enter(*, migrate=True, **settings):
        for name, value in settings.items():
            environment.setenv(f"JIFEN_{name}", value)
        if migrate:
            assert jifen("migrate").code == 0
        app = create_app(read_settings(), work=False)
        browser = TestClient(app, raise_server_exceptions=False)
        opened.append(browser)
        return browser.__enter__()

    yield enter
    for browser in opened:
        browser.__exit__(None, None, None)
