"""The register of issued reports, and their sealed files as they were filed."""

from io import BytesIO

import segno
from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from audit.services.reports import extract, hand_out_report
from audit.services.withdrawals import withdrawal_of
from audit.store.audits import get_audit
from audit.store.corrections import find_under_way
from audit.store.reports import get_report, list_reports, replaced_by, report_replacing
from audit.store.signatures import signatures_of
from audit.store.sites import get_site, list_sites
from audit.store.stamps import attempt_for, newest_revision
from audit.web.access import Permission, allow
from audit.web.lists import leaf
from audit.web.request import apart, installation, member, now, session, signed_in
from reports.snapshot import Layout

pages = Blueprint("reports", __name__, url_prefix="/reports")


@pages.get("/")
@allow(Permission.READ)
def index() -> ResponseReturnValue:
    """List the reports, newest first."""
    return render_template(
        "reports/index.html",
        leaf=leaf(lambda limit, offset: list_reports(session(), limit=limit, offset=offset)),
        sites={site.id: site for site in list_sites(session())},
    )


@pages.get("/<code>")
@allow(Permission.READ)
def show(code: str) -> ResponseReturnValue:
    """Show one report: its file, its fingerprint, and how anyone can check it."""
    report = get_report(session(), code)
    audit = get_audit(session(), report.audit_id)
    return render_template(
        "reports/show.html",
        report=report,
        audit=audit,
        site=get_site(session(), audit.site_id),
        signatures=signatures_of(session(), audit.id),
        withdrawal=withdrawal_of(session(), report),
        newer=report_replacing(session(), report),
        older=replaced_by(session(), report),
        under_way=find_under_way(session(), audit.id),
        address=f"{installation().press.base_url}/v/{report.code}",
        stamped=newest_revision(session(), report),
        attempt=attempt_for(session(), report.id),
        awaits_stamp=bool(installation().time.url),
    )


@pages.get("/<code>.svg")
@allow(Permission.READ)
def square(code: str) -> ResponseReturnValue:
    """Draw the code to scan, which leads to where the report's standing is said."""
    report = get_report(session(), code)
    drawn = BytesIO()
    address = f"{installation().press.base_url}/v/{report.code}"
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", scale=4, border=1)
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


@pages.get("/<code>.pdf")
@allow(Permission.READ)
def file(code: str) -> ResponseReturnValue:
    """Hand out the file as it was filed, its time stamp included; the journal says to whom.

    `?issued` is for the file without a stamp, as it was issued.
    """
    with apart(signed_in().organisation_id) as writing:
        handed = hand_out_report(
            writing, code, by=member(), now=now(), unstamped="issued" in request.args
        )
        # Read before the entry is committed: what cannot be read was not handed out.
        pdf = installation().press.blobs.get(handed.digest)
    response = Response(pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{handed.code}.pdf"'
    return response


@pages.get("/<code>/<any(summary, findings):layout>.pdf")
@allow(Permission.READ)
def part(code: str, layout: Layout) -> ResponseReturnValue:
    """Hand out a part of a report, printed and sealed now; the journal says to whom."""
    with apart(signed_in().organisation_id) as writing:
        pdf = extract(writing, code, layout, press=installation().press, by=member(), now=now())
        name = get_report(writing, code).code
    response = Response(pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{layout}.pdf"'
    return response
