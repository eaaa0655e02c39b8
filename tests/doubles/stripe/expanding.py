"""`expand[]`: puts objects in the place of their ids."""

from __future__ import annotations

import copy

from tests.doubles.stripe.errors import Fault
from tests.doubles.stripe.objects import Object
from tests.doubles.stripe.state import State, Table

MOST_DEPTH = 4


def expanded(state: State, answer: Object, paths: list[str]) -> Object:
    """A copy of the answer with these paths expanded. Raises: Fault: there is nothing to expand."""
    answer = copy.deepcopy(answer)
    for path in paths:
        steps = path.split(".")
        if len(steps) > MOST_DEPTH:
            raise Fault(400, f"Properties are expanded up to {MOST_DEPTH} levels deep: {path}", param="expand")
        _expand(state, answer, steps, path)
    return answer


def _expand(state: State, place: Object, steps: list[str], path: str) -> None:
    step, rest = steps[0], steps[1:]
    if place.get("object") == "list" and step == "data" and rest:
        for one in place["data"]:
            _expand(state, one, rest, path)
        return
    tables = _tables(state, place.get("object", ""))
    if step not in tables:
        raise Fault(400, f"This property cannot be expanded ({path}).", param="expand")
    value = place[step]
    if isinstance(value, str) and (table := tables[step]) is not None:
        value = place[step] = copy.deepcopy(table[value])
    if rest and isinstance(value, dict):
        _expand(state, value, rest, path)


def _tables(state: State, kind: str) -> dict[str, Table | None]:
    """What can be expanded in an object of this kind, and where it is found; None is there already."""
    return {
        "payment_intent": {"latest_charge": state.charges, "payment_method": state.methods},
        "charge": {"payment_intent": state.intents, "refunds": None},
        "refund": {"charge": state.charges, "payment_intent": state.intents},
    }.get(kind, {})
