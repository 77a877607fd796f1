"""An audit goes forward step by step, and nothing leads back."""

import pytest

from audit.domain.lifecycle import RECORDING, STEPS, Act, AuditState, step
from audit.errors import Conflict

FORWARD = list(AuditState)


def test_an_audit_goes_from_plan_to_report() -> None:
    acts = (Act.START, Act.RECORD, Act.COMPLETE, Act.SIGN, Act.SIGN, Act.REPORT, Act.AMEND)
    state = AuditState.PLANNED

    for act in acts:
        state = step(state, act)

    assert state is AuditState.AMENDED


@pytest.mark.parametrize("state", [one for one in AuditState if one is not AuditState.WITHDRAWN])
def test_every_audit_can_be_withdrawn(state: AuditState) -> None:
    assert step(state, Act.WITHDRAW) is AuditState.WITHDRAWN


def test_no_step_leads_back() -> None:
    assert all(
        FORWARD.index(after) >= FORWARD.index(before) for (before, _), after in STEPS.items()
    )


@pytest.mark.parametrize(
    ("state", "act"),
    [(state, act) for state in AuditState for act in Act if (state, act) not in STEPS],
)
def test_every_other_step_is_refused_with_its_reason(state: AuditState, act: Act) -> None:
    with pytest.raises(Conflict, match="This audit") as refusal:
        step(state, act)

    assert refusal.value.code == f"audit_{state}"


def test_responses_are_recorded_only_before_completion() -> None:
    assert {state for state, act in STEPS if act is Act.RECORD} <= RECORDING
    assert AuditState.COMPLETED not in RECORDING
