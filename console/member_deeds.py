"""One member as a page, and what is done from there: each deed shows what it will do before it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from starlette.exceptions import HTTPException
from starlette.responses import Response

from checkout.adjust_points import adjust_points, preview_adjust_points
from checkout.foreseen import Foreseen
from checkout.set_tier import preview_set_tier, set_tier
from console.card_deeds import CardDeeds
from console.confirming import Question, confirm
from console.desk import deed, page
from console.forms import Errors, text_of, whole_of
from console.member_view import MemberView, read_member, read_statement, tier_name
from console.outcomes import adjustment_outcome, tier_gives, tier_outcome
from console.visit import Attempt, Visit
from kernel.refusals import Refusals, invalid
from kernel.texts import MAX_TEXT, read_text
from schema.admin.lists import BY_SEQ
from schema.locale import in_language
from staff.roles import Permission

GIVE, TAKE = "give", "take"
POINTS_FIELDS = ("direction", "points", "reason", "key")
TIER_FIELDS = ("tierCode", "reason", "key")


class MemberDeeds(CardDeeds):
    """Mixed into the member desk: everything below /members/{number}."""

    @page("/{number}", "member")
    async def member(self, visit: Visit) -> Response:
        view = await find(visit)
        return visit.page(
            "member.html",
            title=view.member.nickname or view.member.number,
            view=view,
            contacts=visit.allowed(Permission.READ_CONTACTS),
        )

    @page("/{number}/statement", "member")
    async def statement(self, visit: Visit) -> Response:
        view = await find(visit)
        window = visit.window(BY_SEQ)
        entries, lines = await visit.read(lambda reading: read_statement(reading, view.member.id, window, visit.locale))
        return visit.page(
            "member_statement.html",
            title=visit.t("member_statement_title", number=view.member.number),
            view=view,
            lines=lines,
            pages=visit.pager(entries, BY_SEQ),
        )

    # ------------------------------------------------------------ points

    @page("/{number}/points", "adjustPoints")
    async def ask_adjust(self, visit: Visit) -> Response:
        return _points_form(visit, await find_open(visit), Errors(), {"direction": GIVE})

    @deed("/{number}/points", "adjustPoints")
    async def adjust(self, visit: Visit) -> Response:
        """In two steps: first what it would do, then, confirmed, it is done."""
        view, form = await find_open(visit), await visit.form()
        given = {name: text_of(form, name) for name in POINTS_FIELDS}
        shop, viewer, member_id = visit.context.services.shop, visit.context.viewer, view.member.id

        def points() -> int:
            refusals = Refusals()
            number = whole_of(form, "points", refusals)
            if number <= 0 and not refusals:
                # The direction is chosen beside it; two minus signs would be a riddle.
                reason = "negative" if number else "zero" if given["points"] else "empty"
                refusals.add(invalid(("points",), reason))
            if refusals:
                # Otherwise the verb looks at the reason, and tells of points that are not there with it.
                _check_reason(refusals, given["reason"])
            refusals.raise_any()
            return -number if given["direction"] == TAKE else number

        def preview() -> Foreseen:
            return preview_adjust_points(shop, member_id=member_id, points=points(), reason=given["reason"])

        def do() -> int:
            adjust_points(
                shop,
                member_id=member_id,
                points=(change := points()),
                reason=given["reason"],
                idempotency_key=given["key"],
                staff_id=viewer.id,
                actor=viewer.email,
            )
            return change

        step = text_of(form, "step")
        if step == "edit":
            return _points_form(visit, view, Errors(), given)
        if step != "confirm":
            looked: Attempt[Foreseen] = await visit.attempt(preview, given)
            if looked.done is None:
                return _points_form(visit, view, looked.errors, given)
            return _confirm_points(visit, view, given, looked.done)
        attempt = await visit.attempt(do, given)
        if attempt.done is None:
            return _points_form(visit, view, attempt.errors, given)
        visit.tell("member_told_adjusted", n=visit.formats.signed(attempt.done))
        return visit.go(f"/members/{view.member.number}")

    # ------------------------------------------------------------ tier

    @page("/{number}/tier", "setTier")
    async def ask_tier(self, visit: Visit) -> Response:
        view = await find_open(visit)
        return _tier_form(visit, view, Errors(), {"tierCode": view.account.tier_code})

    @deed("/{number}/tier", "setTier")
    async def set_tier(self, visit: Visit) -> Response:
        view, form = await find_open(visit), await visit.form()
        given = {name: text_of(form, name) for name in TIER_FIELDS}
        viewer, wanted = visit.context.viewer, given["tierCode"]
        shop = visit.context.services.shop
        told = {"member_id": view.member.id, "tier_code": wanted, "reason": given["reason"]}
        step = text_of(form, "step")
        if step == "edit":
            return _tier_form(visit, view, Errors(), given)
        if step != "confirm":
            looked = await visit.attempt(partial(preview_set_tier, shop, **told), given)
            if looked.done is None:
                return _tier_form(visit, view, looked.errors, given)
            return _confirm_tier(visit, view, given, looked.done)
        do = partial(set_tier, shop, **told, actor=viewer.email, staff_id=viewer.id, idempotency_key=given["key"])
        attempt = await visit.attempt(do, given)
        if attempt.refused:
            return _tier_form(visit, view, attempt.errors, given)
        visit.tell("member_told_tier", tier=tier_name(view.program, wanted, visit.locale))
        return visit.go(f"/members/{view.member.number}")


async def find(visit: Visit) -> MemberView:
    number = visit.request.path_params["number"]
    view = await visit.read(lambda reading: read_member(reading, number, visit.locale))
    if view is None:
        raise HTTPException(404)
    return view


async def find_open(visit: Visit) -> MemberView:
    """A member for whom something can be done. Of who has left, or is another member by now, there is no such page."""
    view = await find(visit)
    if not view.is_open:
        raise HTTPException(404)
    return view


def _check_reason(refusals: Refusals, reason: str) -> None:
    read_text(refusals, ("reason",), reason, most=MAX_TEXT, needed=True)


def _points_form(visit: Visit, view: MemberView, errors: Errors, given: Mapping[str, str]) -> Response:
    return visit.page(
        "member_points.html",
        422 if errors else 200,
        title=visit.t("member_adjust_title", number=view.member.number),
        view=view,
        errors=errors,
        given={**dict.fromkeys(POINTS_FIELDS, ""), **given},
        give=GIVE,
        take=TAKE,
    )


def _confirm_points(visit: Visit, view: MemberView, given: Mapping[str, str], told: Foreseen) -> Response:
    change = visit.formats.points(abs(told.after.balance - told.before.balance))
    t, gives = visit.t, given["direction"] != TAKE
    question = Question(
        title=t("member_adjust_title", number=view.member.number),
        path=f"/members/{view.member.number}/points",
        back=f"/members/{view.member.number}",
        submit=t("member_confirm_give", n=change) if gives else t("member_confirm_take", n=change),
        given=given,
        facts=[(t("reason"), given["reason"])],
        outcome=adjustment_outcome(visit, told),
    )
    return confirm(visit, question)


def _tier_form(visit: Visit, view: MemberView, errors: Errors, given: Mapping[str, str]) -> Response:
    t = visit.t
    choices: list[tuple[str, str, str]] = []
    for tier in view.program.tiers:
        words = tier_gives(visit, tier)
        name = in_language(tier.name, visit.locale)
        if tier.code == view.account.tier_code:
            name = f"{name} · {t('member_tier_now')}"
        choices.append((tier.code, name, words))
    return visit.page(
        "member_tier.html",
        422 if errors else 200,
        title=t("member_set_tier_title", number=view.member.number),
        view=view,
        errors=errors,
        given={**dict.fromkeys(TIER_FIELDS, ""), **given},
        choices=choices,
    )


def _confirm_tier(visit: Visit, view: MemberView, given: Mapping[str, str], told: Foreseen) -> Response:
    t, name = visit.t, tier_name(view.program, given["tierCode"], visit.locale)
    question = Question(
        title=t("member_set_tier_title", number=view.member.number),
        path=f"/members/{view.member.number}/tier",
        back=f"/members/{view.member.number}",
        submit=t("member_confirm_tier", tier=name),
        given=given,
        facts=[(t("reason"), given["reason"])],
        outcome=tier_outcome(visit, view.program, told),
    )
    return confirm(visit, question)
