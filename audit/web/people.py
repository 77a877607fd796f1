"""Who belongs to an organisation: the list, invitations, roles, and links to a new password."""

from collections.abc import Callable, Mapping
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from audit.errors import Conflict, Invalid, NotAllowed, NotFound
from audit.services.membership import (
    MemberEntry,
    change_member,
    end_membership,
    insist_alone,
    invite,
    make_password_link,
    take_back,
)
from audit.store.links import open_links
from audit.store.people import Membership, Person, find_member, list_members
from audit.store.sites import list_sites
from audit.web.access import Permission, allow
from audit.web.account_forms import AgainForm, InviteForm, MemberForm
from audit.web.forms import submit, told_apart
from audit.web.request import across, confirm, installation, member, now, session, signed_in

pages = Blueprint("people", __name__, url_prefix="/people")
Done = TypeVar("Done")


@pages.get("/")
@allow(Permission.MANAGE_PEOPLE)
def index() -> ResponseReturnValue:
    """List who belongs here, and the links that still lead somewhere."""
    every = list_members(session())
    today = now().date()
    return render_template(
        "people/index.html",
        here=[one for one in every if one[0].serves(today)],
        gone=[one for one in every if not one[0].serves(today)],
        given_out=open_links(session(), now()),
        sites=told_apart(list_sites(session())),
        names={person.id: person.name for _, person in every},
    )


@pages.route("/invite", methods=["GET", "POST"])
@allow(Permission.MANAGE_PEOPLE)
def ask_in() -> ResponseReturnValue:
    """Make a link that lets someone join; it is shown once."""
    form = InviteForm()
    hindered = _hindered(form)
    form.offer(list_sites(session()))
    for_whom = form.for_whom.data or ""
    token, errors = _act(
        form,
        hindered,
        lambda: invite(session(), _entry(form), for_whom, by=member(), now=now()),
    )
    if token:
        return _show_link(url_for("joining.join_by", token=token), for_whom, days=14)
    page = render_template("people/invite.html", form=form, errors=errors)
    return page, 422 if errors else 200


@pages.route("/<uuid:person_id>", methods=["GET", "POST"])
@allow(Permission.MANAGE_PEOPLE)
def show(person_id: UUID) -> ResponseReturnValue:
    """Show one person, and change what they are here."""
    form = MemberForm()
    hindered = _hindered(form)
    membership, person = _known(person_id)
    if not form.is_submitted():
        form.show(membership)
    form.offer(list_sites(session()))
    done, errors = _act(
        form,
        hindered,
        lambda: change_member(session(), person_id, _entry(form), by=member(), now=now()),
    )
    if done:
        flash(f"Saved. It holds for what {person.name} does from now on.")
        return redirect(url_for(".index"))
    page = render_template(
        "people/show.html",
        form=form,
        errors=errors,
        them=person,
        membership=membership,
        serves=membership.serves(now().date()),
        own=person.id == member().id,
    )
    return page, 422 if errors else 200


@pages.route("/<uuid:person_id>/end", methods=["GET", "POST"])
@allow(Permission.MANAGE_PEOPLE)
def end(person_id: UUID) -> ResponseReturnValue:
    """End a membership, with every stay of it."""
    form = AgainForm()
    hindered = _hindered(form)
    _, person = _known(person_id)
    done, errors = _act(
        form, hindered, lambda: end_membership(session(), person_id, by=member(), now=now())
    )
    if done:
        flash(f"{person.name} does not belong here any more, and is signed out everywhere.")
        return redirect(url_for(".index"))
    page = render_template("people/end.html", form=form, errors=errors, them=person)
    return page, 422 if errors else 200


@pages.route("/<uuid:person_id>/password", methods=["GET", "POST"])
@allow(Permission.MANAGE_PEOPLE)
def lead_back(person_id: UUID) -> ResponseReturnValue:
    """Make a link to a new password; it is shown once."""
    form = AgainForm()
    hindered = _hindered(form)
    _, person = _known(person_id)
    token, errors = _act(form, hindered, lambda: _lead_back(person_id))
    if token:
        return _show_link(url_for("joining.password", token=token), person.name, days=1)
    page = render_template("people/password.html", form=form, errors=errors, them=person)
    return page, 422 if errors else 200


@pages.post("/links/<uuid:link_id>/end")
@allow(Permission.MANAGE_PEOPLE)
def end_link(link_id: UUID) -> ResponseReturnValue:
    """Make a link lead nowhere."""
    take_back(session(), link_id, by=member(), now=now())
    flash("The link leads nowhere any more.")
    return redirect(url_for(".index"))


def _lead_back(person_id: UUID) -> str:
    with across("an account may open other organisations too") as reading:
        insist_alone(reading, person_id, signed_in().organisation_id)
    return make_password_link(session(), person_id, by=member(), now=now())


def _hindered(form: AgainForm) -> Mapping[str, str]:
    """Check the password of a sent form, before anything is looked up; return what hinders."""
    if not form.is_submitted():
        return {}
    try:
        confirm(form.password.data or "")
    except (Invalid, NotAllowed) as refusal:
        return {"password": refusal.message}
    return {}


def _act(
    form: AgainForm, hindered: Mapping[str, str], act: Callable[[], Done]
) -> tuple[Done | None, Mapping[str, str]]:
    """Do `act` when the form was sent and nothing hinders; return what hinders, by field."""
    if hindered:
        return None, hindered
    try:
        return submit(form, act)
    except Conflict as refusal:
        return None, {"password": refusal.message}


def _entry(form: MemberForm) -> MemberEntry:
    return MemberEntry(
        role=form.role.data or "",
        sites=tuple(form.sites.data or ()),
        until=form.until.data or "",
    )


def _known(person_id: UUID) -> tuple[Membership, Person]:
    found = find_member(session(), person_id)
    if found is None:
        raise NotFound("There is no such person.", code="person_unknown")
    return found


def _show_link(path: str, for_whom: str, *, days: int) -> ResponseReturnValue:
    # From the settings, never from the request: its host is whatever someone sent.
    address = f"{installation().press.base_url}{path}"
    return render_template("people/link.html", address=address, for_whom=for_whom, days=days)
