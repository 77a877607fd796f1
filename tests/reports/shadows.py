"""Reports that lie under a valid seal, as somebody with a key under our names would make them."""

import re
import zlib
from collections.abc import Callable
from hashlib import sha256

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from reports import seal as sealing
from reports.render import render
from reports.seal import seal
from reports.snapshot import Snapshot, canonical
from tests.reports.forgeries import add_page, cover_page, updated, without_photo
from tests.reports.genuine import NOW, impostor, photos, rendered, snapshot


def resealed(pdf: bytes) -> bytes:
    """Return a printed file sealed by somebody else under the same names."""
    return seal(pdf, impostor(), NOW)


def _changed_record() -> Snapshot:
    """Return the same audit with a better ending, everybody's signature left as it was."""
    held = snapshot()
    better = held.record.scoring.model_copy(update={"outcome": "pass"})
    return held.model_copy(update={"record": held.record.model_copy(update={"scoring": better})})


def _other_data(pdf: bytes) -> bytes:
    """Return the printed pages with other data attached, all lengths and offsets put right."""
    return repacked(pdf, canonical(snapshot()), canonical(_changed_record()))


def repacked(pdf: bytes, old: bytes, new: bytes) -> bytes:
    """Return a printed file with the attached data replaced, its table of contents put right."""
    packed, other = zlib.compress(old), zlib.compress(new)
    assert packed in pdf
    stated = b"/Length %d" % len(packed)
    at = pdf.rindex(stated, 0, pdf.index(packed))
    fresh = pdf[:at] + pdf[at:].replace(stated, b"/Length %d" % len(other), 1)
    return indexed(fresh.replace(packed, other, 1))


def indexed(pdf: bytes) -> bytes:
    """Return a printed file whose table of contents names the places objects really have."""
    table = pdf.rindex(b"\nxref\n") + 1
    places = {int(one.group(1)): one.start() for one in re.finditer(rb"(?m)^(\d+) 0 obj$", pdf)}
    rows = b"".join(b"%010d 00000 n \n" % places[number] for number in sorted(places))
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    end = pdf[pdf.index(b"trailer\n", table) :]
    return pdf[:table] + head + rows + re.sub(rb"startxref\n\d+", b"startxref\n%d" % table, end)


def _hidden(pdf: bytes) -> bytes:
    """Return a printed file with words hidden between two objects."""
    return indexed(pdf.replace(b"endobj\n", b"endobj\n% a shadow\n", 1))


def with_shadow(pdf: bytes) -> bytes:
    """Return a sealed file whose sealing update also paints over the first page."""
    writer = sealing.Appending(pdf)
    cover_page(writer)
    return sealed_with(writer)


def sealed_with(writer: IncrementalPdfFileWriter) -> bytes:
    """Seal through a writer that holds changes already, as only a forger would."""
    genuine_writer = sealing.Appending
    sealing.Appending = lambda _file: writer
    try:
        return seal(b"", impostor(), NOW)
    finally:
        sealing.Appending = genuine_writer


def _other_signatures() -> bytes:
    held = snapshot()
    strangers = tuple(
        one.model_copy(update={"digest": sha256(b"other").hexdigest()}) for one in held.signatures
    )
    return render(held.model_copy(update={"signatures": strangers}), photos())


# Made by somebody with a key of their own under our names: the seal itself is valid.
RESEALED: dict[str, Callable[[], bytes]] = {
    "a page covered before sealing": lambda: resealed(updated(rendered(), cover_page)),
    "a page added before sealing": lambda: resealed(updated(rendered(), add_page)),
    "a page covered while sealing": lambda: with_shadow(rendered()),
    "other data attached": lambda: resealed(_other_data(rendered())),
    "words hidden between objects": lambda: resealed(_hidden(rendered())),
    "signatures under something else": lambda: resealed(_other_signatures()),
    "the people's signatures kept, the outcome changed": lambda: resealed(
        render(_changed_record(), photos())
    ),
    "a photo exchanged": lambda: resealed(without_photo(rendered())),
}
