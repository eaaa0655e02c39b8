"""The command line. Each command loads what it needs when it runs: `jifen --help` answers at once."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from api.settings import Settings
    from checkout.shop import Shop
    from kernel.database import Database, Transaction

COMMAND_LINE = "command line"
"""Whom the audit log and program versions name for what was done here."""

PARTLY = 3
"""The exit code of a command that did a part of what it was asked, and said what it left out."""

app = typer.Typer(
    name="jifen",
    help="A membership and points mall. Settings come from the environment (JIFEN_…); see the README.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
program_app = typer.Typer(help="Show or publish the membership program.", no_args_is_help=True)
jobs_app = typer.Typer(help="Do what falls due, for cron.", no_args_is_help=True)
members_app = typer.Typer(help="Members in bulk.", no_args_is_help=True)
app.add_typer(program_app, name="program")
app.add_typer(jobs_app, name="jobs")
app.add_typer(members_app, name="members")


class Api(StrEnum):
    SHOP = "shop"
    ADMIN = "admin"


class StaffRole(StrEnum):
    ADMIN = "ADMIN"
    MERCHANDISER = "MERCHANDISER"
    FULFILMENT = "FULFILMENT"
    SERVICE = "SERVICE"
    ANALYST = "ANALYST"


class CatalogFormat(StrEnum):
    VENDURE = "vendure"


def main() -> None:
    """Runs a command. What a person can mend is told in a sentence, without a traceback."""
    # Typer and Click end the process themselves, for --help and for wrong options.
    with _told_in_sentences():
        app()


@app.command()
def migrate() -> None:
    """Set the database up, or bring it up to date. Publishes the reference program where there is none."""
    settings = _settings()
    from api.opening import open_clock, open_database
    from migrations import run
    from program.versions import publish_reference

    _make_folders(settings)
    run.upgrade(settings.database_url)
    db = open_database(settings)
    try:
        clock = open_clock(settings, db)
        with db.write() as tx:
            publish_reference(tx, clock.now())
    finally:
        db.close()
    typer.echo("The database is up to date.")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="How many processes.")] = 1,
) -> None:
    """Serve both APIs and the pictures, and do what falls due."""
    settings = _settings()
    import uvicorn

    from api.logging import set_up_logging

    set_up_logging(production=settings.production)
    settings.key()
    with _database(settings) as db:
        from api.demo import demo_is_there

        with db.read() as conn:
            is_demo = not settings.production and demo_is_there(conn)
    base = settings.public_url or f"http://{'[' + host + ']' if ':' in host else host}:{port}"
    typer.echo(f"Shop API   {base}/graphql\nAdmin API  {base}/admin/graphql")
    if is_demo:
        typer.echo("Sign-ins   `jifen demo` lists them")
    uvicorn.run(
        "api.app:app_from_environment",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )


@app.command("create-staff")
def create_staff(
    email: Annotated[str, typer.Option(help="The e-mail address to sign in with.")],
    role: Annotated[StaffRole, typer.Option(case_sensitive=False, help="What the account may do.")],
    password: Annotated[
        str | None, typer.Option(help="Asked for, or read from standard input, where it is not given.")
    ] = None,
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
) -> None:
    """Add a member of staff."""
    if password is None:
        password = _ask_password()
    from staff import audit
    from staff.accounts import create_staff as create
    from staff.accounts import fold

    with _shop() as shop, shop.db.write() as tx:
        staff_id = create(tx, email=email, password=password, role=role, name=name)
        audit.record(
            tx,
            at=shop.clock.now(),
            actor=COMMAND_LINE,
            action="createStaff",
            subject_id=staff_id,
            after={"email": fold(email), "role": str(role)},
        )
    typer.echo(f"{fold(email)} may sign in as {role}.")


@app.command("export-schema")
def export_schema(api: Annotated[Api, typer.Argument(help="Which of the two APIs.")]) -> None:
    """Print the schema of an API. Needs no database and no settings."""
    from schema.export import print_admin, print_shop

    typer.echo(print_shop() if api is Api.SHOP else print_admin(), nl=False)


@app.command()
def demo() -> None:
    """Fill an empty shop with goods, members and a year of orders to look at."""
    settings = _settings()
    if settings.production:
        _fail("The demo's passwords are known to everybody: it is refused where JIFEN_ENV is production.")
    from api.demo import DemoRefused, make_demo, tell_sign_ins

    with _shop(settings) as shop:
        try:
            with _progress("Demo shop") as advance:
                made = make_demo(shop, media_root=settings.media_root, secret=settings.key(), progress=advance)
        except DemoRefused as error:
            _fail(str(error))
        typer.echo("The demo shop is ready." if made else "The demo shop is here already; nothing was changed.")
        tell_sign_ins(shop, public_url=settings.public_url, test_mode=settings.test_mode)


@app.command("import-catalog")
def import_catalog(
    file: Annotated[Path, typer.Argument(help="The file of products.", exists=True, dir_okay=False)],
    images: Annotated[
        Path | None, typer.Option(help="The folder of the pictures that it names.", exists=True, file_okay=False)
    ] = None,
    format: Annotated[CatalogFormat, typer.Option(help="How the file is laid out.")] = CatalogFormat.VENDURE,
    skip_broken: Annotated[
        bool, typer.Option("--skip-broken", help="Import the good rows although others are broken (exit code 3).")
    ] = False,
) -> None:
    """Bring a catalogue in: all of it or nothing, unless broken rows are to be skipped."""
    settings = _settings()
    from api.reports import catalog_lines
    from catalog.imports.import_catalog import Pictures
    from catalog.imports.import_catalog import import_catalog as bring_in
    from media.images import StoredImage, check_image, keep_image
    from media.storage import open_store

    with _shop(settings) as shop:
        store = open_store(settings.media_root)
        now = shop.clock.now()

        def keep(tx: Transaction, data: bytes, image: object) -> None:
            assert isinstance(image, StoredImage)
            keep_image(tx, store, data, image, now)

        pictures = images and Pictures(images, check_image, keep)
        with shop.db.read() as conn:
            program = shop.shelf.programs(conn).at(now).program
        with _progress("Products") as advance:
            report = bring_in(
                shop.db,
                shop.clock,
                program,
                file,
                pictures,
                format=format,
                skip_broken=skip_broken,
                progress=advance,
            )
    for line in catalog_lines(report):
        typer.echo(line, err=not report.done)
    if not report.done:
        raise typer.Exit(1)
    if report.broken:
        raise typer.Exit(PARTLY)


@app.command("import-history")
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

    document = _read_json(program)
    zone = read_document(document).zone
    end = None if until is None else _instant(until, "--until", zone)
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
    with _shop() as shop, _progress("History") as advance:
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
            _fail(f"{error}.")
    for line in history_lines(report):
        typer.echo(line)


@program_app.command("show")
def program_show(
    version: Annotated[int | None, typer.Option(help="Its number; the one in force where none is named.")] = None,
) -> None:
    """Print a program version as JSON."""
    from sqlalchemy import select

    from program.versions import versions_t

    with _shop() as shop, shop.db.read() as conn:
        programs = shop.shelf.programs(conn)
        now = shop.clock.now()
        number = version if version is not None else programs.at(now).version
        document = conn.execute(select(versions_t.c.document).where(versions_t.c.version == number)).scalar()
        numbers = ", ".join(str(v.version) for v in sorted(programs.versions, key=lambda v: v.version))
    if document is None:
        _fail(f"There is no version {number}; there are {numbers}.")
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


@program_app.command("publish")
def program_publish(
    file: Annotated[Path, typer.Argument(help="A program document (JSON).", exists=True, dir_okay=False)],
    effective_at: Annotated[
        str | None, typer.Option(help="From when on, like 2026-01-01T00:00:00+08:00. Absent: now.")
    ] = None,
) -> None:
    """Publish a program version."""
    document = _read_json(file)
    start = None if effective_at is None else _instant(effective_at, "--effective-at")
    from checkout.publish_program import publish_program

    with _shop() as shop:
        number = publish_program(shop, document, start, COMMAND_LINE)
    typer.echo(f"Published as version {number}.")


@jobs_app.command("run")
def jobs_run() -> None:
    """Do everything that is due by now, once: settlements, tier reviews, expiry, unpaid orders."""
    from api.worker import run_jobs, tidy

    with _shop() as shop:
        moved = run_jobs(shop)
        tidy(shop)
    typer.echo(f"{moved} member{'' if moved == 1 else 's'} brought up to date.")


@members_app.command("export")
def members_export(
    file: Annotated[Path, typer.Argument(help="The CSV file to write.", dir_okay=False)],
) -> None:
    """Write every member with tier, spend and points to a CSV file."""
    from api.members_export import export_members

    with _shop() as shop, _progress("Members") as advance:
        count = export_members(shop, file, advance)
    typer.echo(f"{count} members written to {file}.")


def _ask_password() -> str:
    if sys.stdin.isatty():
        return typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return sys.stdin.readline().rstrip("\r\n")


def _settings() -> Settings:
    from api.settings import read_settings

    return read_settings()


@contextmanager
def _shop(settings: Settings | None = None) -> Iterator[Shop]:
    """The shop, its database set up."""
    settings = settings or _settings()
    from api.logging import set_up_logging

    set_up_logging(production=settings.production)
    with _database(settings) as db:
        from api.opening import open_clock
        from checkout.shop import Shop
        from program.versions import ProgramShelf

        yield Shop(db=db, clock=open_clock(settings, db), shelf=ProgramShelf())


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    from api.opening import open_database
    from migrations.current import is_current

    _make_folders(settings)
    db = open_database(settings)
    try:
        with db.read() as conn:
            if not is_current(conn):
                _fail("The database is not set up, or not up to date: run `jifen migrate` first.")
        yield db
    finally:
        db.close()


def _make_folders(settings: Settings) -> None:
    from sqlalchemy.engine import make_url

    settings.media_root.mkdir(parents=True, exist_ok=True)
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


def _read_json(file: Path) -> dict[str, Any]:
    try:
        document = json.loads(file.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        _fail(f"{file} is not JSON: {error}.")
    if not isinstance(document, dict):
        _fail(f"{file} holds no JSON object.")
    return document


def _instant(text: str, option: str, zone: ZoneInfo | None = None) -> datetime:
    """An instant as it was typed. Without an offset it is local time in `zone`, where there is one."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        _fail(f"{option}: “{text}” is not an instant like 2026-01-01T09:00:00+08:00.")
    if instant.tzinfo is None and zone is not None:
        return instant.replace(tzinfo=zone)
    if instant.tzinfo is None:
        _fail(f"{option}: “{text}” needs an offset from UTC, as in 2026-01-01T09:00:00+08:00.")
    return instant


@contextmanager
def _progress(label: str) -> Iterator[Any]:
    """A bar on the terminal; nothing where nobody watches. Gives `advance(done, total)`."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(label, total=None)

        def advance(done: int, total: int | None = None) -> None:
            bar.update(task, completed=done, total=total)

        yield advance


def _fail(sentence: str) -> NoReturn:
    raise Failed(sentence)


class Failed(Exception):
    """A command could not do what it was asked. Says why, in a sentence."""


@contextmanager
def _told_in_sentences() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        sentences = _sentences(error)
        if sentences is None:
            raise
        for sentence in sentences:
            typer.secho(sentence, err=True, fg="red" if sys.stderr.isatty() else None)
        raise SystemExit(1) from None


def _sentences(error: Exception) -> list[str] | None:
    """What to tell of an error that a person can mend; None of one that is a mistake of ours."""
    if isinstance(error, Failed):
        return [str(error)]
    if isinstance(error, OSError):
        return [f"{error.filename}: {error.strerror}." if error.filename else str(error)]
    # Only what has been loaded can have been raised.
    raised = {cls.__qualname__ for cls in type(error).__mro__}
    if "WrongSetting" in raised:
        return [str(error)]
    if "NoProgram" in raised:
        return ["No program has been published: run `jifen migrate` first."]
    if "Refused" in raised:
        from api.sentences import sentences_of

        return sentences_of(error)
    if "OperationalError" in raised:
        from api.sentences import unreachable

        return [unreachable(error)]
    return None
