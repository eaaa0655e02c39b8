"""The routes under `/_config`, by which tests tell the double what to do. Stripe has nothing of the kind."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.doubles.stripe import confirming, refunds
from tests.doubles.stripe.errors import Fault
from tests.doubles.stripe.front import Front
from tests.doubles.stripe.state import BY_ITSELF, find
from tests.doubles.stripe.trouble import WrongOrder, read_order
from tests.doubles.stripe.webhooks import Target

MOST_WAIT = 10.0

Handler = Callable[[Request], Awaitable[Response]]


def controls(front: Front, reset: Callable[[], None]) -> list[Route]:
    """The routes. `reset` puts a fresh state in the place of `front.state`."""

    async def start_anew(request: Request) -> Response:
        reset()
        return JSONResponse({"reset": True})

    async def set_target(request: Request) -> Response:
        told, target_id = await _told(request, "url", "secret"), request.path_params["id"]
        front.state.post.targets[target_id] = Target(target_id, told["url"], told["secret"])
        return JSONResponse({"id": target_id, "url": told["url"]})

    async def remove_target(request: Request) -> Response:
        target_id, post = request.path_params["id"], front.state.post
        gone = post.targets.pop(target_id, None)
        # Whoever takes it away is going to close what is behind it.
        while post.sending_to == target_id:  # noqa: ASYNC110 - as in `wait_until_sent`
            await asyncio.sleep(0.005)
        return JSONResponse({"deleted": gone is not None}, 200 if gone else 404)

    async def release(request: Request) -> Response:
        return JSONResponse({"released": front.state.post.release()})

    async def set_pauses(request: Request) -> Response:
        front.state.post.pauses = tuple(float(pause) for pause in (await _told(request, "pauses"))["pauses"])
        return JSONResponse({"pauses": front.state.post.pauses})

    async def send_again(request: Request) -> Response:
        front.state.post.send_again(find(front.state.events, "event", request.path_params["id"], "id"))
        return JSONResponse({"sent": len(front.state.post.targets)})

    async def wait_until_sent(request: Request) -> Response:
        end = time.monotonic() + float((await _told(request)).get("seconds", MOST_WAIT))
        # Only tests ask, and a loop is simpler than telling them from everywhere.
        while not (idle := front.state.post.is_idle()) and time.monotonic() < end:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        return JSONResponse({"idle": idle})

    async def order_trouble(request: Request) -> Response:
        told = await _told(request)
        orders = [read_order(order) for order in (told if isinstance(told, list) else [told])]
        front.state.troubles.orders += orders
        return JSONResponse([order.described() for order in orders])

    async def clear_trouble(request: Request) -> Response:
        front.state.troubles.orders.clear()
        return JSONResponse([])

    async def let_go(request: Request) -> Response:
        front.state.let_go.set()
        front.state.let_go = asyncio.Event()
        return JSONResponse({"let_go": True})

    async def meet_challenge(request: Request) -> Response:
        outcome = (await _told(request, "outcome"))["outcome"]
        if outcome not in ("complete", "fail", "process"):
            raise WrongOrder("outcome is complete, fail or process")
        intent = find(front.state.intents, "payment_intent", request.path_params["id"], "id")
        confirming.meet_challenge(front.state, intent, outcome, BY_ITSELF)
        return JSONResponse(intent)

    async def move_refund(request: Request) -> Response:
        told = await _told(request, "status")
        refund = find(front.state.refunds, "refund", request.path_params["id"], "id")
        refunds.move(front.state, refund, told["status"], told.get("failure_reason"))
        return JSONResponse(refund)

    async def set_course(request: Request) -> Response:
        front.state.refund_pause = (await _told(request, "seconds"))["seconds"]
        return JSONResponse({"seconds": front.state.refund_pause})

    async def set_clock(request: Request) -> Response:
        front.state.set_clock = (await _told(request, "now"))["now"]
        return JSONResponse({"now": front.state.now()})

    async def list_trouble(request: Request) -> Response:
        return JSONResponse([order.described() for order in front.state.troubles.orders])

    async def list_requests(request: Request) -> Response:
        return JSONResponse(front.state.requests)

    async def list_deliveries(request: Request) -> Response:
        return JSONResponse(front.state.post.deliveries)

    return [
        _route("POST", "/_config/reset", start_anew),
        _route("POST", "/_config/deliveries/release", release),
        _route("POST", "/_config/deliveries/pauses", set_pauses),
        _route("POST", "/_config/deliveries/wait", wait_until_sent),
        _route("GET", "/_config/deliveries", list_deliveries),
        _route("POST", "/_config/webhooks/{id}", set_target),
        _route("DELETE", "/_config/webhooks/{id}", remove_target),
        _route("POST", "/_config/events/{id}/send", send_again),
        _route("POST", "/_config/trouble", order_trouble),
        _route("GET", "/_config/trouble", list_trouble),
        _route("DELETE", "/_config/trouble", clear_trouble),
        _route("POST", "/_config/trouble/let_go", let_go),
        _route("POST", "/_config/payment_intents/{id}/challenge", meet_challenge),
        _route("POST", "/_config/refunds/pause", set_course),
        _route("POST", "/_config/refunds/{id}", move_refund),
        _route("POST", "/_config/clock", set_clock),
        _route("GET", "/_config/requests", list_requests),
    ]


def _route(method: str, path: str, handler: Handler) -> Route:
    async def careful(request: Request) -> Response:
        try:
            return await handler(request)
        except WrongOrder as wrong:
            return JSONResponse({"error": {"message": str(wrong)}}, 400)
        except Fault as fault:
            return JSONResponse(fault.body, fault.status)

    return Route(path, careful, methods=[method])


async def _told(request: Request, *needed: str) -> Any:
    """The body, as JSON; none is {}. Raises: WrongOrder."""
    try:
        told = json.loads(await request.body() or b"{}")
    except ValueError as error:
        raise WrongOrder("the body is not JSON") from error
    if needed and (not isinstance(told, dict) or any(name not in told for name in needed)):
        raise WrongOrder(f"the body is JSON with {', '.join(needed)}")
    return told
