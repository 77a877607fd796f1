"""This request's clock, signed-in person, session and its single commit."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from threading import BoundedSemaphore
from typing import cast
from uuid import UUID

from flask import Flask, Response, current_app, g, request

from audit.services.acting import Member, Shelf
from audit.services.attempts import Attempts
from audit.services.people import (
    SEEN_EVERY,
    SignedIn,
    confirm_password,
    find_signed_in,
    note_confirmed,
    note_seen,
)
from audit.services.reports import Press
from audit.services.stamping import TimeAuthority
from audit.store.database import Database
from audit.store.scope import ScopedSession, organisation_scope, platform_scope
from audit.store.uploads import Uploads

_NAME = "hygiene_audit"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_REFUSED_FROM = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What `create_app` put together, and every request shares."""

    database: Database
    shelf: Shelf
    press: Press
    clock: Callable[[], datetime]
    attempts: Attempts
    uploads: Uploads
    # Strangers' files are looked at few at a time: whoever sends many keeps nobody else waiting.
    checking: BoundedSemaphore
    time: TimeAuthority
    secret: bytes = field(repr=False)
    secure: bool

    @property
    def sign_in_cookie(self) -> str:
        """The name of the cookie; over https browsers hold it to this very host."""
        return "__Host-sign-in" if self.secure else "sign-in"


def install(app: Flask, installation: Installation) -> None:
    """Let the requests of `app` use `installation`."""
    app.extensions[_NAME] = installation
    app.after_request(_finish)
    app.teardown_request(_close)


def installation() -> Installation:
    """Return what this application was put together from."""
    return cast("Installation", current_app.extensions[_NAME])


def now() -> datetime:
    """Return the time of this request, the same for everything it does."""
    if "now" not in g:
        g.now = installation().clock()
    return cast("datetime", g.now)


def address() -> str:
    """Return where the request comes from; behind a proxy, the proxy."""
    return request.remote_addr or "unknown"


def who() -> SignedIn | None:
    """Return who is signed in, looked up once; None for a stranger."""
    if "who" not in g:
        token = request.cookies.get(installation().sign_in_cookie, "")
        g.who = _look_up(token) if token else None
    return cast("SignedIn | None", g.who)


def signed_in() -> SignedIn:
    """Return who is signed in; only pages that are not public may ask."""
    person = who()
    if person is None:
        raise RuntimeError("a public page cannot work for an organisation")
    return person


def member() -> Member:
    """Return who acts, as services name them."""
    return signed_in().member


def session() -> ScopedSession:
    """Return the request's session, narrowed to the organisation of who is signed in.

    It begins at first use: work that needs no database, such as reading a photo, goes before.
    """
    if "session" not in g:
        g.session = installation().database.open(
            organisation_scope(signed_in().organisation_id, signed_in().sites),
            writing=request.method not in _READING,
        )
    return cast("ScopedSession", g.session)


def across(reason: str, *, writing: bool = False) -> AbstractContextManager[ScopedSession]:
    """Open a transaction of its own across organisations, for pages that strangers use."""
    return installation().database.transaction(platform_scope(reason), writing=writing)


def apart(organisation_id: UUID, *, writing: bool = True) -> AbstractContextManager[ScopedSession]:
    """Open a transaction of its own in one organisation, which outlives a refusal.

    A thread writes in one transaction at a time: end this one before `session` is first used.
    """
    # Nobody known yet, as at the door, is limited to nothing.
    person = cast("SignedIn | None", g.get("who"))
    own = person is not None and person.organisation_id == organisation_id
    scope = organisation_scope(organisation_id, person.sites if person and own else None)
    return installation().database.transaction(scope, writing=writing)


def device() -> str:
    """Return what the browser calls itself."""
    return request.user_agent.string


def confirm(password: str) -> None:
    """Check that it is still them, as before signing, and write down that it was done.

    Invalid at the field "password". Ask before `session` is first used, so that nobody waits to
    write while this is worked out.
    """
    recheck(password)
    note_confirmed(session(), signed_in(), now=now())


def recheck(password: str) -> None:
    """Check that it is still them, and write nothing; Invalid at the field "password"."""
    person = signed_in()
    with apart(person.organisation_id, writing=False) as reading:
        confirm_password(
            reading,
            person,
            password,
            attempts=installation().attempts,
            address=address(),
            now=now(),
        )


def _look_up(token: str) -> SignedIn | None:
    with across("a cookie says which organisation, so it is read before one is known") as reading:
        person = find_signed_in(reading, token, now=now())
    if person is not None and now() - person.seen_at > SEEN_EVERY:
        with apart(person.organisation_id) as writing:
            note_seen(writing, person, now=now())
    return person


def _finish(response: Response) -> Response:
    begun = g.get("session")
    if begun is not None:
        if response.status_code < _REFUSED_FROM:
            begun.commit()
        else:
            begun.rollback()
    return response


def _close(_: BaseException | None) -> None:
    begun = g.pop("session", None)
    if begun is not None:
        begun.close()
