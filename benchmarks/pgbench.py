"""Turns the statements of a real order into a pgbench script, and runs that: the database's part of the work alone.

The script sends what the shop sent, in the same transactions. What differs from order to order is drawn anew: the
member, the two variants, and with them every id. The rest stays as it was noted. pgbench runs it with
prepared statements, as the shop's driver sends them, and once more by its default protocol, which plans each anew.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from psycopg.types.json import Json, Jsonb

from benchmarks.postgres import Postgres
from benchmarks.seed import BUYERS, READERS, VARIANTS
from benchmarks.statements import BEGIN, COMMIT, Statement

_PLACE = re.compile(r"%\((\w+)\)s")
_ID = re.compile(r"[a-z]{3}_[0-9a-f]{32}")

# The shop reads the number of the member's orders with the lock on the account, and writes the next one.
_COUNTED = {"member_seq", "orders"}
_LOCKS_ACCOUNT = re.compile(r"account\.orders.*FOR UPDATE", re.DOTALL)

_DRAW = f"""\
\\set n :n + 1
\\set o :client_id * 1000000000000 + :run * 1000000000 + :n * 10
\\set m random({READERS}, {READERS + BUYERS - 1})
\\set v 50 * random(0, {VARIANTS // 50 - 1}) + random(1, 49)
\\set w 50 * random(0, {VARIANTS // 50 - 1}) + random(1, 49)
"""


PREPARED = "prepared"
DEFAULT = "simple"


def script(statements: Sequence[Statement], *, member: int, variants: tuple[int, int], key: str, protocol: str) -> str:
    """The script of an order that `member` placed for `variants` under `key`."""
    writer = _Writer(member, variants, key, protocol)
    return _DRAW + "".join(writer.lines(statement) for statement in statements)


def run_pgbench(postgres: Postgres, file: Path, *, protocol: str, run: int, clients: int, seconds: int) -> float:
    """Orders a second. `run`, from 1, tells the runs' ids apart, and from the seeded ones."""
    done = subprocess.run(
        [
            str(postgres.pgbench),
            *("--no-vacuum", f"--protocol={protocol}", "--file", str(file)),
            *("--client", str(clients), "--jobs", "2", "--time", str(seconds)),
            *("--define", "n=0", "--define", f"run={run}"),
            *postgres.connection,
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds + 60,
    )
    rate = re.search(r"tps = ([\d.]+)", done.stdout)
    failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
    if done.returncode or rate is None or (failed and failed.group(1) != "0"):
        raise SystemExit(f"pgbench failed:\n{done.stdout}\n{done.stderr}")
    return float(rate.group(1))


class _Writer:
    """Writes statements with their values, each id by where it comes from."""

    def __init__(self, member: int, variants: tuple[int, int], key: str, protocol: str) -> None:
        first, second = sorted(variants)
        own = {"mem": member, "ses": member, "adr": member}
        self._known = {
            **{f"{kind}_{number:032}": _an_id(kind, ":m") for kind, number in own.items()},
            f"var_{first:032}": _an_id("var", ":v"),
            f"var_{second:032}": _an_id("var", ":w"),
        }
        self._made = 0
        self._key = key
        self._protocol = protocol

    def lines(self, statement: Statement) -> str:
        if statement.sql in (BEGIN, COMMIT):
            return f"{statement.sql};\n"
        texts = [self._filled(statement.sql, values) for values in statement.sets]
        if _LOCKS_ACCOUNT.search(statement.sql):
            return f"{texts[0]} \\gset a_\n\\set seq :a_orders + 1\n"
        if len(texts) == 1:
            return f"{texts[0]};\n"
        # Several sets of parameters go out together, as the driver sends them.
        if self._protocol == DEFAULT:
            return " \\; ".join(texts) + ";\n"
        return "\\startpipeline\n" + "".join(f"{text};\n" for text in texts) + "\\endpipeline\n"

    def _filled(self, sql: str, values: dict[str, Any]) -> str:
        def fill(match: re.Match[str]) -> str:
            name = match.group(1)
            return ":seq" if name in _COUNTED else self._value(name, values[name])

        one_line = " ".join(sql.replace("%%", "\0").split())
        return _PLACE.sub(fill, one_line).replace("\0", "%")

    def _value(self, name: str, value: object) -> str:
        if isinstance(value, Json | Jsonb):
            value = json.dumps(value.obj)
        if value is None:
            return "NULL"
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, int | Decimal):
            return f"({value})"
        if isinstance(value, datetime | date):
            return _text(value.isoformat())
        if isinstance(value, list):
            # Short lists are filled up with their last value (`kernel.database.PLANNED_FOR`). The shop sends it; here
            # the database would put it together again each time, which is no part of the work.
            return f"ARRAY[{', '.join(self._value(name, item) for item in dict.fromkeys(value))}]"
        assert isinstance(value, str), (name, type(value))
        if value == self._key:
            return "('key-' || :o::text)"
        if name == "number":
            # Unique like the ids; as long as a real one.
            return "lpad(:o::text, 17, '0')"
        return self._with_ids(value)

    def _with_ids(self, text: str) -> str:
        """A text in which each id of this order is drawn anew."""
        parts: list[str] = []
        end = 0
        for match in _ID.finditer(text):
            parts += [_text(text[end : match.start()])] if match.start() > end else []
            parts.append(self._id(match.group()))
            end = match.end()
        parts += [_text(text[end:])] if end < len(text) or not parts else []
        return parts[0] if len(parts) == 1 else f"({' || '.join(parts)})"

    def _id(self, id_: str) -> str:
        if id_ not in self._known:
            kind = id_[:3]
            if kind in ("prd", "off", "spp"):
                # Goods are as they were: nothing is looked up by these.
                return _text(id_)
            self._known[id_] = _an_id(kind, f":o::bigint + {self._made}")
            self._made += 1
            assert self._made < 10, "an order makes more ids than the script leaves room for"
        return self._known[id_]


def _an_id(kind: str, number: str) -> str:
    return f"('{kind}_' || lpad(({number})::text, 32, '0'))"


def _text(text: str) -> str:
    # pgbench takes a word after a colon for a variable, in a string as well.
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace(":", "\\x3a")
    return f"E'{escaped}'"
