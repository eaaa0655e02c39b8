"""Saves a category and its place in the tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from catalog import held
from catalog.checks import Translation, read_slug, read_translations
from catalog.columns import categories_t
from catalog.finding.index import index_category
from kernel.database import Transaction
from kernel.ids import new_id
from kernel.locks import hold
from kernel.refusals import NotFound, Refusals, invalid
from kernel.texts import read_text
from kernel.unchanged import UNCHANGED, Unchanged

MAX_DEPTH = 10


@dataclass(frozen=True, slots=True)
class SaveCategory:
    """Absent `id`: a new one. `translations` replace them all. `parent_slug` None: a root."""

    slug: str
    name: str
    id: str | None = None
    translations: tuple[Translation, ...] | Unchanged = UNCHANGED
    parent_slug: str | Unchanged | None = UNCHANGED


def save_category(tx: Transaction, command: SaveCategory) -> str:
    """Saves the category and returns its id. Runs inside the caller's transaction.

    Raises:
        Refused: unknown category or parent, slug taken or not one, texts empty or too long, a category below
            itself, more than 10 levels.
    """
    # The tree is small and changes rarely; only one change at a time keeps it a tree.
    hold(tx, "categories")
    c = categories_t.c
    tree = tx.execute(select(c.id, c.slug, c.parent_id)).all()
    slugs: dict[str, str] = {row.slug: row.id for row in tree}
    parents: dict[str, str | None] = {row.id: row.parent_id for row in tree}
    refusals = Refusals()
    if command.id is not None and command.id not in parents:
        refusals.add(NotFound(path=("id",), what="category"))
    slug = read_slug(refusals, ("slug",), command.slug)
    if slugs.get(slug, command.id) != command.id:
        refusals.add(invalid(("slug",), "taken"))
    name = read_text(refusals, ("name",), command.name, needed=True)
    translations = None if command.translations is UNCHANGED else read_translations(refusals, command.translations)
    id_ = new_id("cat") if command.id is None else command.id
    parent_id = parents.get(id_)
    if command.parent_slug is not UNCHANGED:
        parent_id = None if command.parent_slug is None else slugs.get(command.parent_slug.strip())
        if command.parent_slug is not None and parent_id is None:
            refusals.add(NotFound(path=("parentSlug",), what="category"))
    reason = _misplaced(id_, parent_id, parents)
    if reason is not None:
        refusals.add(invalid(("parentSlug",), reason, most=MAX_DEPTH))
    refusals.raise_any()
    row = {"slug": slug, "name": name, "parent_id": parent_id}
    if command.id is None:
        tx.execute(categories_t.insert().values(id=id_, **row))
    else:
        tx.execute(categories_t.update().where(c.id == id_).values(row))
    if translations is not None:
        held.replace_translations(tx, id_, translations)
    if command.id is not None:
        index_category(tx, id_)
    return id_


def _misplaced(id_: str, parent_id: str | None, parents: Mapping[str, str | None]) -> str | None:
    """Why a category cannot stand below this parent: it would be below itself, or the tree too deep."""
    above = _line(parent_id, parents)
    if id_ in above:
        return "cycle"
    height = max((line.index(id_) for line in (_line(other, parents) for other in parents) if id_ in line), default=0)
    return "too_deep" if len(above) + 1 + height > MAX_DEPTH else None


def _line(id_: str | None, parents: Mapping[str, str | None]) -> list[str]:
    """A category and all that are above it, itself first."""
    line: list[str] = []
    while id_ is not None:
        line.append(id_)
        id_ = parents.get(id_)
    return line
