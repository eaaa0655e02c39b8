"""The program page: the version in force in words and as a table, all versions, and what differs between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.desk import Desk, page
from console.program_deeds import ProgramDeeds
from console.program_lines import TIER_RULES, Difference, Line, differences, program_lines
from console.program_words import in_words
from console.visit import Visit
from program.config import Program, Programs, ProgramVersion
from program.queries import version_records
from schema.context import Reading


@dataclass(frozen=True)
class Listed:
    """One version in the list. `changes`: in how many rules it differs from the one published before it."""

    version: ProgramVersion
    state: str
    published_by: str
    changes: int | None


@dataclass(frozen=True)
class Shelf:
    """All versions, the newest first, and the one in force."""

    listed: Sequence[Listed]
    current: ProgramVersion
    programs: Programs

    def state(self, number: int) -> str:
        return next(each.state for each in self.listed if each.version.version == number)


class ProgramDesk(ProgramDeeds, Desk):
    path = "/program"
    label = "nav_program"
    icon = "fa-scroll"
    sees = "programVersions"

    @page("", "programVersions")
    async def show(self, visit: Visit) -> Response:
        shelf = await _shelf(visit)
        return _version_page(visit, shelf, shelf.current)

    @page("/versions/{version}", "programVersions")
    async def version(self, visit: Visit) -> Response:
        shelf = await _shelf(visit)
        return _version_page(visit, shelf, _numbered(shelf.programs, visit.request.path_params["version"]))

    @page("/compare", "programVersions")
    async def compare(self, visit: Visit) -> Response:
        shelf = await _shelf(visit)
        one, other = (_numbered(shelf.programs, visit.asked(name)) for name in ("one", "other"))
        found = differences(one.program, other.program, visit)
        return visit.page(
            "program_compare.html",
            title=visit.t("prg_compare_title", one=one.version, other=other.version),
            shelf=shelf,
            one=one.version,
            other=other.version,
            differences=by_section(found, lambda each: each.section),
        )


def by_section(found: Sequence[Difference], section: Callable[[Difference], str]) -> list[tuple[str, list[Difference]]]:
    return [(title, list(group)) for title, group in groupby(found, section)]


@dataclass(frozen=True)
class RuleTable:
    """Rules by section; those of the tiers side by side: a column for each tier, a row for each rule."""

    sections: Sequence[tuple[str, list[Line]]]
    tiers: Sequence[tuple[str, str]]
    of_tiers: Sequence[tuple[str, list[str]]]


def table_of_rules(program: Program, visit: Visit) -> RuleTable:
    lines = program_lines(program, visit)
    by_path = {line.path: line.words for line in lines}
    of_tiers = {f"tiers.levels.{tier.code}.{key}" for tier in program.tiers for key in TIER_RULES}
    own = [line for line in lines if line.path not in of_tiers]
    return RuleTable(
        sections=[(title, list(group)) for title, group in groupby(own, lambda line: line.section)],
        tiers=[(tier.code, "") for tier in program.tiers],
        of_tiers=[
            (visit.t(f"prg_{label}"), [by_path.get(f"tiers.levels.{tier.code}.{key}", "–") for tier in program.tiers])
            for key, label in TIER_RULES.items()
        ],
    )


async def _shelf(visit: Visit) -> Shelf:
    def look(reading: Reading) -> Shelf:
        programs, current = reading.programs, reading.programs.at(reading.now)
        listed: list[Listed] = []
        for record in version_records(reading.conn):
            version = programs.number(record.version)
            if version is current:
                state = "now"
            elif version.effective_at > reading.now and programs.at(version.effective_at) is version:
                state = "planned"
            else:
                state = "past"
            before = programs.number(record.version - 1).program if record.version > 1 else None
            changes = None if before is None else len(differences(before, version.program, visit))
            listed.append(Listed(version, state, record.published_by, changes))
        return Shelf(listed[::-1], current, programs)

    return await visit.context.read(look)


def _numbered(programs: Programs, number: str) -> ProgramVersion:
    if not (number.isascii() and number.isdigit() and 0 < len(number) < 10):
        raise HTTPException(404)
    try:
        return programs.number(int(number))
    except KeyError:
        raise HTTPException(404) from None


def _version_page(visit: Visit, shelf: Shelf, version: ProgramVersion) -> Response:
    t, program = visit.t, version.program
    lead = "prg_lead_planned" if shelf.state(version.version) == "planned" else "prg_lead"
    before = shelf.programs.number(version.version - 1) if version.version > 1 else None
    found = [] if before is None else differences(before.program, program, visit)
    return visit.page(
        "program.html",
        title=t("prg_title", name=visit.named(program.name)),
        lead=t(lead, n=version.version, at=visit.formats.when(version.effective_at)),
        shelf=shelf,
        version=version,
        is_current=version is shelf.current,
        chapters=in_words(program, visit),
        rules=table_of_rules(program, visit),
        before=before,
        differences=by_section(found, lambda each: each.section),
    )
