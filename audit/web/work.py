"""Work from tablets that waits for people: two responses to one item, and what did not count."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from audit.domain.checklist import Checklist, ParentItem
from audit.domain.lifecycle import RECORDING
from audit.errors import Invalid, NotFound, Refusal
from audit.services.batches import Opening, opening_of
from audit.services.changes import PHOTO, SUBJECTS, read_change
from audit.services.decisions import Choice, leave_out, settle_conflict, take_over
from audit.services.keeping import signers_in
from audit.services.visits import basis_of
from audit.store.audits import Audit, current_changes, find_audit, get_audit
from audit.store.device import (
    CLOSING,
    START,
    ReceivedChange,
    Standing,
    Upload,
    count_work_to_look_at,
    get_upload,
    open_conflicts,
    work_to_look_at,
)
from audit.store.people import list_members
from audit.store.sites import Site, get_site
from audit.web.access import Permission, allow
from audit.web.forms import ReasonForm
from audit.web.request import installation, member, now, session
from audit.web.section_form import ABSENCES

pages = Blueprint("work", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One change in words: who made it, when it came, and when their tablet said it was."""

    id: UUID
    about: str
    words: str
    by: str
    at: datetime
    claimed_at: datetime | None
    why: Standing | None = None
    hint: str = ""
    photo: bool = False


def choices_of(audit_id: UUID) -> int:
    """Return how many items of an audit have more than one response."""
    return len({one.key for one in open_conflicts(session(), audit_id)})


def count() -> int:
    """Return how much waits for a manager."""
    return count_work_to_look_at(session())


@pages.get("/audits/<uuid:audit_id>/conflicts")
@allow(Permission.RECORD_RESPONSES)
def conflicts(audit_id: UUID) -> ResponseReturnValue:
    """Show each item with more than one response, to choose one."""
    audit = get_audit(session(), audit_id)
    speaker = Speaker(audit)
    current = current_changes(session(), audit_id)
    found: dict[str, list[Told]] = {}
    for row in open_conflicts(session(), audit_id):
        if row.key not in found:
            one = current[row.key]
            now_there = Told(
                id=one.change_id,
                about=speaker.about(row.key),
                words=speaker.stored(row.key, one.after),
                by=speaker.names[one.person_id],
                at=one.at,
                claimed_at=one.claimed_at,
            )
            found[row.key] = [now_there]
        found[row.key].append(speaker.change(row))
    return render_template(
        "device/conflicts.html",
        audit=audit,
        site=get_site(session(), audit.site_id),
        found=found,
        form=ReasonForm(),
    )


@pages.post("/audits/<uuid:audit_id>/conflicts")
@allow(Permission.RECORD_RESPONSES)
def choose(audit_id: UUID) -> ResponseReturnValue:
    """Make the chosen response the current one."""
    try:
        chosen = UUID(request.form.get("chosen", ""))
    except ValueError as error:
        raise Invalid("Choose one of the responses.", code="nothing_chosen") from error
    choice = Choice(audit_id=audit_id, key=request.form.get("key", ""), chosen=chosen)
    settle_conflict(session(), choice, shelf=installation().shelf, by=member(), now=now())
    flash("Chosen. The other response stays on record.")
    if choices_of(audit_id):
        return redirect(url_for(".conflicts", audit_id=audit_id))
    return redirect(url_for("audits.resume", audit_id=audit_id))


@pages.get("/work")
@allow(Permission.TAKE_OVER_WORK)
def index() -> str:
    """Show what did not count, by audit."""
    return _show({})


@pages.post("/work/<uuid:audit_id>")
@allow(Permission.TAKE_OVER_WORK)
def decide(audit_id: UUID) -> ResponseReturnValue:
    """Take over or leave out what waits of one audit, with a reason."""
    reason = ReasonForm().reason.data or ""
    try:
        if request.form.get("act") == "take_over":
            shelf = installation().shelf
            take_over(session(), audit_id, reason=reason, shelf=shelf, by=member(), now=now())
            flash("Taken over, under the name of who did the work.")
        else:
            leave_out(session(), audit_id, reason=reason, by=member(), now=now())
            flash("Left out. It stays on record with your reason.")
    except Invalid as refusal:
        return _show({audit_id: refusal}), 422
    return redirect(url_for(".index"))


@pages.get("/work/photos/<uuid:evidence_id>.jpg")
@allow(Permission.TAKE_OVER_WORK)
def photo(evidence_id: UUID) -> Response:
    """Show a photo that waits, so that nobody decides unseen."""
    row = get_upload(session(), evidence_id)
    if row.stored is None or row.stored_size is None:
        raise NotFound("There is no such photo.", code="evidence_unknown")
    return Response(installation().shelf.blobs.get(row.stored), mimetype="image/jpeg")


def _show(errors: Mapping[UUID, Refusal]) -> str:
    changes, photos = work_to_look_at(session())
    audits = dict.fromkeys([one.audit_id for one in changes] + [one.audit_id for one in photos])
    groups = []
    for audit_id in audits:
        audit = find_audit(session(), audit_id)
        start = next((one for one in changes if one.change_id == audit_id), None)
        opening = opening_of(start.raw) if start and audit is None else None
        site_id = audit.site_id if audit else opening and opening.site_id
        speaker = Speaker(audit, opening)
        told = [speaker.change(one) for one in changes if one.audit_id == audit_id]
        told += [speaker.photo(one) for one in photos if one.audit_id == audit_id]
        error = errors.get(audit_id)
        site = _site(site_id) if site_id else None
        groups.append(
            {
                "id": audit_id,
                "audit": audit,
                "site": site,
                "lost": bool(site_id and site is None),
                "closed": bool(audit and audit.state not in RECORDING),
                "told": told,
                "error": error.message if error else "",
            }
        )
    return render_template("device/work.html", groups=groups, form=ReasonForm())


def _site(site_id: UUID) -> Site | None:
    """Return where an audit was begun; a tablet may name a place that is none of ours."""
    with suppress(NotFound):
        return get_site(session(), site_id)
    return None


class Speaker:
    """Says changes of one audit in words; of an audit that waits itself, as they came."""

    def __init__(self, audit: Audit | None, opening: Opening | None = None) -> None:
        """Read who everyone is, and what the audit asks, or will once it is taken over."""
        self.names = {person.id: person.name for _, person in list_members(session())}
        self._audit = audit
        self._checklist: Checklist | None = None
        catalogue = installation().shelf.catalogue
        if audit is not None:
            self._checklist = basis_of(audit, catalogue).checklist
        elif opening is not None:
            # The tablet may have had a checklist that we do not: then its codes are shown.
            with suppress(NotFound):
                self._checklist = catalogue.get(opening.code, opening.version, opening.pack)

    def change(self, row: ReceivedChange) -> Told:
        """Return a change as it came."""
        return Told(
            id=row.change_id,
            about=self.about(row.key),
            words=_showable(self._came(row)),
            by=self.names[row.person_id],
            at=row.received_at,
            claimed_at=row.at,
            why=row.stands,
            hint=row.words,
        )

    def photo(self, row: Upload) -> Told:
        """Return a photo that waits."""
        return Told(
            id=row.evidence_id,
            about=self.about(row.key),
            words="A photo",
            photo=row.stored_size is not None,
            by=self.names[row.person_id],
            at=row.received_at,
            claimed_at=row.taken_at,
            why=row.stands,
            hint=row.words,
        )

    def about(self, key: str) -> str:
        """Return what a key is about: the item and whose, or the group."""
        if key in _NAMED:
            return _NAMED[key]
        if key.startswith(SUBJECTS):
            return f"Which {key.removeprefix(SUBJECTS)} were looked at"
        if key.startswith(PHOTO):
            return "A photo"
        code, _, repeat = key.partition("@")
        item = self._checklist.items.get(code) if self._checklist else None
        label = self._label(repeat)
        return " · ".join(filter(None, (item.prompt if item else key, label)))

    def stored(self, key: str, after: Mapping[str, object] | None) -> str:
        """Return a response as it is kept, in words."""
        if after is None:
            return "No response"
        if key.startswith(SUBJECTS):
            named = after.get("subjects")
            labels = [one["label"] for one in named] if isinstance(named, list) else []
            return ", ".join(labels) or "None"
        if key.startswith(PHOTO):
            return "Taken away"
        return self._response(key, after)

    def _response(self, key: str, after: Mapping[str, object]) -> str:
        item = self._checklist.items.get(key.partition("@")[0]) if self._checklist else None
        response = None if item is None or isinstance(item, ParentItem) else item.read(after)
        if item is None or isinstance(item, ParentItem) or response is None:
            return json.dumps(after, ensure_ascii=False)
        said = dict(ABSENCES).get(response.absent or "", "") or item.say(response.parts)
        return " — ".join(filter(None, (said, response.reason, response.comment)))

    def _came(self, row: ReceivedChange) -> str:
        if row.key == CLOSING:
            return ", ".join(signers_in(row)) or "Nobody whose name can be read"
        raw = json.loads(row.raw)
        if row.key == START:
            return self._checklist.title if self._checklist else str(raw.get("code", ""))
        if self._audit is None or self._checklist is None:
            return _plain(raw)
        try:
            return self.stored(row.key, read_change(self._audit, self._checklist, row.key, raw))
        except Invalid:
            return _plain(raw)

    def _label(self, repeat: str) -> str:
        named = self._audit.repeats.values() if self._audit else ()
        labels = {one["id"]: one["label"] for subjects in named for one in subjects}
        return str(labels.get(repeat, repeat))


_NAMED = {START: "An audit begun on a tablet", CLOSING: "Signatures from a tablet"}


def _showable(text: str) -> str:
    """Return `text` with a mark for each half of a letter: it is kept as it came, but no page."""
    return text.encode(errors="replace").decode()


def _plain(raw: object) -> str:
    if isinstance(raw, dict):
        return ", ".join(str(value) for value in raw.values())
    return "No response" if raw is None else str(raw)
