"""What is shipped: programmes, checklists by topic, and what each place adds."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from audit.domain.catalogue import Catalogue
from audit.domain.checklist import Checklist
from audit.domain.facts import cite
from audit.domain.packs import Pack, Programme
from audit.domain.progress import count_items
from audit.errors import NotFound
from audit.services.blank import blank_form
from audit.web.access import Permission, allow
from audit.web.request import installation, now

pages = Blueprint("checklists", __name__, url_prefix="/checklists")


@pages.get("/")
@allow(Permission.READ)
def index() -> ResponseReturnValue:
    """List the newest version of everything."""
    current = installation().shelf.catalogue.current()
    return render_template(
        "checklists/index.html",
        programmes=[one for one in current if isinstance(one, Programme)],
        checklists=[one for one in current if isinstance(one, Checklist)],
        packs=[one for one in current if isinstance(one, Pack)],
        count=_count,
    )


@pages.get("/<code>/<int:version>")
@allow(Permission.READ)
def show(code: str, version: int) -> ResponseReturnValue:
    """Show one checklist or programme with every item, or what one place adds."""
    catalogue = installation().shelf.catalogue
    published = catalogue.published.get((code, version))
    if published is None:
        raise NotFound("There is no such checklist.", code="no_such_checklist")
    if isinstance(published, Pack):
        return render_template(
            "checklists/pack.html",
            pack=published,
            prompts=_prompts(catalogue),
            facts=catalogue.facts,
            cite=cite,
        )
    return render_template(
        "checklists/show.html",
        published=published,
        checklist=catalogue.get(code, version),
        parts=catalogue.editions(code, version),
        facts=catalogue.facts,
        cite=cite,
        count=_count,
    )


@pages.get("/<code>/<int:version>.pdf")
@allow(Permission.READ)
def on_paper(code: str, version: int) -> ResponseReturnValue:
    """Hand out a checklist or programme as a form to fill in by hand."""
    checklist = installation().shelf.catalogue.get(code, version)
    response = Response(blank_form(checklist, now()), mimetype="application/pdf")
    name = f"{checklist.code}-{checklist.version}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _count(checklist: Checklist) -> int:
    return count_items(checklist.items.values())


def _prompts(catalogue: Catalogue) -> dict[str, str]:
    """Return the prompt of every item of the core checklists, by code."""
    core = (one for one in catalogue.published.values() if isinstance(one, Checklist))
    return {code: item.prompt for one in core for code, item in one.items.items()}
