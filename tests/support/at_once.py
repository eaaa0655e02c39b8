"""Things that happen at the same moment: threads that start together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from kernel.refusals import Refused

Result = TypeVar("Result")


def at_once(*deeds: Callable[[], Result]) -> list[Result | Refused]:
    """Does everything at the same moment; what was refused comes back as its refusal."""
    start = Barrier(len(deeds))

    def do(deed: Callable[[], Result]) -> Result | Refused:
        start.wait(timeout=30)
        try:
            return deed()
        except Refused as refused:
            return refused

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(do, deeds))


def done(results: Sequence[Result | Refused]) -> list[Result]:
    return [result for result in results if not isinstance(result, Refused)]


def refusals(results: Sequence[object]) -> list[type]:
    """The kinds of refusal of those that were refused."""
    return [type(refusal) for result in results if isinstance(result, Refused) for refusal in result.refusals]
