"""The pages of one audit: start it, answer section by section, check, complete, sign, report."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from audit.domain.checklist import Asked, Checklist, Section
from audit.domain.completeness import Lack
from audit.domain.definitions import RepeatGroup
from audit.domain.lifecycle import RECORDING, AuditState
from audit.domain.packs import Programme
from audit.errors import Conflict, Invalid, NotFound
from audit.services.audits import (
    Handed,
    Plan,
    complete_audit,
    name_subjects,
    record_responses,
    start_audit,
    what_is_missing,
)
from audit.services.corrections import end_of_visit
from audit.services.evidence import MOST_PHOTOS, take_photo_away
from audit.services.planning import plan_audit
from audit.services.record import ask
from audit.services.reports import issue_report, read_record
from audit.services.visits import OpenAudit, Stop, groups_of, numbered, open_audit, stops
from audit.store.audits import Audit, AuditKind, get_audit, list_audits
from audit.store.corrections import find_correction
from audit.store.evidence import evidence_of
from audit.store.people import Role
from audit.store.photos import MOST_BYTES
from audit.store.reports import report_of
from audit.store.signatures import signatures_of
from audit.store.sites import get_site, list_sites
from audit.web.access import Permission, allow, may
from audit.web.audit_forms import StartForm, SubjectsForm
from audit.web.clocks import clocks_apart
from audit.web.corrections import corrected_by
from audit.web.evidence import keep_sent_photos
from audit.web.forms import submit, told_apart
from audit.web.lists import leaf
from audit.web.request import installation, member, now, session, signed_in
from audit.web.section_form import (
    Row,
    SectionForm,
    raw_responses,
    revision_of,
    rows,
    section_form,
    shown,
)
from audit.web.visit import leads_to_tablet, tablet_page

pages = Blueprint("audits", __name__, url_prefix="/audits")
FIRST = 1
# One item full of photos, each as large as it may be.
LARGEST_SECTION = MOST_PHOTOS * MOST_BYTES


@pages.url_value_preprocessor
def let_photos_pass(*_: object) -> None:
    """Say how much a section may hold before anything reads it."""
    if request.endpoint == "audits.section":
        request.max_content_length = LARGEST_SECTION


def open_one(audit_id: UUID) -> OpenAudit:
    """Return the audit with what it is held against, or raise NotFound."""
    catalogue = installation().shelf.catalogue
    return open_audit(session(), get_audit(session(), audit_id), catalogue)


def _way(opened: OpenAudit) -> tuple[Stop, ...]:
    return stops(opened.visit, opened.basis.checklist)


@pages.get("/")
@allow(Permission.READ)
def index() -> ResponseReturnValue:
    """List the audits, newest first."""
    sites = {site.id: site for site in list_sites(session())}
    found = leaf(lambda limit, offset: list_audits(session(), limit=limit, offset=offset))
    return render_template("audits/index.html", leaf=found, sites=sites)


@pages.route("/new", methods=["GET", "POST"])
@allow(Permission.START_AUDITS)
def new() -> ResponseReturnValue:
    """Start an audit: which site, what to look at, what kind."""
    sites = list_sites(session(), active_only=True)
    catalogue = installation().shelf.catalogue
    programmes = [one for one in catalogue.current() if isinstance(one, Programme)]
    topics = [one for one in catalogue.current() if isinstance(one, Checklist)]
    form = StartForm(data=_usual(sites[0].id if len(sites) == 1 else None))
    form.site.choices = list(told_apart(sites).items())
    form.checklist.choices = [(one.code, one.title) for one in (*programmes, *topics)]
    form.kind.choices = [("self_audit", "Self-audit"), ("inspection", "Inspection")]
    errors: Mapping[str, str] = {}
    if form.is_submitted():
        errors = form.missing()
    if not errors:
        audit, errors = submit(form, lambda: _start(form))
        if audit:
            return redirect(url_for(".resume", audit_id=audit.id))
    page = render_template(
        "audits/new.html",
        form=form,
        sites=sites,
        programmes=programmes,
        topics=topics,
        errors=errors,
    )
    return page, 422 if errors else 200


def _start(form: StartForm) -> Audit:
    plan = Plan(
        site_id=UUID(form.site.data),
        checklist_code=form.checklist.data,
        kind=AuditKind(form.kind.data),
        person_in_charge=form.person_in_charge.data or "",
        present=tuple(filter(None, map(str.strip, (form.present.data or "").split(",")))),
    )
    catalogue = installation().shelf.catalogue
    if form.when.data == "now":
        return start_audit(session(), plan, catalogue=catalogue, by=member(), now=now())
    day = form.day.data or ""
    return plan_audit(session(), plan, day, catalogue=catalogue, by=member(), now=now())


def _usual(site_id: UUID | None) -> dict[str, Any]:
    inspects = signed_in().role is Role.INSPECTOR
    return {
        "site": request.args.get("site") or (str(site_id) if site_id else None),
        "checklist": request.args.get("checklist") or "facial-extraction",
        "kind": "inspection" if inspects else "self_audit",
    }


@pages.get("/<uuid:audit_id>")
@allow(Permission.READ)
def resume(audit_id: UUID) -> ResponseReturnValue:
    """Go to where the audit stands: the first section with something open, or what comes after."""
    audit = get_audit(session(), audit_id)
    match audit.state:
        case AuditState.PLANNED:
            return redirect(url_for("planning.show", audit_id=audit_id))
        case AuditState.IN_PROGRESS:
            at_desk = find_correction(session(), audit.id) is not None
            if not at_desk and may(Permission.RECORD_RESPONSES) and leads_to_tablet():
                return redirect(tablet_page(audit))
            way = _way(open_one(audit_id))
            number = next((stop.number for stop in way if not stop.done), None)
            if number is None:
                return redirect(url_for(".check", audit_id=audit_id))
            return redirect(url_for(".section", audit_id=audit_id, number=number))
        case _:
            return redirect(url_for(".result", audit_id=audit_id))


@pages.route("/<uuid:audit_id>/<int:number>", methods=["GET", "POST"])
@allow(Permission.RECORD_RESPONSES)
def section(audit_id: UUID, number: int) -> ResponseReturnValue:
    """Ask one section; photos sent along are kept even when a response needs mending."""
    places = keep_sent_photos(audit_id) if request.method == "POST" else {}
    opened = open_one(audit_id)
    if opened.row.state is AuditState.PLANNED:
        return redirect(url_for(".resume", audit_id=audit_id))
    if opened.row.state not in RECORDING:
        if request.method == "POST":
            flash(
                "The audit was completed meanwhile. What you just sent is not part of it.", "warn"
            )
        return redirect(url_for(".result", audit_id=audit_id))
    way = _way(opened)
    here = next((stop for stop in way if stop.number == number), None)
    if here is None:
        raise NotFound("This audit has no such section.", code="no_such_section")
    every = _asked_here(opened, here.section)
    data = shown(every, opened.visit.given) | {"revision": str(opened.row.given_revision)}
    form = section_form(every)(data=data)
    if form.is_submitted():
        places |= _save(opened, form, every)
        if not places:
            return redirect(_onward(opened, here))
    if not every and here.unnamed and not form.is_submitted():
        return redirect(_naming(opened, here.unnamed, number))
    page = render_template(
        "audits/section.html",
        audit=opened.row,
        site=get_site(session(), opened.row.site_id),
        way=way,
        here=here,
        form=form,
        parts=_by_subject(rows(form, every, opened.visit.given, places), here.section),
        cite=opened.basis.cite,
        photos=_photos_by_key(audit_id),
        groups=groups_of(here.section),
        subjects=opened.visit.repeats,
        mend=places,
    )
    return page, 422 if places else 200


def _by_subject(every: Iterable[Row], section: Section) -> list[tuple[str, list[Row]]]:
    """Return the rows of each practitioner, load … under its label; all at once where none is."""
    if section.repeat_over is None:
        return [("", list(every))]
    whose = attrgetter("asked.repeat")
    return [(found[0].asked.about, found) for _, one in groupby(every, whose) if (found := [*one])]


def _naming(opened: OpenAudit, group: RepeatGroup, number: int) -> str:
    return url_for(".subjects", audit_id=opened.row.id, group=group.value, number=number)


def _asked_here(opened: OpenAudit, section: Section) -> tuple[Asked, ...]:
    every = ask(opened.visit, opened.basis.checklist)
    return tuple(one for one in every if one.section.code == section.code)


def _photos_by_key(audit_id: UUID) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in evidence_of(session(), audit_id):
        found.setdefault(row.key, []).append(row)
    return found


def _save(opened: OpenAudit, form: SectionForm, every: tuple[Asked, ...]) -> dict[str, str]:
    """Keep what was sent, all of it or none; return what needs mending, by response key."""
    handed = Handed(given=raw_responses(form, every), revision=revision_of(form))
    catalogue = installation().shelf.catalogue
    try:
        record_responses(
            session(), opened.row.id, handed, catalogue=catalogue, by=member(), now=now()
        )
    except Invalid as refusal:
        return refusal.places or {"": refusal.message}
    except Conflict as refusal:
        if refusal.code != "changed_meanwhile":
            raise
        # Sent again, this form stands on what is shown now, so the second time decides.
        form.revision.data = str(opened.row.given_revision)
        return refusal.places
    if photo := request.form.get("remove_photo", type=UUID):
        take_photo_away(session(), photo, by=member(), now=now())
    return {}


def _onward(opened: OpenAudit, here: Stop) -> str:
    """Return where the pressed button leads: back, on, or to the same section."""
    go = request.form.get("go", "stay")
    if go == "away":
        flash("Saved. You can go on whenever you like.")
        return url_for(".index")
    if go.startswith("name-") and go.removeprefix("name-") in set(RepeatGroup):
        return _naming(opened, RepeatGroup(go.removeprefix("name-")), here.number)
    if go == "stay":
        flash("Saved.")
    # Responses just saved may have switched sections on or off.
    numbers = [stop.number for stop in _way(open_one(opened.row.id))]
    before = [number for number in numbers if number < here.number]
    later = [number for number in numbers if number > here.number]
    wanted = {"back": before[-1:], "on": later[:1], "check": []}.get(go, [here.number])
    if go.isdecimal():
        wanted = [number for number in numbers if str(number) == go]
    if not wanted:
        return url_for(".check", audit_id=opened.row.id)
    return url_for(".section", audit_id=opened.row.id, number=wanted[0])


@pages.route("/<uuid:audit_id>/subjects/<group>", methods=["GET", "POST"])
@allow(Permission.RECORD_RESPONSES)
def subjects(audit_id: UUID, group: str) -> ResponseReturnValue:
    """Name the rooms, loads … this audit looks at, or say there are none."""
    if group not in set(RepeatGroup):
        raise NotFound("There is no such group.", code="no_such_group")
    audit, number = get_audit(session(), audit_id), request.args.get("number", FIRST, type=int)
    named = audit.repeats.get(group)
    labels = "\n".join(numbered(one["label"] for one in named or ()))
    form = SubjectsForm(labels=labels, shown=labels, none=named == [])
    done, errors = submit(form, lambda: _name(audit_id, RepeatGroup(group), form))
    if done:
        # Where nobody is, the section is gone; the audit knows where to go on.
        way = [stop.number for stop in _way(open_one(audit_id))]
        onward = ".section" if number in way else ".resume"
        return redirect(url_for(onward, audit_id=audit_id, number=number))
    page = render_template("audits/subjects.html", group=group, form=form, errors=errors)
    return page, 422 if errors else 200


def _name(audit_id: UUID, group: RepeatGroup, form: SubjectsForm) -> bool:
    # Numbered already here, so that the same form sent again names nothing more.
    typed = numbered([] if form.none.data else _lines(form.labels.data))
    if not form.none.data and not typed:
        words = "Write at least one name, or tick that there are none."
        raise Invalid(words, code="no_subjects", places={"labels": words})
    named = get_audit(session(), audit_id, hold=True).repeats.get(group, ())
    labels = _merged(numbered(one["label"] for one in named), _lines(form.shown.data), typed)
    name_subjects(session(), audit_id, group, labels, by=member(), now=now())
    return True


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _merged(current: Sequence[str], shown: Sequence[str], typed: Sequence[str]) -> list[str]:
    """Return what was typed, with what others have named or left out since it was shown."""
    mine = [one for one in typed if one in current or one not in shown]
    return mine + [one for one in current if one not in shown and one not in typed]


@pages.route("/<uuid:audit_id>/check", methods=["GET", "POST"])
@allow(Permission.COMPLETE_AUDITS)
def check(audit_id: UUID) -> ResponseReturnValue:
    """List what is missing; with nothing missing, complete the audit, once."""
    opened = open_one(audit_id)
    if opened.row.state is not AuditState.IN_PROGRESS:
        planned = opened.row.state is AuditState.PLANNED
        return redirect(url_for(".resume" if planned else ".result", audit_id=audit_id))
    if request.method == "POST":
        shelf = installation().shelf
        complete_audit(session(), audit_id, shelf=shelf, by=member(), now=now())
        return redirect(url_for(".result", audit_id=audit_id))
    way = _way(opened)
    lacks = what_is_missing(opened, now=end_of_visit(session(), opened.row, now()))
    return render_template(
        "audits/check.html",
        audit=opened.row,
        way=way,
        lacks=_by_section(lacks, way),
        form=SubjectsForm(),
    )


def _by_section(lacks: tuple[Lack, ...], way: tuple[Stop, ...]) -> list[tuple[Stop, list[Lack]]]:
    """Return what is missing under the section where it can be mended, once."""
    left, found = list(lacks), []
    for stop in way:
        code, groups = stop.section.code, groups_of(stop.section)
        mine = [
            lack
            for lack in left
            if (lack.asked and lack.asked.section.code == code) or lack.group in groups
        ]
        left = [lack for lack in left if lack not in mine]
        if mine:
            found.append((stop, mine))
    return found


@pages.get("/<uuid:audit_id>/result")
@allow(Permission.READ)
def result(audit_id: UUID) -> ResponseReturnValue:
    """Show what a completed audit came to, worst first."""
    audit = get_audit(session(), audit_id)
    if audit.record_digest is None:
        return redirect(_instead_of_result(audit))
    return render_template(
        "audits/result.html",
        audit=audit,
        record=read_record(audit, installation().shelf.blobs),
        photos={row.digest: row.id for row in evidence_of(session(), audit_id)},
        signatures=signatures_of(session(), audit_id),
        report=report_of(session(), audit_id),
        clocks=clocks_apart(audit),
    )


def _instead_of_result(audit: Audit) -> str:
    """Return where there is something to see of an audit that was never completed."""
    if audit.state is not AuditState.WITHDRAWN:
        return url_for(".resume", audit_id=audit.id)
    corrected = corrected_by(audit.id)
    return url_for("reports.show", code=corrected.code) if corrected else url_for(".index")


@pages.post("/<uuid:audit_id>/report")
@allow(Permission.ISSUE_REPORTS)
def report(audit_id: UUID) -> ResponseReturnValue:
    """Print, seal and file the report, once; a second press leads to the same."""
    issued = report_of(session(), audit_id) or issue_report(
        session(), audit_id, press=installation().press, by=member(), now=now()
    )
    return redirect(url_for("reports.show", code=issued.code))
