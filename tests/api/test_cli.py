"""The command line: what a person can mend is told in a sentence, and the exit code is honest."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from api.cli import main
from kernel.database import Database
from kernel.paging import Window
from kernel.test_clock import DatabaseClock
from members.register import register
from staff.audit import audit_page
from tests.support.members import NOON, PROGRAM

COMMANDS = [
    "migrate",
    "serve",
    "create-staff",
    "export-schema",
    "demo",
    "import-catalog",
    "export-catalog",
    "import-history",
    "index",
    "reconcile",
    "program show",
    "program publish",
    "jobs run",
    "members export",
]


@pytest.fixture
def shop(jifen):
    assert jifen("migrate").code == 0
    return jifen


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["jifen", *command.split(), "--help"])
    with pytest.raises(SystemExit) as end:
        main()
    assert not end.value.code
    assert "Usage" in capsys.readouterr().out


def test_help_loads_neither_the_database_nor_the_server():
    check = "import sys, api.cli; print([m for m in ('sqlalchemy', 'strawberry', 'starlette') if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert answer.stdout == "[]\n"


def test_migrating_publishes_the_reference_program_once(jifen, environment, tmp_path):
    environment.setenv("JIFEN_TEST_CLOCK", "2026-01-01T09:00:00+08:00")
    for _ in range(2):
        assert jifen("migrate").code == 0
    assert json.loads(jifen("program", "show").out)["name"]
    assert "there are 1." in jifen("program", "show", "--version", 7).err
    assert (tmp_path / "var/media").is_dir()


def test_goods_from_before_the_index_are_indexed_by_migrate_and_all_of_them_by_index(jifen, database_url):
    from sqlalchemy import func, select

    from catalog.columns import postings_t, products_t
    from tests.support.catalog import stock_goods

    assert jifen("migrate").code == 0
    db = Database(database_url)
    stock_goods(db, "SCARF")

    def entries():
        with db.read() as conn:
            return conn.execute(select(func.count()).select_from(postings_t)).scalar_one()

    before = entries()
    for command in ("migrate", "index"):
        with db.write() as tx:
            tx.execute(postings_t.delete())
            tx.execute(products_t.update().values(search_text="scarf"))
        assert jifen(command).code == 0
        assert entries() == before > 0
    assert jifen("index").out == "1 product indexed.\n"
    db.close()


def test_before_the_database_is_set_up_a_command_says_what_to_do(jifen, environment, tmp_path):
    environment.setenv("JIFEN_DATABASE_URL", f"sqlite:///{tmp_path}/new/shop.db")
    for command in (["serve"], ["program", "show"], ["jobs", "run"]):
        outcome = jifen(*command)
        assert outcome.code == 1
        assert "jifen migrate" in outcome.err


def test_a_wrong_setting_is_one_sentence(jifen, environment):
    environment.setenv("JIFEN_ENV", "staging")
    outcome = jifen("migrate")
    assert outcome.code == 1
    assert outcome.err == "JIFEN_ENV: input should be 'development' or 'production'.\n"


def test_a_database_that_does_not_answer_is_one_sentence_without_its_password(jifen, environment):
    environment.setenv("JIFEN_DATABASE_URL", "postgresql://shop:hunter2@127.0.0.1:1/jifen?connect_timeout=2")
    outcome = jifen("migrate")
    assert outcome.code == 1
    assert outcome.err.startswith("JIFEN_DATABASE_URL: the database cannot be reached")
    assert "hunter2" not in outcome.err
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize("command", [["migrate"], ["jobs", "run"]])
def test_a_file_that_is_no_database_is_one_sentence(jifen, environment, tmp_path, command):
    (tmp_path / "shop.db").write_text("{" * 5000)
    environment.setenv("JIFEN_DATABASE_URL", f"sqlite:///{tmp_path}/shop.db")
    outcome = jifen(*command)
    assert outcome.code == 1
    assert outcome.err == "JIFEN_DATABASE_URL: the database cannot be reached: file is not a database.\n"


def test_staff_are_added_once(shop, environment, database_url):
    arguments = ["create-staff", "--email", "Ana@example.com", "--role", "admin"]
    assert shop(*arguments, "--password", "a long password").code == 0
    again = shop(*arguments, "--password", "a long password")
    assert (again.code, again.err) == (1, "email: This is taken.\n")
    database = Database(database_url)
    with database.read() as conn:
        (entry,) = audit_page(conn, Window()).items
    database.close()
    assert (entry.actor, entry.action, entry.after) == (
        "command line",
        "createStaff",
        {"email": "ana@example.com", "role": "ADMIN"},
    )


def test_a_password_may_come_from_standard_input(shop, environment):
    environment.setattr(sys, "stdin", io.StringIO("a long password\n"))
    assert shop("create-staff", "--email", "bo@example.com", "--role", "SERVICE").code == 0
    environment.setattr(sys, "stdin", io.StringIO("short\n"))
    outcome = shop("create-staff", "--email", "cy@example.com", "--role", "SERVICE")
    assert (outcome.code, outcome.err) == (1, "password: A password has 8 to 200 characters.\n")


def test_a_role_that_there_is_not_is_a_wrong_option(shop):
    assert shop("create-staff", "--email", "a@b.c", "--password", "a long password", "--role", "BOSS").code == 2


@pytest.mark.parametrize("api", ["shop", "admin"])
def test_a_schema_is_printed_with_nothing_set_up(api, tmp_path):
    answer = subprocess.run(
        [sys.executable, "-c", "from api.cli import main; main()", "export-schema", api],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert "type Query" in answer.stdout
    assert answer.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_a_program_is_published_and_a_wrong_one_told_by_its_paths(shop, tmp_path):
    document = json.loads(shop("program", "show").out)
    file = tmp_path / "program.json"
    document["points"]["rates"]["REGULAR"] = "3"
    file.write_text(json.dumps(document))
    assert shop("program", "publish", file).out == "Published as version 2.\n"
    assert json.loads(shop("program", "show").out)["points"]["rates"]["REGULAR"] == "3"

    del document["name"]
    document["points"]["rates"]["SALE"] = 0.5
    file.write_text(json.dumps(document))
    outcome = shop("program", "publish", file)
    assert outcome.code == 1
    assert {line.partition(":")[0] for line in outcome.err.splitlines()} == {
        "document.name",
        "document.points.rates.SALE",
    }
    file.write_text("{")
    assert "is not JSON" in shop("program", "publish", file).err
    file.write_text("[]")
    assert "no JSON object" in shop("program", "publish", file).err
    file.write_text("[" * 100_000)
    assert "nested too deeply" in shop("program", "publish", file).err


def test_a_program_starts_at_an_instant_and_not_in_the_past(shop, tmp_path):
    file = tmp_path / "program.json"
    file.write_text(shop("program", "show").out)
    assert shop("program", "publish", file, "--effective-at", "2999-01-01T00:00:00+08:00").code == 0
    past = shop("program", "publish", file, "--effective-at", "2001-01-01T00:00:00+08:00")
    assert (past.code, past.err.partition(":")[0]) == (1, "effectiveAt")
    assert "offset" in shop("program", "publish", file, "--effective-at", "2999-01-01T00:00:00").err
    for beyond in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59+00:00"):
        told = shop("program", "publish", file, "--effective-at", beyond)
        assert (told.code, told.err) == (1, f"--effective-at: “{beyond}” lies outside of the years 1000 to 8999.\n")
    assert "tomorrow" in shop("program", "publish", file, "--effective-at", "tomorrow").err


def test_jobs_run_once_and_say_what_they_did(shop):
    said = "0 members brought up to date.\n0 messages taken out of the outbox.\n"
    assert shop("jobs", "run").out == said


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01", ""])
def test_a_date_that_is_none_is_wrong_use(shop, since):
    assert shop("reconcile", "--since", since).code == 2


def test_a_shop_without_online_payments_has_nothing_to_compare_with(shop):
    outcome = shop("reconcile", "--since", "2026-01-01")
    assert (outcome.code, "JIFEN_STRIPE_API_KEY" in outcome.err) == (2, True)


def test_members_are_exported_in_order_of_their_numbers(shop, tmp_path, database_url):
    database = Database(database_url)
    with database.write() as tx:
        for number in ("30000001", "12347", "2"):
            register(tx, None, "", program=PROGRAM, now=NOON, number=number)
    database.close()
    file = tmp_path / "members.csv"
    assert shop("members", "export", file).code == 0
    with file.open() as lines:
        rows = list(csv.DictReader(lines))
    assert [row["member"] for row in rows] == ["12347", "2", "30000001"]
    assert rows[0] == {
        "member": "12347",
        "tier": "ORDINARY",
        "qualifyingSpend": "0.00",
        "available": "0",
        "pending": "0",
        **dict.fromkeys(["EARNED", "GRANTED", "HELD", "RELEASED", "RETURNED", "REVERSED", "EXPIRED", "ADJUSTED"], "0"),
    }


def test_a_file_that_cannot_be_written_is_one_sentence(shop, tmp_path):
    outcome = shop("members", "export", tmp_path / "no" / "such" / "folder.csv")
    assert outcome.code == 1
    assert "No such file or directory" in outcome.err


def test_the_test_clock_is_the_commands_time(jifen, environment, database_url):
    environment.setenv("JIFEN_TEST_CLOCK", "2026-01-01T09:00:00+08:00")
    jifen("migrate")
    database = Database(database_url)
    assert DatabaseClock(database).now().isoformat() == "2026-01-01T01:00:00+00:00"
    database.close()
