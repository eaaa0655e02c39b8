"""Every key that the audit log may be given, read from the code: whoever adds one is told by a test to word it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from catalog.imports.report import Subject

ROOT = Path(__file__).parents[2]
ROOMS = ("api", "catalog", "checkout", "media", "members", "schema", "staff")

# All that these write ends in the log: what is kept of a thing, of a sheet, and of a product's choices.
WHOLE = ("schema/admin/snapshots.py", "schema/admin/import_audit.py", "catalog/details.py")


def audit_keys() -> set[str]:
    keys = {subject.value for subject in Subject}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            tree = ast.parse(path.read_text())
            if str(path.relative_to(ROOT)) in WHOLE:
                keys |= set(_keys(tree, tree, set()))
            for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
                keys |= _of_call(call, tree)
    return keys


def _of_call(call: ast.Call, tree: ast.Module) -> set[str]:
    called = ast.unparse(call.func)
    if called in ("audited", "Step"):
        # What is said of a deed beside its snapshots.
        return {word.arg for word in call.keywords if word.arg}
    if called.rpartition(".")[2] not in ("record", "_record", "note"):
        return set()
    given = [word.value for word in call.keywords if word.arg in ("before", "after")]
    given += call.args if called != "audit.record" else []
    return {key for value in given for key in _keys(value, tree, set())}


def _keys(value: ast.AST, tree: ast.Module, seen: set[str]) -> Iterator[str]:
    """The keys of all dicts in an expression, in what its names stand for and in what the functions it calls give."""
    for node in ast.walk(value):
        if isinstance(node, ast.Dict):
            yield from (key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))
        elif isinstance(node, ast.Name) and node.id not in seen:
            seen.add(node.id)
            for meant in _meant(node.id, tree):
                yield from _keys(meant, tree, seen)


def _meant(name: str, tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == name and name.startswith("_"):
            yield node
        elif isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == name for to in node.targets):
            yield node.value
