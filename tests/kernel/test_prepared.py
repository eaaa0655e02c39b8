"""Statements on the driver's cursor: the same answers and the same errors as SQLAlchemy's way."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import JSON, Column, DateTime, Integer, MetaData, Numeric, Table, Text, bindparam, event, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from kernel.database import PLANNED_FOR, TryAgain, among, id_list
from kernel.prepared import Prepared

things_t = Table(
    "thing",
    MetaData(),
    Column("id", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("rate", Numeric(12, 6)),
    Column("notes", JSON),
    Column("at", DateTime(timezone=True)),
    Column("state", Text, nullable=False, default="NEW"),
)
AT = datetime(2026, 5, 1, 8, tzinfo=timezone(timedelta(hours=8)))


def thing(id_, **values):
    return {"id": id_, "number": 1, "rate": Decimal("1.5"), "notes": {"a": ["好", None]}, "at": AT, **values}


@pytest.fixture
def things(db):
    with db.write() as tx:
        things_t.create(tx)
    return db


def test_reads_and_writes_what_sqlalchemy_does(things):
    insert, read = Prepared(things_t.insert()), Prepared(select(things_t).order_by(things_t.c.id))
    with things.write() as tx:
        assert insert.run(tx, thing("a", notes=None, rate=None)) == 1
        insert.run_all(tx, [thing("b"), thing("c")])
        insert.run_all(tx, [])
    with things.read() as conn:
        standard = [tuple(row) for row in conn.execute(select(things_t).order_by(things_t.c.id))]
        for _ in range(2):
            rows = [tuple(row) for row in read.rows(conn, {})]
            assert rows == standard
            assert [[type(value) for value in row] for row in rows] == [[type(v) for v in row] for row in standard]
    assert rows[0][5] == "NEW"
    if not things.is_sqlite:
        assert rows[1][4] == AT.astimezone(UTC)


def test_changes_tell_how_many_rows(things):
    update = Prepared(things_t.update().where(things_t.c.id == bindparam("of"), things_t.c.number < 3))
    with things.write() as tx:
        Prepared(things_t.insert()).run(tx, thing("a"))
        assert update.run(tx, {"of": "a", "number": 5}) == 1
        assert update.run(tx, {"of": "a", "number": 6}) == 0


def test_one_row_or_none(things):
    read = Prepared(select(things_t.c.number).where(things_t.c.id == bindparam("of")))
    with things.write() as tx:
        Prepared(things_t.insert()).run(tx, thing("a"))
        found = read.row(tx, {"of": "a"})
        assert found is not None
        assert found[0] == 1
        assert read.row(tx, {"of": "b"}) is None


@pytest.mark.parametrize("count", [0, 1, PLANNED_FOR, PLANNED_FOR + 3])
def test_lists_of_any_length(things, count):
    read = Prepared(select(things_t.c.id).where(among(things_t.c.id, id_list("ids"))))
    ids = [f"{n:02}" for n in range(count)]
    with things.write() as tx:
        Prepared(things_t.insert()).run_all(tx, [thing(id_) for id_ in [*ids, "x"]])
        assert sorted(row[0] for row in read.rows(tx, {"ids": ids})) == ids


def test_lists_written_out_go_the_standard_way(things):
    read = Prepared(select(things_t.c.id).where(things_t.c.id.in_(["a", "b"])))
    with things.write() as tx:
        Prepared(things_t.insert()).run_all(tx, [thing("a"), thing("c")])
        assert [row[0] for row in read.rows(tx, {})] == ["a"]


def test_errors_are_those_of_sqlalchemy_and_name_no_values(things):
    insert = Prepared(things_t.insert())
    with things.write() as tx:
        insert.run(tx, thing("a", state="secret"))
    with things.write() as tx, pytest.raises(IntegrityError) as caught:
        insert.run(tx, thing("a", state="secret"))
    assert "secret" not in str(caught.value)


def test_lost_races_are_run_again(things):
    if things.is_sqlite:
        pytest.skip("one transaction at a time")
    read = Prepared(select(things_t.c.id).where(things_t.c.number == bindparam("number")))
    tries = []

    def use_case():
        tries.append(1)
        with things.write() as tx:
            if len(tries) == 1:
                tx.exec_driver_sql("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$")
            if len(tries) == 2:
                raise TryAgain
            return read.rows(tx, {"number": 1})

    assert list(things.retrying(use_case)) == []
    assert len(tries) == 3


def test_a_lost_connection_is_left_behind(things):
    if things.is_sqlite:
        pytest.skip("nothing to lose")
    read = Prepared(select(things_t.c.id))
    with things.read() as conn:
        pid = conn.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        with things.write() as tx:
            tx.exec_driver_sql(f"SELECT pg_terminate_backend({pid}, 5000)")
        with pytest.raises(DBAPIError) as caught:
            read.rows(conn, {})
    assert caught.value.connection_invalidated
    with things.read() as conn:
        assert list(read.rows(conn, {})) == []


def test_values_have_the_names_that_it_was_made_for(things):
    if things.is_sqlite:
        pytest.skip("SQLAlchemy takes what comes")
    read = Prepared(select(things_t.c.id).where(things_t.c.id == bindparam("of")))
    with things.read() as conn:
        with pytest.raises(ValueError, match="of"):
            read.rows(conn, {})
        read.rows(conn, {"of": "a"})
        for wrong in ({}, {"of": "a", "more": 1}):
            with pytest.raises(ValueError, match="made for"):
                read.rows(conn, wrong)


def test_whoever_listens_hears_it(things):
    read = Prepared(select(things_t.c.id))
    heard = []

    def note(_conn, _cursor, sql, *_rest):
        heard.append(sql)

    engine = things.engines[-1]
    with things.read() as conn:
        read.rows(conn, {})
    event.listen(engine, "before_cursor_execute", note)
    with things.read() as conn:
        read.rows(conn, {})
    event.remove(engine, "before_cursor_execute", note)
    assert [sql for sql in heard if sql.startswith("SELECT")] == heard[-1:]
