"""Column types that several rooms share: amounts, points, rates, choices, JSON."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import JSON, BigInteger, CheckConstraint, String
from sqlmodel import Field, SQLModel

# Before any table is defined: constraints are named as their tables come into being.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Record(SQLModel):
    """The base of all tables."""

    if TYPE_CHECKING:
        # SQLModel types the name of a table as a method.
        __tablename__: ClassVar[str]  # pyright: ignore[reportIncompatibleVariableOverride]


def minor(**kw: Any) -> Any:
    """An amount of money in minor units."""
    return Field(sa_type=BigInteger, **kw)


def points(**kw: Any) -> Any:
    """A number of points."""
    return Field(sa_type=BigInteger, **kw)


def by_bytes(**kw: Any) -> Any:
    """A text that sorts by its bytes on both databases: PostgreSQL would else follow the language it was set up in."""
    return Field(sa_type=String().with_variant(String(collation="C"), "postgresql"), **kw)


def rate(**kw: Any) -> Any:
    """An exact decimal rate."""
    return Field(max_digits=12, decimal_places=6, **kw)


def json(**kw: Any) -> Any:
    return Field(sa_type=JSON, **kw)


def one_of(column: str, choices: type[StrEnum]) -> CheckConstraint:
    """Only these words. Not a native enum: those survive a downgrade on PostgreSQL."""
    words = ", ".join(f"'{choice}'" for choice in choices)
    return CheckConstraint(f"{column} IN ({words})", name=column)
