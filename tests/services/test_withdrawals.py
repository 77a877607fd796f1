from datetime import timedelta
from uuid import UUID

import pytest

from audit.domain.lifecycle import AuditState
from audit.errors import Conflict, Invalid
from audit.services.audits import complete_audit
from audit.services.reports import hand_out_report, issue_report
from audit.services.signatures import MEANINGS, Signing, sign_audit
from audit.services.withdrawals import LONGEST_REASON, withdraw_report, withdrawal_of
from audit.store.audits import get_audit
from audit.store.findings import findings_of, list_open_findings
from audit.store.reports import ReportState, get_report
from audit.store.signatures import Part
from tests.services.conftest import GIVEN, Desk


@pytest.fixture
def audit_id(desk: Desk) -> UUID:
    made = desk.start()
    desk.record(made, **{**GIVEN, "gloves_worn": {"value": "no", "comment": "Bare hands."}})
    signing = Signing(
        part=Part.INSPECTOR, name="Ines Ray", role="Owner", meaning=MEANINGS[Part.INSPECTOR]
    )
    with desk.scoped() as session:
        complete_audit(session, made, shelf=desk.shelf, by=desk.by, now=desk.later)
        sign_audit(session, made, signing, by=desk.by, now=desk.later)
    return made


@pytest.fixture
def code(desk: Desk, audit_id: UUID) -> str:
    with desk.scoped() as session:
        return issue_report(session, audit_id, press=desk.press, by=desk.by, now=desk.later).code


def withdraw(desk: Desk, code: str, reason: str = "The wrong site was chosen.") -> None:
    with desk.scoped() as session:
        withdraw_report(session, code, reason=reason, by=desk.by, now=desk.later)


def test_a_withdrawn_report_stays_on_file_with_who_when_and_why(desk: Desk, code: str) -> None:
    withdraw(desk, code)

    with desk.scoped() as session:
        report = get_report(session, code)
        withdrawal = withdrawal_of(session, report)
        assert report.state is ReportState.WITHDRAWN
        assert desk.press.blobs.get(report.digest).startswith(b"%PDF")
        assert withdrawal is not None
        assert (withdrawal.by, withdrawal.at) == (desk.by.name, desk.later)
        assert withdrawal.reason == "The wrong site was chosen."


def test_why_it_was_withdrawn_is_found_behind_many_other_acts(desk: Desk, code: str) -> None:
    withdraw(desk, code)

    with desk.scoped() as session:
        for _ in range(201):
            hand_out_report(session, code, by=desk.by, now=desk.later + timedelta(days=1))

    with desk.scoped() as session:
        assert withdrawal_of(session, get_report(session, code)) is not None


def test_findings_of_a_withdrawn_report_wait_for_nobody(
    desk: Desk, audit_id: UUID, code: str
) -> None:
    with desk.scoped() as session:
        assert list_open_findings(session)

    withdraw(desk, code)

    with desk.scoped() as session:
        assert list_open_findings(session) == []
        assert list_open_findings(session, desk.site_id) == []
        assert findings_of(session, audit_id)
        assert get_audit(session, audit_id).state is AuditState.WITHDRAWN


def test_a_report_is_withdrawn_once(desk: Desk, code: str) -> None:
    withdraw(desk, code)

    with pytest.raises(Conflict, match="does not stand"):
        withdraw(desk, code, "Another reason.")

    with desk.scoped() as session:
        withdrawal = withdrawal_of(session, get_report(session, code))
        assert withdrawal is not None
        assert withdrawal.reason == "The wrong site was chosen."


@pytest.mark.parametrize("reason", ["", "  ", "x" * (LONGEST_REASON + 1)])
def test_a_withdrawal_needs_a_reason_that_can_be_read(desk: Desk, code: str, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        withdraw(desk, code, reason)

    assert set(refused.value.places) == {"reason"}
    with desk.scoped() as session:
        assert get_report(session, code).state is ReportState.CURRENT
