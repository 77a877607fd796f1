"""The first page of a new installation: three plain steps on one page."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from audit.domain.packs import Pack
from audit.domain.places import place_name
from audit.services.people import Founding, open_sign_in, set_up
from audit.store.people import count_organisations
from audit.web.access import public
from audit.web.forms import SetupForm, submit, text
from audit.web.request import across, apart, device, installation, now
from audit.web.sign_in import let_in

pages = Blueprint("setup", __name__)


@pages.route("/setup", methods=["GET", "POST"])
@public
def start() -> ResponseReturnValue:
    """Make the first organisation, while there is none."""
    with across("whether anyone has set this installation up") as reading:
        if count_organisations(reading) > 0:
            return redirect(url_for("sign_in.enter"))
    form = SetupForm()
    founded, errors = submit(form, lambda: _found(form))
    if founded:
        return founded
    page = render_template("setup/start.html", form=form, errors=errors, packs=_packs())
    return page, 422 if errors else 200


def _found(form: SetupForm) -> Response:
    typed = text(form, ("business", "place", "address", "zone", "name", "email", "password"))
    founding = Founding(**typed, services=tuple(form.services.data or ()))
    with across("the first organisation is made", writing=True) as writing:
        founder = set_up(writing, founding, now=now())
    with apart(founder.organisation_id) as writing:
        token = open_sign_in(writing, founder, now=now(), device=device())
    return let_in(redirect(url_for("home.start")), founder.member.id, token)


def _packs() -> list[str]:
    """Return the places whose own law is shipped, as people call them."""
    current = installation().shelf.catalogue.current()
    return sorted(place_name(one.jurisdiction) for one in current if isinstance(one, Pack))
