"""Who may do what: one table; a view that does not say stops the start."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from flask import Flask, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from audit.errors import NotAllowed
from audit.store.people import Role, count_organisations
from audit.web.refusals import asked_by_program
from audit.web.request import across, who

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
_MARK = "_needed_permission"


class Permission(StrEnum):
    """What a view lets someone do."""

    READ = "read"
    CHANGE_SITES = "change_sites"
    CHANGE_PRACTITIONERS = "change_practitioners"
    START_AUDITS = "start_audits"
    RECORD_RESPONSES = "record_responses"
    COMPLETE_AUDITS = "complete_audits"
    SIGN_AUDITS = "sign_audits"
    ISSUE_REPORTS = "issue_reports"
    HAND_IN = "hand_in"
    TAKE_OVER_WORK = "take_over_work"
    CORRECT_REPORTS = "correct_reports"
    WITHDRAW_REPORTS = "withdraw_reports"
    REVIEW_AUDITS = "review_audits"
    CHANGE_BRANDING = "change_branding"
    MANAGE_PEOPLE = "manage_people"
    OWN_ACCOUNT = "own_account"


# Everyone may hand in: what someone captured who may not record any more is kept aside, not lost.
_READS = frozenset({Permission.READ, Permission.HAND_IN, Permission.OWN_ACCOUNT})
_KEEPS = frozenset(
    {Permission.CHANGE_SITES, Permission.CHANGE_PRACTITIONERS, Permission.CHANGE_BRANDING}
)
_MANAGES = frozenset(
    {Permission.TAKE_OVER_WORK, Permission.WITHDRAW_REPORTS, Permission.REVIEW_AUDITS}
)
_AUDITS = frozenset(Permission) - _KEEPS - _READS - _MANAGES - {Permission.MANAGE_PEOPLE}

MAY: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.ADMINISTRATOR: _READS | _KEEPS | {Permission.MANAGE_PEOPLE},
        Role.MANAGER: _READS | _KEEPS | _AUDITS | _MANAGES,
        Role.INSPECTOR: _READS | _AUDITS,
        Role.OWNER: frozenset(Permission),
        Role.AUDITOR: _READS,
    }
)


def allow(permission: Permission) -> Callable[[View], View]:
    """Let only those use the view whose role has `permission`."""

    def mark(view: View) -> View:
        setattr(view, _MARK, permission)
        return view

    return mark


def public(view: View) -> View:
    """Let strangers use the view."""
    setattr(view, _MARK, None)
    return view


def may(permission: Permission) -> bool:
    """Say whether who is signed in has `permission`; a stranger has none."""
    person = who()
    return person is not None and permission in MAY[person.role]


def guard(app: Flask) -> None:
    """Check every view of `app` before it runs; RuntimeError for one that does not say."""
    silent = [name for name, view in app.view_functions.items() if not hasattr(view, _MARK)]
    if silent:
        raise RuntimeError(f"these views do not say who may use them: {', '.join(silent)}")
    app.before_request(_check)


def _check() -> ResponseReturnValue | None:
    view = current_app.view_functions.get(request.endpoint or "")
    needed: Permission | None = getattr(view, _MARK, None)
    if needed is None:
        # Public, or no address of ours at all: that is said by the routing.
        return None
    if who() is None:
        if asked_by_program():
            raise NotAllowed("Sign in to send what is kept here.", code="sign_in")
        if request.method == "POST":
            # The browser still holds what was written, and sends it once more when asked to.
            return render_template("sign_in/again.html"), 401
        return redirect(_door())
    if not may(needed):
        raise NotAllowed("Your role does not allow this.", code="role_too_small")
    return None


def _door() -> str:
    with across("whether anyone has set this installation up") as reading:
        if count_organisations(reading) == 0:
            return url_for("setup.start")
    wanted = request.full_path.rstrip("?")
    return url_for("sign_in.enter", next=wanted if wanted != "/" else None)


def safe_next(wanted: str | None) -> str:
    """Return where to go after signing in: an address of a page of ours, else the start."""
    if not wanted or not wanted.startswith("/") or wanted.startswith("//"):
        return "/"
    # Browsers read a backslash as a slash, and pass over tabs and line ends.
    if "\\" in wanted or any(ord(letter) <= ord(" ") for letter in wanted):
        return "/"
    return wanted
