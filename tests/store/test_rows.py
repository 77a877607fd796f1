"""Rows come back as they went in, and queries give what they say, on both databases."""

from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from audit.domain.definitions import Severity
from audit.domain.lifecycle import AuditState
from audit.errors import NotFound
from audit.store.audits import (
    Audit,
    ResponseChange,
    changes_of,
    get_audit,
    list_audits,
    next_audit_number,
    next_sequence,
)
from audit.store.base import new_id
from audit.store.evidence import evidence_of, get_evidence
from audit.store.findings import findings_of, get_finding, list_open_findings
from audit.store.people import (
    get_person,
)
from audit.store.practitioners import (
    credentials_of,
    get_credential,
    get_practitioner,
    list_practitioners,
)
from audit.store.reports import (
    get_report,
    list_reports,
    report_by_code,
    report_by_digest,
    report_of,
)
from audit.store.scope import acting_for, organisation_scope, platform_scope
from audit.store.session import transaction
from audit.store.signatures import Part, signatures_of
from audit.store.sites import (
    get_site,
    get_sterilizer,
    list_sites,
    sterilizers_of,
)
from tests.conftest import Scoped
from tests.factories import (
    NOW,
    TODAY,
    make_audit,
    make_credential,
    make_evidence,
    make_finding,
    make_organisation,
    make_person,
    make_practitioner,
    make_report,
    make_signature,
    make_site,
    make_sterilizer,
)


def test_ids_are_version_seven_and_sort_by_time() -> None:
    ids = [new_id() for _ in range(200)]

    milliseconds = [one.int >> 80 for one in ids]

    assert {one.version for one in ids} == {7}
    assert milliseconds == sorted(milliseconds)
    assert len(set(ids)) == 200


def test_times_come_back_in_utc_whatever_their_zone(scoped: Scoped) -> None:
    denver = timezone(timedelta(hours=-7))
    started = datetime(2026, 3, 2, 3, 30, 15, 250_000, tzinfo=denver)
    with scoped() as session:
        audit_id = make_audit(session, started_at=started).id

    with scoped() as session:
        read = get_audit(session, audit_id).started_at

    assert read == started
    assert read is not None
    assert read.tzinfo is UTC


def test_a_time_without_zone_is_refused(scoped: Scoped) -> None:
    with pytest.raises(StatementError, match="needs its zone"), scoped() as session:
        make_audit(session, started_at=datetime(2026, 3, 2, 3, 30))  # noqa: DTZ001 - the point


def test_documents_come_back_as_they_went_in(scoped: Scoped) -> None:
    given = {"a@1": {"value": "36.5", "comment": "Ünïcode 漢字 🧴", "corrected": False}}
    repeats = {"practitioners": [{"id": "1", "label": "Pia"}]}
    with scoped() as session:
        audit_id = make_audit(session, given=given, repeats=repeats, present=["Pia", "Ines"]).id

    with scoped() as session:
        audit = get_audit(session, audit_id)

        assert audit.given == given
        assert audit.repeats == repeats
        assert audit.present == ["Pia", "Ines"]


def test_a_number_that_json_does_not_know_is_refused(scoped: Scoped) -> None:
    with pytest.raises((StatementError, ValueError), match="JSON"), scoped() as session:
        make_audit(session, given={"a": {"value": float("nan")}})


def test_audits_are_numbered_without_a_gap_in_each_organisation(engine: Engine) -> None:
    numbers = []

    for name in ("A", "B"):
        with transaction(engine, platform_scope("a test's organisations")) as session:
            organisation_id = make_organisation(session, name=name).id
        for _ in range(2):
            with transaction(engine, organisation_scope(organisation_id)) as session:
                numbers.append(make_audit(session).number)
        with transaction(engine, organisation_scope(organisation_id)) as session:
            numbers.append(next_audit_number(session))

    assert numbers == [1, 2, 3, 1, 2, 3]


def test_audits_are_listed_newest_first_by_site_and_state(session: Session) -> None:
    site, other = make_site(session), make_site(session)
    first = make_audit(session, site)
    second = make_audit(session, site, state=AuditState.PLANNED)
    third = make_audit(session, other)

    assert list_audits(session) == [third, second, first]
    assert list_audits(session, limit=1) == [third]
    assert list_audits(session, site_id=site.id) == [second, first]
    assert list_audits(session, state=AuditState.PLANNED) == [second]


def test_a_held_audit_is_read_again(scoped: Scoped) -> None:
    with scoped() as session:
        audit_id = make_audit(session).id

    with scoped(writing=False) as stale:
        before = get_audit(stale, audit_id)
    with scoped() as session:
        get_audit(session, audit_id).given_revision = 4
        session.flush()
        held = get_audit(session, audit_id, hold=True)

    assert before.given_revision == 0
    assert held.given_revision == 4


def test_the_changes_of_an_audit_are_read_in_order(session: Session) -> None:
    audit = make_audit(session)
    for key, after in (("a", "yes"), ("b", "no"), ("a", "no")):
        session.add(
            ResponseChange(
                audit_id=audit.id,
                sequence=next_sequence(session, audit.id),
                key=key,
                before=None,
                after={"value": after},
                person_id=audit.inspector_id,
                at=NOW,
                via="page",
            )
        )

    changes = changes_of(session, audit.id)

    assert [(one.sequence, one.key) for one in changes] == [(1, "a"), (2, "b"), (3, "a")]
    assert [one.after for one in changes_of(session, audit.id, "a")] == [
        {"value": "yes"},
        {"value": "no"},
    ]


def test_an_inspector_must_belong_to_the_organisation(engine: Engine, scoped: Scoped) -> None:
    with transaction(engine, platform_scope("a stranger")) as session:
        stranger = make_organisation(session)
        with acting_for(session, stranger.id):
            person = make_person(session)

    with pytest.raises(IntegrityError), scoped() as session:
        make_audit(session, inspector=person)


def test_evidence_is_listed_by_response_and_hidden_when_removed(session: Session) -> None:
    audit = make_audit(session)
    first = make_evidence(session, audit)
    second = make_evidence(session, audit, key="sink", added_at=NOW + timedelta(seconds=1))
    gone = make_evidence(session, audit, removed_at=NOW, added_at=NOW + timedelta(seconds=2))

    assert evidence_of(session, audit.id) == [first, second]
    assert evidence_of(session, audit.id, "sink") == [second]
    assert evidence_of(session, audit.id, removed=True) == [first, second, gone]
    assert get_evidence(session, gone.id) is gone


def test_findings_are_worst_first_and_the_open_ones_by_due_day(session: Session) -> None:
    audit = make_audit(session)
    minor = make_finding(session, audit, item_code="a", severity=Severity.MINOR)
    late = make_finding(
        session, audit, item_code="b", severity=Severity.CRITICAL, due_on=date(2026, 3, 20)
    )
    corrected = make_finding(
        session,
        audit,
        item_code="c",
        severity=Severity.CRITICAL,
        corrected=True,
        due_on=None,
    )
    closed = make_finding(session, audit, item_code="d", closed_on=TODAY)
    elsewhere = make_finding(session, make_audit(session), due_on=date(2026, 3, 3))

    assert findings_of(session, audit.id) == [late, closed, minor, corrected]
    assert list_open_findings(session) == [elsewhere, minor, late]
    assert list_open_findings(session, site_id=audit.site_id) == [minor, late]
    assert list_open_findings(session, limit=1) == [elsewhere]
    assert get_finding(session, late.id) is late


def test_a_finding_is_due_after_it_was_raised(session: Session) -> None:
    audit = make_audit(session)

    with pytest.raises(IntegrityError, match="due_after_raised"):
        make_finding(session, audit, due_on=date(2026, 3, 1))


def test_a_finding_left_open_has_a_day_it_is_due(session: Session) -> None:
    audit = make_audit(session)

    with pytest.raises(IntegrityError, match="due_unless_corrected"):
        make_finding(session, audit, due_on=None)


def test_reports_are_found_by_code_digest_and_audit(session: Session) -> None:
    audit, other = make_audit(session), make_audit(session)
    first = make_report(session, audit, code="7Q4M-K2XD-9F")
    second = make_report(session, audit, issued_at=NOW + timedelta(days=1), replaces=first.id)
    third = make_report(session, other, issued_at=NOW + timedelta(days=2))

    assert get_report(session, " 7q4m-k2xd-9f ") is first
    assert report_by_code(session, "7Q4M") is None
    assert report_by_code(session, "7Q4M\0") is None
    assert report_by_digest(session, second.digest) is second
    assert report_of(session, audit.id) is second
    assert list_reports(session) == [third, second, first]
    assert list_reports(session, site_id=audit.site_id, limit=1) == [second]


def test_signatures_are_read_in_order_of_time(session: Session) -> None:
    audit = make_audit(session)
    later = make_signature(session, audit, signed_at=NOW + timedelta(minutes=5))
    first = make_signature(session, audit, part=Part.PERSON_IN_CHARGE, person_id=None)

    assert signatures_of(session, audit.id) == [first, later]


def test_a_refusal_to_sign_needs_its_reason(session: Session) -> None:
    audit = make_audit(session)

    with pytest.raises(IntegrityError, match="refusal_has_reason"):
        make_signature(session, audit, refused=True)


def test_sites_practitioners_and_sterilizers_are_listed_by_name(session: Session) -> None:
    site = make_site(session, name="beta")
    closed = make_site(session, name="Alpha", active=False)
    old = make_sterilizer(session, site, name="b", in_use=False)
    new = make_sterilizer(session, site, name="A")
    left = make_practitioner(session, site, name="zoe", active=False)
    pia = make_practitioner(session, site, name="Pia")
    there = make_practitioner(session, closed, name="Ada")
    licence = make_credential(session, pia)

    assert list_sites(session) == [closed, site]
    assert list_sites(session, active_only=True) == [site]
    assert get_site(session, site.id) is site
    assert sterilizers_of(session, site.id) == [new, old]
    assert get_sterilizer(session, old.id) is old
    assert list_practitioners(session) == [there, pia, left]
    assert list_practitioners(session, site.id, active_only=True) == [pia]
    assert get_practitioner(session, pia.id) is pia
    assert credentials_of(session, [pia.id, left.id]) == [licence]
    assert get_credential(session, licence.id) is licence


@pytest.mark.parametrize(
    "get",
    [
        get_audit,
        get_credential,
        get_evidence,
        get_finding,
        get_person,
        get_practitioner,
        get_site,
        get_sterilizer,
    ],
)
def test_what_is_not_there_is_not_found(session: Session, get: object) -> None:
    assert callable(get)
    with pytest.raises(NotFound):
        get(session, uuid4())


def test_a_report_that_is_not_there_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        get_report(session, "AAAA-BBBB-CC")


def test_a_row_can_be_made_with_an_id_from_a_device(session: Session) -> None:
    given: UUID = uuid4()

    audit = make_audit(session, id=given)

    assert session.scalars(select(Audit.id)).all() == [given]
    assert audit.id == given
