"""One request from door to answer: trouble that was ordered, the API key, the idempotency key, the work itself.

The order is the published one: the rate limiter stands before idempotency, so a 429 is never remembered; a request
that cannot be (an unknown parameter, a missing object) is not remembered either; any answer of work that has begun is.
"""

from __future__ import annotations

import asyncio
import copy
import json
import re
from functools import partial
from typing import Any, TypeGuard, cast
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from tests.doubles.stripe.endpoints import Verb, find_endpoint
from tests.doubles.stripe.errors import Fault, missing
from tests.doubles.stripe.expanding import expanded
from tests.doubles.stripe.idempotency import Answer
from tests.doubles.stripe.ids import new_request_id
from tests.doubles.stripe.keys import asker
from tests.doubles.stripe.objects import API_VERSION, Object
from tests.doubles.stripe.params import Params, read_form
from tests.doubles.stripe.state import Cause, State
from tests.doubles.stripe.trouble import Trouble

# Of the parameters these are kept for tests to look at: nothing of a card, no secret.
LOGGED = ("amount", "currency", "payment_intent", "charge", "reason", "metadata", "cancellation_reason", "confirm")
_VERSION = re.compile(r"\d{4}-\d\d-\d\d(\.\w+)?")


class Dropped(Exception):
    """The connection is to be closed without an answer."""


class Front:
    def __init__(self, state: State, secret_key: str, publishable_key: str) -> None:
        self.state = state
        self.secret_key = secret_key
        self.publishable_key = publishable_key

    async def __call__(self, request: Request) -> Response:
        # Whatever is reset in the meantime, a request ends in the state that it began in.
        state, request_id = self.state, new_request_id()
        body = await request.body()
        trouble = state.troubles.for_request(request.method, request.url.path)
        entry = _logged(request, request_id, trouble)
        state.requests.append(entry)
        try:
            answer, headers = await self._answer(state, request, body, trouble, entry)
        except Fault as fault:
            answer, headers = Answer(fault.status, fault.body), fault.headers
        except Dropped:
            cast(asyncio.Transport, request.scope["state"]["transport"]).abort()
            # The server learns of the closed connection in its next turn; only then may this one end unanswered.
            await asyncio.sleep(0.01)
            return Response()
        entry["status"] = answer.status
        version = request.headers.get("stripe-version", API_VERSION)
        about = {"Request-Id": request_id, "Stripe-Version": version, **headers}
        return Response(json.dumps(answer.body, indent=2), answer.status, about, "application/json")

    async def _answer(
        self, state: State, request: Request, body: bytes, trouble: Trouble | None, entry: Object
    ) -> tuple[Answer, dict[str, str]]:
        if trouble and trouble.kind == "die_before":
            raise Dropped
        if _at(trouble, "door"):
            raise _ordered(trouble)
        asking = asker(request.headers.get("authorization"), self.secret_key, self.publishable_key)
        if not _VERSION.fullmatch(request.headers.get("stripe-version", API_VERSION)):
            raise Fault(400, "Invalid Stripe API version.")
        text = body.decode(errors="replace") if request.method == "POST" else request.url.query
        values = read_form(parse_qsl(text, keep_blank_values=True))
        entry["params"] = {name: values[name] for name in LOGGED if name in values}
        cause = Cause(entry["id"], entry["idempotency_key"] if request.method == "POST" else None)
        found = find_endpoint(request.method, request.url.path)
        if found is None:
            raise Fault(404, f"Unrecognized request URL ({request.method}: {request.url.path}).")
        endpoint, ids = found
        if asking == "device" and not endpoint.by_device:
            raise Fault(403, "A publishable key will not do here: use a secret key.", code="secret_key_required")
        if asking == "device" and "client_secret" not in values:
            raise missing("client_secret")
        used = _begin(state, cause, request.url.path, values)
        if used:
            first, answer = used
            entry["replayed"] = True
            headers = {"Idempotent-Replayed": "true", "Original-Request": first}
        else:
            answer, headers = await _once(state, cause, values, partial(endpoint.verb, **ids), trouble), {}
        await _suffer(state, trouble)
        return answer, {**headers, "Idempotency-Key": cause.idempotency_key} if cause.idempotency_key else {}


def _begin(state: State, cause: Cause, path: str, values: Object) -> tuple[str, Answer] | None:
    key, request_id = cause.idempotency_key, cause.request_id
    return state.keys.begin(key, path, values, request_id or "", state.now()) if key else None


async def _once(state: State, cause: Cause, values: Object, verb: Verb, trouble: Trouble | None) -> Answer:
    """Does the work; its answer is what the idempotency key stands for from now on."""
    kept = None
    try:
        answer = kept = await _work(state, cause, values, verb, trouble)
    except Fault as fault:
        if fault.began:
            kept = Answer(fault.status, copy.deepcopy(fault.body))
        raise
    finally:
        if key := cause.idempotency_key:
            state.keys.end(key, kept)
    return answer


async def _work(state: State, cause: Cause, values: Object, verb: Verb, trouble: Trouble | None) -> Answer:
    if trouble and trouble.kind == "slow" and trouble.details["when"] == "before":
        await asyncio.sleep(trouble.details["seconds"])
    if trouble and trouble.kind == "hang" and not trouble.details["done"]:
        await _hang(state)
    if _at(trouble, "inside"):
        raise _ordered(trouble)
    params = Params(values)
    paths = params.texts("expand") or []
    answer = Answer(200, expanded(state, verb(state, params, cause), paths))
    if _at(trouble, "exit"):
        raise _ordered(trouble)
    return answer


async def _suffer(state: State, trouble: Trouble | None) -> None:
    """What goes wrong when the work is done."""
    if trouble is None:
        return
    if trouble.kind == "die_after":
        raise Dropped
    if trouble.kind == "slow" and trouble.details["when"] == "after":
        await asyncio.sleep(trouble.details["seconds"])
    if trouble.kind == "hang" and trouble.details["done"]:
        await _hang(state)


async def _hang(state: State) -> None:
    await state.let_go.wait()
    raise Dropped


def _at(trouble: Trouble | None, where: str) -> TypeGuard[Trouble]:
    return trouble is not None and trouble.details.get("where") == where


def _ordered(trouble: Trouble) -> Fault:
    status, code = trouble.details["status"], trouble.details["code"]
    began = trouble.details["where"] != "door"
    headers = {"Stripe-Should-Retry": "false"} if began else {}
    if status == 429:
        code = code or "rate_limit"
        if code == "lock_timeout":
            headers = {"Stripe-Should-Retry": "true"}
        message = "Too many requests at once, or another one holds this object. Try again later."
        return Fault(429, message, code=code, began=began, headers=headers)
    kind = "api_error" if status >= 500 else "invalid_request_error"
    message = f"Something went wrong on Stripe's end (ordered: {status})."
    return Fault(status, message, type=kind, code=code, began=began, headers=headers)


def _logged(request: Request, request_id: str, trouble: Trouble | None) -> dict[str, Any]:
    return {
        "id": request_id,
        "method": request.method,
        "path": request.url.path,
        "idempotency_key": request.headers.get("idempotency-key"),
        "stripe_version": request.headers.get("stripe-version"),
        "params": {},
        "status": None,
        "replayed": False,
        "trouble": trouble.kind if trouble else None,
    }
