"""The catalogue as staff keep it."""

from __future__ import annotations

PRODUCT = """product { id slug name description published thirdParty pointsRate requiredTierCode categorySlug
  translations { locale name description } images { url alt }
  variants { id sku name regularPrice { amount currencyCode } active available onHand specialPrices { id } } }"""


def test_a_product_is_saved_and_found_by_sku_and_by_slug(shop):
    saved = shop.do(
        "saveProduct",
        PRODUCT,
        slug="linen-shirt",
        name="亚麻衬衫",
        translations=[{"locale": "en", "name": "Linen shirt", "description": "Cool."}],
        pointsRate="1.5",
        variants=[{"sku": "LS-M", "name": "M", "regularPrice": "199.00", "onHand": 3}],
    )["product"]
    assert (saved["published"], saved["thirdParty"], saved["pointsRate"]) == (True, False, "1.5")
    assert saved["variants"][0]["regularPrice"] == {"amount": "199.00", "currencyCode": "CNY"}
    assert saved["variants"][0]["available"] == 3
    for key in ({"sku": "LS-M"}, {"slug": "linen-shirt"}):
        found = shop.ask("query($sku: String, $slug: String) { product(sku: $sku, slug: $slug) { id name } }", **key)
        assert found["product"] == {"id": saved["id"], "name": "亚麻衬衫"}
    english = shop.ask('{ product(sku: "LS-M") { name description } }', language="en")["product"]
    assert english == {"name": "Linen shirt", "description": "Cool."}
    assert shop.ask('{ product(sku: "nothing") { id } }') == {"product": None}


def test_a_product_is_looked_for_by_exactly_one_of_sku_and_slug(shop):
    assert shop.code("{ product { id } }") == "BAD_USER_INPUT"
    assert shop.code('{ product(sku: "A", slug: "a") { id } }') == "BAD_USER_INPUT"


def test_what_is_left_out_of_a_product_stays_and_what_is_null_is_taken_away(shop):
    variants = [{"sku": "MUG", "regularPrice": "20.00", "onHand": 5}]
    id_ = shop.do(
        "saveProduct", PRODUCT, slug="mug", name="Mug", description="Blue", pointsRate="3", variants=variants
    )["product"]["id"]
    variants = [{"sku": "MUG", "regularPrice": "20.00"}]
    same = shop.do("saveProduct", PRODUCT, id=id_, slug="mug", name="Mug", variants=variants)["product"]
    assert (same["description"], same["pointsRate"], same["variants"][0]["onHand"]) == ("Blue", "3", 5)
    less = shop.do("saveProduct", PRODUCT, id=id_, slug="mug", name="Mug", pointsRate=None, variants=variants)
    assert less["product"]["pointsRate"] is None


def test_all_that_is_wrong_with_a_product_is_told_at_once(shop):
    shop.stock("A")
    variants = [{"sku": "A", "regularPrice": "1.00"}, {"sku": "B", "regularPrice": "1.001"}]
    assert shop.refused("saveProduct", slug="a", name="", variants=variants) == [
        ("InvalidInputError", ["slug"]),
        ("InvalidInputError", ["name"]),
        ("InvalidInputError", ["variants", "0", "sku"]),
        ("InvalidInputError", ["variants", "1", "regularPrice"]),
    ]
    assert shop.refused("saveProduct", id="prd_" + "0" * 32, slug="b", name="B", variants=[])[0] == (
        "NotFoundError",
        ["id"],
    )


def test_categories_form_a_tree(shop):
    shop.do("saveCategory", "category { id }", slug="clothes", name="服装")
    shop.do(
        "saveCategory",
        "category { id }",
        slug="shirts",
        name="衬衫",
        parentSlug="clothes",
        translations=[{"locale": "en", "name": "Shirts"}],
    )
    fields = "slug name parent { slug } children { slug name parent { slug } translations { locale name } }"
    assert shop.ask(f"{{ categories {{ {fields} }} }}", language="en")["categories"] == [
        {
            "slug": "clothes",
            "name": "服装",
            "parent": None,
            "children": [
                {
                    "slug": "shirts",
                    "name": "Shirts",
                    "parent": {"slug": "clothes"},
                    "translations": [{"locale": "en", "name": "Shirts"}],
                }
            ],
        }
    ]


def test_special_prices_in_force_and_planned_are_listed_and_can_be_ended(shop):
    shop.stock("SHIRT", "100.00")
    fields = "variant { specialPrices { id price { amount } priceClass startsAt endsAt } }"
    shop.do("planSpecialPrice", fields, sku="SHIRT", price="60.00", startsAt="2026-03-01T00:00:00+08:00")
    shop.do("planSpecialPrice", fields, sku="SHIRT", price="80.00", endsAt="2026-02-01T00:00:00+08:00")
    overlapping = shop.refused("planSpecialPrice", sku="SHIRT", price="70.00")
    assert overlapping == [("InvalidInputError", ["startsAt"])]
    specials = shop.ask('{ product(sku: "SHIRT") { variants { specialPrices { id price { amount } } } } }')
    now, planned = specials["product"]["variants"][0]["specialPrices"]
    assert (now["price"]["amount"], planned["price"]["amount"]) == ("80.00", "60.00")
    for special in (now, planned):
        left = shop.do("endSpecialPrice", fields, specialPriceId=special["id"])["variant"]["specialPrices"]
    assert left == []


def test_stock_is_adjusted_once_for_each_key(shop):
    shop.stock("SHIRT", on_hand=10)
    for _ in range(2):
        key = {"sku": "SHIRT", "change": -3, "reason": "damaged", "idempotencyKey": "one"}
        assert shop.do("adjustStock", "variant { onHand }", **key)["variant"]["onHand"] == 7
    other = {"sku": "SHIRT", "change": -4, "reason": "damaged", "idempotencyKey": "one"}
    assert shop.refused("adjustStock", **other) == [("IdempotencyConflictError", ["idempotencyKey"])]
    assert shop.refused("adjustStock", sku="SHIRT", change=-8, reason="x", idempotencyKey="two") == [
        ("InvalidInputError", ["change"])
    ]
    actions = shop.ask("{ auditLog { edges { node { action before after } } } }")["auditLog"]["edges"]
    adjusted = [edge["node"] for edge in actions if edge["node"]["action"] == "adjustStock"]
    assert [(each["before"]["onHand"], each["after"]["onHand"], each["after"]["reason"]) for each in adjusted] == [
        (10, 7, "damaged")
    ]


def test_an_offer_outside_the_guidance_is_saved_with_a_warning(shop):
    shop.stock("SHIRT", "199.00")
    fields = "exchangeOffer { id sku discountShare impliedValueOf100Points { amount } warnings redeemed }"
    offer = shop.do("saveExchangeOffer", fields, sku="SHIRT", cash="99.00", points=3000)["exchangeOffer"]
    assert (offer["discountShare"], offer["impliedValueOf100Points"]["amount"]) == ("0.5025", "3.33")
    assert offer["warnings"] == ["优惠比例 0.5025 高于建议的 0.30。"]
    inside = shop.do("saveExchangeOffer", fields, id=offer["id"], sku="SHIRT", cash="159.20", points=2000)
    assert inside["exchangeOffer"]["id"] == offer["id"]
    assert (inside["exchangeOffer"]["discountShare"], inside["exchangeOffer"]["warnings"]) == ("0.2000", [])
    listed = shop.ask('{ exchangeOffers(sku: "SHIRT") { totalCount edges { node { id } } } }')["exchangeOffers"]
    assert listed == {"totalCount": 1, "edges": [{"node": {"id": offer["id"]}}]}
    assert shop.refused("saveExchangeOffer", sku="SHIRT", cash="199.00", points=0) == [
        ("InvalidInputError", ["cash"]),
        ("InvalidInputError", ["points"]),
    ]


def test_goods_and_offers_for_a_tier_that_does_not_exist_find_no_such_tier(shop):
    shop.stock()
    unknown = [("NotFoundError", ["requiredTierCode"])]
    variants = [{"sku": "HAT", "regularPrice": "10.00"}]
    wanted = {"slug": "hat", "name": "Hat", "variants": variants, "requiredTierCode": "NOBILITY"}
    assert shop.refused("saveProduct", **wanted) == unknown
    offer = {"sku": "SHIRT", "cash": "70.00", "points": 1500, "requiredTierCode": "NOBILITY"}
    assert shop.refused("saveExchangeOffer", **offer) == unknown


def test_products_are_paged_both_ways_newest_first(shop):
    for minute, sku in enumerate("ABC", 1):
        shop.at(f"2026-01-01T09:0{minute}:00+08:00")
        shop.stock(sku)
    page = "edges { cursor node { slug } } pageInfo { hasNextPage hasPreviousPage endCursor startCursor }"
    first = shop.ask(f"{{ products(first: 2) {{ {page} }} }}")["products"]
    assert [edge["node"]["slug"] for edge in first["edges"]] == ["c", "b"]
    assert first["pageInfo"]["hasNextPage"]
    query = f"query($after: String) {{ products(after: $after) {{ {page} }} }}"
    rest = shop.ask(query, after=first["pageInfo"]["endCursor"])["products"]
    assert [edge["node"]["slug"] for edge in rest["edges"]] == ["a"]
    last = shop.ask(f"{{ products(last: 1) {{ {page} }} }}")["products"]
    assert [edge["node"]["slug"] for edge in last["edges"]] == ["a"]
    assert [
        e["node"]["slug"]
        for e in shop.ask('{ products(search: "b") { edges { node { slug } } } }')["products"]["edges"]
    ] == ["b"]
    assert shop.code("{ products(first: 0) { totalCount } }") == "BAD_USER_INPUT"
    assert shop.code('{ products(after: "rubbish") { totalCount } }') == "BAD_USER_INPUT"


def test_products_are_found_by_their_price_now(shop):
    for sku, price in (("A", "10.00"), ("B", "20.00"), ("C", "30.00")):
        shop.stock(sku, price)

    def found(**bounds):
        wanted = "products(minPrice: $min, maxPrice: $max) { totalCount edges { node { slug } } }"
        products = shop.ask(f"query($min: Decimal, $max: Decimal) {{ {wanted} }}", **bounds)["products"]
        assert products["totalCount"] == len(products["edges"])
        return sorted(edge["node"]["slug"] for edge in products["edges"])

    assert found(min="20.00") == ["b", "c"]
    assert found(max="20.00") == ["a", "b"]
    assert found(min="10.01", max="29.99") == ["b"]
    assert found(min="99999999999999999999") == []
    assert shop.code('{ products(minPrice: "0.001") { totalCount } }') == "BAD_USER_INPUT"


def test_ending_an_offer_is_noted_once_and_no_order_can_name_it_from_then_on(shop):
    shop.stock("SHIRT", "199.00")
    offer = shop.do("saveExchangeOffer", "exchangeOffer { id }", sku="SHIRT", cash="159.20", points=2000, quota=9)
    id_ = offer["exchangeOffer"]["id"]
    for _ in range(2):
        ended = shop.do("endExchangeOffer", "exchangeOffer { endsAt quota }", "MERCHANDISER", exchangeOfferId=id_)
        assert ended["exchangeOffer"]["quota"] == 9
        assert ended["exchangeOffer"]["endsAt"] is not None
    log = "query($id: ID!) { auditLog(subjectId: $id) { edges { node { action before after } } } }"
    ending, saving = (edge["node"] for edge in shop.ask(log, id=id_)["auditLog"]["edges"])
    assert (ending["action"], saving["action"]) == ("endExchangeOffer", "saveExchangeOffer")
    assert ending["before"] == {**ending["after"], "endsAt": None}
    assert shop.refused("endExchangeOffer", exchangeOfferId="off_" + "0" * 32) == [
        ("NotFoundError", ["exchangeOfferId"])
    ]
