"""Entries of the audit log as people read them: the deed in words, what it was done to, what it changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from console.audit_names import ID, Named, names_of
from console.column_names import column_name
from console.texts import worded
from console.visit import Visit
from schema.context import Reading
from schema.messages import PROBLEMS, say
from staff.audit import AuditRecord

MOST_CHANGES = 40
"""So many changes of one deed are shown; of the others, how many there are."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)")

_WORDS = {
    ("ord", "status"): "order_",
    ("ret", "status"): "return_",
    ("ord", "payment"): "payment_",
    ("out", "kind"): "message_",
    ("stf", "reason"): "aud_reason_",
    ("", "kind"): "kind_",
    ("", "role"): "role_",
    ("", "priceClass"): "class_",
    ("", "class"): "class_",
    ("", "locale"): "language_",
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
    """`kind` and `subject` say what it was done to, `href` where that is found in the console. `more`: how many
    changes are not shown.
    """

    entry: AuditRecord
    action: str
    kind: str
    subject: str
    href: str | None
    changes: Sequence[Change]
    more: int


def deeds(reading: Reading, entries: Sequence[AuditRecord], visit: Visit) -> list[Deed]:
    named = names_of(reading, {id_ for entry in entries for id_ in _ids_in(entry)}, visit.locale)
    return [_deed(entry, named, visit) for entry in entries]


def _ids_in(entry: AuditRecord) -> Iterator[str]:
    """The subject, and whatever else the entry names by its id: an order's member, a return's lines."""
    yield entry.subject_id
    for value in (entry.before, entry.after):
        for path, text in _leaves(value or {}):
            yield from (part for part in (*path.split("."), text or "") if ID.fullmatch(part))


def _deed(entry: AuditRecord, named: Named, visit: Visit) -> Deed:
    kind = entry.subject_id[:3]
    subject, href = named.get(entry.subject_id) or (_own_name(entry, visit), None)
    before, after = dict(_leaves(entry.before or {})), dict(_leaves(entry.after or {}))
    changed = [key for key in dict.fromkeys([*before, *after]) if before.get(key) != after.get(key)]

    def value(key: str, text: str | None) -> str | None:
        return None if text is None else _value(visit, kind, key, text, named)

    return Deed(
        entry=entry,
        action=worded("aud_do_", entry.action, visit.locale),
        kind=worded("aud_of_", kind, visit.locale, visit.t("aud_of_other")),
        subject=subject,
        href=href,
        changes=[
            Change(_key(visit, key, named), value(key, before.get(key)), value(key, after.get(key)))
            for key in changed[:MOST_CHANGES]
        ],
        more=max(0, len(changed) - MOST_CHANGES),
    )


def _own_name(entry: AuditRecord, visit: Visit) -> str:
    """What an entry itself calls its subject: a sheet by its file, a message by what it was for."""
    after = entry.after or {}
    if entry.subject_id.startswith("imp_") and after.get("file"):
        return str(after["file"])
    if entry.subject_id.startswith("out_") and after.get("kind"):
        return worded("message_", str(after["kind"]), visit.locale)
    return entry.subject_id


def _value(visit: Visit, kind: str, key: str, text: str, named: Named) -> str:
    """States and roles in the words that the other pages use for them, instants in the shop's time, ids by name."""
    last = key.rpartition(".")[2]
    prefix = _WORDS.get((kind, last)) or _WORDS.get(("", last))
    if prefix is not None:
        return worded(prefix, text, visit.locale)
    if last == "problem":
        return say(PROBLEMS, text, visit.locale)
    if last == "qualifyingSpend" and visit.program is not None:
        return visit.formats.minor(int(text), visit.program.currency)
    if _INSTANT.fullmatch(text):
        return visit.formats.when(datetime.fromisoformat(text))
    return named[text][0] if text in named else text


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


def _key(visit: Visit, path: str, named: Named) -> str:
    return " · ".join(
        named[part][0] if part in named else worded("aud_key_", part, visit.locale, column_name(visit, part))
        for part in path.split(".")
    )
