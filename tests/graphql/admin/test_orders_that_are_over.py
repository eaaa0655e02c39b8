"""Orders whose time to pay is over, and that nobody has cancelled yet: no job has run since (R11, R12)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from api.doors import admin_door
from kernel import test_clock
from tests.support.admin import AdminShop
from tests.support.fake_gateway import FakeGateway

INVALID = "InvalidInputError"
SHEET = """mutation($input: ImportCatalogInput!) { importCatalog(input: $input) {
  catalogImport { done problems { column } } errors { __typename path } } }"""


@pytest.fixture
def held(shop: AdminShop) -> AdminShop:
    """Three of five shirts are held by an order that nobody pays."""
    shop.services = replace(shop.services, gateway=FakeGateway())
    shop.door = admin_door(shop.services)
    variant = shop.stock("SHIRT", on_hand=5)["variants"][0]["id"]
    shop.buy(shop.enrol(), variant, 3, pay="STRIPE")
    return shop


def their_time_passes(shop: AdminShop) -> None:
    """The clock moves, and nothing else."""
    with shop.db.write() as tx:
        test_clock.move(tx, shop.now + timedelta(minutes=30))


def count(shop: AdminShop, on_hand: int) -> list[tuple[str, list[str]]]:
    product = shop.ask('{ product(sku: "SHIRT") { id } }')["product"]["id"]
    variants = [{"sku": "SHIRT", "regularPrice": "100.00", "onHand": on_hand}]
    return shop.refused("saveProduct", id=product, slug="shirt", name="SHIRT", variants=variants)


def test_what_such_an_order_held_can_be_counted_away(held: AdminShop) -> None:
    assert count(held, 1) == [(INVALID, ["variants", "0", "onHand"])]
    their_time_passes(held)
    assert count(held, 1) == []


def test_what_such_an_order_held_can_be_taken_from_stock(held: AdminShop) -> None:
    taking = {"sku": "SHIRT", "change": -4, "reason": "moths", "idempotencyKey": "k"}
    assert held.refused("adjustStock", **taking) == [(INVALID, ["change"])]
    their_time_passes(held)
    assert held.refused("adjustStock", **taking) == []


def test_what_such_an_order_held_can_be_counted_away_by_a_sheet(held: AdminShop) -> None:
    def problems(key: str) -> list[str]:
        operations = {"query": SHEET, "variables": {"input": {"file": None, "idempotencyKey": key}}}
        form = {"operations": json.dumps(operations), "map": '{"0": ["variables.input.file"]}'}
        sheet = {"0": ("goods.csv", b"sku,price,counted_stock\nSHIRT,100.00,1\n")}
        headers = {"GraphQL-Require-Preflight": "1"}
        answer = held.post(role="MERCHANDISER", data=form, files=sheet, headers=headers).json()
        return [problem["column"] for problem in answer["data"]["importCatalog"]["catalogImport"]["problems"]]

    assert problems("one") == ["counted_stock"]
    their_time_passes(held)
    assert problems("two") == []


def test_an_offer_may_have_as_small_a_quota_as_is_redeemed_without_it(held: AdminShop) -> None:
    offer = {"sku": "SHIRT", "cash": "50.00", "points": 100}
    id_ = held.do("saveExchangeOffer", "exchangeOffer { id }", quota=5, **offer)["exchangeOffer"]["id"]
    member = held.enrol(phone=None)
    held.do("adjustPoints", "member { id }", memberId=member, points=500, reason="x", idempotencyKey="p")
    held.buy(member, None, 2, offer=id_, pay="STRIPE")
    assert held.refused("saveExchangeOffer", id=id_, quota=1, **offer) == [(INVALID, ["quota"])]
    their_time_passes(held)
    assert held.refused("saveExchangeOffer", id=id_, quota=1, **offer) == []
