"""Where HTTP meets the two schemas: what of a request they are told."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from schema.admin.context import AdminContext
from schema.admin.schema import build as build_admin
from schema.context import Services
from schema.door import Door
from schema.locale import Locale, choose_locale
from schema.shop.context import ShopContext
from schema.shop.schema import build as build_shop


def shop_door(services: Services) -> Door:
    def new_context(connection: HTTPConnection) -> ShopContext:
        return ShopContext(
            services, locale=_locale(connection), base_url=_base_url(connection), token=bearer_token(connection)
        )

    open_to_look = not services.production
    return Door(build_shop(introspection=open_to_look), new_context, uploads=True, ide=open_to_look)


def admin_door(services: Services) -> Door:
    def new_context(connection: HTTPConnection) -> AdminContext:
        return admin_context(services, connection)

    open_to_look = not services.production
    return Door(build_admin(introspection=open_to_look), new_context, uploads=True, ide=open_to_look)


def admin_context(services: Services, connection: HTTPConnection) -> AdminContext:
    """What a request of staff is told; who asks is found out by its `begin`."""
    return AdminContext(
        services, locale=_locale(connection), base_url=_base_url(connection), token=bearer_token(connection)
    )


def bearer_token(connection: HTTPConnection) -> str | None:
    """The access token of a request; an empty one is one that is sent."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _locale(connection: HTTPConnection) -> Locale:
    return choose_locale(connection.headers.get("accept-language"))


def _base_url(connection: HTTPConnection) -> str:
    return str(connection.base_url).rstrip("/")
