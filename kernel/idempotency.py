"""Remembers what an idempotency key was used for, in the transaction of the deed itself. Refusals leave no trace."""

from __future__ import annotations

import hashlib
from datetime import datetime
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal

import orjson
from sqlalchemy import Connection, select

from kernel.database import Transaction, insert_new, table_of
from kernel.refusals import IdempotencyConflict, Refusals, Refused
from kernel.tables import IdempotencyKeyRow
from kernel.texts import read_text

MAX_KEY = 200
_PATH = ("idempotencyKey",)
_EXACTLY = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)

keys_t = table_of(IdempotencyKeyRow)


def read_key(refusals: Refusals, key: str) -> str | None:
    """The key without space around it; None where it is empty, too long or no text, which is noted."""
    wrong = Refusals()
    text = read_text(wrong, _PATH, key, most=MAX_KEY, needed=True)
    refusals.extend(wrong.found)
    return None if wrong else text


def claim(
    tx: Transaction,
    refusals: Refusals,
    actor_id: str,
    mutation: str,
    key: str,
    value: object,
    result_id: str,
    now: datetime,
) -> str | None:
    """Takes a key for the deed that this transaction is about to do, and whose result will be `result_id`.

    Returns None where the key is new, and the earlier result's id where it was used with the same input. A key that
    is none is noted, to be told with what else the caller finds. Two transactions with one key at the same moment: the
    second waits here until the first has ended.

    Raises:
        Refused: the key was used with another input. What the first deed has changed since is no news to anybody, so
            only what was found before is told with it.
    """
    text = read_key(refusals, key)
    if text is None:
        return None
    mark = _fingerprint(value)
    row = {
        "actor_id": actor_id,
        "mutation": mutation,
        "key": text,
        "fingerprint": mark,
        "result_id": result_id,
        "used_at": now,
    }
    if insert_new(tx, keys_t, row):
        return None
    used = tx.execute(
        select(keys_t.c.fingerprint, keys_t.c.result_id).where(
            keys_t.c.actor_id == actor_id, keys_t.c.mutation == mutation, keys_t.c.key == text
        )
    ).one()
    if used.fingerprint != mark:
        raise Refused(*refusals.found, IdempotencyConflict(path=_PATH))
    return used.result_id


def result_of(conn: Connection, actor_id: str, mutation: str, key: str) -> str | None:
    """What a key was used for; None where it was not."""
    used = (keys_t.c.actor_id == actor_id) & (keys_t.c.mutation == mutation) & (keys_t.c.key == key)
    return conn.execute(select(keys_t.c.result_id).where(used)).scalar()


def release(tx: Transaction, actor_id: str, mutation: str, result_id: str) -> None:
    """Forgets the key of a deed that is undone: a refusal is not remembered. Runs inside the caller's transaction."""
    of = (keys_t.c.actor_id == actor_id) & (keys_t.c.mutation == mutation)
    tx.execute(keys_t.delete().where(of, keys_t.c.result_id == result_id))


def _fingerprint(value: object) -> str:
    """A hash of an input: dataclasses, decimals and dates included, whatever the order of keys.

    An amount is the same however many zeros it ends in.
    """
    text = orjson.dumps(value, default=_plain, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    return hashlib.sha256(text).hexdigest()


def _plain(value: object) -> str:
    return str(_EXACTLY.normalize(value) if isinstance(value, Decimal) else value)
