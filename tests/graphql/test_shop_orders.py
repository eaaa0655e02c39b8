"""A basket is priced, ordered, cancelled and returned through the shop API."""

from __future__ import annotations

import pytest

from tests.support.shop_api import ShopApi

QUOTE = """query($input: QuoteInput!) { quote(input: $input) {
  quote { pointsToEarn totals { regular { amount } tierDiscount { amount } otherDiscount { amount } goods { amount }
      shipping { amount } total { amount } giftCard { amount } due { amount } points }
    lines { quantity priceClass unitRegularPrice { amount } unitCash { amount } unitPoints totalCash { amount }
      totalPoints pointsToEarn variant { sku product { slug } } exchangeOffer { points }
      explanation { rule change { amount } text } } }
  errors { __typename message path
    ... on InsufficientPointsError { required available }
    ... on InsufficientStockError { sku left: available }
    ... on LimitExceededError { limit remaining }
    ... on TierRequiredError { requiredTier { code } }
    ... on InsufficientGiftCardError { giftCardLeft: available { amount } } } } }"""

ORDER = """id number status placedAt paidAt payBefore tier { code } pointsToEarn shipment { carrier } returnableUntil
  totals { due { amount } points } address { recipient phone line isDefault }
  payment { method status amount { amount } clientSecret }
  lines { id sku productName quantity returnedQuantity unitCash { amount } explanation { rule text } }
  returns { number status order { number } }"""

PLACE = f"""mutation($input: PlaceOrderInput!) {{ placeOrder(input: $input) {{
  order {{ {ORDER} }}
  errors {{ __typename message path ... on QuoteChangedError {{ quote {{ totals {{ due {{ amount }} }}
    lines {{ variant {{ sku product {{ name }} }} }} }} }} }} }} }}"""


MY_CART = "{ me { cart { quote { errors { __typename path } } } } }"
SET_CART = """mutation($input: BasketLineInput!) { setCartLine(input: $input) {
  cart { quote { errors { __typename } } } errors { __typename } } }"""


def line(play, name, quantity=1):
    key = "exchangeOfferId" if name in play.offers else "variantId"
    return {key: (play.offers | play.variants)[name], "quantity": quantity}


def errors(answer):
    return [(error["__typename"], error["path"]) for error in answer["errors"]]


def place(api, play, member, goods, **more):
    basket = {
        "idempotencyKey": "k1",
        "lines": [line(play, *item) for item in goods.items()],
        "addressId": play.addresses[member],
        "paymentMethod": "CASH_ON_DELIVERY",
        **more,
    }
    return api.ask(PLACE, {"input": basket}, member=member)["placeOrder"]


@pytest.fixture
def goods(play):
    play.stock("MUG", "100.00", on_hand=5)
    play.stock("TEE", "80.00")
    play.special("TEE", "60.00")
    play.offer("deal", "MUG", "70.00", 1500, per_member_limit=2)
    return play


def test_a_quote_says_what_each_line_costs_and_why(api, goods) -> None:
    member = goods.enrol("Vi", tier="VIP", points=3000)
    basket = {"lines": [line(goods, "MUG", 2), line(goods, "TEE"), line(goods, "deal")]}
    payload = api.ask(QUOTE, {"input": basket}, member=member)["quote"]
    assert payload["errors"] == []
    mug, tee, deal = payload["quote"]["lines"]
    assert mug["unitCash"] == {"amount": "98.00"}
    assert mug["totalCash"] == {"amount": "196.00"}
    assert mug["variant"] == {"sku": "MUG", "product": {"slug": "mug"}}
    assert mug["explanation"] == [
        {"rule": "TIER_DISCOUNT", "change": {"amount": "-2.00"}, "text": "VIP price: regular price × 0.98"}
    ]
    assert [step["rule"] for step in tee["explanation"]] == ["SALE_PRICE", "TIER_DISCOUNT_EXCLUDED"]
    assert (deal["priceClass"], deal["unitPoints"], deal["exchangeOffer"]) == ("EXCHANGE", 1500, {"points": 1500})
    totals = payload["quote"]["totals"]
    assert totals["tierDiscount"] == {"amount": "4.00"}
    assert totals["otherDiscount"] == {"amount": "50.00"}
    assert totals["due"] == {"amount": "326.00"}
    assert payload["quote"]["pointsToEarn"] == sum(each["pointsToEarn"] for each in (mug, tee, deal))


def test_signed_out_a_quote_is_for_the_entry_tier(api, goods) -> None:
    payload = api.ask(QUOTE, {"input": {"lines": [line(goods, "MUG")]}}, language="zh")["quote"]
    assert payload["quote"]["totals"]["due"] == {"amount": "100.00"}
    assert payload["errors"] == []


def test_everything_that_would_stop_an_order_is_told_at_once(api, goods) -> None:
    goods.stock("VIP", "10.00", tier="VIP")
    member = goods.enrol("Ana", points=100)
    basket = {
        "lines": [line(goods, "MUG", 9), line(goods, "deal", 3), line(goods, "VIP")],
        "giftCardAmount": "5.00",
    }
    payload = api.ask(QUOTE, {"input": basket}, member=member)["quote"]
    found = {error["__typename"]: error for error in payload["errors"]}
    assert found.keys() == {
        "InsufficientStockError",
        "InsufficientPointsError",
        "LimitExceededError",
        "TierRequiredError",
        "InsufficientGiftCardError",
    }
    assert (found["InsufficientPointsError"]["required"], found["InsufficientPointsError"]["available"]) == (4500, 100)
    assert found["InsufficientStockError"]["sku"] == "MUG"
    assert found["LimitExceededError"]["path"] == ["lines", "1", "quantity"]
    assert found["TierRequiredError"]["requiredTier"] == {"code": "VIP"}
    assert found["InsufficientGiftCardError"]["giftCardLeft"] == {"amount": "0.00"}
    assert payload["quote"] is not None


@pytest.fixture
def online(play):
    """The same, taking payments online."""
    api = ShopApi(play, gateway=play.gateway)
    yield api
    api.close()


def test_a_quote_says_what_placing_the_order_would_where_an_order_that_is_over_still_holds_the_goods(online, goods):
    """No job has run since the time to pay was over (R11)."""
    ben, ana = goods.enrol("Ben", points=9000), goods.enrol("Ana", points=9000)
    goods.offer("last", "TEE", "50.00", 100, quota=1)
    goods.reserve(ben, {"MUG": 5, "last": 1})
    lines = [line(goods, "MUG", 2), line(goods, "last")]
    for item in lines:
        online.ask(SET_CART, {"input": item}, member=ana)
    lacking = [
        ("InsufficientStockError", ["lines", "0", "quantity"]),
        ("OfferUnavailableError", ["lines", "1", "quantity"]),
    ]

    def quoted():
        cart = online.ask(MY_CART, member=ana)["me"]["cart"]["quote"]
        quote = online.ask(QUOTE, {"input": {"lines": lines}}, member=ana)["quote"]
        return sorted(errors(quote)), sorted(errors(cart))

    assert quoted() == (lacking, lacking)
    goods.later(minutes=30)
    assert quoted() == ([], [])
    assert place(online, goods, ana, {"MUG": 2, "last": 1})["errors"] == []


def test_the_cart_is_priced_with_what_an_order_that_is_over_held_when_it_is_changed_too(online, goods):
    goods.reserve(goods.enrol("Ben"), {"MUG": 5})
    ana = goods.enrol("Ana")
    goods.later(minutes=30)
    changed = online.ask(SET_CART, {"input": line(goods, "MUG", 5)}, member=ana)["setCartLine"]
    assert (changed["errors"], changed["cart"]["quote"]["errors"]) == ([], [])


def test_a_basket_of_the_wrong_form_is_told_by_its_path(api, goods) -> None:
    member = goods.enrol("Ana")
    for changes, told in (
        ({"lines": []}, [("InvalidInputError", ["lines"])]),
        ({"lines": [{"quantity": 1}]}, [("InvalidInputError", ["lines", "0"])]),
        ({"giftCardAmount": "1.234"}, [("InvalidInputError", ["giftCardAmount"])]),
        ({"giftCardAmount": "-1"}, [("InvalidInputError", ["giftCardAmount"])]),
        ({"giftCardAmount": "99999999999999"}, [("InvalidInputError", ["giftCardAmount"])]),
    ):
        basket = {"lines": [line(goods, "MUG")], **changes}
        assert errors(api.ask(QUOTE, {"input": basket}, member=member)["quote"]) == told


def test_ten_thousand_lines_and_huge_quantities_are_refused(api, goods) -> None:
    many = {"lines": [line(goods, "MUG")] * 10_000}
    assert errors(api.ask(QUOTE, {"input": many})["quote"]) == [("InvalidInputError", ["lines"])]
    huge = {"lines": [line(goods, "MUG", 10_000), line(goods, "TEE", -1)]}
    assert errors(api.ask(QUOTE, {"input": huge})["quote"]) == [
        ("InvalidInputError", ["lines", "0", "quantity"]),
        ("InvalidInputError", ["lines", "1", "quantity"]),
    ]


def test_what_is_no_decimal_is_the_clients_mistake(api, goods) -> None:
    for amount in ("NaN", "1e30", "Infinity", "", " 1", "0x1", 1.5, 3, "٣", "1" * 101):
        basket = {"lines": [line(goods, "MUG")], "giftCardAmount": amount}
        assert api.code(QUOTE, {"input": basket}) == "BAD_USER_INPUT"


def test_more_than_any_amount_may_be_is_told_by_its_path(api, goods) -> None:
    member = goods.enrol("Me")
    many = "1" + "0" * 23
    for amount in ("10000000000", many, "-" + many, "1" * 100):
        quote = api.ask(QUOTE, {"input": {"lines": [line(goods, "MUG")], "giftCardAmount": amount}}, member=member)
        assert errors(quote["quote"]) == [("InvalidInputError", ["giftCardAmount"])]
    answer = place(api, goods, member, {"MUG": 1}, giftCardAmount=many, expectedDue=many, expectedPoints=2**64 + 1)
    told = errors(answer)
    for path in ("giftCardAmount", "expectedDue", "expectedPoints"):
        assert ("InvalidInputError", [path]) in told
    for points in (2**53 + 1, 2**63, -(2**63), 10**30):
        told = errors(place(api, goods, member, {"MUG": 1}, expectedPoints=points))
        assert ("InvalidInputError", ["expectedPoints"]) in told


def test_a_malformed_id_is_the_clients_mistake(api) -> None:
    for id_ in ("", "x", "var_", "var_0", "VAR_" + "0" * 32, "var_" + "0" * 31 + "g", "\x00"):
        assert api.code(QUOTE, {"input": {"lines": [{"variantId": id_, "quantity": 1}]}}) == "BAD_USER_INPUT"
        assert api.code("query($id: ID!) { node(id: $id) { id } }", {"id": id_}) == "BAD_USER_INPUT"


def test_an_unknown_id_is_not_found(api, goods) -> None:
    unknown = "var_" + "0" * 32
    payload = api.ask(QUOTE, {"input": {"lines": [{"variantId": unknown, "quantity": 1}]}})["quote"]
    assert payload["quote"] is None
    assert errors(payload) == [("NotFoundError", ["lines", "0", "variantId"])]
    assert api.ask("query($id: ID!) { node(id: $id) { id } }", {"id": unknown}) == {"node": None}


def test_an_order_is_placed_as_it_was_quoted(api, goods) -> None:
    member = goods.enrol("Ana", points=2000)
    payload = place(api, goods, member, {"MUG": 1, "deal": 1}, expectedDue="170.00", expectedPoints=1500)
    assert payload["errors"] == []
    order = payload["order"]
    assert order["status"] == "PAID"
    assert order["totals"] == {"due": {"amount": "170.00"}, "points": 1500}
    assert order["payment"] == {
        "method": "CASH_ON_DELIVERY",
        "status": "PENDING",
        "amount": {"amount": "170.00"},
        "clientSecret": None,
    }
    assert order["address"]["recipient"] == "Ana"
    assert [each["sku"] for each in order["lines"]] == ["MUG", "MUG"]
    assert order["tier"] == {"code": "ORDINARY"}


def test_the_same_key_gives_the_same_order_and_with_another_input_an_error(api, goods) -> None:
    member = goods.enrol("Ana")
    first = place(api, goods, member, {"MUG": 1})["order"]
    assert place(api, goods, member, {"MUG": 1})["order"]["number"] == first["number"]
    assert errors(place(api, goods, member, {"MUG": 2})) == [("IdempotencyConflictError", ["idempotencyKey"])]
    assert len(api.ask("{ me { orders { edges { node { id } } } } }", member=member)["me"]["orders"]["edges"]) == 1


def test_a_key_that_is_none_is_told(api, goods) -> None:
    member = goods.enrol("Ana")
    for key in ("", " ", "\x00", "k" * 201):
        payload = place(api, goods, member, {"MUG": 1}, idempotencyKey=key)
        assert errors(payload) == [("InvalidInputError", ["idempotencyKey"])]


def test_a_price_that_has_changed_is_shown_before_anything_is_ordered(api, goods) -> None:
    member = goods.enrol("Ana")
    payload = place(api, goods, member, {"MUG": 1}, expectedDue="90.00")
    assert payload["order"] is None
    assert errors(payload) == [("QuoteChangedError", ["expectedDue"])]
    assert payload["errors"][0]["quote"] == {
        "totals": {"due": {"amount": "100.00"}},
        "lines": [{"variant": {"sku": "MUG", "product": {"name": "MUG"}}}],
    }


def test_stripe_is_not_set_up(api, goods) -> None:
    payload = place(api, goods, goods.enrol("Ana"), {"MUG": 1}, paymentMethod="STRIPE")
    assert errors(payload) == [("UnavailableError", ["paymentMethod"])]


def test_somebody_elses_address_is_not_found(api, goods) -> None:
    ana, bo = goods.enrol("Ana"), goods.enrol("Bo")
    payload = place(api, goods, ana, {"MUG": 1}, addressId=goods.addresses[bo])
    assert errors(payload) == [("NotFoundError", ["addressId"])]


CART = """cart { lines { id quantity variant { sku price { amount } } exchangeOffer { points } }
  quote { quote { totals { due { amount } } lines { variant { sku } } } errors { __typename path } } }"""


def test_the_cart_is_priced_now_and_emptied_by_the_order(api, goods) -> None:
    member = goods.enrol("Ana", points=1500)
    token = api.token(member)
    put = f"mutation($input: BasketLineInput!) {{ setCartLine(input: $input) {{ {CART} errors {{ path }} }} }}"
    api.ask(put, {"input": line(goods, "MUG", 2)}, token=token)
    cart = api.ask(put, {"input": line(goods, "deal")}, token=token)["setCartLine"]["cart"]
    assert [(each["quantity"], each["exchangeOffer"]) for each in cart["lines"]] == [(2, None), (1, {"points": 1500})]
    assert cart["quote"]["quote"]["totals"]["due"] == {"amount": "270.00"}
    cart = api.ask(put, {"input": line(goods, "MUG", 0)}, token=token)["setCartLine"]["cart"]
    assert len(cart["lines"]) == 1
    order = place(api, goods, member, {}, lines=None)["order"]
    assert order["totals"]["due"] == {"amount": "70.00"}
    cart = api.ask(f"{{ me {{ {CART} }} }}", token=token)["me"]["cart"]
    assert cart["lines"] == []
    assert errors(cart["quote"]) == [("InvalidInputError", ["lines"])]


def test_a_cart_keeps_goods_that_are_no_longer_sold_and_says_so(api, goods) -> None:
    member = goods.enrol("Ana")
    put = "mutation($input: BasketLineInput!) { setCartLine(input: $input) { errors { path } } }"
    goods.offer("short", "TEE", "50.00", 10, ends="2026-01-02T00:00")
    api.ask(put, {"input": line(goods, "short")}, member=member)
    goods.days_later(2)
    cart = api.ask(f"{{ me {{ {CART} }} }}", member=member)["me"]["cart"]
    assert cart["lines"][0]["variant"]["sku"] == "TEE"
    assert cart["quote"]["quote"] is None
    assert errors(cart["quote"]) == [("OfferUnavailableError", ["lines", "0", "exchangeOfferId"])]
    assert (
        api.ask(f"mutation {{ clearCart {{ {CART} errors {{ path }} }} }}", member=member)["clearCart"]["cart"]["lines"]
        == []
    )


CANCEL = "mutation($id: ID!) { cancelOrder(input: {orderId: $id}) { order { status } errors { __typename path } } }"


def test_an_order_is_cancelled_before_it_ships_and_never_somebody_elses(api, goods) -> None:
    ana, bo = goods.enrol("Ana"), goods.enrol("Bo")
    order = goods.buy(ana, {"MUG": 1})
    assert errors(api.ask(CANCEL, {"id": order}, member=bo)["cancelOrder"]) == [("NotFoundError", ["orderId"])]
    for _ in range(2):
        answer = api.ask(CANCEL, {"id": order}, member=ana)["cancelOrder"]
        assert answer == {"order": {"status": "CANCELLED"}, "errors": []}
    shipped = goods.sell(ana, {"MUG": 1})
    assert errors(api.ask(CANCEL, {"id": shipped}, member=ana)["cancelOrder"]) == [("OrderStateError", ["orderId"])]


PREVIEW = """query($input: ReturnPreviewInput!) { previewReturn(input: $input) {
  preview { full refund { amount } pointsReturned pendingPointsReversed withheld { amount } expiresAtAfter }
  errors { __typename path } } }"""
RETURN = """mutation($input: RequestReturnInput!) { requestReturn(input: $input) {
  return { id number kind status reason outcome { full } order { number } lines { quantity orderLine { sku } } }
  errors { __typename message path } } }"""


def test_a_return_is_foreseen_asked_for_and_taken_back(api, goods) -> None:
    member = goods.enrol("Ana")
    order = goods.sell(member, {"MUG": 2})
    lines = [{"orderLineId": goods.lines(order)[0].id, "quantity": 1}]
    foreseen = api.ask(PREVIEW, {"input": {"orderId": order, "lines": lines}}, member=member)["previewReturn"]
    assert foreseen["preview"]["refund"] == {"amount": "100.00"}
    assert foreseen["preview"]["full"] is False
    assert foreseen["preview"]["pendingPointsReversed"] == 200
    asked = {"orderId": order, "lines": lines, "reason": "too big", "idempotencyKey": "r1"}
    made = api.ask(RETURN, {"input": asked}, member=member)["requestReturn"]
    assert made["errors"] == []
    assert made["return"]["status"] == "REQUESTED"
    assert made["return"]["outcome"] is None
    assert made["return"]["lines"] == [{"quantity": 1, "orderLine": {"sku": "MUG"}}]
    again = api.ask(RETURN, {"input": {**asked, "idempotencyKey": "r2", "lines": [{**lines[0], "quantity": 2}]}},
                    member=member)["requestReturn"]  # fmt: skip
    assert errors(again) == [("InvalidInputError", ["lines", "0", "quantity"])]
    cancel = "mutation($id: ID!) { cancelReturn(input: {returnId: $id}) { return { status } errors { __typename } } }"
    id_ = made["return"]["id"]
    assert api.ask(cancel, {"id": id_}, member=goods.enrol("Bo"))["cancelReturn"]["errors"] == [
        {"__typename": "NotFoundError"}
    ]
    assert api.ask(cancel, {"id": id_}, member=member)["cancelReturn"]["return"] == {"status": "CANCELLED"}
    assert api.code(PREVIEW, {"input": {"orderId": order, "lines": lines}}) == "UNAUTHENTICATED"


def test_a_return_that_has_been_received_says_what_went_back(api, goods) -> None:
    member = goods.enrol("Ana")
    order = goods.sell(member, {"MUG": 1})
    goods.take_back(order, {"MUG": 1})
    query = """query($id: ID!) { node(id: $id) { ... on Order { status lines { returnedQuantity }
      returns { outcome { full refund { amount } } order { number status } } } } }"""
    node = api.ask(query, {"id": order}, member=member)["node"]
    assert node["status"] == "RETURNED"
    assert node["returns"][0]["outcome"] == {"full": True, "refund": {"amount": "100.00"}}
    assert node["returns"][0]["order"]["status"] == "RETURNED"


def test_too_late_is_told_with_the_instant(api, goods) -> None:
    member = goods.enrol("Ana")
    order = goods.sell(member, {"MUG": 1})
    lines = [{"orderLineId": goods.lines(order)[0].id, "quantity": 1}]
    goods.days_later(30)
    query = """query($input: ReturnPreviewInput!) { previewReturn(input: $input) {
      preview { full } errors { __typename ... on ReturnWindowClosedError { closedAt } } } }"""
    answer = api.ask(query, {"input": {"orderId": order, "lines": lines}}, member=member)["previewReturn"]
    assert answer["errors"] == [{"__typename": "ReturnWindowClosedError", "closedAt": "2026-01-31T01:00:00+00:00"}]


def test_a_swap_is_foreseen_with_the_goods_that_are_not_there_to_be_sent(api, goods) -> None:
    member = goods.enrol("Ana")
    order = goods.sell(member, {"MUG": 2})
    other = goods.reserve(member, {"MUG": 2})
    lines = [{"orderLineId": goods.lines(order)[0].id, "quantity": 1}] * 2
    query = """query($input: ReturnPreviewInput!) { previewReturn(input: $input) { preview { full refund { amount } }
      errors { __typename path ... on InsufficientStockError { sku available } } } }"""

    def foreseen(kind):
        asked = {"orderId": order, "kind": kind, "lines": lines}
        return api.ask(query, {"input": asked}, member=member)["previewReturn"]

    told = {"__typename": "InsufficientStockError", "path": ["lines", "0"], "sku": "MUG", "available": 1}
    assert foreseen("SWAP") == {"preview": {"full": False, "refund": {"amount": "0.00"}}, "errors": [told]}
    assert foreseen("REFUND") == {"preview": {"full": True, "refund": {"amount": "200.00"}}, "errors": []}
    goods.cancel(other)
    assert foreseen("SWAP")["errors"] == []


def test_orders_page_newest_first_by_status(api, goods) -> None:
    member = goods.enrol("Ana")
    orders = []
    for _ in range(3):
        orders.append(goods.buy(member, {"TEE": 1}))
        goods.later(minutes=1)
    goods.cancel(orders[1])
    query = """query($status: OrderStatus, $after: String) { me { orders(first: 2, status: $status, after: $after) {
      totalCount edges { node { id } } pageInfo { endCursor hasNextPage } } } }"""
    page = api.ask(query, member=member)["me"]["orders"]
    assert [edge["node"]["id"] for edge in page["edges"]] == [orders[2], orders[1]]
    rest = api.ask(query, {"after": page["pageInfo"]["endCursor"]}, member=member)["me"]["orders"]
    assert [edge["node"]["id"] for edge in rest["edges"]] == [orders[0]]
    assert api.ask(query, {"status": "CANCELLED"}, member=member)["me"]["orders"]["totalCount"] == 1


COPY = "query($id: ID!) { node(id: $id) { ... on Order { address { id recipient } } } }"


def test_a_node_is_whatever_the_viewer_may_see_and_nothing_else(api, goods) -> None:
    ana, bo = goods.enrol("Ana", gift_card="10.00"), goods.enrol("Bo")
    order = goods.sell(ana, {"MUG": 1})
    returned = goods.return_units(order, {"MUG": 1})
    payment = goods.payment(order)
    goods.adjust(ana, 5)
    card = api.ask("{ me { giftCards { id maskedCode balance { amount } } } }", member=ana)["me"]["giftCards"][0]
    assert card["balance"] == {"amount": "10.00"}
    assert len(card["maskedCode"]) == 8
    own = [ana, order, goods.lines(order)[0].id, payment.id, returned, card["id"], goods.entries(ana)[0].id]
    own += [goods.addresses[ana], api.ask(COPY, {"id": order}, member=ana)["node"]["address"]["id"]]
    public = [goods.variants["MUG"], goods.offers["deal"]]
    query = "query($id: ID!) { node(id: $id) { __typename id } }"
    for id_ in own:
        assert api.ask(query, {"id": id_}, member=ana)["node"]["id"] == id_
        assert api.ask(query, {"id": id_}, member=bo) == {"node": None}
        assert api.ask(query, {"id": id_}) == {"node": None}
    for id_ in public:
        assert api.ask(query, {"id": id_})["node"]["id"] == id_


def test_a_wrong_line_tells_all_that_is_wrong_with_it(api, goods) -> None:
    member = goods.enrol("Ana")
    wrong = {"quantity": -5}
    assert errors(api.ask(QUOTE, {"input": {"lines": [wrong]}}, member=member)["quote"]) == [
        ("InvalidInputError", ["lines", "0"]),
        ("InvalidInputError", ["lines", "0", "quantity"]),
    ]
    cart = "mutation($input: BasketLineInput!) { setCartLine(input: $input) { errors { __typename path } } }"
    assert errors(api.ask(cart, {"input": wrong}, member=member)["setCartLine"]) == [
        ("InvalidInputError", []),
        ("InvalidInputError", ["quantity"]),
    ]


def test_a_payment_method_that_is_not_set_up_hides_nothing_else(api, goods) -> None:
    member, other = goods.enrol("Ana"), goods.enrol("Bo")
    more = {"paymentMethod": "STRIPE", "addressId": goods.addresses[other]}
    assert errors(place(api, goods, member, {"MUG": 99}, **more)) == [
        ("UnavailableError", ["paymentMethod"]),
        ("NotFoundError", ["addressId"]),
        ("InsufficientStockError", ["lines", "0", "quantity"]),
    ]


def test_more_points_than_can_be_written_down_are_refused(api, goods) -> None:
    goods.offer("dream", "MUG", "0.00", 2**53)
    member = goods.enrol("Ana")
    payload = api.ask(QUOTE, {"input": {"lines": [line(goods, "dream", 3)]}}, member=member)["quote"]
    assert payload["quote"] is None
    assert errors(payload) == [("InvalidInputError", ["lines"])]
    assert errors(place(api, goods, member, {"dream": 3})) == [("InvalidInputError", ["lines"])]
