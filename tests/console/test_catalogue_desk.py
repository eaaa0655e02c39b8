"""The lists of the catalogue desk, its stock, and who may do what there."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from catalog.movements import movement_page
from catalog.plan_special_price import PlanSpecialPrice, plan_special_price
from catalog.save_category import SaveCategory, save_category
from catalog.save_exchange_offer import SaveExchangeOffer, save_exchange_offer
from kernel.paging import Window
from tests.support.catalog import statements, stock_goods
from tests.support.catalogue_desk import change, form_of, offers, product_of, variant_of
from tests.support.console import plain

ROLES_THAT_READ = ["FULFILMENT", "SERVICE", "ANALYST"]


@pytest.fixture
def sorted_goods(console):
    play = console.play
    with play.db.write() as tx:
        for name, above in (("clothes", None), ("shirts", "clothes"), ("mugs", None)):
            save_category(tx, SaveCategory(name, name.title(), parent_slug=above))
    for sku, price, category in (
        ("SHIRT-A", "100.00", "shirts"),
        ("SHIRT-B", "1200.00", "shirts"),
        ("COAT", "1300.00", "clothes"),
        ("MUG", "30.00", "mugs"),
        ("LOOSE", "30.00", None),
    ):
        stock_goods(play.db, sku, price, now=play.now, category_slug=category)
    return console


def shown(browser, question) -> tuple[list[str], str, dict[str, str]]:
    """The SKUs of the list, how many it says there are, and what its choice of categories says."""
    page = browser.get(f"/console/products{question}").text
    choice = page[page.index('id="f-category"') :]
    options = re.findall(r'<option value="([^"]*)"[^>]*>([^<]+)</option>', choice[: choice.index("</select>")])
    skus = re.findall(r'class="goods-sku">([A-Z-]+)', page)
    return sorted(skus), re.search(r'class="lead">([^<]+)<', page)[1], dict(options)


def test_each_category_tells_how_many_the_other_filters_leave_in_it(sorted_goods):
    browser = sorted_goods.as_("ANALYST", "en")
    everything = {"": "All (5)", "clothes": "Clothes (3)", "shirts": "Clothes › Shirts (2)", "mugs": "Mugs (1)"}
    assert shown(browser, "")[1:] == ("5 in all", everything)
    skus, lead, options = shown(browser, "?category=clothes")
    assert (skus, lead, options) == (["COAT", "SHIRT-A", "SHIRT-B"], "3 in all", everything)
    skus, lead, options = shown(browser, "?category=mugs&min=1,000")
    assert (skus, lead) == ([], "0 in all")
    assert options == {"": "All (2)", "clothes": "Clothes (2)", "shirts": "Clothes › Shirts (1)", "mugs": "Mugs (0)"}
    skus, lead, options = shown(browser, "?search=shirt&category=clothes")
    assert (skus, lead, options[""]) == (["SHIRT-A", "SHIRT-B"], "2 in all", "All (2)")
    assert shown(browser, "?category=nothing")[1] == "0 in all"


def test_goods_are_found_by_their_price_now_and_exported_as_they_are_found(sorted_goods):
    browser = sorted_goods.as_("ANALYST", "en")
    sorted_goods.play.special("SHIRT-B", "99.00")
    assert shown(browser, "?min=50&max=100")[0] == ["SHIRT-A", "SHIRT-B"]
    assert shown(browser, "?min=50&max=99.00")[0] == ["SHIRT-B"]
    page = browser.get("/console/products?min=50&max=99").text
    assert "/console/sheets/catalogue.csv?min=50&amp;max=99" in page
    wrong = browser.get("/console/products?min=129,50&max=130").text
    assert 'id="min-error"' in wrong
    assert 'value="129,50"' in wrong


def test_the_list_of_products_asks_no_more_with_counts_than_without(sorted_goods):
    browser = sorted_goods.as_("ANALYST", "en")
    browser.get("/console/products")
    with statements(sorted_goods.play.db.engines[1]) as seen:
        browser.get("/console/products?category=clothes&min=1")
    assert len([each for each in seen if "count(" in each]) == 1


def test_all_that_a_price_went_through_can_be_read_page_by_page(goods):
    for n in range(30):
        goods.play.special(
            "SHIRT", f"{n + 10}.00", starts=f"2027-01-{n + 1:02}T00:00", ends=f"2027-01-{n + 1:02}T12:00"
        )
    browser = goods.as_("ANALYST", "en")
    product = product_of(goods, "SHIRT")
    page = browser.get(f"/console/products/{product.id}").text
    path = re.search(r'href="([^"]+/prices[^"]*)"', page)[1]
    page = browser.get(path).text
    assert "31 changes of SHIRT" in plain(page)
    assert 'rel="next"' in page
    following = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    page += browser.get(following).text
    for n in range(30):
        assert f"CN¥{n + 10}.00" in page
    # Ten are all that there are: no page has more of them.
    assert "/prices" not in browser.get(f"/console/products/{product_of(goods, 'SOCKS').id}").text


# ------------------------------------------------------------ stock


def test_stock_is_adjusted_with_a_reason_once_however_often_it_is_sent(goods):
    variant = variant_of(goods, "SHIRT")
    browser = goods.as_("MERCHANDISER", "en")
    path = f"/console/stock/{variant.id}"
    fields = {**form_of(browser.get(path).text), "direction": "take", "change": "3", "reason": "Damaged"}
    for _ in range(2):
        assert browser.client.post(path, data={**fields, "csrf": browser.token}).status_code == 303
    assert variant_of(goods, "SHIRT").on_hand == 997
    with goods.play.db.read() as conn:
        latest = movement_page(conn, Window(1), "SHIRT").items[0]
    assert (latest.on_hand, latest.reason, latest.actor) == (-3, "Damaged", "merchandiser@shop.test")
    assert "Damaged" in browser.text(path)
    answer = browser.client.post(
        path, data={**fields, "csrf": browser.token, "change": "x", "reason": "", "key": "k" * 20}
    )
    assert 'id="change-error"' in answer.text
    answer = browser.client.post(
        path, data={**fields, "csrf": browser.token, "change": "2000", "reason": "", "key": "l" * 20}
    )
    assert 'id="change-error"' in answer.text
    assert 'id="reason-error"' in answer.text


def test_what_runs_low_is_listed_first_of_all(goods):
    goods.play.stock("RARE", "10.00", 2)
    browser = goods.as_("FULFILMENT", "en")
    assert "RARE" in browser.text("/console/stock")
    assert "SOCKS" not in browser.text("/console/stock")
    assert "SOCKS" in browser.text("/console/stock?all=yes")
    assert "SOCKS" in browser.text("/console/stock?search=socks")


def test_what_runs_low_is_counted_once_on_each_page_of_stock(goods):
    browser = goods.as_("FULFILMENT", "en")
    for path in ("/console/stock", "/console/stock?all=yes", "/console/stock?search=socks"):
        with statements(goods.play.db.engines[1]) as seen:
            assert browser.get(path).status_code == 200
        assert len([each for each in seen if "count(" in each and "low_stock_at" in each]) == 1, path


# ------------------------------------------------------------ who may


@pytest.mark.parametrize("role", ROLES_THAT_READ)
def test_who_may_only_read_sees_everything_and_no_button(goods, role):
    goods.play.offer("X", "SHIRT", "80.00", 1_000)
    goods.play.special("SOCKS", "20.00")
    browser = goods.as_(role, "en")
    product, offer = product_of(goods, "SHIRT"), offers(goods)[0]
    variant = variant_of(goods, "SHIRT")
    for path in (
        "/products",
        f"/products/{product.id}",
        "/categories",
        "/sales",
        "/offers",
        f"/offers/{offer.id}",
        "/stock",
        f"/stock/{variant.id}",
        "/sheets",
    ):
        answer = browser.get(f"/console{path}")
        assert answer.status_code == 200, path
        main = answer.text[answer.text.index("<main") :]
        assert not re.search(r'href="[^"]*/(new|edit|variants|pictures|end)["?]', main), path
        assert 'method="post"' not in main, path


@pytest.mark.parametrize("id_", ["prd_nothing", "%00", "a%2Fb", "x" * 500])
@pytest.mark.parametrize("desk", ["products", "offers", "stock", "categories"])
def test_what_is_not_there_is_told_in_words(console, desk, id_):
    assert console.as_("ADMIN").get(f"/console/{desk}/{id_}").status_code == 404


def test_a_name_that_looks_like_markup_is_shown_as_it_is(console):
    console.play.stock("SHIRT", "10.00")
    path = f"/console/products/{product_of(console, 'SHIRT').id}/edit"
    change(console.as_("MERCHANDISER"), path, name="<b>SKU</b>")
    page = console.as_("ADMIN").get("/console/products").text
    assert "&lt;b&gt;SKU&lt;/b&gt;" in page
    assert "<b>SKU</b>" not in page


# ------------------------------------------------------------ the ends of time


@pytest.mark.parametrize("list_", ["offers/report", "orders"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_all_days_narrows_no_list(goods, list_, day):
    browser = goods.as_("ADMIN")
    for name in ("from", "to"):
        assert browser.get(f"/console/{list_}?{name}={day}").status_code == 200, name


def test_what_holds_until_the_end_of_all_days_is_shown_and_exported(goods):
    """Frontends say "for ever" like that, through the API; in the shop's zone there is no such day any more."""
    ends = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    play = goods.play
    with play.db.write() as tx:
        sale = PlanSpecialPrice("SHIRT", Decimal("80.00"), "SALE", None, ends)
        plan_special_price(tx, sale, now=play.now, program=play.program)
        offer = SaveExchangeOffer("SHIRT", Decimal("80.00"), 1_000, ends_at=ends)
        save_exchange_offer(tx, offer, now=play.now, program=play.program)
    browser = goods.as_("MERCHANDISER", "en")
    product, (offer,) = product_of(goods, "SHIRT"), offers(goods)
    for path in (f"products/{product.id}", "sales", "offers", f"offers/{offer.id}", f"offers/{offer.id}/edit"):
        assert browser.get(f"/console/{path}").status_code == 200, path
