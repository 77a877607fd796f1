"""Coming in and going out."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as browser_session
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from audit.errors import Invalid, NotAllowed
from audit.services.people import LONGEST_STAY, open_sign_in, sign_in, sign_out
from audit.store.people import count_organisations
from audit.web.access import public, safe_next
from audit.web.forms import SignInForm
from audit.web.refusals import status_of
from audit.web.request import across, address, apart, device, installation, now, session, who

pages = Blueprint("sign_in", __name__)
_WHOSE = "person"
_OF_FORMS = (_WHOSE, "csrf_token")


@pages.route("/login", methods=["GET", "POST"])
@public
def enter() -> ResponseReturnValue:
    """Sign in with email and password; a new token each time."""
    form = SignInForm(next=request.args.get("next", ""))
    if request.method == "GET" and who() is not None:
        return redirect(safe_next(form.next.data))
    errors: dict[str, str] = {}
    status = 200
    if form.is_submitted():
        try:
            return _come_in(form)
        except (Invalid, NotAllowed) as refusal:
            errors = refusal.places or {"email": refusal.message}
            status = status_of(refusal)
    elif _nobody_yet():
        return redirect(url_for("setup.start"))
    return render_template("sign_in/enter.html", form=form, errors=errors), status


@pages.post("/logout")
@public
def leave() -> ResponseReturnValue:
    """End the stay on the server, and forget the cookie; one already over is no fault."""
    person = who()
    if person is not None:
        sign_out(session(), person, now=now())
    # A form that stands open in another tab can be sent once more by the same person; whoever else
    # comes in here clears this too.
    kept = {name: browser_session[name] for name in _OF_FORMS if name in browser_session}
    browser_session.clear()
    browser_session.update(kept)
    response = redirect(url_for(".enter"))
    response.delete_cookie(
        installation().sign_in_cookie, secure=installation().secure, httponly=True, samesite="Lax"
    )
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def let_in(response: Response, person_id: UUID, token: str) -> Response:
    """Hand the token of a new stay to the browser."""
    # What was agreed with anyone else before, such as the proof of forms, ends here; the same
    # person may still send a form that stood open while the stay ended.
    if browser_session.get(_WHOSE) != str(person_id):
        browser_session.clear()
    browser_session[_WHOSE] = str(person_id)
    response.set_cookie(
        installation().sign_in_cookie,
        token,
        max_age=LONGEST_STAY,
        secure=installation().secure,
        httponly=True,
        samesite="Lax",
    )
    return response


def _come_in(form: SignInForm) -> ResponseReturnValue:
    with across("who signs in belongs to no organisation yet") as reading:
        recognised = sign_in(
            reading,
            form.email.data or "",
            form.password.data or "",
            attempts=installation().attempts,
            address=address(),
            now=now(),
        )
    with apart(recognised.organisation_id) as writing:
        token = open_sign_in(writing, recognised, now=now(), device=device())
    return let_in(redirect(safe_next(form.next.data)), recognised.member.id, token)


def _nobody_yet() -> bool:
    with across("whether anyone has set this installation up") as reading:
        return count_organisations(reading) == 0
