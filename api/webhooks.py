"""What the payment provider tells us. Its signature is the only thing that opens this door.

An event is written down once and answered at once; what it means is found out afterwards, by asking.
"""

from __future__ import annotations

import anyio
import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import answers
from checkout.payments.gateway import NotSigned
from checkout.payments.take_event import take_event
from schema.context import Services

log = structlog.get_logger("jifen.webhooks")


def routes(services: Services) -> list[Route]:
    async def stripe(request: Request) -> Response:
        gateway = services.gateway
        if gateway is None:
            return answers.problem(404, "This shop takes no payments through Stripe: JIFEN_STRIPE_API_KEY is not set.")
        try:
            event = gateway.read_event(await request.body(), request.headers.get("stripe-signature"))
        except NotSigned:
            log.warning("a webhook was not signed, or too long ago")
            return answers.problem(400, "The signature is missing, wrong, or too old.")
        except ValueError:
            return answers.problem(400, "This is no event.")
        new = await anyio.to_thread.run_sync(lambda: services.db.retrying(lambda: take_event(services.shop, event)))
        return answers.json({"received": True, "new": new})

    return [Route("/webhooks/stripe", stripe, methods=["POST"])]
