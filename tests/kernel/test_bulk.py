"""Very many rows are inserted as they are, and a conflict is told like that of any other statement."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from catalog.columns import entries_t
from kernel.bulk import WORTH_IT, insert_many


@pytest.mark.parametrize("count", [0, 3, WORTH_IT + 1])
def test_all_rows_are_there(db, count):
    rows = [{"word": f"羽\t{n}\\\n", "level": 1, "product_id": f"prd_{n}"} for n in range(count)]
    with db.write() as tx:
        insert_many(tx, entries_t, rows)
    with db.read() as conn:
        found = conn.execute(select(entries_t.c.word, entries_t.c.level, entries_t.c.product_id)).all()
    assert sorted(map(tuple, found)) == sorted(tuple(row.values()) for row in rows)


@pytest.mark.parametrize("count", [3, WORTH_IT + 1])
def test_a_row_that_is_there_already_is_a_conflict(db, count):
    rows = [{"word": f"a{n}", "level": 1, "product_id": "prd"} for n in range(count)]
    with pytest.raises(IntegrityError), db.write() as tx:
        insert_many(tx, entries_t, [*rows, rows[0]])
    with db.read() as conn:
        assert conn.execute(select(entries_t.c.word)).all() == []
