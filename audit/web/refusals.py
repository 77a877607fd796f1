"""Turns refusals into pages, or into problem+json for programs; all else is a bug and says so."""

import json
import logging
import secrets
from collections.abc import Mapping

from flask import Flask, Response, render_template, request
from flask.globals import request_ctx
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from audit.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal

_log = logging.getLogger(__name__)
_STATUS: Mapping[type[Refusal], int] = {Invalid: 422, NotAllowed: 403, NotFound: 404, Conflict: 409}
_STATUS_OF_CODE: Mapping[str, int] = {
    "sign_in": 401,
    "wrong_password": 403,
    "file_too_large": 413,
    "outdated": 426,
    "too_many_tries": 429,
}
_TITLES: Mapping[int, str] = {
    400: "That could not be read",
    401: "Please sign in",
    403: "This is not yours to do",
    404: "There is no such page",
    405: "This page works another way",
    409: "Something has changed",
    413: "That is too large",
    422: "Something needs a change",
    426: "This page is too old",
    429: "Please wait a moment",
    500: "Something went wrong here",
    503: "Not ready yet",
}
_WORDS: Mapping[int, str] = {
    400: "The request was not complete. Go back, load the page again and try once more.",
    404: "The address may be mistyped, or what was here belongs to someone else.",
    405: "Go back and use the buttons of the page.",
    413: "What you sent is larger than this accepts. Choose a smaller file and try again.",
}
_BUG = 500
_LOST_FORM = (
    "The page was open for long, or someone else signed in here meanwhile. Nothing was saved. "
    "Open the page anew and write it once more; what you sent stands below, to copy from."
)
_NOT_WRITTEN = frozenset({"csrf_token", "password", "strokes", "revision", "shown", "next", "go"})


def status_of(refusal: Refusal) -> int:
    """Return the HTTP status of `refusal`."""
    general = next(status for kind, status in _STATUS.items() if isinstance(refusal, kind))
    return _STATUS_OF_CODE.get(refusal.code, general)


def show_refusals(app: Flask) -> None:
    """Let every refusal and error of `app` end in plain words."""
    app.register_error_handler(Refusal, _refuse)
    app.register_error_handler(CSRFError, _lost_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(InternalServerError, _bug)


def _refuse(refusal: Refusal) -> Response:
    return _say(status_of(refusal), refusal.message, code=refusal.code, places=refusal.places)


def _lost_form(_: CSRFError) -> Response:
    if asked_by_program():
        return _say(400, _LOST_FORM, code="form_expired")
    # Given back to the very browser that sent it; what is secret or not for reading stays out.
    written = [
        text.strip()
        for name, values in request.form.lists()
        if name not in _NOT_WRITTEN
        for text in values
        if text.strip()
    ]
    page = render_template(
        "refusals/page.html", title=_TITLES[400], words=_LOST_FORM, written=written
    )
    return Response(page, 400)


def _http(error: HTTPException) -> Response | HTTPException:
    if error.response is not None:
        return error
    status = error.code or _BUG
    response = _say(status, _WORDS.get(status, "Go back and try again."), code=f"http_{status}")
    for name, value in error.get_headers(request.environ):
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _bug(error: InternalServerError) -> Response:
    cause = error.original_exception
    if isinstance(cause, Refusal):
        # Raised by the commit, after the view had ended.
        return _refuse(cause)
    reference = secrets.token_hex(4)
    _log.error("what went wrong above was shown as reference %s", reference)
    words = f"Nothing was saved. Please try again; if it stays, name this reference: {reference}."
    return _say(_BUG, words, code="internal")


def problem(refusal: Refusal, **more: object) -> Response:
    """Return `refusal` for a program, with what else it needs to know."""
    places = {"places": refusal.places}
    return _problem(status_of(refusal), refusal.message, code=refusal.code, more=places | more)


def _problem(status: int, words: str, *, code: str, more: Mapping[str, object]) -> Response:
    title = _TITLES.get(status, "That did not work")
    said = {"title": title, "status": status, "detail": words, "code": code, **more}
    body = json.dumps(said, ensure_ascii=False)
    return Response(body, status, content_type="application/problem+json")


def _say(
    status: int, words: str, *, code: str, places: Mapping[str, str] | None = None
) -> Response:
    title = _TITLES.get(status, "That did not work")
    if asked_by_program():
        return _problem(status, words, code=code, more={"places": dict(places or {})})
    if request_ctx.url_adapter is None:
        # A host name we do not go by: no page of ours can even be addressed.
        return Response(f"{title}.\n", status, content_type="text/plain; charset=utf-8")
    # A bug may lie in what every page needs, such as the database: its page needs nothing.
    name = "refusals/bug.html" if status == _BUG else "refusals/page.html"
    page = render_template(name, title=title, words=words)
    return Response(page, status)


def asked_by_program() -> bool:
    """Say whether a program asks: at its own addresses, unless a browser wants a page there."""
    json_wanted = request.accept_mimetypes["application/json"]
    page_wanted = request.accept_mimetypes["text/html"]
    for_programs = request.path.startswith(("/device/", "/api/"))
    return json_wanted > page_wanted or (for_programs and json_wanted == page_wanted)
