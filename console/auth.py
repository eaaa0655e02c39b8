"""Who is signed in: a cookie that names a staff session, which ends at once when the session is ended."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.responses import Response

from console.visit import BASE, Visit
from kernel.sessions import STAFF_LIFETIME
from schema.context import Services
from staff.accounts import StaffViewer, authenticate_staff

COOKIE = "jifen_console"


async def recognise(visit: Visit) -> None:
    """Finds out who asks: the member of staff whose session the cookie names. Also which program is in force."""
    cookie = visit.request.cookies.get(COOKIE)
    visit.context.staff = await visit.context.run(lambda: _find(visit, cookie))


def _find(visit: Visit, cookie: str | None) -> StaffViewer | None:
    with visit.context.reading() as reading:
        visit.program = reading.program
        session_id = read_cookie(visit.context.services, cookie, reading.now)
        return None if session_id is None else authenticate_staff(reading.conn, session_id)


def remember(response: Response, services: Services, session_id: str, now: datetime) -> None:
    """Ties the browser to a session, for as long as the session's first refresh token would last."""
    until = (now + STAFF_LIFETIME).isoformat()
    response.set_cookie(
        COOKIE,
        _serializer(services).dumps([session_id, until]),
        path=BASE,
        httponly=True,
        samesite="lax",
        secure=is_secure(services),
    )


def forget(response: Response) -> None:
    response.delete_cookie(COOKIE, path=BASE)


def read_cookie(services: Services, cookie: str | None, now: datetime) -> str | None:
    """The session that a cookie of ours names; None where it is not ours or its time is over."""
    if not cookie:
        return None
    try:
        session_id, until = _serializer(services).loads(cookie)
    except (BadSignature, ValueError, TypeError):
        return None
    # Under a test clock nothing expires by itself: its leaps would end every session.
    over = not services.test_mode and datetime.fromisoformat(until) <= now
    return None if over else session_id


def is_secure(services: Services) -> bool:
    """Whether cookies are for https alone."""
    return (services.public_url or "").startswith("https://")


def way_back(url: str | None) -> str:
    """Where to go after the sign-in: a page of the console, whatever the address says."""
    parts = urlsplit(url or "")
    path = parts.path
    if not path.startswith(f"{BASE}/") or path.startswith((f"{BASE}/sign-in", f"{BASE}/sign-out")) or "//" in path:
        return f"{BASE}/"
    return f"{path}?{parts.query}" if parts.query else path


def _serializer(services: Services) -> URLSafeSerializer:
    return URLSafeSerializer(services.secret, salt="console session")
