"""The language of a report, from the site that chose it to the file."""

from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pytest
from pypdf import PdfReader

from audit.services.audits import complete_audit
from audit.services.corrections import begin_correction
from audit.services.reports import issue_report, read_record
from audit.services.signatures import MEANINGS, Signing, sign_audit
from audit.store.audits import get_audit
from audit.store.signatures import Part
from audit.store.sites import get_site
from reports.snapshot import Record
from reports.verify import Trust, verify
from tests.services.conftest import GIVEN, Desk

SIGNING = Signing(
    part=Part.INSPECTOR, name="Ines Ray", role="Owner", meaning=MEANINGS[Part.INSPECTOR]
)
BARE = {"value": "no", "comment": "Bare hands."}


def choose(desk: Desk, language: str) -> None:
    with desk.scoped() as session:
        get_site(session, desk.site_id).language = language


def report(desk: Desk, audit_id: UUID, *, days: int = 0) -> tuple[str, bytes]:
    when = desk.later + timedelta(days=days)
    with desk.scoped() as session:
        complete_audit(session, audit_id, shelf=desk.shelf, by=desk.by, now=when)
        sign_audit(session, audit_id, SIGNING, by=desk.by, now=when)
        issued = issue_report(session, audit_id, press=desk.press, by=desk.by, now=when)
        return issued.code, desk.press.blobs.get(issued.digest)


def record_of(desk: Desk, audit_id: UUID) -> Record:
    with desk.scoped() as session:
        return read_record(get_audit(session, audit_id), desk.shelf.blobs)


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


@pytest.fixture
def spanish(desk: Desk) -> tuple[UUID, str, bytes]:
    """An audit of a site whose reports are in Spanish, and its report."""
    choose(desk, "es")
    audit_id = desk.start()
    desk.record(audit_id, None, **{**GIVEN, "gloves_worn": BARE})
    return audit_id, *report(desk, audit_id)


def test_a_report_is_in_the_language_of_its_site(
    desk: Desk, spanish: tuple[UUID, str, bytes]
) -> None:
    audit_id, _, pdf = spanish

    record, text = record_of(desk, audit_id), text_of(pdf)
    assert (record.printed_in, record.language) == ("es", "en")
    assert record.scoring.because == "1 hallazgo crítico no corregido durante la visita."
    assert "No aprobado" in text
    assert "Lo que la lista de control solo dice en inglés" in text
    verdict = verify(pdf, Trust(pinned=()))
    assert verdict.standing != "FAILED", verdict.reasons


def test_what_a_site_chooses_later_leaves_the_record(
    desk: Desk, spanish: tuple[UUID, str, bytes]
) -> None:
    audit_id, *_ = spanish

    choose(desk, "fr")

    assert record_of(desk, audit_id).printed_in == "es"


def test_a_correction_speaks_the_language_of_what_it_corrects(
    desk: Desk, spanish: tuple[UUID, str, bytes]
) -> None:
    _, code, _ = spanish
    choose(desk, "fr")
    with desk.scoped() as session:
        when = desk.later + timedelta(days=3)
        again = begin_correction(session, code, reason="Otra sala.", by=desk.by, now=when).id
    desk.record(again, None, gloves_worn={"value": "yes", "method": "observed"})

    _, pdf = report(desk, again, days=3)

    found = record_of(desk, again)
    assert found.printed_in == "es"
    assert found.correction is not None
    fields = {one.field: (one.before, one.after) for one in found.correction.differences}
    assert fields["response"] == ("No", "Sí")
    assert fields["method"] == ("", "observado")
    assert "Qué se corrigió" in text_of(pdf)
