"""How the organisation's reports look."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from audit.errors import Invalid, NotFound
from audit.services.branding import BrandingEntry, branding_of, change_branding, make_logo
from audit.store.photos import PlainPhoto
from audit.web.access import Permission, allow
from audit.web.forms import BrandingForm, submit, text
from audit.web.request import installation, member, now, session

pages = Blueprint("branding", __name__, url_prefix="/reports/look")
_AGAIN = "Choose the picture once more; all else is as you typed it."


@pages.route("", methods=["GET", "POST"])
@allow(Permission.CHANGE_BRANDING)
def change() -> ResponseReturnValue:
    """Show and change how reports to come look."""
    # Before the transaction begins, so that nobody waits for a picture to be made plain.
    logo, refused = _sent_logo()
    look = branding_of(session())
    form = BrandingForm(obj=look, own_colour=bool(look and look.accent))
    done, errors = submit(form, lambda: _save(form, logo, refused))
    if done:
        flash("Saved. Reports issued from now on look like this.")
        return redirect(url_for(".change"))
    if logo and errors:
        # No browser shows a chosen file again.
        errors = {**errors, "logo": _AGAIN}
    page = render_template("reports/look.html", form=form, errors=errors, look=look)
    return page, 422 if errors else 200


@pages.get("/logo.jpg")
@allow(Permission.READ)
def logo() -> ResponseReturnValue:
    """Show the logo."""
    look = branding_of(session())
    if look is None or look.logo is None:
        raise NotFound("There is no logo.", code="no_logo")
    return Response(installation().press.blobs.get(look.logo.digest), mimetype="image/jpeg")


def _sent_logo() -> tuple[PlainPhoto | None, str]:
    """Return the picture sent along, or why it cannot be used."""
    sent = request.files.get("logo")
    if sent is None or not sent.filename:
        return None, ""
    try:
        return make_logo(sent.read()), ""
    except Invalid as refusal:
        return None, refusal.message


def _save(form: BrandingForm, logo: PlainPhoto | None, refused: str) -> bool:
    if refused:
        raise Invalid("Some fields need a change.", code="bad_entry", places={"logo": refused})
    typed = text(form, ("address", "phone", "email", "web"))
    entry = BrandingEntry(
        **typed,
        logo=logo,
        keep_logo=not form.no_logo.data,
        photos=form.photos.data or "",
        accent=(form.accent.data or "") if form.own_colour.data else "",
    )
    change_branding(session(), entry, blobs=installation().press.blobs, by=member(), now=now())
    return True
