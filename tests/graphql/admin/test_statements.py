"""How many statements a list takes: as many for two rows as for one."""

from __future__ import annotations

import pytest

PRODUCTS = """{ products { edges { node { slug categorySlug translations { name } images { alt }
  variants { sku specialPrices { id } } } } } }"""
ORDERS = """{ orders { edges { node { number member { number tierCode pointsPending } lines { sku explanation { text } }
  payment { status } returns { lines { orderLine { sku } } } } } } }"""


@pytest.mark.parametrize(("query", "most"), [(PRODUCTS, 7), (ORDERS, 11)])
def test_a_list_takes_as_many_statements_for_two_rows_as_for_one(shop, query, most):
    def buy(sku: str, phone: str) -> None:
        shop.shipped(shop.enrol(sku, phone), shop.stock(sku)["variants"][0]["id"])

    def statements() -> list[str]:
        shop.ask(query)
        with shop.counting() as sent:
            shop.ask(query)
        # Where the test clock stands is read anew each time; a real one is asked nothing.
        return [statement for statement in sent if "test_clock" not in statement and statement != "BEGIN"]

    buy("A", "+8613800000001")
    one = statements()
    buy("B", "+8613800000002")
    two = statements()
    assert len(two) == len(one), two
    assert len(two) <= most, two


def test_nothing_is_counted_unless_it_is_asked_for(shop):
    shop.stock()
    for query, counts in (("{ products { edges { cursor } } }", 0), ("{ products { totalCount } }", 1)):
        with shop.counting() as sent:
            shop.ask(query)
        assert sum("count(" in statement for statement in sent) == counts
