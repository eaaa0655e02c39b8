"""Records of media: the pictures that are stored, each named by the hash of the file that was sent."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from kernel.columns import Record


class ImageRow(Record, table=True):
    """A picture. Its row is there before its files, and goes after them: no file is ever without a row.

    `arriving_since`: its files are being written. `leaving_since`: they are being removed. `unused_since`: from then
    on nothing is known to show it.
    """

    __tablename__ = "image"

    key: str = Field(primary_key=True)
    content_type: str
    width: int
    height: int
    size: int
    placeholder: str | None = None
    created_at: datetime
    arriving_since: datetime | None = None
    leaving_since: datetime | None = None
    unused_since: datetime | None = Field(default=None, index=True)
