"""Runs an import or an export in a thread of its own, and writes down how far it is."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import structlog

from catalog.imports.import_catalog import SheetFormat
from console.catalogue.sheet_spool import SheetJob, Spool, Step, set_back
from kernel.refusals import InvalidInput, Refusal, Refused
from schema.admin.context import AdminContext
from schema.admin.export_line import ExportsBusy, apart
from schema.admin.sheet_deeds import SentSheet, SheetOutcome, importing
from schema.codes import CodedError
from schema.locale import LOCALES, Locale
from schema.messages import REASONS, say

log = structlog.get_logger("jifen.console")

PATIENCE_SECONDS = 600.0
"""How long an import waits for another one that is running."""

_TOLD_EVERY_SECONDS = 0.3
_RUN = f"{os.getpid()}:{secrets.token_hex(8)}"
_running: set[str] = set()


Progress = Callable[[int, int], None]


def start(context: AdminContext, spool: Spool, job: SheetJob, step: Step) -> None:
    """Begins a step of an import and returns at once. `step` is LOOKING or APPLYING."""
    job = replace(set_back(job), step=step, run=_RUN)
    spool.write(job)
    _running.add(job.id)
    work = partial(_work, spool, job, partial(_import, context, spool, job))
    threading.Thread(target=work, name=f"import-{job.id[:8]}", daemon=True).start()


def start_export(spool: Spool, job: SheetJob, write: Callable[[Path, Progress], Path]) -> None:
    """Begins an export and returns at once; `write` is given the folder for its file.

    Raises:
        ExportsBusy: as many as may be are running.
    """
    job = replace(job, step=Step.WRITING, run=_RUN)
    folder = spool.folder_for(job)
    _running.add(job.id)
    try:
        apart(lambda: _work(spool, job, partial(_export, spool, job, folder, write)))
    except ExportsBusy:
        _running.discard(job.id)
        spool.drop(job)
        raise


def as_it_stands(spool: Spool, job_id: str) -> SheetJob | None:
    """A job, and whether somebody still works on it: after the server was stopped, nobody does."""
    job = spool.find(job_id)
    if job is not None and job.step.runs and not _is_worked_on(job):
        # It may have come to its end between the two looks.
        job = spool.find(job_id)
        if job is not None and job.step.runs:
            job = replace(job, step=Step.STOPPED)
    return job


def _is_worked_on(job: SheetJob) -> bool:
    if job.run == _RUN:
        return job.id in _running
    pid = int(job.run.partition(":")[0] or 0)
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _work(spool: Spool, job: SheetJob, do: Callable[[], None]) -> None:
    try:
        do()
    except Refused as refused:
        reasons = refused.refusals
        told = {locale: " ".join(_sentence(each, locale) for each in reasons) for locale in LOCALES}
        spool.write(replace(job, step=Step.FAILED, problem=told))
    except Exception:
        log.exception("a sheet failed", kind=job.kind, job=job.id)
        spool.write(replace(job, step=Step.FAILED))
    finally:
        _running.discard(job.id)


def _telling(spool: Spool, job: SheetJob) -> Progress:
    told_at = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at >= _TOLD_EVERY_SECONDS:
            told_at = time.monotonic()
            spool.write(replace(job, done=done, total=total))

    return progress


def _export(spool: Spool, job: SheetJob, folder: Path, write: Callable[[Path, Progress], Path]) -> None:
    path = write(folder, _telling(spool, job))
    spool.write(replace(job, step=Step.DONE, name=path.name, format=path.suffix[1:]))


def _import(context: AdminContext, spool: Spool, job: SheetJob) -> None:
    data, pictures = spool.sheet(job.id)
    applying = job.step is Step.APPLYING
    sheet = SentSheet(
        data,
        job.name,
        SheetFormat(job.format),
        dry_run=not applying,
        skip_broken=job.skip_broken,
        # The same import, however often somebody presses the button, is done once.
        idempotency_key=f"console-{job.id}-{job.skip_broken}" if applying else "",
        pictures=pictures,
    )
    outcome = _in_turn(importing(context, sheet, _telling(spool, job)))
    report = outcome.report
    if outcome.repeated:
        # What was counted is all that is known of it; the rows were told by the dry run.
        spool.write(replace(job, step=Step.DONE))
        return
    spool.write_report(job.id, report)
    spool.write(replace(job, step=Step.DONE if applying and report.done else Step.LOOKED))


def _in_turn(use_case: Callable[[], SheetOutcome]) -> SheetOutcome:
    """Waits for its turn: one process does one import at a time."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return use_case()
        except CodedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


def _sentence(refusal: Refusal, locale: Locale) -> str:
    """Blank for what has no words of its own: the page says then that it failed."""
    if isinstance(refusal, InvalidInput):
        return say(REASONS, refusal.reason, locale, **dict(refusal.facts))
    return ""
