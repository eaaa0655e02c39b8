"""Removes pictures that nothing has shown for a while. What shows pictures is told by the caller: media does not know.

One picture at a time: its row says that it is leaving, its files go, its row goes. Whoever stops halfway leaves a row
that says so, and the next sweep goes on with it. Whoever brings the same picture meanwhile waits until it is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, and_, exists, or_, select

from kernel.database import Database, among
from media.queries import images_t
from media.recipes import file_names
from media.storage import Store, remove_images

GRACE = timedelta(days=7)
"""Pages and messages that were made before go on naming a picture for a while."""

_CLAIM = timedelta(minutes=10)
_AT_ONCE = 500

_c = images_t.c


def sweep_images(
    db: Database, store: Store, named_in: Sequence[Column[str]], *, now: datetime, grace: timedelta = GRACE
) -> int:
    """Removes what none of these columns has named for `grace`, and says how many pictures. Owns its transactions."""
    _note_unused(db, named_in, now)
    due = select(_c.key).where(or_(_c.unused_since <= now - grace, _c.leaving_since <= now - _CLAIM)).limit(_AT_ONCE)
    with db.read() as conn:
        keys = list(conn.execute(due).scalars())
    return sum(_remove(db, store, key, named_in, now, grace) for key in keys)


def remove_image(db: Database, store: Store, key: str, named_in: Sequence[Column[str]], *, now: datetime) -> bool:
    """Removes one picture at once, unless it is still shown somewhere. Owns its transactions."""
    return _remove(db, store, key, named_in, now, grace=None)


def _named(named_in: Sequence[Column[str]]) -> ColumnElement[bool]:
    return or_(*(exists().where(column == _c.key) for column in named_in))


def _note_unused(db: Database, named_in: Sequence[Column[str]], now: datetime) -> None:
    """Writes down since when pictures are unused. Reads first: most of the time nothing has changed."""
    lost = and_(_c.unused_since.is_(None), ~_named(named_in))
    found = and_(_c.unused_since.is_not(None), _c.leaving_since.is_(None), _named(named_in))
    for change, since in ((lost, now), (found, None)):
        with db.read() as conn:
            keys = list(conn.execute(select(_c.key).where(change).limit(_AT_ONCE)).scalars())
        if keys:
            with db.write() as tx:
                tx.execute(images_t.update().where(among(_c.key, keys), change).values(unused_since=since))


def _remove(
    db: Database, store: Store, key: str, named_in: Sequence[Column[str]], now: datetime, grace: timedelta | None
) -> bool:
    # Between bringing a picture and showing it, a moment of its own is written down; see `keep_image`.
    rested = _c.unused_since.is_(None) if grace is None else _c.unused_since <= now - grace
    free = and_(_c.leaving_since.is_(None), ~_named(named_in), rested)
    left_behind = _c.leaving_since <= now - _CLAIM
    with db.write() as tx:
        # Locked before it is judged: whoever is putting it to use has finished, and is seen.
        held = tx.execute(select(_c.width).where(_c.key == key).with_for_update()).one_or_none()
        claim = images_t.update().where(_c.key == key, or_(free, left_behind)).values(leaving_since=now)
        if held is None or not tx.execute(claim).rowcount:
            return False
    remove_images(store, file_names(key, held.width))
    with db.write() as tx:
        tx.execute(images_t.delete().where(_c.key == key, _c.leaving_since == now))
    return True
