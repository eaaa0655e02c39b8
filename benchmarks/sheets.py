"""Imports and exports a sheet of 20,000 rows on SQLite and on PostgreSQL: `.venv/bin/python -m benchmarks.sheets`.

Every row is a product of its own, in two languages, with stock; one in four has a special price, one in five an offer.
That is the most work that 20,000 rows can make, and the audit log has an entry for each thing. The bound: the import
takes less than a minute. It ends with 1 where that is missed. Nothing is left behind.
"""

from __future__ import annotations

import io
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.postgres import postgres
from catalog.exports.catalog_rows import export_catalog
from catalog.exports.write import write_sheet
from catalog.imports.import_catalog import ImportCatalog, SheetFormat, import_catalog
from catalog.imports.report import ImportReport
from kernel.clock import FixedClock
from kernel.database import Database, Transaction
from migrations import run as migrations
from program.document import read_document
from program.versions import publish_reference, reference_document
from schema.admin.import_audit import note_import

ROWS = 20_000
MOST_SECONDS = 60.0

PROGRAM = read_document(reference_document())
NOW = datetime.now(UTC)

_HEADING = (
    "slug,name,name:en,description,description:en,category,category:en,attributes,sku,variant,price,stock,"
    "special_price,special_until,offer_points,offer_cash,offer_quota"
)
_WHAT = (
    ("羽绒服", "down jacket"),
    ("衬衫", "shirt"),
    ("牛仔裤", "jeans"),
    ("运动鞋", "sneakers"),
    ("背包", "backpack"),
)
_HOW = (("轻薄", "light"), ("加厚", "thick"), ("纯棉", "cotton"), ("防水", "waterproof"), ("复古", "vintage"))


def sheet(rows: int = ROWS) -> bytes:
    lines = [_HEADING]
    until = (NOW + timedelta(days=30)).isoformat()
    for n in range(rows):
        what, how = _WHAT[n % 5], _HOW[n // 5 % 5]
        price = 100 + n % 900
        special = f"{price * 0.8:.2f},{until}" if n % 4 == 0 else ","
        offer = f"{1000 + n % 500},{price * 0.5:.2f},100" if n % 5 == 0 else ",,"
        lines.append(
            f"product-{n},{how[0]}{what[0]} {n:05},{how[1]} {what[1]} {n:05},"
            f"{how[0]}面料，四季皆宜，做工精细，七天无理由退换。,For all seasons: {how[1]} and finely made.,"
            f"服饰 > {what[0]},Clothing > {what[1]},面料: {how[0]},K{n:05},{'SML'[n % 3]},{price}.00,{n % 50},"
            f"{special},{offer}"
        )
    return "\n".join(lines).encode()


def main() -> int:
    data, good = sheet(), True
    print(f"{ROWS:,} rows, {len(data) / 2**20:.1f} MB\n")
    print(f"{'':36}{'SQLite':>12}{'PostgreSQL':>12}")
    times: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="jifen-bench-") as folder, postgres() as pg:
        for url in (f"sqlite:///{folder}/sheets.db", pg.url):
            for what, seconds in _measured(url, data, Path(folder)):
                times.setdefault(what, []).append(seconds)
    for what, seconds in times.items():
        bounded = what.startswith("import")
        kept = all(each < MOST_SECONDS for each in seconds)
        good &= kept or not bounded
        verdict = f"   < {MOST_SECONDS:.0f} s {'ok' if kept else 'missed'}" if bounded else ""
        print(f"{what:36}" + "".join(f"{each:10.1f} s" for each in seconds) + verdict)
    print(f"\nmost memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return 0 if good else 1


def _measured(url: str, data: bytes, folder: Path) -> list[tuple[str, float]]:
    migrations.upgrade(url)
    db = Database(url)
    with db.write() as tx:
        publish_reference(tx, NOW - timedelta(days=1))
    found: list[tuple[str, float]] = []

    def timed(what: str, dry_run: bool, file: bytes) -> None:
        started = time.perf_counter()
        command = ImportCatalog(file, SheetFormat.AUTO, dry_run=dry_run)

        def also(tx: Transaction, report: ImportReport) -> None:
            note_import(tx, report, file, actor="benchmark", at=NOW)

        report = import_catalog(db, FixedClock(NOW), PROGRAM, command, None, also=also)
        assert not report.problems, report.problems[:3]
        found.append((what, time.perf_counter() - started))

    timed("dry run", True, data)
    timed("import, all new", False, data)
    timed("import again, nothing changes", False, data)
    changed = data.replace(b".00,", b".50,")
    timed("import, every price changes", False, changed)
    for kind in ("csv", "xlsx"):
        started = time.perf_counter()
        out = io.BytesIO()
        with db.read() as conn:
            export = export_catalog(conn, at=NOW, program=PROGRAM)
            write_sheet(out, export.columns, export.rows, workbook=kind == "xlsx")
        found.append((f"export, {kind}", time.perf_counter() - started))
        timed(f"import of the exported {kind}", False, out.getvalue())
    db.close()
    return found


if __name__ == "__main__":
    sys.exit(main())
