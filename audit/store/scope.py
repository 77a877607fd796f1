"""The one place that keeps organisations apart, and keeps what is final from changing.

Every session has a scope. It runs selects of mapped classes and nothing else; an organisation's
scope narrows each of them, stamps what is added, and refuses what belongs to someone else.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, ForeignKeyConstraint, event, inspect, select
from sqlalchemy.orm import (
    Mapped,
    MappedAsDataclass,
    ORMExecuteState,
    QueryContext,
    Session,
    mapped_column,
    with_loader_criteria,
)
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.orm.interfaces import ORMOption

from audit.errors import Conflict, NotFound
from audit.store.base import UNKNOWN, Base, Document, Identified, Kept
from audit.store.limits import limit
from audit.store.narrowing import ScopeError, refuse_raw


class UnchangeableError(RuntimeError):
    """Code tried to change or delete what is final: a bug, as above."""


class Owned(MappedAsDataclass, kw_only=True):
    """A row of one organisation; only the scope sets whose."""

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), init=False)

    def may_be_added(self, session: Session) -> bool:
        """Say whether `session` may add this row for its organisation."""
        del session
        return True


class Shared(MappedAsDataclass):
    """A row of the platform, of which an organisation sees the part that its class names."""

    @classmethod
    def visible_to(cls, organisation_id: UUID) -> ColumnElement[bool]:
        """Return the condition that narrows this class for an organisation."""
        raise NotImplementedError

    def writable_by(self, organisation_id: UUID) -> bool:
        """Say whether an organisation may add or change this very row."""
        raise NotImplementedError


class Organisation(Identified, Shared, Base):
    """A business with its sites; nothing of one is ever seen by another."""

    __tablename__ = "organisation"

    name: Mapped[str]
    created_at: Mapped[datetime]
    demo: Mapped[bool] = mapped_column(default=False)
    # How its reports look, as a snapshot holds it; None for the look of the house.
    branding: Mapped[Document | None] = mapped_column(default=None)

    @classmethod
    def visible_to(cls, organisation_id: UUID) -> ColumnElement[bool]:
        """Show an organisation itself alone."""
        return cls.id == organisation_id

    def writable_by(self, organisation_id: UUID) -> bool:
        """Let an organisation change itself; it cannot make others."""
        return self.id == organisation_id


def owned_key(table: str, column: str) -> ForeignKeyConstraint:
    """Return a foreign key that includes the organisation, so a row of another cannot be named.

    The referred table needs `UniqueConstraint("organisation_id", "id")`.
    """
    return ForeignKeyConstraint(
        ["organisation_id", column], [f"{table}.organisation_id", f"{table}.id"]
    )


@dataclass(frozen=True, kw_only=True)
class OrganisationScope:
    """Work for one organisation; with `sites`, for these alone."""

    organisation_id: UUID
    sites: frozenset[UUID] | None = None

    @cached_property
    def narrowing(self) -> tuple[ORMOption, ...]:
        """Return what is put on every select; it needs no look at which classes are selected."""
        whose = self.organisation_id
        owned = with_loader_criteria(
            Owned, lambda cls: cls.organisation_id == whose, include_aliases=True
        )
        shared = (
            with_loader_criteria(one, one.visible_to(whose), include_aliases=True)
            for one in _shared_classes()
        )
        return (owned, *shared, *self._limits())

    def _limits(self) -> Iterator[ORMOption]:
        for mapper in Base.registry.mappers if self.sites is not None else ():
            limited = limit(mapper.class_, self.sites or ())
            if limited is not None:
                yield with_loader_criteria(mapper.class_, limited, include_aliases=True)


@dataclass(frozen=True, kw_only=True)
class PlatformScope:
    """Work across organisations, for a written reason."""

    reason: str
    narrowing: tuple[ORMOption, ...] = field(default=(), init=False)


Scope = OrganisationScope | PlatformScope


def organisation_scope(
    organisation_id: UUID, sites: frozenset[UUID] | None = None
) -> OrganisationScope:
    """Return the scope of everyday work: one organisation's rows, or those of chosen sites."""
    return OrganisationScope(organisation_id=organisation_id, sites=sites)


def platform_scope(reason: str) -> PlatformScope:
    """Return the scope that reads every organisation; say why, it stays in the code for readers."""
    if not reason.strip():
        raise ScopeError("Working across organisations needs a written reason.")
    return PlatformScope(reason=reason)


class ScopedSession(Session):
    """A session that knows for whom it works; `session.open_session` makes them."""

    scope: Scope
    writing: bool

    def get(self, entity: Any, ident: Any, **options: Any) -> Any:
        """Return the row with this key, unless it was read before in a wider scope only."""
        row = super().get(entity, ident, **options)
        match self.scope, row:
            case OrganisationScope(organisation_id=whose, sites=None), Owned():
                return row if row.organisation_id == whose else None
            case OrganisationScope(), Owned() | Shared():
                [key] = inspect(type(row)).primary_key
                seen = select(type(row)).where(key == inspect(row).identity[0])
                return self.scalars(seen).one_or_none()
            case _:
                return row

    def flush(self, objects: Any = None) -> None:
        """Write what has changed; a row changed by someone else meanwhile is a refusal."""
        try:
            super().flush(objects)
        except StaleDataError as error:
            raise Conflict(
                "Someone else has changed this meanwhile. Load it again.", code="changed_meanwhile"
            ) from error

    def connection(self, *_: Any, **__: Any) -> Any:
        """Refuse: a bare connection would run statements past the scope."""
        raise ScopeError("A scoped session hands out no connection.")

    def query(self, *_: Any, **__: Any) -> Any:
        """Refuse: the older way to ask is not covered by the scope's tests."""
        raise ScopeError("Ask with select(…).")

    def bulk_save_objects(self, *_: Any, **__: Any) -> None:
        """Refuse: bulk statements are not checked at flush."""
        raise ScopeError("Rows are added one by one, or with add_all.")

    def bulk_insert_mappings(self, *_: Any, **__: Any) -> None:
        """Refuse, as above."""
        raise ScopeError("Rows are added one by one, or with add_all.")

    def bulk_update_mappings(self, *_: Any, **__: Any) -> None:
        """Refuse, as above."""
        raise ScopeError("Rows are changed one by one.")


def scope_of(session: Session) -> Scope:
    """Return for whom `session` works."""
    if not isinstance(session, ScopedSession):
        raise ScopeError("This session was not opened with a scope.")
    return session.scope


def organisation_of(session: Session) -> UUID:
    """Return the organisation `session` works for; raise in the platform's scope."""
    match scope_of(session):
        case OrganisationScope(organisation_id=whose):
            return whose
        case PlatformScope():
            raise ScopeError("This needs the scope of an organisation.")


def the_organisation(session: Session, *, hold: bool = False) -> Organisation:
    """Return the session's own organisation; `hold` makes others who number things wait."""
    found = select(Organisation).where(Organisation.id == organisation_of(session))
    # The weaker lock: the full one would wait for every row being added that refers to this one.
    held = found.with_for_update(key_share=True)
    organisation = session.scalars(held if hold else found).one_or_none()
    if organisation is None:
        raise NotFound("There is no such organisation.", code="organisation_unknown")
    return organisation


def find_organisation(session: Session, organisation_id: UUID) -> Organisation:
    """Return one organisation visible here, or raise NotFound."""
    found = session.get(Organisation, organisation_id)
    if not isinstance(found, Organisation):
        raise NotFound("There is no such organisation.", code="organisation_unknown")
    return found


def list_organisations(session: Session) -> list[Organisation]:
    """Return the organisations visible here, the oldest first: in the platform's scope, all."""
    return list(session.scalars(select(Organisation).order_by(Organisation.created_at)))


def is_limited(session: Session) -> bool:
    """Say whether `session` works for chosen sites only."""
    match scope_of(session):
        case OrganisationScope(sites=sites):
            return sites is not None
        case PlatformScope():
            return False


@contextmanager
def whole_organisation(session: Session) -> Iterator[Session]:
    """Look beyond the sites someone is limited to: for numbering, and ids used before."""
    limited = scope_of(session)
    match limited:
        case OrganisationScope(organisation_id=whose, sites=sites) if sites is not None:
            session.flush()
            session.scope = organisation_scope(whose)  # type: ignore[attr-defined]  # a ScopedSession
            try:
                yield session
            finally:
                session.scope = limited  # type: ignore[attr-defined]  # as above
        case _:
            yield session


@contextmanager
def acting_for(session: Session, organisation_id: UUID) -> Iterator[Session]:
    """Work for one organisation for a while, within a platform session's transaction.

    Rows already in hand stay in hand; what is asked for anew is narrowed.
    """
    match scope_of(session):
        case PlatformScope() as platform if isinstance(session, ScopedSession):
            session.flush()
            session.scope = organisation_scope(organisation_id)
            try:
                yield session
                session.flush()
            finally:
                session.scope = platform
        case _:
            raise ScopeError("Only the platform's scope can act for an organisation.")


def _shared_classes() -> tuple[type[Shared], ...]:
    found = []
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, Shared):
            found.append(mapper.class_)
        elif not issubclass(mapper.class_, Owned):
            raise ScopeError(f"{mapper.class_.__name__} is neither Owned nor Shared.")
    return tuple(found)


@event.listens_for(ScopedSession, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    if not (state.is_select and state.is_orm_statement):
        raise ScopeError("Only selects of mapped classes run in a session.")
    if not (state.is_column_load or state.is_relationship_load):
        refuse_raw(state.statement)
    session = state.session
    state.statement = state.statement.options(*scope_of(session).narrowing)


@event.listens_for(Base, "load", propagate=True)
def _check_loaded(row: object, context: QueryContext | None) -> None:
    # Without a query behind it the row is new, and is checked when it is written.
    if context is not None:
        _refuse_foreign(row, context.session)


@event.listens_for(Base, "refresh", propagate=True)
def _check_refreshed(row: object, context: QueryContext, _: object) -> None:
    # Reading a known row again is never narrowed by the library, so it is checked here.
    _refuse_foreign(row, context.session)


def _refuse_foreign(row: object, session: Session) -> None:
    match scope_of(session):
        case OrganisationScope(organisation_id=whose) if isinstance(row, Owned):
            if row.organisation_id != whose:
                raise ScopeError(f"This {type(row).__name__} belongs to another organisation.")
        case _:
            pass


@event.listens_for(ScopedSession, "detached_to_persistent")
def _refuse_strangers(_: Session, row: object) -> None:
    raise ScopeError(f"A {type(row).__name__} read in another session cannot be added to this one.")


@event.listens_for(ScopedSession, "before_flush")
def _check_writes(session: ScopedSession, *_: object) -> None:
    changed = [row for row in session.dirty if session.is_modified(row)]
    if not session.writing and (session.new or session.deleted or changed):
        raise ScopeError("This session was opened for reading only.")
    for row in session.new:
        _stamp(session, row)
    for row in changed:
        _check_owner(session.scope, row)
        _check_final(row)
    for row in session.deleted:
        if isinstance(row, Kept | Shared):
            raise UnchangeableError(f"A {type(row).__name__} is never deleted.")
        _check_owner(session.scope, row)


def _stamp(session: ScopedSession, row: object) -> None:
    scope = session.scope
    if isinstance(row, Owned) and row.organisation_id is None:
        if isinstance(scope, PlatformScope):
            raise ScopeError(f"A {type(row).__name__} is added for an organisation: `acting_for`.")
        row.organisation_id = scope.organisation_id
    _check_owner(scope, row)
    if isinstance(row, Owned) and not row.may_be_added(session):
        raise ScopeError(f"This {type(row).__name__} is not for this organisation to add.")


def _check_owner(scope: Scope, row: object) -> None:
    if isinstance(row, Owned) and inspect(row).attrs.organisation_id.history.deleted:
        raise ScopeError(f"A {type(row).__name__} stays with its organisation.")
    if isinstance(scope, PlatformScope):
        return
    if isinstance(row, Owned):
        allowed = row.organisation_id == scope.organisation_id
    else:
        allowed = isinstance(row, Shared) and row.writable_by(scope.organisation_id)
    if not allowed:
        raise ScopeError(f"This {type(row).__name__} belongs to another organisation.")
    if scope.sites is not None and getattr(row, "site_id", None) not in {None, *scope.sites}:
        raise ScopeError(f"This {type(row).__name__} is of another site.")


def _check_final(row: object) -> None:
    if not isinstance(row, Kept):
        return
    for attribute in inspect(row).attrs:
        history = attribute.history
        before = history.deleted[0] if history.deleted else UNKNOWN
        if history.has_changes() and not row.may_change(attribute.key, before):
            raise UnchangeableError(f"{type(row).__name__}.{attribute.key} is final.")
