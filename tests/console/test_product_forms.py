"""Products, variants, pictures and categories without a browser: what their forms do, refuse and keep."""

from __future__ import annotations

import re

import pytest

from catalog import queries
from catalog.details import Attribute, AttributeTranslation, Option
from catalog.save_product import SaveProduct, save_product
from catalog.variant_rows import MAX_VARIANTS
from console.catalogue.picture_deeds import PictureRow, in_order
from tests.support.catalog import stock_goods, variant
from tests.support.catalogue_desk import actions, change, form_of, picture, product_of, variant_of, variants_of
from tests.support.console import plain


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
