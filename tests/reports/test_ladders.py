"""What a stamped file is does not depend on whom its reader knows; only belief does."""

from datetime import timedelta
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from reports.examination import examine
from reports.lasting import read_lasting, unproven
from reports.proofs import NoProofError, Sources, attach, gather
from reports.stamps import stamp
from tests.reports.genuine import genuine, key
from tests.reports.ladders import ladder
from tests.reports.timekeeping import LATER, asking

PINNED = (key().ca_certificate_pem,)
SOON = LATER + timedelta(minutes=1)
TRUSTED = {"root": "PASSED", "issuer": "PASSED", "signer": "PASSED", "old": "INDETERMINATE"}


def judged(pdf: bytes, *known: x509.Certificate) -> tuple[str, str | None]:
    verdict = examine(pdf, PINNED, tuple(one.public_bytes(Encoding.PEM) for one in known))
    return verdict.standing, verdict.level


@cache
def lasting() -> bytes:
    """Return a report as an installation that knows the root makes it last."""
    once = stamp(genuine(), ladder().asking())
    lacking, _ = unproven(once, frozenset({ladder().root}))
    own = Sources(lists=(key().revocation_list, *ladder().lists))
    return stamp(attach(once, gather(lacking, SOON, own)), ladder().asking(at=SOON))


@pytest.mark.parametrize("known", [*TRUSTED, ""])
def test_every_reader_sees_the_same_file_and_believes_as_they_know(known: str) -> None:
    given = [getattr(ladder(), known)] if known else []
    belief = TRUSTED.get(known, "INDETERMINATE")

    assert judged(stamp(genuine(), ladder().asking()), *given) == (belief, "B-T")
    assert judged(lasting(), *given) == (belief, "B-LTA")


@pytest.mark.parametrize("first", ["twin", "issuer"])
def test_a_root_is_known_by_whatever_way_up(first: str) -> None:
    carried = [ladder().twin, ladder().issuer]
    given = carried if first == "twin" else carried[::-1]

    pdf = stamp(genuine(), ladder().asking(given))

    assert judged(pdf, ladder().root) == ("PASSED", "B-T")
    assert judged(pdf, ladder().old) == ("PASSED", "B-T")


def test_a_file_is_made_longer_by_who_knows_another_rung() -> None:
    for known in ("root", "issuer", "signer"):
        read = read_lasting(lasting(), frozenset({getattr(ladder(), known)}))

        assert (read.level, [one.trusted for one in read.stamps]) == ("B-LTA", [True, True])


def test_without_the_root_it_is_said_what_is_lacking() -> None:
    once = stamp(genuine(), ladder().asking())
    lacking, _ = unproven(once, frozenset({ladder().issuer}))

    with pytest.raises(NoProofError, match="root certificate above CN=Issuer is not known"):
        gather(lacking, SOON, Sources(lists=(key().revocation_list, *ladder().lists)))


def test_nothing_hides_between_the_seal_and_a_stamp() -> None:
    shadow = b"9 0 obj\n<< /Length 2 >>\nstream\nBT\nendstream\nendobj\n"
    for hidden in (b"% as long as you like\n", shadow, b"<html>" + b"x" * 500 + b"\n"):
        pdf = stamp(genuine() + hidden, asking(LATER))

        assert hidden in pdf
        assert judged(pdf)[0] == "FAILED"
