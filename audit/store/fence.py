"""The second fence: PostgreSQL itself shows a session only the rows of its organisation.

The first is the scope. This one stands where a fault in it would end: before the first statement,
and whenever the scope changes, the transaction takes the working role, which owns no table and
may not change what is final, and tells the database for whom it works. The policies of the
migrations do the rest. SQLite knows neither roles nor policies.
"""

from sqlalchemy import event, text
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from audit.store.scope import OrganisationScope, ScopedSession

EVERYBODY = "*"

# For this transaction only: a pooled connection carries nothing over to the next.
_STAND = text(
    "SELECT set_config('role', working_role(), true),"
    " set_config('hygiene_audit.scope', :whom, true)"
)
_STANDS_FOR = "fence_stands_for"


def fence_in(session_class: type[ScopedSession]) -> None:
    """Have every session of this class stand behind the fence of its database."""
    event.listen(session_class, "do_orm_execute", _before_reading)
    event.listen(session_class, "before_flush", _before_writing)
    event.listen(session_class, "after_soft_rollback", _after_going_back)
    event.listen(session_class, "after_transaction_end", _after_all)


def _before_reading(state: ORMExecuteState) -> None:
    _stand(state.session)


def _before_writing(session: Session, *_: object) -> None:
    _stand(session)


def _after_going_back(session: Session, _: SessionTransaction) -> None:
    session.info.pop(_STANDS_FOR, None)


def _after_all(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_STANDS_FOR, None)


def _stand(session: Session) -> None:
    if session.get_bind().dialect.name != "postgresql" or not isinstance(session, ScopedSession):
        return
    match session.scope:
        case OrganisationScope(organisation_id=whose):
            whom = str(whose)
        case _:
            whom = EVERYBODY
    if session.info.get(_STANDS_FOR) != whom:
        # The class's own connection: a scoped session hands out none.
        Session.connection(session).execute(_STAND, {"whom": whom})
        session.info[_STANDS_FOR] = whom
