"""What a tablet is told: what to take along, and how one audit stands."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from audit.domain.catalogue import Catalogue, PackName
from audit.domain.lifecycle import AuditState
from audit.domain.packs import Pack, Programme
from audit.services.audits import known_subjects
from audit.services.receipts import said
from audit.store.audits import Audit, ResponseChange, current_changes, get_audit, list_audits
from audit.store.corrections import correcting
from audit.store.device import ReceivedChange, Standing, received_of
from audit.store.evidence import Evidence, evidence_of
from audit.store.findings import list_open_findings
from audit.store.people import list_members
from audit.store.reports import ReportState, list_reports
from audit.store.sites import Site, get_site, list_sites

Plain = dict[str, object]
Page = Callable[[str, int, PackName | None], str]
MOST_AUDITS = 300


def take_along(session: Session, catalogue: Catalogue, page: Page) -> Plain:
    """Return the sites with what can be looked at there, and the audits not completed yet."""
    sites = list_sites(session, active_only=True)
    named = {site.id: site.name for site in list_sites(session)}
    # A report is corrected at a desk: what differs is seen and signed there.
    left = correcting(session)
    waiting = [
        audit
        for state in (AuditState.IN_PROGRESS, AuditState.PLANNED)
        for audit in list_audits(session, state=state, limit=MOST_AUDITS)
        if audit.id not in left
    ]
    return {
        "sites": [_site(session, site, catalogue, page) for site in sites],
        "audits": [
            {
                **_head(audit, page),
                "site_name": named[audit.site_id],
                "inspector": audit.inspector_name,
                **(_rest(session, audit) if audit.state is AuditState.PLANNED else {}),
            }
            for audit in waiting
        ],
    }


def _site(session: Session, site: Site, catalogue: Catalogue, page: Page) -> Plain:
    return {
        "id": str(site.id),
        "name": site.name,
        "address": site.address,
        "zone": site.zone,
        "jurisdiction": site.jurisdiction,
        "services": list(site.services),
        "subjects": known_subjects(session, site.id),
        "findings": [
            {
                "words": one.words,
                "severity": one.severity.value,
                "due_on": one.due_on.isoformat() if one.due_on else None,
            }
            for one in list_open_findings(session, site.id)
        ],
        "last_report": _last_report(session, site.id),
        "pages": list(_pages(site, catalogue, page)),
    }


def _last_report(session: Session, site_id: UUID) -> Plain | None:
    for report in list_reports(session, site_id, ReportState.CURRENT, limit=1):
        audit = get_audit(session, report.audit_id)
        return {
            "code": report.code,
            "outcome": audit.outcome,
            "percent": audit.percent,
            "on": said(report.issued_at),
        }
    return None


def _pages(site: Site, catalogue: Catalogue, page: Page) -> Iterable[Plain]:
    pack = catalogue.pack_for(site.jurisdiction)
    used = (pack.code, pack.version) if pack else None
    for one in catalogue.current():
        if not isinstance(one, Pack):
            yield {
                "code": one.code,
                "title": one.title,
                "kind": "programme" if isinstance(one, Programme) else "checklist",
                "version": one.version,
                "pack": pack.code if pack else None,
                "pack_version": pack.version if pack else None,
                "digest": catalogue.get(one.code, one.version, used).digest,
                "page": page(one.code, one.version, used),
            }


def _head(audit: Audit, page: Page) -> Plain:
    pack = (audit.pack_code, int(audit.pack_version or 0)) if audit.pack_code else None
    return {
        "id": str(audit.id),
        "number": audit.number,
        "site": str(audit.site_id),
        "kind": audit.kind.value,
        "state": audit.state.value,
        "page": page(audit.checklist_code, int(audit.checklist_version), pack),
        "revision": audit.given_revision,
        "started_at": said(audit.started_at) if audit.started_at else None,
        "scheduled_for": audit.scheduled_for.isoformat() if audit.scheduled_for else None,
    }


def _rest(session: Session, audit: Audit) -> Plain:
    """Return what a tablet needs to open an audit; of a planned one, as the site is by now."""
    site = get_site(session, audit.site_id)
    planned = audit.state is AuditState.PLANNED
    return {
        "digest": audit.checklist_digest,
        "zone": site.zone if planned else audit.zone,
        "services": list(site.services if planned else audit.services),
        "person_in_charge": audit.person_in_charge,
        "repeats": known_subjects(session, site.id) if planned else audit.repeats,
    }


def pull(session: Session, audit: Audit, page: Page, *, since: int) -> Plain:
    """Return an audit with the responses changed after the revision `since`."""
    voice = Voice(session, audit.id)
    current = current_changes(session, audit.id)
    return {
        **_head(audit, page),
        "site_name": get_site(session, audit.site_id).name,
        **_rest(session, audit),
        "cells": [voice.cell(one) for one in current.values() if one.sequence > since],
        "photos": [_photo(row) for row in evidence_of(session, audit.id)],
        "conflicts": voice.conflicts(),
    }


def _photo(row: Evidence) -> Plain:
    return {
        "id": str(row.id),
        "key": row.key,
        "digest": row.known_as,
        "size": row.size,
        "width": row.width,
        "height": row.height,
        "taken_at": _said(row.taken_at),
        "drawn_on": str(row.drawn_on) if row.drawn_on else None,
    }


class Voice:
    """Says changes of one audit as tablets read them: as they were made, and by whom."""

    def __init__(self, session: Session, audit_id: UUID) -> None:
        """Read the names, and what came from tablets."""
        self._names: Mapping[UUID, str] = {
            person.id: person.name for _, person in list_members(session)
        }
        self._received = {row.change_id: row for row in received_of(session, audit_id)}

    def cell(self, change: ResponseChange) -> Plain:
        """Return what is current for a key."""
        return {
            "key": change.key,
            "change": str(change.change_id),
            "raw": self._raw(change),
            "by": self._names[change.person_id],
            "at": said(change.at),
            "claimed_at": _said(change.claimed_at),
            "via": change.via,
        }

    def conflicts(self) -> list[Plain]:
        """Return what is kept beside until someone chooses."""
        return [
            self._beside(row) for row in self._received.values() if row.stands is Standing.CONFLICT
        ]

    def _beside(self, row: ReceivedChange) -> Plain:
        return {
            "id": str(row.change_id),
            "key": row.key,
            "raw": json.loads(row.raw),
            "by": self._names[row.person_id],
            "at": said(row.received_at),
            "claimed_at": said(row.at),
        }

    def _raw(self, change: ResponseChange) -> object:
        """Return the response, or what was typed where it is none yet, such as a mere comment."""
        came = self._received.get(change.change_id)
        if change.after is not None or came is None:
            return change.after
        return json.loads(came.raw)


def _said(moment: datetime | None) -> str | None:
    return said(moment) if moment else None
