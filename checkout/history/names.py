"""What a document of another system is called here, where a number belongs to one order or return (R14).

There, two members may have documents of one number, and one return document may take back from several orders.
"""

from __future__ import annotations


def kept_as(number: str, *, member: str | None = None, part: int = 1) -> str:
    """A document's own number. `member` tells it from another member's, `part` one return of it from the others.

    A "~" in the number is written twice, and what tells names apart follows a single one: no two can be the same.
    """
    name = number.replace("~", "~~")
    if part > 1:
        name += f"~{part}"
    if member is not None:
        name += f"~m{member}"
    return name
