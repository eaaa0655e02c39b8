"""The form of a new program version: a field for each number of the document, named by its path.

What the form does not show stays in the document as it was. So every path of an error is a field's name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from console.forms import Errors, text_of
from console.visit import Visit
from program.benefits import KNOWN_BENEFITS
from program.document import (
    DOCUMENT_CLASSES,
    EXPIRY_POLICIES,
    PRICE_CLASSES,
    REFRESHING,
    SHIPPING_REFUNDS,
    SHORTFALLS,
    SPECIAL_RULES,
    TIER_POLICIES,
)
from schema.locale import LOCALES

Document = dict[str, Any]
Path = tuple[str, ...]

WHOLE = ("settlement.days", "returns.window_days", "orders.pay_within_minutes")
LEVEL_NUMBERS = ("acquire", "keep", "price_rate", "points_multiplier")
NEW_LEVEL: Document = {"code": "", "name": "", "acquire": "", "keep": "", "price_rate": "1", "points_multiplier": "1"}


@dataclass(frozen=True)
class Field:
    """`kind`: text, select or checks. `choices` are (value, words, chosen). `parent` is the path of the whole that
    this is a part of: its errors stand here too."""

    name: str
    label: str
    value: str = ""
    kind: str = "text"
    hint: str = ""
    parent: str = ""
    number: bool = False
    choices: Sequence[tuple[str, str, bool]] = ()

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The choices as a select wants them."""
        return [(value, words) for value, words, _ in self.choices]


@dataclass(frozen=True)
class Section:
    """`name` is the path of the section itself. `level`: which tier it is; None where it is none."""

    name: str
    title: str
    fields: Sequence[Field]
    level: int | None = None


def sections(document: object, visit: Visit) -> list[Section]:
    """The form of a document, whatever is wrong with it."""
    form = _Form(document, visit)
    levels = levels_of(document)
    return [*form.top(), *(form.level(i) for i in range(len(levels)))]


def levels_of(document: object) -> list[Any]:
    found = _at(document, ("tiers", "levels"))
    return found if isinstance(found, list) else []


def of_form(form: FormData, basis: Document) -> Document:
    """The document that a form states, on the basis of the one it began with."""
    document = deepcopy(basis)
    _put(document, ("name",), _name_of(form, "document.name"))
    for name in _SCALARS:
        value: Any = text_of(form, f"document.{name}")
        if name in WHOLE and value.isascii() and value.isdigit() and len(value) < 10:
            value = int(value)
        _put(document, tuple(name.split(".")), value)
    for name in ("tier_discount.excluded_classes", "returns.refresh_expiry_on"):
        _put(document, tuple(name.split(".")), _chosen(form, f"document.{name}"))
    guidance = [text_of(form, f"document.exchange.discount_share_guidance.{i}") for i in "01"]
    _put(document, ("exchange", "discount_share_guidance"), guidance)
    _put(document, ("tiers", "levels"), [_level_of(form, i, level) for i, level in enumerate(levels_of(basis))])
    return document


def placed(told: Errors, names: Sequence[str]) -> Errors:
    """Errors by path, each at the field of that name or at the whole it is a part of; the others above the form."""
    errors = Errors(general=list(told.general))
    for path, sentences in told.by_field.items():
        parts = path.split(".")
        near = (".".join(parts[:n]) for n in range(len(parts), 0, -1))
        name = next((name for name in near if name in names), None)
        for sentence in sentences:
            if name is None:
                errors.general.append(f"{path}: {sentence}")
            else:
                errors.add(name, sentence)
    return errors


def names_of(found: Sequence[Section]) -> list[str]:
    fields = [field for section in found for field in section.fields]
    own = [name for field in fields for name in (field.name, field.parent) if name]
    return ["effectiveAt", "document", "document.tiers.levels", *(section.name for section in found), *own]


def as_json(document: object) -> str:
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return text.encode("utf-8", "replace").decode()


_SCALARS = (
    "currency",
    "timezone",
    *(f"points.rates.{each}" for each in PRICE_CLASSES),
    "points.third_party_rate",
    "points.gift_card_rate",
    "points.value_of_100",
    "points.expiry.policy",
    "tier_discount.special_rule",
    "settlement.days",
    "returns.window_days",
    "returns.shortfall",
    "returns.refund_shipping",
    "orders.pay_within_minutes",
    "orders.shipping_fee",
    "orders.free_shipping_from",
    "tiers.policy",
)


class _Form:
    def __init__(self, document: object, visit: Visit) -> None:
        self.document = document
        self.visit = visit
        self.t = visit.t

    def top(self) -> Iterator[Section]:
        t = self.t
        per_unit = t("prg_rate_hint", currency=_text(_at(self.document, ("currency",))))
        share = t("prg_share_hint")
        rates = [
            self.number(f"points.rates.{each}", t("prg_rate_of", name=t(f"class_{each}")), per_unit)
            for each in PRICE_CLASSES
        ]
        yield self.section("general", "", [*self.names(("name",)), self.plain("currency"), self.plain("timezone")])
        yield self.section(
            "points",
            "points",
            [
                *rates,
                self.number("points.third_party_rate", t("prg_third_party_rate"), per_unit),
                self.number("points.gift_card_rate", t("prg_gift_card_rate"), per_unit),
                self.number("points.value_of_100", t("prg_value_of_100")),
                self.select("points.expiry.policy", t("prg_expiry_policy"), EXPIRY_POLICIES, "prg_expiry_"),
            ],
        )
        special = self.select("tier_discount.special_rule", t("prg_special_rule"), SPECIAL_RULES, "prg_special_")
        excluded = self.checks("tier_discount.excluded_classes", t("prg_excluded"), DOCUMENT_CLASSES, "class_")
        yield self.section("prices", "tier_discount", [excluded, special])
        days = self.number("settlement.days", t("prg_settlement_days"))
        yield self.section("settlement", "settlement", [days])
        yield self.section(
            "returns",
            "returns",
            [
                self.number("returns.window_days", t("prg_window_days")),
                self.checks("returns.refresh_expiry_on", t("prg_refresh"), REFRESHING, "prg_refresh_"),
                self.select("returns.shortfall", t("prg_shortfall"), SHORTFALLS, "prg_shortfall_"),
                self.select("returns.refund_shipping", t("prg_refund_shipping"), SHIPPING_REFUNDS, "prg_shipping_"),
            ],
        )
        guidance, parent = "exchange.discount_share_guidance", "document.exchange.discount_share_guidance"
        low = self.number(f"{guidance}.0", t("prg_guidance_low"), share, parent)
        yield self.section("exchange", "exchange", [low, self.number(f"{guidance}.1", t("prg_guidance_high"), share)])
        yield self.section(
            "orders",
            "orders",
            [
                self.number("orders.pay_within_minutes", t("prg_pay_within")),
                self.number("orders.shipping_fee", t("prg_shipping_fee")),
                self.number("orders.free_shipping_from", t("prg_free_from")),
            ],
        )
        yield self.section(
            "tiers", "tiers", [self.select("tiers.policy", t("prg_tier_policy"), TIER_POLICIES, "prg_tiers_")]
        )

    def level(self, rank: int) -> Section:
        t, place = self.t, f"tiers.levels.{rank}"
        fields = [Field(f"document.{place}.code", t("prg_code"), self.value(f"{place}.code"))]
        fields += self.names(("tiers", "levels", str(rank), "name"))
        if rank:
            fields.append(self.number(f"{place}.acquire", t("prg_acquire")))
            fields.append(self.number(f"{place}.keep", t("prg_keep")))
        fields.append(self.number(f"{place}.price_rate", t("prg_price_rate"), t("prg_price_rate_hint")))
        fields.append(self.number(f"{place}.points_multiplier", t("prg_multiplier")))
        fields.append(self.benefits(f"{place}.benefits"))
        fields.append(Field(f"document.{place}.benefit", t("prg_benefit_new"), ""))
        name = self.level_name(rank)
        title = t("prg_tier_named", n=rank + 1, name=name) if name else t("prg_tier_number", n=rank + 1)
        return Section(f"document.{place}", title, fields, rank)

    def level_name(self, rank: int) -> str:
        name = _at(self.document, ("tiers", "levels", str(rank), "name"))
        return _text(name.get(self.visit.locale)) if isinstance(name, dict) else _text(name)

    # ------------------------------------------------------------ fields

    def section(self, key: str, path: str, fields: Sequence[Field]) -> Section:
        return Section(f"document.{path}" if path else "document", self.t(f"prg_section_{key}"), fields)

    def value(self, name: str) -> str:
        return _text(_at(self.document, tuple(name.split("."))))

    def plain(self, name: str) -> Field:
        return Field(f"document.{name}", self.t(f"prg_{name}"), self.value(name))

    def number(self, name: str, label: str, hint: str = "", parent: str = "") -> Field:
        return Field(f"document.{name}", label, self.value(name), hint=hint, parent=parent, number=True)

    def names(self, path: Path) -> list[Field]:
        """One field for each language; where both say the same, the document says it once."""
        value, name = _at(self.document, path), ".".join(("document", *path))
        texts = value if isinstance(value, dict) else dict.fromkeys(LOCALES, value)
        return [
            Field(f"{name}.{each}", self.t(f"prg_name_{each}"), _text(texts.get(each)), parent=name if i == 0 else "")
            for i, each in enumerate(LOCALES)
        ]

    def select(self, name: str, label: str, known: Mapping[str, bool], words: str) -> Field:
        value = self.value(name)
        offered = [each for each, built in known.items() if built]
        if value and value not in offered:
            offered.append(value)
        choices = [(each, self.t(f"{words}{each}") if each in known else each, each == value) for each in offered]
        return Field(f"document.{name}", label, value, "select", choices=choices)

    def checks(self, name: str, label: str, known: Sequence[str], words: str) -> Field:
        chosen = _at(self.document, tuple(name.split(".")))
        chosen = chosen if isinstance(chosen, list) else []
        choices = [(json.dumps(each), self.t(f"{words}{each}"), each in chosen) for each in known]
        return Field(f"document.{name}", label, kind="checks", choices=choices)

    def benefits(self, name: str) -> Field:
        """What the tier has, in its order, then what else every shop knows."""
        found = _at(self.document, tuple(name.split(".")))
        had = found if isinstance(found, list) else []
        others = [code for code in KNOWN_BENEFITS if code not in had]
        choices = [(json.dumps(each), self.benefit_name(each), each in had) for each in (*had, *others)]
        return Field(f"document.{name}", self.t("prg_benefits"), kind="checks", choices=choices)

    def benefit_name(self, benefit: object) -> str:
        if isinstance(benefit, str):
            known = KNOWN_BENEFITS.get(benefit)
            return self.visit.named(known.title) if known else benefit
        name = benefit.get("name", benefit) if isinstance(benefit, dict) else benefit
        if isinstance(name, dict):
            return _text(name.get(self.visit.locale))
        return _text(name)


def _at(document: object, path: Path) -> Any:  # noqa: ANN401 - whatever JSON holds
    """What stands at a path; None where the document has no such place."""
    for part in path:
        if isinstance(document, dict):
            document = document.get(part)
        elif isinstance(document, list) and part.isdigit() and int(part) < len(document):
            document = document[int(part)]
        else:
            return None
    return document


def _put(document: Document, path: Path, value: object) -> None:
    for part in path[:-1]:
        inner = document.get(part)
        if not isinstance(inner, dict):
            inner = document[part] = {}
        document = inner
    document[path[-1]] = value


def _text(value: object) -> str:
    """As a field shows it."""
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value).encode("utf-8", "replace").decode()


def _name_of(form: FormData, name: str) -> str | dict[str, str]:
    texts = {each: text_of(form, f"{name}.{each}") for each in LOCALES}
    return texts if len(set(texts.values())) > 1 else texts[LOCALES[0]]


def _chosen(form: FormData, name: str) -> list[Any]:
    """The boxes that are ticked: each holds what the document is to hold, as JSON."""
    found: list[Any] = []
    for value in form.getlist(name):
        try:
            found.append(json.loads(value) if isinstance(value, str) else None)
        except (ValueError, RecursionError):
            found.append(value)
    return found


def _level_of(form: FormData, rank: int, basis: object) -> Document:
    name = f"document.tiers.levels.{rank}"
    level: Document = dict(basis) if isinstance(basis, dict) else {}
    level |= {"code": text_of(form, f"{name}.code"), "name": _name_of(form, f"{name}.name")}
    for key in LEVEL_NUMBERS:
        if rank == 0 and key in ("acquire", "keep"):
            level.pop(key, None)
        else:
            level[key] = text_of(form, f"{name}.{key}")
    another = text_of(form, f"{name}.benefit")
    level["benefits"] = _chosen(form, f"{name}.benefits") + ([another] if another else [])
    return level
