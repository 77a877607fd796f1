"""How an organisation's reports look: logo, colour, how to reach it, and the size of photos.

What is set here is frozen into each report when it is issued; earlier ones keep theirs.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from pydantic import ValidationError
from sqlalchemy.orm import Session

from audit.errors import Invalid
from audit.services.acting import Member
from audit.services.entries import EMAIL, Entries
from audit.store.blobs import Blobs
from audit.store.journal import write_entry
from audit.store.photos import PlainPhoto, make_plain
from audit.store.scope import the_organisation
from reports.snapshot import Branding, Logo, PhotoSize

# Printed seventy millimetres wide at most: enough for a sharp edge, and small in every report.
LONGEST_LOGO = 800
SHORTEST_LOGO = 120
_NO_LOGO = "Choose a JPEG, PNG or WebP picture of your logo."
_LINES = ("address", "phone", "email", "web")
_REACHED_BY = {
    "email": (EMAIL, "Write an email address, such as care@example.org."),
    "phone": (
        re.compile(r"(?=(?:\D*\d){3})[+(\d][\d\s()./-]*(?:\D{0,12}\d{1,6})?"),
        "Write a telephone number, such as +1 416 555 0100.",
    ),
    "web": (
        re.compile(r"(?:https?://)?[^\s:/.]+(?:\.[^\s:/.]+)+(?::\d+)?(?:/\S*)?"),
        "Write the address of a website, such as www.example.org.",
    ),
}
_NO_COLOUR = "Write the colour as # and six digits from 0 to F, such as #7A1F5C."


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandingEntry:
    """A look as it was typed; without a new `logo` the one there stays, if it is to be kept."""

    logo: PlainPhoto | None = None
    keep_logo: bool = True
    accent: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    web: str = ""
    photos: str = "small"


def make_logo(data: bytes) -> PlainPhoto:
    """Return a picture as a logo, on white as paper is; Invalid says why it cannot be one."""
    try:
        made = make_plain(data, LONGEST_LOGO)
    except Invalid as refusal:
        if refusal.code != "photo_refused" and data:
            raise
        why = refusal.message.partition(". ")[0].replace("photo", "picture")
        raise Invalid(f"{why}. {_NO_LOGO}", code=refusal.code) from refusal
    if max(made.width, made.height) < SHORTEST_LOGO:
        size = f"{made.width} x {made.height}"
        words = f"This picture has {size} points, too few to print. {_NO_LOGO}"
        raise Invalid(words, code="logo_small")
    return made


def branding_of(session: Session) -> Branding | None:
    """Return how reports look that are issued now; None for the look of the house."""
    kept = the_organisation(session).branding
    return Branding.model_validate(kept) if kept else None


def change_branding(
    session: Session, entry: BrandingEntry, *, blobs: Blobs, by: Member, now: datetime
) -> Branding | None:
    """Change the look of reports to come; Invalid names each field that needs a change."""
    organisation = the_organisation(session, hold=True)
    before = branding_of(session)
    lines, accent, photos = _read(entry)
    logo = before.logo if before and entry.keep_logo else None
    if entry.logo:
        made = entry.logo
        logo = Logo(digest=blobs.put(made.data), width=made.width, height=made.height)
    look = Branding(logo=logo, accent=accent or None, photos=photos, **lines)
    after = None if look == Branding() else look
    organisation.branding = after.model_dump(mode="json") if after else None
    write_entry(
        session,
        act="change_branding",
        by=by.actor,
        subject=("organisation", organisation.id),
        at=now,
        details={
            "before": before.model_dump(mode="json") if before else {},
            "after": organisation.branding or {},
        },
    )
    return after


def _insist_reachable(entries: Entries, lines: Mapping[str, str]) -> None:
    """Refuse what nobody could write to, call or open: it would stand on every report."""
    for name, (form, words) in _REACHED_BY.items():
        if lines[name] and not form.fullmatch(lines[name]):
            entries.refuse(name, words)


def _read(entry: BrandingEntry) -> tuple[dict[str, str], str, PhotoSize]:
    entries = Entries()
    lines = {name: entries.text(name, getattr(entry, name)) for name in _LINES}
    _insist_reachable(entries, lines)
    accent = entry.accent.strip().upper()
    if accent:
        try:
            Branding(accent=accent)
        except ValidationError as error:
            told = error.errors()[0]
            pale = told["type"] == "value_error"
            words = told["msg"].removeprefix("Value error, ") if pale else _NO_COLOUR
            entries.refuse("accent", words)
    if entry.photos not in get_args(PhotoSize):
        entries.refuse("photos", "Choose small or large.")
    entries.check()
    return lines, accent, "large" if entry.photos == "large" else "small"
