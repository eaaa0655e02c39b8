"""Pages by keyset: every row once, both ways, however many there are on a page."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, insert, select

from kernel.paging import Window, keyset, take_page

rows_t = Table("row", MetaData(), Column("day", Integer), Column("id", Integer))
ROWS = [(day, id_) for id_, day in enumerate([3, 1, 2, 2, 2, 5, 1])]
SORTS = {
    "newest first": [(rows_t.c.day, True), (rows_t.c.id, True)],
    "cheapest first, ties by newest": [(rows_t.c.day, False), (rows_t.c.id, True)],
}
ORDERED = {
    "newest first": sorted(ROWS, reverse=True),
    "cheapest first, ties by newest": sorted(ROWS, key=lambda row: (row[0], -row[1])),
}


@pytest.fixture(scope="module")
def connection():
    engine = create_engine("sqlite://")
    rows_t.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(rows_t), [{"day": day, "id": id_} for day, id_ in ROWS])
        yield connection
    engine.dispose()


def page(connection, sort, **window):
    asked = Window(**window)
    rows = connection.execute(keyset(select(rows_t.c.day, rows_t.c.id), asked, SORTS[sort])).all()
    return take_page([tuple(row) for row in rows], asked)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8])
def test_walking_forward_meets_every_row_once_in_order(connection, sort, size):
    met, after = [], None
    while True:
        found = page(connection, sort, size=size, after=after)
        assert found.has_previous == (after is not None)
        met += found.items
        if not found.has_next:
            break
        after = found.items[-1]
    assert met == ORDERED[sort]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8])
def test_walking_backward_meets_every_row_once_in_order(connection, sort, size):
    met, before = [], None
    while True:
        found = page(connection, sort, size=size, before=before, backwards=True)
        assert found.has_next == (before is not None)
        met = found.items + met
        if not found.has_previous:
            break
        before = found.items[0]
    assert met == ORDERED[sort]


@pytest.mark.parametrize("sort", SORTS)
def test_between_two_keys(connection, sort):
    ordered = ORDERED[sort]
    assert page(connection, sort, size=10, after=ordered[1], before=ordered[5]).items == ordered[2:5]
    assert page(connection, sort, size=2, after=ordered[1], before=ordered[5], backwards=True).items == ordered[3:5]


def test_a_key_of_a_row_that_is_gone_still_has_its_place(connection):
    assert page(connection, "newest first", size=2, after=(4, 99)).items == [(3, 0), (2, 4)]
