"""The smallest request for any field of a schema, made from its types."""

from __future__ import annotations

from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    Undefined,
    get_named_type,
    is_leaf_type,
)

SCALARS: dict[str, Any] = {
    "ID": "ord_" + "0" * 32,
    "String": "x",
    "Int": 1,
    "Boolean": True,
    "Points": 1,
    "Decimal": "1",
    # Long gone: nothing that it is asked for can happen.
    "DateTime": "2001-01-01T00:00:00Z",
    "Date": "2001-01-01",
    "JSON": {},
}


def minimal_value(type_: GraphQLInputType) -> Any:
    """A value of a type with nothing in it that may be left out."""
    if isinstance(type_, GraphQLNonNull):
        return minimal_value(type_.of_type)
    if isinstance(type_, GraphQLList):
        return [minimal_value(type_.of_type)]
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    if isinstance(type_, GraphQLInputObjectType):
        return {
            name: minimal_value(field.type)
            for name, field in type_.fields.items()
            if isinstance(field.type, GraphQLNonNull) and field.default_value is Undefined
        }
    return SCALARS[type_.name]


def selection(field: GraphQLField) -> str:
    return "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"


def minimal_request(schema: GraphQLSchema, type_name: str, field_name: str) -> tuple[str, dict[str, Any]]:
    """A document that asks for one field of Query or Mutation, and its variables."""
    type_ = schema.type_map[type_name]
    field: GraphQLField = type_.fields[field_name]  # type: ignore[union-attr, attr-defined]
    needed = {
        name: argument
        for name, argument in field.args.items()
        if isinstance(argument.type, GraphQLNonNull) and argument.default_value is Undefined
    }
    declared = ", ".join(f"${name}: {argument.type}" for name, argument in needed.items())
    passed = ", ".join(f"{name}: ${name}" for name in needed)
    head = f"({declared})" if declared else ""
    body = f"{field_name}({passed})" if passed else field_name
    document = f"{type_name.lower()}{head} {{ {body}{selection(field)} }}"
    return document, {name: minimal_value(argument.type) for name, argument in needed.items()}
