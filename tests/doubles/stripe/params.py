"""Form-encoded parameters: read into nested values, then taken one by one; what is left over is unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from tests.doubles.stripe.errors import Fault, missing, unknown_params, wrong

MOST_TEXT = 5000
MOST_METADATA = 50
MOST_METADATA_KEY = 40
MOST_METADATA_VALUE = 500


def read_form(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """`a[b]=1&c[]=2&c[]=3` and `c[0]=2&c[1]=3` become {"a": {"b": "1"}, "c": ["2", "3"]}."""
    values: dict[str, Any] = {}
    for name, value in pairs:
        steps = re.findall(r"[^\[\]]+|(?<=\[)(?=\])", name)
        place = values
        for step in steps[:-1]:
            place = place.setdefault(step, {})
            if not isinstance(place, dict):
                raise wrong(steps[0], f"Invalid object: {name}")
        place[steps[-1] or str(len(place))] = value
    return {name: _listed(value) for name, value in values.items()}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(step.isdigit() for step in value):
        return [_listed(value[step]) for step in sorted(value, key=int)]
    return {step: _listed(part) for step, part in value.items()}


class Params:
    """Parameters of one request, or a part of them. Each reader takes its parameter out."""

    def __init__(self, values: dict[str, Any], path: str = "") -> None:
        self._values = dict(values)
        self._path = path
        self._parts: list[Params] = []

    def named(self, name: str) -> str:
        return f"{self._path}[{name}]" if self._path else name

    def has(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str, *, most: int = MOST_TEXT) -> str | None:
        value = self._values.pop(name, None)
        if value is None:
            return None
        if not isinstance(value, str):
            raise wrong(self.named(name), f"Invalid string: {self.named(name)}")
        if len(value) > most:
            raise wrong(self.named(name), f"Invalid string: {self.named(name)} has more than {most} characters")
        return value

    def needed_text(self, name: str) -> str:
        value = self.text(name)
        if value is None:
            raise missing(self.named(name))
        if value == "":
            raise wrong(self.named(name), f"You passed an empty string for '{name}'.", "parameter_invalid_empty")
        return value

    def whole(self, name: str, *, least: int | None = None, most: int | None = None) -> int | None:
        value = self.text(name)
        if value is None:
            return None
        number = int(value) if re.fullmatch(r"-?\d{1,18}", value) else None
        if number is None or (least is not None and number < least) or (most is not None and number > most):
            raise wrong(self.named(name), f"Invalid integer: {value}", "parameter_invalid_integer")
        return number

    def flag(self, name: str) -> bool | None:
        value = self.choice(name, ("true", "false"))
        return None if value is None else value == "true"

    def choice(self, name: str, options: Iterable[str]) -> str | None:
        value = self.text(name)
        if value is not None and value not in (known := list(options)):
            raise wrong(self.named(name), f"Invalid {self.named(name)}: must be one of {', '.join(known)}")
        return value

    def texts(self, name: str) -> list[str] | None:
        value = self._values.pop(name, None)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise wrong(self.named(name), f"Invalid array: {self.named(name)}")
        return value

    def part(self, name: str) -> Params | None:
        value = self._values.pop(name, None)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise wrong(self.named(name), f"Invalid object: {self.named(name)}")
        part = Params(value, self.named(name))
        self._parts.append(part)
        return part

    def whole_or_part(self, name: str) -> int | Params | None:
        """`created=5` or `created[gte]=5`."""
        return self.whole(name) if isinstance(self._values.get(name), str) else self.part(name)

    def metadata(self) -> dict[str, str] | None:
        """New and changed entries; an empty text takes an entry away, `metadata=` (given as {"": ""}) all of them."""
        value = self._values.pop("metadata", None)
        if value is None:
            return None
        if value == "":
            return {"": ""}
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            raise wrong("metadata", "Invalid object: metadata")
        for key, text in value.items():
            if len(key) > MOST_METADATA_KEY or len(text) > MOST_METADATA_VALUE:
                raise wrong("metadata", f"Metadata keys have up to {MOST_METADATA_KEY} characters, values up to 500.")
        if len(value) > MOST_METADATA:
            raise Fault(400, f"Metadata has up to {MOST_METADATA} keys.", param="metadata")
        return value

    def end(self) -> None:
        """Nothing may be left over.

        Raises:
            Fault: parameters remain that nobody has taken.
        """
        left = self._left()
        if left:
            raise unknown_params(left)

    def _left(self) -> list[str]:
        return [self.named(name) for name in self._values] + [name for part in self._parts for name in part._left()]


def merged_metadata(old: dict[str, str], new: dict[str, str] | None) -> dict[str, str]:
    if new is None:
        return old
    if "" in new:
        return {}
    return {key: text for key, text in {**old, **new}.items() if text != ""}
