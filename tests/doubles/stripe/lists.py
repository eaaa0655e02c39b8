"""Lists: newest first, in pages."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from tests.doubles.stripe.errors import not_there, wrong
from tests.doubles.stripe.objects import Object
from tests.doubles.stripe.params import Params
from tests.doubles.stripe.state import Cause, State, Table

MOST = 100
USUAL = 10
_BOUNDS = ("gt", "gte", "lt", "lte")


def intents(state: State, params: Params, cause: Cause) -> Object:
    return _page(state.intents, state.intents.values(), params, "payment_intent", "/v1/payment_intents")


def charges(state: State, params: Params, cause: Cause) -> Object:
    intent = params.text("payment_intent")
    fitting = [one for one in state.charges.values() if intent in (None, one["payment_intent"])]
    return _page(state.charges, fitting, params, "charge", "/v1/charges")


def refunds(state: State, params: Params, cause: Cause) -> Object:
    intent, charge = params.text("payment_intent"), params.text("charge")
    fitting = [
        one
        for one in state.refunds.values()
        if intent in (None, one["payment_intent"]) and charge in (None, one["charge"])
    ]
    return _page(state.refunds, fitting, params, "refund", "/v1/refunds")


def refunds_of_charge(state: State, params: Params, cause: Cause, charge: str) -> Object:
    fitting = [one for one in state.refunds.values() if one["charge"] == charge]
    return _page(state.refunds, fitting, params, "refund", f"/v1/charges/{charge}/refunds")


def events(state: State, params: Params, cause: Cause) -> Object:
    type, types = params.text("type"), params.texts("types")
    if type and types:
        raise wrong("types", "Only one of type and types can be given.", "parameters_exclusive")
    delivered = params.flag("delivery_success")
    fitting = [
        one
        for one in state.events.values()
        if (type is None or fnmatchcase(one["type"], type))
        and (types is None or one["type"] in types)
        and (delivered is None or (one["pending_webhooks"] == 0) == delivered)
    ]
    return _page(state.events, fitting, params, "event", "/v1/events")


def _page(table: Table, fitting: Iterable[Object], params: Params, kind: str, url: str) -> Object:
    limit = params.whole("limit", least=1, most=MOST) or USUAL
    after, before = params.text("starting_after"), params.text("ending_before")
    created = params.whole_or_part("created")
    bounds: dict[str, int | None] = {"gte": created, "lte": created} if isinstance(created, int) else {}
    if isinstance(created, Params):
        bounds = {name: created.whole(name) for name in _BOUNDS}
    params.end()
    if after and before:
        raise wrong("ending_before", "Only one of starting_after and ending_before can be given.")
    rows = [one for one in fitting if _within(one["created"], bounds)][::-1]
    if cursor := after or before:
        if cursor not in table:
            raise not_there(kind, cursor, "starting_after" if after else "ending_before", in_path=False)
        # The object of the cursor itself need not fit the filters.
        place = {object_id: number for number, object_id in enumerate(table)}
        at = place[cursor]
        rows = [one for one in rows if (place[one["id"]] < at if after else place[one["id"]] > at)]
    page = rows[-limit:] if before else rows[:limit]
    return {"object": "list", "data": page, "has_more": len(rows) > limit, "url": url}


def _within(created: int, bounds: dict[str, int | None]) -> bool:
    gt, gte, lt, lte = (bounds.get(name) for name in _BOUNDS)
    return (
        (gt is None or created > gt)
        and (gte is None or created >= gte)
        and (lt is None or created < lt)
        and (lte is None or created <= lte)
    )
