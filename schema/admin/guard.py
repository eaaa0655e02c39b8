"""Puts the table of permissions in front of the resolvers, once, when the schema is built."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema

from schema.admin.context import AdminContext
from schema.admin.permissions import RULES, HiddenWithout, Needs, Open, Rule, SignedIn
from schema.codes import Forbidden, Unauthenticated
from staff.roles import Permission, may

Resolve = Callable[..., Any]


class NotInTheTable(RuntimeError):
    """The schema and the table of permissions do not name the same fields."""


def guard(schema: GraphQLSchema) -> None:
    """Wraps the resolver of every field that the table names.

    Raises:
        NotInTheTable: a field of Query or Mutation has no rule, or a rule has no field.
    """
    for type_name, rules in RULES.items():
        type_ = schema.type_map.get(type_name)
        if not isinstance(type_, GraphQLObjectType):
            raise NotInTheTable(type_name)
        unknown = rules.keys() - type_.fields.keys()
        if type_name in ("Query", "Mutation"):
            unknown |= type_.fields.keys() - rules.keys()
        if unknown:
            raise NotInTheTable(f"{type_name}: {', '.join(sorted(unknown))}")
        for name, rule in rules.items():
            field = type_.fields[name]
            assert field.resolve is not None
            field.resolve = guarded(field.resolve, rule)


def guarded(resolve: Resolve, rule: Rule) -> Resolve:
    """The resolver, behind its rule."""
    match rule:
        case Open():
            return resolve
        case SignedIn():
            return _signed_in(resolve)
        case Needs(permission):
            return _needs(resolve, permission)
        case HiddenWithout():
            return _hidden_without(resolve, rule)


def _signed_in(resolve: Resolve) -> Resolve:
    def signed_in(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:  # noqa: ANN401
        if info.context.staff is None:
            raise Unauthenticated
        return resolve(source, info, **arguments)

    return signed_in


def _needs(resolve: Resolve, permission: Permission) -> Resolve:
    def needs(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:  # noqa: ANN401
        if info.context.staff is None:
            raise Unauthenticated
        if not allowed(info.context, permission):
            raise Forbidden
        return resolve(source, info, **arguments)

    return needs


def _hidden_without(resolve: Resolve, rule: HiddenWithout) -> Resolve:
    def hidden_without(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:  # noqa: ANN401
        concerned = not rule.on_an_order or source.on_an_order
        if concerned and not allowed(info.context, rule.permission):
            return rule.instead
        return resolve(source, info, **arguments)

    return hidden_without


def allowed(context: AdminContext, permission: Permission) -> bool:
    """Whether the signed-in member of staff may do this."""
    return context.staff is not None and may(context.staff.role, permission)
