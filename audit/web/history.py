"""What was done to an audit, in order, with what stood before beside what came after."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from audit.store.audits import get_audit
from audit.store.journal import JournalEntry, entries
from audit.store.sites import get_site
from audit.web.access import Permission, allow
from audit.web.request import session
from audit.web.words import ACTS, ROLES
from audit.web.work import Speaker

pages = Blueprint("history", __name__)
# As many acts as a long visit has; the rest is in the journal all the same.
_MOST = 1000
_SIGNED = ("sign_audit", "refuse_signature")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One response as it was before and after, in words; empty where there was none."""

    about: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who did what, when, and by the tablet's own clock where it told one."""

    number: int
    at: datetime
    claimed_at: datetime | None
    who: str
    role: str
    words: str
    reason: str
    changes: tuple[Change, ...]


@pages.get("/audits/<uuid:audit_id>/history")
@allow(Permission.READ)
def show(audit_id: UUID) -> ResponseReturnValue:
    """Show every act on one audit, the newest first."""
    audit = get_audit(session(), audit_id)
    speaker = Speaker(audit)
    acts = [_act(one, speaker) for one in entries(session(), audit.id, limit=_MOST)]
    site = get_site(session(), audit.site_id)
    return render_template("audits/history.html", audit=audit, site=site, acts=acts, most=_MOST)


def _act(entry: JournalEntry, speaker: Speaker) -> Act:
    details = entry.details
    # Who signed may be another than whose device it was.
    signer = f": {details['name']}" if entry.act in _SIGNED else ""
    return Act(
        number=entry.number,
        at=entry.at,
        claimed_at=entry.claimed_at,
        who=entry.person_name,
        role=ROLES.get(entry.role, ""),
        words=ACTS.get(entry.act, entry.act.replace("_", " ").capitalize()) + signer,
        reason=str(details.get("reason") or ""),
        changes=tuple(_changes(details.get("changes", ()), speaker)),
    )


def _changes(told: Iterable[Mapping[str, Any]], speaker: Speaker) -> Iterable[Change]:
    for one in told:
        key, before, after = one["key"], one["before"], one["after"]
        yield Change(
            about=speaker.about(key),
            before=speaker.stored(key, before) if before else "",
            after=speaker.stored(key, after) if after else "",
        )
