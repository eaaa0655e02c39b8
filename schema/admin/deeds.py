"""What staff do where the audit entry is left to the caller: verb and entry in one transaction.

The admin API and the console both come through here, so that neither can forget the entry. Verbs that note by
themselves (shipping, returns, points, tiers, publishing) are called as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from catalog.adjust_stock import AdjustStock, adjust_stock
from catalog.end_exchange_offer import end_exchange_offer
from catalog.end_special_price import end_special_price, end_special_prices
from catalog.plan_special_price import PlanSpecialPrice, plan_special_price, plan_special_prices
from catalog.save_category import SaveCategory, save_category
from catalog.save_exchange_offer import SaveExchangeOffer, save_exchange_offer
from catalog.save_product import By, SaveProduct, save_product
from kernel.money import Money
from kernel.outbox import send_again
from kernel.sessions import end_session
from members.gift_cards import issue_gift_card
from members.profile import members_by_id
from members.register import register
from schema.admin.context import AdminContext
from schema.admin.snapshots import (
    category_snapshot,
    hold_offer,
    offer_snapshot,
    product_snapshot,
    variant_id_of_sku,
    variant_id_of_special,
    variant_ids_of_skus,
    variant_ids_of_specials,
    variant_snapshot,
    variant_snapshots,
)
from schema.admin.transactions import audited, audited_together
from staff import audit

DeedOf = Callable[[], str]
"""To be run in a worker thread. Owns its transaction, gives the subject's id, raises Refused."""

DeedOfMany = Callable[[], Sequence[str]]
"""The same for several subjects: all of it is done, or nothing."""


def saving_category(context: AdminContext, command: SaveCategory) -> DeedOf:
    return audited(
        context,
        "saveCategory",
        lambda deed: save_category(deed.tx, command),
        lambda deed: command.id,
        category_snapshot,
    )


def saving_product(context: AdminContext, command: SaveProduct) -> DeedOf:
    return audited(
        context,
        "saveProduct",
        lambda deed: save_product(deed.tx, command, now=deed.now, program=deed.program, by=By(context.actor)),
        lambda deed: command.id,
        product_snapshot,
    )


def planning_special_price(context: AdminContext, command: PlanSpecialPrice) -> DeedOf:
    return audited(
        context,
        "planSpecialPrice",
        lambda deed: plan_special_price(deed.tx, command, now=deed.now, program=deed.program, actor=context.actor),
        lambda deed: variant_id_of_sku(deed, command.sku),
        variant_snapshot,
    )


def planning_special_prices(context: AdminContext, commands: Sequence[PlanSpecialPrice]) -> DeedOfMany:
    """For several SKUs, all or none. A refusal's path begins with "goods" and the command's number."""
    return audited_together(
        context,
        "planSpecialPrice",
        lambda deed: plan_special_prices(deed.tx, commands, now=deed.now, program=deed.program, actor=context.actor),
        lambda deed: variant_ids_of_skus(deed, [command.sku for command in commands]),
        variant_snapshots,
    )


def ending_special_price(context: AdminContext, special_price_id: str) -> DeedOf:
    return audited(
        context,
        "endSpecialPrice",
        lambda deed: end_special_price(deed.tx, special_price_id, now=deed.now, actor=context.actor),
        lambda deed: variant_id_of_special(deed, special_price_id),
        variant_snapshot,
    )


def ending_special_prices(context: AdminContext, ids: Sequence[str]) -> DeedOfMany:
    """Several, all or none."""
    return audited_together(
        context,
        "endSpecialPrice",
        lambda deed: end_special_prices(deed.tx, ids, now=deed.now, actor=context.actor),
        lambda deed: variant_ids_of_specials(deed, ids),
        variant_snapshots,
    )


def adjusting_stock(context: AdminContext, command: AdjustStock) -> DeedOf:
    staff_id = context.viewer.id
    return audited(
        context,
        "adjustStock",
        lambda deed: adjust_stock(deed.tx, command, actor_id=staff_id, now=deed.now, actor=context.actor),
        lambda deed: variant_id_of_sku(deed, command.sku),
        variant_snapshot,
        change=command.change,
        reason=command.reason,
    )


def saving_exchange_offer(context: AdminContext, command: SaveExchangeOffer) -> DeedOf:
    return audited(
        context,
        "saveExchangeOffer",
        lambda deed: save_exchange_offer(deed.tx, command, now=deed.now, program=deed.program),
        lambda deed: command.id,
        offer_snapshot,
    )


def ending_exchange_offer(context: AdminContext, offer_id: str) -> DeedOf:
    return audited(
        context,
        "endExchangeOffer",
        lambda deed: end_exchange_offer(deed.tx, offer_id, now=deed.now),
        lambda deed: hold_offer(deed, offer_id),
        offer_snapshot,
    )


def registering_member(context: AdminContext, phone: str, nickname: str) -> DeedOf:
    services, actor = context.services, context.actor

    def use_case() -> str:
        now = services.clock.now()
        with services.db.write() as tx:
            program = services.shelf.programs(tx).at(now).program
            member_id = register(tx, phone, nickname, program=program, now=now, test_mode=services.test_mode)
            member = members_by_id(tx, [member_id])[member_id]
            audit.record(
                tx,
                at=now,
                actor=actor,
                action="registerMember",
                subject_id=member_id,
                after={"number": member.number, "nickname": member.nickname},
            )
        return member_id

    return use_case


def issuing_gift_card(
    context: AdminContext, amount: Decimal, member_id: str | None, idempotency_key: str
) -> Callable[[], tuple[str, str]]:
    """Gives the card's id and its code. Sent twice, the same card is shown again; it was issued once."""
    services, viewer = context.services, context.viewer

    def use_case() -> tuple[str, str]:
        now = services.clock.now()
        with services.db.write() as tx:
            currency = services.shelf.programs(tx).at(now).program.currency
            card_id, code = issue_gift_card(
                tx,
                secret=services.secret,
                amount=amount,
                currency=currency,
                member_id=member_id,
                staff_id=viewer.id,
                idempotency_key=idempotency_key,
                now=now,
            )
            if not audit.audit_count(tx, card_id):
                audit.record(
                    tx,
                    at=now,
                    actor=viewer.email,
                    action="issueGiftCard",
                    subject_id=card_id,
                    after={"amount": str(Money.parse(amount, currency)), "currency": currency, "memberId": member_id},
                )
        return card_id, code

    return use_case


def signing_out(context: AdminContext) -> Callable[[], None]:
    """Ends the viewer's session at once."""
    services, viewer = context.services, context.viewer

    def use_case() -> None:
        now = services.clock.now()
        with services.db.write() as tx:
            end_session(tx, viewer.session_id, now=now)
            audit.record(tx, at=now, actor=viewer.email, action="signOutStaff", subject_id=viewer.id)

    return use_case


def sending_again(context: AdminContext, message_id: str) -> DeedOf:
    """Takes up again what was set aside in the outbox."""
    services, actor = context.services, context.actor

    def use_case() -> str:
        now = services.clock.now()
        with services.db.write() as tx:
            message = send_again(tx, message_id)
            if message.done_at is None:
                after = {"kind": message.kind, "subject": message.subject_id}
                audit.record(tx, at=now, actor=actor, action="sendAgain", subject_id=message_id, after=after)
        return message_id

    return use_case
