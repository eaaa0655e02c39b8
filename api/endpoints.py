"""What is served beside the two APIs: whether the shop is alive, whether it is ready, and its pictures."""

from __future__ import annotations

import anyio
import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import answers
from kernel.database import Database
from migrations.run import is_current
from program.versions import NoProgram
from schema.context import Services

READY_WITHIN_SECONDS = 5

log = structlog.get_logger("jifen.api")


def routes(services: Services) -> list[Route]:
    async def healthz(_request: Request) -> Response:
        return answers.json({"status": "ok"})

    async def readyz(_request: Request) -> Response:
        problem: str | None = "the database does not answer"
        with anyio.move_on_after(READY_WITHIN_SECONDS):
            problem = await anyio.to_thread.run_sync(why_not_ready, services, abandon_on_cancel=True)
        if problem is None:
            return answers.json({"status": "ready"})
        return answers.json({"status": "not ready", "reason": problem}, 503)

    return [Route("/healthz", healthz), Route("/readyz", readyz)]


def why_not_ready(services: Services) -> str | None:
    """What keeps the shop from serving; None where nothing does."""
    try:
        with services.db.read() as conn:
            if not is_current(conn):
                return "the database has not been migrated"
            services.shelf.programs(conn)
    except NoProgram:
        return "no program has been published"
    except SQLAlchemyError as error:
        log.warning("the database cannot be reached", error=type(error).__name__)
        return "the database cannot be reached"
    return None
