"""Queries that ask for too much are refused before they cost anything; those that frontends send are not."""

from __future__ import annotations

import time

import pytest
from graphql import get_introspection_query, parse
from strawberry.extensions.validation_cache import _get_validate_cache

from kernel.database import Database
from schema import limits
from schema.limits import excess
from schema.shop.schema import build
from tests.support.shop import PlayShop
from tests.support.shop_api import ShopApi

SCHEMA = build()


@pytest.fixture(scope="module")
def api(sqlite_databases):
    with sqlite_databases.migrated() as url:
        db = Database(url)
        api = ShopApi(PlayShop(db))
        yield api
        api.close()
        db.close()


def fragments(levels: int, leaf: str = "code") -> str:
    """Fragments that spread the next one twice: expanded, two to the power of the levels."""
    chain = " ".join(f"fragment F{i} on Tier {{ ...F{i + 1} ...F{i + 1} }}" for i in range(levels))
    return f"{{ program {{ tiers {{ ...F0 }} }} }} {chain} fragment F{levels} on Tier {{ {leaf} }}"


@pytest.mark.parametrize("levels", [16, 41, 90])
def test_nested_fragments_are_weighed_in_milliseconds(api, levels) -> None:
    started = time.process_time()
    answer = api.post(fragments(levels))
    assert time.process_time() - started < 0.5
    assert answer["errors"][0]["extensions"]["code"] == "QUERY_TOO_EXPENSIVE"


FRONTEND = """query Shelf($first: Int!, $after: String) {
  products(first: $first, after: $after, sort: NEWEST) { totalCount pageInfo { hasNextPage endCursor }
    edges { cursor node { __typename id slug name description thirdParty category { id name slug }
      requiredTier { code name } image { url(width: 400) alt width height placeholder } images { url alt width height }
      variants { id sku name inStock priceClass regularPrice { amount currencyCode } price { amount currencyCode }
        exchangeOffers { id cash { amount currencyCode } points startsAt endsAt remaining perMemberLimit
          requiredTier { code } saving { amount currencyCode } } } } } } }"""

ACCOUNT = """{ me { id number tier { code name benefits { code title description } }
  tierProgress { reviewAt qualifyingSpend { amount } toKeep { amount } nextTier { code } }
  points { available pending entries(first: 100) { edges { node { id kind points balanceAfter description
    order { number } } } } } cart { lines { id quantity variant { sku product { slug name image { url } } } }
    quote { quote { lines { unitCash { amount } explanation { rule text } } totals { due { amount } } }
      errors { message path } } }
  orders(first: 100) { edges { node { id number status placedAt lines { id sku productName image { url }
    unitCash { amount } explanation { text } } totals { due { amount } } payment { status }
    returns { number status lines { quantity orderLine { sku } } } } } } } }"""


SIBLINGS = """{ exchangeOffers(first: 20) { edges { node { id points cash { amount } variant { sku product { name
  variants { sku name price { amount } } } } } } } }"""


@pytest.mark.parametrize("query", [FRONTEND, ACCOUNT, SIBLINGS, get_introspection_query()])
def test_what_frontends_ask_is_answered(api, query) -> None:
    assert excess(SCHEMA._schema, parse(query)) is None
    api.ask(query, {"first": 100})


def repeated(what: str, times: int) -> str:
    return "{ " + " ".join([what] * times) + " }"


@pytest.mark.parametrize(
    "query",
    [
        "{ " + " ".join(f"a{i}: program {{ version }}" for i in range(100)) + " }",
        "{ program { " + " ".join(f"a{i}: version" for i in range(100)) + " } }",
        repeated("program { version }", 200),
        "{ program { " + "version " * 200 + " } }",
        "{ program { version " + "@include(if: true) " * 100 + " } }",
        "{ categories { " + "children { " * 25 + "id" + " }" * 25 + " } }",
        "{ categories { " + "children { " * 300 + "id" + " }" * 300 + " } }",
        "{ me { orders(first: 100) { edges { node { returns { order { returns { order { returns { order { returns { "
        "order { returns { order { id } } } } } } } } } } } } } } }",
        "{ products(first: 100) { edges { node { variants { product { variants { product { variants { product { "
        "variants { sku name } } } } } } } } } } }",
        "{ products(first: 100) { edges { node { variants { product { variants { product { variants { id } } } } } } "
        "} } }",
        "{ products(first: 100) { edges { node { variants { product { ...A } } } } } } "
        "fragment A on Product { ...B } fragment B on Product { variants { product { variants { id } } } }",
        "{ exchangeOffers(first: 100) { edges { node { variant { exchangeOffers { variant { exchangeOffers { id } } } "
        "} } } } }",
        "{ products(first: " + "9" * 5000 + ") { totalCount } }",
        "{ exchangeOffers(filter: {maxPoints: -" + "9" * 5000 + "}) { totalCount } }",
        "{ program { version } } # " + "\n" + "{ a }" * 3000,
        fragments(3, "code " * 40),
    ],
)
def test_what_is_too_much_is_refused_at_once(api, query) -> None:
    started = time.process_time()
    answer = api.post(query)
    # The processor's time, not the clock's: a busy machine is not what is asked about.
    assert time.process_time() - started < 1
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["QUERY_TOO_EXPENSIVE"]


def test_fragments_that_stand_in_themselves_are_refused(api) -> None:
    answer = api.post("{ program { tiers { ...A } } } fragment A on Tier { ...B } fragment B on Tier { ...A code }")
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"GRAPHQL_VALIDATION_FAILED"}


def test_a_page_size_in_a_variable_counts_as_the_largest() -> None:
    query = "query($n: Int) {{ products(first: {0}) {{ edges {{ node {{ variants {{ {1} }} }} }} }} }}"

    def cost(size: str) -> int:
        document = parse(query.format(size, "id sku"))
        return limits._Weighing(SCHEMA._schema, document).operation(document.definitions[0]).cost

    assert cost("$n") == cost("100")
    assert cost("1") < cost("20") < cost("100")


def test_a_document_is_validated_once(api) -> None:
    cache = _get_validate_cache(limits.CACHED_DOCUMENTS)
    query = "{ program { version name } }"
    api.ask(query)
    hits, misses = cache.cache_info().hits, cache.cache_info().misses
    for _ in range(3):
        api.ask(query)
    assert cache.cache_info().hits == hits + 3
    assert cache.cache_info().misses == misses
