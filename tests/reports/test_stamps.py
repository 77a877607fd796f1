import random
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from reports.examination import examine
from reports.stamps import stamp
from reports.verify import Trust, verify
from tests.reports.forgeries import UPDATES, Change, countersigned, updated
from tests.reports.genuine import NOW, genuine, key
from tests.reports.timekeeping import LATER, asking, clock_pem, stamped

PINNED = (key().ca_certificate_pem,)
CLOCKS = (clock_pem(),)


def test_a_stamp_leaves_the_sealed_bytes_in_front() -> None:
    assert stamped().startswith(genuine())


def test_a_stamped_report_is_passed_with_its_level_and_the_time_of_the_authority() -> None:
    verdict = verify(stamped(), Trust(pinned=PINNED, clocks=CLOCKS))

    assert verdict.standing == "PASSED"
    assert verdict.reasons[0] == "The seal is valid."
    assert "Nothing came after the seal but time stamps." in verdict.reasons
    assert any("existed on 2026-03-14 at 16:30 UTC" in reason for reason in verdict.reasons)
    assert (verdict.level, verdict.stamped_at) == ("B-T", LATER.isoformat())
    assert verdict.stamped_by == "Time Authority"


def test_a_stamp_of_an_unknown_authority_confirms_no_time() -> None:
    verdict = examine(stamped(), PINNED)

    assert verdict.standing == "INDETERMINATE"
    assert "that time is not confirmed" in verdict.reasons[0]


def test_a_trusted_clock_vouches_for_no_seal() -> None:
    assert examine(stamped(), (), (*CLOCKS, *PINNED)).standing == "INDETERMINATE"


def test_a_time_stamp_authority_among_the_seals_confirms_no_time() -> None:
    assert examine(stamped(), (*PINNED, *CLOCKS)).standing == "INDETERMINATE"


def test_a_second_stamp_renews_the_first_whose_time_still_counts() -> None:
    renewed = stamp(stamped(), asking(NOW + timedelta(days=400)))

    verdict = examine(renewed, PINNED, CLOCKS)

    assert renewed.startswith(stamped())
    assert (verdict.standing, verdict.stamped_at) == ("PASSED", LATER.isoformat())


def test_a_report_without_stamp_says_so() -> None:
    verdict = examine(genuine(), PINNED, CLOCKS)

    assert (verdict.standing, verdict.level, verdict.stamped_at) == ("PASSED", "B-B", None)


@pytest.mark.parametrize("change", UPDATES)
@pytest.mark.parametrize("clocks", [CLOCKS, ()], ids=["known clock", "unknown clock"])
def test_anything_added_behind_a_stamp_fails(change: Change, clocks: tuple[bytes, ...]) -> None:
    assert examine(updated(stamped(), change), PINNED, clocks).standing == "FAILED"


@pytest.mark.parametrize("change", UPDATES)
def test_a_stamp_whitewashes_nothing_that_was_added_before_it(change: Change) -> None:
    forged = stamp(updated(genuine(), change), asking())

    assert examine(forged, PINNED, CLOCKS).standing == "FAILED"


def test_a_countersignature_under_a_stamp_fails() -> None:
    assert examine(stamp(countersigned(genuine()), asking()), PINNED, CLOCKS).standing == "FAILED"


def test_a_stamp_outside_the_time_of_its_certificate_fails() -> None:
    forged = stamp(genuine(), asking(NOW + timedelta(days=20 * 365)))

    assert examine(forged, PINNED, CLOCKS).standing == "FAILED"


BYTES: dict[str, Callable[[bytes], bytes]] = {
    "a newline": lambda pdf: pdf + b"\n",
    "the last byte cut": lambda pdf: pdf[:-1],
    "the end of the stamp cut": lambda pdf: pdf[:-300],
    "the first page changed": lambda pdf: pdf[:5000] + b"#" + pdf[5001:],
    "a stamp for another file": lambda pdf: genuine() + pdf[len(genuine()) :][1:],
}


@pytest.mark.parametrize("name", BYTES)
def test_changed_bytes_of_a_stamped_report_fail(name: str) -> None:
    assert examine(BYTES[name](stamped()), PINNED, CLOCKS).standing == "FAILED"


def test_poppler_and_qpdf_find_the_seal_valid_under_a_stamp(tmp_path: Path) -> None:
    path = tmp_path / "stamped.pdf"
    path.write_bytes(stamped())

    told = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, check=False)

    assert "Signature Validation: Signature is Valid." in told
    assert (checked.returncode, checked.stderr) == (0, b"")


def test_a_flipped_bit_in_what_a_stamp_added_fails() -> None:
    chance = random.Random(28)  # noqa: S311  # which bits, not which secrets
    pdf, added = stamped(), range(len(genuine()), len(stamped()))
    places = [*chance.sample(added, 80), *added[:60], *added[-200::7]]

    believed = []
    for place in places:
        forged = bytearray(pdf)
        forged[place] ^= 1 << chance.randrange(8)
        if examine(bytes(forged), PINNED, CLOCKS).standing != "FAILED":
            believed.append((place - added.start, bytes(forged[place - 20 : place + 20])))

    assert believed == []
