from __future__ import annotations

import pytest

from tests.support.admin import AdminShop


@pytest.fixture
def shop(db):
    shop = AdminShop(db)
    yield shop
    shop.close()
