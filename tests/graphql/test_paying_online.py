"""Orders that are paid online, through the API: what the device is told, and who waits for the provider."""

from __future__ import annotations

import threading
import time

import pytest

from tests.support.shop_api import ShopApi

PLACE = """mutation($input: PlaceOrderInput!) { placeOrder(input: $input) {
  order { id status payment { status clientSecret } } errors { __typename message } } }"""
CANCEL = """mutation($id: ID!) { cancelOrder(input: {orderId: $id}) {
  order { status payment { clientSecret } } errors { message } } }"""


@pytest.fixture
def online(play):
    """The API of a shop that takes payments online."""
    play.stock("MUG", "100.00")
    api = ShopApi(play, gateway=play.gateway)
    yield api
    api.close()


def place(online, member, key="k"):
    line = {"variantId": online.play.variants["MUG"], "quantity": 1}
    given = {
        "idempotencyKey": key,
        "lines": [line],
        "addressId": online.play.addresses[member],
        "paymentMethod": "STRIPE",
    }
    answer = online.ask(PLACE, {"input": given}, member=member)["placeOrder"]
    assert answer["errors"] == []
    return answer["order"]


def test_the_device_is_told_where_to_pay_each_time_the_order_is_sent(online):
    ana = online.play.enrol("Ana")
    first, again = place(online, ana), place(online, ana)
    assert first == again
    assert first["payment"] == {"status": "PENDING", "clientSecret": f"fake_{first['id']}_secret"}


def test_of_an_order_that_nobody_is_to_pay_any_more_it_is_told_nothing(online):
    ana = online.play.enrol("Ana")
    order = place(online, ana)
    answer = online.ask(CANCEL, {"id": order["id"]}, member=ana)["cancelOrder"]
    assert answer == {"order": {"status": "CANCELLED", "payment": {"clientSecret": None}}, "errors": []}
    assert place(online, ana)["payment"]["clientSecret"] is None


def test_a_slow_provider_keeps_nobody_waiting_who_only_looks(online, monkeypatch):
    """More orders wait for it than the shop has threads for its use cases."""
    members = [online.play.enrol(f"Ana {n}") for n in range(10)]
    open_payment = online.play.gateway.open_payment
    asked = threading.Semaphore(0)

    def open_slowly(*order):
        asked.release()
        time.sleep(1.5)
        return open_payment(*order)

    monkeypatch.setattr(online.play.gateway, "open_payment", open_slowly)
    threads = [threading.Thread(target=place, args=(online, member)) for member in members]
    for thread in threads:
        thread.start()
    for _ in range(4):
        assert asked.acquire(timeout=10)
    time.sleep(0.2)
    began = time.monotonic()
    online.ask("{ products { totalCount } }")
    took = time.monotonic() - began
    for thread in threads:
        thread.join()
    assert took < 1.0
