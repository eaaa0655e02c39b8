"""Executes what is plain in a request by a function made for it, once for each document.

Lists of goods are most of what is read, and nearly all of an answer's time is the standard executor's: a few
microseconds for each field. Where a selection asks for plain attributes only, all the way down, one Python function
does the same at a tenth of the cost. It knows only the straight way: at anything surprising (null where there must
be a value, an exception, a value of another type) it gives up, and the standard executor does it all again. Reading
attributes changes nothing, so answers and errors are the same to the letter, as a test compares.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from graphql import (
    FieldNode,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLID,
    GraphQLInt,
    GraphQLInterfaceType,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLString,
    GraphQLUnionType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    is_leaf_type,
)
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.executor import to_nodes
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path, Undefined
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema_converter import GraphQLCoreConverter, get_arguments
from strawberry.types import Info
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from schema.executor import ShortCutExecutor

Resolver = TypeVar("Resolver", bound=Callable[..., Any])
Complete = Callable[[Any], Any]
Details = list[FieldDetails]

# Documents whose functions are kept, and the most functions that one may need.
DOCUMENTS = 256
MOST_FUNCTIONS = 200

# One that is made only once is not worth it; one that keeps giving up costs twice.
_WORTH_IT_FROM = 2
_MOST_SURPRISES = 10


def pure(resolver: Resolver) -> Resolver:
    """Marks a resolver that only works out a value from its object, its arguments and the context: it may be called
    without its place in the answer being known, and called again."""
    resolver.is_pure = True  # type: ignore[attr-defined]
    return resolver


class Surprise(Exception):
    """This answer is not a plain one."""


class _NotPlain(Exception):
    """This selection is not all plain attributes."""


class CompiledExecutor(ShortCutExecutor):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._compiled = _compiled_of(self.schema, self.operation) if self._short_cut else None

    def complete_object_value(
        self,
        return_type: GraphQLObjectType,
        field_details_list: Details,
        info: Any,  # noqa: ANN401 - graphql-core's own, like the rest
        path: Any,  # noqa: ANN401
        result: Any,  # noqa: ANN401
        position_context: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        compiled = self._compiled
        if compiled is not None and position_context is None:
            plan = compiled.plan(self, return_type, field_details_list)
            if plan is not None:
                try:
                    return plan(self, path)(result)
                except Exception:
                    # Whatever it was, the standard way meets it too, and reports it.
                    compiled.surprises += 1
                    self._compiled = None
        return super().complete_object_value(return_type, field_details_list, info, path, result, position_context)


# ---------------------------------------------------------------- what is kept

Plan = Callable[[CompiledExecutor, Path], Complete]


class _Compiled:
    """The functions of one operation. `held` is what ids are taken of: so they stay theirs."""

    def __init__(self, *held: object) -> None:
        self._held = held
        self.requests = 0
        self.surprises = 0
        self._fragments: object = None
        self._plans: dict[tuple[GraphQLObjectType, tuple[int, ...]], Plan | None] = {}

    def plan(self, executor: CompiledExecutor, type_: GraphQLObjectType, details: Details) -> Plan | None:
        key = (type_, tuple([id(field.node) for field in details]))
        if key not in self._plans:
            self._fragments = executor.fragments
            self._plans[key] = _plan(executor, type_, details)
        return self._plans[key]


_KNOWN: OrderedDict[tuple[int, int], _Compiled] = OrderedDict()


def _compiled_of(schema: GraphQLSchema, operation: OperationDefinitionNode) -> _Compiled | None:
    """The functions of an operation, where it is worth having them. Documents are parsed once: the same node is the
    same document. Only ever called in the thread of the event loop."""
    key = (id(schema), id(operation))
    known = _KNOWN.get(key)
    if known is None:
        known = _KNOWN[key] = _Compiled(schema, operation)
        if len(_KNOWN) > DOCUMENTS:
            _KNOWN.popitem(last=False)
    else:
        _KNOWN.move_to_end(key)
    known.requests += 1
    return known if known.requests >= _WORTH_IT_FROM and known.surprises < _MOST_SURPRISES else None


def _plan(executor: CompiledExecutor, type_: GraphQLObjectType, details: Details) -> Plan | None:
    writer = _Writer(executor)
    try:
        root = writer.object(type_, details)
    except _NotPlain:
        return None
    make, bound = writer.make(root), writer.bound

    def plan(executor: CompiledExecutor, path: Path) -> Complete:
        return make(*[_bind(executor, path, *field) for field in bound])

    return plan


_Bound = tuple[GraphQLObjectType, GraphQLField, StrawberryField, Details]


def _bind(
    executor: CompiledExecutor, path: Path, parent: GraphQLObjectType, field: GraphQLField, definition: StrawberryField,
    details: Details,
) -> Complete:  # fmt: skip
    """A pure resolver with its arguments, which are the same for all objects of a request."""
    raw = executor.build_resolve_info(field, to_nodes(details), parent, path)
    info: Info[Any, Any] = Info(_raw_info=raw, _field=definition)
    given = get_argument_values(field, details[0].node, executor.variable_values, None, executor.hide_suggestions)
    schema: Any = info.schema
    _, arguments = get_arguments(
        field=definition,
        source=None,
        info=info,
        kwargs=given,
        config=schema.config,
        scalar_registry=schema.schema_converter.scalar_registry,
    )
    assert definition.base_resolver is not None
    resolve: Any = definition.base_resolver.wrapped_func
    return lambda source: resolve(source, **arguments)


# ---------------------------------------------------------------- writing the function


class _Writer:
    """Writes a function for each object in a selection, and for each list's items. Names in the source are our own
    and Python's; what the client has written is only ever a quoted key."""

    def __init__(self, executor: CompiledExecutor) -> None:
        self._executor = executor
        self._lines: list[str] = []
        self._names: dict[str, object] = {"Surprise": Surprise}
        self._functions = 0
        self.bound: list[_Bound] = []

    def make(self, root: str) -> Callable[..., Complete]:
        """The functions, put together: takes the bound resolvers, gives the root's."""
        parameters = ", ".join(f"b{i}" for i in range(len(self.bound)))
        source = [f"def make({parameters}):", *(f"    {line}" for line in self._lines), f"    return {root}"]
        # Our own source: see the class.
        exec("\n".join(source), self._names)  # noqa: S102
        made: Any = self._names["make"]
        return made

    def object(self, type_: GraphQLObjectType, details: Details) -> str:
        """Writes the function of an object. Raises _NotPlain."""
        definition = _definition(type_)
        body = [f"if type(o) is not {self._name(definition.origin)}: raise Surprise"]
        answers: list[str] = []
        for key, fields in self._fields(type_, details).items():
            value = f"v{len(answers)}"
            answers.append(f"{key!r}: {value}")
            name = fields[0].node.name.value
            if name == "__typename":
                body.append(f"{value} = {type_.name!r}")
                continue
            field = self._executor.schema.get_field(type_, name)
            if field is None:
                raise _NotPlain
            body.append(f"{value} = {self._access(type_, field, fields)}")
            body += self._value(value, field.type, fields)
        return self._function([*body, f"return {{{', '.join(answers)}}}"])

    def _fields(self, type_: GraphQLObjectType, details: Details) -> dict[str, Details]:
        fragments = self._executor.fragment_definitions
        for field in details:
            if field.defer_usage is not None or field.fragment_variable_values is not None:
                raise _NotPlain
            # Directives may turn on variables.
            if any(node.directives for node in _level(field.node.selection_set, fragments, set())):
                raise _NotPlain
        return self._executor.collect_subfields(type_, details).grouped_field_set

    def _access(self, parent: GraphQLObjectType, field: GraphQLField, details: Details) -> str:
        definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        if not isinstance(definition, StrawberryField):
            raise _NotPlain
        if getattr(field.resolve, "_is_default", False) and definition.default_resolver is getattr:
            return f"o.{definition.python_name}"
        resolver = definition.base_resolver
        if (
            resolver is None
            or definition.extensions
            or not getattr(resolver.wrapped_func, "is_pure", False)
            or resolver.self_parameter is None
        ):
            raise _NotPlain
        self.bound.append((parent, field, definition, details))
        return f"b{len(self.bound) - 1}(o)"

    def _value(self, value: str, type_: GraphQLOutputType, details: Details) -> list[str]:
        """Lines that turn the attribute in a local name into its part of the answer."""
        if isinstance(type_, GraphQLNonNull):
            return self._present(value, type_.of_type, details)
        present = self._present(value, type_, details)
        return [f"if {value} is not None:", *(f"    {line}" for line in present)]

    def _present(self, value: str, type_: GraphQLOutputType, details: Details) -> list[str]:
        if isinstance(type_, GraphQLList):
            item = self._function([*self._value("o", type_.of_type, details), "return o"])
            return [
                f"if type({value}) is not list and type({value}) is not tuple: raise Surprise",
                f"{value} = [{item}(o) for o in {value}]",
            ]
        if isinstance(type_, GraphQLObjectType):
            return [f"{value} = {self.object(type_, details)}({value})"]
        if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
            return [f"{value} = {self._abstract(type_, details)}({value})"]
        assert is_leaf_type(type_)
        return self._leaf(value, type_)

    def _leaf(self, value: str, type_: GraphQLLeafType) -> list[str]:
        if isinstance(type_, GraphQLEnumType):
            known: dict[object, object] = {}
            complete = self._name(_remembering(known, _careful(type_)))
            known_name = self._name(known)
            return [f"{value} = {known_name}.get({value}) or {complete}({value})"]
        complete = self._name(_careful(type_))
        plain = {
            GraphQLString: "type({0}) is not str",
            GraphQLID: "type({0}) is not str",
            GraphQLInt: "type({0}) is not int or not -2147483648 <= {0} <= 2147483647",
            GraphQLBoolean: "{0} is not True and {0} is not False",
        }.get(type_)
        standard = f"{value} = {complete}({value})"
        return [standard if plain is None else f"if {plain.format(value)}: {standard}"]

    def _abstract(self, type_: GraphQLInterfaceType | GraphQLUnionType, details: Details) -> str:
        functions: list[str] = []
        for possible in self._executor.schema.get_possible_types(type_):
            try:
                functions.append(f"{self._name(_definition(possible).origin)}: {self.object(possible, details)}")
            except _NotPlain:
                # Objects of this type are a surprise.
                continue
        kinds = f"k{self._functions}"
        self._lines.append(f"{kinds} = {{{', '.join(functions)}}}")
        return self._function([f"return {kinds}[type(o)](o)"])

    def _function(self, body: list[str]) -> str:
        if self._functions >= MOST_FUNCTIONS:
            raise _NotPlain
        self._functions += 1
        name = f"f{self._functions}"
        self._lines += [f"def {name}(o):", *(f"    {line}" for line in body)]
        return name

    def _name(self, value: object) -> str:
        name = f"n{len(self._names)}"
        self._names[name] = value
        return name


def _definition(type_: GraphQLObjectType) -> StrawberryObjectDefinition:
    definition = type_.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if (
        not isinstance(definition, StrawberryObjectDefinition)
        or definition.is_type_of is not None
        or definition.concrete_of is not None
    ):
        raise _NotPlain
    return definition


def _level(selections: SelectionSetNode | None, fragments: Any, seen: set[str]) -> Iterator[Any]:  # noqa: ANN401
    """The nodes of one level of a selection: its fields, and fragments with what is in them."""
    for node in selections.selections if selections else ():
        yield node
        if isinstance(node, InlineFragmentNode):
            yield from _level(node.selection_set, fragments, seen)
        elif not isinstance(node, FieldNode):
            name = node.name.value  # type: ignore[attr-defined]
            if name not in seen and name in fragments:
                seen.add(name)
                yield from _level(fragments[name].selection_set, fragments, seen)


def _careful(type_: GraphQLLeafType) -> Complete:
    """Completes a leaf as the standard executor does; what that would not take is a surprise."""
    coerce = type_.coerce_output_value

    def complete(value: object) -> object:
        if value is None or isinstance(value, Exception) or optimized_is_awaitable(value):
            raise Surprise
        answer = coerce(value)
        if answer is None or answer is Undefined:
            raise Surprise
        return answer

    return complete


def _remembering(known: dict[object, object], complete: Complete) -> Complete:
    def remember(value: object) -> object:
        known[value] = answer = complete(value)
        return answer

    return remember
