"""Tells how to sign in to the demo: staff, and some members of each tier as they stand now."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, select

from api.demo.people import COLLEAGUES, PASSWORD, PEOPLE, phone_of
from checkout.shop import Shop
from kernel.database import among
from members.account import accounts_t
from members.register import members_t
from program.config import Program
from staff.accounts import staff_t

OF_EACH_TIER = 2


def demo_is_there(conn: Connection) -> bool:
    """Whether the demo is in this shop: its staff are, and they come with the rest or not at all."""
    emails = {colleague.email for colleague in COLLEAGUES}
    return emails <= set(conn.execute(select(staff_t.c.email)).scalars())


def tell_sign_ins(shop: Shop, *, base: str, test_mode: bool) -> None:
    """Prints the addresses, the staff with their password, and members to try, on standard output. `base` is the shop's
    own address.
    """
    with shop.db.read() as conn:
        members = _members(conn, shop.shelf.programs(conn).at(shop.clock.now()).program)
    # Where nobody watches, lines are as long as they need to be.
    console = Console(file=sys.stdout, highlight=False, width=None if sys.stdout.isatty() else 100)
    console.print()
    console.print(f"Members: phone and code, at {base}/graphql")
    console.print(members)
    if test_mode:
        console.print("Under the test clock the code is always 000000.")
    else:
        console.print("The code is in the log of `jifen serve` once it was asked for: look for “sign-in code”.")
    console.print()
    console.print(f"Staff: e-mail and password, in the console at {base}/console (or by {base}/admin/graphql)")
    console.print(_staff())


def _staff() -> Table:
    table = Table("E-mail", "Password", "Role", "Name")
    for colleague in COLLEAGUES:
        table.add_row(colleague.email, PASSWORD, colleague.role.value, colleague.name)
    return table


def _members(conn: Connection, program: Program) -> Table:
    """The members of each tier with the most points, highest tier first."""
    table = Table("Phone", "Tier", "Nickname")
    table.add_column("Points", justify="right")
    phones = [phone_of(place) for place in range(len(PEOPLE))]
    for tier in reversed(program.tiers):
        rows = conn.execute(
            select(members_t.c.nickname, members_t.c.phone, accounts_t.c.balance)
            .join(accounts_t, accounts_t.c.member_id == members_t.c.id)
            .where(accounts_t.c.tier_code == tier.code, among(members_t.c.phone, phones))
            .order_by(accounts_t.c.balance.desc(), members_t.c.phone)
            .limit(OF_EACH_TIER)
        )
        for row in rows:
            table.add_row(row.phone, tier.code, row.nickname, f"{row.balance:,}")
    return table
