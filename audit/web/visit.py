"""The pages of a tablet: the same bytes for everyone, so that it may keep and open them anywhere.

Nothing here knows who is signed in; an audit's id stands behind "#", where no server sees it.
"""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from audit.domain.checklist import (
    Asked,
    Checklist,
    Item,
    ParentItem,
    Section,
    Subject,
    asked,
    situation,
)
from audit.domain.definitions import RepeatGroup
from audit.domain.packs import OutcomeRule
from audit.domain.progress import count_items
from audit.services.definition import define
from audit.services.record import Basis, find_basis
from audit.services.signatures import MEANINGS
from audit.services.visits import Stop, groups_of
from audit.store.audits import Audit
from audit.web.access import public
from audit.web.request import installation
from audit.web.section_form import Row, rows, section_form

pages = Blueprint("visit", __name__, url_prefix="/visit")

# Scripts put a subject's own id and name where these stand; no subject is called so.
_ANYONE = Subject(id="*", label=" ")
_EVERY_GROUP = dict.fromkeys(RepeatGroup, (_ANYONE,))
_NAME = "visit_pages"
# Set by scripts once this browser has shown that it keeps data.
_COOKIE = "tablet"
_MOST_KEPT = 64

Parts = list[tuple[RepeatGroup | None, list[Row]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as it is sent, and the name of exactly these bytes."""

    plain: bytes
    packed: bytes
    name: str


@pages.get("")
@public
def start() -> ResponseReturnValue:
    """Show what this tablet keeps; scripts fill it in."""
    return _send(_kept(("",), lambda: render_template("visit/start.html", who=nobody)))


@pages.get("/plain")
@public
def plain() -> ResponseReturnValue:
    """Lead to the plain pages, for good: this browser keeps nothing any more, or has no scripts."""
    response = redirect(url_for("audits.index"))
    response.delete_cookie(_COOKIE, samesite="Lax")
    return response


@pages.get("/<code>/<int:version>")
@pages.get("/<code>/<int:version>/<pack>/<int:pack_version>")
@public
def checklist(
    code: str, version: int, pack: str = "", pack_version: int = 0
) -> ResponseReturnValue:
    """Show a checklist, as the pack of a place makes it, with all its sections."""
    catalogue = installation().shelf.catalogue
    named = (pack, pack_version) if pack else None
    basis = find_basis(catalogue, code=code, version=version, pack=named)
    return _send(_kept((code, version, named), lambda: _print(basis)))


def leads_to_tablet() -> bool:
    """Say whether this browser has shown that it keeps data, and the plain pages are not wanted."""
    return request.cookies.get(_COOKIE) == "keeps" and "plain" not in request.args


def tablet_page(audit: Audit) -> str:
    """Return the address at which a tablet opens `audit`."""
    page: dict[str, Any] = {"code": audit.checklist_code, "version": audit.checklist_version}
    if audit.pack_code:
        page |= {"pack": audit.pack_code, "pack_version": audit.pack_version}
    return url_for("visit.checklist", **page, _anchor=str(audit.id))


def nobody() -> None:
    """Stand in for who is signed in: these pages are printed for no one."""


def _print(basis: Basis) -> str:
    rule = basis.pack.outcome if basis.pack else OutcomeRule()
    every = _all_items(basis.checklist)
    form = section_form(every)(formdata=None, meta={"csrf": False})
    found = list(rows(form, every, {}))
    sections = list(enumerate(basis.checklist.sections, start=1))
    return render_template(
        "visit/checklist.html",
        who=nobody,
        checklist=basis.checklist,
        definition=define(basis.checklist, rule),
        way=[_stop(number, section) for number, section in sections],
        parts={number: _by_group(found, section) for number, section in sections},
        cite=basis.cite,
        groups_of=groups_of,
        MEANINGS=MEANINGS,
    )


def _stop(number: int, section: Section) -> Stop:
    total = count_items(item for item, _ in section.each())
    return Stop(number=number, section=section, total=total, answered=0, unnamed=None)


def _all_items(checklist: Checklist) -> tuple[Asked, ...]:
    """Return every item, whatever it depends on, and what is repeated once, for anyone."""
    sections = tuple(
        section.model_copy(update={"when": None, "items": tuple(map(_asked_always, section.items))})
        for section in checklist.sections
    )
    known = situation(frozenset(), _EVERY_GROUP, {})
    return asked(checklist.model_copy(update={"sections": sections}), known, _EVERY_GROUP)


def _asked_always(entry: Item | ParentItem) -> Item | ParentItem:
    if not isinstance(entry, ParentItem):
        return entry.model_copy(update={"when": None})
    children = tuple(item.model_copy(update={"when": None}) for item in entry.items)
    return entry.model_copy(update={"when": None, "items": children})


def _by_group(found: list[Row], section: Section) -> Parts:
    """Return the rows of a section in runs of what is repeated together: an item and its own."""
    here = [row for row in found if row.asked.section.code == section.code]
    if section.repeat_over:
        return [(section.repeat_over, here)]
    each = groupby(here, lambda row: row.asked.parent_key or row.asked.key)
    runs = [[*rows_of] for _, rows_of in each]
    return [(run[0].asked.item.repeat_over, run) for run in runs]


def _kept(what: tuple[object, ...], make: Callable[[], str]) -> Page:
    """Return the page of `what`, made when first asked for: it stays the same while we run."""
    known: dict[tuple[object, ...], Page] = current_app.extensions.setdefault(_NAME, {})
    if what not in known:
        plain = make().encode()
        page = Page(
            plain=plain,
            packed=gzip.compress(plain, mtime=0),
            name=sha256(plain).hexdigest()[:24],
        )
        if len(known) >= _MOST_KEPT:
            known.clear()
        known[what] = page
    return known[what]


def _send(page: Page) -> Response:
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(page.packed if packed else page.plain, mimetype="text/html")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    # Kept by anyone, and asked about each time; the name holds for both ways of sending.
    response.headers["Cache-Control"] = "public, no-cache"
    response.set_etag(page.name, weak=True)
    response.make_conditional(request)
    return response
