"""The audit log says who changed what, newest first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from kernel.paging import Window
from staff.audit import audit_by_id, audit_count, audit_page, record

NOON = datetime(2026, 1, 15, 4, tzinfo=UTC)


def _record(db, number, subject="prd_1", **facts):
    with db.write() as tx:
        record(
            tx,
            at=NOON + timedelta(minutes=number),
            actor="ana@example.com",
            action="saveProduct",
            subject_id=subject,
            **facts,
        )


def test_entries_come_newest_first_in_pages_both_ways(db):
    for number in range(5):
        _record(db, number, after={"number": number})
    with db.read() as conn:
        first = audit_page(conn, Window(size=2))
        assert [entry.after for entry in first.items] == [{"number": 4}, {"number": 3}]
        assert (first.has_next, first.has_previous) == (True, False)
        last = first.items[-1]
        second = audit_page(conn, Window(size=2, after=(last.at, last.id)))
        assert [entry.after for entry in second.items] == [{"number": 2}, {"number": 1}]
        oldest = audit_page(conn, Window(size=1, backwards=True))
        assert [entry.after for entry in oldest.items] == [{"number": 0}]
        assert audit_count(conn) == 5
        assert audit_by_id(conn, [last.id, "aud_unknown"]) == {last.id: last}


def test_one_subject_has_its_own_log(db):
    _record(db, 1, "prd_1")
    _record(db, 2, "prd_2")
    with db.read() as conn:
        assert [entry.subject_id for entry in audit_page(conn, Window(), "prd_2").items] == ["prd_2"]
        assert audit_count(conn, "prd_2") == 1


def test_what_had_no_before_has_none(db):
    _record(db, 1, after={"price": "19.90", "at": NOON.isoformat()})
    with db.read() as conn:
        (entry,) = audit_page(conn, Window()).items
        assert entry.before is None
        assert entry.after == {"price": "19.90", "at": NOON.isoformat()}
        assert conn.execute(text('SELECT count(*) FROM audit_entry WHERE "before" IS NULL')).scalar() == 1
