"""The printed schemas are in the repository, and hold what the frontends rely on."""

from __future__ import annotations

import pytest
from graphql import build_schema
from graphql.utilities import find_breaking_changes

from schema.export import FOLDER, print_admin, print_shop

PRINTED = {"shop": print_shop, "admin": print_admin}


@pytest.mark.parametrize("name", PRINTED)
def test_the_printed_schema_is_the_file_in_the_repository(name) -> None:
    """Where it is not: `.venv/bin/python -m schema.export` writes both files."""
    assert (FOLDER / f"{name}.graphql").read_text() == PRINTED[name]()


@pytest.mark.parametrize("name", PRINTED)
def test_the_schema_breaks_nothing_that_the_contract_promises(name, shared) -> None:
    contract = build_schema(shared(f"contract/{name}.graphql").read_text())
    assert find_breaking_changes(contract, build_schema(PRINTED[name]())) == []
