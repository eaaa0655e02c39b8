"""Imports and exports as the pages see them: found by their address, followed while they run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from console.catalogue import sheet_runs
from console.catalogue.sheet_spool import Kind, SheetJob, Spool
from console.visit import Visit, url

LATEST = 10
"""So many imports and exports of one's own are listed."""


@dataclass(frozen=True)
class ShownJob:
    job: SheetJob
    page: str
    begun: datetime | None


def spool_of(visit: Visit) -> Spool:
    return Spool(visit.context.services.secret)


def found_job(visit: Visit, kind: Kind) -> SheetJob:
    """The one that the address names. Reads files: to be run in a worker thread."""
    job = sheet_runs.as_it_stands(spool_of(visit), str(visit.request.path_params["job"]))
    if job is None or job.kind is not kind:
        raise HTTPException(404)
    return job


def latest_jobs(visit: Visit) -> Sequence[ShownJob]:
    """The viewer's own, newest first, so that who has closed a page finds it again. Reads files."""
    spool = spool_of(visit)
    jobs = [sheet_runs.as_it_stands(spool, job.id) for job in spool.latest_of(visit.context.viewer.id, LATEST)]
    return [
        ShownJob(job, page_of(job), datetime.fromisoformat(job.begun) if job.begun else None)
        for job in jobs
        if job is not None and (job.kind is Kind.EXPORT or visit.may("importCatalog"))
    ]


def page_of(job: SheetJob) -> str:
    return f"/sheets/exports/{job.id}" if job.kind is Kind.EXPORT else f"/sheets/{job.id}"


async def progress_of(visit: Visit, kind: Kind) -> Response:
    """For the bar that moves: how far it is, and where to go in the end."""
    job = await visit.run(lambda: found_job(visit, kind))
    told: dict[str, object] = {"done": job.done, "total": job.total}
    if not job.step.runs:
        told["next"] = url(page_of(job))
    return JSONResponse(told)
