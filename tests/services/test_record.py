import pytest

from audit.domain.lifecycle import AuditState
from audit.errors import Conflict
from audit.services.audits import complete_audit
from audit.store.audits import get_audit
from tests.services.conftest import GIVEN, Desk


def test_audit_in_which_nothing_was_judged_stays_open(desk: Desk) -> None:
    audit_id = desk.start()
    unseen = {"absent": "not_observed", "reason": "The studio was closed."}
    desk.record(audit_id, **dict.fromkeys(GIVEN, unseen))

    with pytest.raises(Conflict) as refused, desk.scoped() as session:
        complete_audit(session, audit_id, shelf=desk.shelf, by=desk.by, now=desk.later)

    assert refused.value.code == "nothing_judged"
    with desk.scoped() as session:
        assert get_audit(session, audit_id).state is AuditState.IN_PROGRESS
