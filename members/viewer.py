"""Who is asking: a member's session with what nearly every answer needs, read in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from kernel.prepared import Prepared
from kernel.sessions import sessions_t
from members.account import accounts_t
from program.versions import latest_version


@dataclass(frozen=True, slots=True)
class MemberViewer:
    """`latest_program` is the number of the newest program version. `next_due_at`: see AccountRow."""

    member_id: str
    session_id: str
    tier_code: str
    balance: int
    next_due_at: datetime | None
    latest_program: int


_SESSION = Prepared(
    select(
        accounts_t.c.member_id,
        sessions_t.c.id,
        accounts_t.c.tier_code,
        accounts_t.c.balance,
        accounts_t.c.next_due_at,
        latest_version(),
    )
    .join(accounts_t, accounts_t.c.member_id == sessions_t.c.subject_id)
    .where(sessions_t.c.id == bindparam("session_id"), sessions_t.c.ended_at.is_(None))
)


def authenticate_member(conn: Connection, session_id: str) -> MemberViewer | None:
    """The member whose session this is; None where it has ended or is not a member's."""
    row = _SESSION.row(conn, {"session_id": session_id})
    return None if row is None else MemberViewer(*row)
