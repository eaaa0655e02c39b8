"""What is served beside the two APIs: whether the shop is alive, whether it is ready, and its pictures."""

from __future__ import annotations

import anyio
import structlog
from obstore.exceptions import BaseError
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import answers
from api.sheets import sheet_routes
from api.uploads import upload_route
from media.recipes import content_type_of, is_image_key
from media.storage import FOREVER, image_size, read_image
from migrations.current import is_current
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

    async def media(request: Request) -> Response:
        key = request.path_params["key"]
        if not is_image_key(key):
            return answers.problem(404, "There is no such picture.")
        headers = {"Cache-Control": FOREVER, "ETag": f'"{key}"'}
        if f'"{key}"' in _tags(request):
            return Response(status_code=304, headers=headers)
        try:
            if request.method == "HEAD":
                return await _head(services, key, headers)
            data = await anyio.to_thread.run_sync(read_image, services.media, key)
        except BaseError as error:
            log.warning("the pictures' store does not answer", error=type(error).__name__)
            return answers.problem(503, "Pictures cannot be had at the moment.", headers={"Retry-After": "5"})
        if data is None:
            return answers.problem(404, "There is no such picture.")
        if "*" in _tags(request):
            return Response(status_code=304, headers=headers)
        return Response(data, media_type=content_type_of(key), headers=headers)

    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/media/{key}", media),
        upload_route(services),
        *sheet_routes(services),
    ]


async def _head(services: Services, key: str, headers: dict[str, str]) -> Response:
    size = await anyio.to_thread.run_sync(image_size, services.media, key)
    if size is None:
        return answers.problem(404, "There is no such picture.")
    return Response(media_type=content_type_of(key), headers={**headers, "Content-Length": str(size)})


def _tags(request: Request) -> list[str]:
    """What the client has already."""
    tags = request.headers.get("if-none-match", "").split(",")
    return [tag.strip().removeprefix("W/") for tag in tags]


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
