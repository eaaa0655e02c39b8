"""Records of staff: who works here, and the audit log of what they changed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from kernel import columns
from kernel.columns import Record


class Role(StrEnum):
    ADMIN = "ADMIN"
    MERCHANDISER = "MERCHANDISER"
    FULFILMENT = "FULFILMENT"
    SERVICE = "SERVICE"
    ANALYST = "ANALYST"


class StaffRow(Record, table=True):
    """E-mail addresses are kept folded to lower case.

    `totp_nonce` is what, with the shop's key, makes the second factor's secret; the factor is asked for once
    `totp_confirmed_at` is set. `totp_step` is the last time step a code was used of: each is good once.
    """

    __tablename__ = "staff"
    __table_args__ = (columns.one_of("role", Role),)

    id: str = Field(primary_key=True)
    email: str = Field(unique=True)
    name: str
    role: str
    password_hash: str
    failed_sign_ins: int = 0
    last_failed_at: datetime | None = None
    totp_nonce: str | None = None
    totp_confirmed_at: datetime | None = None
    totp_step: int | None = Field(default=None, sa_type=BigInteger)
    deactivated_at: datetime | None = None


class AuditEntryRow(Record, table=True):
    """What a member of staff changed: before and after, as far as it has a before."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_at_id", "at", "id"),
        Index("ix_audit_entry_subject_id_at", "subject_id", "at", "id"),
    )

    id: str = Field(primary_key=True)
    at: datetime
    actor: str
    action: str
    subject_id: str
    before: dict[str, Any] | None = columns.json(default=None)
    after: dict[str, Any] | None = columns.json(default=None)
