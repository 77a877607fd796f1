"""Reads what came after a seal, as strictly as the seal itself, and says how long the file lasts.

Time stamps and proofs that certificates were valid may follow, each as a revision of its own, and
nothing else.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Literal

from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader

from reports.chains import chain_above
from reports.proofs import (
    NoProofError,
    Proofs,
    RevokedCertificateError,
    about,
    attach,
    attached,
    prove,
)
from reports.reprint import length
from reports.seal import Sealer
from reports.sealed import BrokenSealError, read_seal
from reports.stamped import ADDED, Certificates, Stamp, read_stamp

# The levels of PAdES: sealed, proven to exist, proven to be valid, and both for longer than any
# certificate lasts.
Level = Literal["B-B", "B-T", "B-LT", "B-LTA"]

_END = re.compile(rb"startxref\n(\d{1,10})\n%%EOF\n")
_SEAL = b"/ETSI.CAdES.detached"
_CUT = "Its end is missing, or something was added after it was sealed."
_REVOKED = "A certificate was revoked before the time that the time stamps prove."
_UNPROVEN = "What was added to it does not prove that its certificates were valid."


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """What stands behind a seal: its time stamps, oldest first, and the level they reach."""

    stamps: tuple[Stamp, ...] = ()
    proofs: Proofs = field(default_factory=Proofs)
    level: Level = "B-B"


def sealed_length(pdf: bytes) -> int:
    """Return where the sealed bytes end and later revisions may begin."""
    seal = pdf.find(_SEAL, length(pdf))
    found = _END.search(pdf, seal) if seal >= 0 else None
    return found.end() if found else len(pdf)


def read_lasting(pdf: bytes, known: frozenset[x509.Certificate]) -> Lasting:
    """Return what came after the seal; BrokenSealError when anything else is there."""
    place = sealed_length(pdf)
    if place == len(pdf):
        return Lasting()
    by = read_seal(pdf[:place]).by
    certificates = Certificates(known=known, carried=_carried(pdf))
    found, revision = Lasting(), 1
    while place < len(pdf):
        ending = _END.search(pdf, place)
        if ending is None:
            raise BrokenSealError(_CUT)
        before, place, revision = place, ending.end(), revision + 1
        reader = PdfFileReader(BytesIO(pdf[:place]), strict=True)
        held = attached(reader, revision)
        if held == found.proofs:
            earlier = len(found.stamps)
            read = read_stamp(pdf[:place], pdf[:before], revision, earlier, certificates)
            found = _stamped(found, read)
        else:
            _insist(pdf[:before], pdf[:place], held.without(found.proofs))
            _prove(by, found.stamps, held)
            level: Level = "B-LTA" if found.level == "B-LTA" else "B-LT"
            found = Lasting(stamps=found.stamps, proofs=held, level=level)
    return found


def unproven(pdf: bytes, known: frozenset[x509.Certificate]) -> tuple[tuple[Sealer, ...], Proofs]:
    """Return whose certificates a stamped file does not prove yet, and the proofs it carries."""
    by, found = read_seal(pdf[: sealed_length(pdf)]).by, read_lasting(pdf, known)
    used = [(_with(one, known), at) for one, at in _used(by, found.stamps)]
    return tuple(one for one, at in used if not _is_proven(one, at, found.proofs)), found.proofs


def _carried(pdf: bytes) -> tuple[x509.Certificate, ...]:
    """Return the certificates among all proofs; that they belong there is judged on the way."""
    reader = PdfFileReader(BytesIO(pdf), strict=True)
    held = attached(reader, reader.total_revisions - 1)
    return tuple(x509.load_der_x509_certificate(one) for one in held.certificates)


def _with(sealer: Sealer, known: frozenset[x509.Certificate]) -> Sealer:
    """Return the same with what is known above it here: so the file will carry that too."""
    above = chain_above(sealer.certificate, [*sealer.chain, *known])
    return Sealer(certificate=sealer.certificate, chain=above)


def _is_proven(sealer: Sealer, at: datetime, held: Proofs) -> bool:
    try:
        prove(sealer, at, held)
    except NoProofError:
        return False
    return True


def _stamped(found: Lasting, stamp: Stamp) -> Lasting:
    level: Level = "B-T" if found.level in ("B-B", "B-T") else "B-LTA"
    return Lasting(stamps=(*found.stamps, stamp), proofs=found.proofs, level=level)


def _insist(before: bytes, after: bytes, added: Proofs) -> None:
    """Insist that a revision is proofs and not one byte more: made again, it comes out the same."""
    if not added.size or attach(before, added) != after:
        raise BrokenSealError(ADDED)


def _used(by: Sealer, stamps: tuple[Stamp, ...]) -> list[tuple[Sealer, datetime]]:
    """Return whose certificates were used, and when: nothing proves a seal older than a stamp."""
    return [(by, stamps[0].at), *((one.by, one.at) for one in stamps)]


def _prove(by: Sealer, stamps: tuple[Stamp, ...], held: Proofs) -> None:
    """Insist that proofs are about these certificates alone, and suffice for all of them."""
    if not stamps or about([by, *(one.by for one in stamps)], held) != held:
        raise BrokenSealError(ADDED)
    try:
        for one, at in _used(by, stamps):
            prove(one, at, held)
    except RevokedCertificateError as error:
        raise BrokenSealError(_REVOKED) from error
    except NoProofError as error:
        raise BrokenSealError(_UNPROVEN) from error
