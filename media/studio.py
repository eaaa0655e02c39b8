"""Where pictures are taken in: a few at a time, in threads of their own, so that nothing else waits for them."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import cached_property

from kernel.database import Database
from media.images import StoredImage, check_image, content_hash, make_image
from media.keep_image import is_kept, keep_image
from media.queries import image_of_content
from media.recipes import Use, recipe_for
from media.storage import Store

AT_ONCE = 2
"""A large picture takes a few hundred megabytes while it is unpacked."""

MOST_WAITING = 16


class Busy(Exception):
    """So many pictures are waiting that another one had better come later."""


class Studio:
    """Makes and stores pictures. `avif`: whether renditions are made in AVIF too."""

    def __init__(self, db: Database, store: Store, *, avif: bool = False) -> None:
        self.db, self.store, self.avif = db, store, avif
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._queue = threading.BoundedSemaphore(AT_ONCE + MOST_WAITING)

    def take_in(self, data: bytes, use: Use, now: datetime) -> StoredImage:
        """Makes all that is kept of a file and stores it, with no transaction open meanwhile. Nothing shows it yet:
        whoever does calls `take_image`, in the transaction that does.

        Raises:
            Refused: see `open_picture`.
        """
        recipe = recipe_for(use, avif=self.avif)
        known = is_kept(self.db, content_hash(data), recipe, now)
        if known is not None:
            return known
        with self._places:
            made = make_image(data, use, avif=self.avif)
        return self.db.retrying(lambda: keep_image(self.db, self.store, made, now))

    def check(self, data: bytes, use: Use) -> StoredImage:
        """What `take_in` would store; stores nothing.

        Raises:
            Refused: see `open_picture`.
        """
        with self.db.read() as conn:
            known = image_of_content(conn, content_hash(data), recipe_for(use, avif=self.avif))
        if known is not None:
            return known
        with self._places:
            return check_image(data, use, avif=self.avif)

    def hand_in(self, data: bytes, use: Use, now: datetime, *, only_check: bool = False) -> Future[StoredImage]:
        """As `take_in` or `check`, in a thread of the studio's own.

        Raises:
            Busy: too many are waiting.
        """
        if not self._queue.acquire(blocking=False):
            raise Busy

        def work() -> StoredImage:
            return self.check(data, use) if only_check else self.take_in(data, use, now)

        future = self._threads.submit(work)
        future.add_done_callback(lambda _: self._queue.release())
        return future

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="studio")

    def close(self) -> None:
        """Takes nothing more in. What is being made is finished."""
        if "_threads" in self.__dict__:
            self._threads.shutdown(wait=False, cancel_futures=True)
