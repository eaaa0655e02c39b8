"""The shop's queries."""

from __future__ import annotations

import strawberry

from schema.connections import given
from schema.ids import checked_id
from schema.scalars import JSON
from schema.selection import selection_of
from schema.shop import listings, nodes
from schema.shop.catalogue import Category, ExchangeOfferConnection, Product, ProductConnection
from schema.shop.catalogue_reads import root_categories
from schema.shop.inputs import (
    ExchangeOfferFilter,
    ExchangeOfferSort,
    ProductFilter,
    ProductSort,
    QuoteInput,
    ReturnPreviewInput,
)
from schema.shop.member_reads import member_of
from schema.shop.members import Member
from schema.shop.orders import ReturnPreviewPayload
from schema.shop.own_data import data_of
from schema.shop.previews import preview_of, quote_of
from schema.shop.program import Program, program_type
from schema.shop.quotes import QuotePayload
from schema.shop.request import Info, View
from schema.texts import sought
from schema.types import Node

UNSET = strawberry.UNSET


@strawberry.type
class Query:
    @strawberry.field
    async def node(self, info: Info, id: strawberry.ID) -> Node | None:
        checked_id(id)
        wanted = selection_of(info)
        return await info.context.view(lambda view: nodes.node_of(view, id, wanted))

    @strawberry.field(description="The signed-in member, or null.")
    async def me(self, info: Info) -> Member | None:
        wanted = selection_of(info)

        def look(view: View) -> Member | None:
            return None if view.member_id is None else member_of(view, view.member_id, wanted)

        return await info.context.view(look)

    @strawberry.field(
        description="The membership program as the public may read it: tiers, benefits, and what points are worth."
    )
    async def program(self, info: Info) -> Program:
        return await info.context.view(program_type)

    @strawberry.field(description="The roots of the tree.")
    async def categories(self, info: Info) -> list[Category]:
        return await info.context.view(root_categories)

    @strawberry.field
    async def products(
        self,
        info: Info,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
        filter: ProductFilter | None = UNSET,
        sort: ProductSort | None = UNSET,
    ) -> ProductConnection:
        page, wanted = (first, after, last, before), selection_of(info)
        only, by = given(filter), given(sort)
        return await info.context.view(lambda view: listings.product_connection(view, page, only, by, wanted))

    @strawberry.field
    async def product(self, info: Info, slug: str) -> Product | None:
        wanted, slug = selection_of(info), sought(slug) or ""
        return await info.context.view(lambda view: nodes.product_by_its_slug(view, slug, wanted))

    @strawberry.field
    async def exchange_offers(
        self,
        info: Info,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
        filter: ExchangeOfferFilter | None = UNSET,
        sort: ExchangeOfferSort | None = UNSET,
    ) -> ExchangeOfferConnection:
        page, wanted = (first, after, last, before), selection_of(info)
        only, by = given(filter), given(sort)
        return await info.context.view(lambda view: listings.offer_connection(view, page, only, by, wanted))

    @strawberry.field(
        description="Prices a basket exactly as placeOrder would, and says why. Changes nothing. Signed out, it prices "
        "for the entry tier."
    )
    async def quote(self, info: Info, input: QuoteInput) -> QuotePayload:
        wanted = selection_of(info)
        return await info.context.view(lambda view: quote_of(view, input, wanted))

    @strawberry.field(
        description="What a return would give back, exactly as requestReturn followed by completion would do it now. "
        "Changes nothing."
    )
    async def preview_return(self, info: Info, input: ReturnPreviewInput) -> ReturnPreviewPayload:
        context = info.context
        return await context.run(lambda: preview_of(context, input))

    @strawberry.field(
        description="All that the shop knows about the signed-in member, as one document: amounts as texts with their "
        "currency, instants in ISO 8601. Once a minute; more often is RATE_LIMITED."
    )
    async def export_my_data(self, info: Info) -> JSON:
        context = info.context
        return await context.run(lambda: data_of(context))
