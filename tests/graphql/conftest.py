"""A shop to play in, and its API."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kernel.database import Database
from tests.support.shop import PlayShop
from tests.support.shop_api import ShopApi


@pytest.fixture
def play(db: Database) -> PlayShop:
    return PlayShop(db)


@pytest.fixture
def api(play: PlayShop) -> Iterator[ShopApi]:
    api = ShopApi(play)
    yield api
    api.close()
