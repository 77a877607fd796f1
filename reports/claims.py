"""What a report says about itself, in the words of a verdict."""

from typing import Any

from reports.phrases import results
from reports.snapshot import Signature, Snapshot
from reports.words import ENGLISH as SAY


def claims(snapshot: Snapshot) -> dict[str, Any]:
    """Return what a report says about itself, as the fields of a verdict."""
    record = snapshot.record
    return {
        "report": snapshot.code,
        "organisation": record.organisation.name,
        "site": record.site.name,
        "visit": f"{SAY(results.KINDS[record.kind])} on {SAY.period(record)}",
        "outcome": SAY(results.OUTCOMES[record.scoring.outcome]),
        "issued_at": snapshot.issued_at,
        "signatures": tuple(_spoken(one) for one in snapshot.signatures),
    }


def signers(snapshot: Snapshot) -> str:
    """Return who signed, as the seal names them where PDF readers list signatures."""
    return "; ".join(
        f"{one.name}, {one.role}{' (refused)' if one.refused else ''}"
        for one in snapshot.signatures
    )


def _spoken(signature: Signature) -> str:
    act = f"refused: {signature.reason}" if signature.refused else signature.meaning
    return f"{signature.name}, {signature.role}, {SAY.moment(signature.signed_at)}: {act}"
