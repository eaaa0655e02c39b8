"""Makes the demo shop, all of it or nothing: goods, people, and a year that happened through the shop's own verbs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from sqlalchemy import Connection, exists, select

from api.demo import marketing, shopping, stocking
from api.demo.diary import DAYS, Diary
from api.demo.goods import SHELVES
from api.demo.sign_ins import demo_is_there
from api.demo.stage import Stage
from api.demo.whole import Within
from catalog.columns import categories_t, products_t
from checkout.shop import Shop
from checkout.timeline import bring_everyone_up_to_date
from media.storage import open_store
from members.account import accounts_t
from program.versions import ProgramShelf, begin_first_version

SEED = 20_070_518
"""Chance is the same each time, so that a second shop looks like the first."""

GOODS = sum(len(shelf.goods) for shelf in SHELVES)
TIERS = ("ORDINARY", "VIP", "SVIP")

Progress = Callable[[int, int], None]


class DemoRefused(Exception):
    """The demo cannot go into this shop. Says why, in a sentence."""


def make_demo(
    shop: Shop, *, media_root: Path | str, secret: bytes, progress: Progress = lambda done, total: None
) -> bool:
    """Fills an empty shop. Returns False, having done nothing, where the demo is there already.

    Owns its one transaction: interrupted, it leaves the shop empty, and can be started again. `secret`: see
    `issue_gift_card`. Reports steps done and all steps.

    Raises:
        DemoRefused: the shop has goods or members of its own, or a program that the demo is not made for.
    """
    with shop.db.write() as tx:
        if demo_is_there(tx):
            return False
        _check_empty(tx)
        now = shop.clock.now()
        shelf = ProgramShelf()
        diary = Diary(now, shelf.programs(tx).at(now).program.zone)
        begin_first_version(tx, diary.now)
        _check_program(shelf, tx)
        inner = Shop(Within(shop.db, tx), diary.clock, shelf, shop.gateway)
        chance = Random(SEED)  # noqa: S311 - for data, not for secrets
        stage = Stage(inner, diary, secret, chance)
        total = GOODS + DAYS
        stocking.hire(stage)
        stocking.stock_shelves(stage, open_store(media_root), lambda done: progress(done, total))
        marketing.plan_year(stage)
        shopping.invite(stage)
        diary.run(lambda: _wake(inner), lambda days: progress(GOODS + days, total))
        diary.clock.at = now
        _wake(inner)
    with shop.db.read() as conn:
        shop.shelf.reload(conn)
    return True


def _check_empty(conn: Connection) -> None:
    for table in (products_t, categories_t, accounts_t):
        if conn.execute(select(exists().select_from(table))).scalar():
            raise DemoRefused(
                "This shop has goods or members already, and the demo goes into an empty one only. To have it "
                "elsewhere, name another database in JIFEN_DATABASE_URL and run `jifen migrate`, then `jifen demo`."
            )


def _check_program(shelf: ProgramShelf, conn: Connection) -> None:
    for version in shelf.reload(conn).versions:
        program = version.program
        if program.currency != "CNY" or not all(program.has_tier(code) for code in TIERS):
            raise DemoRefused(
                f"The demo is made for a program in yuan with the tiers {', '.join(TIERS)}; "
                f"version {version.version} is another one."
            )


def _wake(shop: Shop) -> None:
    bring_everyone_up_to_date(shop)
