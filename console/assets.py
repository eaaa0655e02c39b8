"""Style sheets, scripts and fonts, all served by ourselves. An address carries a mark of the content, and so lasts.

Three places: our own folder, what starlette-admin brings along, and Plotly's script, which comes inside its package.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import mimetypes
import re
from functools import cache, lru_cache
from pathlib import Path

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

MOUNTED_AT = "/console/static"

_FOREVER = "public, max-age=31536000, immutable"
_STYLE_NAMES = re.compile(r'getElementById\("([0-9a-f]{64})"\)')
_PACKED = (".css", ".js", ".svg")
_NAMED_IN_STYLES = re.compile(rb"""url\((\.\.?/[^)?#"']+)\)""")


def _package(name: str, *folders: str) -> Path:
    # Found without being loaded: Plotly takes a second to import, and only a file of it is wanted.
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).resolve().parent.joinpath(*folders)


_FOLDERS = (Path(__file__).resolve().parent / "static", _package("starlette_admin", "static"))
_PLOTLY = "plotly.min.js"


@cache
def address(name: str) -> str:
    """The address of a file, for templates."""
    found = _find(name)
    if found is None:
        raise FileNotFoundError(name)
    return f"{MOUNTED_AT}/{name}?v={_mark(found)}"


@cache
def plotly_styles() -> tuple[str, ...]:
    """The names of the style sheets that Plotly's script would add, which a page's policy forbids. Where an element of
    such a name is there already, the script adds none: the one it uses it fills by script, the others are for maps.
    """
    path = _find(_PLOTLY)
    assert path is not None
    return ("plotly.js-style-global", *sorted(set(_STYLE_NAMES.findall(path.read_text()))))


async def serve(request: Request) -> Response:
    """A file; packed where the browser takes that, for Plotly's script is large."""
    found = await anyio.to_thread.run_sync(_find, request.path_params["path"])
    if found is None:
        raise HTTPException(404)
    mark = await anyio.to_thread.run_sync(_mark, found)
    headers = {"ETag": f'"{mark}"', "Vary": "Accept-Encoding", "Content-Security-Policy": "default-src 'none'"}
    headers["Cache-Control"] = _FOREVER if request.query_params.get("v") == mark else "no-cache"
    if request.headers.get("if-none-match") == f'"{mark}"':
        return Response(status_code=304, headers=headers)
    packed = found.suffix in _PACKED and "gzip" in request.headers.get("accept-encoding", "")
    data = await anyio.to_thread.run_sync(_packed if packed else _content, found)
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(data, media_type=mimetypes.guess_type(found.name)[0], headers=headers)


# Not without bound: anybody may ask for any name.
@lru_cache(maxsize=512)
def _find(name: str) -> Path | None:
    if "\x00" in name:
        return None
    if name == _PLOTLY:
        return _package("plotly", "package_data", _PLOTLY)
    return next((found for folder in _FOLDERS if (found := _inside(folder, folder / name))), None)


def _inside(folder: Path, path: Path) -> Path | None:
    path = path.resolve()
    return path if path.is_relative_to(folder) and path.is_file() else None


def _content(path: Path) -> bytes:
    """What is served. The fonts that a style sheet names get their marks: otherwise each page asks for them again."""
    if path.suffix != ".css":
        return path.read_bytes()
    folder = next(folder for folder in _FOLDERS if path.is_relative_to(folder))

    def marked(named: re.Match[bytes]) -> bytes:
        font = _inside(folder, path.parent / named[1].decode())
        return named[0] if font is None else b"url(%b?v=%b)" % (named[1], _mark(font).encode())

    return _NAMED_IN_STYLES.sub(marked, path.read_bytes())


@cache
def _mark(path: Path) -> str:
    return hashlib.sha256(_content(path)).hexdigest()[:16]


@cache
def _packed(path: Path) -> bytes:
    return gzip.compress(_content(path), 6)
