"""Entries of the audit log as people read them: the deed in words, what it was done to, what it changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from catalog.queries import products_by_id, variant_by_sku, variants_by_id
from checkout.queries import order_by_number, orders_by_id, return_by_number, returns_by_id
from console.texts import TEXTS
from console.visit import Visit
from members.directory import member_by_number
from members.profile import members_by_id
from program.queries import versions_by_id
from schema.context import Reading
from schema.locale import Locale
from staff.accounts import everybody, fold, staff_by_id
from staff.audit import AuditRecord

_ID = re.compile(r"[a-z]{3}_[0-9a-f]{32}")
MOST_CHANGES = 40

_WORDS = {
    ("ord", "status"): "order_",
    ("ret", "status"): "return_",
    ("ord", "payment"): "payment_",
    ("", "kind"): "kind_",
    ("", "role"): "role_",
    ("", "priceClass"): "class_",
    ("", "class"): "class_",
}
"""How the texts of a value's words begin, by kind of subject and key."""


@dataclass(frozen=True)
class Change:
    """`before`, `after` None: it was not there."""

    key: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Deed:
    """`kind` and `subject` say what it was done to, `href` where that is found in the console."""

    entry: AuditRecord
    action: str
    kind: str
    subject: str
    href: str | None
    changes: Sequence[Change]


Named = Mapping[str, tuple[str, str | None]]
"""By id: what a thing is called, and its page where it has one."""


def deeds(reading: Reading, entries: Sequence[AuditRecord], visit: Visit) -> list[Deed]:
    ids: dict[str, list[str]] = {}
    for entry in entries:
        ids.setdefault(entry.subject_id[:3], []).append(entry.subject_id)
    named: dict[str, tuple[str, str | None]] = {}
    for kind, of_kind in ids.items():
        if kind in _NAMES:
            named |= _NAMES[kind](reading.conn, of_kind)
    named |= _goods(reading, ids.get("prd", []), ids.get("var", []), visit.locale)
    return [_deed(entry, named, visit) for entry in entries]


def subject_of(reading: Reading, text: str) -> str | None:
    """What somebody looks for by the name it goes by: a number, an e-mail, a SKU. None where nothing is called so."""
    if _ID.fullmatch(text):
        return text
    conn = reading.conn
    staff = [account.id for account in everybody(conn) if account.email == fold(text)]
    for found in (
        member_by_number(conn, text),
        order_by_number(conn, text.upper()),
        return_by_number(conn, text.upper()),
        variant_by_sku(conn, text, reading.now),
    ):
        if found is not None:
            return found.id
    return staff[0] if staff else None


def _deed(entry: AuditRecord, named: Named, visit: Visit) -> Deed:
    kind = entry.subject_id[:3]
    subject, href = named.get(entry.subject_id, (entry.subject_id, None))
    return Deed(
        entry=entry,
        action=_worded(visit, "aud_do_", entry.action),
        kind=_worded(visit, "aud_of_", kind, visit.t("aud_of_other")),
        subject=subject,
        href=href,
        changes=_changes(entry, visit),
    )


def _changes(entry: AuditRecord, visit: Visit) -> list[Change]:
    before, after = dict(_leaves(entry.before or {})), dict(_leaves(entry.after or {}))
    keys = list(dict.fromkeys([*before, *after]))
    kind = entry.subject_id[:3]
    return [
        Change(_key(visit, key), _value(visit, kind, key, before.get(key)), _value(visit, kind, key, after.get(key)))
        for key in keys
        if before.get(key) != after.get(key)
    ][:MOST_CHANGES]


def _value(visit: Visit, kind: str, key: str, value: str | None) -> str | None:
    """States and roles in the words that the other pages use for them."""
    prefix = _WORDS.get((kind, key)) or _WORDS.get(("", key.rpartition(".")[2]))
    return value if value is None or prefix is None else _worded(visit, prefix, value)


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, str | None]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and any(isinstance(inner, dict | list) for inner in value):
        for i, inner in enumerate(value):
            yield from _leaves(inner, f"{path}.{i + 1}")
    else:
        yield path, _plain(value)


def _plain(value: object) -> str | None:
    if value is None or value == []:
        return None
    if isinstance(value, list):
        return ", ".join(str(inner) for inner in value)
    return {True: "✓", False: "✗"}[value] if isinstance(value, bool) else str(value)


def _key(visit: Visit, path: str) -> str:
    return " · ".join(_worded(visit, "aud_key_", part) for part in path.split("."))


def _worded(visit: Visit, prefix: str, name: str, instead: str | None = None) -> str:
    """What nobody has put into words yet shows as it is kept: an entry is never left out."""
    key = f"{prefix}{name}"
    return visit.t(key) if key in TEXTS else instead or name


def _members(conn: Connection, ids: Sequence[str]) -> Named:
    return {id_: (each.number, f"/members/{each.number}") for id_, each in members_by_id(conn, ids).items()}


def _orders(conn: Connection, ids: Sequence[str]) -> Named:
    return {id_: (each.number, f"/orders/{each.number}") for id_, each in orders_by_id(conn, ids).items()}


def _returns(conn: Connection, ids: Sequence[str]) -> Named:
    return {id_: (each.number, f"/returns/{each.number}") for id_, each in returns_by_id(conn, ids).items()}


def _staff(conn: Connection, ids: Sequence[str]) -> Named:
    return {id_: (each.email, f"/staff/{id_}") for id_, each in staff_by_id(conn, ids).items()}


def _versions(conn: Connection, ids: Sequence[str]) -> Named:
    found = versions_by_id(conn, ids)
    return {id_: (str(each.version), f"/program/versions/{each.version}") for id_, each in found.items()}


def _goods(reading: Reading, products: Sequence[str], variants: Sequence[str], locale: Locale) -> Named:
    found: dict[str, tuple[str, str | None]] = {}
    for id_, product in products_by_id(reading.conn, products, locale).items():
        found[id_] = (product.name, None)
    for id_, variant in variants_by_id(reading.conn, variants, reading.now).items():
        found[id_] = (variant.sku, None)
    return found


_NAMES: Mapping[str, Callable[[Connection, Sequence[str]], Named]] = {
    "mem": _members,
    "ord": _orders,
    "ret": _returns,
    "stf": _staff,
    "prg": _versions,
}
