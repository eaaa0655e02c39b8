from __future__ import annotations

import pytest

from tests.support.console import ConsoleShop


@pytest.fixture
def databases(sqlite_databases):
    """Pages look the same on both databases; the queries behind them have tests of their own, on each."""
    return sqlite_databases


@pytest.fixture
def console(shop):
    console = ConsoleShop(shop)
    yield console
    console.close()


@pytest.fixture
def goods(console):
    console.play.stock("SHIRT", "100.00")
    console.play.stock("SOCKS", "25.50")
    return console
