"""The admin API as an ASGI application."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from schema.admin.context import AdminContext
from schema.admin.schema import build_admin_schema
from schema.context import Services
from schema.door import Door, base_url_of, bearer_of
from schema.locale import choose_locale


def admin_door(services: Services) -> Door:
    def new_context(request: HTTPConnection) -> AdminContext:
        return AdminContext(
            services,
            locale=choose_locale(request.headers.get("accept-language")),
            base_url=base_url_of(request),
            token=bearer_of(request),
        )

    schema = build_admin_schema(introspection=not services.production)
    return Door(schema, new_context, uploads=True, ide=not services.production)
