"""A shop's past is brought along: each document once, under one number, whatever the other system called it (R14)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from api.reports import history_lines
from checkout.history.import_history import import_history
from checkout.history.names import kept_as
from checkout.history.rows import Columns
from checkout.leaving.delete_account import delete_account
from checkout.orders import orders_t
from checkout.returns.records import returns_t
from kernel.refusals import InvalidInput
from members.register import members_t
from tests.support.joining import bind, by_phone, by_wechat
from tests.support.programs import retail, vancl
from tests.support.shop import refused

UNTIL = datetime(2026, 12, 1, tzinfo=UTC)
HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID\n"


@pytest.fixture
def bring_in(shop, tmp_path):
    """Imports rows of (document, SKU, quantity, day of January 2026, member), at 10.00 each."""

    def run(*rows, until=UNTIL, document=None):
        file = tmp_path / "past.csv"
        lines = (f"{doc},{sku},{sku},{units},2026-01-{day:02} 10:00,10.00,{who}" for doc, sku, units, day, who in rows)
        file.write_text(HEAD + "\n".join(lines))
        return import_history(
            shop.shop,
            file,
            document=document or vancl(),
            not_goods=frozenset(),
            until=until,
            columns=Columns(),
            progress=lambda done, of: None,
        )

    return run


def numbers(shop, table):
    with shop.db.read() as conn:
        return sorted(conn.execute(select(table.c.number)).scalars())


def test_two_members_with_one_document_number_keep_an_order_each(shop, bring_in):
    rows = [("100", "MUG", 1, 5, "A"), ("100", "MUG", 2, 6, "B"), ("100~mB", "MUG", 3, 7, "C")]
    report = bring_in(*rows)
    assert (report.members, report.orders) == (3, 3)
    assert numbers(shop, orders_t) == ["100", "100~mB", "100~~mB"]
    assert "kept under another number: 100: member B, as 100~mB" in list(history_lines(report))
    again = bring_in(*rows)
    assert (again.members, again.orders, again.known_documents, again.renamed) == (0, 0, 3, [])
    assert again.late_documents == []


def test_members_are_counted_by_tier_from_the_lowest_to_the_highest(bring_in):
    rows = [("1", "COAT", 1000, 5, "Rich"), ("2", "MUG", 1, 5, "A"), ("3", "MUG", 1, 5, "B")]
    report = bring_in(*rows, until=datetime(2026, 6, 1, tzinfo=UTC))
    assert list(report.members_by_tier.items()) == [("ORDINARY", 2), ("VIP", 1), ("SVIP", 0)]


def test_a_number_that_somebody_has_already_is_told_apart_in_a_later_file_too(shop, bring_in):
    bring_in(("100", "MUG", 1, 5, "A"), ("101", "MUG", 1, 5, "B"), until=datetime(2026, 1, 8, tzinfo=UTC))
    later = [("100", "MUG", 1, 9, "B"), ("101", "MUG", 1, 9, "D")]
    assert bring_in(*later).orders == 2
    assert numbers(shop, orders_t) == ["100", "100~mB", "101", "101~mD"]
    assert (bring_in(*later).orders, bring_in(*later).known_documents) == (0, 2)


def test_a_return_from_two_orders_never_takes_the_number_of_another_return(shop, bring_in):
    rows = [
        ("1", "MUG", 1, 1, "A"),
        ("2", "MUG", 2, 2, "A"),
        ("C3", "MUG", -2, 3, "A"),
        ("C3-2", "MUG", -1, 4, "A"),
        ("C3", "MUG", -1, 4, "B"),
        ("1", "MUG", 1, 1, "B"),
    ]
    report = bring_in(*rows)
    assert (report.orders, report.returns, report.return_documents, report.no_purchase) == (3, 3, 3, [])
    assert numbers(shop, returns_t) == ["C3", "C3-2", "C3~mB"]
    rows.append(("C4", "MUG", -1, 5, "A"))
    assert bring_in(*rows).no_purchase[0].document == "C4"


def test_one_return_of_several_orders_is_one_for_each(shop, bring_in):
    rows = [("1", "MUG", 1, 1, "A"), ("2", "MUG", 1, 2, "A"), ("C3", "MUG", -2, 3, "A"), ("C3-2", "MUG", -1, 4, "A")]
    report = bring_in(*rows)
    assert (report.returns, report.return_documents) == (2, 2)
    assert numbers(shop, returns_t) == ["C3", "C3~2"]
    again = bring_in(*rows)
    assert (again.returns, again.known_documents) == (0, 3)
    assert [lost.document for lost in again.no_purchase] == ["C3-2"]


def test_no_two_documents_are_called_the_same():
    texts = ["a", "a~", "~a", "~", "m", "a~m", "a~2", "~~", "2", "a~mm"]
    called = {
        kept_as(number, member=member, part=part): (number, member, part)
        for number in texts
        for member in (None, *texts)
        for part in (1, 2, 22)
    }
    assert len(called) == len(texts) * (len(texts) + 1) * 3


def other_tiers():
    return vancl(**{"tiers.levels.1.code": "GOLD", "tiers.levels.1.acquire": "1.00"})


def test_a_later_version_without_a_tier_of_the_history_is_told_and_nothing_comes_in(shop, bring_in):
    shop.publish(vancl(**{"settlement.days": 20}), effective="2026-03-01T00:00")
    with refused(InvalidInput) as told:
        bring_in(("1", "MUG", 1, 5, "A"), document=other_tiers())
    facts = (("tier", "GOLD"), ("version", "2"))
    (refusal,) = told.refusals
    assert (refusal.path, refusal.reason, refusal.facts) == (
        ("program", "tiers", "levels"),
        "later_version_lacks_tier",
        facts,
    )
    assert numbers(shop, orders_t) == []
    assert bring_in(("1", "MUG", 1, 5, "A")).orders == 1


def test_a_shop_in_another_currency_by_now_does_not_take_a_history(shop, bring_in):
    shop.at("2026-01-20T09:00")
    shop.publish(retail())
    with refused(InvalidInput, InvalidInput) as told:
        bring_in(("1", "MUG", 1, 5, "A"))
    assert [(refusal.path[-1], refusal.reason) for refusal in told.refusals] == [
        ("currency", "later_version_differs"),
        ("timezone", "later_version_differs"),
    ]


def test_a_history_runs_under_its_program_where_another_one_took_over_from_it(shop, bring_in):
    shop.publish(vancl(**{"points.rates.REGULAR": "7"}))
    shop.at("2026-06-01T09:00")
    assert bring_in(("1", "MUG", 1, 5, "A"), until=shop.now).points["EARNED"] == 20


def test_a_tier_that_a_shop_has_given_up_since_does_not_stand_in_the_way_of_the_same_file(shop, bring_in):
    file = [("1", "MUG", 1, 5, "A")]
    assert bring_in(*file, until=shop.local("2026-02-01T00:00")).orders == 1
    shop.at("2026-03-01T09:00")
    shop.publish(other_tiers())
    assert bring_in(*file, until=shop.now).known_documents == 1
    with refused(InvalidInput):
        bring_in(*file, ("2", "MUG", 1, 6, "B"), until=shop.now)


def number_of(shop, member):
    with shop.db.read() as conn:
        return conn.execute(select(members_t.c.number).where(members_t.c.id == member)).scalar_one()


def member_called(shop, number):
    with shop.db.read() as conn:
        return conn.execute(select(members_t.c.id).where(members_t.c.number == number)).scalar_one()


def test_a_purchase_from_before_a_review_that_took_a_tier_came_too_late(shop, bring_in):
    nothing = vancl(**{"points.rates.REGULAR": 0, "settlement.days": 0})
    ana = by_phone(shop, tier="VIP")
    shop.at("2027-01-10T09:00")
    bring_in(("1", "MUG", 1, 5, number_of(shop, ana)), document=nothing, until=shop.local("2026-02-01T00:00"))
    assert [period.reason for period in shop.tier_periods(ana)] == ["JOINED", "MANUAL", "DOWNGRADED"]
    late = bring_in(("2", "MUG", 1, 20, number_of(shop, ana)), document=nothing, until=shop.now)
    assert (late.orders, late.late_documents) == (0, ["2"])


def test_a_purchase_from_before_a_settlement_without_points_came_too_late(shop, bring_in):
    nothing = vancl(**{"points.rates.REGULAR": 0})
    file = [("1", "COAT", 100, 1, "A")]
    bring_in(*file, until=shop.local("2026-02-02T00:00"), document=nothing)
    late = bring_in(*file, ("2", "COAT", 1, 31, "A"), document=nothing)
    assert (late.orders, late.late_documents) == (0, ["2"])


def test_what_a_member_bought_elsewhere_before_joining_here_comes_in(shop, bring_in):
    shop.at("2026-02-20T09:00")
    bo = number_of(shop, shop.enrol("Bo"))
    assert bring_in(("1", "MUG", 1, 5, bo), until=shop.now).orders == 1


def test_a_return_that_came_too_late_is_told_apart_from_one_without_a_purchase(bring_in):
    bring_in(("1", "MUG", 2, 5, "A"), ("2", "MUG", 1, 10, "A"))
    late = bring_in(
        ("1", "MUG", 2, 5, "A"),
        ("2", "MUG", 1, 10, "A"),
        ("3", "CUP", 1, 6, "A"),
        ("C4", "MUG", -1, 7, "A"),
        ("C5", "CUP", -1, 8, "A"),
        ("C6", "CUP", -1, 5, "A"),
        ("C7", "MUG", -5, 8, "A"),
    )
    assert (late.returns, late.known_documents) == (0, 2)
    assert late.late_documents == ["3", "C4", "C5", "C7"]
    assert [(lost.document, lost.sku, lost.quantity) for lost in late.no_purchase] == [
        ("C6", "CUP", 1),
        ("C7", "MUG", 3),
    ]


def test_what_comes_for_a_joined_account_is_booked_where_its_member_is_now(shop, bring_in):
    mini = by_wechat(shop)
    first = ("1", "MUG", 1, 5, number_of(shop, mini))
    shop.at("2026-01-08T09:00")
    bring_in(first, until=shop.now)
    ana = by_phone(shop)
    into = bind(shop, mini)
    assert into == ana
    shop.at("2026-06-01T09:00")
    again = bring_in(
        first,
        ("2", "MUG", 1, 20, number_of(shop, mini)),
        ("3", "MUG", 1, 21, number_of(shop, ana)),
        ("C4", "MUG", -1, 22, number_of(shop, ana)),
        until=shop.now,
    )
    assert (again.members, again.known_documents, again.orders, again.returns) == (0, 1, 2, 1)
    assert (shop.points(ana), shop.points(mini), shop.account(mini).next_due_at) == (40, 0, None)


def test_nothing_is_booked_for_a_member_who_has_left(shop, bring_in):
    ana = by_phone(shop)
    first = ("1", "MUG", 1, 5, number_of(shop, ana))
    shop.at("2026-03-01T09:00")
    bring_in(first, until=shop.now)
    delete_account(shop.shop, ana)
    shop.at("2026-06-01T09:00")
    again = bring_in(first, ("2", "MUG", 1, 20, number_of(shop, ana)), until=shop.now)
    assert (again.known_documents, again.orders, again.closed_documents) == (1, 0, ["2"])
    assert "account is closed: 2" in list(history_lines(again))
    assert (shop.points(ana), shop.account(ana).next_due_at) == (0, None)
