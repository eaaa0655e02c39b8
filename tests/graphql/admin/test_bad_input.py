"""Whatever a client can send is met: with a typed error or a code, never with a fault of ours."""

from __future__ import annotations

import pytest
from graphql import GraphQLInputObjectType, GraphQLList, GraphQLNonNull
from graphql.pyutils import Undefined

from schema.admin.schema import build
from tests.support.minimal import minimal_value

SCHEMA = build()._schema

NASTY = {
    "String": ["", "\0", "x\0y", "x" * 3_000, "'; drop table orders; --", "%_\\", "😀", "\u202e"],
    "ID": ["", "\0", "7", "ord_" + "0" * 32, "mem_" + "f" * 32, "x" * 3_000],
    "Int": [0, -1, 2**31 - 1, -(2**31)],
    "Points": [0, -1, 2**53 + 1, -(2**63) + 1, 2**63, 2**64, -(10**40)],
    "Decimal": ["0", "-1", "0.001", "99999999999999999999", "9" * 100, "0.00000000000000000001"],
    "DateTime": ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1970-01-01T00:00:00+14:00"],
    "JSON": [{}, [], "\0", 7, {"name": "\0"}, {"\0": 1}, {"currency": {}}],
}


def nasty_inputs(type_: GraphQLInputObjectType):
    """Minimal inputs of a type, each with one nasty value in one place."""
    for name, field in type_.fields.items():
        inner = field.type
        while isinstance(inner, GraphQLNonNull | GraphQLList):
            inner = inner.of_type
        whole = minimal_value(GraphQLNonNull(type_))
        if isinstance(inner, GraphQLInputObjectType):
            for part in nasty_inputs(inner):
                yield {**whole, name: [part]}
            yield {**whole, name: []}
        for value in NASTY.get(getattr(inner, "name", ""), []):
            yield {**whole, name: value}


# Uploads go another way.
MUTATIONS = sorted(
    name
    for name, field in SCHEMA.type_map["Mutation"].fields.items()
    if "input" in field.args and name not in ("uploadProductImage", "importCatalog")
)


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_mutation_answers_whatever_it_is_sent(shop, mutation):
    shop.stock("x")
    field = SCHEMA.type_map["Mutation"].fields[mutation]
    type_ = field.args["input"].type
    query = f"mutation($input: {type_}) {{ {mutation}(input: $input) {{ errors {{ __typename path message }} }} }}"
    for value in nasty_inputs(type_.of_type):
        code = shop.code(query, "ADMIN", input=value)
        assert code in (None, "BAD_USER_INPUT"), (value, code)


LISTS = ["products", "exchangeOffers", "members", "orders", "returns", "auditLog"]


def test_a_query_answers_whatever_it_is_asked(shop):
    shop.enrol()
    for name, field in SCHEMA.type_map["Query"].fields.items():
        for argument, definition in field.args.items():
            inner = definition.type.of_type if isinstance(definition.type, GraphQLNonNull) else definition.type
            for value in NASTY.get(inner.name, []):
                others = {
                    other: each.type
                    for other, each in field.args.items()
                    if other != argument and isinstance(each.type, GraphQLNonNull) and each.default_value is Undefined
                }
                declared = "".join(f", ${other}: {type_}" for other, type_ in others.items())
                passed = "".join(f", {other}: ${other}" for other in others)
                query = f"query($v: {definition.type}{declared}) {{ {name}({argument}: $v{passed}) {{ __typename }} }}"
                filled = {other: minimal_value(type_) for other, type_ in others.items()}
                code = shop.code(query, "ADMIN", v=value, **filled)
                assert code in (None, "BAD_USER_INPUT"), (name, argument, value, code)


def test_a_cursor_of_one_list_does_not_fit_another(shop):
    shop.stock()
    cursor = shop.ask("{ products { pageInfo { endCursor } } }")["products"]["pageInfo"]["endCursor"]
    for name in LISTS[1:]:
        assert shop.code(f"query($c: String) {{ {name}(after: $c) {{ totalCount }} }}", c=cursor) == "BAD_USER_INPUT"


def test_what_is_too_large_is_told_by_its_path(shop):
    """Money below 10^12 minor units and points within 2^53: more is for a person to mend, not for a program."""
    shop.stock("x")
    for mutation in MUTATIONS:
        type_ = SCHEMA.type_map["Mutation"].fields[mutation].args["input"].type
        query = f"mutation($input: {type_}) {{ {mutation}(input: $input) {{ errors {{ __typename path }} }} }}"
        for name, field in type_.of_type.fields.items():
            kind = getattr(getattr(field.type, "of_type", field.type), "name", "")
            for value in {"Points": [2**53 + 1, 2**63, -(10**30)], "Decimal": ["1" + "0" * 23]}.get(kind, []):
                told = shop.ask(query, "ADMIN", input={**minimal_value(type_), name: value})[mutation]["errors"]
                assert ("InvalidInputError", [name]) in [(e["__typename"], e["path"]) for e in told], (mutation, value)
