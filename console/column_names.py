"""What the columns of a sheet are called in the viewer's language, in the wizard and in the audit log."""

from __future__ import annotations

from catalog.sheet_columns import BY_NAME
from console.visit import Visit


def column_name(visit: Visit, name: str) -> str:
    """A column of our own form as people of the viewer's language call it; any other name as it is."""
    own, sign, locale = name.partition(":")
    column = BY_NAME.get(own)
    if column is None or visit.locale != "zh-CN":
        return name
    return f"{column.chinese}{sign}{locale}"
