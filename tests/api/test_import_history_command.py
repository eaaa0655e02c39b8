"""`jifen import-history`: where the clock stands afterwards, and what is wrong with a file in a sentence (R14)."""

from __future__ import annotations

import gzip
import json

import pytest

from kernel.database import Database
from kernel.test_clock import DatabaseClock
from members.account import accounts_t
from tests.support.programs import retail

HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID\n"
ROW = "1,MUG,Mug,2,2015-02-01 10:00:00,5.00,Ana\n"


@pytest.fixture
def shop(jifen, environment, database_url):
    """A shop under a test clock that stands at the first day of 2015."""
    environment.setenv("JIFEN_TEST_CLOCK", "2015-01-01T00:00:00+00:00")
    assert jifen("migrate").code == 0
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def bring_in(shop, jifen, tmp_path):
    """Imports the rows of a file, or the bytes of one called `name`."""

    def run(rows, *options, program=None, name="past.csv"):
        document = tmp_path / "program.json"
        document.write_text(json.dumps(program or retail()))
        file = tmp_path / name
        file.write_bytes(rows if isinstance(rows, bytes) else (HEAD + rows).encode())
        return jifen("import-history", file, "--program", document, *options)

    return run


def clock(shop):
    return DatabaseClock(shop).now().isoformat()


def accounts(shop):
    with shop.read() as conn:
        return conn.execute(accounts_t.select()).all()


def test_a_test_clock_stands_at_the_last_instant_afterwards_and_never_goes_back(shop, bring_in):
    assert bring_in(ROW, "--until", "2015-06-01T00:00:00").code == 0
    assert clock(shop) == "2015-05-31T23:00:00+00:00"
    assert bring_in(ROW, "--until", "2015-04-01T00:00:00").code == 0
    assert bring_in(ROW).code == 0
    assert clock(shop) == "2015-05-31T23:00:00+00:00"


def test_what_is_due_for_members_outside_the_file_has_happened_too(shop, bring_in):
    assert bring_in(ROW, "--until", "2015-02-02T00:00:00").code == 0
    assert [account.balance for account in accounts(shop)] == [0]
    later = bring_in("2,MUG,Mug,1,2015-05-01 10:00:00,5.00,Bo\n", "--until", "2015-05-02T00:00:00")
    assert "points earned: 20" in later.out
    assert sorted(account.balance for account in accounts(shop)) == [0, 20]


def left_out(outcome):
    assert outcome.code == 0, outcome.err
    told = (line.removeprefix("rows left out, ").split(": ") for line in outcome.out.splitlines() if "left out" in line)
    return {reason: int(rows) for reason, rows in told if rows != "0"}


def test_a_document_on_both_sides_of_the_last_instant_comes_in_whole_and_once(shop, bring_in):
    rows = ROW + "1,COAT,Coat,1,2015-02-01 10:01:00,7.00,Ana\n"
    first = bring_in(rows, "--until", "2015-02-01T10:00:00")
    assert (left_out(first), "orders: 1" in first.out) == ({}, True)
    again = bring_in(rows, "--until", "2015-06-01T00:00:00")
    assert "documents known already: 1" in again.out
    assert [account.balance for account in accounts(shop)] == [34]


def test_a_file_of_which_nothing_goes_in_publishes_nothing(bring_in, jifen):
    huge = "1,MUG,Mug,1000000000,2015-02-01 10:00:00,9999999999.00,Ana\n"
    outcome = bring_in(huge, "--until", "2015-06-01T00:00:00")
    assert (outcome.code, outcome.err) == (1, "past.csv has no row that counts.\n")
    assert "there are 1." in jifen("program", "show", "--version", 9).err
    assert left_out(bring_in(huge + ROW.replace("1,", "2,", 1), "--until", "2015-06-01T00:00:00")) == {
        "beyond what an order can be": 1
    }


@pytest.mark.parametrize("cut", [-9, -400])
def test_a_packed_file_that_ends_too_soon_is_one_sentence(bring_in, cut):
    rows = "".join(f"{i},A{i * 7919 % 1000},d,1,2015-02-01 10:00:00,5.00,{i * 31 % 977}\n" for i in range(2000))
    outcome = bring_in(gzip.compress((HEAD + rows).encode())[:cut], name="past.csv.gz")
    assert (outcome.code, outcome.err.count("\n")) == (1, 1)
    assert outcome.err.startswith("past.csv.gz cannot be read: ")


def test_a_last_instant_at_the_end_of_the_calendar_is_refused(shop, bring_in):
    kept_for_ever = retail(**{"tiers.levels.1.acquire": "1.00", "tiers.levels.1.keep": "0"})
    outcome = bring_in(ROW, "--until", "9999-12-31T00:00:00", program=kept_for_ever)
    assert (outcome.code, outcome.err) == (
        1,
        "--until: “9999-12-31T00:00:00” lies outside of the years 1000 to 8999.\n",
    )
    assert accounts(shop) == []
