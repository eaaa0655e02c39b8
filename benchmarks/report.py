"""The table that a run ends in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.client import Load


@dataclass(frozen=True, slots=True)
class Measured:
    """One row. `ratio` is to the row that it is measured against; bounds are absent where there are none."""

    what: str
    loads: Sequence[Load] = ()
    statements: int | None = None
    most_statements: int | None = None
    ratio: float | None = None
    least_ratio: float | None = None
    rates: Sequence[float] = field(default=())
    megabytes: float | None = None
    most_megabytes: float | None = None

    @property
    def per_second(self) -> float | None:
        rates = [load.per_second for load in self.loads] or list(self.rates)
        return median(rates) if rates else None

    @property
    def misses(self) -> list[str]:
        """The bounds that are missed."""
        missed: list[str] = []
        if self.ratio is not None and self.least_ratio is not None and self.ratio < self.least_ratio:
            missed.append("ratio")
        if self.statements is not None and self.most_statements is not None and self.statements > self.most_statements:
            missed.append("statements")
        if self.megabytes is not None and self.most_megabytes is not None and self.megabytes > self.most_megabytes:
            missed.append("memory")
        return missed

    @property
    def bounded(self) -> bool:
        return any(bound is not None for bound in (self.most_statements, self.least_ratio, self.most_megabytes))


def print_table(rows: Sequence[Measured]) -> bool:
    """Prints all rows. Says whether every bound is kept."""
    heads = ("", "per second", "median ms", "99 % ms", "statements", "ratio", "bound", "")
    table = [heads, *(_cells(row) for row in rows)]
    widths = [max(len(line[i]) for line in table) for i in range(len(heads))]
    for line in table:
        numbers = [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
        print("  ".join([line[0].ljust(widths[0]), *numbers]).rstrip())
    return not any(row.misses for row in rows)


def _cells(row: Measured) -> tuple[str, ...]:
    loads = row.loads
    bounds = [
        f"≥ {row.least_ratio}" if row.least_ratio is not None else "",
        f"≤ {row.most_statements}" if row.most_statements is not None else "",
        f"≤ {row.most_megabytes:.0f} MB" if row.most_megabytes is not None else "",
    ]
    verdict = ("missed: " + ", ".join(row.misses) if row.misses else "ok") if row.bounded else ""
    return (
        row.what,
        f"{row.megabytes:.0f} MB" if row.megabytes is not None else _number(row.per_second),
        f"{median(load.median_ms for load in loads):.1f}" if loads else "",
        f"{median(load.slow_ms for load in loads):.1f}" if loads else "",
        str(row.statements) if row.statements is not None else "",
        f"{row.ratio:.4f}" if row.ratio is not None else "",
        ", ".join(bound for bound in bounds if bound),
        verdict,
    )


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"
