"""Brings a catalogue in from a file: all of it or nothing, or, where that is wished, all that is not broken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import select

from catalog.attach_picture import AttachPicture, attach_picture
from catalog.columns import VARIANT_COLUMNS, categories_t, pictures_t, variants_t
from catalog.imports.categories import CategoryFinder
from catalog.imports.report import ImportReport, Problem
from catalog.imports.vendure import COLUMN_OF, VARIANT_COLUMN_OF, ImportedProduct, ImportedVariant, read_vendure
from catalog.queries import product_by_slug
from catalog.records import ProductRecord, VariantRecord
from catalog.save_product import SaveProduct, SaveVariant, save_product
from kernel.clock import Clock
from kernel.database import Database, Transaction
from kernel.money import Money, NotAnAmount
from kernel.refusals import InvalidInput, Refusal, Refused
from program.config import Program

FORMATS = {"vendure": read_vendure}


class StoredPicture(Protocol):
    """What is known of a picture once it has been looked at."""

    @property
    def key(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def placeholder(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Pictures:
    """Where the files are, and what to do with their bytes: `check` raises Refused, `keep` stores what was checked."""

    folder: Path
    check: Callable[[bytes], StoredPicture]
    keep: Callable[[Transaction, bytes, StoredPicture], object]


def import_catalog(
    db: Database,
    clock: Clock,
    program: Program,
    file: Path,
    pictures: Pictures | None,
    *,
    format: str = "vendure",
    skip_broken: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> ImportReport:
    """Reads a file and saves what it names; prices are amounts of the program's currency.

    Products are known by their slug, variants by their SKU, pictures by their content: what is there already and
    says the same is left alone, so a second run changes nothing. Stock is set for new variants only, and what the
    file does not name stays. A row that is wrong leaves everything undone, unless `skip_broken`.
    """
    problems: list[Problem] = []
    products = FORMATS[format](file.read_bytes(), problems)
    checked = _check_pictures(products, pictures, problems)

    def attempt() -> ImportReport:
        report = ImportReport(problems=list(problems))
        try:
            with db.write() as tx:
                importer = _Importer(tx, clock.now(), program, report, pictures, checked, skip_broken)
                for done, product in enumerate(products):
                    importer.bring_in(product)
                    progress(done + 1, len(products))
                if report.broken and not skip_broken:
                    raise _Undone
        except _Undone:
            report = ImportReport(done=False, problems=report.problems)
        report.problems.sort(key=lambda problem: problem.line)
        return report

    return db.retrying(attempt)


class _Undone(Exception):
    """Takes the transaction back."""


def _check_pictures(
    products: list[ImportedProduct], pictures: Pictures | None, problems: list[Problem]
) -> Mapping[str, StoredPicture]:
    """The pictures by the names of their files. A product with a picture that cannot be had is left out."""
    checked: dict[str, StoredPicture] = {}
    if pictures is None:
        return checked
    for product in list(products):
        wrong: list[Problem] = []
        for name in product.pictures:
            if name in checked:
                continue
            facts = (("file", name),)
            try:
                checked[name] = pictures.check(_path(pictures, name).read_bytes())
            except (OSError, ValueError):
                wrong.append(Problem(product.line, "assets", "picture_missing", facts))
            except Refused as refused:
                wrong.extend(Problem(product.line, "assets", _reason(refusal), facts) for refusal in refused.refusals)
        if wrong:
            problems.extend(wrong)
            problems.extend(
                Problem(variant.line, "name", "product_left_out")
                for variant in product.variants
                if variant.line != product.line
            )
            products.remove(product)
    return checked


def _path(pictures: Pictures, name: str) -> Path:
    """The file of this name in the folder of pictures; ValueError for one outside it."""
    folder = pictures.folder.resolve()
    path = (folder / name).resolve()
    if not path.is_relative_to(folder):
        raise ValueError("outside the folder of pictures")
    return path


class _Importer:
    def __init__(
        self,
        tx: Transaction,
        now: datetime,
        program: Program,
        report: ImportReport,
        pictures: Pictures | None,
        checked: Mapping[str, StoredPicture],
        skip_broken: bool,
    ) -> None:
        self.tx, self.now, self.program, self.report = tx, now, program, report
        self.pictures, self.checked, self.skip_broken = pictures, checked, skip_broken
        self.categories = CategoryFinder(tx)

    def bring_in(self, product: ImportedProduct) -> None:
        """Saves one product. Variants that are refused are told and left out, and the rest is tried again."""
        variants = product.variants
        while variants:
            try:
                with self.tx.begin_nested():
                    self._save(product, variants)
                return
            except Refused as refused:
                self.categories = CategoryFinder(self.tx)
                told = [_located(refusal, product, variants) for refusal in refused.refusals]
                self.report.problems.extend(told)
                broken = {problem.line for problem in told if problem.column in VARIANT_COLUMN_OF.values()}
                if not broken or any(problem.column in COLUMN_OF.values() for problem in told):
                    told_lines = {problem.line for problem in told} | {product.line}
                    self.report.problems.extend(
                        Problem(variant.line, "name", "product_left_out")
                        for variant in variants
                        if variant.line not in told_lines
                    )
                    break
                variants = [variant for variant in variants if variant.line not in broken]

    def _save(self, product: ImportedProduct, variants: list[ImportedVariant]) -> None:
        there = product_by_slug(self.tx, product.slug, None)
        known = {} if there is None else self._variants(there.id)
        category_slug = self.categories.slug_of(product.categories)
        same = {v.sku for v in variants if v.sku in known and self._same_variant(v, known[v.sku])}
        if there is None or len(same) < len(variants) or not self._same_product(product, there, category_slug):
            id_ = save_product(
                self.tx,
                SaveProduct(
                    id=None if there is None else there.id,
                    slug=product.slug,
                    name=product.name,
                    description=product.description,
                    category_slug=category_slug,
                    variants=(*_named(variants, known), *_others(self.program, variants, known)),
                ),
                now=self.now,
                program=self.program,
            )
            changed = True
        else:
            id_, changed = there.id, False
        attached = self._attach(product, id_)
        products, tally, pictures = self.report.products, self.report.variants, self.report.pictures
        if there is None:
            products.added += 1
        elif changed or attached:
            products.changed += 1
        else:
            products.unchanged += 1
        tally.unchanged += len(same)
        tally.changed += sum(variant.sku in known for variant in variants) - len(same)
        tally.added += sum(variant.sku not in known for variant in variants)
        pictures.added += attached
        pictures.unchanged += (len(product.pictures) if self.pictures is not None else 0) - attached

    def _variants(self, product_id: str) -> dict[str, VariantRecord]:
        rows = self.tx.execute(select(*VARIANT_COLUMNS).where(variants_t.c.product_id == product_id))
        return {row.sku: VariantRecord(*row, special=None) for row in rows}

    def _same_variant(self, variant: ImportedVariant, there: VariantRecord) -> bool:
        try:
            price = Money.parse(variant.price, self.program.currency).minor
        except NotAnAmount:
            return False
        return (variant.name, price, True) == (there.name, there.regular_price, there.active)

    def _same_product(self, product: ImportedProduct, there: ProductRecord, category_slug: str | None) -> bool:
        c = categories_t.c
        category_id = None
        if category_slug is not None:
            category_id = self.tx.execute(select(c.id).where(c.slug == category_slug)).scalar_one()
        return (product.name, product.description, category_id) == (
            there.name,
            there.description,
            there.category_id,
        )

    def _attach(self, product: ImportedProduct, product_id: str) -> int:
        """Adds the pictures that the product does not have yet, and says how many."""
        if self.pictures is None:
            return 0
        c = pictures_t.c
        there = set(self.tx.execute(select(c.image_key).where(c.product_id == product_id)).scalars())
        added = 0
        for name in product.pictures:
            picture = self.checked[name]
            if picture.key in there:
                continue
            self.pictures.keep(self.tx, _path(self.pictures, name).read_bytes(), picture)
            attach_picture(
                self.tx,
                AttachPicture(
                    product_id, picture.key, picture.width, picture.height, picture.placeholder, alt=product.name
                ),
            )
            there.add(picture.key)
            added += 1
        return added


def _named(variants: list[ImportedVariant], known: Mapping[str, VariantRecord]) -> list[SaveVariant]:
    return [
        SaveVariant(
            sku=variant.sku,
            regular_price=variant.price,
            name=variant.name,
            on_hand=None if variant.sku in known else variant.stock,
        )
        for variant in variants
    ]


def _others(program: Program, variants: list[ImportedVariant], known: Mapping[str, VariantRecord]) -> list[SaveVariant]:
    """What the product has besides, and still sells: it stays as it is."""
    named = {variant.sku for variant in variants}
    return [
        SaveVariant(sku=other.sku, regular_price=Money(other.regular_price, program.currency).amount)
        for other in known.values()
        if other.active and other.sku not in named
    ]


def _located(refusal: Refusal, product: ImportedProduct, variants: list[ImportedVariant]) -> Problem:
    """Where in the file stands what was refused."""
    facts = refusal.facts if isinstance(refusal, InvalidInput) else ()
    path = refusal.path
    if len(path) == 3 and path[0] == "variants" and int(path[1]) < len(variants):
        return Problem(variants[int(path[1])].line, VARIANT_COLUMN_OF[path[2]], _reason(refusal), facts)
    return Problem(product.line, COLUMN_OF.get(path[0]) if path else None, _reason(refusal), facts)


def _reason(refusal: Refusal) -> str:
    return refusal.reason if isinstance(refusal, InvalidInput) else "not_found"
