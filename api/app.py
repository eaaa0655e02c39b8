"""The web application: both APIs, the console, the pictures, and what a load balancer asks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route

from api import answers, endpoints, webhooks
from api.courier import Courier
from api.doors import admin_door, shop_door
from api.limits import BodyLimit, SecurityHeaders
from api.logging import set_up_logging
from api.settings import Settings, read_settings
from api.wiring import open_services
from api.worker import Worker
from console.app import mount_console


def create_app(settings: Settings, *, work: bool = True) -> Starlette:
    """The application. `work`: whether it also does what falls due; under a test clock it never does."""
    services = open_services(settings)
    worker = Worker(services.shop, services.media) if work and not settings.test_mode else None
    courier = Courier(services.db, services.handlers) if work else None

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        if worker:
            worker.start()
        if courier:
            courier.start()
        try:
            yield
        finally:
            if worker:
                worker.stop()
            if courier:
                courier.stop()
            services.studio.close()
            services.executor.shutdown(wait=False, cancel_futures=True)
            for close in services.closing:
                close()
            services.db.close()

    app = Starlette(
        routes=[
            Route("/graphql", shop_door(services)),
            Route("/admin/graphql", admin_door(services)),
            *endpoints.routes(services),
            *webhooks.routes(services),
        ],
        middleware=[
            Middleware(SecurityHeaders, https=(settings.public_url or "").startswith("https://")),
            *_cors(settings),
            Middleware(BodyLimit),
        ],
        exception_handlers={HTTPException: answers.on_http_error, Exception: answers.on_crash},
        lifespan=lifespan,
    )
    mount_console(app, services, tier_target=settings.tier_target)
    app.state.services = services
    return app


def app_from_environment() -> Starlette:
    """The application for a server process, which reads its settings by itself."""
    settings = read_settings()
    set_up_logging(production=settings.production)
    return create_app(settings)


def _cors(settings: Settings) -> list[Middleware]:
    if not settings.cors_origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST"],
            # Whatever a client library adds. There are no cookies: without the bearer token a page gets nothing.
            allow_headers=["*"],
            expose_headers=["Retry-After", "Content-Language"],
            max_age=86400,
        )
    ]
