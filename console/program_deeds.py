"""A new version of the program: as a form or as its JSON document, looked at as differences, then published."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from checkout.publish_program import preview_program, publish_program
from console.desk import deed, page
from console.forms import Errors, local_time_of, text_of
from console.program_form import NEW_LEVEL, Document, as_json, levels_of, names_of, of_form, placed, sections
from console.program_lines import differences
from console.program_words import in_words
from console.visit import Visit
from kernel.refusals import Refusals
from program.config import Program, Programs
from program.document import MAX_LEVELS
from program.queries import version_by_number
from schema.context import Reading


class _Every(frozenset[str]):
    """Any path is a field's name here: `placed` finds the field afterwards."""

    def __contains__(self, name: object) -> bool:
        return True


EVERY = _Every()


@dataclass(frozen=True)
class Draft:
    """A version that is being written. `when` is the field as it was typed; `follows` the newest version seen."""

    document: Document
    when: str = ""
    follows: int = 0
    expert: bool = False


class ProgramDeeds:
    """Mixed into the program desk: everything below /program/new."""

    @page("/new", "publishProgram")
    async def ask_publish(self, visit: Visit) -> Response:
        return _form(visit, await _first_draft(visit), Errors())

    @page("/new/document", "publishProgram")
    async def ask_document(self, visit: Visit) -> Response:
        draft = await _first_draft(visit)
        return _expert(visit, draft, as_json(draft.document), Errors())

    @deed("/new", "publishProgram")
    async def publish(self, visit: Visit) -> Response:
        form = await visit.form()
        basis = _json_of(text_of(form, "basis"))
        if basis is None:
            raise HTTPException(404)
        draft = Draft(of_form(form, basis), text_of(form, "effectiveAt"), _follows(form))
        step = text_of(form, "do")
        levels = levels_of(draft.document)
        if step == "add" and len(levels) < MAX_LEVELS:
            levels.append({**deepcopy(NEW_LEVEL), "benefits": []})
            return _form(visit, draft, Errors())
        if step.startswith("remove."):
            if (rank := step.removeprefix("remove.")).isdigit() and 0 < int(rank) < len(levels):
                levels.pop(int(rank))
            return _form(visit, draft, Errors())
        if step == "expert":
            return _expert(visit, draft, as_json(draft.document), Errors())
        return await _review(visit, form, draft)

    @deed("/new/document", "publishProgram")
    async def publish_document(self, visit: Visit) -> Response:
        form = await visit.form()
        text, when = text_of(form, "document"), text_of(form, "effectiveAt")
        try:
            document: Any = json.loads(text)
        except (ValueError, RecursionError) as error:
            line, column = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (1, 1)
            errors = Errors()
            errors.add("document", visit.t("prg_bad_json", line=line, column=column))
            return _expert(visit, Draft({}, when, _follows(form), expert=True), text, errors)
        draft = Draft(document, when, _follows(form), expert=True)
        step = text_of(form, "do")
        if step == "form" and isinstance(document, dict):
            return _form(visit, draft, Errors())
        return await _review(visit, form, draft, text)

    @deed("/new/publish", "publishProgram")
    async def publish_reviewed(self, visit: Visit) -> Response:
        """From the page that shows the differences: it is published, or changed again."""
        form = await visit.form()
        document = _json_of(text_of(form, "document"))
        if document is None:
            raise HTTPException(404)
        expert = text_of(form, "expert") == "yes"
        draft = Draft(document, text_of(form, "effectiveAt"), _follows(form), expert)
        if text_of(form, "do") == "edit":
            return _again(visit, draft, Errors(), as_json(document))
        shop, actor = visit.context.services.shop, visit.context.actor

        def do() -> int:
            return publish_program(shop, document, _start(visit, form), actor, follows=draft.follows)

        attempt = await visit.attempt(do, EVERY)
        if attempt.done is None:
            return await _review(visit, form, draft, as_json(document), attempt.errors)
        visit.tell("prg_told_published", n=attempt.done)
        return visit.go(f"/program/versions/{attempt.done}")


async def _first_draft(visit: Visit) -> Draft:
    def look(reading: Reading) -> Draft:
        version = reading.programs.at(reading.now).version
        record = version_by_number(reading.conn, version)
        return Draft(record.document, follows=reading.programs.latest)

    return await visit.context.read(look)


def _start(visit: Visit, form: FormData) -> datetime | None:
    """When it is to take effect; None: at once. Raises Refused for what is no time."""
    refusals = Refusals()
    at = local_time_of(form, "effectiveAt", visit.zone, refusals)
    refusals.raise_any()
    return at


def _follows(form: FormData) -> int:
    text = text_of(form, "follows")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _json_of(text: str) -> Document | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


async def _review(
    visit: Visit, form: FormData, draft: Draft, text: str | None = None, refused: Errors | None = None
) -> Response:
    """The differences and the new version in words; or the form again, with what is wrong at its fields."""
    shop = visit.context.services.shop

    def look() -> tuple[Program, datetime | None]:
        start = _start(visit, form)
        return preview_program(shop, draft.document, start), start

    attempt = await visit.attempt(look, EVERY)
    if attempt.done is None:
        return _again(visit, draft, attempt.errors, text)
    program, start = attempt.done

    def behind(reading: Reading) -> tuple[Programs, datetime]:
        return reading.programs, reading.now

    programs, now = await visit.context.read(behind)
    follows = programs.at(start or now)
    found = differences(follows.program, program, visit)
    return visit.page(
        "program_review.html",
        422 if refused else 200,
        title=visit.t("prg_review"),
        draft=Draft(draft.document, draft.when, programs.latest, draft.expert),
        document=as_json(draft.document),
        errors=refused,
        follows=follows.version,
        number=programs.latest + 1,
        count=len(found),
        differences=[(title, list(group)) for title, group in groupby(found, lambda each: each.section)],
        chapters=in_words(program, visit),
        start=start,
    )


def _again(visit: Visit, draft: Draft, errors: Errors, text: str | None) -> Response:
    if draft.expert:
        return _expert(visit, draft, text if text is not None else as_json(draft.document), errors)
    return _form(visit, draft, errors)


def _form(visit: Visit, draft: Draft, errors: Errors) -> Response:
    found = sections(draft.document, visit)
    return visit.page(
        "program_new.html",
        422 if errors else 200,
        title=visit.t("prg_new"),
        lead=visit.t("prg_new_lead"),
        draft=draft,
        basis=as_json(draft.document),
        sections=[section for section in found if section.level is None],
        levels=[section for section in found if section.level is not None],
        errors=placed(errors, names_of(found)),
    )


def _expert(visit: Visit, draft: Draft, text: str, errors: Errors) -> Response:
    # Everything but the time is wrong somewhere in the one field: each error names its place.
    shown = Errors(general=list(errors.general))
    for name, sentences in errors.by_field.items():
        for sentence in sentences:
            apart = name in ("effectiveAt", "document")
            place = name.encode("utf-8", "replace").decode()
            shown.add(name if apart else "document", sentence if apart else f"{place}: {sentence}")
    return visit.page(
        "program_document.html",
        422 if errors else 200,
        title=visit.t("prg_expert"),
        draft=draft,
        text=text,
        errors=shown,
    )
