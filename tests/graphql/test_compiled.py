"""Functions made for a document answer as the standard executor does, to the letter: data, order and errors."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

import pytest
import strawberry
from strawberry.extensions import ParserCache
from strawberry.schema.config import StrawberryConfig

from schema import compiled
from schema.compiled import CompiledExecutor, pure
from schema.scalars import SCALARS
from tests.support.shop_api import ShopApi


@strawberry.enum
class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@strawberry.interface
class Named:
    name: str


@strawberry.type
class Plain:
    text: str | None


@strawberry.type
class Other(Named):
    size: int


@strawberry.type
class Thing(Named):
    id: strawberry.ID
    number: int
    sure: bool
    amount: Decimal
    at: datetime | None
    colour: Colour
    maybe: str | None
    tags: list[str]
    table: list[list[int | None]]
    inner: Thing | None
    things: list[Thing]
    plains: list[Plain | None] | None
    named: list[Named]
    either: Annotated[Plain | Other, strawberry.union("Either")] | None

    @strawberry.field
    @pure
    def times(self, by: int = 2, plus: int | None = strawberry.UNSET) -> int:
        if by == 0:
            raise ValueError("by nothing")
        return self.number * by + (plus or 0)

    @strawberry.field
    async def later(self) -> list[Thing]:
        await asyncio.sleep(0)
        return self.things


class Strange(str):
    """A text, but not of that very type."""


class Special(Thing):
    """A thing, but not of that very type."""


def thing(**changes: Any) -> Thing:
    values: dict[str, Any] = {
        "id": strawberry.ID("thing"),
        "name": "a",
        "number": 1,
        "sure": True,
        "amount": Decimal("1.50"),
        "at": datetime(2026, 1, 1, tzinfo=UTC),
        "colour": Colour.RED,
        "maybe": None,
        "tags": ["x", "y"],
        "table": [[1, None], []],
        "inner": None,
        "things": [],
        "plains": None,
        "named": [],
        "either": None,
    }
    return Thing(**values | changes)


class Waited:
    """Has to be awaited, and does not mind if nobody does."""

    def __await__(self) -> Any:
        yield from ()
        return "waited"


PLAIN = {
    "plain": thing,
    "nested": lambda: thing(inner=thing(name="b", things=[thing(), thing(number=3)]), things=[thing(maybe="c")]),
    "lists": lambda: thing(tags=("x",), plains=[Plain(text=None), None, Plain(text="p")], table=([1], (2, None))),
    "of several types": lambda: thing(named=[Other(name="o", size=1), thing()], either=Other(name="e", size=2)),
    "an enum by its value": lambda: thing(colour="blue", things=[thing(colour="red"), thing(colour=Colour.BLUE)]),
    "a text of a kind": lambda: thing(name=Strange("s"), number=True, sure=1),
}
SURPRISING = {
    "another class": lambda: thing(things=[Special(**vars(thing())), thing()]),
    "too large a number": lambda: thing(things=[thing(), thing(number=2**40)]),
    "null where there is none": lambda: thing(name=None, inner=thing(number=None), things=[thing(id=None)]),
    "nested and null": lambda: thing(inner=thing(name=None), things=[thing(inner=thing(tags=[None]))]),
    "a missing list": lambda: thing(things=None, plains=[]),
    "no list": lambda: thing(tags="xy", plains=5, table=[{1, 2}]),
    "not of the enum": lambda: thing(colour="green", things=[thing(colour=[])]),
    "an exception for a value": lambda: thing(maybe=ValueError("wrong"), things=[ValueError("no thing"), thing()]),
    "an exception for an object": lambda: thing(inner=ValueError("no inner"), either=ValueError("neither")),
    "no instant": lambda: thing(at="yesterday", amount=None),
    "to be awaited": lambda: thing(name=Waited(), things=[thing(maybe=Waited())]),
    "none of the types": lambda: thing(named=[Plain(text="t"), thing()], either=thing()),
}
LEAVES = "id name number sure amount at colour maybe tags table"
QUERIES = {
    "leaves": f"{{ thing {{ {LEAVES} }} }}",
    "deep": f"""{{ thing {{ {LEAVES} inner {{ {LEAVES} things {{ number }} }}
                 things {{ {LEAVES} inner {{ tags }} }} }} }}""",
    "lists": "{ thing { plains { text __typename } things { plains { text } id } table } }",
    "types": """{ thing { named { __typename name ... on Thing { number things { id } } ... on Other { size } }
                  either { ... on Plain { text } ... on Other { size name } __typename } } }""",
    "aliases": "{ thing { b: name a: name things { x: number number } things { y: tags } } }",
    "fragments": """{ thing { ...F things { ...F ...G } } } fragment F on Thing { number ... on Named { name } }
                    fragment G on Named { name __typename ... on Other { size } }""",
    "arguments": """query($by: Int!, $plus: Int) { thing { times three: times(by: 3)
                    things { times(by: $by, plus: $plus) } } }""",
    "wrong arguments": "{ thing { number things { times(by: 0) name } } }",
    "directives": """query($yes: Boolean!) { thing { maybe @include(if: $yes)
                     things { name @skip(if: $yes) number } } }""",
    "resolvers": "{ thing { later { name things { number name } } things { later { id } maybe } } }",
    "at the top": "{ things { number inner { number amount } name } __typename }",
}


def schema(make: Any, executor: Any) -> strawberry.Schema:
    @strawberry.type
    class Query:
        @strawberry.field
        def thing(self) -> Thing | None:
            return make()

        @strawberry.field
        async def things(self) -> list[Thing | None]:
            return [thing(), make()]

    config = StrawberryConfig(scalar_map=SCALARS)
    return strawberry.Schema(
        Query, types=[Other], execution_context_class=executor, config=config, extensions=[ParserCache]
    )


def answer(schema: strawberry.Schema, query: str) -> str:
    given = {"by": 4, "plus": None, "yes": False}
    variables = {name: value for name, value in given.items() if f"${name}" in query}
    result = asyncio.run(schema.execute(query, variable_values=variables))
    return json.dumps([result.data, [error.formatted for error in result.errors or ()]])


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
@pytest.mark.parametrize("make", (PLAIN | SURPRISING).values(), ids=PLAIN | SURPRISING)
def test_the_answer_is_that_of_the_standard_executor(make, query) -> None:
    expected = answer(schema(make, None), query)
    ours = schema(make, CompiledExecutor)
    # Once by the standard executor, then by the function made for the document, and when it has given up often.
    assert [answer(ours, query) for _ in range(14)] == [expected] * 14


def test_a_plain_document_is_answered_by_its_function(monkeypatch) -> None:
    ours = schema(PLAIN["nested"], CompiledExecutor)
    query = QUERIES["deep"]
    first, second = answer(ours, query), answer(ours, query)

    def not_this_way(*_: Any) -> None:
        raise AssertionError("the standard executor was asked")

    monkeypatch.setattr(compiled.ShortCutExecutor, "complete_object_value", not_this_way)
    assert first == second == answer(ours, query)


def test_arguments_are_those_of_each_request() -> None:
    ours = schema(lambda: thing(number=1), CompiledExecutor)
    query = "query($by: Int!) { thing { times(by: $by) } }"
    for by in (1, 2, 3, 0, 4):
        result = asyncio.run(ours.execute(query, variable_values={"by": by}))
        assert result.data == {"thing": {"times": by} if by else None}


def test_goods_are_shown_to_each_viewer_by_their_own_function_call(api: ShopApi, play) -> None:
    play.stock("MUG", "100.00")
    query = """query($w: Int) { products(first: 5) { edges { node { slug image { url(width: $w) }
               variants { sku price { amount currencyCode } priceClass inStock } } } } }"""
    vip = play.enrol("Vi", tier="VIP")
    for _ in range(3):
        for member, amount in ((None, "100.00"), (vip, "98.00")):
            edges = api.ask(query, {"w": 100}, member=member)["products"]["edges"]
            assert [variant["price"]["amount"] for variant in edges[0]["node"]["variants"]] == [amount]
