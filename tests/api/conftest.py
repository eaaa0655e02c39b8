"""The application and the command line, on a migrated database of the test's own."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from functools import cache

import pytest
from starlette.testclient import TestClient
from typer.main import get_command


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


_commands = cache(get_command)


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

    # Typer puts its commands together anew each time.
    environment.setattr("typer.main.get_command", _commands)
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
def client(environment):
    """A browser that talks to the shop; `client()` opens the shop with what is set by then.

    `ready`: whether there is what `jifen migrate` adds to the tables.
    """
    from api.app import create_app
    from api.commands.base import make_folders
    from api.settings import read_settings
    from program.versions import publish_reference

    opened = []

    def enter(*, ready=True, **said):
        for name, value in said.items():
            environment.setenv(f"JIFEN_{name}", value)
        settings = read_settings()
        if ready:
            make_folders(settings)
        app = create_app(settings, work=False)
        if ready:
            with app.state.services.db.write() as tx:
                publish_reference(tx, app.state.services.clock.now())
        browser = TestClient(app, raise_server_exceptions=False)
        opened.append(browser)
        return browser.__enter__()

    yield enter
    for browser in opened:
        browser.__exit__(None, None, None)
