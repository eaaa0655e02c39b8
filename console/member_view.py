"""One member with everything that belongs to it, read in one go, and the ledger as a statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from checkout.points import PendingRecord, pending_of
from checkout.queries import OrderRecord, order_count, order_page, orders_by_id, returns_by_id
from kernel.money import Money
from kernel.paging import Page, Window
from members.account import Account, accounts_by_id
from members.addresses import AddressRecord, addresses_of
from members.directory import member_by_number
from members.gift_cards import GiftCardRecord, gift_cards_of
from members.ledger.entries import Entry
from members.ledger.queries import entry_count, entry_page
from members.profile import MemberRecord, members_by_id
from members.tiers.periods import tier_periods_of
from members.tiers.progress import Progress, tier_progress
from program.config import Program
from schema.context import Reading
from schema.locale import Locale, in_language
from schema.messages import entry_text, note_text

FIRST_ENTRIES = 8
FIRST_ORDERS = 5


@dataclass(frozen=True)
class StatementLine:
    """An entry of the ledger in words, with the number of what caused it."""

    entry: Entry
    text: str
    order_number: str | None
    return_number: str | None


@dataclass(frozen=True)
class TierStretch:
    """`until` None: it goes on."""

    name: str
    from_at: datetime
    until: datetime | None
    reason: str
    note: str | None


@dataclass(frozen=True)
class MemberView:
    """`merged_into`: the member that this account was joined to. Lists are the first of what counts say."""

    member: MemberRecord
    account: Account
    program: Program
    tier: str
    pending: PendingRecord
    progress: Progress
    stretches: Sequence[TierStretch]
    statement: Sequence[StatementLine]
    entries: int
    orders: Sequence[OrderRecord]
    order_count: int
    cards: Sequence[GiftCardRecord]
    addresses: Sequence[AddressRecord]
    merged_into: MemberRecord | None

    @property
    def is_open(self) -> bool:
        """Whether anything can still be done for the member."""
        return self.account.closed_at is None

    @property
    def spend(self) -> Money:
        return Money(self.account.qualifying_spend, self.program.currency)

    @property
    def worth(self) -> Money:
        """What the available points are worth in statements (R6)."""
        value = self.program.value_of_100
        return value.times(Decimal(max(0, self.account.balance)) / 100)

    @property
    def on_cards(self) -> Money:
        held = [card.balance for card in self.cards if card.balance.currency == self.program.currency]
        return sum(held, self.program.zero)


def read_member(reading: Reading, number: str, locale: Locale) -> MemberView | None:
    """None where there is no such member."""
    conn = reading.conn
    member = member_by_number(conn, number)
    if member is None:
        return None
    program, account = reading.program, accounts_by_id(conn, [member.id])[member.id]
    return MemberView(
        member=member,
        account=account,
        program=program,
        tier=tier_name(program, account.tier_code, locale),
        pending=pending_of(conn, [member.id])[member.id],
        progress=tier_progress(program, account),
        stretches=_stretches(reading, member.id, locale),
        statement=read_statement(reading, member.id, Window(FIRST_ENTRIES), locale)[1],
        entries=entry_count(conn, member.id),
        orders=order_page(conn, Window(FIRST_ORDERS), member_id=member.id).items,
        order_count=order_count(conn, member_id=member.id),
        cards=gift_cards_of(conn, member.id),
        addresses=addresses_of(conn, member.id),
        merged_into=members_by_id(conn, [member.merged_into])[member.merged_into] if member.merged_into else None,
    )


def read_statement(
    reading: Reading, member_id: str, window: Window, locale: Locale
) -> tuple[Page[Entry], list[StatementLine]]:
    """A page of a member's ledger, newest first, and the same in words."""
    page = entry_page(reading.conn, window, member_id)
    orders = orders_by_id(reading.conn, [entry.order_id for entry in page.items if entry.order_id])
    returns = returns_by_id(reading.conn, [entry.return_id for entry in page.items if entry.return_id])
    lines = [
        StatementLine(
            entry,
            entry_text(entry.kind, entry.note, locale),
            orders[entry.order_id].number if entry.order_id in orders else None,
            returns[entry.return_id].number if entry.return_id in returns else None,
        )
        for entry in page.items
    ]
    return page, lines


def tier_name(program: Program, code: str, locale: Locale) -> str:
    """A tier's name as the program in force has it; its code where it has none of that code any more."""
    return in_language(program.tier(code).name, locale) if program.has_tier(code) else code


def _stretches(reading: Reading, member_id: str, locale: Locale) -> list[TierStretch]:
    periods = tier_periods_of(reading.conn, [member_id])[member_id]
    ends = [period.from_at for period in periods[1:]]
    found = [
        TierStretch(
            # The name that the tier had then.
            tier_name(reading.programs.at(period.from_at).program, period.tier_code, locale),
            period.from_at,
            until,
            period.reason,
            note_text(period.note, locale),
        )
        for period, until in zip(periods, [*ends, None], strict=True)
    ]
    return found[::-1]
