"""The pictures that a sheet names: files of a folder, or of a ZIP file beside it."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from catalog.imports.report import Problem
from kernel.database import Transaction
from kernel.refusals import InvalidInput, Refused

LOOKERS = 2
"""How many pictures are looked at at once."""

MOST_PICTURE_BYTES = 20 * 2**20
MOST_FILES = 20_000


class StoredPicture(Protocol):
    """What is known of a picture once it has been looked at."""

    @property
    def key(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def placeholder(self) -> str | None: ...


class Files(Protocol):
    def read(self, name: str) -> bytes:
        """What is in the file of this name. Raises OSError or ValueError where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Folder:
    path: Path

    def read(self, name: str) -> bytes:
        folder = self.path.resolve()
        path = (folder / name).resolve()
        if not path.is_relative_to(folder):
            raise ValueError("outside the folder of pictures")
        with path.open("rb") as file:
            return file.read(MOST_PICTURE_BYTES + 1)


class ZipOfPictures:
    """Files are found by their name alone, whichever folder of the ZIP file they are in."""

    def __init__(self, data: bytes) -> None:
        """Raises ValueError for what is no ZIP file, or holds too many files."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, zlib.error, OSError, ValueError) as error:
            raise ValueError("no ZIP file") from error
        parts = [part for part in self._zip.infolist() if not part.is_dir()]
        if len(parts) > MOST_FILES:
            raise ValueError("too many files")
        self._parts = {PurePosixPath(part.filename).name: part for part in reversed(parts)}
        self._data = data

    def __len__(self) -> int:
        return len(self._parts)

    def read(self, name: str) -> bytes:
        part = self._parts.get(name)
        if part is None:
            raise ValueError("not in the ZIP file")
        try:
            # Each reader has a file of its own: several pictures are read at once.
            with zipfile.ZipFile(io.BytesIO(self._data)) as own, own.open(part) as file:
                return file.read(MOST_PICTURE_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
            raise ValueError("broken") from error


@dataclass(frozen=True, slots=True)
class Pictures:
    """Where the files are, and what is done with them.

    `check` looks at the bytes, and stores them where the import is no dry run; it raises Refused. `keep` takes hold of
    a stored picture, in the transaction that shows it.
    """

    files: Files
    check: Callable[[bytes], StoredPicture]
    keep: Callable[[Transaction, StoredPicture], object]


Reasons = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def look_at(pictures: Pictures, names: Iterable[str]) -> Mapping[str, StoredPicture | Reasons]:
    """The pictures by the names of their files, or why they cannot be had."""
    wanted = list(dict.fromkeys(names))
    # Pillow lets go of Python's lock while it works.
    with ThreadPoolExecutor(LOOKERS) as lookers:
        return dict(zip(wanted, lookers.map(lambda name: _look(pictures, name), wanted), strict=True))


def _look(pictures: Pictures, name: str) -> StoredPicture | Reasons:
    try:
        return pictures.check(pictures.files.read(name))
    except (OSError, ValueError):
        return (("picture_missing", ()),)
    except Refused as refused:
        return tuple(
            (refusal.reason, refusal.facts) if isinstance(refusal, InvalidInput) else ("not_found", ())
            for refusal in refused.refusals
        )


def problems_of(reasons: Reasons, line: int, column: str, name: str) -> list[Problem]:
    return [Problem(line, column, reason, (("file", name), *facts)) for reason, facts in reasons]
