from datetime import timedelta

import pytest

from audit.errors import Conflict
from audit.services.audits import complete_audit
from audit.services.findings import close_finding
from audit.store.findings import findings_of, list_open_findings
from audit.store.journal import entries
from tests.services.conftest import GIVEN, Desk


def test_a_finding_put_right_leaves_the_list_and_stays_on_record(desk: Desk) -> None:
    audit_id = desk.start()
    failing = {"value": "no", "comment": "Bare hands."}
    desk.record(audit_id, **{**GIVEN, "gloves_worn": failing})
    with desk.scoped() as session:
        complete_audit(session, audit_id, shelf=desk.shelf, by=desk.by, now=desk.later)
    with desk.scoped() as session:
        finding_id = list_open_findings(session)[0].id

    with desk.scoped() as session:
        close_finding(session, finding_id, by=desk.by, now=desk.later + timedelta(days=1))

    with desk.scoped() as session:
        assert list_open_findings(session) == []
        assert len(findings_of(session, audit_id)) == 1
        assert [entry.act for entry in entries(session, finding_id)] == ["close_finding"]
    with pytest.raises(Conflict), desk.scoped() as session:
        close_finding(session, finding_id, by=desk.by, now=desk.later)
