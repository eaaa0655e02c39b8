"""Which goods to clear, a page at a time."""

from __future__ import annotations

from checkout.slow_goods import slow_count, slow_page
from kernel.paging import Window


def page(shop, window=None):
    with shop.db.read() as conn:
        return slow_page(conn, window or Window(100), now=shop.now, days=28, weeks=13)


def test_goods_to_clear_go_on_where_the_last_page_ended_both_ways(shop):
    for n in range(6):
        shop.stock(f"DEAD-{n}", "10.00", 5 + n // 2)
        shop.stock(f"SLOW-{n}", "10.00", 100)
    shop.stock("QUICK", "10.00", 100)
    ana = shop.enrol("Ana")
    shop.days_later(40)
    shop.buy(ana, {"QUICK": 60, **{f"SLOW-{n}": 1 + n // 3 for n in range(6)}})
    everything = [goods.variant_id for goods in page(shop).items]
    # What nobody bought comes first, and of it what has most money in it.
    pairs = [set(everything[n : n + 2]) for n in (0, 2, 4)]
    assert pairs == [{shop.variants[f"DEAD-{n}"], shop.variants[f"DEAD-{n + 1}"]} for n in (4, 2, 0)]
    assert set(everything) == {id_ for sku, id_ in shop.variants.items() if sku != "QUICK"}
    with shop.db.read() as conn:
        assert slow_count(conn, now=shop.now, days=28, weeks=13) == 12
    seen, window = [], Window(5)
    while True:
        found = page(shop, window)
        seen += [goods.variant_id for goods in found.items]
        if not found.has_next:
            break
        window = Window(5, after=found.items[-1].key)
    assert seen == everything
    back = page(shop, Window(5, before=page(shop).items[7].key, backwards=True))
    assert [goods.variant_id for goods in back.items] == everything[2:7]
    assert (back.has_previous, back.has_next) == (True, True)


def test_a_category_narrows_what_is_counted_too(shop):
    shop.stock("DEAD", "10.00", 5)
    shop.days_later(40)
    with shop.db.read() as conn:
        assert slow_count(conn, now=shop.now, days=28, weeks=13, category_slug="lamps") == 0
        assert slow_count(conn, now=shop.now, days=28, weeks=13) == 1
