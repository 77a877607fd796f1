"""What the server keeps of an audit closed elsewhere, said so that a tablet can forget it."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from audit.domain.lifecycle import RECORDING
from audit.errors import Conflict
from audit.services.acting import Member
from audit.services.receipts import said
from audit.store.audits import Audit, current_changes
from audit.store.base import Document
from audit.store.device import CLOSING, START, ReceivedChange, find_receipt, received_of, uploads_of
from audit.store.evidence import evidence_of


def what_is_kept(session: Session, audit: Audit, *, by: Member, now: datetime) -> Document:
    """Return what is current by id, and word for word the work of `by` that came.

    Only the author's own: who brings a rescue file cannot read it, so neither may they here.
    Conflict while the audit can still be worked on: then nothing is over yet.
    """
    if audit.state in RECORDING:
        raise Conflict("This audit is still open.", code="audit_open")
    own = [row for row in received_of(session, audit.id) if row.person_id == by.id]
    current = current_changes(session, audit.id)
    receipt = find_receipt(session, audit.id)
    return {
        "number": audit.number,
        "now": said(now),
        "cells": [[key, str(one.change_id)] for key, one in sorted(current.items())],
        "changes": [
            {"id": str(row.change_id), "key": row.key, "raw": json.loads(row.raw)}
            for row in own
            if row.key not in (START, CLOSING)
        ],
        "photos": _photos(session, audit, by),
        "signatures": [one for row in own if row.key == CLOSING for one in signatures_in(row.raw)],
        "receipt": receipt.document if receipt else {},
    }


def _photos(session: Session, audit: Audit, by: Member) -> list[list[str]]:
    """Return photos by id and announced digest: those shown, taken away, and set aside whole."""
    found = {str(row.id): row.known_as for row in evidence_of(session, audit.id, removed=True)}
    for row in uploads_of(session, audit.id):
        if row.stored is not None and row.person_id == by.id:
            found[str(row.evidence_id)] = row.digest
    return [[photo, found[photo]] for photo in sorted(found)]


def signatures_in(raw: str) -> Sequence[object]:
    """Return the signatures of a closing as they came; that of a rescue file may have none."""
    said_there = json.loads(raw).get("signatures")
    return said_there if isinstance(said_there, list) else []


def signers_in(closing: ReceivedChange) -> Sequence[str]:
    """Return the names under signatures that can be read."""
    named = (one.get("name") for one in signatures_in(closing.raw) if isinstance(one, dict))
    return [name for name in named if isinstance(name, str) and name.strip()]
