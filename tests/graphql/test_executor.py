"""The short cut for plain fields answers as the standard executor does, to the letter: data, order and errors."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

from schema.executor import ShortCutExecutor
from schema.scalars import SCALARS


@strawberry.enum
class Colour(Enum):
    RED = "RED"


@strawberry.interface
class Named:
    name: str


@strawberry.type
class Thing(Named):
    number: int
    amount: Decimal
    at: datetime
    colour: Colour
    maybe: str | None
    tags: list[str]
    inner: Thing | None

    @strawberry.field
    def doubled(self, by: int = 2) -> int:
        return self.number * by

    @strawberry.field
    async def later(self) -> str:
        await asyncio.sleep(0)
        return self.name


def thing(**changes: Any) -> Thing:
    values: dict[str, Any] = {
        "name": "a",
        "number": 1,
        "amount": Decimal("1.50"),
        "at": datetime(2026, 1, 1, tzinfo=UTC),
        "colour": "RED",
        "maybe": None,
        "tags": ["x", "y"],
        "inner": None,
    }
    return Thing(**values | changes)


async def _waited() -> str:
    return "waited"


# Built anew for each executor: a coroutine answers once.
THINGS = {
    "plain": thing,
    "nested": lambda: thing(inner=thing(name="b", maybe="c")),
    "too large a number": lambda: thing(number=2**40),
    "null where there is none": lambda: thing(name=None, inner=thing(number=None)),
    "nested and null": lambda: thing(inner=thing(name=None)),
    "not of the enum": lambda: thing(colour="BLUE"),
    "an exception for a value": lambda: thing(maybe=ValueError("wrong")),
    "no instant": lambda: thing(at="yesterday"),
    "to be awaited": lambda: thing(name=_waited()),
}
QUERIES = [
    "{ thing { name number amount at colour maybe tags } }",
    "{ thing { later number inner { name maybe later inner { name } } b: name colour doubled(by: 3) } }",
    "{ thing { ...F name @skip(if: true) ... on Named { name } __typename } } fragment F on Thing { number at }",
    "{ things { number inner { number amount } name } }",
    "query($yes: Boolean!) { thing { maybe @include(if: $yes) tags number } }",
]


def answers(make: Any, query: str, executor: Any) -> str:
    @strawberry.type
    class Query:
        @strawberry.field
        def thing(self) -> Thing | None:
            return make()

        @strawberry.field
        async def things(self) -> list[Thing | None]:
            return [thing(), make()]

    schema = strawberry.Schema(Query, execution_context_class=executor, config=StrawberryConfig(scalar_map=SCALARS))
    result = asyncio.run(schema.execute(query, variable_values={"yes": False} if "$yes" in query else None))
    return json.dumps([result.data, [error.formatted for error in result.errors or ()]])


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("make", THINGS.values(), ids=THINGS)
@pytest.mark.filterwarnings("ignore:coroutine")
def test_the_short_cut_answers_as_the_standard_executor_does(make, query) -> None:
    assert answers(make, query, ShortCutExecutor) == answers(make, query, None)
