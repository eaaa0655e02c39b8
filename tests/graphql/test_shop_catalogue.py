"""What the shop shows of its goods, to whom, and in which order."""

from __future__ import annotations

import pytest

from catalog.attach_picture import AttachPicture, attach_picture
from catalog.checks import Translation
from catalog.details import Attribute, AttributeTranslation, Option
from catalog.save_category import SaveCategory, save_category
from catalog.save_product import SaveProduct, SaveVariant, save_product

PRODUCTS = """
query Products($first: Int, $after: String, $last: Int, $before: String, $filter: ProductFilter, $sort: ProductSort) {
  products(first: $first, after: $after, last: $last, before: $before, filter: $filter, sort: $sort) {
    totalCount
    edges { cursor node { slug } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""


@pytest.fixture
def goods(play):
    """Five products, a minute between each two."""
    for sku, price in (("A", "30"), ("B", "10"), ("C", "50"), ("D", "20"), ("E", "40")):
        play.stock(sku, price)
        play.later(minutes=1)
    return play


def slugs(answer):
    return [edge["node"]["slug"] for edge in answer["products"]["edges"]]


ORDERS = {None: "edcba", "NEWEST": "edcba", "NAME": "abcde", "PRICE_ASC": "bdaec", "PRICE_DESC": "ceadb"}


def test_products_page_both_ways_in_every_order(api, goods) -> None:
    for sort, order in ORDERS.items():
        page_both_ways(api, sort, order)


def page_both_ways(api, sort, order) -> None:
    forwards, after = [], None
    while True:
        answer = api.ask(PRODUCTS, {"first": 2, "after": after, "sort": sort})["products"]
        forwards += [edge["node"]["slug"] for edge in answer["edges"]]
        assert answer["totalCount"] == 5
        assert answer["pageInfo"]["hasPreviousPage"] == (after is not None)
        if not answer["pageInfo"]["hasNextPage"]:
            break
        after = answer["pageInfo"]["endCursor"]
    assert forwards == list(order)
    backwards, before = [], None
    while True:
        answer = api.ask(PRODUCTS, {"last": 2, "before": before, "sort": sort})["products"]
        backwards = [edge["node"]["slug"] for edge in answer["edges"]] + backwards
        if not answer["pageInfo"]["hasPreviousPage"]:
            break
        before = answer["pageInfo"]["startCursor"]
    assert backwards == list(order)


def test_pages_that_make_no_sense_are_refused(api, goods) -> None:
    for arguments in (
        {"first": 0},
        {"first": 101},
        {"last": -1},
        {"first": 1, "last": 1},
        {"after": "garbage"},
        {"after": ""},
        {"before": "WyJvcmRlcnMiLDFd"},
        {"after": "é"},
    ):
        assert api.code(PRODUCTS, arguments) == "BAD_USER_INPUT"


def test_a_cursor_of_another_order_does_not_fit(api, goods) -> None:
    cursor = api.ask(PRODUCTS, {"first": 1})["products"]["pageInfo"]["endCursor"]
    assert api.code(PRODUCTS, {"after": cursor, "sort": "PRICE_ASC"}) == "BAD_USER_INPUT"


def test_a_cursor_holds_its_place_though_goods_are_added(api, goods) -> None:
    cursor = api.ask(PRODUCTS, {"first": 2})["products"]["pageInfo"]["endCursor"]
    goods.stock("F", "60")
    assert slugs(api.ask(PRODUCTS, {"first": 2, "after": cursor})) == ["c", "b"]


def test_products_are_counted_only_when_it_is_asked_for(api, goods) -> None:
    with api.counting() as statements:
        api.ask("{ products { edges { node { slug } } } }")
    assert not [statement for statement in statements if "count(" in statement]


VARIANT = """
query Variant($slug: String!) {
  product(slug: $slug) {
    variants {
      sku regularPrice { amount currencyCode } price { amount } priceClass inStock
      exchangeOffers { cash { amount } points saving { amount } remaining perMemberLimit requiredTier { code } }
    }
  }
}
"""


def test_members_see_the_price_of_their_tier_and_visitors_that_of_the_entry_tier(api, play) -> None:
    play.stock("MUG", "100.00")
    svip = play.enrol("Su", tier="SVIP")
    shown = api.ask(VARIANT, {"slug": "mug"})["product"]["variants"][0]
    assert shown["price"] == {"amount": "100.00"}
    shown = api.ask(VARIANT, {"slug": "mug"}, member=svip)["product"]["variants"][0]
    assert shown["regularPrice"] == {"amount": "100.00", "currencyCode": "CNY"}
    assert (shown["price"], shown["priceClass"]) == ({"amount": "95.00"}, "REGULAR")


def test_the_shown_price_is_the_one_that_is_quoted(api, play) -> None:
    play.stock("MUG", "99.99")
    play.special("MUG", "80.00")
    vip = play.enrol("Vi", tier="VIP")
    shown = api.ask(VARIANT, {"slug": "mug"}, member=vip)["product"]["variants"][0]
    quote = play.quote(vip, {"MUG": 1}).quote
    assert shown["price"]["amount"] == str(quote.lines[0].unit_cash)
    assert shown["priceClass"] == "SALE"


def test_offers_are_shown_with_what_they_save(api, play) -> None:
    play.stock("MUG", "100.00")
    play.offer("now", "MUG", "70.00", 1500, per_member_limit=2, quota=10, tier="VIP")
    play.offer("later", "MUG", "60.00", 2000, starts="2027-01-01T00:00")
    offers = api.ask(VARIANT, {"slug": "mug"})["product"]["variants"][0]["exchangeOffers"]
    assert offers == [
        {
            "cash": {"amount": "70.00"},
            "points": 1500,
            "saving": {"amount": "30.00"},
            "remaining": 10,
            "perMemberLimit": 2,
            "requiredTier": {"code": "VIP"},
        }
    ]


def test_goods_that_are_not_published_do_not_exist(api, play) -> None:
    play.stock("MUG", "100.00")
    with play.db.write() as tx:
        product_id = save_product(
            tx,
            SaveProduct(slug="hidden", name="Hidden", variants=(SaveVariant("H", 5),), published=False),
            now=play.now,
            program=play.program,
        )
    assert slugs(api.ask(PRODUCTS)) == ["mug"]
    assert api.ask(VARIANT, {"slug": "hidden"}) == {"product": None}
    assert api.ask("query($id: ID!) { node(id: $id) { id } }", {"id": product_id}) == {"node": None}


def test_names_and_categories_come_in_the_viewers_language(api, play) -> None:
    with play.db.write() as tx:
        save_category(tx, SaveCategory(slug="home", name="家居", translations=(Translation("en", "Home"),)))
        save_category(tx, SaveCategory(slug="cups", name="杯子", parent_slug="home"))
        product_id = save_product(
            tx,
            SaveProduct(
                slug="mug",
                name="马克杯",
                variants=(SaveVariant("MUG", 5),),
                category_slug="cups",
                translations=(Translation("en", "Mug", "For tea"),),
            ),
            now=play.now,
            program=play.program,
        )
        picture = AttachPicture(product_id, "ab12.webp", 800, 600, "data:", "A mug")
        attach_picture(tx, picture)
    query = """{
      categories { name children { name parent { slug } } }
      product(slug: "mug") { name description category { name parent { name } } image { url(width: 200) alt }
        images { url width height placeholder } }
    }"""
    answer = api.ask(query, language="fr, en;q=0.8")
    assert answer["categories"] == [{"name": "Home", "children": [{"name": "杯子", "parent": {"slug": "home"}}]}]
    assert answer["product"] == {
        "name": "Mug",
        "description": "For tea",
        "category": {"name": "杯子", "parent": {"name": "Home"}},
        "image": {"url": "http://shop.test/media/ab12.webp", "alt": "A mug"},
        "images": [{"url": "http://shop.test/media/ab12.webp", "width": 800, "height": 600, "placeholder": "data:"}],
    }
    assert api.ask('{ product(slug: "mug") { name } }', language="zh-TW")["product"]["name"] == "马克杯"


def test_a_variant_leads_back_to_its_product_and_on(api, play) -> None:
    play.stock("MUG", "100.00")
    play.offer("deal", "MUG", "70.00", 1500)
    query = "{ exchangeOffers { edges { node { variant { sku product { slug variants { sku } } } } } } }"
    node = api.ask(query)["exchangeOffers"]["edges"][0]["node"]
    assert node == {"variant": {"sku": "MUG", "product": {"slug": "mug", "variants": [{"sku": "MUG"}]}}}


OFFERS = """
query Offers($filter: ExchangeOfferFilter, $sort: ExchangeOfferSort) {
  exchangeOffers(filter: $filter, sort: $sort) { totalCount edges { node { points } } }
}
"""


def test_redeemable_offers_are_those_the_viewer_may_have_now(api, play) -> None:
    play.stock("MUG", "100.00")
    play.stock("POT", "100.00")
    play.offer("cheap", "MUG", "70.00", 500, per_member_limit=1)
    play.offer("dear", "MUG", "60.00", 5000)
    play.offer("vip", "POT", "80.00", 600, tier="VIP")
    member = play.enrol("Me", points=1000)

    def points(**more):
        answer = api.ask(OFFERS, {"filter": {"redeemable": True}, "sort": "POINTS_ASC"}, **more)["exchangeOffers"]
        assert answer["totalCount"] == len(answer["edges"])
        return [edge["node"]["points"] for edge in answer["edges"]]

    assert points() == []
    assert points(member=member) == [500]
    play.buy(member, {"cheap": 1})
    assert points(member=member) == []
    everything = api.ask(OFFERS, {"sort": "POINTS_DESC"})["exchangeOffers"]
    assert [edge["node"]["points"] for edge in everything["edges"]] == [5000, 600, 500]
    below = api.ask(OFFERS, {"filter": {"maxPoints": 600}})["exchangeOffers"]
    assert below["totalCount"] == 2
    for most, there in ((2**63, 3), (10**40, 3), (-(10**40), 0)):
        assert api.ask(OFFERS, {"filter": {"maxPoints": most}})["exchangeOffers"]["totalCount"] == there


def test_the_program_is_public(api) -> None:
    program = api.ask("""{ program { name version returnWindowDays valueOf100Points { amount }
        tiers { code name rank priceRate pointsMultiplier benefits { code title description } } } }""")["program"]
    assert program["valueOf100Points"] == {"amount": "2.00"}
    assert [tier["priceRate"] for tier in program["tiers"]] == ["1", "0.98", "0.95"]
    assert program["tiers"][1]["benefits"][0]["title"] == "Member price"


def test_what_nobody_would_type_cannot_be_looked_for(api) -> None:
    for slug in ("\x00", "a\nb", "x" * 201):
        assert api.code(VARIANT, {"slug": slug}) == "BAD_USER_INPUT"


def test_whatever_is_pasted_into_the_search_box_is_answered(api) -> None:
    for search in ("\x01!", "no\nthing", "x" * 2001, "👩‍👩‍👧", "%_"):
        assert api.ask(PRODUCTS, {"filter": {"search": search}})["products"]["edges"] == [], search


FOUND = """query($filter: ProductFilter, $sort: ProductSort, $first: Int, $after: String) {
  products(filter: $filter, sort: $sort, first: $first, after: $after) { totalCount edges { node { slug } }
    pageInfo { endCursor hasNextPage } categoryCounts { category { slug } count } } }"""


@pytest.fixture
def wardrobe(play):
    with play.db.write() as tx:
        save_category(tx, SaveCategory(slug="clothes", name="服装"))
        save_category(tx, SaveCategory(slug="shirts", name="衬衫", parent_slug="clothes"))
        for slug, name, category, price, text in (
            ("down", "男士轻薄羽绒服", "clothes", 599, "白鸭绒"),
            ("tee", "T-Shirts", "shirts", 59, ""),
            ("hanger", "Hanger", None, 9, "For a shirt."),
        ):
            command = SaveProduct(
                slug=slug,
                name=name,
                description=text,
                category_slug=category,
                variants=(SaveVariant(slug.upper(), price, on_hand=1),),
            )
            save_product(tx, command, now=play.now, program=play.program)
            play.later(minutes=1)
    return play


def test_a_search_is_answered_best_first_page_by_page_with_counts_by_category(api, wardrobe) -> None:
    answer = api.ask(FOUND, {"filter": {"search": "羽绒"}})["products"]
    assert (slugs({"products": answer}), answer["totalCount"]) == (["down"], 1)
    assert answer["categoryCounts"] == [{"category": {"slug": "clothes"}, "count": 1}]
    first = api.ask(FOUND, {"filter": {"search": "shirt"}, "first": 1})["products"]
    assert (slugs({"products": first}), first["totalCount"]) == (["tee"], 2)
    assert first["categoryCounts"] == [
        {"category": {"slug": "clothes"}, "count": 1},
        {"category": {"slug": "shirts"}, "count": 1},
    ]
    after = first["pageInfo"]["endCursor"]
    assert slugs(api.ask(FOUND, {"filter": {"search": "shirt"}, "first": 1, "after": after})) == ["hanger"]
    assert slugs(api.ask(FOUND, {"filter": {"search": "shirt"}, "sort": "NEWEST"})) == ["hanger", "tee"]
    assert api.code(FOUND, {"filter": {"search": "shirt"}, "sort": "NEWEST", "after": after}) == "BAD_USER_INPUT"


def test_a_list_is_narrowed_by_price_and_counted_by_category(api, wardrobe) -> None:
    for bounds, wanted in (
        ({"minPrice": "59"}, ["tee", "down"]),
        ({"maxPrice": "59.00"}, ["hanger", "tee"]),
        ({"minPrice": "10", "maxPrice": "58.99"}, []),
        ({"maxPrice": "9" * 100}, ["hanger", "tee", "down"]),
        ({"minPrice": "-" + "9" * 100}, ["hanger", "tee", "down"]),
        ({"minPrice": "9" * 100}, []),
    ):
        assert slugs(api.ask(FOUND, {"filter": bounds})) == wanted, bounds
    everything = api.ask(FOUND)["products"]["categoryCounts"]
    assert {each["category"]["slug"]: each["count"] for each in everything} == {"clothes": 2, "shirts": 1}
    assert api.code(FOUND, {"filter": {"minPrice": "0.001"}}) == "BAD_USER_INPUT"


def test_options_and_attributes_are_shown_in_the_viewers_language(api, play) -> None:
    with play.db.write() as tx:
        command = SaveProduct(
            slug="coat",
            name="Coat",
            variants=(SaveVariant("C", 99, on_hand=1, option_values=("M",)),),
            options=(Option("Size", ("M", "L")),),
            attributes=(Attribute("材质", "羊毛", (AttributeTranslation("en", "Fabric", "Wool"),)),),
        )
        save_product(tx, command, now=play.now, program=play.program)
    query = """{ product(slug: "coat") { options { name values } attributes { name value }
      variants { optionValues } } }"""
    answer = api.ask(query, language="en")["product"]
    assert answer == {
        "options": [{"name": "Size", "values": ["M", "L"]}],
        "attributes": [{"name": "Fabric", "value": "Wool"}],
        "variants": [{"optionValues": ["M"]}],
    }
    assert api.ask(query, language="zh-CN")["product"]["attributes"] == [{"name": "材质", "value": "羊毛"}]
