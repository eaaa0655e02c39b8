"""The log: lines for people in development, JSON in production, always on stderr and never a secret."""

from __future__ import annotations

import io
import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

# PostgreSQL adds to some errors the row that did not fit, or the value of a key: people's data, and hashes.
_ROW = re.compile(
    r"^DETAIL:.*?(?=^\[SQL|^\(Background on|^Traceback |^The above exception|^During handling|\Z)",
    re.MULTILINE | re.DOTALL,
)

_SECRET = ("password", "token", "secret", "authorization", "cookie")


def set_up_logging(*, production: bool, level: int = logging.INFO) -> None:
    """Sends everything that is logged, by us and by libraries, through one formatter."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
    if production:
        last: list[Any] = [
            structlog.processors.format_exc_info,
            hide_rows,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    else:
        # Plain: the prettier tracebacks print the values of variables, which are people's data.
        last = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=_plain_traceback)]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # They tell each step of starting and stopping; an HTTP client tells addresses, which hold secrets of the shop.
    for chatty in ("alembic", "uvicorn", "httpx2", "httpcore2"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def hide_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blanks values whose name says that they are nobody's business."""
    for name in event:
        if any(word in name.lower() for word in _SECRET):
            event[name] = "…"
    return event


def hide_rows(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Takes out of an exception what the database tells of the rows that it was about."""
    if isinstance(event.get("exception"), str):
        event["exception"] = without_rows(event["exception"])
    return event


def without_rows(trace: str) -> str:
    """A traceback without the rows of the database."""
    return _ROW.sub("DETAIL: …\n", trace)


def _plain_traceback(out: TextIO, exc_info: Any) -> None:  # noqa: ANN401 - structlog's own
    held = io.StringIO()
    structlog.dev.plain_traceback(held, exc_info)
    out.write(without_rows(held.getvalue()))
