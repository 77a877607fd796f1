"""The application with made-up checklists of 60 and 300 items, in a process of its own.

Their items are compliance items of the shipped checklists, with their guidance and their law, ten
to a section; all are always asked, and all take a photo.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import closing, suppress
from dataclasses import replace
from http.client import HTTPConnection, HTTPException
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import yaml

from audit.app import create_app
from audit.domain.catalogue import load_catalogue, pin
from audit.resources import shipped
from audit.services.acting import Shelf
from audit.settings import load_settings
from audit.web.request import Installation
from audit.web.serving import serve_forever
from tests.services.small_library import PACK
from tests.soak.house import House

IN_A_SECTION = 10
WIRE = "wire.jsonl"
_LEFT_OUT = ("when", "repeat_over", "translations")
_PATIENCE_S = 60


class BenchHouse(House):
    """A house of one organisation, served with the checklists of the bench."""

    def serve(self) -> None:
        """Start the real server, and wait until it answers."""
        environment = {
            **os.environ,
            "AUDIT_DATA_DIR": str(self.folder),
            "AUDIT_BASE_URL": f"http://127.0.0.1:{self.port}",
        }
        command = [sys.executable, "-m", "bench.house", str(self.port)]
        with (self.folder / "served.log").open("ab") as log:
            self._process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        until = time.monotonic() + _PATIENCE_S
        while time.monotonic() < until:
            asking = HTTPConnection("127.0.0.1", self.port, timeout=5)
            with closing(asking), suppress(OSError, HTTPException):
                asking.request("GET", "/health")
                asking.getresponse()
                return
            time.sleep(0.1)
        raise TimeoutError("the server did not start")


def write_checklists(folder: Path, sizes: tuple[int, ...]) -> None:
    """Write one checklist of each size into `folder`, with the facts they cite."""
    shutil.copyfile(shipped("checklists") / "facts.yaml", folder / "facts.yaml")
    files = {f"bench-{size}": _checklist(size) for size in sizes}
    for name, told in {**files, "us-ut": _texts(PACK)}.items():
        (folder / name).mkdir()
        # JSON is YAML as well, and never has anchors.
        text = json.dumps(told, ensure_ascii=False, default=str)
        (folder / name / "1.yaml").write_text(text, encoding="utf-8")
    pin(folder)


def _texts(yaml_text: str) -> Any:
    """Read YAML with all values as text: elsewhere "yes" would become a truth value."""
    return yaml.load(yaml_text, yaml.BaseLoader)  # noqa: S506 - the safest one, makes texts only


def _checklist(size: int) -> dict[str, Any]:
    turns = islice(enumerate(cycle(_items())), size)
    # Where the shipped items run out, they come once more under another code.
    items = [{**item, "code": f"{item['code']}_{at}"} for at, item in turns]
    sections = [
        {
            "code": f"part_{at}",
            "title": f"Part {1 + at // IN_A_SECTION}",
            "items": items[at : at + IN_A_SECTION],
        }
        for at in range(0, size, IN_A_SECTION)
    ]
    about = {"code": f"bench-{size}", "version": 1, "edition": "2026-11", "topic": "glove-use"}
    return {**about, "title": f"{size} items", "sections": sections}


def _items() -> list[dict[str, Any]]:
    found = []
    for path in sorted(shipped("checklists").glob("*/*.yaml")):
        told = _texts(path.read_text(encoding="utf-8"))
        if told.get("kind") == "pack":
            continue
        for section in told.get("sections", ()):
            found += [item for item in section["items"] if item["kind"] == "compliance"]
    evidence = {"evidence": {"photo": "optional", "comment": "on_failure"}}
    return [
        {**{name: said for name, said in item.items() if name not in _LEFT_OUT}, **evidence}
        for item in found
    ]


class Counted:
    """An application, and a file in which each answer stands with its size on the wire."""

    def __init__(self, inner: Any, path: Path) -> None:
        self._inner = inner
        self._path = path

    def __call__(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        """Answer, and write down how much of it there was."""
        head: list[int] = []

        def started(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            head.append(len(status) + sum(len(name) + len(said) + 4 for name, said in headers))
            return start(status, headers, *more)

        answer = self._inner(environ, started)
        body = list(answer)
        if hasattr(answer, "close"):
            answer.close()
        told = {
            "path": environ["PATH_INFO"],
            "for": environ.get("HTTP_SEC_FETCH_DEST", ""),
            "head": head[0],
            "body": sum(map(len, body)),
        }
        with self._path.open("a", encoding="utf-8") as log:
            log.write(json.dumps(told) + "\n")
        return body


def main(port: int) -> None:
    """Serve the installation that the environment names, counting what it sends."""
    settings = load_settings(dict(os.environ))
    app = create_app(settings)
    installed: Installation = app.extensions["hygiene_audit"]
    catalogue = load_catalogue(settings.data_dir / "checklists")
    shelf = Shelf(catalogue=catalogue, blobs=installed.shelf.blobs)
    app.extensions["hygiene_audit"] = replace(installed, shelf=shelf)
    app.wsgi_app = Counted(app.wsgi_app, settings.data_dir / WIRE)
    serve_forever(app, host="127.0.0.1", port=port, threads=8)


if __name__ == "__main__":
    main(int(sys.argv[1]))
