"""How large a program's document may be: one of another size is not read at all."""

from __future__ import annotations

MOST_CHARACTERS = 64 * 1024
MOST_PARTS = 5_000
DEEPEST = 32


def is_too_large(document: object) -> bool:
    """Whether it has more than 64 KB of text, more than 5,000 parts or more than 32 levels."""
    characters = parts = 0
    waiting: list[tuple[object, int]] = [(document, 1)]
    while waiting:
        value, depth = waiting.pop()
        parts += 1
        if isinstance(value, str):
            characters += len(value)
        elif isinstance(value, dict):
            characters += sum(len(key) for key in value)
            waiting.extend((part, depth + 1) for part in value.values())
        elif isinstance(value, list):
            waiting.extend((part, depth + 1) for part in value)
        if characters > MOST_CHARACTERS or parts > MOST_PARTS or len(waiting) > MOST_PARTS or depth > DEEPEST:
            return True
    return False
