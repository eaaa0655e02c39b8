"""Orders and returns as fulfilment and customer service handle them."""

from __future__ import annotations

OUTCOME = "full refund { amount } pointsReturned pendingPointsReversed withheld { amount }"


def test_shipping_and_recording_cash_twice_changes_nothing(shop):
    variant = shop.stock()["variants"][0]["id"]
    order_id = shop.buy(shop.enrol(), variant, 2)
    for _ in range(2):
        paid = shop.do("recordCashPayment", "order { status payment { status } }", "FULFILMENT", orderId=order_id)
        assert paid["order"] == {"status": "PAID", "payment": {"status": "SUCCEEDED"}}
    shipped = shop.do("shipOrder", "order { status shippedAt shipment { carrier } }", orderId=order_id, carrier="SF")
    shop.at("2026-01-02T09:00:00+08:00")
    again = shop.do("shipOrder", "order { status shippedAt shipment { carrier } }", orderId=order_id, carrier="EMS")
    assert again == shipped
    assert again["order"]["shipment"] == {"carrier": "SF"}
    log = "query($id: ID!) { auditLog(subjectId: $id) { totalCount edges { node { action actor } } } }"
    audited = shop.ask(log, id=order_id)["auditLog"]
    assert [edge["node"]["action"] for edge in audited["edges"]] == ["shipOrder", "recordCashPayment"]
    assert audited["edges"][1]["node"]["actor"].startswith("fulfilment")


def test_an_order_shows_what_was_charged_and_why(shop):
    variant = shop.stock(price="100.00")["variants"][0]["id"]
    member = shop.enrol()
    shop.do("setTier", "member { id }", memberId=member, tierCode="VIP", reason="a friend of the house")
    order_id = shop.buy(member, variant, 3)
    order = shop.ask(
        """query($id: ID!) { node(id: $id) { ... on Order { number tierCode programVersion goods { amount currencyCode }
          shipping { amount } due { amount } points pointsToEarn payment { method status amount { amount } }
          member { number nickname phone } address { recipient phone }
          lines { sku name priceClass quantity unitRegularPrice { amount } unitCash { amount } totalCash { amount }
            explanation { rule change { amount } text } } } } }""",
        language="en",
        id=order_id,
    )["node"]
    line = order["lines"][0]
    assert (order["tierCode"], order["programVersion"]) == ("VIP", 1)
    assert order["goods"] == {"amount": "294.00", "currencyCode": "CNY"}
    assert (line["unitRegularPrice"]["amount"], line["unitCash"]["amount"]) == ("100.00", "98.00")
    assert [(step["rule"], step["change"]["amount"]) for step in line["explanation"]] == [("TIER_DISCOUNT", "-2.00")]
    assert "0.98" in line["explanation"][0]["text"]
    assert order["member"]["phone"] == order["address"]["phone"] == "+8613800000001"
    number = order["number"]
    found = shop.ask("query($number: String!) { order(number: $number) { id } }", number=number)
    assert found == {"order": {"id": order_id}}


def test_a_phone_in_a_list_is_masked(shop):
    shop.buy(shop.enrol(), shop.stock()["variants"][0]["id"])
    fields = "edges { node { member { phone } address { phone } } }"
    listed = shop.ask(f"{{ orders {{ {fields} }} }}", "FULFILMENT")["orders"]["edges"][0]["node"]
    assert listed == {"member": {"phone": "+86138****0001"}, "address": {"phone": "+86138****0001"}}


def test_orders_are_listed_newest_first_by_status_and_by_member(shop):
    variant = shop.stock()["variants"][0]["id"]
    ana, bo = shop.enrol(), shop.enrol("Bo", "+8613800000002")
    placed = []
    for day, member in ((2, ana), (3, bo), (4, ana)):
        shop.at(f"2026-01-0{day}T09:00:00+08:00")
        placed.append(shop.buy(member, variant))
    shop.do("shipOrder", "order { id }", orderId=placed[1])

    def listed(arguments: str = "") -> list[str]:
        page = shop.ask(f"{{ orders{arguments} {{ totalCount edges {{ node {{ id }} }} }} }}")["orders"]
        assert page["totalCount"] == len(page["edges"])
        return [edge["node"]["id"] for edge in page["edges"]]

    assert listed() == placed[::-1]
    assert listed(f'(memberId: "{ana}")') == [placed[2], placed[0]]
    assert listed("(status: SHIPPED)") == [placed[1]]
    assert shop.code('{ orders(memberId: "Ana") { totalCount } }') == "BAD_USER_INPUT"


def test_a_return_is_opened_previewed_and_received_once(shop):
    order = shop.shipped(shop.enrol(), shop.stock()["variants"][0]["id"], 2)
    asked = {
        "orderId": order["id"],
        "lines": [{"orderLineId": order["lines"][0]["id"], "quantity": 1}],
        "reason": "too small",
        "idempotencyKey": "once",
    }
    opened = [shop.do("openReturn", "return { id }", "SERVICE", **asked)["return"]["id"] for _ in range(2)]
    assert opened[0] == opened[1]
    fields = f"id status preview {{ {OUTCOME} }} outcome {{ {OUTCOME} }} lines {{ quantity orderLine {{ sku }} }}"
    waiting = shop.ask(
        f"{{ returns(status: REQUESTED) {{ totalCount edges {{ node {{ {fields} }} }} }} }}", "FULFILMENT"
    )
    node = waiting["returns"]["edges"][0]["node"]
    assert waiting["returns"]["totalCount"] == 1
    assert node["outcome"] is None
    assert node["lines"] == [{"quantity": 1, "orderLine": {"sku": "SHIRT"}}]
    for _ in range(2):
        received = shop.do("receiveReturn", f"return {{ {fields} }}", "FULFILMENT", returnId=node["id"])["return"]
        assert received["status"] == "COMPLETED"
        assert received["preview"] is None
        assert received["outcome"] == node["preview"]
    assert received["outcome"]["refund"]["amount"] == "100.00"
    assert received["outcome"]["pendingPointsReversed"] == 200
    kept = shop.ask(
        "query($n: String!) { order(number: $n) { lines { returnedQuantity } returns { id status } } }",
        n=order["number"],
    )
    assert kept["order"]["lines"] == [{"returnedQuantity": 1}]
    assert kept["order"]["returns"] == [{"id": node["id"], "status": "COMPLETED"}]
    assert shop.refused("rejectReturn", returnId=node["id"]) == [("ReturnStateError", ["returnId"])]


def test_what_cannot_be_is_refused_by_type(shop):
    order_id = shop.buy(shop.enrol(), shop.stock()["variants"][0]["id"])
    unknown = "ord_" + "0" * 32
    assert shop.refused("shipOrder", orderId=unknown) == [("NotFoundError", ["orderId"])]
    assert shop.refused("shipOrder", orderId=order_id, carrier="x" * 201) == [("InvalidInputError", ["carrier"])]
    line = shop.ask("query($id: ID!) { node(id: $id) { ... on Order { lines { id } } } }", id=order_id)["node"][
        "lines"
    ][0]
    lines = [{"orderLineId": line["id"], "quantity": 1}]
    asked = {"orderId": order_id, "reason": "x", "idempotencyKey": "k"}
    assert shop.refused("openReturn", lines=lines, **asked)[0][0] == "OrderStateError"
    shop.do("shipOrder", "order { id }", orderId=order_id)
    assert shop.refused("openReturn", lines=[{"orderLineId": line["id"], "quantity": 2}], **asked) == [
        ("InvalidInputError", ["lines", "0", "quantity"])
    ]
    assert shop.refused("openReturn", lines=[], **asked) == [("InvalidInputError", ["lines"])]
    assert shop.code('mutation { shipOrder(input: {orderId: "7"}) { order { id } } }') == "BAD_USER_INPUT"


def test_texts_that_no_database_keeps_are_refused(shop):
    order_id = shop.buy(shop.enrol(), shop.stock()["variants"][0]["id"])
    assert shop.refused("shipOrder", orderId=order_id, carrier="S\0F") == [("InvalidInputError", ["carrier"])]
    assert shop.refused("receiveReturn", returnId="ret_" + "0" * 32, note="\0") == [
        ("InvalidInputError", ["note"]),
        ("NotFoundError", ["returnId"]),
    ]
    assert shop.code('{ order(number: "\\u0000") { id } }') == "BAD_USER_INPUT"
