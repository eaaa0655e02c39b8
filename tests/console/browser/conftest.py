"""A browser looks at a real server. Whatever a page complains about, or asks of another host, fails its test."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from staff.tables import Role
from tests.support.browser import Served, chromium, open_chromium, serve
from tests.support.console import ConsoleShop
from tests.support.shop import PlayShop

# A form that was refused and a page that is not for a role, or for nobody any more: answers that the browser notes.
REFUSED = re.compile(r"status of (401|403|404|422)")


_running = ExitStack()
_tabs: list[Tabs] = []


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """The browser is there for the tests of this folder, one after the other, and no longer: with it an event loop runs
    in this thread, and other tests want their own.
    """
    if nextitem is None or Path(__file__).parent not in nextitem.path.parents:
        _tabs.clear()
        _running.close()


@pytest.fixture
def tabs() -> Tabs:
    if not _tabs:
        executable = chromium()
        if executable is None:
            pytest.skip("Debian's Chromium is not installed: apt-get install chromium-headless-shell")
        browser = open_chromium(_running.enter_context(sync_playwright()), executable)
        _running.callback(browser.close)
        _tabs.append(Tabs(browser))
    return _tabs[0]


class Tabs:
    """Tabs that are used again, nobody being signed in any more: a warm one shows a page in half the time."""

    def __init__(self, chromium: Browser) -> None:
        self.chromium = chromium
        self._free: dict[tuple[str, int], list[Page]] = {}

    def take(self, language: str, width: int) -> Page:
        free = self._free.setdefault((language, width), [])
        if free:
            return free.pop()
        context = self.chromium.new_context(locale=language, viewport={"width": width, "height": 900})
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    def give_back(self, page: Page, language: str, width: int) -> None:
        for other in page.context.pages:
            if other is not page:
                other.close()
        page.goto("about:blank")
        page.context.clear_cookies()
        self._free[language, width].append(page)


@pytest.fixture(scope="module")
def served(sqlite_databases):
    from kernel.database import Database

    with sqlite_databases.migrated() as url:
        play = PlayShop(Database(url))
        play.stock("SHIRT", "100.00")
        play.stock("SOCKS", "20.00")
        play.offer("SOCKS-OFFER", "SOCKS", "10.00", 500)
        console = ConsoleShop(play)
        for role in Role:
            console.hire(role)
        with serve(console.app) as base:
            yield Served(console, base)
        console.close()
        play.db.close()


@dataclass
class Window:
    """One role's browser in one language. `role` signs in with the first page, without the form for it."""

    tab: Page
    served: Served
    role: str | None = None
    complaints: list[str] = field(default_factory=list)

    @property
    def base(self) -> str:
        return self.served.base

    @property
    def page(self) -> Page:
        return self.go("/") if self.role else self.tab

    def go(self, path: str) -> Page:
        if self.role:
            self.sign_in(self.role)
        self.tab.goto(f"{self.base}/console{path}")
        return self.tab

    def sign_in(self, role: str) -> None:
        """As somebody who has done so before."""
        self.role = None
        cookies = self.served.console.as_(role).client.cookies.jar
        self.tab.context.add_cookies(
            [{"name": c.name, "value": c.value, "domain": "127.0.0.1", "path": c.path} for c in cookies]
        )

    def listen(self) -> Callable[[], None]:
        """Notes what the page complains of, and what it asks of others, until the answer is called."""
        heard = {
            "console": lambda message: message.type in ("error", "warning") and self._complain(message.text),
            "pageerror": lambda error: self._complain(str(error)),
            "request": lambda request: (
                request.url.startswith((self.base, "data:", "blob:", "about:"))
                or self._complain(f"asked elsewhere: {request.url}")
            ),
        }
        for event, hear in heard.items():
            self.tab.on(event, hear)

        def stop() -> None:
            for event, hear in heard.items():
                self.tab.remove_listener(event, hear)

        return stop

    def _complain(self, text: str) -> None:
        if not REFUSED.search(text):
            self.complaints.append(text)


@pytest.fixture
def window(tabs, served):
    """`window("FULFILMENT", "en")` is a browser that signs in with the first page it opens."""
    opened = []

    def enter(role, language="zh-CN", width=1280):
        window = Window(tabs.take(language, width), served, role)
        opened.append((window, window.listen(), language, width))
        return window

    yield enter
    for window, stop, language, width in opened:
        stop()
        tabs.give_back(window.tab, language, width)
    for window, *_ in opened:
        assert window.complaints == []
