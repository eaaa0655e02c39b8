"""The admin API, put together: all its areas, and in front of them the table of permissions."""

from __future__ import annotations

from functools import cache

import strawberry

from schema.admin.audit import AuditQuery
from schema.admin.catalogue import CatalogueQuery
from schema.admin.catalogue_changes import CatalogueMutation
from schema.admin.errors import SignInError
from schema.admin.guard import guard
from schema.admin.histories import HistoriesQuery
from schema.admin.members import MembersMutation, MembersQuery
from schema.admin.nodes import NodeQuery
from schema.admin.orders import OrdersMutation, OrdersQuery
from schema.admin.outbox import OutboxMutation, OutboxQuery
from schema.admin.pictures import PictureMutation
from schema.admin.planning import PlanningQuery
from schema.admin.program import ProgramMutation, ProgramQuery
from schema.admin.refunds import RefundsMutation, RefundsQuery
from schema.admin.reports import ReportsQuery
from schema.admin.sessions import SessionsMutation, SessionsQuery
from schema.admin.sheets import SheetsMutation
from schema.admin.staff_members import StaffMutation, StaffQuery
from schema.admin.types_catalogue import SpecialPrice
from schema.build import CodedSchema, build_schema
from schema.errors import (
    IdempotencyConflictError,
    InsufficientPointsError,
    InsufficientStockError,
    InvalidInputError,
    NotFoundError,
    OrderStateError,
    PaymentProviderError,
    ReturnStateError,
)

ERRORS = (
    InvalidInputError,
    NotFoundError,
    OrderStateError,
    ReturnStateError,
    InsufficientStockError,
    SignInError,
    InsufficientPointsError,
    IdempotencyConflictError,
    PaymentProviderError,
)


@strawberry.type
class Query(
    PlanningQuery,
    HistoriesQuery,
    RefundsQuery,
    OutboxQuery,
    StaffQuery,
    AuditQuery,
    ReportsQuery,
    ProgramQuery,
    OrdersQuery,
    MembersQuery,
    CatalogueQuery,
    SessionsQuery,
    NodeQuery,
):
    """Fields in the order of the contract: the last base comes first."""


@strawberry.type
class Mutation(
    SheetsMutation,
    RefundsMutation,
    OutboxMutation,
    StaffMutation,
    ProgramMutation,
    OrdersMutation,
    MembersMutation,
    PictureMutation,
    CatalogueMutation,
    SessionsMutation,
):
    """The same."""


@cache
def build(*, introspection: bool = True) -> CodedSchema:
    """The schema of the admin API. No field of Query or Mutation is reachable without its rule."""
    schema = build_schema(Query, Mutation, (SpecialPrice, *ERRORS), introspection=introspection)
    guard(schema._schema)  # pyright: ignore[reportPrivateUsage]
    return schema


def printed() -> str:
    """The schema as text, with nothing set up."""
    return build().as_str()
