"""One's own account: who one is here, and the second factor."""

from __future__ import annotations

from starlette.responses import Response

from console.desk import EVERYBODY, Desk, deed, page
from console.forms import Errors, text_of
from console.visit import Visit
from schema.admin import staff_deeds
from staff.second_factor import Enrolment


class AccountDesk(Desk):
    path = "/account"
    label = "nav_account"
    icon = "fa-circle-user"

    @page("", EVERYBODY)
    async def show(self, visit: Visit) -> Response:
        return _show(visit, Errors())

    @deed("/second-factor", "beginTotp")
    async def begin(self, visit: Visit) -> Response:
        attempt = await visit.attempt(staff_deeds.beginning_totp(visit.context))
        if attempt.done is None:
            return _show(visit, attempt.errors)
        # Shown in the answer itself: nobody is told the secret again.
        return _show(visit, Errors(), attempt.done)

    @deed("/second-factor/confirm", "confirmTotp")
    async def confirm(self, visit: Visit) -> Response:
        form = await visit.form()
        attempt = await visit.attempt(staff_deeds.confirming_totp(visit.context, text_of(form, "code")), ("code",))
        if attempt.refused:
            return _show(visit, attempt.errors, begun=True)
        visit.tell("acc_told_on")
        return visit.go("/account")

    @deed("/second-factor/remove", "removeTotp")
    async def remove(self, visit: Visit) -> Response:
        form = await visit.form()
        own = visit.context.viewer.id
        attempt = await visit.attempt(staff_deeds.removing_totp(visit.context, own, text_of(form, "code")), ("code",))
        if attempt.refused:
            return _show(visit, attempt.errors)
        visit.tell("acc_told_off")
        return visit.go("/account")


def _show(visit: Visit, errors: Errors, enrolment: Enrolment | None = None, *, begun: bool = False) -> Response:
    """`begun`: a secret was shown before, and a code of it is being confirmed."""
    secret = "" if enrolment is None else enrolment.secret
    return visit.page(
        "account.html",
        422 if errors else 200,
        title=visit.t("nav_account"),
        errors=errors,
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        uri="" if enrolment is None else enrolment.uri,
        begun=begun or enrolment is not None,
    )
