"""Verbs that lock an account run again once the payment provider has been asked: each of them says so."""

from __future__ import annotations

import ast
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2] / "checkout"

# Whoever calls one of these may be told that the provider has to be asked first.
LOCKING = {"current_book", "current_standing", "lock_order", "lock_return", "join_accounts", "take_phone"}


def called(function: ast.FunctionDef) -> set[str]:
    return {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}


def verbs(source: str) -> dict[str, bool]:
    """The module's verbs that lock an account, and whether they are `in_time`."""
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    locking = set(LOCKING)
    while more := {f.name for f in functions if f.name not in locking and called(f) & locking}:
        locking |= more
    return {
        f.name: "in_time" in {ast.unparse(decorator) for decorator in f.decorator_list}
        for f in functions
        if f.name in locking and not f.name.startswith("_") and f.args.args and f.args.args[0].arg == "shop"
    }


def test_each_verb_that_locks_an_account_is_in_time():
    found = {
        f"{path.name}: {name}": is_in_time
        for path in sorted(CHECKOUT.rglob("*.py"))
        for name, is_in_time in verbs(path.read_text(encoding="utf-8")).items()
    }
    assert len(found) >= 13
    assert [name for name, is_in_time in found.items() if not is_in_time] == []


def test_one_that_is_not_would_be_found():
    source = "def verb(shop):\n    _help(shop)\ndef _help(shop):\n    lock_order(shop)\n"
    assert verbs(source) == {"verb": False}
    assert verbs(f"@in_time\n{source}") == {"verb": True}
