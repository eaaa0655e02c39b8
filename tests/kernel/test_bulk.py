"""Very many rows are inserted as they are, and a conflict is told like that of any other statement."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from catalog.columns import postings_t
from kernel.bulk import WORTH_IT, insert_many


@pytest.mark.parametrize("count", [0, 3, WORTH_IT + 1])
def test_all_rows_are_there(db, count):
    rows = [
        {"word": f"羽\t{n}\\\n", "level": 1, "block": n, "products": bytes([n % 256, 9, 10, 92])} for n in range(count)
    ]
    with db.write() as tx:
        insert_many(tx, postings_t, rows)
    with db.read() as conn:
        found = conn.execute(select(postings_t)).all()
    assert sorted(map(tuple, found)) == sorted(tuple(row.values()) for row in rows)


@pytest.mark.parametrize("count", [3, WORTH_IT + 1])
def test_a_row_that_is_there_already_is_a_conflict(db, count):
    rows = [{"word": f"a{n}", "level": 1, "block": 0, "products": b""} for n in range(count)]
    with pytest.raises(IntegrityError), db.write() as tx:
        insert_many(tx, postings_t, [*rows, rows[0]])
    with db.read() as conn:
        assert conn.execute(select(postings_t.c.word)).all() == []
