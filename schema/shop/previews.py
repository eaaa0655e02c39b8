"""What would be: a basket priced, a return foreseen. Nothing is changed."""

from __future__ import annotations

from checkout.quote import quote_basket
from checkout.returns.preview_return import preview_return, stock_lacking
from kernel.refusals import Refused
from schema.connections import given
from schema.ids import checked_id
from schema.selection import NOTHING, Selection
from schema.shop.inputs import QuoteInput, ReturnPreviewInput, basket, return_lines
from schema.shop.member_reads import account_of
from schema.shop.order_reads import outcome_type
from schema.shop.orders import ReturnPreviewPayload
from schema.shop.quotes import QuotePayload, quote_payload
from schema.shop.request import ShopRequest, View


def quote_of(view: View, asked: QuoteInput, wanted: Selection) -> QuotePayload:
    """A basket, priced for the viewer, or signed out for the entry tier."""
    member_id = view.member_id
    quoted = quote_basket(
        view.conn,
        view.program,
        account=account_of(view, member_id) if member_id else None,
        lines=basket(asked.lines),
        gift_card_amount=given(asked.gift_card_amount),
        now=view.now,
    )
    return quote_payload(view, view.context.priced(quoted), wanted)


def preview_of(context: ShopRequest, asked: ReturnPreviewInput) -> ReturnPreviewPayload:
    """What a return of the viewer's own order would give back; of a swap, also which goods are not there to be sent."""
    member_id = context.signed_in().member_id
    shop, order_id = context.services.shop, checked_id(asked.order_id)
    kind, lines = asked.kind.value, return_lines(asked.lines)
    try:
        outcome = preview_return(shop, order_id=order_id, kind=kind, lines=lines, member_id=member_id)
    except Refused as refused:
        return ReturnPreviewPayload(errors=context.explain(refused.refusals, NOTHING))
    lacking = stock_lacking(shop, order_id=order_id, kind=kind, lines=lines)
    return ReturnPreviewPayload(preview=outcome_type(outcome), errors=context.explain(tuple(lacking), NOTHING))
