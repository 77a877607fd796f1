"""Certificates that have run out: judged by the dates they bear, at the time they were used."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Self

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from reports.examination import examine
from reports.seal import FileKey, SealKey, make_seal_key, seal
from reports.stamps import stamp
from tests.reports.genuine import NAME, rendered
from tests.reports.timekeeping import asking, clock_pem

# Long ago by any clock: everything here has run out by the day the test runs.
THEN = datetime(2014, 5, 6, 9, 30, tzinfo=UTC)
YEAR = timedelta(days=365)
FIRST_CLOCK = ("First Authority", THEN - 8 * YEAR)
NEXT_CLOCK = ("Next Authority", THEN - YEAR)


class CarelessKey(FileKey):
    """The key of a forger, whose program minds no dates."""

    def ensure_valid(self, now: datetime) -> Self:
        """Find nothing wrong."""
        del now
        return self


def careless(key: FileKey) -> CarelessKey:
    return CarelessKey(certificate=key.certificate, chain=key.chain, key=key.key)


@cache
def self_signed() -> FileKey:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Owner")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(THEN - YEAR)
        .not_valid_after(THEN + 3 * YEAR)
        .sign(private, hashes.SHA256())
    )
    return FileKey(certificate=certificate, chain=(), key=private)


@cache
def made() -> FileKey:
    return make_seal_key(NAME, THEN)


@cache
def sealed_then() -> bytes:
    return seal(rendered(), made(), THEN)


def own_pem(key: SealKey) -> bytes:
    return key.certificate.public_bytes(Encoding.PEM)


@pytest.mark.parametrize("key", [self_signed, made], ids=["self-signed", "under an authority"])
def test_a_report_stays_passed_when_its_certificate_has_run_out(key: Callable[[], SealKey]) -> None:
    pinned = (key().ca_certificate_pem,)

    verdict = examine(seal(rendered(), key(), THEN), pinned)

    assert verdict.standing == "PASSED"


@pytest.mark.parametrize("key", [self_signed, made], ids=["self-signed", "under an authority"])
@pytest.mark.parametrize("moment", [THEN - 2 * YEAR, THEN + 4 * YEAR], ids=["before", "after"])
@pytest.mark.parametrize("pin", [own_pem, lambda key: key.ca_certificate_pem])
def test_a_seal_outside_the_dates_of_its_certificate_fails(
    key: Callable[[], SealKey], moment: datetime, pin: Callable[[SealKey], bytes]
) -> None:
    forged = seal(rendered(), careless(key()), moment)

    verdict = examine(forged, (pin(key()),))

    assert verdict.standing == "FAILED"
    assert verdict.reasons[0] == "It says it was sealed when its certificates were not valid."


def test_a_report_stays_passed_when_another_key_seals_by_now() -> None:
    successor = make_seal_key(NAME, THEN + 3 * YEAR)
    pinned = (made().ca_certificate_pem, successor.ca_certificate_pem)
    later = seal(rendered(), successor, THEN + 4 * YEAR)

    verdicts = [examine(pdf, pinned).standing for pdf in (sealed_then(), later)]

    assert verdicts == ["PASSED", "PASSED"]


def test_a_stamp_whose_certificate_has_run_out_still_counts_under_a_later_one() -> None:
    first = stamp(sealed_then(), asking(THEN + timedelta(hours=1), *FIRST_CLOCK))
    renewed = stamp(first, asking(THEN + YEAR, *NEXT_CLOCK))

    verdict = examine(
        renewed,
        (made().ca_certificate_pem,),
        (clock_pem(*FIRST_CLOCK), clock_pem(*NEXT_CLOCK)),
    )

    assert (verdict.standing, verdict.stamped_by) == ("PASSED", "First Authority")
    assert verdict.stamped_at == "2014-05-06T10:30:00+00:00"


def test_a_stamp_made_after_its_certificate_ran_out_fails() -> None:
    forged = stamp(sealed_then(), asking(THEN + 3 * YEAR, *FIRST_CLOCK))

    verdict = examine(forged, (made().ca_certificate_pem,), (clock_pem(*FIRST_CLOCK),))

    assert verdict.standing == "FAILED"
