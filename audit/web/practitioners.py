"""Practitioners and their credentials."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from audit.errors import NotFound
from audit.services.practitioners import (
    CredentialEntry,
    PractitionerEntry,
    add_credential,
    add_practitioner,
    change_credential,
    change_practitioner,
)
from audit.store.practitioners import (
    Credential,
    credentials_of,
    get_credential,
    get_practitioner,
    list_practitioners,
)
from audit.store.sites import get_site, list_sites
from audit.web.access import Permission, allow
from audit.web.forms import CredentialForm, PractitionerForm, submit, text
from audit.web.request import member, now, session

pages = Blueprint("practitioners", __name__, url_prefix="/practitioners")


@pages.get("/")
@allow(Permission.READ)
def index() -> ResponseReturnValue:
    """List the practitioners with what they hold."""
    found = sorted(list_practitioners(session()), key=lambda one: not one.active)
    held: dict[UUID, list[Credential]] = {one.id: [] for one in found}
    for credential in credentials_of(session(), list(held)):
        held[credential.practitioner_id].append(credential)
    sites = {site.id: site for site in list_sites(session())}
    return render_template(
        "practitioners/index.html", practitioners=found, held=held, sites=sites, today=now().date()
    )


@pages.get("/<uuid:practitioner_id>")
@allow(Permission.READ)
def show(practitioner_id: UUID) -> ResponseReturnValue:
    """Show one practitioner with every credential."""
    practitioner = get_practitioner(session(), practitioner_id)
    return render_template(
        "practitioners/show.html",
        practitioner=practitioner,
        site=get_site(session(), practitioner.site_id),
        credentials=credentials_of(session(), [practitioner.id]),
        today=now().date(),
    )


@pages.route("/new", methods=["GET", "POST"])
@allow(Permission.CHANGE_PRACTITIONERS)
def new() -> ResponseReturnValue:
    """Add a practitioner."""
    form = PractitionerForm(data={"site": request.args.get("site", ""), "active": True})
    form.offer(list_sites(session(), active_only=True))
    done, errors = submit(
        form, lambda: add_practitioner(session(), _entry(form), by=member(), now=now())
    )
    if done:
        flash(f"{done.name} was added. Add their licence or certificate next.")
        return redirect(url_for(".show", practitioner_id=done.id))
    page = render_template("practitioners/edit.html", form=form, errors=errors, practitioner=None)
    return page, 422 if errors else 200


@pages.route("/<uuid:practitioner_id>/edit", methods=["GET", "POST"])
@allow(Permission.CHANGE_PRACTITIONERS)
def edit(practitioner_id: UUID) -> ResponseReturnValue:
    """Change a practitioner."""
    practitioner = get_practitioner(session(), practitioner_id)
    form = PractitionerForm(
        data={
            "name": practitioner.name,
            "title": practitioner.title,
            "site": str(practitioner.site_id),
            "active": practitioner.active,
        }
    )
    form.offer(list_sites(session()))
    done, errors = submit(
        form,
        lambda: change_practitioner(
            session(), practitioner.id, _entry(form), by=member(), now=now()
        ),
    )
    if done:
        flash("Saved.")
        return redirect(url_for(".show", practitioner_id=practitioner.id))
    page = render_template(
        "practitioners/edit.html", form=form, errors=errors, practitioner=practitioner
    )
    return page, 422 if errors else 200


@pages.route("/<uuid:practitioner_id>/credentials/new", methods=["GET", "POST"])
@allow(Permission.CHANGE_PRACTITIONERS)
def new_credential(practitioner_id: UUID) -> ResponseReturnValue:
    """Add a credential."""
    practitioner = get_practitioner(session(), practitioner_id)
    form = CredentialForm()
    done, errors = submit(
        form,
        lambda: add_credential(
            session(), practitioner.id, _credential_entry(form), by=member(), now=now()
        ),
    )
    if done:
        flash("Saved.")
        return redirect(url_for(".show", practitioner_id=practitioner.id))
    page = render_template(
        "practitioners/credential.html", form=form, errors=errors, practitioner=practitioner
    )
    return page, 422 if errors else 200


@pages.route("/<uuid:practitioner_id>/credentials/<uuid:credential_id>", methods=["GET", "POST"])
@allow(Permission.CHANGE_PRACTITIONERS)
def edit_credential(practitioner_id: UUID, credential_id: UUID) -> ResponseReturnValue:
    """Change a credential."""
    practitioner = get_practitioner(session(), practitioner_id)
    credential = get_credential(session(), credential_id)
    if credential.practitioner_id != practitioner.id:
        raise NotFound("There is no such credential.", code="credential_unknown")
    form = CredentialForm(
        data={
            "kind": credential.kind,
            "number": credential.number,
            "issuer": credential.issuer,
            "expires_on": credential.expires_on.isoformat() if credential.expires_on else "",
        }
    )
    done, errors = submit(
        form,
        lambda: change_credential(
            session(), credential.id, _credential_entry(form), by=member(), now=now()
        ),
    )
    if done:
        flash("Saved.")
        return redirect(url_for(".show", practitioner_id=practitioner.id))
    page = render_template(
        "practitioners/credential.html", form=form, errors=errors, practitioner=practitioner
    )
    return page, 422 if errors else 200


def _entry(form: PractitionerForm) -> PractitionerEntry:
    typed = text(form, ("name", "title", "site"))
    return PractitionerEntry(**typed, active=bool(form.active.data))


def _credential_entry(form: CredentialForm) -> CredentialEntry:
    return CredentialEntry(**text(form, ("kind", "number", "issuer", "expires_on")))
