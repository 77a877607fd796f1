import random
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from reports import seal as sealing
from reports.claims import signers
from reports.examination import examine
from reports.seal import seal
from tests.reports.forgeries import BYTES, UPDATES, Change, Digits, countersigned, updated
from tests.reports.genuine import NOW, genuine, key, rendered, snapshot
from tests.reports.shadows import RESEALED, resealed

PINNED = (key().ca_certificate_pem,)
NO_KEY: tuple[bytes, ...] = ()


@pytest.mark.parametrize("change", UPDATES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("pinned", [PINNED, NO_KEY], ids=["pinned", "unpinned"])
def test_whatever_is_added_after_sealing_fails(change: Change, pinned: tuple[bytes, ...]) -> None:
    forged = updated(genuine(), change)

    verdict = examine(forged, pinned)

    assert verdict.standing == "FAILED"
    assert verdict.reasons


@pytest.mark.parametrize("name", BYTES)
@pytest.mark.parametrize("pinned", [PINNED, NO_KEY], ids=["pinned", "unpinned"])
def test_changed_bytes_fail(name: str, pinned: tuple[bytes, ...]) -> None:
    forged = BYTES[name](genuine())

    verdict = examine(forged, pinned)

    assert forged != genuine()
    assert verdict.standing == "FAILED"


@pytest.mark.parametrize("name", RESEALED)
def test_a_lie_under_a_valid_seal_fails_even_where_no_key_is_known(name: str) -> None:
    forged = RESEALED[name]()

    verdict = examine(forged, NO_KEY)

    assert verdict.standing == "FAILED"
    assert not {"It carries no seal.", "It is damaged: not all of it can be read."} & set(
        verdict.reasons
    )


def test_the_same_report_sealed_by_another_with_our_names_is_not_believed() -> None:
    forged = resealed(rendered())

    verdict = examine(forged, PINNED)

    assert verdict.standing == "INDETERMINATE"
    assert "another key" in verdict.reasons[0]


def test_a_signature_that_the_report_was_not_issued_with_fails() -> None:
    forged = countersigned(genuine())

    verdict = examine(forged, PINNED)

    assert verdict.standing == "FAILED"
    assert "signatures that the report was not issued with" in verdict.reasons[0]


def test_a_report_signed_by_somebody_in_place_of_the_seal_fails() -> None:
    forged = countersigned(rendered())

    assert examine(forged, PINNED).standing == "FAILED"


def test_a_seal_that_does_not_name_its_authority_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_REASON", "Seal of somebody")
    forged = sealing.seal(rendered(), key(), NOW)
    monkeypatch.undo()

    verdict = examine(forged, PINNED)

    assert verdict.reasons == (
        "The seal does not say when, or under whose authority, it was made.",
    )


def test_every_genuine_report_is_passed() -> None:
    moments = [NOW + timedelta(days=day) for day in (0, 1, 400, 1094)]

    verdicts = [examine(seal(rendered(), key(), moment), PINNED) for moment in moments]

    assert [verdict.standing for verdict in verdicts] == ["PASSED"] * 4


def flipped(pdf: bytes, place: int, chance: random.Random) -> bytes:
    changed = bytearray(pdf)
    changed[place] ^= 1 << chance.randrange(8)
    return bytes(changed)


def test_a_flipped_bit_anywhere_fails() -> None:
    chance = random.Random(20260314)  # noqa: S311  # which bits, not which secrets
    pdf, digits = genuine(), Digits.of(genuine())
    anywhere = [chance.randrange(len(pdf)) for _ in range(40)]
    around_the_seal = [*range(digits.start - 12, digits.start), *range(digits.end, len(pdf), 41)]
    in_the_seal = chance.sample(range(digits.start, digits.used), 40)

    believed = [
        place
        for place in (*anywhere, *around_the_seal, *in_the_seal)
        if examine(flipped(pdf, place, chance), PINNED).standing != "FAILED"
    ]

    assert believed == []


def test_a_changed_digit_of_the_seal_fails_where_no_key_is_known() -> None:
    chance = random.Random(7)  # noqa: S311  # which digits, not which secrets
    pdf, digits = genuine(), Digits.of(genuine())
    places = chance.sample(range(digits.start, digits.end), 50)
    others = {
        place: chance.choice(b"0123456789ABCDEFabcdef".replace(pdf[place : place + 1], b""))
        for place in places
    }

    believed = [
        place
        for place, other in others.items()
        if examine(pdf[:place] + bytes([other]) + pdf[place + 1 :], NO_KEY).standing != "FAILED"
    ]

    assert believed == []


def reason_shown(pdf: bytes) -> str:
    """Return what a PDF reader shows beside the seal."""
    fields = PdfReader(BytesIO(pdf)).get_fields() or {}
    return str(fields["Seal"]["/V"]["/Reason"])


def test_pdf_readers_show_who_signed_beside_the_seal() -> None:
    names = signers(snapshot())
    pdf = seal(rendered(), key(), NOW, names)

    verdict = examine(pdf, PINNED)

    assert verdict.standing == "PASSED"
    assert all(f"{one.name}, {one.role}" in reason_shown(pdf) for one in snapshot().signatures)


@pytest.mark.parametrize("named", ["Somebody Else, Inspector", " ", "x" * 5000])
def test_a_seal_that_names_other_signers_than_the_report_fails(named: str) -> None:
    forged = seal(rendered(), key(), NOW, named)

    verdict = examine(forged, PINNED)

    assert verdict.standing == "FAILED"
    assert "The seal names other signers than the report does." in verdict.reasons


def test_a_seal_from_before_signers_were_named_still_holds() -> None:
    assert "signed by" not in reason_shown(genuine())
    assert examine(genuine(), PINNED).standing == "PASSED"
