"""How one thing differs from others of its kind."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """`thing` names the drawing. Colours are like "#335577"; `second` colours sleeves and parts, where it is given."""

    thing: str
    main: str
    trim: str = "#f4f1ea"
    second: str | None = None
    pattern: str = ""
    print: str = ""
    style: str = ""
