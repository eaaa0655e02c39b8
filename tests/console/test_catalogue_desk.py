"""The catalogue desk without a browser: what its forms do, refuse and keep."""

from __future__ import annotations

import re
from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image

from catalog import queries
from catalog.details import Attribute, AttributeTranslation, Option
from catalog.movements import movement_page
from catalog.save_category import SaveCategory, save_category
from catalog.save_product import SaveProduct, SaveVariant, save_product
from catalog.variant_rows import MAX_VARIANTS
from console.catalogue import sale_deeds
from console.catalogue.picture_deeds import PictureRow, in_order
from kernel.paging import Window
from staff.audit import audit_page
from tests.support.catalog import statements, stock_goods, variant
from tests.support.console import plain

ROLES_THAT_READ = ["FULFILMENT", "SERVICE", "ANALYST"]


def picture(colour="red", size=(60, 40)) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def product_of(console, sku):
    with console.play.db.read() as conn:
        return queries.product_by_sku(conn, sku, None)


def variant_of(console, sku):
    with console.play.db.read() as conn:
        return queries.variant_by_sku(conn, sku, console.play.now)


def variants_of(console, product_id):
    with console.play.db.read() as conn:
        return queries.variants_of_products(conn, [product_id], console.play.now, active_only=False)[product_id]


def specials_of(console, sku):
    variant = variant_of(console, sku)
    with console.play.db.read() as conn:
        return queries.specials_of_variants(conn, [variant.id], console.play.now)[variant.id]


def actions(console, subject_id):
    with console.play.db.read() as conn:
        return [(entry.actor, entry.action) for entry in audit_page(conn, Window(50), subject_id).items]


def form_of(page: str) -> dict[str, str]:
    """Everything that the page's last form would send as it stands."""
    html = page[page.rindex('<form class="stack"') :] if '<form class="stack"' in page else page
    html = html[: html.index("</form>")]
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name = re.search(r'name="([^"]+)"', tag)
        if name is None or ('type="checkbox"' in tag and " checked" not in tag):
            continue
        value = re.search(r'value="([^"]*)"', tag)
        fields[name[1]] = value[1] if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', html):
        fields[name] = text
    for name, inside in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        fields[name] = chosen[1] if chosen else re.search(r'<option value="([^"]*)"', inside)[1]
    return fields


def change(browser, path: str, /, _at: str = "", **changed: str):
    """Opens a form, changes some of it, sends it. `_at`: where to, if not to where it is."""
    fields = form_of(browser.get(path).text)
    fields |= {name.replace("__", "."): value for name, value in changed.items()}
    return browser.client.post(_at or path, data={**fields, "csrf": browser.token})


# ------------------------------------------------------------ products


def test_a_new_product_needs_a_name_a_sku_and_a_price_and_is_found_at_once(console):
    browser = console.as_("MERCHANDISER", "en")
    answer = change(
        browser,
        "/console/products/new",
        name="羊毛大衣",
        variants__0__sku="COAT-1",
        variants__0__regularPrice="899",
        variants__0__onHand="12",
    )
    assert answer.status_code == 303, plain(answer.text)
    product = product_of(console, "COAT-1")
    assert (product.name, product.slug, product.published) == ("羊毛大衣", "coat-1", True)
    assert answer.headers["location"] == f"/console/products/{product.id}/pictures"
    assert variant_of(console, "COAT-1").on_hand == 12
    assert "羊毛大衣" in browser.text("/console/products?search=大衣")
    assert actions(console, product.id) == [("merchandiser@shop.test", "saveProduct")]


def test_all_that_is_wrong_with_a_new_product_stands_beside_its_field_and_nothing_typed_is_lost(console):
    console.play.stock("TAKEN", "10.00")
    browser = console.as_("MERCHANDISER", "en")
    answer = change(
        browser,
        "/console/products/new",
        description="Warm & <soft>",
        variants__0__sku="TAKEN",
        variants__0__regularPrice="cheap",
        pointsRate="lots",
    )
    assert answer.status_code == 422
    for field in ("variants.0.regularPrice", "pointsRate"):
        assert f'id="{field}-error"' in answer.text, field
    assert "Warm &amp; &lt;soft&gt;" in answer.text
    answer = change(
        browser, "/console/products/new", variants__0__sku="TAKEN", variants__0__regularPrice="-1", pointsRate="-1"
    )
    for field in ("name", "variants.0.sku", "variants.0.regularPrice", "pointsRate"):
        assert f'id="{field}-error"' in answer.text, field


def test_both_languages_attributes_and_the_window_are_kept_as_they_were_written(console):
    console.play.stock("SHIRT", "100.00")
    product = product_of(console, "SHIRT")
    browser = console.as_("MERCHANDISER")
    path = f"/console/products/{product.id}/edit"
    changed = {
        "name": "衬衫",
        "translations__en__name": "Shirt",
        "translations__en__description": "Fine",
        "attributes__0__name": "面料",
        "attributes__0__value": "棉",
        "attributes__0__translations__en__name": "Fabric",
        "attributes__0__translations__en__value": "cotton",
        "attributes__1__name": "产地",
        "attributes__1__value": "中国",
        "publishedFrom": "2026-02-01T08:00",
        "publishedUntil": "2026-03-01T08:00",
        "requiredTierCode": "VIP",
        "pointsRate": "0.5",
        "thirdParty": "yes",
    }
    assert change(browser, path, **changed).status_code == 303
    again = form_of(browser.get(path).text)
    expected = {name.replace("__", "."): value for name, value in changed.items()}
    assert {name: again.get(name) for name in expected} == expected
    # Sent again as it is, it changes nothing: no further entry in the audit log.
    assert change(browser, path).status_code == 303
    assert len(actions(console, product.id)) == 1
    page = console.as_("MERCHANDISER", "en").text(f"/console/products/{product.id}")
    assert "Shirt" in page
    assert "Fabric cotton" in page
    assert "产地 中国" in page


ODD = (
    Attribute("规格", "长：10", (AttributeTranslation("en", "Size: outer", "length: 10"),)),
    Attribute("Care: inside", "30°", (AttributeTranslation("ja", "洗濯", "手洗い"),)),
    Attribute("Notes", "first\nsecond"),
)


def attributes_of(console, product_id):
    with console.play.db.read() as conn:
        return queries.product_details(conn, [product_id])[product_id].attributes


@pytest.fixture
def odd_shirt(console):
    """Goods with attributes as a sheet may bring them: colons in them, lines, a language the form does not show."""
    play = console.play
    stock_goods(play.db, "SHIRT", now=play.now, attributes=ODD, description="Warm.\nAnd soft.")
    return product_of(console, "SHIRT")


def test_opening_and_saving_a_form_changes_nothing_at_all(console, odd_shirt):
    before = attributes_of(console, odd_shirt.id)
    browser = console.as_("MERCHANDISER")
    path = f"/console/products/{odd_shirt.id}/edit"
    fields = form_of(browser.get(path).text)
    # As a browser sends it: an input holds no ends of lines, and those of a text are two characters.
    fields["attributes.2.value"] = fields["attributes.2.value"].replace("\n", "")
    fields["description"] = fields["description"].replace("\n", "\r\n")
    assert browser.client.post(path, data={**fields, "csrf": browser.token}).status_code == 303
    assert attributes_of(console, odd_shirt.id) == before
    assert product_of(console, "SHIRT").description == "Warm.\nAnd soft."
    assert actions(console, odd_shirt.id) == []


def test_an_attribute_that_is_renamed_keeps_its_words_in_other_languages_and_an_emptied_row_goes(console, odd_shirt):
    path = f"/console/products/{odd_shirt.id}/edit"
    emptied = {
        f"attributes.0.{cell}": "" for cell in ("name", "value", "translations.en.name", "translations.en.value")
    }
    answer = change(console.as_("MERCHANDISER"), path, **emptied, attributes__1__name="Washing")
    assert answer.status_code == 303
    first, second = attributes_of(console, odd_shirt.id)
    assert (first["name"], first["translations"]) == (
        "Washing",
        [{"locale": "ja", "name": "洗濯", "value": "手洗い"}],
    )
    assert second["value"] == "first\nsecond"


def test_what_is_wrong_with_an_attribute_is_told_in_its_own_row(console, odd_shirt):
    path = f"/console/products/{odd_shirt.id}/edit"
    given = {"name": "Twice", "value": "x" * 201, "translations.en.value": "Half"}
    fields = {f"attributes.{i}.{cell}": text for i in (3, 5) for cell, text in given.items()}
    answer = change(console.as_("MERCHANDISER", "en"), path, **fields)
    assert answer.status_code == 422
    told = re.findall(r'id="(attributes[^"]+)-error"', answer.text)
    assert told == [
        "attributes.3.value",
        "attributes.3.translations.en.name",
        "attributes.5.name",
        "attributes.5.value",
        "attributes.5.translations.en.name",
    ]
    assert 'value="Half"' in answer.text


def test_an_end_before_the_start_is_told_at_its_field(console):
    console.play.stock("SHIRT", "100.00")
    path = f"/console/products/{product_of(console, 'SHIRT').id}/edit"
    browser = console.as_("MERCHANDISER", "en")
    answer = change(browser, path, publishedFrom="2026-03-01T08:00", publishedUntil="2026-02-01T08:00")
    assert 'id="publishedUntil-error"' in answer.text


def test_a_translation_without_a_name_is_told_beside_that_language(console):
    console.play.stock("SHIRT", "100.00")
    path = f"/console/products/{product_of(console, 'SHIRT').id}/edit"
    answer = change(console.as_("MERCHANDISER"), path, translations__en__description="Words alone")
    assert 'id="translations.en.name-error"' in answer.text


def test_editing_a_product_leaves_its_variants_alone_sold_or_not(console):
    console.play.stock("SHIRT", "100.00")
    product = product_of(console, "SHIRT")
    browser = console.as_("MERCHANDISER")
    variants = f"/console/products/{product.id}/variants"
    answer = change(browser, variants, variants__1__sku="SHIRT-L", variants__1__regularPrice="110")
    assert answer.status_code == 303
    fields = form_of(browser.get(variants).text)
    fields.pop("variants.1.sold")
    browser.client.post(variants, data={**fields, "csrf": browser.token})
    before = variants_of(console, product.id)
    assert [(each.sku, each.active) for each in before] == [("SHIRT", True), ("SHIRT-L", False)]
    change(browser, f"/console/products/{product.id}/edit", name="Another name")
    assert variants_of(console, product.id) == before


# ------------------------------------------------------------ the list


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


# ------------------------------------------------------------ variants


def test_options_are_named_once_and_their_values_are_written_with_each_variant(console):
    console.play.stock("SHIRT", "100.00", 7)
    product = product_of(console, "SHIRT")
    browser = console.as_("MERCHANDISER", "en")
    answer = change(
        browser,
        f"/console/products/{product.id}/variants",
        options__0__name="Size",
        variants__0__optionValues__0="M",
        variants__0__sku="SHIRT-M",
        variants__1__sku="SHIRT-L",
        variants__1__optionValues__0="L",
        variants__1__regularPrice="120",
        variants__1__onHand="3",
        variants__1__lowStockAt="10",
    )
    assert answer.status_code == 303, plain(answer.text)
    assert [(v.sku, v.on_hand) for v in variants_of(console, product.id)] == [("SHIRT-M", 7), ("SHIRT-L", 3)]
    with console.play.db.read() as conn:
        details = queries.product_details(conn, [product.id])[product.id]
    assert details.options == [{"name": "Size", "values": ["M", "L"]}]
    page = browser.text(f"/console/products/{product.id}")
    assert "SHIRT-L L" in page
    assert "Low" in page


def test_what_is_wrong_with_a_variant_is_told_in_its_own_row_even_below_one_that_is_not_sold(console):
    console.play.stock("SHIRT", "100.00")
    console.play.stock("OTHER", "50.00")
    product = product_of(console, "SHIRT")
    browser = console.as_("MERCHANDISER", "en")
    path = f"/console/products/{product.id}/variants"
    change(browser, path, variants__1__sku="SHIRT-2", variants__1__regularPrice="100")
    fields = form_of(browser.get(path).text)
    fields.pop("variants.0.sold")
    fields |= {"variants.2.sku": "OTHER", "variants.2.regularPrice": "1,000"}
    answer = browser.client.post(path, data={**fields, "csrf": browser.token})
    assert answer.status_code == 422
    assert 'id="variants.2.sku-error"' in answer.text
    assert 'id="variants.1.sku-error"' not in answer.text


@pytest.fixture
def many(console):
    """A product with as many variants as may be, each with five options, and as many that are no longer sold."""
    play = console.play
    options = tuple(Option(f"Option {j}", ("a", "b")) for j in range(5))

    def sold(letter):
        chosen = ("a", "b", "a", "b", "a")
        return tuple(
            variant(f"{letter}-{i}", "10.00", name="n", on_hand=1, option_values=chosen) for i in range(MAX_VARIANTS)
        )

    stock_goods(play.db, "A-0", now=play.now, slug="many", options=options, variants=sold("A"))
    product = product_of(console, "A-0")
    with play.db.write() as tx:
        save_product(
            tx,
            SaveProduct("many", "Many", sold("B"), id=product.id, options=options),
            now=play.now,
            program=play.program,
        )
    return product


def test_a_product_with_as_many_variants_as_may_be_is_saved_with_those_no_longer_sold_folded_away(console, many):
    browser = console.as_("MERCHANDISER", "en")
    path = f"/console/products/{many.id}/variants"
    page = browser.get(path).text
    first, folded = page.split('<details class="language-fold more">')
    assert ('value="B-99"' in first, 'value="A-99"' in folded) == (True, True)
    assert "No longer sold (100)" in folded
    fields = form_of(page)
    assert len(fields) > 2_000
    number = next(name for name, value in fields.items() if value == "B-7").split(".")[1]
    fields[f"variants.{number}.regularPrice"] = "12.50"
    answer = browser.client.post(path, data={**fields, "csrf": browser.token})
    assert answer.status_code == 303, plain(answer.text)[:500]
    assert variant_of(console, "B-7").regular_price == 1_250
    assert len([each for each in variants_of(console, many.id) if each.active]) == MAX_VARIANTS


def test_a_form_that_holds_too_much_is_answered_by_a_page_in_words(console):
    browser = console.as_("MERCHANDISER", "en")
    browser.get("/console/")
    fields = {f"field.{i}": "x" for i in range(20_001)}
    answer = browser.client.post("/console/products/new", data={"csrf": browser.token, **fields})
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")
    assert "This form cannot be read" in answer.text


def test_a_price_cannot_sink_to_a_sale_that_is_planned(console):
    console.play.stock("SHIRT", "100.00")
    console.play.special("SHIRT", "80.00", starts="2026-02-01T00:00")
    path = f"/console/products/{product_of(console, 'SHIRT').id}/variants"
    answer = change(console.as_("MERCHANDISER", "en"), path, variants__0__regularPrice="80")
    assert 'id="variants.0.regularPrice-error"' in answer.text


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


# ------------------------------------------------------------ pictures


def test_several_pictures_arrive_at_once_and_the_broken_one_is_told_by_its_name(console):
    console.play.stock("SHIRT", "100.00")
    product = product_of(console, "SHIRT")
    browser = console.as_("MERCHANDISER", "en")
    path = f"/console/products/{product.id}/pictures"
    browser.get(path)
    files = [
        ("files", ("front.png", picture("red"), "image/png")),
        ("files", ("broken.png", b"no picture at all", "image/png")),
        ("files", ("back.png", picture("blue"), "image/png")),
    ]
    answer = browser.client.post(path, data={"csrf": browser.token}, files=files)
    assert answer.status_code == 422
    assert "broken.png:" in answer.text
    assert "front.png" not in plain(answer.text)
    with console.play.db.read() as conn:
        there = queries.pictures_of_products(conn, [product.id])[product.id]
    assert [each.alt for each in there] == ["SHIRT", "SHIRT"]
    first, second = (each.image_key for each in there)
    assert (
        change(browser, path, f"{path}/arrange", move=f"{second}:-1", images__1__alt="From behind").status_code == 303
    )
    fields = form_of(browser.get(path).text)
    assert (fields["images.0.key"], fields["images.0.alt"]) == (second, "From behind")
    assert change(browser, path, f"{path}/arrange", images__1__removed="yes").status_code == 303
    with console.play.db.read() as conn:
        assert [each.image_key for each in queries.pictures_of_products(conn, [product.id])[product.id]] == [second]
    assert first != second


def test_words_that_are_too_long_are_told_beside_them_and_stay_and_a_picture_sent_again_keeps_its_own(console):
    console.play.stock("SHIRT", "100.00")
    product = product_of(console, "SHIRT")
    browser = console.as_("MERCHANDISER", "en")
    path = f"/console/products/{product.id}/pictures"
    browser.get(path)

    def send(alt, *colours):
        files = [("files", (f"{colour}.png", picture(colour), "image/png")) for colour in colours]
        return browser.client.post(path, data={"csrf": browser.token, "alt": alt}, files=files)

    answer = send("w" * 201, "red", "blue")
    assert answer.status_code == 422
    assert answer.text.count('id="alt-error"') == 1
    assert f'value="{"w" * 201}"' in answer.text
    assert send("A red one", "red").status_code == 303
    assert send("", "red", "blue").status_code == 303
    with console.play.db.read() as conn:
        there = queries.pictures_of_products(conn, [product.id])[product.id]
    assert [each.alt for each in there] == ["A red one", "SHIRT"]


@pytest.mark.parametrize(
    ("places", "removed", "move", "expected"),
    [
        (("1", "2", "3"), "", "", "abc"),
        (("3", "1", "2"), "", "", "bca"),
        (("2", "x", ""), "", "", "abc"),
        (("1", "2", "3"), "b", "", "ac"),
        (("1", "2", "3"), "", "c:-1", "acb"),
        (("1", "2", "3"), "", "a:-1", "abc"),
        (("1", "2", "3"), "b", "b:1", "ac"),
        (("1", "2", "3"), "", "z:1", "abc"),
    ],
)
def test_pictures_stand_where_they_were_put(places, removed, move, expected):
    rows = [PictureRow(key, place, "", key in removed) for key, place in zip("abc", places, strict=True)]
    assert "".join(row.key for row in in_order(rows, move)) == expected


# ------------------------------------------------------------ categories


def test_a_category_moves_with_what_is_below_it_and_never_below_itself(console):
    browser = console.as_("MERCHANDISER", "en")
    change(browser, "/console/categories/new", name="服饰", slug="clothing", translations__en__name="Clothing")
    change(browser, "/console/categories/new", name="男装", slug="men", parentSlug="clothing")
    change(browser, "/console/categories/new", name="衬衫", slug="shirts", parentSlug="men")
    with console.play.db.read() as conn:
        ids = {each.slug: each.id for each in queries.categories(conn, None)}
    page = browser.get(f"/console/categories/{ids['men']}").text
    assert 'value="shirts"' not in page
    answer = change(browser, f"/console/categories/{ids['clothing']}", parentSlug="shirts")
    assert answer.status_code == 422
    assert 'id="parentSlug-error"' in answer.text
    assert change(browser, f"/console/categories/{ids['men']}", parentSlug="").status_code == 303
    with console.play.db.read() as conn:
        tree = {each.slug: each.parent_id for each in queries.categories(conn, None)}
    assert tree == {"clothing": None, "men": None, "shirts": ids["men"]}
    assert "Clothing" in browser.text("/console/categories")


# ------------------------------------------------------------ sales


def plan(browser, skus="SHIRT SOCKS", **fields):
    given = {"skus": skus, "mode": "off", "percent": "20", "rounding": "EXACT", "priceClass": "SALE", **fields}
    return browser.send("/console/sales/new", **given)


@pytest.fixture
def goods(console):
    console.play.stock("SHIRT", "100.00")
    console.play.stock("SOCKS", "25.50")
    return console


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


# ------------------------------------------------------------ exchange offers


OFFER = {"sku": "SHIRT", "points": "1000", "cash": "80"}


def offers(console):
    with console.play.db.read() as conn:
        return queries.offer_page(conn, Window(50), at=None).items


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


@pytest.mark.parametrize("list_", ["offers/report", "orders"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_all_days_narrows_no_list(goods, list_, day):
    browser = goods.as_("ADMIN")
    for name in ("from", "to"):
        assert browser.get(f"/console/{list_}?{name}={day}").status_code == 200, name


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_no_sale_begins_or_ends_where_time_does(goods, moment):
    browser = goods.as_("MERCHANDISER", "en")
    for name in ("startsAt", "endsAt"):
        for step in ("", "look"):
            answer = plan(browser, **{name: moment, "step": step})
            assert f'id="{name}-error"' in answer.text
        assert f'id="{name}-error"' in browser.send("/console/offers/new", **OFFER, **{name: moment}).text
