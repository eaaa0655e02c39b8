"""Times in forms of things that are there already."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData

from console.formats import Formats
from console.forms import local_time_of, text_of
from kernel.refusals import Refusals


def kept_time(form: FormData, name: str, old: datetime | None, zone: ZoneInfo, refusals: Refusals) -> datetime | None:
    """A browser's field has no seconds: what it shows unchanged is the very instant that it was."""
    if old is not None and text_of(form, name) == Formats("en", zone).field(old):
        return old
    return local_time_of(form, name, zone, refusals)
