"""Records of members: who they are, their account, its ledger, tiers they were in, gift cards."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from kernel import columns
from kernel.columns import Record


class Gender(StrEnum):
    FEMALE = "FEMALE"
    MALE = "MALE"
    UNDISCLOSED = "UNDISCLOSED"


class EntryKind(StrEnum):
    EARNED = "EARNED"
    GRANTED = "GRANTED"
    HELD = "HELD"
    RELEASED = "RELEASED"
    RETURNED = "RETURNED"
    REVERSED = "REVERSED"
    EXPIRED = "EXPIRED"
    ADJUSTED = "ADJUSTED"


class TierChangeReason(StrEnum):
    JOINED = "JOINED"
    ACQUIRED = "ACQUIRED"
    RENEWED = "RENEWED"
    DOWNGRADED = "DOWNGRADED"
    MANUAL = "MANUAL"


class MemberRow(Record, table=True):
    """Who a member is. Phones are E.164. `openid` is WeChat's name for the member in this shop's mini-program.

    `merged_into` is the member whom this one has been joined to: what is left here is a closed record. Of one who left
    (`left_at`) nothing is kept that says who it was.

    `exported_at` is when the member last took their data with them.
    """

    __tablename__ = "member"
    __table_args__ = (
        columns.one_of("gender", Gender),
        # Lists of members are newest first, both ways.
        Index("ix_member_joined_at_id", "joined_at", "id"),
        Index("ix_member_openid", "openid", unique=True),
        Index(
            "ix_member_merged_into",
            "merged_into",
            postgresql_where=text("merged_into IS NOT NULL"),
            sqlite_where=text("merged_into IS NOT NULL"),
        ),
    )

    id: str = Field(primary_key=True)
    number: str = Field(unique=True)
    phone: str | None = Field(default=None, unique=True)
    nickname: str
    gender: str = Gender.UNDISCLOSED
    birthday: date | None = None
    region: str | None = None
    occupation: str | None = None
    joined_at: datetime
    openid: str | None = None
    merged_into: str | None = None
    exported_at: datetime | None = None
    left_at: datetime | None = None


class AccountRow(Record, table=True):
    """Points and tier of one member: the row that is locked by whatever moves either.

    `balance` and `entries` repeat what the ledger says, under the same lock. `window` numbers the member's
    tier windows (R8 asks whether an order settled in the current one). `next_due_at` is never later than
    the first instant at which something is due. Nothing moves an account that is closed: its member is another now.
    """

    __tablename__ = "account"
    __table_args__ = (
        # Few are closed; sums over everybody subtract them.
        Index(
            "ix_account_closed_tier_code",
            "tier_code",
            postgresql_where=text("closed_at IS NOT NULL"),
            sqlite_where=text("closed_at IS NOT NULL"),
        ),
    )

    member_id: str = Field(primary_key=True, foreign_key="member.id")
    balance: int = columns.points(default=0)
    expires_at: datetime | None = None
    tier_code: str = Field(index=True)
    tier_review_at: datetime | None = None
    qualifying_spend: int = columns.minor(default=0)
    window: int = 0
    entries: int = 0
    orders: int = 0
    next_due_at: datetime | None = Field(default=None, index=True)
    closed_at: datetime | None = None


class TierPeriodRow(Record, table=True):
    """A stretch of time in one tier, from `from_at` until the next one of the member."""

    __tablename__ = "tier_period"
    __table_args__ = (
        columns.one_of("reason", TierChangeReason),
        Index("ix_tier_period_member_id_id", "member_id", "id"),
    )

    id: str = Field(primary_key=True)
    member_id: str = Field(foreign_key="member.id")
    tier_code: str
    from_at: datetime
    reason: str
    note: str | None = None


class LedgerEntryRow(Record, table=True):
    """One change of an available balance (R9). The database refuses to change or remove a row."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        columns.one_of("kind", EntryKind),
        UniqueConstraint("member_id", "seq"),
        UniqueConstraint("member_id", "source"),
        # Sums over everybody, by kind and by day, read this and not the table. By kind first, so that they are summed
        # in its order and nothing is sorted.
        Index("ix_ledger_entry_kind_occurred_at_points", "kind", "occurred_at", "points"),
    )

    id: str = Field(primary_key=True)
    member_id: str = Field(foreign_key="member.id")
    seq: int
    kind: str
    points: int = columns.points()
    balance_after: int = columns.points()
    occurred_at: datetime
    expires_at_after: datetime | None = None
    source: str
    order_id: str | None = Field(default=None, index=True)
    return_id: str | None = None
    note: str | None = None


class AvatarRow(Record, table=True):
    """The picture that a member shows, its facts repeated here, and how many were sent since `counted_from`."""

    __tablename__ = "avatar"

    member_id: str = Field(primary_key=True, foreign_key="member.id")
    image_key: str | None = Field(default=None, index=True)
    width: int = 0
    height: int = 0
    placeholder: str | None = None
    uploads: int = 0
    counted_from: datetime


class AddressRow(Record, table=True):
    __tablename__ = "address"

    id: str = Field(primary_key=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    recipient: str
    phone: str
    region: str
    line: str
    postal_code: str | None = None
    is_default: bool = False


class GiftCardRow(Record, table=True):
    """A gift card. Its code is not stored: a hash finds it, the last four characters name it."""

    __tablename__ = "gift_card"
    __table_args__ = (Index("ix_gift_card_member_id_issued_at", "member_id", "issued_at", "id"),)

    id: str = Field(primary_key=True)
    code_hash: str = Field(unique=True)
    last_four: str
    member_id: str | None = Field(default=None, foreign_key="member.id")
    currency: str
    amount: int = columns.minor()
    balance: int = columns.minor()
    issued_at: datetime


class GiftCardMovementRow(Record, table=True):
    """What an order drew from a card, and what went back: negative draws, positive gives back."""

    __tablename__ = "gift_card_movement"
    __table_args__ = (UniqueConstraint("gift_card_id", "source"),)

    id: str = Field(primary_key=True)
    gift_card_id: str = Field(foreign_key="gift_card.id")
    order_id: str = Field(index=True)
    source: str
    position: int
    change: int = columns.minor()
    at: datetime


class SignInCodeRow(Record, table=True):
    """A code sent to a phone. The code itself is worked out from the row's id and the shop's key, never stored."""

    __tablename__ = "sign_in_code"
    __table_args__ = (Index("ix_sign_in_code_phone_sent_at", "phone", "sent_at"),)

    id: str = Field(primary_key=True)
    phone: str
    sent_at: datetime
    tries: int = 0
    used_at: datetime | None = None


class WechatTokenRow(Record, table=True):
    """The access token with which this shop calls WeChat; one for all processes. `expires_at` is the machine's time."""

    __tablename__ = "wechat_token"

    app_id: str = Field(primary_key=True)
    token: str
    expires_at: datetime
