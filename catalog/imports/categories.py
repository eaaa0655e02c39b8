"""Finds the categories that a file names, and makes those that are not there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from sqlalchemy import select

from catalog.columns import categories_t
from catalog.save_category import SaveCategory, save_category
from kernel.database import Transaction

_NOT_IN_SLUG = re.compile(r"[^\w]+")


class CategoryFinder:
    """Knows the tree as it was read. After an undone savepoint it has to be made anew."""

    def __init__(self, tx: Transaction) -> None:
        c = categories_t.c
        self._tx = tx
        self._slugs: dict[tuple[str | None, str], str] = {}
        self._ids: dict[str, str] = {}
        for row in tx.execute(select(c.id, c.slug, c.name, c.parent_id).order_by(c.id)):
            self._slugs.setdefault((row.parent_id, row.name), row.slug)
            self._ids[row.slug] = row.id

    def slug_of(self, names: Sequence[str]) -> str | None:
        """The slug of the category at the end of a line of names, from the root down; None for no names."""
        slug: str | None = None
        for name in names:
            parent_id = None if slug is None else self._ids[slug]
            found = self._slugs.get((parent_id, name))
            slug = self._add(parent_id, slug, name) if found is None else found
        return slug

    def _add(self, parent_id: str | None, parent_slug: str | None, name: str) -> str:
        slug = self._free_slug(slug_from(name), parent_slug)
        self._ids[slug] = save_category(self._tx, SaveCategory(slug=slug, name=name, parent_slug=parent_slug))
        self._slugs[parent_id, name] = slug
        return slug

    def _free_slug(self, slug: str, parent_slug: str | None) -> str:
        if slug in self._ids and parent_slug is not None:
            slug = f"{parent_slug}-{slug}"
        free, number = slug, 1
        while free in self._ids:
            number += 1
            free = f"{slug}-{number}"
        return free


def slug_from(name: str) -> str:
    """A slug made of a name: "Home & Garden" becomes "home-garden"."""
    folded = unicodedata.normalize("NFKC", name).lower()
    return _NOT_IN_SLUG.sub("-", folded).strip("-_") or "category"
