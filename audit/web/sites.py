"""Sites and the sterilizers that stand there."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from audit.errors import NotFound
from audit.services.sites import (
    SiteEntry,
    SterilizerEntry,
    add_site,
    add_sterilizer,
    change_site,
    change_sterilizer,
)
from audit.store.audits import list_audits
from audit.store.practitioners import list_practitioners
from audit.store.sites import Sterilizer, get_site, get_sterilizer, list_sites, sterilizers_of
from audit.web.access import Permission, allow
from audit.web.forms import SiteForm, SterilizerForm, submit, text
from audit.web.request import installation, member, now, session

pages = Blueprint("sites", __name__, url_prefix="/sites")
_RECENT = 5


@pages.get("/")
@allow(Permission.READ)
def index() -> ResponseReturnValue:
    """List the sites, those in use first."""
    found = sorted(list_sites(session()), key=lambda site: not site.active)
    return render_template("sites/index.html", sites=found)


@pages.get("/<uuid:site_id>")
@allow(Permission.READ)
def show(site_id: UUID) -> ResponseReturnValue:
    """Show one site with who and what is there."""
    site = get_site(session(), site_id)
    return render_template(
        "sites/show.html",
        site=site,
        pack=installation().shelf.catalogue.pack_for(site.jurisdiction),
        sterilizers=sterilizers_of(session(), site.id),
        practitioners=list_practitioners(session(), site.id, active_only=True),
        audits=list_audits(session(), site.id, limit=_RECENT),
    )


@pages.route("/new", methods=["GET", "POST"])
@allow(Permission.CHANGE_SITES)
def new() -> ResponseReturnValue:
    """Add a site."""
    form = SiteForm()
    done, errors = submit(
        form, lambda: add_site(session(), _site_entry(form), by=member(), now=now())
    )
    if done:
        flash(f"{done.name} was added.")
        return redirect(url_for(".show", site_id=done.id))
    page = render_template("sites/edit.html", form=form, errors=errors, site=None)
    return page, 422 if errors else 200


@pages.route("/<uuid:site_id>/edit", methods=["GET", "POST"])
@allow(Permission.CHANGE_SITES)
def edit(site_id: UUID) -> ResponseReturnValue:
    """Change a site."""
    site = get_site(session(), site_id)
    form = SiteForm(obj=site)
    done, errors = submit(
        form, lambda: change_site(session(), site.id, _site_entry(form), by=member(), now=now())
    )
    if done:
        flash("Saved.")
        return redirect(url_for(".show", site_id=site.id))
    page = render_template("sites/edit.html", form=form, errors=errors, site=site)
    return page, 422 if errors else 200


@pages.route("/<uuid:site_id>/sterilizers/new", methods=["GET", "POST"])
@allow(Permission.CHANGE_SITES)
def new_sterilizer(site_id: UUID) -> ResponseReturnValue:
    """Add a sterilizer to a site."""
    site = get_site(session(), site_id)
    form = SterilizerForm()
    done, errors = submit(
        form,
        lambda: add_sterilizer(session(), site.id, _sterilizer_entry(form), by=member(), now=now()),
    )
    if done:
        flash(f"{done.name} was added.")
        return redirect(url_for(".show", site_id=site.id))
    page = render_template(
        "sites/sterilizer.html", form=form, errors=errors, site=site, sterilizer=None
    )
    return page, 422 if errors else 200


@pages.route("/<uuid:site_id>/sterilizers/<uuid:sterilizer_id>", methods=["GET", "POST"])
@allow(Permission.CHANGE_SITES)
def edit_sterilizer(site_id: UUID, sterilizer_id: UUID) -> ResponseReturnValue:
    """Change a sterilizer."""
    site = get_site(session(), site_id)
    sterilizer = _at(site_id, sterilizer_id)
    form = SterilizerForm(obj=sterilizer)
    done, errors = submit(
        form,
        lambda: change_sterilizer(
            session(), sterilizer.id, _sterilizer_entry(form), by=member(), now=now()
        ),
    )
    if done:
        flash("Saved.")
        return redirect(url_for(".show", site_id=site.id))
    page = render_template(
        "sites/sterilizer.html", form=form, errors=errors, site=site, sterilizer=sterilizer
    )
    return page, 422 if errors else 200


def _at(site_id: UUID, sterilizer_id: UUID) -> Sterilizer:
    sterilizer = get_sterilizer(session(), sterilizer_id)
    if sterilizer.site_id != site_id:
        raise NotFound("There is no such sterilizer at this site.", code="sterilizer_unknown")
    return sterilizer


def _site_entry(form: SiteForm) -> SiteEntry:
    return SiteEntry(
        **text(form, ("name", "address", "jurisdiction", "zone", "language")),
        services=tuple(form.services.data or ()),
        active=bool(form.active.data),
    )


def _sterilizer_entry(form: SterilizerForm) -> SterilizerEntry:
    typed = text(form, ("name", "kind", "maker", "model", "serial"))
    return SterilizerEntry(**typed, in_use=bool(form.in_use.data))
