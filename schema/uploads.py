"""Files that are sent: taken in beside the use cases, so that nobody waits for a picture who did not send one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from kernel.refusals import Refusal, Refused
from media.images import StoredImage
from media.recipes import Use
from media.studio import Busy
from schema.codes import Code, CodedError
from schema.context import Context
from schema.scalars import Upload

MOST_BYTES = 10 * 2**20
"""More than this is read of no file."""


async def bytes_of(file: Upload) -> bytes:
    """What is in the file. One byte more than is allowed is enough to know that it is too large."""
    return await file.read(MOST_BYTES + 1)  # type: ignore[attr-defined]


async def taken_in(context: Context, data: bytes, use: Use, may: Callable[[], None]) -> Callable[[], StoredImage]:
    """The picture, made and stored, for a deed to put to use; the deed is where it says what was refused, if so.

    `may` is asked first, in a worker thread, and raises Refused: then the file is looked at, so that all that is
    wrong is told at once, but nothing is made of it.

    Raises:
        CodedError: RATE_LIMITED, too many pictures are waiting.
    """
    refusals = await context.run(lambda: _refusals(may))
    studio, now = context.services.studio, context.services.clock.now()
    image: StoredImage | None = None
    try:
        future = studio.hand_in(data, use, now, only_check=bool(refusals))
        image = await asyncio.wrap_future(future)
    except Busy:
        raise CodedError(Code.RATE_LIMITED, "Too many pictures at once. Try again in a few seconds.") from None
    except Refused as refused:
        refusals = (*refusals, *refused.refusals)

    def image_or_refusal() -> StoredImage:
        if refusals or image is None:
            raise Refused(*refusals)
        return image

    return image_or_refusal


def _refusals(may: Callable[[], None]) -> tuple[Refusal, ...]:
    try:
        may()
    except Refused as refused:
        return refused.refusals
    return ()
