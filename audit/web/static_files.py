"""Styles, scripts and icons: read once, compressed once, kept by browsers for as long as they like.

Their address holds the build, a digest of all of them and of the templates. The files of another
build are not found, so that a page never mixes two.
"""

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import cast

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import NotFound

from audit.web.access import public

_NAME = "static_files"
_TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticFile:
    """One file as it is sent."""

    plain: bytes
    packed: bytes
    type: str


class StaticFiles:
    """What lies in `folder`; `templates` count for the build alone."""

    def __init__(self, folder: Path, templates: Path) -> None:
        digest = sha256()
        for path in (*_walk(templates), *_walk(folder)):
            digest.update(f"{path.name}\0{sha256(path.read_bytes()).hexdigest()}\n".encode())
        self.build = digest.hexdigest()[:_DIGITS]
        self._folder = folder

    @cached_property
    def files(self) -> Mapping[str, StaticFile]:
        """The files by their path in the folder; others, such as licences, are not sent."""
        return {
            path.relative_to(self._folder).as_posix(): StaticFile(
                plain=(data := path.read_bytes()),
                packed=gzip.compress(data, mtime=0),
                type=_TYPES[path.suffix],
            )
            for path in _walk(self._folder)
            if path.suffix in _TYPES
        }

    def address(self, name: str) -> str:
        """Return where `name` is found; a name that is not there is a bug of the template."""
        if name not in self.files:
            raise LookupError(f"there is no static file {name}")
        return f"/static/b/{self.build}/{name}"


def serve_static(app: Flask, files: StaticFiles) -> None:
    """Serve `files`, and let templates ask for their address with `asset(name)`."""
    app.extensions[_NAME] = files
    app.add_url_rule("/static/b/<build>/<path:name>", "static", send)
    app.jinja_env.globals["asset"] = files.address


def files_of(app: Flask) -> StaticFiles:
    """Return the files that `app` serves."""
    return cast("StaticFiles", app.extensions[_NAME])


def build_of(app: Flask) -> str:
    """Return the name of this build."""
    return files_of(app).build


@public
def send(build: str, name: str) -> Response:
    """Send one file of this build."""
    known = files_of(current_app)
    file = known.files.get(name)
    if build != known.build or file is None:
        raise NotFound
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(file.packed if packed else file.plain, content_type=file.type)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def _walk(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())
