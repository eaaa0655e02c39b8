"""What a request may ask for. One rule that sums up each fragment once: its time is in proportion to the document.

A sum is a number even where a fragment is spread a million times over: nothing is expanded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    Node,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    TokenKind,
    get_named_type,
)
from graphql.validation import ASTValidationRule, NoSchemaIntrospectionCustomRule, ValidationRule
from graphql.validation.validate import ValidationAbortedError
from strawberry.extensions import AddValidationRules, MaxTokensLimiter, ParserCache, SchemaExtension, ValidationCache

from schema.codes import Code

MAX_TOKENS = 2_000
MAX_DEPTH = 20
MAX_ALIASES = 60
MAX_FIELDS = 1_500
MAX_REPEATED = 30
MAX_DIRECTIVES = 60
MAX_ROOT_FIELDS = 30
MAX_COST = 100_000
# Digits of a number in the document. Python refuses to read thousands of them.
MAX_DIGITS = 400

# Items of all lists in the variables. Each is made a value of ours before anybody can say that there are too many.
MAX_ITEMS = 20_000

# Lists without pages (variants, lines, images) are taken to be this long.
LIST_SIZE = 5
# One that is come back to from an item of its own (variants { product { variants } }) weighs more: whoever has a
# hundred items is met a hundred times, and lists a hundred each time.
LIST_SIZE_FROM_ITEM = 400
PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
# Documents kept parsed and validated; the largest take a megabyte.
CACHED_DOCUMENTS = 100

_Composite = GraphQLObjectType | GraphQLInterfaceType


@dataclass(frozen=True, slots=True)
class Load:
    """What a selection asks for, all told. `cost` weighs a field by how many objects it is asked of."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    cost: int = 0

    def and_(self, other: Load) -> Load:
        return Load(
            max(self.depth, other.depth),
            self.fields + other.fields,
            self.aliases + other.aliases,
            self.directives + other.directives,
            self.cost + other.cost,
        )


class _Weighing:
    """Adds up one document."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._fragments: Mapping[str, FragmentDefinitionNode] = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._known: dict[tuple[str, str | None], Load] = {}
        self.most_repeated = 0

    def operation(self, node: OperationDefinitionNode) -> Load:
        roots = {
            OperationType.QUERY: self._schema.query_type,
            OperationType.MUTATION: self._schema.mutation_type,
        }
        load = self._selections(node.selection_set, roots.get(node.operation))
        return load.and_(Load(directives=_directives(node)))

    def _selections(
        self, selections: SelectionSetNode | None, parent: _Composite | None, item: str | None = None
    ) -> Load:
        """`item` names the type from which the parent was come back to, where it is one that the parent lists."""
        load = Load()
        names: dict[str, int] = {}
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                key = (node.alias or node.name).value
                names[key] = names.get(key, 0) + 1
                load = load.and_(self._field(node, parent, item))
            elif isinstance(node, InlineFragmentNode):
                on = self._composite(node.type_condition.name.value) if node.type_condition else parent
                load = load.and_(self._selections(node.selection_set, on, item)).and_(
                    Load(directives=_directives(node))
                )
            elif isinstance(node, FragmentSpreadNode):
                names["..." + node.name.value] = names.get("..." + node.name.value, 0) + 1
                load = load.and_(self._fragment(node.name.value, item)).and_(Load(directives=_directives(node)))
        # Comparing fields of one name is quadratic in the standard rules.
        self.most_repeated = max(self.most_repeated, *names.values(), 0)
        return load

    def _fragment(self, name: str, item: str | None) -> Load:
        known = self._known.get((name, item))
        if known is None:
            fragment = self._fragments.get(name)
            # One that stands in itself counts for nothing here; another rule refuses it.
            self._known[name, item] = Load()
            known = Load()
            if fragment is not None:
                on = self._composite(fragment.type_condition.name.value)
                known = self._selections(fragment.selection_set, on, item).and_(Load(directives=_directives(fragment)))
            self._known[name, item] = known
        return known

    def _field(self, node: FieldNode, parent: _Composite | None, item: str | None) -> Load:
        name = node.name.value
        definition = parent.fields.get(name) if parent is not None else None
        type_ = definition.type if definition else None
        named = get_named_type(type_) if type_ is not None else None
        composite = named if isinstance(named, GraphQLObjectType | GraphQLInterfaceType) else None
        back = parent.name if parent is not None and composite is not None and _lists(composite, parent) else None
        below = self._selections(node.selection_set, composite, None if _is_list(type_) else back)
        times = 1 if name.startswith("__") else _times(node, type_, parent)
        if item is not None and named is not None and named.name == item and _is_list(type_):
            times = LIST_SIZE_FROM_ITEM
        return Load(
            depth=below.depth + 1,
            fields=below.fields + 1,
            aliases=below.aliases + (node.alias is not None),
            directives=below.directives + _directives(node),
            cost=1 + times * below.cost,
        )

    def _composite(self, name: str) -> _Composite | None:
        type_ = self._schema.type_map.get(name)
        return type_ if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) else None


def _is_list(type_: GraphQLOutputType | None) -> bool:
    return isinstance(type_.of_type if isinstance(type_, GraphQLNonNull) else type_, GraphQLList)


def _lists(type_: _Composite, item: _Composite) -> bool:
    """Whether a type has a list without pages of another."""
    return any(_is_list(field.type) and get_named_type(field.type) is item for field in type_.fields.values())


def _times(node: FieldNode, type_: GraphQLOutputType | None, parent: _Composite | None) -> int:
    """How often what is below a field is asked for."""
    inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    if isinstance(inner, GraphQLList):
        # Counted with the connection's own field, where its size is written.
        return 1 if parent is not None and parent.name.endswith("Connection") else LIST_SIZE
    if inner is not None and str(inner).endswith("Connection"):
        return _page_size(node)
    return 1


def _page_size(node: FieldNode) -> int:
    for argument in node.arguments or ():
        if argument.name.value in ("first", "last"):
            if isinstance(argument.value, IntValueNode) and len(argument.value.value) <= 9:
                return max(1, min(int(argument.value.value), MAX_PAGE_SIZE))
            # A variable: its value comes with each request, the sum is kept for all of them.
            return MAX_PAGE_SIZE
    return PAGE_SIZE


def _directives(node: Node) -> int:
    # None where there are none, in graphql-core 3.3.
    return len(getattr(node, "directives", None) or ())


def _longest_number(document: DocumentNode) -> int:
    token = document.loc.start_token if document.loc else None
    longest = 0
    while token is not None:
        if token.kind in (TokenKind.INT, TokenKind.FLOAT):
            longest = max(longest, token.end - token.start)
        token = token.next
    return longest


def excess(schema: GraphQLSchema, document: DocumentNode) -> str | None:
    """What a document has too much of; None where it may run."""
    if _longest_number(document) > MAX_DIGITS:
        return f"The query is too expensive: at most {MAX_DIGITS} digits in a number."
    weighing = _Weighing(schema, document)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            load = weighing.operation(definition)
            for what, amount, most in (
                ("levels", load.depth, MAX_DEPTH),
                ("aliases", load.aliases, MAX_ALIASES),
                ("directives", load.directives, MAX_DIRECTIVES),
                ("fields at the top", len(definition.selection_set.selections), MAX_ROOT_FIELDS),
                ("fields", load.fields, MAX_FIELDS),
                ("cost", load.cost, MAX_COST),
                ("repetitions of one field", weighing.most_repeated, MAX_REPEATED),
            ):
                if amount > most:
                    return f"The query is too expensive: at most {most} {what}."
    return None


def has_too_many_items(variables: Mapping[str, Any] | None) -> bool:
    """Whether the lists in the variables, however deep, have more than `MAX_ITEMS` items together."""
    items = 0
    left: list[Any] = [variables]
    while left:
        value = left.pop()
        if isinstance(value, list):
            items += len(value)
            if items > MAX_ITEMS:
                return True
            left += value
        elif isinstance(value, dict):
            left += value.values()
    return False


class LimitsRule(ValidationRule):
    """Refuses a document before any other rule has walked through it."""

    def enter_document(self, node: DocumentNode, *_args: Any) -> None:
        try:
            reason = excess(self.context.schema, node)
        except RecursionError:
            reason = "The query is too expensive: it is nested too deeply."
        if reason is not None:
            raise ValidationAbortedError(reason, extensions={"code": Code.QUERY_TOO_EXPENSIVE.value})


def limits(*, introspection: bool) -> list[Any]:
    """The extensions that hold a schema's limits and keep what has been parsed and validated."""
    rules: list[type[ASTValidationRule]] = [LimitsRule]
    if not introspection:
        rules.append(NoSchemaIntrospectionCustomRule)

    def tokens() -> SchemaExtension:
        return MaxTokensLimiter(MAX_TOKENS)

    def rule() -> SchemaExtension:
        return AddValidationRules(rules)

    def parsed() -> SchemaExtension:
        return ParserCache(CACHED_DOCUMENTS)

    def validated() -> SchemaExtension:
        return ValidationCache(CACHED_DOCUMENTS)

    return [tokens, rule, parsed, validated]
