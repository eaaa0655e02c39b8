"""What falls due and what waits to leave the house, for cron."""

from __future__ import annotations

import typer

from api.commands.base import ready_database, settings_now


def jobs_run() -> None:
    """Do once all that is due by now: settlements, tier reviews, expiry, unpaid orders, refunds, messages, pictures."""
    settings = settings_now()
    from api.courier import machine_time
    from api.logging import set_up_logging
    from api.wiring import open_services
    from api.worker import run_jobs, tidy
    from kernel.outbox import deliver

    set_up_logging(production=settings.production)
    with ready_database(settings):
        services = open_services(settings)
        try:
            moved = run_jobs(services.shop)
            sent = deliver(services.db, services.handlers, clock=machine_time)
            tidy(services.shop, services.media)
        finally:
            services.executor.shutdown()
            for close in services.closing:
                close()
            services.db.close()
    typer.echo(f"{moved} member{'' if moved == 1 else 's'} brought up to date.")
    typer.echo(f"{sent} message{'' if sent == 1 else 's'} taken out of the outbox.")
