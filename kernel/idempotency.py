"""Remembers what an idempotency key was used for, in the transaction of the deed itself. Refusals leave no trace."""

from __future__ import annotations

import hashlib
from datetime import datetime

import orjson
from sqlalchemy import Connection, select

from kernel.database import Transaction, insert_new, table_of
from kernel.refusals import IdempotencyConflict, Refusals, Refused
from kernel.tables import IdempotencyKeyRow
from kernel.texts import read_text

MAX_KEY = 200
_PATH = ("idempotencyKey",)

keys_t = table_of(IdempotencyKeyRow)


def claim(
    tx: Transaction, actor_id: str, mutation: str, key: str, value: object, result_id: str, now: datetime
) -> str | None:
    """Takes a key for the deed that this transaction is about to do, and whose result will be `result_id`.

    Returns None where the key is new, and the earlier result's id where it was used with the same input.
    Two transactions with one key at the same moment: the second waits here until the first has ended.

    Raises:
        Refused: the key is empty, too long or no text, or was used with another input.
    """
    refusals = Refusals()
    key = read_text(refusals, _PATH, key, most=MAX_KEY, needed=True)
    refusals.raise_any()
    mark = _fingerprint(value)
    row = {
        "actor_id": actor_id,
        "mutation": mutation,
        "key": key,
        "fingerprint": mark,
        "result_id": result_id,
        "used_at": now,
    }
    if insert_new(tx, keys_t, row):
        return None
    used = tx.execute(
        select(keys_t.c.fingerprint, keys_t.c.result_id).where(
            keys_t.c.actor_id == actor_id, keys_t.c.mutation == mutation, keys_t.c.key == key
        )
    ).one()
    if used.fingerprint != mark:
        raise Refused(IdempotencyConflict(path=_PATH))
    return used.result_id


def result_of(conn: Connection, actor_id: str, mutation: str, key: str) -> str | None:
    """What a key was used for; None where it was not."""
    used = (keys_t.c.actor_id == actor_id) & (keys_t.c.mutation == mutation) & (keys_t.c.key == key)
    return conn.execute(select(keys_t.c.result_id).where(used)).scalar()


def _fingerprint(value: object) -> str:
    """A hash of an input: dataclasses, decimals and dates included, whatever the order of keys."""
    text = orjson.dumps(value, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    return hashlib.sha256(text).hexdigest()
