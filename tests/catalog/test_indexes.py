"""Reads by id go by an index: on SQLite a boolean that is compared with 1 would not."""

from __future__ import annotations

import pytest

from catalog import stock
from catalog.movements import Cause
from catalog.queries import offers_of_variants, variants_by_id, variants_of_products
from catalog.sellable import sellable
from tests.support.catalog import statements
from tests.support.members import NOON


def test_children_are_found_without_looking_at_every_row(db):
    if not db.is_sqlite:
        pytest.skip("PostgreSQL looks at small tables from end to end whatever it could do")
    with statements(db.engines[1]) as seen, db.read() as conn:
        variants_of_products(conn, ["a"], NOON, active_only=True)
        variants_by_id(conn, ["a"], NOON)
        offers_of_variants(conn, ["a"], NOON)
        sellable(conn, ["a"], [], NOON)
    with statements(db.engines[0]) as changes, db.write() as tx:
        stock.reserve(tx, {"a": 1}, Cause(NOON))
    with db.read() as conn:
        for statement in (*seen, *changes):
            count = statement.count("?")
            plan = conn.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, ("[]",) * count).all()
            scans = [row.detail for row in plan if row.detail.startswith("SCAN")]
            assert all("VIRTUAL TABLE" in scan or "held" in scan for scan in scans), (statement, scans)
