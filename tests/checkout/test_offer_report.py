"""Which offers were redeemed in a time, and what they brought."""

from __future__ import annotations

import pytest

from checkout.offer_report import redeemed_page, redeemed_totals
from kernel.paging import Window


@pytest.fixture
def redeemed(shop):
    """An old offer that sells and sells, and a hundred and ten younger ones that were redeemed once or never."""
    ana = shop.enrol("Ana", points=100_000)
    shop.stock("MUG", "20.00")
    shop.offer("OLD", "MUG", "15.00", 250)
    shop.later(hours=1)
    for n in range(110):
        shop.offer(f"NEW-{n}", "MUG", "15.00", 251)
    shop.sell(ana, {"OLD": 7, "NEW-0": 2, "NEW-1": 2, "NEW-2": 1})
    shop.days_later(10)
    shop.sell(ana, {"NEW-3": 3})
    return shop


def page(shop, window=None, since=None, until=None):
    names = {id_: name for name, id_ in shop.offers.items()}
    with shop.db.read() as conn:
        found = redeemed_page(conn, window or Window(100), since, until)
    return [(names[tally.offer_id], tally.units) for tally in found.items], found


def test_the_most_redeemed_come_first_however_long_ago_they_were_made(redeemed):
    told, _ = page(redeemed)
    assert told[:2] == [("OLD", 7), ("NEW-3", 3)]
    assert sorted(told[2:]) == [("NEW-0", 2), ("NEW-1", 2), ("NEW-2", 1)]
    since = redeemed.local("2026-01-05T00:00")
    assert page(redeemed, since=since)[0] == [("NEW-3", 3)]
    assert page(redeemed, until=since)[0][0] == ("OLD", 7)
    assert len(page(redeemed, until=since)[0]) == 4


def test_the_report_goes_on_where_its_last_page_ended(redeemed):
    everything, _ = page(redeemed)
    first, found = page(redeemed, Window(3))
    rest, last = page(redeemed, Window(3, after=found.items[-1].key))
    assert first + rest == everything
    assert (found.has_next, last.has_next) == (True, False)
    back, _ = page(redeemed, Window(2, before=last.items[-1].key, backwards=True))
    assert back == everything[-3:-1]


@pytest.mark.parametrize("worth", [200, 199, 1])
def test_the_totals_are_what_the_rows_of_all_pages_add_up_to(redeemed, worth):
    tallies = page(redeemed)[1].items
    with redeemed.db.read() as conn:
        totals = redeemed_totals(conn, worth, None, None)
        nothing = redeemed_totals(conn, worth, redeemed.now.replace(year=2030), None)
    assert (totals.offers, totals.units) == (5, 15)
    assert totals.points == sum(tally.points for tally in tallies)
    assert totals.cash == sum(tally.cash for tally in tallies)
    assert totals.given_away == sum(tally.given_away(worth) for tally in tallies)
    assert (nothing.offers, nothing.units, nothing.given_away) == (0, 0, 0)
