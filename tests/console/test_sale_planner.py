"""The sale planner without a browser: what is planned and ended, what is refused, what it costs the database."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from catalog.save_product import SaveProduct, SaveVariant, save_product
from console.catalogue import sale_deeds
from tests.support.catalog import statements
from tests.support.catalogue_desk import actions, form_of, product_of, specials_of, variant_of
from tests.support.console import plain


def plan(browser, skus="SHIRT SOCKS", **fields):
    given = {"skus": skus, "mode": "off", "percent": "20", "rounding": "EXACT", "priceClass": "SALE", **fields}
    return browser.send("/console/sales/new", **given)


def test_a_sale_is_planned_for_several_skus_at_once_with_an_entry_for_each(goods):
    browser = goods.as_("MERCHANDISER", "en")
    answer = plan(browser, startsAt="2026-02-01T00:00", endsAt="2026-02-15T00:00")
    assert answer.status_code == 303, plain(answer.text)
    for sku, price in (("SHIRT", 8_000), ("SOCKS", 2_040)):
        (special,) = specials_of(goods, sku)
        assert (special.price, special.starts_at) == (price, goods.play.local("2026-02-01T00:00"))
        assert actions(goods, variant_of(goods, sku).id) == [("merchandiser@shop.test", "planSpecialPrice")]


def test_an_overlap_is_told_at_the_start_with_the_sku_and_then_nothing_is_planned_at_all(goods):
    goods.play.special("SOCKS", "20.00", starts="2026-02-10T00:00", ends="2026-02-20T00:00")
    browser = goods.as_("MERCHANDISER", "en")
    answer = plan(browser, startsAt="2026-02-01T00:00", endsAt="2026-02-15T00:00")
    assert answer.status_code == 422
    beside = re.search(r'id="startsAt-error">([^<]+)<', answer.text)
    assert beside
    assert beside[1].startswith("SOCKS: ")
    assert specials_of(goods, "SHIRT") == []
    assert "1 of 2 can be planned" in plain(answer.text)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"skus": ""}, "skus"),
        ({"skus": "NOTHING-HAS-IT"}, "skus"),
        ({"percent": ""}, "percent"),
        ({"percent": "100"}, "percent"),
        ({"mode": "fixed", "price": ""}, "price"),
        ({"mode": "fixed", "price": "100"}, "price"),
        ({"mode": "fixed", "price": "9.999"}, "price"),
        ({"startsAt": "2025-01-01T00:00"}, "startsAt"),
        ({"startsAt": "2026-03-01T00:00", "endsAt": "2026-02-01T00:00"}, "endsAt"),
    ],
)
def test_what_cannot_be_planned_is_told_at_its_field(goods, fields, field):
    answer = plan(goods.as_("MERCHANDISER", "en"), **{"skus": "SHIRT", **fields})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert specials_of(goods, "SHIRT") == []


def test_what_a_plan_comes_to_is_shown_before_anything_is_planned(goods):
    browser = goods.as_("MERCHANDISER", "en")
    answer = plan(browser, step="look", rounding="NINE", percent="15")
    assert "79.00" in answer.text
    assert specials_of(goods, "SHIRT") == []
    shown = browser.send("/console/sales/look", skus="SHIRT", mode="fixed", price="66.6", percent="", rounding="EXACT")
    assert "66.60" in shown.text
    assert "<html" not in shown.text


def test_more_goods_than_are_planned_together_are_told_with_their_number_and_none_is_lost(goods):
    for n in range(6):
        variants = tuple(SaveVariant(f"BOX-{n}-{i:02}", Decimal(10), on_hand=1) for i in range(100))
        with goods.play.db.write() as tx:
            command = SaveProduct(slug=f"box-{n}", name=f"Box {n}", variants=variants)
            save_product(tx, command, now=goods.play.now, program=goods.play.program)
    browser = goods.as_("MERCHANDISER", "en")
    ids = [product_of(goods, f"BOX-{n}-00").id for n in range(6)]
    answer = browser.get("/console/sales/new?" + "&".join(f"product={id_}" for id_ in ids))
    assert answer.status_code == 200
    assert "These are 600 SKUs. At most 500 are planned at once" in plain(answer.text)
    skus = form_of(answer.text)["skus"].split()
    assert len(skus) == 600
    assert "These are 600 SKUs" in plain(plan(browser, " ".join(skus)).text)
    assert specials_of(goods, "BOX-0-00") == []
    named = browser.get(f"/console/sales/new?sku={','.join(skus[:500])}")
    assert form_of(named.text)["skus"].split() == skus[:500]
    assert "At most 500" not in plain(named.text)


def test_planning_and_ending_a_sale_takes_as_many_statements_for_forty_skus_as_for_two(console):
    play, counted = console.play, []
    browser = console.as_("MERCHANDISER", "en")
    for most in (2, 40):
        skus = [f"S{most}-{n}" for n in range(most)]
        for sku in skus:
            play.stock(sku, "100.00")
        with statements(play.db.engines[0]) as planning:
            assert plan(browser, " ".join(skus), startsAt="2026-02-01T00:00").status_code == 303
        ids = ",".join(specials_of(console, sku)[0].id for sku in skus)
        with statements(play.db.engines[0]) as ending:
            assert browser.send("/console/sales/end", ids=ids).status_code == 303
        counted.append((len(planning), len(ending)))
        for sku in skus:
            assert specials_of(console, sku) == []
            done = [action for _, action in actions(console, variant_of(console, sku).id)]
            assert done == ["endSpecialPrice", "planSpecialPrice"]
    assert counted[0] == counted[1]
    assert max(counted[0]) <= 20


def test_ending_a_sale_ends_it_now_and_takes_back_what_has_not_begun(goods):
    goods.play.special("SHIRT", "80.00")
    goods.play.special("SOCKS", "20.00", starts="2026-02-10T00:00")
    goods.play.later(hours=1)
    browser = goods.as_("MERCHANDISER", "en")
    ids = ",".join(specials_of(goods, sku)[0].id for sku in ("SHIRT", "SOCKS"))
    page = browser.text(f"/console/sales/end?ids={ids}")
    assert "back to CN¥100.00" in page
    assert "will not begin" in page
    assert browser.send("/console/sales/end", ids=ids).status_code == 303
    assert specials_of(goods, "SHIRT") == specials_of(goods, "SOCKS") == []


def test_what_is_ticked_in_the_list_is_ended_together(goods):
    goods.play.stock("HAT", "30.00")
    for sku in ("SHIRT", "SOCKS", "HAT"):
        goods.play.special(sku, "20.00", starts="2026-02-01T00:00")
    browser = goods.as_("MERCHANDISER", "en")
    ticks = re.findall(r'name="ids" value="([^"]+)"', browser.get("/console/sales").text)
    assert len(ticks) == 3
    page = browser.get(f"/console/sales/end?ids={ticks[0]}&ids={ticks[2]}").text
    assert "SHIRT · SHIRT" in page
    assert "HAT · HAT" in page
    assert "SOCKS" not in page
    browser.send("/console/sales/end", ids=form_of(page)["ids"])
    assert [len(specials_of(goods, sku)) for sku in ("SHIRT", "SOCKS", "HAT")] == [0, 1, 0]


def test_all_of_a_window_is_ended_at_once_whatever_page_it_stands_on_and_nothing_else_is(console, monkeypatch):
    browser = console.as_("MERCHANDISER", "en")
    skus = [f"S-{n:02}" for n in range(60)]
    for sku in (*skus, "OTHER", "GROUP"):
        console.play.stock(sku, "100.00")
    window = {"startsAt": "2026-02-01T00:00", "endsAt": "2026-02-15T00:00"}
    plan(browser, " ".join(skus), **window)
    plan(browser, "GROUP", **window, priceClass="GROUP_BUY")
    plan(browser, "OTHER", startsAt="2026-02-01T00:00")
    page = browser.get("/console/sales").text
    assert page.count("Take back all 60 of this window") == 1
    path = re.search(r'href="([^"]+/end\?window=[^"]+)"', page)[1]
    monkeypatch.setattr(sale_deeds, "MOST_AT_ONCE", 50)
    cut = browser.get(path).text
    assert "50 now. The other 10 stay as they are" in plain(cut)
    browser.send("/console/sales/end", ids=form_of(cut)["ids"])
    assert sum(len(specials_of(console, sku)) for sku in skus) == 10
    page = browser.get("/console/sales").text
    path = re.search(r'href="([^"]+/end\?window=[^"]+)"', page)[1]
    browser.send("/console/sales/end", ids=form_of(browser.get(path).text)["ids"])
    assert sum(len(specials_of(console, sku)) for sku in skus) == 0
    assert [len(specials_of(console, sku)) for sku in ("OTHER", "GROUP")] == [1, 1]
    assert browser.get(path).status_code == 404


def test_more_than_may_be_ended_at_once_is_not_ended_in_part(goods, monkeypatch):
    monkeypatch.setattr(sale_deeds, "MOST_AT_ONCE", 1)
    ids: list[str] = []
    for sku in ("SHIRT", "SOCKS"):
        goods.play.special(sku, "20.00")
        ids += [special.id for special in specials_of(goods, sku)]
    browser = goods.as_("MERCHANDISER", "en")
    browser.send("/console/sales/end", ids=",".join(ids))
    assert "At most 1 at once. Nothing was ended." in browser.text("/console/sales")
    assert len(specials_of(goods, "SHIRT")) == 1


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_no_sale_begins_or_ends_where_time_does(goods, moment):
    browser = goods.as_("MERCHANDISER", "en")
    for name in ("startsAt", "endsAt"):
        for step in ("", "look"):
            answer = plan(browser, **{name: moment, "step": step})
            assert f'id="{name}-error"' in answer.text
