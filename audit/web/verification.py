"""For anyone, signed in or not: check a file in hand, and ask whether a report still stands."""

from contextlib import closing

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from audit.errors import Invalid
from audit.services.codes import read_code
from audit.services.reports import issued_as
from audit.store.reports import ReportState, report_by_code
from audit.web.access import public
from audit.web.request import across, installation
from reports.verify import Claims, Trust, Verdict, verify

pages = Blueprint("verification", __name__)

# A code has 58 bits: it cannot be found by trying, a digest even less.
_REGISTER = "the register answers anyone who holds a report or its code"
# What strangers can make this machine hold; a command on one's own machine takes more.
LARGEST_HERE = 128_000_000
_TOO_LARGE = (
    f"This page takes files of up to {LARGEST_HERE // 1_000_000} MB. Check a larger one with the "
    "command “hygiene-audit report verify”."
)
_NO_FILE = "Choose the PDF you want to check."
_EMPTY = "This file is empty. Choose the PDF as it was handed out."
_BUSY = "Others are having files checked right now. Please try again in a minute."


@pages.url_value_preprocessor
def let_reports_pass(*_: object) -> None:
    """Say how large a file may be before anything reads it; a larger one is told its way."""
    request.max_content_length = LARGEST_HERE
    if (request.content_length or 0) > LARGEST_HERE:
        raise Invalid(_TOO_LARGE, code="file_too_large")


@pages.route("/verify", methods=["GET", "POST"])
@public
def check() -> ResponseReturnValue:
    """Judge a file; it is read, answered and forgotten."""
    if request.method == "GET":
        return render_template("verification/check.html", errors={})
    sent = request.files.get("file")
    pdf = b""
    if sent:
        # Large ones lie in a file of their own until they are closed.
        with closing(sent):
            pdf = sent.read()
    if not sent or not pdf:
        words = _EMPTY if sent and sent.filename else _NO_FILE
        return render_template("verification/check.html", errors={"file": words}), 422
    if not installation().checking.acquire(blocking=False):
        return render_template("verification/check.html", errors={"file": _BUSY}), 503
    try:
        verdict = verify(pdf, _trust())
    finally:
        installation().checking.release()
    return render_template(
        "verification/verdict.html",
        verdict=verdict,
        name=sent.filename or "",
        state=_state_of(verdict),
    )


@pages.get("/v/<code>")
@public
def standing(code: str) -> ResponseReturnValue:
    """Say whether a report still stands, and nothing else about it."""
    written = read_code(code)
    state = _find_state(written) if written else None
    page = render_template("verification/standing.html", code=written, state=state)
    return page, 404 if state is None else 200


def _trust() -> Trust:
    known = installation()
    return Trust(
        pinned=known.press.keys.pinned(), clocks=known.time.certificates, issued=_issued_as
    )


def _issued_as(digest: str) -> Claims | None:
    with across(_REGISTER) as reading:
        return issued_as(reading, digest, installation().press.blobs)


def _state_of(verdict: Verdict) -> ReportState | None:
    if verdict.standing != "PASSED" or verdict.report is None:
        return None
    return _find_state(verdict.report)


def _find_state(code: str) -> ReportState | None:
    with across(_REGISTER) as reading:
        report = report_by_code(reading, code)
        return report.state if report else None
