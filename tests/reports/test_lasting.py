"""What stands behind a seal for the long term: proofs that its certificates were valid."""

import random
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from reports.examination import examine
from reports.lasting import Lasting, read_lasting, unproven
from reports.proofs import NoProofError, Proofs, RevokedCertificateError, Sources, attach, gather
from reports.seal import seal
from reports.stamps import stamp
from reports.verify import Trust, verify
from tests.reports.forgeries import BYTES, UPDATES, Change, countersigned, updated
from tests.reports.genuine import NOW, genuine, impostor, key, rendered
from tests.reports.revoking import DAY, Authorities, authorities
from tests.reports.shadows import RESEALED
from tests.reports.timekeeping import LATER, asking, clock_pem, stamped

PINNED = (key().ca_certificate_pem,)
CLOCKS = (clock_pem(),)
KNOWN = frozenset({x509.load_pem_x509_certificate(clock_pem())})
SOON = LATER + timedelta(minutes=1)
OWN = Sources(lists=(key().revocation_list,))


def proofs() -> Proofs:
    lacking, _ = unproven(stamped(), KNOWN)
    return gather(lacking, SOON, OWN)


@cache
def proven() -> bytes:
    return attach(stamped(), proofs())


@cache
def lasting() -> bytes:
    return stamp(proven(), asking(SOON))


@pytest.fixture
def others() -> Iterator[Authorities]:
    """Yield authorities that are asked over HTTP."""
    with authorities() as found:
        yield found


def sealed_by(others: Authorities) -> bytes:
    """Return a report sealed under `others`, and stamped."""
    return stamp(seal(rendered(), others.key, NOW), asking(LATER))


def judged(pdf: bytes, others: Authorities) -> tuple[str, str | None]:
    pinned = others.root[0].public_bytes(Encoding.PEM)
    verdict = examine(pdf, (pinned,), CLOCKS)
    return verdict.standing, verdict.level


@pytest.mark.parametrize(
    ("made", "level"),
    [(genuine, "B-B"), (stamped, "B-T"), (proven, "B-LT"), (lasting, "B-LTA")],
    ids=["B-B", "B-T", "B-LT", "B-LTA"],
)
def test_every_level_is_passed_and_named(made: Callable[[], bytes], level: str) -> None:
    verdict = verify(made(), Trust(pinned=PINNED, clocks=CLOCKS))

    assert (verdict.standing, verdict.level) == ("PASSED", level)


def test_each_level_begins_with_the_bytes_of_the_one_before() -> None:
    assert lasting().startswith(proven())
    assert proven().startswith(stamped())
    assert stamped().startswith(genuine())


def test_a_lasting_report_says_what_it_carries_and_since_when_it_exists() -> None:
    verdict = examine(lasting(), PINNED, CLOCKS)

    assert verdict.stamped_at == LATER.isoformat()
    assert (
        "Nothing came after the seal but time stamps, and proofs that its certificates were valid."
        in verdict.reasons
    )


def test_a_renewed_stamp_keeps_the_level() -> None:
    renewed = stamp(lasting(), asking(NOW + timedelta(days=8 * 365)))

    verdict = examine(renewed, PINNED, CLOCKS)

    assert (verdict.standing, verdict.level) == ("PASSED", "B-LTA")
    assert verdict.stamped_at == LATER.isoformat()


def test_poppler_and_qpdf_find_a_lasting_report_whole(tmp_path: Path) -> None:
    path = tmp_path / "lasting.pdf"
    path.write_bytes(lasting())

    told = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, check=False)

    assert "Signature Validation: Signature is Valid." in told
    assert (checked.returncode, checked.stderr) == (0, b"")


def test_authorities_are_asked_at_the_addresses_in_their_certificates(others: Authorities) -> None:
    pdf = sealed_by(others)
    lacking, _ = unproven(pdf, KNOWN)

    found = gather(lacking, others.clock, Sources(ask=True))
    longer = stamp(attach(pdf, found), asking(others.clock))

    assert sorted(set(others.asked)) == ["/ocsp", "/root.crl"]
    assert (len(found.lists), len(found.replies)) == (1, 1)
    assert judged(longer, others) == ("PASSED", "B-LTA")


def test_authorities_that_are_silent_prove_nothing(others: Authorities) -> None:
    others.silent = True

    with pytest.raises(NoProofError, match="Nobody says whether the certificates of Test Seal"):
        gather([others.key], others.clock, Sources(ask=True))


def test_nobody_is_asked_without_being_told_to(others: Authorities) -> None:
    with pytest.raises(NoProofError):
        gather([others.key], others.clock, Sources())

    assert others.asked == []


def test_a_revoked_certificate_is_not_proven(others: Authorities) -> None:
    others.revoked[others.seal[0].serial_number] = NOW - DAY

    with pytest.raises(RevokedCertificateError, match="Test Seal was revoked"):
        gather([others.key], others.clock, Sources(ask=True))


def reply_of(others: Authorities) -> bytes:
    request = x509.ocsp.OCSPRequestBuilder().add_certificate(
        others.seal[0], others.issuer[0], x509.ocsp.hashes.SHA1()
    )
    return others.reply_to(request.build().public_bytes(Encoding.DER))


def carried(others: Authorities) -> bytes:
    """Return a report with whatever the authorities say, whether it is good or not."""
    chain = (others.key.certificate, *others.key.chain)
    found = Proofs(
        certificates=tuple(one.public_bytes(Encoding.DER) for one in chain),
        lists=(others.list_of(others.root),),
        replies=(reply_of(others),),
    )
    return attach(sealed_by(others), found)


def test_a_certificate_revoked_before_the_stamp_fails(others: Authorities) -> None:
    others.revoked[others.seal[0].serial_number] = NOW - DAY

    verdict = examine(carried(others), (others.root[0].public_bytes(Encoding.PEM),), CLOCKS)

    assert verdict.standing == "FAILED"
    assert "was revoked before the time that the time stamps prove" in verdict.reasons[0]


def test_a_later_revocation_leaves_what_was_stamped_before_it(others: Authorities) -> None:
    pdf = sealed_by(others)
    others.clock = NOW + 5 * DAY
    others.revoked[others.seal[0].serial_number] = NOW + 2 * DAY

    with pytest.raises(RevokedCertificateError):
        gather(unproven(pdf, KNOWN)[0], others.clock, Sources(ask=True))
    assert judged(pdf, others) == ("PASSED", "B-T")


def _without_the_list(found: Proofs) -> Proofs:
    return Proofs(certificates=found.certificates)


def _with_a_strange_certificate(found: Proofs) -> Proofs:
    strange = impostor().certificate.public_bytes(Encoding.DER)
    return Proofs(certificates=(*found.certificates, strange), lists=found.lists)


def _with_a_list_of_somebody_of_the_same_name(found: Proofs) -> Proofs:
    return Proofs(certificates=found.certificates, lists=(impostor().revocation_list,))


def _with_a_second_list_of_somebody_of_the_same_name(found: Proofs) -> Proofs:
    lists = (*found.lists, impostor().revocation_list)
    return Proofs(certificates=found.certificates, lists=lists)


def _with_a_reply_about_somebody_else(found: Proofs) -> Proofs:
    with authorities() as strangers:
        reply = reply_of(strangers)
    return Proofs(certificates=found.certificates, lists=found.lists, replies=(reply,))


def _with_a_list_of_somebody_else(found: Proofs) -> Proofs:
    with authorities() as strangers:
        strange = strangers.list_of(strangers.root)
    return Proofs(certificates=found.certificates, lists=(*found.lists, strange))


@pytest.mark.parametrize(
    "change",
    [
        _without_the_list,
        _with_a_strange_certificate,
        _with_a_list_of_somebody_of_the_same_name,
        _with_a_second_list_of_somebody_of_the_same_name,
        _with_a_reply_about_somebody_else,
        _with_a_list_of_somebody_else,
    ],
    ids=lambda one: one.__name__.strip("_"),
)
@pytest.mark.parametrize("level", ["B-LT", "B-LTA"])
def test_proofs_that_are_not_these_certificates_own_fail(
    change: Callable[[Proofs], Proofs], level: str
) -> None:
    forged = attach(stamped(), change(proofs()))
    if level == "B-LTA":
        forged = stamp(forged, asking(SOON))

    assert examine(forged, PINNED, CLOCKS).standing == "FAILED"


def test_proofs_before_any_stamp_fail() -> None:
    forged = attach(genuine(), gather([key()], NOW, OWN))

    assert examine(forged, PINNED, CLOCKS).standing == "FAILED"


@pytest.mark.parametrize("change", UPDATES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("level", [proven, lasting], ids=["B-LT", "B-LTA"])
def test_whatever_is_added_behind_proofs_fails(change: Change, level: Callable[[], bytes]) -> None:
    assert examine(updated(level(), change), PINNED, CLOCKS).standing == "FAILED"


@pytest.mark.parametrize("change", UPDATES, ids=lambda change: change.__name__)
def test_proofs_and_a_stamp_whitewash_nothing_that_was_added_between(change: Change) -> None:
    forged = stamp(attach(updated(stamped(), change), proofs()), asking(SOON))

    assert examine(forged, PINNED, CLOCKS).standing == "FAILED"


def test_a_countersignature_behind_proofs_fails() -> None:
    assert examine(countersigned(lasting()), PINNED, CLOCKS).standing == "FAILED"


def _commented(pdf: bytes) -> bytes:
    """Return the file with a remark where its own table of contents does not look."""
    added = pdf[len(stamped()) :]
    return stamped() + added.replace(b"xref\n", b"% shadow\nxref\n", 1)


@pytest.mark.parametrize(
    "change",
    [
        lambda pdf: pdf + b"\n",
        lambda pdf: pdf[:-1],
        lambda pdf: pdf[:-200],
        _commented,
        lambda pdf: pdf[:5000] + b"#" + pdf[5001:],
    ],
    ids=["a newline", "last byte cut", "end cut", "a remark", "first page changed"],
)
@pytest.mark.parametrize("level", [proven, lasting], ids=["B-LT", "B-LTA"])
def test_changed_bytes_of_a_lasting_report_fail(
    change: Callable[[bytes], bytes], level: Callable[[], bytes]
) -> None:
    assert examine(change(level()), PINNED, CLOCKS).standing == "FAILED"


@pytest.mark.parametrize("name", BYTES)
def test_a_sealed_part_that_was_tampered_with_fails_under_whatever_came_later(name: str) -> None:
    later = lasting()[len(genuine()) :]

    assert examine(BYTES[name](genuine()) + later, PINNED, CLOCKS).standing == "FAILED"


@pytest.mark.parametrize("name", RESEALED)
def test_stamps_and_proofs_make_no_lie_true(name: str) -> None:
    found = gather([impostor()], SOON, Sources(lists=(impostor().revocation_list,)))
    forged = stamp(attach(stamp(RESEALED[name](), asking(LATER)), found), asking(SOON))

    assert examine(forged, (), CLOCKS).standing == "FAILED"


def test_a_flipped_bit_in_proofs_fails() -> None:
    chance = random.Random(4)  # noqa: S311  # which bits, not which secrets
    pdf, added = proven(), range(len(stamped()), len(proven()))

    believed = []
    for place in [*chance.sample(added, 80), *added[:40], *added[-80:]]:
        forged = bytearray(pdf)
        forged[place] ^= 1 << chance.randrange(8)
        if examine(bytes(forged), PINNED, CLOCKS).standing != "FAILED":
            believed.append((place - added.start, bytes(forged[place - 20 : place + 20])))

    assert believed == []


def test_a_file_cut_back_to_an_earlier_level_is_that_level() -> None:
    assert read_lasting(proven()[: len(stamped())], KNOWN).level == "B-T"
    assert read_lasting(stamped()[: len(genuine())], KNOWN) == Lasting()
