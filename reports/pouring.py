"""Pours a finished document into its file, object after object.

ReportLab would collect the whole file in memory, then join it, then write it: photos four times.
"""

from collections.abc import Iterator
from io import BytesIO
from itertools import count
from typing import Any

from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.pdfdoc import PDFCrossReferenceTable, PDFDocument, PDFFile, PDFTrailer


def pour(document: PDFDocument, canvas: Any, target: BytesIO) -> None:
    """Write `document`, whose pages have all ended, into the empty `target`."""
    _prepare(document, canvas)
    target.write(PDFFile((1, 7)).format(document))
    for name in _names(document):
        document.idToOffset[name] = target.tell()
        _pour_object(document, name, target)
    table = PDFCrossReferenceTable()
    table.addsection(0, list(document.numberToId.values()))
    trailer = PDFTrailer(
        startxref=target.tell(),
        Size=len(document.numberToId) + 1,
        Root=document.Reference(document.Catalog),
        Info=document.Reference(document.info),
        ID=document.ID(),
    )
    target.write(table.format(document))
    target.write(trailer.format(document))


def _prepare(document: PDFDocument, canvas: Any) -> None:
    """Let the document make the objects that only its end can make."""
    for font in document.delayedFonts:
        font.addObjects(document)
    document.info.invariant = document.invariant
    document.info.digest(document.signature)
    document.Reference(document.Catalog)
    document.Reference(document.info)
    document.Outlines.prepare(document, canvas)
    if document.Outlines.ready < 0:
        document.Catalog.Outlines = None


def _names(document: PDFDocument) -> Iterator[str]:
    """Yield every object's name in order of number; writing one may bring forth others."""
    for number in count(1):
        if number not in document.numberToId:
            return
        yield document.numberToId[number]


def _pour_object(document: PDFDocument, name: str, target: BytesIO) -> None:
    held = document.idToObject[name]
    # Elements of the structure tree, by far the most objects, are bytes already.
    body = held if type(held) is bytes else pdfdoc.format(held, document, toplevel=1)
    target.write(b"%d %d obj\n" % document.idToObjectNumberAndVersion[name])
    target.write(body)
    target.write(b"endobj\n" if body.endswith(b"\n") else b"\nendobj\n")
