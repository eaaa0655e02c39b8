"""What merchandisers ask before and after they make an offer, and the histories that they look into."""

from __future__ import annotations

from checkout.basket import BasketLine
from checkout.place_order import PlaceOrder, place_order
from members.addresses import SaveAddress, save_address

REPORT = """query($sku: String, $offerId: ID, $since: DateTime, $until: DateTime) {
  offerReport(sku: $sku, offerId: $offerId, since: $since, until: $until) {
    offer { id sku } redeemed pointsBurnt cash { amount } regular { amount } givenAway { amount }
    byTier { tierCode units members } } }"""


def redeem(shop, member, offer, quantity):
    with shop.db.write() as tx:
        address = SaveAddress(recipient="安娜", phone="+8613800000001", region="上海市", line="人民路1号")
        address_id = save_address(tx, member, address)
    lines = (BasketLine(None, offer, quantity),)
    command = PlaceOrder(member, f"r-{member}-{shop.now}", lines, address_id, "CASH_ON_DELIVERY")
    return place_order(shop.services.shop, command)


def offered(shop, sku, cash="59.00", points=1000, **more):
    return shop.do("saveExchangeOffer", "exchangeOffer { id }", sku=sku, cash=cash, points=points, **more)[
        "exchangeOffer"
    ]["id"]


def points(shop, member, number):
    shop.do("adjustPoints", "member { id }", memberId=member, points=number, reason="x", idempotencyKey=f"p-{member}")


def test_offers_are_suggested_in_round_numbers_inside_the_guidance(shop):
    shop.stock("MOUSE", "79.00")
    query = """query($sku: String!, $share: Decimal) { suggestExchangeOffers(sku: $sku, targetShare: $share) {
      cash { amount } points discountShare impliedValueOf100Points { amount } } }"""
    found = shop.ask(query, "MERCHANDISER", sku="MOUSE", share="0.25")["suggestExchangeOffers"]
    assert found[0] == {
        "cash": {"amount": "59.00"},
        "points": 1000,
        "discountShare": "0.2532",
        "impliedValueOf100Points": {"amount": "2.00"},
    }
    assert 3 <= len(found) <= 5
    assert shop.ask(query, sku="NOTHING") == {"suggestExchangeOffers": []}
    for wrong in ("1.5", "-1"):
        assert shop.code(query, sku="MOUSE", share=wrong) == "BAD_USER_INPUT"


def test_an_offers_report_tells_what_it_brought_and_who_redeemed_it(shop):
    shop.stock("MOUSE", "79.00")
    offer = offered(shop, "MOUSE")
    ana, bea = shop.enrol("Ana", "+8613800000001"), shop.enrol("Bea", "+8613800000002")
    for member in (ana, bea):
        points(shop, member, 9000)
    shop.do("setTier", "member { id }", memberId=bea, tierCode="VIP", reason="x")
    redeem(shop, ana, offer, 2)
    shop.at("2026-01-03T00:00:00Z")
    redeem(shop, ana, offer, 1)
    redeem(shop, bea, offer, 1)
    shop.at("2026-01-05T00:00:00Z")
    (told,) = shop.ask(REPORT, "ANALYST", sku="MOUSE")["offerReport"]
    assert told == {
        "offer": {"id": offer, "sku": "MOUSE"},
        "redeemed": 4,
        "pointsBurnt": 4000,
        "cash": {"amount": "236.00"},
        "regular": {"amount": "316.00"},
        # 316 less 236 less 4,000 points at 2.00 for 100.
        "givenAway": {"amount": "0.00"},
        "byTier": [
            {"tierCode": "ORDINARY", "units": 3, "members": 1},
            {"tierCode": "VIP", "units": 1, "members": 1},
        ],
    }
    (later,) = shop.ask(REPORT, offerId=offer, since="2026-01-03T00:00:00Z", until="2026-01-04T00:00:00Z")[
        "offerReport"
    ]
    assert (later["redeemed"], later["cash"]) == (2, {"amount": "118.00"})
    (nothing,) = shop.ask(REPORT, offerId=offer, until="2025-01-01T00:00:00Z")["offerReport"]
    assert (nothing["redeemed"], nothing["byTier"]) == (0, [])
    assert [each["redeemed"] for each in shop.ask(REPORT)["offerReport"]] == [4]
    assert shop.ask(REPORT, sku="NOTHING")["offerReport"] == []
    assert shop.code(REPORT, sku="MOUSE", offerId=offer) == "BAD_USER_INPUT"
    assert shop.code(REPORT, "FULFILMENT") == "FORBIDDEN"


def test_goods_that_hardly_move_are_told_by_how_long_they_last(shop):
    slow = shop.stock("SLOW", "100.00", 50)["variants"][0]["id"]
    shop.stock("DEAD", "10.00", 5)
    shop.stock("DEAR", "999.00", 5)
    quick = shop.stock("QUICK", "100.00", 60)["variants"][0]["id"]
    shop.at("2026-03-01T00:00:00Z")
    ana = shop.enrol()
    shop.buy(ana, slow, 2)
    shop.buy(ana, quick, 30)
    shop.stock("FRESH", "100.00", 50)
    shop.at("2026-03-05T00:00:00Z")
    query = """query($days: Int!, $weeks: Int!) { goodsToClear(days: $days, minWeeksOfCover: $weeks) {
      variant { sku product { slug } } available sold weeksOfCover stockValue { amount } } }"""
    found = shop.ask(query, "MERCHANDISER", days=28, weeks=13)["goodsToClear"]
    assert [(each["variant"]["sku"], each["available"], each["sold"], each["weeksOfCover"]) for each in found] == [
        ("DEAR", 5, 0, None),
        ("DEAD", 5, 0, None),
        ("SLOW", 48, 2, "96.0"),
    ]
    assert found[0]["stockValue"] == {"amount": "4995.00"}
    assert found[0]["variant"]["product"] == {"slug": "dear"}
    everything = shop.ask(query, days=28, weeks=1)["goodsToClear"]
    assert [each["variant"]["sku"] for each in everything] == ["DEAR", "DEAD", "SLOW", "QUICK"]
    for wrong in ({"days": 0, "weeks": 1}, {"days": 367, "weeks": 1}, {"days": 9, "weeks": 0}):
        assert shop.code(query, **wrong) == "BAD_USER_INPUT"


def test_stock_and_prices_have_histories_that_say_who(shop):
    variant = shop.stock("MUG", "20.00", 9)["variants"][0]["id"]
    shop.do("adjustStock", "variant { id }", "MERCHANDISER", sku="MUG", change=-2, reason="broken", idempotencyKey="k")
    shop.do("planSpecialPrice", "variant { id }", "MERCHANDISER", sku="MUG", price="15.00")
    order = shop.buy(shop.enrol(), variant)
    told = shop.ask("""{ stockMovements(sku: "MUG", first: 2) { totalCount pageInfo { hasNextPage }
        edges { node { kind onHand reserved onHandAfter reservedAfter orderId actor reason } } }
      priceHistory(sku: "MUG") { edges { node { event priceClass price { amount } priceBefore { amount }
        actor } } } }""")
    movements = told["stockMovements"]
    assert (movements["totalCount"], movements["pageInfo"]["hasNextPage"]) == (3, True)
    ordered, adjusted = (edge["node"] for edge in movements["edges"])
    assert (ordered["kind"], ordered["reserved"], ordered["reservedAfter"], ordered["orderId"]) == (
        "ORDERED", 1, 1, order,
    )  # fmt: skip
    assert (adjusted["kind"], adjusted["onHand"], adjusted["onHandAfter"], adjusted["reason"]) == (
        "ADJUSTED", -2, 7, "broken",
    )  # fmt: skip
    assert adjusted["actor"].startswith("merchandiser")
    sale, regular = (edge["node"] for edge in told["priceHistory"]["edges"])
    assert (sale["event"], sale["priceClass"], sale["price"]) == ("PLANNED", "SALE", {"amount": "15.00"})
    assert sale["actor"].startswith("merchandiser")
    assert (regular["event"], regular["priceBefore"], regular["price"]) == ("REGULAR", None, {"amount": "20.00"})


def test_all_that_can_be_said_of_a_product_is_saved_shown_and_noted(shop):
    fields = """product { id publishedFrom publishedUntil options { name values }
      attributes { name value translations { locale name value } } variants { sku optionValues lowStockAt } }"""
    saved = shop.do(
        "saveProduct",
        fields,
        slug="coat",
        name="Coat",
        publishedFrom="2026-02-01T00:00:00Z",
        publishedUntil="2026-03-01T00:00:00Z",
        options=[{"name": "Size", "values": ["M", "L"]}],
        attributes=[
            {"name": "材质", "value": "羊毛", "translations": [{"locale": "en", "name": "Fabric", "value": "Wool"}]}
        ],
        variants=[{"sku": "C-M", "regularPrice": "99.00", "onHand": 2, "optionValues": ["M"], "lowStockAt": 3}],
    )["product"]
    id_ = saved.pop("id")
    assert saved == {
        "publishedFrom": "2026-02-01T00:00:00+00:00",
        "publishedUntil": "2026-03-01T00:00:00+00:00",
        "options": [{"name": "Size", "values": ["M", "L"]}],
        "attributes": [
            {"name": "材质", "value": "羊毛", "translations": [{"locale": "en", "name": "Fabric", "value": "Wool"}]}
        ],
        "variants": [{"sku": "C-M", "optionValues": ["M"], "lowStockAt": 3}],
    }
    (entry,) = shop.ask("query($id: ID!) { auditLog(subjectId: $id) { edges { node { after } } } }", id=id_)[
        "auditLog"
    ]["edges"]
    assert entry["node"]["after"]["options"] == [{"name": "Size", "values": ["M", "L"]}]
    assert entry["node"]["after"]["variants"][0]["lowStockAt"] == 3
    low = "{ lowStock { totalCount edges { node { sku available product { name } } } } }"
    assert shop.ask(low)["lowStock"]["totalCount"] == 0
    shop.at("2026-02-01T00:00:00Z")
    assert shop.ask(low)["lowStock"]["edges"] == [{"node": {"sku": "C-M", "available": 2, "product": {"name": "Coat"}}}]
    found = 'query($p: Boolean) { products(search: "wool", published: $p) { edges { node { slug } } } }'
    assert len(shop.ask(found, p=True)["products"]["edges"]) == 1
    shop.at("2026-03-01T00:00:00Z")
    assert (len(shop.ask(found, p=True)["products"]["edges"]), len(shop.ask(found)["products"]["edges"])) == (0, 1)


def test_an_offers_limits_by_the_calendar_are_saved_and_shown(shop):
    shop.stock("MUG", "20.00")
    fields = "exchangeOffer { perMemberLimit dailyLimit weeklyLimit monthlyLimit }"
    offer = shop.do(
        "saveExchangeOffer", fields, sku="MUG", cash="15.00", points=250, dailyLimit=1, weeklyLimit=3, monthlyLimit=9
    )["exchangeOffer"]
    assert offer == {"perMemberLimit": None, "dailyLimit": 1, "weeklyLimit": 3, "monthlyLimit": 9}
    assert shop.refused(
        "saveExchangeOffer", sku="MUG", cash="15.00", points=250, dailyLimit=0, weeklyLimit=-1, monthlyLimit=0
    ) == [("InvalidInputError", [name]) for name in ("dailyLimit", "weeklyLimit", "monthlyLimit")]
