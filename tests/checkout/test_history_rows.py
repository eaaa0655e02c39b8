"""Which rows of another system's count, and what those are counted under that do not (R14). No database."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from checkout.history.rows import Columns, HistoryFileError, LeftOut, read_history
from program.document import read_document
from tests.support.programs import program, retail

HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID\n"
GOOD = "9,MUG,Mug,1,2015-02-01 10:00:00,5.00,Ana\n"
UNTIL = datetime(2015, 6, 1, tzinfo=UTC)
LONDON = read_document(retail())


@pytest.fixture
def read(tmp_path):
    def run(rows, *, until=UNTIL, under=LONDON, not_goods=("POST",)):
        file = tmp_path / "past.csv"
        file.write_text(HEAD + rows)
        return read_history(file, under, Columns(), frozenset(not_goods), until)

    return run


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,POST,d,x,soon,0,", LeftOut.NO_MEMBER),
        ("1,POST,d,x,soon,0,Ana", LeftOut.NOT_GOODS),
        ("1,A,d,x,soon,0,Ana", LeftOut.NO_PRICE),
        ("1,A,d,0,2015-02-01 10:00:00,-1,Ana", LeftOut.NO_PRICE),
        (",,d,1,soon,0.0049,Ana", LeftOut.NO_PRICE),
        ("1,A,d,1,2015-02-01 10:00:00,1e-999999999,Ana", LeftOut.NO_PRICE),
        ("1,A,d,1,2015-02-01 10:00:00,-1e999999999,Ana", LeftOut.NO_PRICE),
        ("1,A,d,0,soon,1,Ana", LeftOut.WRONG_QUANTITY),
        ("C1,A,d,2,soon,1,Ana", LeftOut.WRONG_QUANTITY),
        ("1,A,d,x,2015-02-01 10:00:00,1,Ana", LeftOut.UNREADABLE),
        ("1,A,d,1,soon,1,Ana", LeftOut.UNREADABLE),
        ("1,A,d,1,0001-01-01T00:00:00+14:00,1,Ana", LeftOut.UNREADABLE),
        ("1,A,d,1,0001-01-01 09:00:00,1,Ana", LeftOut.UNREADABLE),
        ("1,A,d,1,9999-12-31T23:59:59-14:00,1,Ana", LeftOut.UNREADABLE),
        ("1,A,d,1,9999-12-31 23:59:59,1,Ana", LeftOut.AFTER_UNTIL),
        ("1,A,d,1,2015-02-01 10:00:00,,Ana", LeftOut.UNREADABLE),
        ("1,A,d,1,2015-02-01 10:00:00,NaN,Ana", LeftOut.UNREADABLE),
        ("1,A,d,1,2015-02-01 10:00:00,1e999999999,Ana", LeftOut.UNREADABLE),
        ("1,A,d,1,2015-02-01 10:00:00,9999999999.995,Ana", LeftOut.UNREADABLE),
        ("1,A,d,1000000001,2015-02-01 10:00:00,0.01,Ana", LeftOut.UNREADABLE),
        ("1,A,d,1000000000,2015-02-01 10:00:00,9999999999.00,Ana", LeftOut.BEYOND_LIMITS),
    ],
)
def test_a_row_is_counted_under_the_first_reason_that_holds(read, row, reason):
    history = read(f"{row}\n{GOOD}")
    assert dict(history.left_out) == {reason: 1}
    assert [document.number for document in history.documents] == ["9"]


def test_a_price_is_rounded_once_however_long_it_is(read):
    (document,) = read(f"1,A,d,1,2015-02-01 10:00:00,1.00499{'9' * 40},Ana\n").documents
    assert [line.price.minor for line in document.lines.values()] == [100]


def test_a_document_is_taken_whole_by_its_earliest_row(read):
    both_sides = (
        "1,A,d,1,2015-06-01T00:01:00Z,7.00,Ana\n"
        "1,B,d,2,2015-06-01T00:00:00Z,5.00,Ana\n"
        "C2,B,d,-1,2015-06-01T00:00:00Z,5.00,Ana\n"
        "C2,A,d,-1,2015-06-01T00:01:00Z,7.00,Ana\n"
        "3,A,d,1,2015-06-01T00:00:01Z,7.00,Ana\n"
        "3,A,d,1,2015-06-01T00:00:02Z,7.00,Ana\n"
    )
    history = read(both_sides)
    assert dict(history.left_out) == {LeftOut.AFTER_UNTIL: 2}
    taken = {document.number: [line.sku for line in document.lines.values()] for document in history.documents}
    assert taken == {"1": ["A", "B"], "C2": ["B", "A"]}
    assert {document.at for document in history.documents} == {UNTIL}


def test_no_order_comes_in_that_nobody_could_be_told_of(read):
    too_much = (
        "1,A,d,500,2015-02-01 10:00:00,9999999.99,Ana\n"
        "1,B,d,600,2015-02-01 10:00:00,9999999.99,Ana\n"
        "2,A,d,600000000,2015-02-01 10:00:00,0.01,Ana\n"
        "2,A,d,600000000,2015-02-01 10:00:00,0.01,Ana\n"
        "C3,A,d,-600000000,2015-02-01 10:00:00,99.99,Ana\n"
    )
    history = read(too_much)
    assert dict(history.left_out) == {LeftOut.BEYOND_LIMITS: 4}
    assert [document.number for document in history.documents] == ["C3"]


def test_an_order_earns_no_more_points_than_anybody_can_have(read):
    generous = program(**{"points.rates.REGULAR": 1000, "tiers.levels.2.points_multiplier": "1000"})
    history = read("1,A,d,1,2015-02-01 10:00:00,9999999999.00,Ana\n", under=generous)
    assert dict(history.left_out) == {LeftOut.BEYOND_LIMITS: 1}


@pytest.mark.parametrize("damage", ["truncated", "damaged", "plain"])
def test_a_packed_file_that_is_damaged_is_one_sentence(tmp_path, damage):
    rows = "".join(f"{i},A{i * 7919 % 1000},d,1,2015-02-01 10:00:00,5.00,{i * 31 % 977}\n" for i in range(2000))
    packed = gzip.compress((HEAD + rows).encode())
    wrong = {"truncated": packed[:-400], "damaged": packed[:300] + b"\0\xff\0\xff" * 20 + packed[380:], "plain": b"x"}
    file = tmp_path / "past.csv.gz"
    file.write_bytes(wrong[damage])
    with pytest.raises(HistoryFileError, match=r"past\.csv\.gz cannot be read: "):
        read_history(file, LONDON, Columns(), frozenset(), UNTIL)
