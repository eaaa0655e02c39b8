"""The way in and out, and the choice of language."""

from __future__ import annotations

from starlette.responses import JSONResponse, RedirectResponse, Response

from console.auth import forget, is_secure, remember, way_back
from console.desk import EVERYBODY, OPEN, Desk, deed, page
from console.door import LANGUAGE_COOKIE
from console.forms import Errors, text_of
from console.visit import BASE, Visit
from kernel.sessions import OpenSession
from schema.admin.deeds import signing_out
from schema.locale import LOCALES
from staff.accounts import sign_in

FIELDS = ("email", "password", "totpCode")
A_YEAR = 365 * 24 * 3600


class SignInDesk(Desk):
    path = "/"
    add_to_menu = False

    @page("/sign-in", OPEN)
    async def show(self, visit: Visit) -> Response:
        if visit.context.staff is not None:
            return RedirectResponse(way_back(visit.request.query_params.get("next")), 303)
        return _form(visit, way_back(visit.request.query_params.get("next")), "", Errors())

    @deed("/sign-in", OPEN)
    async def sign_in(self, visit: Visit) -> Response:
        form = await visit.form()
        email, password, code = text_of(form, "email"), form.get("password"), text_of(form, "totpCode")
        services = visit.context.services
        back = way_back(text_of(form, "next"))

        def enter() -> OpenSession:
            return sign_in(
                services.db,
                services.clock,
                email,
                password if isinstance(password, str) else "",
                key=services.secret,
                totp_code=code or None,
                test_mode=services.test_mode,
            )

        attempt = await visit.attempt(enter, FIELDS)
        if attempt.done is None:
            return _form(visit, back, email, attempt.errors)
        response = RedirectResponse(back, 303)
        now = await visit.run(services.clock.now)
        remember(response, services, attempt.done.session_id, now)
        return response

    @page("/session", EVERYBODY)
    async def session(self, visit: Visit) -> Response:
        """The token of the session as it is now, for a page that was opened under one before."""
        return JSONResponse({"csrf": visit.csrf_token})

    @deed("/sign-out", EVERYBODY)
    async def sign_out(self, visit: Visit) -> Response:
        await visit.run(signing_out(visit.context))
        response = RedirectResponse(f"{BASE}/sign-in", 303)
        forget(response)
        return response

    @deed("/language", OPEN)
    async def choose_language(self, visit: Visit) -> Response:
        form = await visit.form()
        response = RedirectResponse(_back(text_of(form, "back")), 303)
        chosen = text_of(form, "language")
        if chosen in LOCALES:
            response.set_cookie(
                LANGUAGE_COOKIE,
                chosen,
                max_age=A_YEAR,
                path=BASE,
                httponly=True,
                samesite="lax",
                secure=is_secure(visit.context.services),
            )
        return response


def _back(path: str) -> str:
    return path if path.startswith(f"{BASE}/sign-in") and "//" not in path else way_back(path)


def _form(visit: Visit, back: str, email: str, errors: Errors) -> Response:
    status = 422 if errors else 200
    return visit.page("sign_in.html", status, back=back, email=email, errors=errors, title=visit.t("sign_in"))
