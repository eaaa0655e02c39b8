"""Executes a request as graphql-core does, with a short cut for the fields that are most of an answer.

A plain leaf (an attribute of a row's type, without arguments) needs no resolver, no info and no steps of completion.
Whatever is surprising about it goes the standard way, so that answers and errors are the same to the letter.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from graphql import GraphQLField, GraphQLNonNull, GraphQLObjectType, is_leaf_type
from graphql.pyutils import Undefined
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter

Leaf = tuple[str, Callable[[Any], Any], bool]
"""The attribute, what makes an answer of its value, and whether it may be null."""


class ShortCutExecutor(StrawberryGraphQLCoreExecutionContext):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The manager is true even where it has nothing to do.
        manager = self.middleware_manager
        self._short_cut = not (manager and manager.middlewares)

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,  # noqa: ANN401 - whatever the parent's resolver gave
        path: Any,  # noqa: ANN401 - graphql-core's own, like the two below
        grouped_field_set: Any,  # noqa: ANN401
        position_context: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        standard = super().execute_fields
        if not self._short_cut:
            return standard(parent_type, source_value, path, grouped_field_set, position_context)
        leaves = leaves_of(parent_type)
        answers: dict[str, Any] = {}
        rest: dict[str, Any] = {}
        for name, details in grouped_field_set.items():
            node = details[0].node
            leaf = None if node.arguments else leaves.get(node.name.value)
            answer = _STANDARD if leaf is None else self._answer(leaf, source_value)
            if answer is _STANDARD:
                rest[name] = details
            # Keeps its place in the answer until it is known.
            answers[name] = answer
        if not rest:
            return answers
        others = standard(parent_type, source_value, path, rest, position_context)
        if isinstance(others, dict):
            return _together(answers, others)
        return _later(answers, others)

    def _answer(self, leaf: Leaf, source: Any) -> Any:  # noqa: ANN401
        attribute, coerce, nullable = leaf
        try:
            value = getattr(source, attribute)
            if value is None:
                return None if nullable else _STANDARD
            if isinstance(value, Exception) or self.is_awaitable(value):
                return _STANDARD
            answer = coerce(value)
        except Exception:
            # The standard way comes to the same, and reports it.
            return _STANDARD
        return _STANDARD if answer is None or answer is Undefined else answer


_STANDARD = object()
"""In place of an answer: this field goes the standard way."""


def _together(answers: dict[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: others[name] if answer is _STANDARD else answer
        for name, answer in answers.items()
        if answer is not _STANDARD or name in others
    }


async def _later(answers: dict[str, Any], others: Awaitable[Mapping[str, Any]]) -> dict[str, Any]:
    return _together(answers, await others)


def leaves_of(type_: GraphQLObjectType) -> dict[str, Leaf]:
    """The plain leaves of a type by their GraphQL names; found out once."""
    known: dict[str, Leaf] | None = type_.extensions.get("jifen-leaves")
    if known is None:
        known = {name: leaf for name, field in type_.fields.items() if (leaf := _leaf(field)) is not None}
        type_.extensions["jifen-leaves"] = known
    return known


def _leaf(field: GraphQLField) -> Leaf | None:
    # Only where Strawberry itself would read the attribute: anything put in front of it, such as a permission, stays.
    if field.args or not getattr(field.resolve, "_is_default", False):
        return None
    nullable = not isinstance(field.type, GraphQLNonNull)
    inner = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    if not is_leaf_type(inner):
        return None
    definition = field.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
    return definition.python_name, inner.coerce_output_value, nullable
