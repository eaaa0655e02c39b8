"""Sets a shop up: its database, and goods and members to look at."""

from __future__ import annotations

from typing import Annotated

import typer

from api.commands.base import HOST, PORT, address, fail, make_folders, open_shop, progress, settings_now


def migrate() -> None:
    """Set the database up, or bring it up to date, with the search index. Publishes the reference program where there
    is none."""
    settings = settings_now()
    from api.opening import open_clock, open_database
    from catalog.finding.index import index_everything
    from migrations import run
    from program.versions import publish_reference

    make_folders(settings)
    run.upgrade(settings.database_url)
    db = open_database(settings)
    try:
        clock = open_clock(settings, db)
        with db.write() as tx:
            publish_reference(tx, clock.now())
        with progress("Search index") as advance:
            index_everything(db, progress=advance)
    finally:
        db.close()
    typer.echo("The database is up to date.")


def demo(
    host: Annotated[str, typer.Option(help="Where `jifen serve` is going to listen: for the addresses told.")] = HOST,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The same, its port.")] = PORT,
) -> None:
    """Fill an empty shop with goods, members and a year of orders to look at."""
    settings = settings_now()
    if settings.production:
        fail("The demo's passwords are known to everybody: it is refused where JIFEN_ENV is production.")
    from api.demo.make_demo import DemoRefused, make_demo
    from api.demo.sign_ins import tell_sign_ins

    with open_shop(settings) as shop:
        try:
            with progress("Demo shop") as advance:
                made = make_demo(shop, media_root=settings.media_root, secret=settings.key(), progress=advance)
        except DemoRefused as error:
            fail(str(error))
        typer.echo("The demo shop is ready." if made else "The demo shop is here already; nothing was changed.")
        tell_sign_ins(shop, base=address(settings, host, port), test_mode=settings.test_mode)
