"""Exports run apart from everything else: they take many seconds, and whoever pays must not wait for them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

Written = TypeVar("Written")

MOST = 2
"""Exports of one process at a time: they take turns with one interpreter, and each more makes all of them slower."""

_free = threading.BoundedSemaphore(MOST)


class ExportsBusy(Exception):
    """As many exports as may be are running."""


def apart(write: Callable[[], Written]) -> Future[Written]:
    """Runs an export in a thread that nothing else waits for, at once or not at all.

    The thread ends with the process: what it writes is worth nothing by then.

    Raises:
        ExportsBusy: as many as may be are running.
    """
    if not _free.acquire(blocking=False):
        raise ExportsBusy
    written: Future[Written] = Future()
    # Whoever waits may go; the export has begun.
    written.set_running_or_notify_cancel()

    def run() -> None:
        try:
            found = write()
        except BaseException as error:
            _free.release()
            written.set_exception(error)
        else:
            # Free before it is told: whoever is answered may ask for the next one.
            _free.release()
            written.set_result(found)

    threading.Thread(target=run, name="export", daemon=True).start()
    return written
