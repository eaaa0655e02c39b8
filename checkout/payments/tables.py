"""Records of payments online: refunds, and what the provider has told. The payment itself: `checkout.tables`."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from checkout.tables import NAMED_BY_PROVIDER
from kernel import columns
from kernel.columns import Record


class RefundStatus(StrEnum):
    PENDING = "PENDING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    PAID_OUT = "PAID_OUT"


class RefundRow(Record, table=True):
    """Money on its way back through the payment provider. `cause` ("return:ret_…") is booked once, and is the
    idempotency key; sent again after a failure it is another refund, with a number behind its cause.

    `problem` is a word for what staff have to look at; `note` is theirs, where they paid it out by other means.
    """

    __tablename__ = "refund"
    __table_args__ = (
        columns.one_of("status", RefundStatus),
        UniqueConstraint("cause"),
        Index("ix_refund_order_id", "order_id"),
        Index("ix_refund_return_id", "return_id"),
        Index("ix_refund_payment_id", "payment_id"),
        Index("ix_refund_status_created_at_id", "status", "created_at", "id"),
        Index(
            "ix_refund_provider_reference",
            "provider_reference",
            unique=True,
            postgresql_where=NAMED_BY_PROVIDER,
            sqlite_where=NAMED_BY_PROVIDER,
        ),
    )

    id: str = Field(primary_key=True)
    order_id: str = Field(foreign_key="orders.id")
    payment_id: str = Field(foreign_key="payment.id")
    return_id: str | None = Field(default=None, foreign_key="returns.id")
    cause: str
    status: str
    currency: str
    amount: int = columns.minor()
    provider_reference: str | None = None
    problem: str | None = None
    note: str | None = None
    created_at: datetime
    completed_at: datetime | None = None


class PaymentEventRow(Record, table=True):
    """What the provider has told, once for each event. `reference` names the payment or refund it is about."""

    __tablename__ = "payment_event"

    id: str = Field(primary_key=True)
    kind: str
    reference: str | None = None
    received_at: datetime = Field(index=True)
