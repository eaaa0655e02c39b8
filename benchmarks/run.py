"""`make bench`: one run, one table. Exit code 1 where a bound is missed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from pydantic import SecretStr
from starlette.applications import Starlette

from api.app import create_app
from api.settings import Settings
from benchmarks import operations, seed
from benchmarks.client import Load, run_load
from benchmarks.operations import Signing, body
from benchmarks.pgbench import DEFAULT, PREPARED, run_pgbench, script
from benchmarks.postgres import Postgres, postgres
from benchmarks.report import Measured, print_table
from benchmarks.servers import Server, jifen, serving
from benchmarks.statements import Statement, ask, noting

CLIENTS = 16
CORES = os.cpu_count() or 1
ROUNDS = 3
WARM_SECONDS = 2.0
STATIC_SECONDS = 2.0
LIST_SECONDS = 4.0
ORDER_SECONDS = 4
PAGES = 10

LEAST_LIST, LEAST_ORDER = 0.015, 0.15
MOST_LIST, MOST_ME, MOST_ORDER = 6, 6, 14
MOST_MEMORY_MB = 200

SECRET = "benchmark " * 4


@dataclass(frozen=True, slots=True)
class Bench:
    """What is set up: the database, the servers, and the application in this process, for counting statements.

    `server` has one worker, `crew` one for each core.
    """

    postgres: Postgres
    folder: Path
    server: Server
    crew: Server
    static: Server
    app: Starlette
    signing: Signing


def main() -> int:
    # Ended from outside, it still ends what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="jifen-bench-") as folder, set_up(Path(folder)) as bench:
        measured = [*measure_reads(bench), *measure_orders(bench), measure_memory(bench)]
    good = print_table(measured)
    print(f"\n{time.monotonic() - started:.0f} seconds.")
    return 0 if good else 1


# ---------------------------------------------------------------- set-up


@contextmanager
def set_up(folder: Path) -> Iterator[Bench]:
    with ExitStack() as stack:
        _say("starting PostgreSQL")
        pg = stack.enter_context(postgres())
        env = {
            "JIFEN_ENV": "production",
            "JIFEN_DATABASE_URL": pg.url,
            "JIFEN_SECRET_KEY": SECRET,
            "JIFEN_MEDIA_ROOT": str(folder / "media"),
        }
        # Nothing that somebody has set for a shop of their own.
        for name in [name for name in os.environ if name.startswith("JIFEN_")]:
            del os.environ[name]
        subprocess.run(jifen("migrate"), env={**os.environ, **env}, cwd=folder, check=True, stdout=sys.stderr)
        _say(f"seeding {seed.PRODUCTS:,} products, {seed.OFFERS:,} offers, {seed.MEMBERS:,} members")
        seed.seed(pg.url)
        _say("starting the servers")
        server, crew = (
            stack.enter_context(serving(jifen("serve", "--workers", str(n)), "/readyz", env, folder))
            for n in (1, CORES)
        )
        static = stack.enter_context(serving([sys.executable, "-m", "benchmarks.static"], "/", {}, Path.cwd()))
        app = _app(pg, folder)
        stack.callback(app.state.services.db.close)
        yield Bench(pg, folder, server, crew, static, app, Signing(SECRET.encode()))


def _app(pg: Postgres, folder: Path) -> Starlette:
    settings = Settings(
        env="production", database_url=pg.url, secret_key=SecretStr(SECRET), media_root=str(folder / "media")
    )
    return create_app(settings, work=False)


# ---------------------------------------------------------------- reads


def measure_reads(bench: Bench) -> list[Measured]:
    cursors = list(_cursors(bench))
    signed_out = operations.list_requests(cursors, None)
    signed_in = operations.list_requests(cursors, bench.signing)
    statements_out = _count(bench, body(operations.PRODUCT_LIST, {"after": cursors[1]}), None)
    statements_in = _count(bench, body(operations.PRODUCT_LIST, {"after": cursors[1]}), 1)
    _check_prices(bench)

    _say("measuring the product list")
    for port, requests in ((bench.static.port, signed_out), (bench.server.port, signed_out + signed_in)):
        run_load(port, requests, clients=CLIENTS, seconds=WARM_SECONDS)
    static: list[Load] = []
    outs: list[Load] = []
    ins: list[Load] = []
    for _ in range(ROUNDS):
        static.append(run_load(bench.static.port, signed_out, clients=CLIENTS, seconds=STATIC_SECONDS))
        outs.append(run_load(bench.server.port, signed_out, clients=CLIENTS, seconds=LIST_SECONDS))
        ins.append(run_load(bench.server.port, signed_in, clients=CLIENTS, seconds=LIST_SECONDS))
    for load in outs + ins:
        _check(load, _is_a_page)

    _say("measuring me")
    me = run_load(bench.server.port, operations.me_requests(bench.signing), clients=CLIENTS, seconds=LIST_SECONDS)
    _check(me, _is_me)
    alone = run_load(bench.server.port, operations.me_requests(bench.signing), clients=1, seconds=STATIC_SECONDS)

    rates = [load.per_second for load in static]
    return [
        Measured("static answer of 6 KB, Starlette", static),
        Measured(
            "product list of 20, signed out", outs, len(statements_out), MOST_LIST, _ratios(outs, rates), LEAST_LIST
        ),
        Measured("product list of 20, signed in", ins, len(statements_in), MOST_LIST, _ratios(ins, rates), LEAST_LIST),
        Measured("me with progress and 20 entries", [me], len(_count(bench, body(operations.ME), 2)), MOST_ME),
        Measured("the same, one client", [alone]),
    ]


def _cursors(bench: Bench) -> Iterator[str | None]:
    cursor: str | None = None
    for _ in range(PAGES):
        yield cursor
        page = ask(bench.app, body(operations.PRODUCT_LIST, {"after": cursor}), None)["products"]
        cursor = page["pageInfo"]["endCursor"]


def _check_prices(bench: Bench) -> None:
    """Each tier has its own prices: nobody is shown an answer that was made for somebody else."""
    # Readers 0, 1 and 2 are of the three tiers.
    tokens = [None, *(bench.signing.token(seed.reader(n)) for n in range(3))]
    prices = [json.dumps(_prices(ask(bench.app, body(operations.PRODUCT_LIST), token))) for token in tokens]
    assert prices[0] == prices[1], "signed out is priced as the entry tier"
    assert len(set(prices)) == 3, "each tier has its prices"


def _prices(data: dict[str, Any]) -> list[str]:
    nodes = [edge["node"] for edge in data["products"]["edges"]]
    return [variant["price"]["amount"] for node in nodes for variant in node["variants"]]


def _is_a_page(data: dict[str, Any]) -> bool:
    nodes = [edge["node"] for edge in data["products"]["edges"]]
    return (
        len(nodes) == 20
        and all(node["image"]["url"].startswith("http") and len(node["variants"]) == 2 for node in nodes)
        and any(variant["exchangeOffers"] for node in nodes for variant in node["variants"])
    )


def _is_me(data: dict[str, Any]) -> bool:
    return (
        len(data["me"]["points"]["entries"]["edges"]) == 20
        and data["me"]["points"]["pending"] > 0
        and data["me"]["tierProgress"]["pendingSpend"]["amount"] == "400.00"
    )


# ---------------------------------------------------------------- orders


def measure_orders(bench: Bench) -> list[Measured]:
    plain, prepared = (bench.folder / f"place_order.{protocol}.sql" for protocol in (DEFAULT, PREPARED))
    noted = _note_order(bench, {DEFAULT: plain, PREPARED: prepared})
    requests = operations.order_requests(bench.signing, seed.BUYERS)
    hot = operations.order_requests(bench.signing, seed.BUYERS, hot=True)
    random.Random(3).shuffle(requests)  # noqa: S311 - an order, not a secret

    _say("measuring placeOrder")
    orders: list[Load] = []
    alone: list[Load] = []
    bare: list[float] = []
    bare_prepared: list[float] = []
    keys = count(0, 10**7)
    for server in (bench.server, bench.crew):
        run_load(server.port, requests, clients=CLIENTS, seconds=WARM_SECONDS, count_from=next(keys))
    runs = count(1)

    def pgbench(file: Path, protocol: str, seconds: int) -> float:
        return run_pgbench(bench.postgres, file, protocol=protocol, run=next(runs), clients=CLIENTS, seconds=seconds)

    pgbench(plain, DEFAULT, 2)
    for _ in range(ROUNDS):
        bare.append(pgbench(plain, DEFAULT, ORDER_SECONDS))
        bare_prepared.append(pgbench(prepared, PREPARED, ORDER_SECONDS))
        for server, loads in ((bench.server, alone), (bench.crew, orders)):
            loads.append(run_load(server.port, requests, clients=CLIENTS, seconds=ORDER_SECONDS, count_from=next(keys)))
    one_pair = run_load(bench.crew.port, hot, clients=CLIENTS, seconds=LIST_SECONDS, count_from=next(keys))
    for load in [*alone, *orders, one_pair]:
        _check(load, _is_an_order)
    statements = sum(statement.counts for statement in noted)
    return [
        Measured("pgbench, the statements of placeOrder, prepared", rates=bare_prepared),
        Measured("pgbench, the same by its default protocol", rates=bare),
        Measured(
            "placeOrder of two lines, a worker for each core",
            orders,
            statements,
            MOST_ORDER,
            _ratios(orders, bare_prepared),
            LEAST_ORDER,
        ),
        Measured("the same, beside pgbench's default protocol", orders, ratio=_ratios(orders, bare)),
        Measured("the same, everybody wants the same two variants", [one_pair]),
        Measured("placeOrder of two lines, one worker", alone, ratio=_ratios(alone, bare_prepared)),
    ]


def _note_order(bench: Bench, files: Mapping[str, Path]) -> list[Statement]:
    """Places an order in this process, and writes the script that repeats its statements, for each protocol."""
    member, variants, key = seed.buyer(0), (51, 101), "noted"
    token = bench.signing.token(member)
    ask(bench.app, operations.order_body(member, variants, "before"), token)
    with noting(bench.app.state.services.db) as noted:
        placed = ask(bench.app, operations.order_body(member, variants, key), token)
    assert _is_an_order(placed), placed
    for protocol, file in files.items():
        file.write_text(script(noted, member=member, variants=variants, key=key, protocol=protocol))
    return noted


def _is_an_order(data: dict[str, Any]) -> bool:
    order = data["placeOrder"]["order"]
    return order is not None and len(order["lines"]) == 2 and order["payment"]["status"] == "PENDING"


# ---------------------------------------------------------------- the rest


def measure_memory(bench: Bench) -> Measured:
    memory = bench.server.memory_mb
    return Measured("memory of the worker, after all this", megabytes=memory, most_megabytes=MOST_MEMORY_MB)


def _count(bench: Bench, content: operations.Body, member: int | None) -> list[Statement]:
    """The statements of one request, asked once before so that what is read once only has been read."""
    token = None if member is None else bench.signing.token(member)
    ask(bench.app, content, token)
    with noting(bench.app.state.services.db) as noted:
        ask(bench.app, content, token)
    return [statement for statement in noted if statement.counts]


def _ratios(loads: Sequence[Load], rates: Sequence[float]) -> float:
    """The median of the rounds' ratios: what is noisy is noisy for both halves of a round."""
    return median(load.per_second / rate for load, rate in zip(loads, rates, strict=True))


def _check(load: Load, is_right: Callable[[dict[str, Any]], bool]) -> None:
    if load.errors:
        raise SystemExit(f"{load.errors} of {load.answers} answers were errors, such as:\n{load.samples[-1][:2000]}")
    for sample in load.samples:
        if not is_right(json.loads(sample)["data"]):
            raise SystemExit(f"This is not the answer that was asked for:\n{sample[:2000]}")


def _say(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
