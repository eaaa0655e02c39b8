"""Records of media: the pictures that are stored, each named by the hash of its content."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from kernel.columns import Record


class ImageRow(Record, table=True):
    __tablename__ = "image"

    key: str = Field(primary_key=True)
    content_type: str
    width: int
    height: int
    size: int
    placeholder: str | None = None
    created_at: datetime
