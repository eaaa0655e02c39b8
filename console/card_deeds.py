"""Gift cards: what one will be, then its code, which is shown this once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.confirming import Question, confirm
from console.desk import deed, page
from console.forms import Errors, decimal_of, text_of
from console.member_view import MemberView, read_member
from console.outcomes import Rows
from console.visit import Visit
from kernel.money import Money
from kernel.refusals import Refusals, invalid
from members.gift_cards import read_card_amount
from schema.admin.deeds import issuing_gift_card

FREE = "/members/gift-card"
FIELDS = ("amount", "key")


class CardDeeds:
    """Mixed into the member desk: cards of a member, and cards of nobody yet."""

    @page("/gift-card", "issueGiftCard")
    async def ask_free_card(self, visit: Visit) -> Response:
        return await _card_form(visit, None, Errors(), {})

    @deed("/gift-card", "issueGiftCard")
    async def free_card(self, visit: Visit) -> Response:
        return await _issue(visit, None)

    @page("/{number}/gift-card", "issueGiftCard")
    async def ask_card(self, visit: Visit) -> Response:
        return await _card_form(visit, await _owner(visit), Errors(), {})

    @deed("/{number}/gift-card", "issueGiftCard")
    async def card(self, visit: Visit) -> Response:
        return await _issue(visit, await _owner(visit))


async def _owner(visit: Visit) -> MemberView:
    number = visit.request.path_params["number"]
    view = await visit.read(lambda reading: read_member(reading, number, visit.locale))
    if view is None or not view.is_open:
        raise HTTPException(404)
    return view


async def _issue(visit: Visit, owner: MemberView | None) -> Response:
    form = await visit.form()
    given = {name: text_of(form, name) for name in FIELDS}
    currency = (await visit.read(lambda reading: reading.program)).currency

    def amount() -> tuple[Decimal, Money]:
        refusals = Refusals()
        value = decimal_of(form, "amount", refusals)
        if value is None and not refusals:
            refusals.add(invalid(("amount",), "empty"))
        money = None if value is None else read_card_amount(refusals, value, currency)
        refusals.raise_any()
        assert value is not None
        assert money is not None
        return value, money

    step = text_of(form, "step")
    if step == "edit":
        return await _card_form(visit, owner, Errors(), given)
    checked = await visit.attempt(amount, given)
    if checked.done is None:
        return await _card_form(visit, owner, checked.errors, given)
    value, money = checked.done
    if step != "confirm":
        return _confirm_card(visit, owner, given, money)
    member_id = None if owner is None else owner.member.id
    issued = await visit.attempt(issuing_gift_card(visit.context, value, member_id, given["key"]), given)
    if issued.done is None:
        return await _card_form(visit, owner, issued.errors, given)
    _, code = issued.done
    # Shown in the answer itself: the code is stored nowhere, so no other page could show it.
    return visit.page(
        "member_card_done.html",
        title=visit.t("member_card_done"),
        code="-".join(code[i : i + 4] for i in range(0, len(code), 4)),
        money=money,
        owner=owner,
        back=_back(owner),
    )


def _back(owner: MemberView | None) -> str:
    return "/members" if owner is None else f"/members/{owner.member.number}"


def _path(owner: MemberView | None) -> str:
    return FREE if owner is None else f"{_back(owner)}/gift-card"


def _title(visit: Visit, owner: MemberView | None) -> str:
    if owner is None:
        return visit.t("member_card_free_title")
    return visit.t("member_card_title", number=owner.member.number)


async def _card_form(visit: Visit, owner: MemberView | None, errors: Errors, given: Mapping[str, str]) -> Response:
    return visit.page(
        "member_card.html",
        422 if errors else 200,
        title=_title(visit, owner),
        owner=owner,
        errors=errors,
        given={**dict.fromkeys(FIELDS, ""), **given},
        path=_path(owner),
        back=_back(owner),
        currency=visit.program.currency if visit.program else "",
    )


def _confirm_card(visit: Visit, owner: MemberView | None, given: Mapping[str, str], money: Money) -> Response:
    t, f = visit.t, visit.formats
    outcome: Rows = [(t("member_card_value"), f.money(money), "")]
    if owner is None:
        outcome.append((t("member_card_owner"), t("member_card_nobody"), ""))
    else:
        name = " ".join(part for part in (owner.member.nickname, owner.member.number) if part)
        was = t("member_was", value=f.money(owner.on_cards))
        outcome += [
            (t("member_card_owner"), name, ""),
            (t("member_card_balance_after"), f.money(owner.on_cards + money), was),
        ]
    question = Question(
        title=_title(visit, owner),
        path=_path(owner),
        back=_back(owner),
        submit=t("member_confirm_card", amount=f.money(money)),
        given=given,
        outcome=outcome,
    )
    return confirm(visit, question)
