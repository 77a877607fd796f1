import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import zlib
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from reports import verify as verification
from reports.claims import claims
from reports.examination import examine
from reports.render import RENDERER, render
from reports.reprint import take_apart
from reports.seal import seal
from reports.snapshot import canonical
from reports.verify import OUT_OF_ROOM, Trust, Verdict, verify
from tests.reports.genuine import NOW, genuine, key, photos, rendered, snapshot
from tests.reports.samples import sample_snapshot
from tests.reports.shadows import indexed, repacked

ROOT = Path(__file__).parents[2]
PINNED = (key().ca_certificate_pem,)
TRUST = Trust(pinned=PINNED)


def test_a_genuine_report_is_passed_with_its_reasons() -> None:
    people = len(snapshot().signatures)

    verdict = verify(genuine(), TRUST)

    assert verdict.standing == "PASSED"
    assert verdict.reasons == (
        "The seal is valid and covers the whole file.",
        "It was sealed with a key that is trusted here.",
        "The pages are exactly what the audit data inside say.",
        f"What it says is what people signed ({people} signatures, refusals included).",
    )
    assert verdict.digest == sha256(genuine()).hexdigest()
    assert verdict.report == snapshot().code
    assert verdict.site == snapshot().record.site.name
    assert verdict.fingerprint == key().fingerprint
    assert verdict.sealed_at == "2026-03-14T16:10:05+00:00"
    assert len(verdict.signatures) == people


def test_without_a_pinned_key_a_genuine_report_stays_undecided() -> None:
    verdict = verify(genuine(), Trust())

    assert verdict.standing == "INDETERMINATE"
    assert "Compare the fingerprint" in verdict.reasons[0]
    assert verdict.fingerprint == key().fingerprint


def test_a_file_in_the_register_is_passed_unopened() -> None:
    register = {sha256(b"anything").hexdigest(): claims(snapshot())}

    verdict = verify(b"anything", Trust(issued=register.get))

    assert (verdict.standing, verdict.report) == ("PASSED", snapshot().code)
    assert verdict.site == snapshot().record.site.name
    assert len(verdict.signatures) == len(snapshot().signatures)


def test_seal_and_register_tell_the_same_of_a_report() -> None:
    register = {sha256(genuine()).hexdigest(): claims(snapshot())}

    by_register = verify(genuine(), Trust(issued=register.get))
    by_seal = verify(genuine(), Trust(pinned=PINNED))

    told = ("report", "organisation", "site", "visit", "outcome", "issued_at", "signatures")
    for name in told:
        assert getattr(by_register, name) == getattr(by_seal, name)


def test_a_file_missing_from_the_register_is_judged_by_its_seal() -> None:
    verdict = verify(genuine(), Trust(pinned=PINNED, issued={"0": claims(snapshot())}.get))

    assert verdict.standing == "PASSED"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "The file is empty."),
        (b"<!doctype html><title>Report</title>", "It is not a PDF."),
        (b"PK\x03\x04 a spreadsheet", "It is not a PDF."),
        (b"\n%PDF-1.7 late", "It is not a PDF."),
    ],
)
def test_what_is_plainly_no_report_is_refused_at_sight(data: bytes, reason: str) -> None:
    verdict = verify(data, TRUST)

    assert (verdict.standing, verdict.reasons) == ("FAILED", (reason,))


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\n%%EOF", b"%PDF-1.7\n%%EOF\n", genuine()[: len(genuine()) // 2]]
)
def test_of_a_file_without_a_report_one_thing_is_said(data: bytes) -> None:
    verdict = verify(data, Trust(pinned=PINNED))

    assert verdict.standing == "FAILED"
    assert verdict.reasons == (
        "It is no report of this program, or a large part of it is missing.",
    )


def nested(levels: int) -> bytes:
    """Return a small PDF whose objects refer to each other twice per level."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R /AcroForm 3 0 R >>", b"<< /Kids [] /Count 0 >>"]
    objects += [b"<< /A %d 0 R /B %d 0 R >>" % (at, at) for at in range(4, levels + 4)]
    objects.append(b"<< >>")
    body, offsets = b"%PDF-1.7\n", []
    for number, words in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, words)
    rows = b"".join(b"%010d 00000 n \n" % one for one in offsets)
    size = len(objects) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, rows)
    tail = b"trailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    return body + table + tail


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n" + random.Random(1).randbytes(4000),  # noqa: S311  # noise, no secret
        b"%PDF-1.7\n" + b"[" * 100_000,
        b"%PDF-1.7\nstartxref\n0\n%%EOF\n",
        b"%PDF-1.7\n%abc\nxref\n0 1\n0000000000 65535 f \ntrailer\nstartxref\n14\n%%EOF\n",
        nested(40),
    ],
    ids=["noise", "brackets", "no table", "empty table", "nested"],
)
def test_hostile_files_fail_without_a_traceback(data: bytes) -> None:
    verdict = verify(data, TRUST)

    assert verdict.standing == "FAILED"
    assert "Traceback" not in verdict.as_json()


def inflating() -> bytes:
    """Return a PDF of less than a megabyte whose table unpacks to 600 MB."""
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(bytes(2**20)) for _ in range(600)) + packer.flush()
    words = b"/Type /XRef /W [1 2 1] /Size 2 /Root 1 0 R /Filter /FlateDecode"
    table = b"1 0 obj\n<< %s /Length %d >>\nstream\n%s\nendstream\nendobj\n"
    body = b"%PDF-1.7\n" + table % (words, len(packed), packed)
    return body + b"startxref\n9\n%%EOF\n"


def test_a_file_that_unpacks_beyond_measure_fails() -> None:
    verdict = verify(inflating(), TRUST)

    assert verdict.standing == "FAILED"


def test_a_child_short_of_memory_gives_up() -> None:
    words = "import sys; from reports import examination as child; child._ADDRESS_SPACE = 2**20; "
    child = [sys.executable, "-c", words + "sys.exit(child._serve())"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    order = b'{"pinned": [], "clocks": []}\n' + genuine()

    done = subprocess.run(child, input=order, capture_output=True, check=False, env=environment)

    # Libraries that are not Python may end the child themselves before Python notices.
    assert done.returncode in {OUT_OF_ROOM, -signal.SIGABRT}
    assert done.stdout == b""


def test_a_file_too_large_to_check_is_left_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "LARGEST", len(genuine()) - 1)

    verdict = verify(genuine(), TRUST)

    assert verdict.standing == "INDETERMINATE"
    assert "larger than this program can check" in verdict.reasons[0]


def test_a_machine_too_busy_to_read_a_report_leaves_it_undecided(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verification, "_PATIENCE", 0.01)
    monkeypatch.setattr(verification, "_PATIENCE_PER_MB", 0.0)

    verdict = verify(genuine(), TRUST)

    assert verdict.standing == "INDETERMINATE"
    assert "too busy" in verdict.reasons[0]


def test_a_file_that_keeps_the_child_at_work_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", script(tmp_path, "kill -XCPU $$"))

    verdict = verify(genuine(), TRUST)

    assert verdict.standing == "FAILED"
    assert "more time or memory" in verdict.reasons[0]


def script(folder: Path, words: str) -> str:
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{words}\n")
    path.chmod(0o755)
    return str(path)


def test_a_fault_of_ours_never_calls_a_report_false(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = script(tmp_path, "cat > /dev/null; echo no module >&2; exit 1")
    monkeypatch.setattr(sys, "executable", broken)

    with pytest.raises(RuntimeError, match="no module"):
        verify(genuine(), TRUST)


def test_the_child_is_told_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    monkeypatch.setattr(
        sys, "executable", script(tmp_path, f"cat > /dev/null; env > {seen}; exit 3")
    )
    monkeypatch.setenv("AUDIT_SEAL_PASSPHRASE", "hush")

    verify(genuine(), TRUST)

    assert "hush" not in seen.read_text()
    assert "PYTHONPATH" in seen.read_text()


def test_files_are_verified_side_by_side() -> None:
    verdicts: list[Verdict] = []
    threads = [
        threading.Thread(target=lambda: verdicts.append(verify(genuine(), TRUST))) for _ in range(3)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [verdict.standing for verdict in verdicts] == ["PASSED"] * 3


def test_a_verdict_survives_its_json() -> None:
    verdict = examine(genuine(), PINNED)

    assert Verdict.from_json(verdict.as_json().encode()) == verdict


def recompressed(pdf: bytes) -> bytes:
    """Return a printed file as another machine's compressor would have written it."""
    printed = take_apart(pdf)
    out = printed.header
    for part in printed.parts:
        head, stream = part.head, part.stream
        out += b"%d 0 obj\n" % part.number
        if stream is None:
            out += head + b"endobj\n"
            continue
        if b"/FlateDecode" in head:
            packed = zlib.compress(zlib.decompress(stream), 1)
            head = re.sub(rb"/Length \d+\b", b"/Length %d" % len(packed), head)
            stream = packed
        out += head + b"\nstream\n" + stream + b"\nendstream\nendobj\n"
    end = pdf[pdf.rindex(b"xref\n0 ") :]
    return indexed(out + end)


def test_another_compressor_makes_no_difference() -> None:
    other = recompressed(rendered())

    verdict = examine(seal(other, key(), NOW), PINNED)

    assert other != rendered()
    assert verdict.standing == "PASSED"


def with_data(data: bytes) -> bytes:
    """Return the printed report with other data attached, sealed with our own key."""
    return seal(repacked(rendered(), canonical(snapshot()), data), key(), NOW)


def test_an_older_layout_leaves_the_pages_in_doubt() -> None:
    older = snapshot().model_copy(update={"renderer": RENDERER + 1})

    verdict = examine(with_data(canonical(older)), PINNED)

    assert verdict.standing == "INDETERMINATE"
    assert "older or newer layout" in verdict.reasons[0]


def test_data_of_another_version_are_not_judged() -> None:
    newer = json.dumps({"version": 2, "pages": []}).encode()

    verdict = examine(with_data(newer), PINNED)

    assert verdict.standing == "INDETERMINATE"
    assert "another version of this program" in verdict.reasons[0]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not JSON",
        b"[]",
        b'{"version":1}',
        b"[" * 100_000,
        canonical(snapshot()).replace(b'"code":', b' "code":'),
        canonical(snapshot())[:-1] + b',"extra":1}',
        canonical(snapshot()).replace(b'"signed_at":"2026-', b'"signed_at":"2026-99-'),
        canonical(snapshot()).replace(b'"signed_at":"2026-03', b'"signed_at":"2026-99'),
    ],
    ids=["empty", "noise", "list", "bare", "deep", "spaced", "extra", "longer date", "no date"],
)
def test_data_in_any_form_but_the_agreed_one_fail(data: bytes) -> None:
    verdict = examine(with_data(data), PINNED)

    assert verdict.standing == "FAILED"


def test_signatures_under_another_record_fail() -> None:
    strangers = tuple(
        one.model_copy(update={"digest": "0" * 64}) for one in snapshot().signatures[:1]
    )
    other = sample_snapshot(snapshot().record, signatures=strangers)

    verdict = examine(seal(render(other, photos()), key(), NOW), PINNED)

    assert verdict.reasons == (f"{strangers[0].name} signed something else than what it says.",)


def test_a_report_nobody_signed_says_nothing_of_signatures() -> None:
    unsigned = sample_snapshot(snapshot().record, signatures=())

    verdict = examine(seal(render(unsigned, photos()), key(), NOW), PINNED)

    assert verdict.standing == "PASSED"
    assert not any("signed" in reason for reason in verdict.reasons)


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
def test_a_reader_ended_by_somebody_else_leaves_the_file_undecided(
    monkeypatch: pytest.MonkeyPatch, ending: int
) -> None:
    genuine_run = subprocess.run

    def cut_short(command: list[str], **given: Any) -> subprocess.CompletedProcess[bytes]:
        ended = [sys.executable, "-c", f"import os; os.kill(os.getpid(), {int(ending)})"]
        assert command[-1] == "reports.examination"
        return genuine_run(ended, **given)

    monkeypatch.setattr(subprocess, "run", cut_short)

    verdict = verify(genuine(), Trust(pinned=(key().ca_certificate_pem,)))

    assert verdict.standing == "INDETERMINATE"
    assert "cut short" in verdict.reasons[0]
