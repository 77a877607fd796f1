"""One's own account: where one is signed in, a new password, and the other organisations."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from audit.errors import Invalid, NotAllowed
from audit.services.people import open_sign_in
from audit.services.stays import (
    change_password,
    end_other_stays,
    end_stay,
    move_over,
    places_of,
    stays_of,
)
from audit.web.access import Permission, allow
from audit.web.account_forms import OwnPasswordForm
from audit.web.devices import named
from audit.web.forms import submit
from audit.web.request import across, apart, device, now, recheck, signed_in
from audit.web.sign_in import let_in

pages = Blueprint("account", __name__, url_prefix="/account")
_WHY = "an account is one's own, whatever organisations it opens"


@pages.get("/")
@allow(Permission.OWN_ACCOUNT)
def show() -> ResponseReturnValue:
    """Show where one is signed in, and where one belongs."""
    with across(_WHY) as reading:
        stays = stays_of(reading, signed_in(), now=now())
        places = places_of(reading, signed_in(), now=now())
    return render_template(
        "account/show.html",
        stays=[(one, named(one.device)) for one in stays],
        belongs=places,
        own=signed_in().sign_in_id,
    )


@pages.route("/password", methods=["GET", "POST"])
@allow(Permission.OWN_ACCOUNT)
def password() -> ResponseReturnValue:
    """Take a new password."""
    form = OwnPasswordForm()
    errors: Mapping[str, str] = {}
    if form.is_submitted():
        done, errors = _change(form)
        if done:
            flash("Your new password is kept. You are signed out everywhere else.")
            return redirect(url_for(".show"))
    page = render_template("account/password.html", form=form, errors=errors)
    return page, 422 if errors else 200


@pages.post("/stays/<uuid:stay_id>/end")
@allow(Permission.OWN_ACCOUNT)
def end(stay_id: UUID) -> ResponseReturnValue:
    """Sign out on another device."""
    with across(_WHY, writing=True) as writing:
        end_stay(writing, signed_in(), stay_id, now=now())
    flash("That device is signed out.")
    return redirect(url_for(".show"))


@pages.post("/stays/end")
@allow(Permission.OWN_ACCOUNT)
def end_others() -> ResponseReturnValue:
    """Sign out everywhere else."""
    with across(_WHY, writing=True) as writing:
        end_other_stays(writing, signed_in(), now=now())
    flash("You are signed out everywhere else.")
    return redirect(url_for(".show"))


@pages.post("/organisations/<uuid:organisation_id>")
@allow(Permission.OWN_ACCOUNT)
def move(organisation_id: UUID) -> ResponseReturnValue:
    """Go on in another organisation."""
    with across(_WHY, writing=True) as writing:
        recognised = move_over(writing, signed_in(), organisation_id, now=now())
    with apart(recognised.organisation_id) as writing:
        token = open_sign_in(writing, recognised, now=now(), device=device())
    return let_in(redirect(url_for("home.start")), recognised.member.id, token)


def _change(form: OwnPasswordForm) -> tuple[bool | None, Mapping[str, str]]:
    try:
        recheck(form.password.data or "")
    except (Invalid, NotAllowed) as refusal:
        return None, {"password": refusal.message}
    done, errors = submit(form, lambda: _keep(form.fresh.data or ""))
    # The rules speak of "password"; here that is the field of the new one.
    return done, {
        ("fresh" if name == "password" else name): words for name, words in errors.items()
    }


def _keep(fresh: str) -> bool:
    with across(_WHY, writing=True) as writing:
        change_password(writing, signed_in(), fresh, now=now())
    return True
