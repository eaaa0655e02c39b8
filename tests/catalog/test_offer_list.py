"""The list of exchange offers: what is in force, what a member may redeem, pages both ways."""

from __future__ import annotations

import pytest

from catalog import stock
from catalog.checks import Translation
from catalog.columns import variants_t
from catalog.end_exchange_offer import end_exchange_offer
from catalog.offer_list import OfferFilter, OfferState, Redeemer, offer_count, offer_page
from catalog.save_category import SaveCategory, save_category
from kernel.paging import Window
from tests.support.catalog import DAY, offer, stock_goods, variant
from tests.support.members import NOON


def page(db, window=None, *, at=NOON, sort="NEWEST", **filter):
    with db.read() as conn:
        return offer_page(conn, window or Window(), at=at, filter=OfferFilter(**filter), sort=sort)


def points(db, **asked):
    return [o.points for o in page(db, **asked).items]


def test_the_shop_lists_what_is_in_force_of_goods_that_are_sold(db):
    stock_goods(db, "COAT")
    stock_goods(db, "HIDDEN", published=False)
    stock_goods(db, "GONE")
    offer(db, "COAT", points=1)
    offer(db, "COAT", points=2, starts_at=NOON + DAY)
    offer(db, "COAT", points=3, ends_at=NOON + DAY)
    offer(db, "HIDDEN", points=4)
    offer(db, "GONE", points=5)
    with db.write() as tx:
        tx.execute(variants_t.update().where(variants_t.c.sku == "GONE").values(active=False))
    assert set(points(db)) == {1, 3}
    assert set(points(db, at=NOON + DAY)) == {1, 2}
    assert set(points(db, at=None)) == {1, 2, 3, 4, 5}
    assert points(db, at=None, sku="HIDDEN") == [4]
    with db.read() as conn:
        assert offer_count(conn, at=NOON) == 2
        assert offer_count(conn, at=None) == 5


@pytest.mark.parametrize("sort", ["NEWEST", "POINTS_ASC", "POINTS_DESC"])
def test_pages_go_on_where_the_last_ended_both_ways(db, sort):
    stock_goods(db, "COAT")
    for i, value in enumerate((5, 3, 3, 3, 9, 1, 5)):
        offer(db, "COAT", points=value, now=NOON + (i // 2) * DAY)
    keys = [o.key for o in page(db, sort=sort).items]
    assert len(keys) == 7
    first = page(db, Window(size=4), sort=sort)
    rest = page(db, Window(size=4, after=first.items[-1].key), sort=sort)
    assert [o.key for o in (*first.items, *rest.items)] == keys
    assert (first.has_next, rest.has_next) == (True, False)
    last = page(db, Window(size=2, backwards=True), sort=sort)
    assert [o.key for o in last.items] == keys[-2:]
    assert last.has_previous


def test_offers_sort_by_points_and_are_new_first(db):
    stock_goods(db, "COAT")
    for i, value in enumerate((20, 30, 10)):
        offer(db, "COAT", points=value, now=NOON + i * DAY)
    assert points(db, sort="POINTS_ASC") == [10, 20, 30]
    assert points(db, sort="POINTS_DESC") == [30, 20, 10]
    assert points(db) == [10, 30, 20]


def test_offers_are_narrowed_by_category_and_points(db):
    with db.write() as tx:
        save_category(tx, SaveCategory(slug="home", name="Home"))
        save_category(tx, SaveCategory(slug="lamps", name="Lamps", parent_slug="home"))
    stock_goods(db, "LAMP", category_slug="lamps")
    stock_goods(db, "COAT")
    offer(db, "LAMP", points=10)
    offer(db, "LAMP", points=30)
    offer(db, "COAT", points=20)
    assert points(db, sort="POINTS_ASC", category_slug="home") == [10, 30]
    assert points(db, sort="POINTS_ASC", max_points=20) == [10, 20]
    assert points(db, sort="POINTS_ASC", category_slug="home", max_points=20) == [10]


def test_redeemable_is_what_tier_points_quota_and_limit_allow(db):
    stock_goods(db, "COAT")
    stock_goods(db, "VIPONLY", required_tier_code="VIP")
    plain = offer(db, "COAT", points=100)
    vip = offer(db, "COAT", points=101, required_tier_code="VIP")
    goods = offer(db, "VIPONLY", points=102)
    dear = offer(db, "COAT", points=501)
    quota = offer(db, "COAT", points=103, quota=2)
    limit = offer(db, "COAT", points=104, per_member_limit=2)
    with db.write() as tx:
        stock.redeem(tx, {quota: 2}, NOON)

    def redeemable(*tiers, available=500, used=None):
        items = page(db, redeemer=Redeemer(tiers, available, used or {})).items
        return {o.id for o in items}

    assert redeemable("ORDINARY") == {plain, limit}
    assert redeemable("ORDINARY", "VIP") == {plain, vip, goods, limit}
    assert redeemable("ORDINARY", available=501) == {plain, limit, dear}
    assert redeemable("ORDINARY", used={limit: 1}) == {plain, limit}
    assert redeemable("ORDINARY", used={limit: 2, plain: 7}) == {plain}
    assert redeemable("ORDINARY", available=0) == set()


@pytest.mark.parametrize(
    ("state", "expected"),
    [(OfferState.NOW, {1, 2, 3}), (OfferState.AHEAD, {4, 5}), (OfferState.OVER, {6, 7})],
)
def test_offers_are_narrowed_by_how_their_windows_lie_to_an_instant(db, state, expected):
    stock_goods(db, "COAT")
    offer(db, "COAT", points=1)
    offer(db, "COAT", points=2, starts_at=NOON + DAY)
    offer(db, "COAT", points=3, starts_at=NOON, ends_at=NOON + DAY * 2)
    offer(db, "COAT", points=4, starts_at=NOON + DAY * 2)
    offer(db, "COAT", points=5, starts_at=NOON + DAY * 2, ends_at=NOON + DAY * 3)
    offer(db, "COAT", points=6, ends_at=NOON + DAY)
    taken_back = offer(db, "COAT", points=7, starts_at=NOON + DAY * 2)
    with db.write() as tx:
        end_exchange_offer(tx, taken_back, now=NOON)
    assert set(points(db, at=None, state=(state, NOON + DAY))) == expected
    with db.read() as conn:
        assert offer_count(conn, at=None, filter=OfferFilter(state=(state, NOON + DAY))) == len(expected)


def test_offers_are_found_by_the_names_of_their_goods_and_by_sku(db):
    silent = {"translations": (Translation("en", "Silent mouse"),), "slug": "mouse", "name": "静音鼠标"}
    stock_goods(db, "M-1", variants=(variant("M-1"), variant("M-2")), **silent)
    stock_goods(db, "COAT", name="Wool coat")
    for value, sku in enumerate(("M-1", "M-2", "COAT"), 1):
        offer(db, sku, points=value)
    for search, expected in {
        "鼠标": {1, 2},
        "silent MOU": {1, 2},
        "wool": {3},
        "m": {1, 2},
        " M-2 ": {2},
        "nothing": set(),
        "?!": set(),
        "  ": {1, 2, 3},
    }.items():
        assert set(points(db, at=None, search=search)) == expected, search
