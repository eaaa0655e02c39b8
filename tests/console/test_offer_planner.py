"""The offer planner without a browser: what its form does and warns of, what an offer brought, what to clear."""

from __future__ import annotations

import re

import pytest

from tests.support.catalogue_desk import OFFER, actions, offers, product_of
from tests.support.console import plain


def test_an_offer_is_made_changed_without_losing_its_seconds_and_ended(goods):
    browser = goods.as_("MERCHANDISER", "en")
    answer = browser.send("/console/offers/new", **OFFER, quota="5", dailyLimit="1", endsAt="2026-05-01T00:00")
    assert answer.status_code == 303, plain(answer.text)
    (offer,) = offers(goods)
    assert (offer.cash, offer.points, offer.quota, offer.daily_limit) == (8_000, 1_000, 5, 1)
    path = f"/console/offers/{offer.id}"
    assert "20.0%" in browser.text(path)
    fields = {**all_fields(browser.get(f"{path}/edit").text), "points": "900", "csrf": browser.token}
    assert browser.client.post(f"{path}/edit", data=fields).status_code == 303
    assert offers(goods)[0].points == 900
    assert offers(goods)[0].ends_at == offer.ends_at
    assert browser.send(f"{path}/end").status_code == 303
    assert not offers(goods)[0].holds_at(goods.play.now)
    done = [action for _, action in actions(goods, offer.id)]
    assert done == ["endExchangeOffer", "saveExchangeOffer", "saveExchangeOffer"]


def test_a_planned_offer_that_is_ended_is_open_to_nobody_even_while_the_clock_stands(goods):
    goods.play.offer("X", "SHIRT", "80.00", 1_000, starts="2026-02-01T00:00", ends="2026-03-01T00:00")
    (offer,) = offers(goods)
    browser = goods.as_("MERCHANDISER", "en")
    path = f"/console/offers/{offer.id}"
    assert "It will not begin" in browser.text(f"{path}/end")
    assert browser.send(f"{path}/end").status_code == 303
    assert "The offer has ended" in browser.text(path)
    assert browser.get(f"{path}/end").status_code == 404
    for instant in (goods.play.now, goods.play.local("2026-02-15T00:00")):
        assert not offers(goods)[0].holds_at(instant)


def all_fields(page: str) -> dict[str, str]:
    html = page[page.index('<form id="offer"') :]
    html = html[: html.index("</form>")]
    return dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*?value="([^"]*)"', html))


def test_an_offer_with_seconds_in_its_window_keeps_them_when_the_form_is_sent_again(goods):
    goods.play.later(seconds=17)
    goods.play.offer("X", "SHIRT", "80.00", 1_000, ends="2026-05-01T00:00:31")
    (offer,) = offers(goods)
    browser = goods.as_("MERCHANDISER")
    page = browser.get(f"/console/offers/{offer.id}/edit").text
    browser.client.post(f"/console/offers/{offer.id}/edit", data={**all_fields(page), "csrf": browser.token})
    assert offers(goods)[0].ends_at == offer.ends_at
    assert actions(goods, offer.id) == []


def test_the_planner_tells_what_the_offer_gives_away_and_warns_outside_the_guidance(goods):
    browser = goods.as_("MERCHANDISER", "en")
    inside = plain(browser.send("/console/offers/figures", **OFFER).text)
    assert "20.0%" in inside
    assert "CN¥2.00" in inside
    assert "Inside the program's guidance" in inside
    outside = plain(browser.send("/console/offers/figures", **{**OFFER, "cash": "50"}).text)
    assert "50.0%" in outside
    assert "above the guidance" in outside
    for nothing in (
        {"points": "0"},
        {"points": "x"},
        {"cash": "100"},
        {"cash": "-1"},
        {"sku": "NONE"},
        {"sku": "\x00"},
    ):
        answer = browser.send("/console/offers/figures", **{**OFFER, **nothing})
        assert answer.status_code == 200
        assert "outcome" not in answer.text
    assert offers(goods) == []


def test_a_suggestion_that_is_chosen_without_a_script_fills_the_form(goods):
    browser = goods.as_("MERCHANDISER", "en")
    page = browser.get("/console/offers/new?sku=SHIRT").text
    take = re.search(r'name="take"[^>]*value="([^"]+)"', page)[1].replace("&#34;", '"')
    answer = browser.send("/console/offers/new", sku="SHIRT", take=take, quota="7")
    fields = all_fields(answer.text)
    assert fields["points"].isdecimal()
    assert fields["quota"] == "7"
    assert "Inside the program's guidance" in plain(answer.text)
    assert offers(goods) == []


def test_what_an_offer_brought_is_told_with_who_redeemed_it(goods):
    play = goods.play
    play.offer("X", "SHIRT", "80.00", 1_000)
    member = play.enrol("Ana", points=5_000)
    play.sell(member, {"X": 2})
    browser = goods.as_("MERCHANDISER", "en")
    page = browser.text(f"/console/offers/{offers(goods)[0].id}")
    assert "2,000" in page
    assert "CN¥160.00" in page
    assert "2,000" in browser.text("/console/offers/report")
    assert "Nobody redeemed" in browser.text("/console/offers/report?to=2025-01-01")


def test_goods_to_clear_say_how_many_they_are_and_go_on_over_the_page(console):
    for n in range(60):
        console.play.stock(f"DEAD-{n:02}", "10.00", 5)
    console.play.days_later(100)
    browser = console.as_("ANALYST", "en")
    page = browser.get("/console/offers/clear").text
    assert "60 SKUs, on sale for more than 90 days" in plain(page)
    following = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    page += browser.get(following).text
    assert set(re.findall(r'goods-sku">(DEAD-\d\d)<', page)) == {f"DEAD-{n:02}" for n in range(60)}


def test_planned_offers_and_those_that_are_over_are_found_by_what_their_goods_are_called(goods):
    play = goods.play
    play.offer("OLD", "SHIRT", "80.00", 1_001, ends="2026-01-02T00:00")
    play.offer("NEW", "SHIRT", "80.00", 1_002, starts="2026-03-01T00:00", ends="2026-04-01T00:00")
    play.offer("X", "SOCKS", "20.00", 1_003)
    play.at("2026-02-01T00:00")
    browser = goods.as_("MERCHANDISER", "en")
    for question, expected in {
        "": ["1,001", "1,002", "1,003"],
        "state=NOW": ["1,003"],
        "state=AHEAD": ["1,002"],
        "state=OVER": ["1,001"],
        "search=shir": ["1,001", "1,002"],
        "search=SOCKS": ["1,003"],
        "search=shirt&state=AHEAD": ["1,002"],
        "search=hat": [],
    }.items():
        page = browser.text(f"/console/offers?{question}")
        assert [each for each in ("1,001", "1,002", "1,003") if each in page] == expected, question
    page = browser.text(f"/console/products/{product_of(goods, 'SHIRT').id}")
    assert "1,001" not in page
    assert re.search(r"1,002 points \+ CN¥80\.00 Planned 1 Mar 2026, 00:00 – 1 Apr 2026, 00:00", page), page


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_no_offer_begins_or_ends_where_time_does(goods, moment):
    browser = goods.as_("MERCHANDISER", "en")
    for name in ("startsAt", "endsAt"):
        assert f'id="{name}-error"' in browser.send("/console/offers/new", **OFFER, **{name: moment}).text
