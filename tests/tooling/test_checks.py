"""Style, form, types and layers, as `make lint` looks at them: beside the other tests, since types take a minute."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.slow import SLOW

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent
CHECKS = ["pyright", "ruff check .", "ruff format --check .", "lint-imports --no-logo"]


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_of_the_whole_project_finds_nothing(check):
    tool, *arguments = check.split()
    if not (TOOLS / tool).exists():
        pytest.skip(f"{tool} is not installed: make test installs it")
    found = subprocess.run([TOOLS / tool, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


def test_what_is_left_to_the_slow_tests_is_there():
    for part in SLOW:
        path, _, name = part.partition("::")
        found = ROOT / "tests" / path
        assert found.exists(), part
        assert name.partition("[")[0] in (found.read_text() if found.is_file() else ""), part


def test_the_build_server_runs_what_the_readme_names():
    (command,) = re.findall(r"^make .*$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    assert re.search(rf"^{command} +#", (ROOT / "README.md").read_text(), re.MULTILINE)


def test_make_lint_makes_the_same_checks():
    told = (ROOT / "Makefile").read_text()
    recipe = told[told.index("\nlint:") :].split("\n.PHONY")[0]
    assert {line.removeprefix("\t$(BIN)/") for line in recipe.splitlines() if "$(BIN)" in line} == set(CHECKS)
