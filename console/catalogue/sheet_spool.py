"""Where an import waits between its steps, and an export until it is fetched: the files, and how far it is.

In a folder of this machine, so that every process of the server on it can tell how far one is, and a reload
loses nothing. What is there for two days is taken away.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import tempfile
import time
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path

import orjson

from catalog.imports.report import ImportReport
from console.catalogue.sheet_reports import KeptReport, packed

KEPT_SECONDS = 2 * 24 * 3600
_ID = re.compile(r"[0-9a-f]{32}")


class Step(StrEnum):
    """LOOKING: the dry run goes on. LOOKED: it waits for somebody to say yes. APPLYING, then DONE.

    Of an export: WRITING, then DONE.

    FAILED: it could not be done, `problem` says why. STOPPED: whoever ran it is gone, and nothing was changed.
    """

    LOOKING = "LOOKING"
    LOOKED = "LOOKED"
    APPLYING = "APPLYING"
    WRITING = "WRITING"
    DONE = "DONE"
    FAILED = "FAILED"
    STOPPED = "STOPPED"

    @property
    def runs(self) -> bool:
        return self in (Step.LOOKING, Step.APPLYING, Step.WRITING)


class Kind(StrEnum):
    IMPORT = "IMPORT"
    EXPORT = "EXPORT"


@dataclass(frozen=True)
class SheetJob:
    """`run` names the process that works on it. `problem`: sentences by language, where it failed. `begun`: when.

    Of an export, `name` is that of the file to be fetched, and `format` what it is: csv, xlsx or zip.
    """

    id: str
    staff_id: str
    name: str
    format: str
    pictures_name: str = ""
    step: Step = Step.LOOKING
    done: int = 0
    total: int = 0
    skip_broken: bool = False
    run: str = ""
    problem: dict[str, str] = field(default_factory=dict[str, str])
    kind: Kind = Kind.IMPORT
    begun: str = ""


class Spool:
    def __init__(self, secret: bytes, where: Path | None = None) -> None:
        """`secret` is the shop's: two shops on one machine do not share a folder, and nobody guesses its name."""
        mark = hashlib.sha256(b"sheets" + secret).hexdigest()[:24]
        self._folder = (where or Path(tempfile.gettempdir())) / f"jifen-sheets-{mark}"

    def new(self, job: SheetJob, data: bytes, pictures: bytes | None) -> SheetJob:
        folder = self.folder_for(job)
        (folder / "sheet").write_bytes(data)
        if pictures is not None:
            (folder / "pictures").write_bytes(pictures)
        return job

    def folder_for(self, job: SheetJob) -> Path:
        """A new job's own folder."""
        self._sweep()
        folder = self._folder / job.id
        folder.mkdir()
        self.write(job)
        return folder

    def drop(self, job: SheetJob) -> None:
        shutil.rmtree(self._folder / job.id, ignore_errors=True)

    def file(self, job: SheetJob) -> Path:
        """What an export has written."""
        return self._folder / job.id / job.name

    def find(self, job_id: str) -> SheetJob | None:
        if not _ID.fullmatch(job_id):
            return None
        try:
            told = orjson.loads((self._folder / job_id / "job.json").read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return None
        return SheetJob(**{**told, "step": Step(told["step"]), "kind": Kind(told.get("kind", Kind.IMPORT))})

    def latest_of(self, staff_id: str, most: int) -> list[SheetJob]:
        """What somebody has begun, newest first."""
        if not self._folder.exists():
            return []
        jobs = (self.find(folder.name) for folder in self._folder.iterdir())
        own = [job for job in jobs if job is not None and job.staff_id == staff_id]
        return sorted(own, key=lambda job: job.begun, reverse=True)[:most]

    def write(self, job: SheetJob) -> None:
        self._put(job.id, "job.json", orjson.dumps(asdict(job)))

    def sheet(self, job_id: str) -> tuple[bytes, bytes | None]:
        folder = self._folder / job_id
        pictures = folder / "pictures"
        return (folder / "sheet").read_bytes(), pictures.read_bytes() if pictures.exists() else None

    def write_report(self, job_id: str, report: ImportReport) -> None:
        self._put(job_id, "report", packed(report))

    def report(self, job_id: str) -> KeptReport | None:
        """To be closed by whoever asks."""
        try:
            return KeptReport(self._folder / job_id / "report")
        except FileNotFoundError:
            return None

    def has_report(self, job_id: str) -> bool:
        """Whether a dry run has come to its end, so that somebody can have seen what would change."""
        return (self._folder / job_id / "report").exists()

    def _put(self, job_id: str, name: str, data: bytes) -> None:
        """Whoever reads meanwhile finds the old one or the new one."""
        whole = self._folder / job_id / name
        part = whole.with_suffix(f".{secrets.token_hex(4)}")
        part.write_bytes(data)
        part.replace(whole)

    def _sweep(self) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        if self._folder.stat().st_uid != os.getuid():
            raise PermissionError(f"{self._folder} belongs to somebody else")
        for folder in self._folder.iterdir():
            if time.time() - folder.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def new_job_id() -> str:
    return secrets.token_hex(16)


def set_back(job: SheetJob) -> SheetJob:
    """As it was before it ran."""
    return replace(job, done=0, total=0, problem={})
