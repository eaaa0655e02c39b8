"""Pictures of every page of the console, in both languages and two widths: `make screenshots`.

Makes a demo shop of its own in a temporary folder, serves it, signs in and looks. Where they go is the one argument.
"""

from __future__ import annotations

import logging
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from pydantic import SecretStr

from api.app import create_app
from api.demo.make_demo import make_demo
from api.demo.people import PASSWORD
from api.settings import Settings
from kernel.outbox import enqueue, outbox_t
from members.sms import SMS_CODE
from migrations.run import upgrade
from program.versions import publish_reference
from schema.context import Services
from tests.support.browser import CHROMIUMS, chromium, open_chromium, serve

WIDTHS = (1280, 390)
LANGUAGES = {"zh": "zh-CN", "en": "en"}


@dataclass(frozen=True)
class Shot:
    """A page by its address; or one that is reached by following the first link that fits, once or more, and by what
    then is `beyond` in the address."""

    name: str
    email: str
    path: str
    follow: tuple[str, ...] = ()
    beyond: str = ""
    fill: tuple[tuple[str, str], ...] = ()
    submit: bool = False
    press: str = "main form.stack button[type=submit]"


ORDER = r"/console/orders/[0-9A-Z-]+$"
RETURN = r"/console/returns/[0-9A-Z-]+$"

MEMBER = r"/console/members/[0-9]+$"

QUANTITY = "input.quantity:enabled"
SALE_RATE = '[name="document.points.rates.SALE"]'
VIP_AT = '[name="document.tiers.levels.1.acquire"]'
LOOK = ".form-end button[value=look]"

PRODUCT = r"/console/products/prd_\w+$"
OFFER = r"/console/offers/off_\w+$"
SHEET = """slug,name,name:en,category,sku,variant,price,stock,special_price
linen-shirt,亚麻衬衫,Linen shirt,服饰 > 衬衫,LINEN-S,白 / S,199.00,30,159.00
linen-shirt,,,,LINEN-M,白 / M,199.00,25,159.00
linen-shirt,,,,LINEN-L,白 / L,一百九十九,20,
straw-hat,草帽,Straw hat,服饰 > 帽子,HAT-1,,89.00,-3,
rain-cape,雨披,Rain cape,服饰 > 外套,CAPE-1,,129.00,40,139.00
"""

CATALOGUE = (
    Shot("products", "goods", "/console/products"),
    Shot("products-found", "goods", "/console/products?search=衬衫"),
    Shot("products-none", "goods", "/console/products?search=zzzz"),
    Shot("products-reader", "service", "/console/products"),
    Shot("product", "goods", "/console/products?class=SALE", (PRODUCT,)),
    Shot("product-prices", "goods", "/console/products?class=SALE", (PRODUCT,), beyond="/prices"),
    Shot("product-edit", "goods", "/console/products?class=SALE", (PRODUCT, "/edit$")),
    Shot("product-variants", "goods", "/console/products?class=SALE", (PRODUCT, "/variants$")),
    Shot("product-pictures", "goods", "/console/products?class=SALE", (PRODUCT, "/pictures$")),
    Shot(
        "product-new-errors",
        "goods",
        "/console/products/new",
        fill=(
            ("#f-name", "亚麻衬衫"),
            ('[id="f-variants.0.sku"]', "LINEN-M"),
            ('[id="f-variants.0.regularPrice"]', "-1"),
        ),
        submit=True,
    ),
    Shot("categories", "goods", "/console/categories"),
    Shot("category-new", "goods", "/console/categories/new"),
    Shot("sales", "goods", "/console/sales"),
    Shot("sale-plan", "goods", "/console/products?class=SALE", (PRODUCT, "/sales/new")),
    Shot("sale-overlap", "goods", "/console/products?class=SALE", (PRODUCT, "/sales/new"), submit=True),
    Shot("sale-end", "goods", "/console/sales", ("/sales/end",)),
    Shot("offers", "goods", "/console/offers"),
    Shot("offer", "goods", "/console/offers", (OFFER,)),
    Shot("offer-plan", "goods", "/console/offers", (OFFER, "/edit$"), fill=(("#f-points", "900"),)),
    Shot("offer-new", "goods", "/console/offers/clear", ("/offers/new",)),
    Shot("offers-report", "goods", "/console/offers/report"),
    Shot("offers-clear", "goods", "/console/offers/clear?days=60&weeks=8"),
    Shot("stock", "goods", "/console/stock"),
    Shot("stock-one", "goods", "/console/stock?all=yes", (r"/console/stock/var_\w+$",)),
    Shot("sheets", "goods", "/console/sheets"),
    Shot("sheets-reader", "service", "/console/sheets"),
    Shot("sheet-export", "goods", "/console/sheets/catalogue.csv"),
    Shot("sheet", "goods", "/console/sheets", fill=(("#f-file", SHEET),), submit=True),
)

SHOTS = (
    Shot("sign-in", "", "/console/sign-in"),
    Shot("start-admin", "admin", "/console/"),
    Shot("start-warehouse", "warehouse", "/console/"),
    Shot("start-analyst", "analyst", "/console/?days=364"),
    Shot("orders", "service", "/console/orders"),
    Shot("orders-none", "service", "/console/orders?search=zzzz"),
    Shot("order-settled", "service", "/console/orders?status=SETTLED", (ORDER,)),
    Shot("order-to-ship", "warehouse", "/console/orders?status=PAID", (ORDER,)),
    Shot("ship", "warehouse", "/console/orders?status=PAID", (ORDER, "/ship$")),
    Shot("cash", "warehouse", "/console/orders?status=PAID", (ORDER, "/cash$")),
    Shot("return-open", "service", "/console/orders?status=SHIPPED", (ORDER, "/return$")),
    Shot(
        "return-outcome",
        "service",
        "/console/orders?status=SHIPPED",
        (ORDER, "/return$"),
        fill=((QUANTITY, "1"), ("[name=reason]", "尺码不合适")),
        submit=True,
    ),
    Shot(
        "return-errors",
        "service",
        "/console/orders?status=SHIPPED",
        (ORDER, "/return$"),
        fill=((QUANTITY, "99"),),
        submit=True,
    ),
    Shot("returns", "warehouse", "/console/returns"),
    Shot("return", "service", "/console/returns?status=COMPLETED", (RETURN,)),
    Shot("return-receive", "warehouse", "/console/returns?status=REQUESTED", (RETURN, "/receive$")),
    Shot("return-reject", "service", "/console/returns?status=REQUESTED", (RETURN, "/reject$")),
    Shot("members", "service", "/console/members"),
    Shot("members-none", "service", "/console/members?search=zzzz"),
    Shot("members-analyst", "analyst", "/console/members?tier=SVIP"),
    Shot("member", "service", "/console/members?tier=SVIP", (MEMBER,)),
    Shot("member-analyst", "analyst", "/console/members?tier=VIP", (MEMBER,)),
    Shot("statement", "service", "/console/members?tier=SVIP", (MEMBER, "/statement$")),
    Shot("points", "service", "/console/members?tier=SVIP", (MEMBER, "/points$"), submit=True),
    Shot(
        "points-outcome",
        "service",
        "/console/members?tier=SVIP",
        (MEMBER, "/points$"),
        fill=(("#f-points", "200"), ("#f-reason", "快递延误补偿")),
        submit=True,
    ),
    Shot(
        "tier-outcome",
        "service",
        "/console/members?tier=VIP",
        (MEMBER, "/tier$"),
        fill=(("#f-reason", "周年庆特邀会员"),),
        submit=True,
    ),
    Shot("tier", "service", "/console/members?tier=VIP", (MEMBER, "/tier$")),
    Shot("gift-card", "service", "/console/members/gift-card", fill=(("#f-amount", "100"),), submit=True),
    Shot("member-new", "service", "/console/members/new"),
    Shot("program", "goods", "/console/program"),
    Shot("program-new", "admin", "/console/program/new"),
    Shot(
        "program-errors",
        "admin",
        "/console/program/new",
        fill=((SALE_RATE, "half"), (VIP_AT, "-1")),
        submit=True,
        press=LOOK,
    ),
    Shot(
        "program-review",
        "admin",
        "/console/program/new",
        fill=((SALE_RATE, "0.75"), (VIP_AT, "1800")),
        submit=True,
        press=LOOK,
    ),
    Shot("program-document", "admin", "/console/program/new/document"),
    Shot("audit", "admin", "/console/audit"),
    Shot("staff", "admin", "/console/staff"),
    Shot("staff-one", "admin", "/console/staff", (r"/staff/stf_\w+$",)),
    Shot("staff-new", "admin", "/console/staff/new"),
    Shot("account", "admin", "/console/account"),
    *CATALOGUE,
    Shot("no-permission", "warehouse", "/console/members"),
    Shot("trouble", "service", "/console/trouble"),
    Shot("not-found", "admin", "/console/nothing"),
)


def main(folder: Path, only: str = "", ready: str = "") -> None:
    """`only`: a pattern of names. `ready`: the address of a database that has the demo already."""
    folder.mkdir(parents=True, exist_ok=True)
    with demo_shop(ready) as base, sync_playwright() as playwright:
        browser = open_chromium(playwright, chromium() or CHROMIUMS[0])
        for short, language in LANGUAGES.items():
            for width in WIDTHS:
                _take(browser, base, folder, short, language, width, only)
        browser.close()


@contextmanager
def demo_shop(ready: str = "") -> Iterator[str]:
    """The demo, served; gives its address."""
    with tempfile.TemporaryDirectory() as place:
        url = ready or f"sqlite:///{place}/shop.db"
        settings = Settings(
            database_url=url, media_root=f"{place}/media", secret_key=SecretStr("for pictures only " * 2)
        )
        upgrade(url)
        logging.disable(logging.INFO)
        app = create_app(settings, work=False)
        services = app.state.services
        if not ready:
            with services.db.write() as tx:
                publish_reference(tx, services.clock.now())
            make_demo(services.shop, media_root=settings.media_root, secret=services.secret)
            _make_trouble(services)
        with serve(app) as base:
            yield base


def _make_trouble(services: Services) -> None:
    """The demo has none: a sign-in code that no SMS company took."""
    now = services.clock.now()
    with services.db.write() as tx:
        enqueue(tx, SMS_CODE, "for pictures", {}, subject_id="+8613800000000", now=now)
        of_codes = outbox_t.c.kind == SMS_CODE
        tx.execute(outbox_t.update().where(of_codes).values(attempts=3, problem="sms_refused", set_aside_at=now))


def _take(browser: Browser, base: str, folder: Path, short: str, language: str, width: int, only: str) -> None:
    pages: dict[str, Page] = {}
    for shot in SHOTS:
        if only and not re.search(only, shot.name):
            continue
        if shot.email not in pages:
            context = browser.new_context(viewport={"width": width, "height": 900}, locale=language)
            page = pages[shot.email] = context.new_page()
            if shot.email:
                _sign_in(page, base, shot.email)
        page = pages[shot.email]
        if not _reach(page, base, shot):
            print(f"{shot.name}: the demo has nothing to show")  # noqa: T201
            continue
        # What changes as somebody types has changed by then.
        page.wait_for_timeout(700 if shot.fill else 300)
        if page.locator("[data-plot]").count():
            page.wait_for_selector(".plot-area .main-svg")
        _keep(page.screenshot(full_page=True), folder / f"{shot.name}.{short}.{width}.webp")
    for page in pages.values():
        page.context.close()


def _sign_in(page: Page, base: str, who: str) -> None:
    page.goto(f"{base}/console/sign-in")
    page.fill("#f-email", f"{who}@demo.example")
    page.fill("#f-password", PASSWORD)
    page.click("button.wide")
    page.wait_for_url("**/console/")


def _reach(page: Page, base: str, shot: Shot) -> bool:
    page.goto(base + shot.path)
    for pattern in shot.follow:
        links = [link.get_attribute("href") or "" for link in page.locator("main a").all()]
        fitting = [link for link in links if re.search(pattern, link)]
        if not fitting:
            return False
        page.goto(base + fitting[0])
    if shot.beyond:
        page.goto(page.url + shot.beyond)
    for name, value in shot.fill:
        field = page.locator(name).first
        if field.get_attribute("type") == "file":
            field.set_input_files({"name": "season.csv", "mimeType": "text/csv", "buffer": value.encode()})
        else:
            field.fill(value)
    if shot.submit:
        page.locator(shot.press).first.click()
        page.wait_for_load_state()
    # Long work has come to its end by then.
    page.wait_for_selector("[data-poll]", state="detached")
    return True


def _keep(picture: bytes, path: Path) -> None:
    Image.open(BytesIO(picture)).convert("RGB").save(path, "WEBP", quality=72, method=6)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
