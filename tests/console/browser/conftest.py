"""A browser looks at a real server. Whatever a page complains about, or asks of another host, fails its test."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.support.browser import CHROMIUM, serve
from tests.support.console import PASSWORD, ConsoleShop, hire
from tests.support.shop import PlayShop

# A form that was refused and a page that is not for a role, or for nobody any more: answers that the browser notes.
REFUSED = re.compile(r"status of (401|403|404|422)")

ROLES = ("ADMIN", "MERCHANDISER", "FULFILMENT", "SERVICE", "ANALYST")


# Not for the whole session: while it is there an event loop runs in this thread, and other tests want their own.
@pytest.fixture(scope="module")
def chromium():
    if not (Path(CHROMIUM).exists() or shutil.which("chromium")):
        pytest.skip("Debian's Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
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
    """One role's browser in one language. Whoever is to open a page signs in first, and is led to it."""

    tab: Page
    base: str
    role: str | None = None
    complaints: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.go("/") if self.role else self.tab

    def go(self, path: str) -> Page:
        if self.role:
            self.sign_in(self.role, path)
        else:
            self.tab.goto(f"{self.base}/console{path}")
        return self.tab

    def sign_in(self, role: str, path: str = "/") -> None:
        self.role = None
        page = self.go(f"/sign-in?{urlencode({'next': f'/console{path}'})}")
        page.fill("#f-email", f"{role.lower()}@shop.test")
        page.fill("#f-password", PASSWORD)
        page.click("main button.btn-primary")
        page.wait_for_url(f"{self.base}/console{path}")


@pytest.fixture
def window(chromium, served):
    """`window("FULFILMENT", "en")` is a browser that signs in with the first page it opens."""
    opened = []

    def enter(role, language="zh-CN", width=1280):
        context = chromium.new_context(locale=language, viewport={"width": width, "height": 900})
        window = Window(context.new_page(), served.base, role)
        page = window.tab
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
        return window

    yield enter
    for context, window in opened:
        context.close()
        assert window.complaints == []
