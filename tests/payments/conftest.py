"""A shop whose payments go through the double of Stripe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kernel.database import Database
from tests.doubles.stripe.running import StripeDouble
from tests.support.online_shop import PAUSES, WEBHOOK_SECRET, FrontDoor, OnlineShop, Stock, settings_of


@pytest.fixture(scope="session")
def front_door() -> Iterator[FrontDoor]:
    door = FrontDoor()
    door.open()
    yield door
    door.close()


@pytest.fixture
def open_online(
    front_door: FrontDoor,
    stripe_double: StripeDouble,
    db: Database,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Callable[..., OnlineShop]]:
    """Opens the shop; at the end of the test its books are checked. `open_online(currency="JPY")`."""
    from api.app import create_app
    from api.settings import read_settings

    opened: list[OnlineShop] = []

    def enter(**how: str) -> OnlineShop:
        stock = Stock(db, **how)
        monkeypatch.chdir(tmp_path)
        # The same database, with its connections open already, and its statements compiled.
        monkeypatch.setattr("api.wiring.open_database", lambda _settings: db)
        for name, value in {"JIFEN_DATABASE_URL": database_url, **settings_of(stripe_double)}.items():
            monkeypatch.setenv(name, value)
        app = create_app(read_settings(), work=False)
        shop = OnlineShop(stock, app.state.services, stripe_double, front_door.url)
        opened.append(shop)
        front_door.app = app
        stripe_double.tell("deliveries/pauses", pauses=PAUSES)
        stripe_double.tell("webhooks/shop", url=f"{front_door.url}/webhooks/stripe", secret=WEBHOOK_SECRET)
        return shop

    yield enter
    for shop in opened:
        try:
            shop.check()
        finally:
            stripe_double.take_back("webhooks/shop")
            front_door.app = None
            shop.close()
            shop.services.studio.close()
            shop.services.executor.shutdown()


@pytest.fixture
def online(open_online: Callable[..., OnlineShop]) -> OnlineShop:
    return open_online()
