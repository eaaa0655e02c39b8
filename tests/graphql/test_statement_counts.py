"""How many statements an answer takes, authentication included. These counts are what keeps the shop fast."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.attach_picture import AttachPicture, attach_picture
from catalog.save_exchange_offer import SaveExchangeOffer, save_exchange_offer
from catalog.save_product import SaveProduct, SaveVariant, save_product
from tests.support.shop_api import ShopApi

LIST = """{
  products(first: 20) { edges { node {
    slug name image { url alt width height }
    variants { sku name regularPrice { amount currencyCode } price { amount } priceClass inStock
      exchangeOffers { cash { amount } points saving { amount } } }
  } } pageInfo { hasNextPage endCursor } }
}"""

ME = """{
  me { number nickname tier { code name }
    tierProgress { reviewAt qualifyingSpend { amount } pendingSpend { amount } toKeep { amount } nextTier { code }
      toUpgrade { amount } }
    points { available pending held expiresAt expiryWaitsForOrders value { amount }
      entries(first: 20) { edges { node { kind points balanceAfter occurredAt description } }
        pageInfo { hasNextPage } } } }
}"""


@pytest.fixture
def shelves(play):
    """Twenty products, each with a picture, two variants and an offer."""
    with play.db.write() as tx:
        for i in range(20):
            skus = (f"P{i}-A", f"P{i}-B")
            command = SaveProduct(
                slug=f"p{i}", name=f"P{i}", variants=tuple(SaveVariant(sku, Decimal(100), on_hand=5) for sku in skus)
            )
            product_id = save_product(tx, command, now=play.now, program=play.program)
            attach_picture(tx, AttachPicture(product_id, f"{i}.webp", 10, 10))
            offer = SaveExchangeOffer(skus[0], Decimal(70), 1500)
            save_exchange_offer(tx, offer, now=play.now, program=play.program)
    return play


def test_a_list_of_twenty_products_takes_five_statements(api, shelves) -> None:
    member = shelves.enrol("Ana", tier="VIP")
    token = api.token(member)
    api.ask(LIST, token=token)
    with api.counting() as statements:
        answer = api.ask(LIST, token=token)
    assert len(answer["products"]["edges"]) == 20
    assert answer["products"]["edges"][0]["node"]["variants"][0]["price"] == {"amount": "98.00"}
    assert len(statements) == 5, "\n".join(statements)


def test_signed_out_it_takes_as_many(api, shelves) -> None:
    api.ask(LIST)
    with api.counting() as statements:
        api.ask(LIST)
    assert len(statements) == 5, "\n".join(statements)


def test_me_with_progress_and_a_page_of_entries_takes_five_statements(api, play) -> None:
    member = play.enrol("Ana", points=1000)
    token = api.token(member)
    api.ask(ME, token=token)
    with api.counting() as statements:
        answer = api.ask(ME, token=token)
    assert len(answer["me"]["points"]["entries"]["edges"]) == 1
    assert len(statements) == 5, "\n".join(statements)


def test_who_asks_is_found_out_once_however_much_is_asked(api, play) -> None:
    token = api.token(play.enrol("Ana"))
    query = "{ me { nickname } a: products { edges { node { slug } } } b: exchangeOffers { edges { cursor } } }"
    with api.counting() as statements:
        api.ask(query, token=token)
    assert len([statement for statement in statements if "session" in statement]) == 1


def test_the_orders_of_a_page_share_their_statements(api, play) -> None:
    member = play.enrol("Ana")
    play.stock("MUG", "10.00")
    token = api.token(member)
    query = """{ me { orders { edges { node { number status lines { sku image { url } explanation { text } }
      totals { due { amount } } payment { status } returns { number lines { quantity orderLine { sku } } } } } } } }"""
    counts = []
    for _ in range(2):
        for _ in range(3):
            order = play.sell(member, {"MUG": 2})
            play.return_units(order, {"MUG": 1})
        with api.counting() as statements:
            answer = api.ask(query, token=token)
        counts.append(len(statements))
    assert len(answer["me"]["orders"]["edges"]) == 6
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("method", "most"), [("CASH_ON_DELIVERY", 14), ("STRIPE", 14)])
def test_placing_an_order_of_two_lines_takes_at_most_fourteen(play, method, most) -> None:
    api = ShopApi(play, gateway=play.gateway)
    member = play.enrol("Ana", points=5000)
    play.stock("MUG", "100.00")
    play.stock("POT", "50.00")
    token = api.token(member)
    variables = {
        "input": {
            "idempotencyKey": "k",
            "lines": [{"variantId": play.variants[sku], "quantity": 1} for sku in ("MUG", "POT")],
            "addressId": play.addresses[member],
            "paymentMethod": method,
        }
    }
    query = """mutation($input: PlaceOrderInput!) { placeOrder(input: $input) {
      order { id number status totals { due { amount } } pointsToEarn } errors { message path } } }"""
    api.ask("{ me { id } }", token=token)
    with api.counting() as statements:
        answer = api.ask(query, variables, token=token)
    assert answer["placeOrder"]["order"]["totals"]["due"] == {"amount": "150.00"}
    assert len(statements) <= most, "\n".join(statements)
    api.close()
