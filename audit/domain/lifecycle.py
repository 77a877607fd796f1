"""The states of an audit and the steps between them; nothing goes backwards."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from audit.errors import Conflict


class AuditState(StrEnum):
    """Where an audit stands."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    SIGNED = "signed"
    REPORTED = "reported"
    AMENDED = "amended"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What people do to an audit."""

    PLAN = "plan"
    START = "start"
    RECORD = "record"
    COMPLETE = "complete"
    SIGN = "sign"
    REPORT = "report"
    AMEND = "amend"
    WITHDRAW = "withdraw"


STEPS: Mapping[tuple[AuditState, Act], AuditState] = MappingProxyType(
    {
        # Another day is another plan for the same audit.
        (AuditState.PLANNED, Act.PLAN): AuditState.PLANNED,
        (AuditState.PLANNED, Act.START): AuditState.IN_PROGRESS,
        (AuditState.PLANNED, Act.WITHDRAW): AuditState.WITHDRAWN,
        (AuditState.IN_PROGRESS, Act.RECORD): AuditState.IN_PROGRESS,
        (AuditState.IN_PROGRESS, Act.COMPLETE): AuditState.COMPLETED,
        (AuditState.IN_PROGRESS, Act.WITHDRAW): AuditState.WITHDRAWN,
        (AuditState.COMPLETED, Act.SIGN): AuditState.SIGNED,
        (AuditState.COMPLETED, Act.WITHDRAW): AuditState.WITHDRAWN,
        # The second person signs what the first has signed.
        (AuditState.SIGNED, Act.SIGN): AuditState.SIGNED,
        (AuditState.SIGNED, Act.REPORT): AuditState.REPORTED,
        (AuditState.SIGNED, Act.WITHDRAW): AuditState.WITHDRAWN,
        (AuditState.REPORTED, Act.AMEND): AuditState.AMENDED,
        (AuditState.REPORTED, Act.WITHDRAW): AuditState.WITHDRAWN,
        (AuditState.AMENDED, Act.AMEND): AuditState.AMENDED,
        (AuditState.AMENDED, Act.WITHDRAW): AuditState.WITHDRAWN,
    }
)

RECORDING = frozenset({AuditState.PLANNED, AuditState.IN_PROGRESS})

_DONE: Mapping[AuditState, str] = MappingProxyType(
    {
        AuditState.PLANNED: "has not been started",
        AuditState.IN_PROGRESS: "is still in progress",
        AuditState.COMPLETED: "is completed, its responses are closed",
        AuditState.SIGNED: "is signed",
        AuditState.REPORTED: "has its report",
        AuditState.AMENDED: "has been amended",
        AuditState.WITHDRAWN: "has been withdrawn",
    }
)


def step(state: AuditState, act: Act) -> AuditState:
    """Return the state that follows, or raise Conflict: the act is too late or too early."""
    following = STEPS.get((state, act))
    if following is None:
        raise Conflict(f"This audit {_DONE[state]}, so this cannot be done.", code=f"audit_{state}")
    return following
