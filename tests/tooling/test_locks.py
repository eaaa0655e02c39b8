"""The locked files: complete, of one mind, and silent about where packages come from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
BASE = ROOT / "constraints" / "base.txt"
TEST = ROOT / "constraints" / "test.txt"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def locked(path: Path) -> dict[str, Version]:
    pins = (Requirement(line.rstrip(" \\")) for line in path.read_text().splitlines() if line[:1].isalnum())
    return {canonicalize_name(pin.name): Version(str(pin.specifier).removeprefix("==")) for pin in pins}


@pytest.mark.parametrize("path", [BASE, TEST], ids=lambda path: path.name)
def test_no_locked_file_names_an_address(path):
    assert "://" not in path.read_text()


@pytest.mark.parametrize("path", [BASE, TEST], ids=lambda path: path.name)
def test_every_locked_package_has_a_hash(path):
    blocks = re.split(r"\n(?=\S)", path.read_text())
    assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_both_sets_agree_on_every_version():
    test = locked(TEST)
    assert {name: test.get(name) for name in locked(BASE)} == locked(BASE)


@pytest.mark.parametrize(
    ("path", "groups"), [(BASE, ["build"]), (TEST, ["build", "test", "dev"])], ids=["base", "test"]
)
def test_what_the_project_asks_for_is_locked(path, groups):
    pins = locked(path)
    wishes = [*PROJECT["project"]["dependencies"]]
    for group in groups:
        wishes += PROJECT["dependency-groups"][group]
    for wish in map(Requirement, wishes):
        assert pins[canonicalize_name(wish.name)] in wish.specifier
