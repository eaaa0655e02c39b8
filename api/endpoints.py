"""What is served beside the two APIs: whether the shop is alive, whether it is ready, and its pictures."""

from __future__ import annotations

import anyio
import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import answers
from media.queries import image_by_key
from media.storage import is_image_key, read_image
from migrations.current import is_current
from program.versions import NoProgram
from schema.context import Services

READY_WITHIN_SECONDS = 5

# A picture's name is made of its content: whoever has it need not ask again.
FOREVER = "public, max-age=31536000, immutable"

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

    async def media(request: Request) -> Response:
        key = request.path_params["key"]
        if not is_image_key(key):
            return answers.problem(404, "There is no such picture.")
        headers = {"Cache-Control": FOREVER, "ETag": f'"{key}"'}
        if _has(request.headers.get("if-none-match", ""), key):
            return Response(status_code=304, headers=headers)
        found = await anyio.to_thread.run_sync(find_picture, services, key)
        if found is None:
            return answers.problem(404, "There is no such picture.")
        content_type, data = found
        return Response(data, media_type=content_type, headers=headers)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/media/{key}", media)]


def find_picture(services: Services, key: str) -> tuple[str, bytes] | None:
    """A picture's content type and bytes; None where the shop has none of this name."""
    with services.db.read() as conn:
        image = image_by_key(conn, key)
    data = None if image is None else read_image(services.media, key)
    return None if image is None or data is None else (image.content_type, data)


def _has(if_none_match: str, key: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in tags or f'"{key}"' in tags


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
