"""The command line. Each command loads what it needs when it runs: `jifen --help` answers at once."""

from __future__ import annotations

import typer

from api.commands import catalog, history, jobs, members, payments, program, schema, search, serve, set_up, staff
from api.commands.told import told_in_sentences

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

# In the order in which --help lists them.
app.command("migrate")(set_up.migrate)
app.command("serve")(serve.serve)
app.command("create-staff")(staff.create_staff)
app.command("remove-totp")(staff.remove_totp)
app.command("export-schema")(schema.export_schema)
app.command("demo")(set_up.demo)
app.command("import-catalog")(catalog.import_catalog)
app.command("export-catalog")(catalog.export_catalog)
app.command("import-history")(history.import_history)
app.command("index")(search.index)
app.command("reconcile")(payments.reconcile)
program_app.command("show")(program.program_show)
program_app.command("publish")(program.program_publish)
jobs_app.command("run")(jobs.jobs_run)
members_app.command("export")(members.members_export)


def main() -> None:
    """Runs a command. What a person can mend is told in a sentence, without a traceback."""
    # Typer and Click end the process themselves, for --help and for wrong options.
    with told_in_sentences():
        app()
