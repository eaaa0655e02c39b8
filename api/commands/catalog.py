"""Goods in bulk."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.base import COMMAND_LINE, PARTLY, fail, open_shop, progress, settings_now

if TYPE_CHECKING:
    from media.storage import Store


class CatalogFormat(StrEnum):
    AUTO = "auto"
    JIFEN = "jifen"
    VENDURE = "vendure"
    SHOPIFY = "shopify"


class TemplateLanguage(StrEnum):
    ZH = "zh"
    EN = "en"


def import_catalog(
    file: Annotated[Path, typer.Argument(help="The sheet of products, CSV or XLSX.", exists=True, dir_okay=False)],
    images: Annotated[
        Path | None, typer.Option(help="The folder, or ZIP file, of the pictures that it names.", exists=True)
    ] = None,
    format: Annotated[
        CatalogFormat, typer.Option(help="How the sheet is laid out; see docs/sheets.md.")
    ] = CatalogFormat.AUTO,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    skip_broken: Annotated[
        bool, typer.Option("--skip-broken", help="Import the good rows although others are broken (exit code 3).")
    ] = False,
) -> None:
    """Bring a catalogue in: all of it or nothing, unless broken rows are to be skipped."""
    settings = settings_now()
    from api.reports import catalog_lines
    from catalog.imports.import_catalog import ImportCatalog, SheetFormat
    from catalog.imports.import_catalog import import_catalog as bring_in
    from catalog.imports.limits import MOST_BYTES
    from checkout.imported_pictures import imported_pictures, picture_files
    from checkout.timeline import bring_everyone_up_to_date
    from media.storage import open_store
    from media.studio import Studio
    from schema.admin.import_audit import note_import

    with file.open("rb") as sheet:
        data = sheet.read(MOST_BYTES + 1)
    with open_shop(settings) as shop:
        # Goods that are reserved for orders that are over can be counted away (R11).
        bring_everyone_up_to_date(shop)
        studio = Studio(shop.db, open_store(settings.media_root), avif=settings.avif)
        now = shop.clock.now()
        try:
            pictures = images and imported_pictures(studio, picture_files(images), now, dry_run=dry_run)
        except ValueError:
            fail(f"{images} is neither a folder nor a ZIP file of pictures.")
        with shop.db.read() as conn:
            program = shop.shelf.programs(conn).at(now).program
        command = ImportCatalog(data, SheetFormat(format), dry_run, skip_broken, COMMAND_LINE)
        with progress("Products") as advance:
            report = bring_in(
                shop.db,
                shop.clock,
                program,
                command,
                pictures,
                progress=advance,
                also=lambda tx, report: note_import(tx, report, data, actor=COMMAND_LINE, at=now, name=file.name),
            )
    for line in catalog_lines(report):
        typer.echo(line, err=not report.done and not dry_run)
    if report.broken:
        raise typer.Exit(PARTLY if skip_broken else 1)


def export_catalog(
    file: Annotated[Path, typer.Argument(help="The sheet to write, .csv or .xlsx.", dir_okay=False)],
    images: Annotated[Path | None, typer.Option(help="The folder to write the pictures to.", file_okay=False)] = None,
    category: Annotated[str | None, typer.Option(help="Only this category and those below it, by its slug.")] = None,
    search: Annotated[str | None, typer.Option(help="Only what this search finds.")] = None,
    template: Annotated[
        TemplateLanguage | None, typer.Option(help="No goods, but an example to fill in, in this language.")
    ] = None,
) -> None:
    """Write the catalogue, or a part of it, to a sheet that can be imported again."""
    if file.suffix.lower() not in (".csv", ".xlsx"):
        fail(f"{file}: the name of the sheet ends in .csv or .xlsx.")
    from catalog.exports.template import template_csv, template_xlsx

    workbook = file.suffix.lower() == ".xlsx"
    if template is not None:
        make = template_xlsx if workbook else template_csv
        file.write_bytes(make(chinese=template is TemplateLanguage.ZH))
        typer.echo(f"An example to fill in was written to {file}.")
        return
    settings = settings_now()
    from catalog.exports.catalog_rows import export_catalog as rows_of
    from catalog.exports.write import write_sheets
    from catalog.product_list import ProductFilter
    from media.storage import open_store

    with open_shop(settings) as shop, progress("Products") as advance, shop.db.read() as conn:
        now = shop.clock.now()
        program = shop.shelf.programs(conn).at(now).program
        filter = ProductFilter(category_slug=category, search=search)
        export = rows_of(conn, at=now, program=program, filter=filter, progress=advance)
        sheets = write_sheets(file, export, workbook=workbook)
    for sheet in sheets[1:]:
        typer.echo(f"More than one import takes: written to {sheet} too.")
    typer.echo(f"{export.total:,} products written to {sheets[0]}.")
    if images is not None:
        images.mkdir(parents=True, exist_ok=True)
        written = _write_pictures(open_store(settings.media_root), images, [(p.name, p.key) for p in export.pictures])
        typer.echo(f"{written:,} pictures written to {images}.")
        if written < len(export.pictures):
            raise typer.Exit(PARTLY)


def _write_pictures(store: Store, folder: Path, pictures: list[tuple[str, str]]) -> int:
    from media.storage import read_image

    written = 0
    with progress("Pictures") as advance:
        for number, (name, key) in enumerate(pictures, start=1):
            data = read_image(store, key)
            if data is None:
                typer.echo(f"{name}: its file is missing.", err=True)
            else:
                (folder / name).write_bytes(data)
                written += 1
            advance(number, len(pictures))
    return written
