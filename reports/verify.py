"""Tells whether a file is a genuine report, in one of three words and with reasons.

PASSED: exactly this file was issued, or seal, pages, signatures and key all hold. FAILED: something
is wrong with it. INDETERMINATE: nothing wrong was found, but something could not be confirmed.

A stranger's file is opened only in a child process with little time, little memory and none of our
secrets; `python -m reports.verify` is that child.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from cryptography import x509

from reports.reprint import (
    ForeignError,
    is_known,
    length,
    printed_as,
    read_snapshot,
    same_layout,
    take_apart,
)
from reports.sealed import BrokenSealError, Sealed, read_seal
from reports.snapshot import Signature, Snapshot
from reports.words import OUTCOMES, counted, moment

Found = TypeVar("Found")
Standing = Literal["PASSED", "FAILED", "INDETERMINATE"]

LARGEST = 128 * 1024 * 1024
_SECONDS = 20
_PATIENCE = 60.0
# Libraries and fonts take about 350 MB of address space; a report is held about eight times over.
_ADDRESS_SPACE = 640 * 1024 * 1024
_COPIES = 10
_TOO_MUCH = "Reading it takes more time or memory than any report needs."
_OUT_OF_ROOM = 3
_UNREADABLE = "It cannot be read as a PDF."


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Whom to believe: pinned authority certificates (PEM), and the register of issued files.

    `issued` takes the SHA-256 of a file as hex and returns the code of the report it was issued
    as, or None; without a register every file is judged by its seal alone.
    """

    pinned: tuple[bytes, ...] = ()
    issued: Callable[[str], str | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found, with the reasons in plain words, and the SHA-256 of the file as hex.

    From `report` on it repeats what the file claims, as far as that was read: words to be believed
    only when the standing is PASSED.
    """

    standing: Standing
    reasons: tuple[str, ...]
    digest: str
    report: str | None = None
    organisation: str | None = None
    site: str | None = None
    outcome: str | None = None
    issued_at: str | None = None
    signatures: tuple[str, ...] = ()
    signer: str | None = None
    sealed_at: str | None = None
    fingerprint: str | None = None

    def as_json(self) -> str:
        """Return the verdict as JSON, in ASCII so that no name can play tricks on a terminal."""
        return json.dumps(asdict(self), indent=2)

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Read a verdict back."""
        given = json.loads(text)
        for name in ("reasons", "signatures"):
            given[name] = tuple(given[name])
        return cls(**given)


def verify(pdf: bytes, trust: Trust) -> Verdict:
    """Judge a file; never raises because of what is in it."""
    digest = sha256(pdf).hexdigest()
    code = trust.issued(digest) if trust.issued else None
    if code is not None:
        reason = f"Exactly this file was issued as report {code}."
        return Verdict(standing="PASSED", reasons=(reason,), digest=digest, report=code)
    reason = _at_first_sight(pdf)
    if reason:
        return Verdict(standing="FAILED", reasons=(reason,), digest=digest)
    return _examined_apart(pdf, trust.pinned) or Verdict(
        standing="FAILED", reasons=(_TOO_MUCH,), digest=digest
    )


def examine(pdf: bytes, pinned: tuple[bytes, ...]) -> Verdict:
    """Judge a file in this very process, which a hostile file may bring down."""
    notes = _Notes()
    sealed = notes.attempt(lambda: read_seal(pdf))
    if sealed:
        notes.held.append("The seal is valid and covers the whole file.")
        _weigh_key(notes, sealed, pinned)
    snapshot = notes.attempt(lambda: _weigh_pages(notes, pdf))
    if snapshot:
        _weigh_signatures(notes, snapshot)
    return Verdict(
        standing=notes.standing,
        reasons=tuple(dict.fromkeys(notes.wrong or [*notes.doubts, *notes.held])),
        digest=sha256(pdf).hexdigest(),
        **(_claims(snapshot) if snapshot else {}),
        **(_seal_claims(sealed) if sealed else {}),
    )


@dataclass(frozen=True, slots=True)
class _Notes:
    """What came out so far: what is wrong, what stays in doubt, what holds."""

    wrong: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)

    @property
    def standing(self) -> Standing:
        if self.wrong:
            return "FAILED"
        return "INDETERMINATE" if self.doubts else "PASSED"

    def attempt(self, read: Callable[[], Found | None]) -> Found | None:
        """Return what `read` returns; whatever it raises is a reason not to believe the file."""
        try:
            return read()
        except (BrokenSealError, ForeignError) as error:
            self.wrong.append(str(error))
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001  # a hostile file can make a parser raise anything at all
            self.wrong.append(_UNREADABLE)
        return None


def _weigh_key(notes: _Notes, sealed: Sealed, pinned: tuple[bytes, ...]) -> None:
    known = [x509.load_pem_x509_certificate(one) for one in pinned]
    authority = sealed.by.authority
    if authority in known:
        notes.held.append("It was sealed with a key that is trusted here.")
    elif authority.subject in [one.subject for one in known]:
        notes.doubts.append(
            "It was sealed under a name that is known here, but with another key: either the key "
            "was changed, or somebody else uses the name. Ask the organisation."
        )
    else:
        notes.doubts.append(
            "Who sealed it cannot be confirmed here. Compare the fingerprint of the sealing "
            "authority with the one the organisation publishes."
        )


def _weigh_pages(notes: _Notes, pdf: bytes) -> Snapshot | None:
    """Compare the pages with the data inside, and return the data."""
    printed = take_apart(pdf[: length(pdf)])
    data = printed.snapshot()
    if not is_known(data):
        notes.doubts.append("Its data are of another version of this program; nobody looked in.")
        return None
    snapshot = read_snapshot(data)
    if not same_layout(snapshot):
        notes.doubts.append(
            "It was printed in an older or newer layout, so its pages could not be compared with "
            "the audit data inside."
        )
    elif printed_as(snapshot, printed):
        notes.held.append("The pages are exactly what the audit data inside say.")
    else:
        notes.wrong.append("The pages do not say what the audit data inside say.")
    return snapshot


def _weigh_signatures(notes: _Notes, snapshot: Snapshot) -> None:
    signed, digest = snapshot.signatures, snapshot.record.digest()
    strangers = [one.name for one in signed if one.digest != digest]
    notes.wrong.extend(f"{name} signed something else than what it says." for name in strangers)
    if signed and not strangers:
        noun = counted(len(signed), "signature")
        notes.held.append(f"What it says is what people signed ({noun}, refusals included).")


def _claims(snapshot: Snapshot) -> dict[str, Any]:
    record = snapshot.record
    return {
        "report": snapshot.code,
        "organisation": record.organisation.name,
        "site": record.site.name,
        "outcome": OUTCOMES[record.scoring.outcome],
        "issued_at": snapshot.issued_at,
        "signatures": tuple(_spoken(one) for one in snapshot.signatures),
    }


def _seal_claims(sealed: Sealed) -> dict[str, Any]:
    return {
        "signer": sealed.by.name,
        "sealed_at": sealed.at.isoformat(),
        "fingerprint": sealed.by.fingerprint,
    }


def _spoken(signature: Signature) -> str:
    act = f"refused: {signature.reason}" if signature.refused else signature.meaning
    return f"{signature.name}, {signature.role}, {moment(signature.signed_at)}: {act}"


def _at_first_sight(pdf: bytes) -> str:
    """Return why a file needs no closer look, or nothing."""
    if not pdf:
        return "The file is empty."
    if not pdf.startswith(b"%PDF-"):
        return "It is not a PDF."
    if len(pdf) > LARGEST:
        return f"It is larger than any report ({LARGEST // 1024 // 1024} MB)."
    return ""


def _examined_apart(pdf: bytes, pinned: tuple[bytes, ...]) -> Verdict | None:
    """Examine in a child process; None when it came to its limits.

    A child that ends for any other reason is a fault of ours and raises, so that a genuine report
    is never called false because of it.
    """
    open_to_child = {k: v for k, v in os.environ.items() if not k.startswith("AUDIT_")}
    home = str(Path(__file__).parent.parent)
    order = json.dumps([one.decode() for one in pinned]).encode() + b"\n"
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "reports.verify"],
            input=order + pdf,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
            env={**open_to_child, "PYTHONPATH": home},
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode < 0 or done.returncode == _OUT_OF_ROOM:
        return None
    if done.returncode:
        raise RuntimeError(f"the child that reads files failed: {done.stderr.decode()}")
    return Verdict.from_json(done.stdout)


def _serve() -> int:
    """Be the child: read an order and a file, write the verdict."""
    order, _, pdf = sys.stdin.buffer.read().partition(b"\n")
    room = _ADDRESS_SPACE + _COPIES * len(pdf)
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    try:
        verdict = examine(pdf, tuple(one.encode() for one in json.loads(order)))
    except MemoryError:
        return _OUT_OF_ROOM
    sys.stdout.write(verdict.as_json())
    return 0


if __name__ == "__main__":
    sys.exit(_serve())
