"""From the rows of one audit to the visit that is judged and recorded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from audit.domain.catalogue import Catalogue
from audit.domain.checklist import Checklist, Repeats, Section, Subject, situation
from audit.domain.completeness import lacking_groups
from audit.domain.credentials import standing_of
from audit.domain.definitions import RepeatGroup, Service
from audit.domain.progress import progress
from audit.domain.responses import Given
from audit.services.record import Basis, Visit, ask, find_basis
from audit.services.telling import read_language
from audit.store.audits import Audit
from audit.store.evidence import Evidence, evidence_of
from audit.store.practitioners import credentials_of, list_practitioners
from audit.store.scope import the_organisation
from audit.store.sites import get_site, sterilizers_of
from reports import snapshot as frozen


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAudit:
    """An audit's row with what it is held against and what was seen so far."""

    row: Audit
    basis: Basis
    visit: Visit


def open_audit(session: Session, audit: Audit, catalogue: Catalogue) -> OpenAudit:
    """Return `audit` ready to be asked, judged or recorded."""
    basis = basis_of(audit, catalogue)
    organisation = the_organisation(session)
    site = get_site(session, audit.site_id)
    visit = Visit(
        audit=str(audit.id),
        kind=audit.kind.value,
        demo=organisation.demo,
        organisation=frozen.Party(name=organisation.name),
        site=frozen.Party(name=site.name, address=site.address),
        jurisdiction=site.jurisdiction,
        zone=audit.zone,
        services=frozenset(Service(code) for code in audit.services),
        repeats=repeats_of(audit),
        given=given_of(audit, basis.checklist),
        inspector=audit.inspector_name,
        person_in_charge=audit.person_in_charge,
        started_at=audit.started_at or audit.created_at,
        present=tuple(audit.present),
        photos=_photos(evidence_of(session, audit.id)),
        practitioners=_practitioners(session, audit),
        language=read_language(site.language),
    )
    return OpenAudit(row=audit, basis=basis, visit=visit)


def basis_of(audit: Audit, catalogue: Catalogue) -> Basis:
    """Return what `audit` has been held against since its start."""
    pack = (audit.pack_code, int(audit.pack_version or 0)) if audit.pack_code else None
    return find_basis(
        catalogue, code=audit.checklist_code, version=int(audit.checklist_version), pack=pack
    )


def given_of(audit: Audit, checklist: Checklist) -> Given:
    """Return the stored responses, read again by their items."""
    found = {}
    for key, stored in audit.given.items():
        response = checklist.items[key.partition("@")[0]].read(stored)
        if response is not None:
            found[key] = response
    return found


def repeats_of(audit: Audit) -> Repeats:
    """Return what the audit repeats over, as it was named at the visit; namesakes are numbered."""
    return {
        RepeatGroup(group): tuple(
            Subject(id=one["id"], label=label)
            for one, label in zip(named, numbered(one["label"] for one in named), strict=True)
        )
        for group, named in audit.repeats.items()
    }


def numbered(labels: Iterable[str]) -> tuple[str, ...]:
    """Return the labels, each once: a second "Room 1" is "Room 1 (2)"."""
    wanted = list(labels)
    taken = set(wanted)
    found: dict[str, None] = {}
    for label in wanted:
        own = label
        if own in found:
            own = next(one for n in count(2) if (one := f"{label} ({n})") not in taken)
            taken.add(own)
        found[own] = None
    return tuple(found)


def site_subjects(session: Session, site_id: UUID) -> Mapping[RepeatGroup, tuple[Subject, ...]]:
    """Return the practitioners and sterilizers known at a site, to be named at its audits."""
    people = list_practitioners(session, site_id, active_only=True)
    machines = [one for one in sterilizers_of(session, site_id) if one.in_use]
    named = {
        RepeatGroup.PRACTITIONERS: tuple(Subject(id=str(p.id), label=p.name) for p in people),
        RepeatGroup.STERILIZERS: tuple(Subject(id=str(m.id), label=m.name) for m in machines),
    }
    return {group: subjects for group, subjects in named.items() if subjects}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One section on the way through an audit, with how much of it is answered."""

    number: int
    section: Section
    total: int
    answered: int
    unnamed: RepeatGroup | None

    @property
    def done(self) -> bool:
        """Whether nothing here is left to answer."""
        return self.unnamed is None and self.answered == self.total


def stops(visit: Visit, checklist: Checklist) -> tuple[Stop, ...]:
    """Return the sections a visit goes through, in order."""
    every = ask(visit, checklist)
    known = situation(visit.services, visit.repeats, visit.given)
    nameless = {lack.group for lack in lacking_groups(checklist, known, visit.repeats)}
    found = []
    for number, section in enumerate(checklist.sections, start=1):
        here = progress((one for one in every if one.section.code == section.code), visit.given)
        open_here = section.when is None or section.when.holds(known)
        groups = groups_of(section) if open_here else ()
        unnamed = next((group for group in groups if group in nameless), None)
        if here.total or unnamed:
            stop = Stop(
                number=number,
                section=section,
                total=here.total,
                answered=here.answered,
                unnamed=unnamed,
            )
            found.append(stop)
    return tuple(found)


def groups_of(section: Section) -> tuple[RepeatGroup, ...]:
    """Return what a section is repeated over, as a whole or in single items."""
    own = (section.repeat_over, *(item.repeat_over for item in section.items))
    return tuple(dict.fromkeys(group for group in own if group))


def _photos(rows: Iterable[Evidence]) -> Mapping[str, tuple[frozen.Photo, ...]]:
    found: dict[str, tuple[frozen.Photo, ...]] = {}
    for row in rows:
        photo = frozen.Photo(digest=row.digest, width=row.width, height=row.height)
        found[row.key] = (*found.get(row.key, ()), photo)
    return found


def _practitioners(session: Session, audit: Audit) -> tuple[frozen.Practitioner, ...]:
    rows = list_practitioners(session, audit.site_id, active_only=True)
    moment = audit.completed_at or audit.started_at or audit.created_at
    day = moment.astimezone(ZoneInfo(audit.zone)).date()
    held = credentials_of(session, [row.id for row in rows])
    return tuple(
        frozen.Practitioner(
            name=row.name,
            credentials=tuple(
                frozen.Credential(
                    kind=one.kind,
                    number=one.number,
                    issuer=one.issuer,
                    expires_on=one.expires_on.isoformat() if one.expires_on else None,
                    standing=standing_of(one.expires_on, on=day),
                )
                for one in held
                if one.practitioner_id == row.id
            ),
        )
        for row in rows
    )
