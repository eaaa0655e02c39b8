"""The second step of a deed: what it will do, and the question whether it shall be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from console.outcomes import Rows
from console.visit import Visit


@dataclass(frozen=True, kw_only=True)
class Question:
    """`given`: the form's fields, sent on as they were told, with the key that lets the deed be done once."""

    title: str
    path: str
    back: str
    submit: str
    given: Mapping[str, str]
    outcome: Rows
    facts: Sequence[tuple[str, str]] = ()
    danger: bool = False
    editable: bool = True
    """Whether there is a form to go back to."""


def confirm(visit: Visit, question: Question) -> Response:
    return visit.page("confirm.html", title=question.title, question=question)
