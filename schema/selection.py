"""Looks ahead in a request: which fields below this one are wanted, so that children are fetched in bulk, once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode
from strawberry.types import Info


class Selection:
    """The fields wanted below some field, through fragments and aliases alike. May name more than is answered
    (@skip, fragments on other types), never less."""

    __slots__ = ("_children", "_fragments", "_nodes")

    def __init__(self, nodes: Iterable[FieldNode], fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._nodes = tuple(nodes)
        self._fragments = fragments
        self._children: dict[str, list[FieldNode]] | None = None

    def __contains__(self, name: str) -> bool:
        return name in self._fields()

    def any_of(self, *names: str) -> bool:
        fields = self._fields()
        return any(name in fields for name in names)

    def only(self, *names: str) -> bool:
        """Whether nothing but these is wanted."""
        return all(name in names or name == "__typename" for name in self._fields())

    def __getitem__(self, name: str) -> Selection:
        """What is wanted below a field; nothing where the field itself is not."""
        return Selection(self._fields().get(name, ()), self._fragments)

    def at(self, *names: str) -> Selection:
        selection = self
        for name in names:
            selection = selection[name]
        return selection

    def _fields(self) -> dict[str, list[FieldNode]]:
        if self._children is None:
            found: dict[str, list[FieldNode]] = {}
            seen: set[str] = set()
            for node in self._nodes:
                for field in self._walk(node.selection_set, seen):
                    found.setdefault(field.name.value, []).append(field)
            self._children = found
        return self._children

    def _walk(self, selections: SelectionSetNode | None, seen: set[str]) -> Iterator[FieldNode]:
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                yield from self._walk(node.selection_set, seen)
            elif isinstance(node, FragmentSpreadNode):
                name = node.name.value
                # Once is enough: a fragment brings the same fields each time.
                if name not in seen and name in self._fragments:
                    seen.add(name)
                    yield from self._walk(self._fragments[name].selection_set, seen)


def selection_of(info: Info[Any, Any]) -> Selection:
    """What a request wants of the field being resolved."""
    raw = info._raw_info  # pyright: ignore[reportPrivateUsage]
    return Selection(raw.field_nodes, raw.fragments)


NOTHING = Selection((), {})
"""Where no field is wanted."""
