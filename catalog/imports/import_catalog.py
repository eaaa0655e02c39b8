"""Brings a catalogue in from a file: all of it or nothing, or, where that is wished, all that is not broken.

One way for every layout: rows, drafts, a plan of what would change, and the writing of it in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from catalog.imports.apply import apply
from catalog.imports.categories import CategoryTree
from catalog.imports.changes import tell_changes
from catalog.imports.drafts import Drafts, ProductDraft
from catalog.imports.formats import Read, SheetFormat, read_drafts
from catalog.imports.known import Known, read_known
from catalog.imports.picture_files import Pictures, look_at
from catalog.imports.plan_product import Planning, plan_product
from catalog.imports.planned import Planned
from catalog.imports.report import ImportReport, Problem
from catalog.imports.steps import ProductStep
from catalog.imports.telling import problems_from
from kernel.clock import Clock
from kernel.database import Database, Transaction
from kernel.locks import hold
from kernel.refusals import Refusals
from program.config import Program

__all__ = ["ImportCatalog", "Pictures", "SheetFormat", "import_catalog"]


@dataclass(frozen=True, slots=True)
class ImportCatalog:
    """`actor` is who the histories of stock and prices name. `dry_run`: nothing is changed, only shown."""

    data: bytes
    format: SheetFormat = SheetFormat.AUTO
    dry_run: bool = False
    skip_broken: bool = False
    actor: str | None = None


def import_catalog(
    db: Database,
    clock: Clock,
    program: Program,
    file: Path | ImportCatalog,
    pictures: Pictures | None,
    *,
    format: str = SheetFormat.VENDURE,
    skip_broken: bool = False,
    dry_run: bool = False,
    actor: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    first: Callable[[Transaction], None] = lambda tx: None,
    also: Callable[[Transaction, ImportReport], None] = lambda tx, report: None,
) -> ImportReport:
    """Reads a file and saves what it names; prices are amounts of the program's currency. Owns its transaction.

    Products are known by their slug, variants by their SKU, pictures by their content: what is there already and
    says the same is left alone, so a second run changes nothing. What the file does not name stays. A row that is
    wrong leaves everything undone, unless `skip_broken`. `first` and `also` are done in the same transaction, before
    and after, where there is one; what `first` raises is raised. A dry run has none.
    """
    if isinstance(file, Path):
        file = ImportCatalog(file.read_bytes(), SheetFormat(format), dry_run, skip_broken, actor)
    command = file
    problems: list[Problem] = []
    read = read_drafts(command.data, command.format, program.zone, problems)
    seen = None
    if pictures is not None:
        seen = look_at(pictures, (picture.name for product in read.drafts.products for picture in product.pictures))

    def look(conn: Connection, *, hold_them: bool) -> Planned:
        now = clock.now()
        known = _known(conn, read.drafts, now, hold_them=hold_them)
        return Planned(known, CategoryTree(conn), now)

    def plan(found: Planned) -> Planned:
        planning = Planning(found.known, found.tree, program, found.now, seen, list(problems))
        found.steps = _plan(planning, read.drafts)
        found.planning = planning
        return found

    def told(planned: Planned) -> ImportReport:
        report = ImportReport(dry_run=command.dry_run, format=read.format, encoding=read.encoding, rows=read.rows)
        report.problems = _sorted(planned.done.problems, read)
        tell_changes(report, planned.done, planned.steps)
        report.done = not command.dry_run and (not report.broken or (command.skip_broken and bool(planned.steps)))
        return report

    def attempt() -> ImportReport:
        # Planned before anything is held: of a large sheet that takes seconds, in which others want to write.
        with db.read() as conn:
            planned = plan(look(conn, hold_them=False))
        with db.write() as tx:
            if read.drafts.categories or any(product.category for product in read.drafts.products):
                # The tree stays as it is read here; see `save_category`.
                hold(tx, "categories")
            held = look(tx, hold_them=True)
            if not planned.stands(held, read.drafts):
                planned = plan(held)
            report = told(planned)
            if report.done:
                first(tx)
                tree = planned.tree.planned
                apply(tx, tree, planned.steps, pictures, actor=command.actor, now=planned.now, progress=progress)
                also(tx, report)
            return report

    if command.dry_run:
        with db.read() as conn:
            return told(plan(look(conn, hold_them=False)))
    return db.retrying(attempt)


def _known(conn: Connection, drafts: Drafts, now: datetime, *, hold_them: bool) -> Known:
    slugs = {product.slug for product in drafts.products if product.slug is not None}
    skus = {variant.sku for product in drafts.products for variant in product.variants}
    return read_known(conn, slugs, skus, now, hold=hold_them)


def _plan(planning: Planning, drafts: Drafts) -> list[ProductStep]:
    for line, category in drafts.categories:
        refusals = Refusals()
        planning.tree.check(refusals, category)
        told = problems_from(refusals, line, {})
        planning.problems.extend(told)
        if not told:
            planning.tree.id_of(category)
    found = (plan_product(planning, product) for product in _joined(planning, drafts))
    return [step for step in found if step is not None]


def _joined(planning: Planning, drafts: Drafts) -> list[ProductDraft]:
    """Rows that name a product by a SKU alone, together with whatever else the file says of that product."""
    found: list[ProductDraft] = []
    places: dict[str, int] = {}
    for draft in sorted(drafts.products, key=lambda each: each.slug is None):
        known = planning.known.by_slug.get(draft.slug) if draft.slug is not None else None
        if draft.slug is None and draft.variants:
            known = planning.known.by_sku.get(draft.variants[0].sku)
        place = len(found) if known is None else places.setdefault(known.id, len(found))
        if place == len(found):
            found.append(draft)
        else:
            # A new draft: the file may be planned again, of what has changed meanwhile.
            found[place] = replace(found[place], variants=[*found[place].variants, *draft.variants])
    return found


def _sorted(problems: list[Problem], read: Read) -> list[Problem]:
    """By line, each once, with the columns called as the file calls them."""
    named = (p._replace(column=read.headings.get(p.column, p.column)) if p.column else p for p in problems)
    return sorted(dict.fromkeys(named), key=lambda problem: problem.line)
