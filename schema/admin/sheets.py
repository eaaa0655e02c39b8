"""Bringing a catalogue in from a sheet: what would change, what has, and every row that is wrong."""

from __future__ import annotations

from enum import Enum
from typing import Any

import strawberry
from strawberry import UNSET

from catalog.imports import limits
from catalog.imports.import_catalog import SheetFormat
from catalog.imports.report import Change, Effect, ImportReport, Problem, Subject, Tally
from schema.admin.context import Info
from schema.admin.sheet_deeds import SentSheet, SheetOutcome, importing
from schema.codes import bad_input
from schema.connections import given
from schema.errors import UserError
from schema.messages import REASONS, say
from schema.scalars import Upload

MOST_SHOWN = 200
MOST_PICTURES = 30 * 2**20
"""Bytes of the ZIP file of pictures."""


@strawberry.enum(description="How a sheet is laid out. AUTO: found out by its columns.")
class CatalogSheetFormat(Enum):
    AUTO = "auto"
    JIFEN = "jifen"
    VENDURE = "vendure"
    SHOPIFY = "shopify"


ImportEffect = strawberry.enum(Effect, name="ImportEffect")
ImportSubject = strawberry.enum(Subject, name="ImportSubject")


@strawberry.input
class ImportCatalogInput:
    file: Upload = strawberry.field(description="CSV or XLSX, at most 20 MB and 50,000 rows.")
    pictures: Upload | None = strawberry.field(
        default=UNSET, description="A ZIP file of the pictures that the sheet names, at most 30 MB."
    )
    format: CatalogSheetFormat = CatalogSheetFormat.AUTO
    dry_run: bool = strawberry.field(default=False, description="Nothing is changed, only shown.")
    skip_broken: bool = strawberry.field(
        default=False, description="Otherwise a row that is wrong leaves everything undone."
    )
    idempotency_key: str = strawberry.field(default="", description="Needed unless it is a dry run.")


@strawberry.type
class ImportCounts:
    added: int
    changed: int
    unchanged: int

    @classmethod
    def of(cls, tally: Tally) -> ImportCounts:
        return cls(added=tally.added, changed=tally.changed, unchanged=tally.unchanged)


@strawberry.type(description="A field by its column in our own form; what the sheet says before and after.")
class ImportFieldChange:
    field: str
    before: str
    after: str


@strawberry.type(description="What becomes of one thing that a line names. The key is a slug, a SKU or a file's name.")
class ImportChange:
    line: int
    subject: ImportSubject  # type: ignore[valid-type]
    key: str
    effect: ImportEffect  # type: ignore[valid-type]
    fields: list[ImportFieldChange]

    @classmethod
    def of(cls, change: Change) -> ImportChange:
        fields = [ImportFieldChange(field=each.field, before=each.before, after=each.after) for each in change.fields]
        return cls(line=change.line, subject=change.subject, key=change.key, effect=change.effect, fields=fields)


@strawberry.type(description="Not broken: the row repeats what another one says, or what is over; it is left out.")
class ImportProblem:
    line: int
    column: str | None
    reason: str
    message: str
    broken: bool


@strawberry.type
class CatalogImport:
    report: strawberry.Private[ImportReport]
    repeated: bool = strawberry.field(description="Done before, with the same key: these are the counts of then.")

    @strawberry.field(description="False where a problem kept everything from being done, and for a dry run.")
    def done(self) -> bool:
        return self.report.done

    @strawberry.field
    def dry_run(self) -> bool:
        return self.report.dry_run

    @strawberry.field(description="How the sheet was laid out.")
    def format(self) -> CatalogSheetFormat:
        return CatalogSheetFormat(str(self.report.format) or "auto")

    @strawberry.field(description="UTF-8, UTF-16, GB18030 or xlsx; empty where the file could not be read.")
    def encoding(self) -> str:
        return self.report.encoding

    @strawberry.field
    def rows(self) -> int:
        return self.report.rows

    @strawberry.field
    def broken_rows(self) -> int:
        return self.report.broken_rows

    @strawberry.field
    def categories(self) -> ImportCounts:
        return ImportCounts.of(self.report.categories)

    @strawberry.field
    def products(self) -> ImportCounts:
        return ImportCounts.of(self.report.products)

    @strawberry.field
    def variants(self) -> ImportCounts:
        return ImportCounts.of(self.report.variants)

    @strawberry.field
    def special_prices(self) -> ImportCounts:
        return ImportCounts.of(self.report.specials)

    @strawberry.field
    def exchange_offers(self) -> ImportCounts:
        return ImportCounts.of(self.report.offers)

    @strawberry.field
    def pictures(self) -> ImportCounts:
        return ImportCounts.of(self.report.pictures)

    @strawberry.field(
        description="In the order of the sheet, 200 at most; what is unchanged only where it is asked for."
    )
    def changes(
        self,
        first: int = 50,
        offset: int = 0,
        effects: list[ImportEffect] | None = UNSET,  # type: ignore[valid-type]
    ) -> list[ImportChange]:
        wanted: Any = given(effects) or [Effect.NEW, Effect.CHANGED]
        found = [change for change in self.report.changes if change.effect in wanted]
        return [ImportChange.of(change) for change in _page(found, first, offset)]

    @strawberry.field(description="By line, 200 at most.")
    def problems(self, info: Info, first: int = 50, offset: int = 0) -> list[ImportProblem]:
        return [problem_shown(problem, info) for problem in _page(self.report.problems, first, offset)]

    @strawberry.field
    def problem_count(self) -> int:
        return len(self.report.problems)


def _page(items: list[Any], first: int, offset: int) -> list[Any]:
    if not 0 <= first <= MOST_SHOWN or offset < 0:
        raise bad_input(f"first is between 0 and {MOST_SHOWN}, offset 0 or more.")
    return items[offset : offset + first]


def problem_shown(problem: Problem, info: Info) -> ImportProblem:
    return ImportProblem(
        line=problem.line,
        column=problem.column,
        reason=problem.reason,
        message=say(REASONS, problem.reason, info.context.locale, **dict(problem.facts)),
        broken=problem.broken,
    )


@strawberry.type
class ImportCatalogPayload:
    catalog_import: CatalogImport | None = None
    errors: list[UserError]


def _shown(name: str) -> str:
    """A file's name, as far as it can be shown and kept."""
    return "".join(character for character in name if character.isprintable())[:200]


@strawberry.type
class SheetsMutation:
    @strawberry.mutation(
        description="Brings goods in from a sheet: all of it or nothing, unless broken rows are to be skipped. What is "
        "wrong with rows is told by problems, not by errors."
    )
    async def import_catalog(self, info: Info, input: ImportCatalogInput) -> ImportCatalogPayload:
        context = info.context
        pictures: Any = given(input.pictures)
        file: Any = input.file
        sheet = SentSheet(
            data=await file.read(limits.MOST_BYTES + 1),
            name=_shown(getattr(file, "filename", None) or ""),
            format=SheetFormat(input.format.value),
            dry_run=input.dry_run,
            skip_broken=input.skip_broken,
            idempotency_key=input.idempotency_key,
            pictures=None if pictures is None else await pictures.read(MOST_PICTURES + 1),
        )
        context.forget()
        outcome = await context.ask_outside(importing(context, sheet))

        def shown(done: SheetOutcome) -> dict[str, Any]:
            return {"catalog_import": CatalogImport(report=done.report, repeated=done.repeated)}

        return await context.answer(ImportCatalogPayload, outcome, shown)
