"""What is still to be put right, over all audits."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from audit.domain.definitions import WORST_FIRST
from audit.store.audits import get_audit
from audit.store.findings import list_open_findings
from audit.store.sites import list_sites
from audit.web.access import Permission, allow
from audit.web.lists import leaf
from audit.web.request import now, session

pages = Blueprint("findings", __name__, url_prefix="/findings")


@pages.get("/")
@allow(Permission.READ)
def index() -> ResponseReturnValue:
    """List the open findings, worst first."""
    found = list_open_findings(session())
    found.sort(key=lambda one: WORST_FIRST.index(one.severity))
    here = leaf(lambda limit, offset: found[offset : offset + limit])
    audits = {key: get_audit(session(), key) for key in {one.audit_id for one in here.rows}}
    sites = {site.id: site for site in list_sites(session())}
    return render_template(
        "findings/index.html", leaf=here, audits=audits, sites=sites, today=now().date()
    )
