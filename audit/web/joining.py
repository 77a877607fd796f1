"""What links lead to: joining an organisation, and a new password."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from audit.services.membership import (
    Joining,
    join,
    join_as,
    look_at_link,
    set_password,
)
from audit.services.people import Recognised, open_sign_in
from audit.store.links import Link, LinkKind
from audit.store.scope import find_organisation
from audit.web.access import public
from audit.web.account_forms import JoinForm, NewPasswordForm
from audit.web.forms import submit, text
from audit.web.request import across, apart, device, now, who
from audit.web.sign_in import let_in

pages = Blueprint("joining", __name__)
_WHY = "who follows a link belongs to no organisation yet"


@pages.route("/join/<token>", methods=["GET", "POST"])
@public
def join_by(token: str) -> ResponseReturnValue:
    """Join an organisation, with a new account or as who is signed in."""
    link, organisation = _look(token, LinkKind.INVITATION)
    form = JoinForm()
    errors: dict[str, str] = {}
    person = who()
    if person is None:
        typed = Joining(**text(form, ("name", "email", "password")))
        joined, found = submit(form, lambda: _join(token, typed))
        errors = dict(found)
    else:
        joined = _join_as(token) if form.is_submitted() else None
    if joined is not None:
        return _let_in(joined)
    page = render_template(
        "joining/join.html", form=form, errors=errors, link=link, organisation=organisation
    )
    return page, 422 if errors else 200


@pages.route("/password/<token>", methods=["GET", "POST"])
@public
def password(token: str) -> ResponseReturnValue:
    """Set a new password."""
    link, organisation = _look(token, LinkKind.PASSWORD)
    form = NewPasswordForm()
    done, errors = submit(form, lambda: _set(token, form.password.data or ""))
    if done:
        flash("Your new password is kept. Sign in with it.")
        return redirect(url_for("sign_in.enter"))
    page = render_template(
        "joining/password.html", form=form, errors=errors, link=link, organisation=organisation
    )
    return page, 422 if errors else 200


def _look(token: str, kind: LinkKind) -> tuple[Link, str]:
    with across(_WHY) as reading:
        link = look_at_link(reading, token, kind, now=now())
        return link, find_organisation(reading, link.organisation_id).name


def _join(token: str, typed: Joining) -> Recognised:
    with across(_WHY, writing=True) as writing:
        return join(writing, token, typed, now=now())


def _join_as(token: str) -> Recognised:
    person = who()
    if person is None:
        raise RuntimeError("nobody is signed in")
    with across(_WHY, writing=True) as writing:
        return join_as(writing, token, person.member.id, now=now())


def _let_in(joined: Recognised) -> Response:
    with apart(joined.organisation_id) as writing:
        token = open_sign_in(writing, joined, now=now(), device=device())
    return let_in(redirect(url_for("home.start")), joined.member.id, token)


def _set(token: str, fresh: str) -> bool:
    with across(_WHY, writing=True) as writing:
        set_password(writing, token, fresh, now=now())
    return True
