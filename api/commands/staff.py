"""Accounts of staff."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from api.commands.base import COMMAND_LINE, fail, open_shop


class StaffRole(StrEnum):
    ADMIN = "ADMIN"
    MERCHANDISER = "MERCHANDISER"
    FULFILMENT = "FULFILMENT"
    SERVICE = "SERVICE"
    ANALYST = "ANALYST"


def create_staff(
    email: Annotated[str, typer.Option(help="The e-mail address to sign in with.")],
    role: Annotated[StaffRole, typer.Option(case_sensitive=False, help="What the account may do.")],
    password: Annotated[
        str | None, typer.Option(help="Asked for, or read from standard input, where it is not given.")
    ] = None,
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
) -> None:
    """Add a member of staff."""
    if password is None:
        password = _ask_password()
    from staff import audit
    from staff.accounts import create_staff as create
    from staff.accounts import fold

    with open_shop() as shop, shop.db.write() as tx:
        staff_id = create(tx, email=email, password=password, role=role, name=name)
        audit.record(
            tx,
            at=shop.clock.now(),
            actor=COMMAND_LINE,
            action="createStaff",
            subject_id=staff_id,
            after={"email": fold(email), "role": str(role)},
        )
    typer.echo(f"{fold(email)} may sign in as {role}.")


def remove_totp(
    email: Annotated[str, typer.Option(help="The e-mail address of the account.")],
) -> None:
    """Take a member of staff's second factor away, where no ADMIN can sign in to do it."""
    from staff.accounts import staff_with_email
    from staff.second_factor import remove_totp as remove

    with open_shop() as shop, shop.db.write() as tx:
        staff_id = staff_with_email(tx, email)
        if staff_id is None:
            fail("There is no account with this e-mail address.")
        remove(tx, staff_id, COMMAND_LINE, now=shop.clock.now())
    typer.echo("The account signs in without a code now.")


def _ask_password() -> str:
    if sys.stdin.isatty():
        return typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return sys.stdin.readline().rstrip("\r\n")
