"""A shop's past."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.base import fail, open_shop, progress, read_instant, read_json


def import_history(
    file: Annotated[Path, typer.Argument(help="Invoice rows (CSV, plain or gzipped).", exists=True, dir_okay=False)],
    program: Annotated[Path, typer.Option(help="The program document (JSON).", exists=True, dir_okay=False)],
    not_goods: Annotated[str, typer.Option(help="SKUs that are no goods, with commas between them.")] = "",
    until: Annotated[
        str | None,
        typer.Option(help="The instant to stop at; without an offset, the program's local time. Absent: now."),
    ] = None,
    document_column: Annotated[str, typer.Option(help="The column of the document's number.")] = "InvoiceNo",
    sku_column: Annotated[str, typer.Option(help="The column of the SKU.")] = "StockCode",
    description_column: Annotated[str, typer.Option(help="The column of the goods' name.")] = "Description",
    quantity_column: Annotated[str, typer.Option(help="The column of the quantity.")] = "Quantity",
    date_column: Annotated[str, typer.Option(help="The column of the instant.")] = "InvoiceDate",
    price_column: Annotated[str, typer.Option(help="The column of the unit price.")] = "UnitPrice",
    member_column: Annotated[str, typer.Option(help="The column of the member's number.")] = "CustomerID",
) -> None:
    """Bring a shop's past along: its orders and returns, each at its own instant, under the real rules."""
    from api.reports import history_lines
    from checkout.history.import_history import import_history as bring_in
    from checkout.history.rows import Columns, HistoryFileError
    from program.document import read_document

    document = read_json(program)
    zone = read_document(document).zone
    end = None if until is None else read_instant(until, "--until", zone)
    columns = Columns(
        document=document_column,
        sku=sku_column,
        description=description_column,
        quantity=quantity_column,
        at=date_column,
        price=price_column,
        member=member_column,
    )
    codes = frozenset(code.strip() for code in not_goods.split(",") if code.strip())
    with open_shop() as shop, progress("History") as advance:
        try:
            report = bring_in(
                shop,
                file,
                document=document,
                not_goods=codes,
                until=end or shop.clock.now(),
                columns=columns,
                progress=advance,
            )
        except HistoryFileError as error:
            fail(f"{error}.")
    for line in history_lines(report):
        typer.echo(line)
