"""Mounts the console at /console."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from jinja2 import PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from console import assets
from console.catalogue.categories import CategoriesDesk
from console.catalogue.offers import OffersDesk
from console.catalogue.products import ProductsDesk
from console.catalogue.sales import SalesDesk
from console.catalogue.sheets import SheetsDesk
from console.catalogue.stock import StockDesk
from console.door import Door
from console.pages.account import AccountDesk
from console.pages.audit import AuditDesk
from console.pages.members import MembersDesk
from console.pages.orders import OrdersDesk
from console.pages.program import ProgramDesk
from console.pages.returns import ReturnsDesk
from console.pages.sign_in import SignInDesk
from console.pages.staff import StaffDesk
from console.pages.start import StartDesk
from console.pages.trouble import TroubleDesk
from console.site import Console
from console.visit import BASE
from schema.context import Services

NAME = "console"


def mount_console(app: Starlette, services: Services, *, tier_target: Sequence[Decimal] = ()) -> Console:
    """`tier_target`: the shares of members that the shop aims at, entry tier first; none where it has no such aim."""
    site = Console(
        title="Jifen",
        base_url=BASE,
        route_name=NAME,
        templates_dir="",
        additional_loaders=[PackageLoader("console", "templates")],
        index_view=StartDesk(tuple(tier_target)),
        secret_key=services.secret.hex(),
        middlewares=[],
        timezone_config=None,
    )
    site.templates.env.undefined = StrictUndefined
    site.templates.env.trim_blocks = site.templates.env.lstrip_blocks = True
    # Before everything else: it makes the visit that all others ask.
    site.middlewares.insert(0, Middleware(Door, services=services, templates=site.templates))
    for desk in (
        OrdersDesk,
        ReturnsDesk,
        TroubleDesk,
        MembersDesk,
        ProductsDesk,
        CategoriesDesk,
        SalesDesk,
        OffersDesk,
        StockDesk,
        SheetsDesk,
        ProgramDesk,
        AuditDesk,
        StaffDesk,
        AccountDesk,
        SignInDesk,
    ):
        site.add_view(desk())
    app.router.routes.append(Route(f"{assets.MOUNTED_AT}/{{path:path}}", assets.serve))
    site.mount_to(app)
    return site
