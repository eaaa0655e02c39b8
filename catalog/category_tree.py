"""The tree of categories, as SQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from catalog.columns import categories_t


def below(slug: str) -> Select[Any]:
    """The ids of a category and of all that are below it; none for a slug that nothing has."""
    tree = select(categories_t.c.id).where(categories_t.c.slug == slug).cte("tree", recursive=True)
    # UNION, not UNION ALL: what has been found is not followed again.
    tree = tree.union(select(categories_t.c.id).where(categories_t.c.parent_id == tree.c.id))
    return select(tree.c.id)
