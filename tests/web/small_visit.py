"""An audit of the small checklist, carried out through the pages."""

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from uuid import UUID

from flask import Flask
from PIL import Image

from audit.services.acting import Shelf
from audit.web.request import Installation
from tests.services.small_library import small_library
from tests.web.conftest import PASSWORD, House, Visitor

FIRST_SECTION = {
    "gloves_worn": "yes",
    "water_warm": "41,5",
    "glove_changes.done": "9",
    "glove_changes.missed": "1",
}
ROOMS = {"room_clean@1": "yes", "room_clean@2": "yes"}


def offer_small_library(app: Flask, folder: Path) -> None:
    """Let `app` audit by the small checklist alone."""
    installed: Installation = app.extensions["hygiene_audit"]
    shelf = Shelf(catalogue=small_library(folder), blobs=installed.shelf.blobs)
    app.extensions["hygiene_audit"] = replace(installed, shelf=shelf)


def start(visitor: Visitor, house: House, in_charge: str = "Lee Park") -> UUID:
    """Start a self-audit and return its id."""
    visitor.get("/audits/new")
    started = visitor.post(
        "/audits/new",
        site=str(house.site_id),
        checklist="small-check",
        kind="self_audit",
        person_in_charge=in_charge,
    )
    return UUID(re.findall(r"[0-9a-f-]{36}", started.location)[0])


def answer(visitor: Visitor, audit_id: UUID, **changed: object) -> None:
    """Name two rooms and respond to everything, with `changed` among the first section's."""
    visitor.post(f"/audits/{audit_id}/subjects/rooms?number=2", labels="One\nTwo")
    visitor.post(f"/audits/{audit_id}/1", **{**FIRST_SECTION, **changed})
    visitor.post(f"/audits/{audit_id}/2", **ROOMS)


def complete(visitor: Visitor, house: House) -> UUID:
    """Start, answer and complete."""
    audit_id = start(visitor, house)
    answer(visitor, audit_id)
    visitor.post(f"/audits/{audit_id}/check")
    return audit_id


def sign(visitor: Visitor, audit_id: UUID, **fields: object) -> int:
    """Sign as whoever is next; return the status."""
    page = visitor.get(f"/audits/{audit_id}/sign").text
    part = re.findall(r'name="part" value="(\w+)"', page)[0]
    given = {"part": part, "name": "Ines Ray", "role": "Owner", "password": PASSWORD, **fields}
    return visitor.post(f"/audits/{audit_id}/sign", **given).status_code


def issue(visitor: Visitor, house: House) -> str:
    """Go all the way to a report; return its code."""
    audit_id = complete(visitor, house)
    sign(visitor, audit_id)
    sign(visitor, audit_id, name="Lee Park", role="Person in charge")
    issued = visitor.post(f"/audits/{audit_id}/report")
    return str(issued.location).rpartition("/")[2]


def photo(shade: int = 0) -> BytesIO:
    """A picture as a camera makes it."""
    made = BytesIO()
    Image.new("RGB", (640, 480), (shade * 9, 128, 128)).save(made, "JPEG")
    made.seek(0)
    return made
