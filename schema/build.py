"""Builds a schema of ours: scalars, limits, errors with codes. Both APIs are made here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from graphql import GraphQLError
from strawberry import Schema
from strawberry.schema.config import StrawberryConfig
from strawberry.types.execution import ExecutionContext

from schema.codes import settle
from schema.compiled import CompiledExecutor
from schema.limits import limits
from schema.scalars import SCALARS


class CodedSchema(Schema):
    """Every error leaves with a code, and without anything internal."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        for error in errors:
            settle(error, execution_context)


def build_schema(query: type, mutation: type, types: Iterable[type] = (), *, introspection: bool = True) -> CodedSchema:
    """A schema with our scalars and limits. `types` are those that only an interface leads to."""
    config = StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True)
    extensions: list[Any] = limits(introspection=introspection)
    return CodedSchema(
        query=query,
        mutation=mutation,
        types=list(types),
        extensions=extensions,
        execution_context_class=CompiledExecutor,
        config=config,
    )
