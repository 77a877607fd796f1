"""Opens a stranger's file and judges it: `python -m reports.examination` is the child that may die.

It reads one line with the certificates to believe, then the file; it writes the verdict as JSON.
"""

import json
import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography import x509

from reports.claims import claims, signers
from reports.lasting import read_lasting, sealed_length
from reports.reprint import (
    ForeignError,
    UnreadableError,
    is_known,
    length,
    printed_as,
    read_snapshot,
    same_layout,
    take_apart,
)
from reports.sealed import BrokenSealError, Sealed, read_seal
from reports.snapshot import Snapshot
from reports.verify import OUT_OF_ROOM, Claims, Standing, Verdict

_SECONDS = 20
_GRACE = 5
# The slowest machine worth the name reads this much of a genuine report in a second.
_BYTES_A_SECOND = 4_000_000
# Libraries and fonts take about 350 MB of address space; a report is held about eight times over.
_ADDRESS_SPACE = 640 * 1024 * 1024
_COPIES = 10
_UNREADABLE = "It is damaged: not all of it can be read."


def examine(pdf: bytes, pinned: tuple[bytes, ...], clocks: tuple[bytes, ...] = ()) -> Verdict:
    """Judge a file in this very process, which a hostile file may bring down."""
    known, timers = (_loaded(pems) for pems in (pinned, clocks))
    notes = _Notes()
    by_seal = notes.attempt(lambda: _weigh_seal(notes, pdf, known))
    by_clock = notes.attempt(lambda: _weigh_stamps(notes, pdf, timers)) if by_seal else {}
    by_data = notes.attempt(lambda: _weigh_data(notes, pdf))
    return Verdict(
        standing=notes.standing,
        reasons=tuple(dict.fromkeys(notes.wrong or [*notes.doubts, *notes.held])),
        digest=sha256(pdf).hexdigest(),
        **by_seal,
        **by_clock,
        **by_data,
    )


@dataclass(frozen=True, slots=True)
class _Notes:
    """What came out so far: what is wrong, what stays in doubt, what holds."""

    wrong: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    # Whom the seal names as signers, where it names any.
    named: list[str] = field(default_factory=list)

    @property
    def standing(self) -> Standing:
        if self.wrong:
            return "FAILED"
        return "INDETERMINATE" if self.doubts else "PASSED"

    def attempt(self, weigh: Callable[[], Claims]) -> Claims:
        """Return what the file claims; whatever is raised is a reason not to believe it."""
        try:
            return weigh()
        except UnreadableError as error:
            # What a seal seemed to be in such a file would only contradict this.
            self.wrong[:] = [str(error)]
        except (BrokenSealError, ForeignError) as error:
            self.wrong.append(str(error))
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001  # a hostile file can make a parser raise anything at all
            self.wrong.append(_UNREADABLE)
        return {}


def _weigh_seal(notes: _Notes, pdf: bytes, known: frozenset[x509.Certificate]) -> Claims:
    end = sealed_length(pdf)
    sealed = read_seal(pdf[:end])
    whole = end == len(pdf)
    notes.held.append(f"The seal is valid{' and covers the whole file' if whole else ''}.")
    _weigh_key(notes, sealed, known)
    notes.named.extend(filter(None, [sealed.names]))
    return {
        "signer": sealed.by.name,
        "sealed_at": sealed.at.isoformat(),
        "fingerprint": sealed.by.fingerprint,
    }


def _loaded(pems: tuple[bytes, ...]) -> frozenset[x509.Certificate]:
    return frozenset(x509.load_pem_x509_certificate(one) for one in pems)


def _weigh_stamps(notes: _Notes, pdf: bytes, known: frozenset[x509.Certificate]) -> Claims:
    """Say since when the file is proven to exist: by the oldest stamp of a known authority."""
    lasting = read_lasting(pdf, known)
    stamps = lasting.stamps
    if not stamps:
        return {"level": lasting.level}
    proofs = ", and proofs that its certificates were valid" if lasting.proofs.size else ""
    notes.held.append(f"Nothing came after the seal but time stamps{proofs}.")
    confirmed = [one for one in stamps if one.trusted]
    first = (confirmed or stamps)[0]
    if confirmed:
        notes.held.append(
            f"It existed on {first.at:%Y-%m-%d at %H:%M} UTC, by a time stamp of an authority "
            "that is trusted here."
        )
    if len(confirmed) < len(stamps):
        notes.doubts.append(
            "It bears a time stamp of an authority that is not known here, so that time is not "
            "confirmed. The seal does not depend on it."
        )
    return {
        "level": lasting.level,
        "stamped_at": first.at.isoformat(),
        "stamped_by": first.by.name,
    }


def _weigh_key(notes: _Notes, sealed: Sealed, known: frozenset[x509.Certificate]) -> None:
    own = {sealed.by.certificate, sealed.by.authority}
    if own & known:
        notes.held.append("It was sealed with a key that is trusted here.")
    elif {one.subject for one in own} & {one.subject for one in known}:
        notes.doubts.append(
            "It was sealed under a name that is known here, but with another key: either the key "
            "was changed, or somebody else uses the name. Ask the organisation."
        )
    else:
        notes.doubts.append(
            "Who sealed it cannot be confirmed here. Compare the fingerprint of the sealing "
            "authority with the one the organisation publishes."
        )


def _weigh_data(notes: _Notes, pdf: bytes) -> Claims:
    """Compare the pages with the data inside, and the data with what people signed."""
    printed = take_apart(pdf[: length(pdf)])
    data = printed.snapshot()
    if not is_known(data):
        notes.doubts.append("Its data are of another version of this program; nobody looked in.")
        return {}
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
    _weigh_signatures(notes, snapshot)
    if notes.named not in ([], [signers(snapshot)]):
        notes.wrong.append("The seal names other signers than the report does.")
    return claims(snapshot)


def _weigh_signatures(notes: _Notes, snapshot: Snapshot) -> None:
    signed, digest = snapshot.signatures, snapshot.record.digest()
    strangers = [one.name for one in signed if one.digest != digest]
    notes.wrong.extend(f"{name} signed something else than what it says." for name in strangers)
    if signed and not strangers:
        noun = "1 signature" if len(signed) == 1 else f"{len(signed)} signatures"
        notes.held.append(f"What it says is what people signed ({noun}, refusals included).")


def _serve() -> int:
    """Be the child: read an order and a file, write the verdict."""
    order, _, pdf = sys.stdin.buffer.read().partition(b"\n")
    room = _ADDRESS_SPACE + _COPIES * len(pdf)
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    # The softer limit comes first, and ends the child with a signal of its own.
    seconds = _SECONDS + len(pdf) // _BYTES_A_SECOND
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + _GRACE))
    try:
        given = {name: tuple(map(str.encode, pems)) for name, pems in json.loads(order).items()}
        verdict = examine(pdf, given["pinned"], given["clocks"])
    except MemoryError:
        return OUT_OF_ROOM
    sys.stdout.write(verdict.as_json())
    return 0


if __name__ == "__main__":
    sys.exit(_serve())
