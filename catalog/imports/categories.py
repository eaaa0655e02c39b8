"""Finds the categories that a file names, and plans those that are not there. What is there stays as it is."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from catalog.checks import read_locale, read_slug
from catalog.columns import categories_t
from catalog.imports.drafts import CategoryDraft
from catalog.save_category import MAX_DEPTH
from kernel.ids import new_id
from kernel.refusals import Refusals, invalid
from kernel.texts import MAX_NAME, read_text

_NOT_IN_SLUG = re.compile(r"[^\w]+")


@dataclass(slots=True)
class PlannedCategory:
    id: str
    slug: str
    name: str
    parent_id: str | None
    wording: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(slots=True)
class _Place:
    id: str
    slug: str
    parent_id: str | None


class CategoryTree:
    """The tree as it is, and what is planned for it, in the order in which it can be added. `there`: what was read."""

    def __init__(self, conn: Connection) -> None:
        c = categories_t.c
        self.planned: list[PlannedCategory] = []
        self.there: list[tuple[str, str, str, str | None]] = []
        self.names: dict[str, str] = {}
        self._parents: dict[str, str | None] = {}
        self._by_slug: dict[str, _Place] = {}
        self._by_name: dict[tuple[str | None, str], _Place] = {}
        for row in conn.execute(select(c.id, c.slug, c.name, c.parent_id).order_by(c.id)):
            self.there.append((row.id, row.slug, row.name, row.parent_id))
            self._put(_Place(row.id, row.slug, row.parent_id), row.name)

    def check(self, refusals: Refusals, draft: CategoryDraft) -> None:
        """Notes what is wrong with a line of categories; nothing is planned."""
        if len(draft.names) > MAX_DEPTH:
            refusals.add(invalid(("category",), "too_deep", most=MAX_DEPTH))
        for name in draft.names:
            read_text(refusals, ("category",), name, needed=True)
        for locale, names in draft.names_in.items():
            read_locale(refusals, (f"category:{locale}",), locale)
            for name in names:
                read_text(refusals, (f"category:{locale}",), name)
        parent_id: str | None = None
        for slug in draft.slugs or ():
            read_slug(refusals, ("category_slugs",), slug)
            there = self._by_slug.get(slug)
            if there is not None and there.parent_id != parent_id:
                refusals.add(invalid(("category_slugs",), "category_elsewhere", slug=slug[:60]))
                return
            # Below one that is not there yet, nothing is there.
            parent_id = there.id if there is not None else ""

    def id_of(self, draft: CategoryDraft) -> str | None:
        """The category at the end of a line that `check` found nothing wrong with, planned where it is not there."""
        place: _Place | None = None
        for at, name in enumerate(draft.names):
            parent_id = place.id if place is not None else None
            if draft.slugs is not None:
                found = self._by_slug.get(draft.slugs[at])
            else:
                found = self._by_name.get((parent_id, name))
            place = self._plan(draft, at, place) if found is None else found
        return place.id if place is not None else None

    def path_of(self, category_id: str | None) -> str:
        """The names from the root down, for people to read."""
        names: list[str] = []
        while category_id is not None and len(names) <= MAX_DEPTH:
            names.append(self.names[category_id])
            category_id = self._parents[category_id]
        return " > ".join(reversed(names))

    def _plan(self, draft: CategoryDraft, at: int, above: _Place | None) -> _Place:
        name = draft.names[at]
        slug = draft.slugs[at] if draft.slugs is not None else self._free_slug(slug_from(name), above)
        place = _Place(new_id("cat"), slug, above.id if above is not None else None)
        wording = {locale: names[at] for locale, names in draft.names_in.items() if names[at]}
        self.planned.append(PlannedCategory(place.id, slug, name, place.parent_id, wording))
        self._put(place, name)
        return place

    def _put(self, place: _Place, name: str) -> None:
        self._by_slug[place.slug] = place
        self._by_name.setdefault((place.parent_id, name), place)
        self.names[place.id] = name
        self._parents[place.id] = place.parent_id

    def _free_slug(self, slug: str, above: _Place | None) -> str:
        if slug in self._by_slug and above is not None:
            slug = f"{above.slug}-{slug}"
        slug = slug[: MAX_NAME - 10]
        free, number = slug, 1
        while free in self._by_slug:
            number += 1
            free = f"{slug}-{number}"
        return free


def slug_from(name: str) -> str:
    """A slug made of a name: "Home & Garden" becomes "home-garden"."""
    folded = unicodedata.normalize("NFKC", name).lower()
    return _NOT_IN_SLUG.sub("-", folded).strip("-_") or "category"
