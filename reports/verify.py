"""Tells whether a file is a genuine report, in one of three words and with reasons.

PASSED: exactly this file was issued, or seal, pages, signatures and key all hold. FAILED: something
is wrong with it. INDETERMINATE: nothing wrong was found, but something could not be confirmed.

A stranger's file is opened only in a child process (`examination`) with little time, little memory
and none of our secrets; so nothing that reads PDFs is imported here.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, Self

Standing = Literal["PASSED", "FAILED", "INDETERMINATE"]
# What a report says about itself, as the fields of a verdict from `report` on.
Claims = Mapping[str, Any]

# A thousand photos and more.
LARGEST = 1024 * 1024 * 1024
OUT_OF_ROOM = 3
_PATIENCE = 60.0
_PATIENCE_PER_MB = 1.0
_TOO_MUCH = "Reading it takes more time or memory than any report needs."
_DISTURBED = "Reading it was cut short on this machine. Try again later."
# How a file ends its reader: at the limits of time and memory, or by breaking a library.
_AT_ITS_LIMITS = frozenset(
    (
        OUT_OF_ROOM,
        *(-one for one in (signal.SIGXCPU, signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS)),
    )
)
_TOO_LARGE = f"It is larger than this program can check ({LARGEST // 1024 // 1024} MB)."
_TOO_BUSY = "This machine was too busy to finish reading it. Try again later."


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Whom to believe: pinned certificates (PEM), and the register of issued files.

    A pinned authority vouches for every seal issued under it. One that serves others too, such as
    a public one, must not be pinned; the certificate of the seal itself may be. `issued` takes the
    SHA-256 of a file as hex and returns what the report issued as that file says, by the
    register's own rows, or None; without a register every file is judged by its seal alone.
    `clocks` are the certificates (PEM) of time-stamp authorities; they vouch for times only, never
    for a seal, so that a public authority may be among them.
    """

    pinned: tuple[bytes, ...] = ()
    clocks: tuple[bytes, ...] = ()
    issued: Callable[[str], Claims | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found, with the reasons in plain words, and the SHA-256 of the file as hex.

    From `report` on it repeats what the file claims, as far as that was read: words to be believed
    only when the standing is PASSED. Of a file in the register they are the register's.
    """

    standing: Standing
    reasons: tuple[str, ...]
    digest: str
    report: str | None = None
    organisation: str | None = None
    site: str | None = None
    visit: str | None = None
    outcome: str | None = None
    issued_at: str | None = None
    signatures: tuple[str, ...] = ()
    signer: str | None = None
    sealed_at: str | None = None
    fingerprint: str | None = None
    level: str | None = None
    stamped_at: str | None = None
    stamped_by: str | None = None

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
    issued = trust.issued(digest) if trust.issued else None
    if issued is not None:
        reason = f"Exactly this file was issued as report {issued['report']}."
        return Verdict(standing="PASSED", reasons=(reason,), digest=digest, **issued)
    reason = _at_first_sight(pdf)
    if reason:
        return Verdict(standing="FAILED", reasons=(reason,), digest=digest)
    if len(pdf) > LARGEST:
        return Verdict(standing="INDETERMINATE", reasons=(_TOO_LARGE,), digest=digest)
    return _examined_apart(pdf, digest, trust)


def _at_first_sight(pdf: bytes) -> str:
    """Return why a file needs no closer look, or nothing."""
    if not pdf:
        return "The file is empty."
    if not pdf.startswith(b"%PDF-"):
        return "It is not a PDF."
    return ""


def _examined_apart(pdf: bytes, digest: str, trust: Trust) -> Verdict:
    """Examine in a child process; a file that brings it to its limits has failed.

    A child that ends for any other reason is a fault of ours and raises, and one that gets no
    turn leaves the question open, so that a genuine report is never called false because of it.
    """
    open_to_child = {k: v for k, v in os.environ.items() if not k.startswith("AUDIT_")}
    home = str(Path(__file__).parent.parent)
    given = {"pinned": trust.pinned, "clocks": trust.clocks}
    spelled = {name: [one.decode() for one in pems] for name, pems in given.items()}
    order = json.dumps(spelled).encode() + b"\n"
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "reports.examination"],
            input=order + pdf,
            capture_output=True,
            timeout=_PATIENCE + _PATIENCE_PER_MB * len(pdf) / 1_000_000,
            check=False,
            env={**open_to_child, "PYTHONPATH": home},
        )
    except subprocess.TimeoutExpired:
        # A file that keeps the child at work meets the limit of processor time long before this.
        return Verdict(standing="INDETERMINATE", reasons=(_TOO_BUSY,), digest=digest)
    if done.returncode in _AT_ITS_LIMITS:
        return Verdict(standing="FAILED", reasons=(_TOO_MUCH,), digest=digest)
    if done.returncode < 0:
        # Ended by somebody else: a machine without memory, a service that stops.
        return Verdict(standing="INDETERMINATE", reasons=(_DISTURBED,), digest=digest)
    if done.returncode:
        raise RuntimeError(f"the child that reads files failed: {done.stderr.decode()}")
    return Verdict.from_json(done.stdout)
