"""What clients ask in the benchmark, as requests ready to be sent."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.seed import VARIANTS, an_id, buyer, reader
from kernel.tokens import Tokens

PRODUCT_LIST = """
query ProductList($after: String) {
  products(first: 20, after: $after) {
    edges {
      node {
        id
        slug
        name
        image { url(width: 400) }
        variants {
          id
          sku
          name
          price { amount currencyCode }
          regularPrice { amount currencyCode }
          priceClass
          inStock
          exchangeOffers { id cash { amount currencyCode } points }
        }
      }
    }
    pageInfo { endCursor hasNextPage }
  }
}
"""

ME = """
query Me {
  me {
    id
    nickname
    tier { code name }
    tierProgress {
      reviewAt
      qualifyingSpend { amount currencyCode }
      pendingSpend { amount currencyCode }
      toKeep { amount currencyCode }
      nextTier { code name }
      toUpgrade { amount currencyCode }
    }
    points {
      available
      pending
      held
      expiresAt
      expiryWaitsForOrders
      value { amount currencyCode }
      entries(first: 20) {
        edges { node { id kind points balanceAfter occurredAt expiresAtAfter description } }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
}
"""

PLACE_ORDER = """
mutation PlaceOrder($input: PlaceOrderInput!) {
  placeOrder(input: $input) {
    order {
      id
      number
      status
      totals { goods { amount currencyCode } due { amount currencyCode } }
      pointsToEarn
      lines { id sku productName quantity unitCash { amount currencyCode } priceClass }
      payment { method status amount { amount currencyCode } }
    }
    errors { __typename message path }
  }
}
"""

# Stands for a number that the load generator counts up, of the same length: each order has a key of its own.
COUNTED = "@@@@@@@@@@@@"

Body = Mapping[str, Any]


def body(query: str, variables: Mapping[str, Any] | None = None) -> Body:
    return {"query": query, "variables": dict(variables or {})}


def order_body(member: int, variants: Sequence[int], key: str = COUNTED) -> Body:
    lines = [{"variantId": an_id("var", n), "quantity": 1} for n in variants]
    return body(
        PLACE_ORDER,
        {
            "input": {
                "idempotencyKey": key,
                "lines": lines,
                "addressId": an_id("adr", member),
                "paymentMethod": "CASH_ON_DELIVERY",
            }
        },
    )


class Signing:
    """Access tokens of seeded members, as a sign-in would have given them."""

    def __init__(self, key: bytes) -> None:
        self._tokens = Tokens(key)
        self._now = datetime.now(UTC)

    def token(self, member: int) -> str:
        # A few minutes ahead, so that no token runs out while the benchmark does.
        at = self._now + timedelta(minutes=10)
        return self._tokens.issue("shop", an_id("mem", member), an_id("ses", member), at).text


def request(content: Body, token: str | None = None, path: str = "/graphql") -> str:
    """A whole HTTP request. Texts are ASCII: JSON escapes the rest."""
    text = json.dumps(content)
    signed = f"Authorization: Bearer {token}\r\n" if token else ""
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\nAccept-Language: zh-CN\r\n"
        f"Content-Type: application/json\r\n{signed}Content-Length: {len(text)}\r\n\r\n{text}"
    )


def list_requests(cursors: Sequence[str | None], signing: Signing | None) -> list[str]:
    """The product list's pages, signed out or by 300 members of all tiers."""
    bodies = [body(PRODUCT_LIST, {"after": cursor}) for cursor in cursors]
    if signing is None:
        return [request(content) for content in bodies]
    return [request(bodies[n % len(bodies)], signing.token(reader(n))) for n in range(300)]


def me_requests(signing: Signing) -> list[str]:
    return [request(body(ME), signing.token(reader(n))) for n in range(1_000)]


def order_requests(signing: Signing, count: int, *, hot: bool = False) -> list[str]:
    """Orders of two lines: variants at random, or all of the same two."""
    chance = random.Random(2)  # noqa: S311 - data, not secrets
    return [
        request(order_body(buyer(n), HOT if hot else two_variants(chance)), signing.token(buyer(n)))
        for n in range(count)
    ]


HOT = (1, 3)


def two_variants(chance: random.Random) -> tuple[int, int]:
    """Two different ones that are in stock."""
    first, second = chance.sample(range(VARIANTS // 50), 2)
    return 50 * first + 1 + chance.randrange(49), 50 * second + 1 + chance.randrange(49)
