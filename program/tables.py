"""Records of the program: its versions, each from its start on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field

from kernel import columns
from kernel.columns import Record


class ProgramVersionRow(Record, table=True):
    __tablename__ = "program_version"

    version: int = Field(primary_key=True)
    id: str = Field(unique=True)
    effective_at: datetime
    document: dict[str, Any] = columns.json()
    published_by: str
    published_at: datetime
