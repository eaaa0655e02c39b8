"""Serves the shop."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.base import HOST, PORT, address, ready_database, settings_now

if TYPE_CHECKING:
    from starlette.applications import Starlette


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = HOST,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on.")] = PORT,
    workers: Annotated[int, typer.Option(min=1, max=64, help="How many processes.")] = 1,
) -> None:
    """Serve both APIs, the console and the pictures, and do what falls due."""
    settings = settings_now()
    import uvicorn

    from api.logging import set_up_logging

    set_up_logging(production=settings.production)
    settings.key()
    with ready_database(settings) as db:
        from api.demo.sign_ins import demo_is_there

        with db.read() as conn:
            is_demo = not settings.production and demo_is_there(conn)
    base = address(settings, host, port)
    typer.echo(f"Shop API   {base}/graphql\nAdmin API  {base}/admin/graphql\nConsole    {base}/console")
    if is_demo:
        typer.echo("Sign-ins   `jifen demo` lists them")
    uvicorn.run(
        "api.commands.serve:load_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )


def load_app() -> Starlette:
    """The application that the environment describes, in a process that serves from now on.

    Python looks for what nobody uses any more among all that there is, again and again: half a million things that were
    just loaded and stay. They are left out of that for good: a tenth more requests are answered.

    Raises:
        WrongSetting: a setting is wrong or missing.
    """
    gc.disable()
    try:
        from api.app import app_from_environment

        app = app_from_environment()
        gc.collect()
        gc.freeze()
    finally:
        gc.enable()
    return app
