"""A browser looks at a real server. Whatever a page complains about, or asks of another host, fails its test."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.support.browser import CHROMIUM, serve
from tests.support.console import PASSWORD, ConsoleShop, hire
from tests.support.shop import PlayShop

# A form that was refused and a page that is not for a role are answers, which the browser notes as well.
REFUSED = re.compile(r"status of (403|404|422)")

ROLES = ("ADMIN", "MERCHANDISER", "FULFILMENT", "SERVICE", "ANALYST")


# Not for the whole session: while it is there an event loop runs in this thread, and other tests want their own.
@pytest.fixture(scope="module")
def chromium():
    if not (Path(CHROMIUM).exists() or shutil.which("chromium")):
        pytest.skip("Debian's Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Served:
    """A shop with goods, members and staff, served at an address. Each test adds what it needs by the verbs."""

    console: ConsoleShop
    base: str

    @property
    def play(self) -> PlayShop:
        return self.console.play


@pytest.fixture(scope="module")
def served(sqlite_databases):
    from kernel.database import Database

    with sqlite_databases.migrated() as url:
        play = PlayShop(Database(url))
        for role in ROLES:
            hire(play, role)
        play.stock("SHIRT", "100.00")
        play.stock("SOCKS", "20.00")
        play.offer("SOCKS-OFFER", "SOCKS", "10.00", 500)
        console = ConsoleShop(play)
        with serve(console.app) as base:
            yield Served(console, base)
        console.close()
        play.db.close()


@dataclass
class Window:
    """One role's browser in one language."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.goto(f"{self.base}/console{path}")
        return self.page

    def sign_in(self, role: str) -> Page:
        page = self.go("/sign-in")
        page.fill("#f-email", f"{role.lower()}@shop.test")
        page.fill("#f-password", PASSWORD)
        page.click("main button.btn-primary")
        page.wait_for_url("**/console/")
        return page


@pytest.fixture
def window(chromium, served):
    """`window("FULFILMENT", "en")` is a signed-in browser."""
    opened = []

    def enter(role, language="zh-CN", width=1280):
        context = chromium.new_context(locale=language, viewport={"width": width, "height": 900})
        window = Window(context.new_page(), served.base)
        page = window.page
        page.set_default_timeout(15_000)
        page.on(
            "console",
            lambda m: (
                m.type in ("error", "warning") and not REFUSED.search(m.text) and window.complaints.append(m.text)
            ),
        )
        page.on("pageerror", lambda error: window.complaints.append(str(error)))
        page.on(
            "request",
            lambda request: (
                request.url.startswith((window.base, "data:", "blob:"))
                or window.complaints.append(f"asked elsewhere: {request.url}")
            ),
        )
        opened.append((context, window))
        if role:
            window.sign_in(role)
        return window

    yield enter
    for context, window in opened:
        context.close()
        assert window.complaints == []
