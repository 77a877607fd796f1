"""Time stamps of an authority behind the seal: proof that a sealed file existed at a time.

A stamp is a later revision of its own. So sealing never waits for an authority, and a stamped file
begins with exactly the bytes that were issued.
"""

from collections.abc import Callable

from asn1crypto import cms
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp

from reports.paper import STAMP_FIELD
from reports.seal import Appending

# Takes a SHA-256 and returns the token of an authority for it; what it raises is passed on.
AskForStamp = Callable[[bytes], cms.ContentInfo]

# Tokens of public authorities, with their certificates, have four to eight kilobytes.
_ROOM = 16 * 1024


def stamp(pdf: bytes, ask: AskForStamp) -> bytes:
    """Return `pdf` with a document time stamp over all of it appended."""
    writer = Appending(pdf)
    name = f"{STAMP_FIELD} {pdf.count(b'/ETSI.RFC3161') + 1}"
    field = SigFieldSpec(sig_field_name=name, on_page=-1)
    steps = PdfCMSEmbedder(new_field_spec=field).write_cms(name, writer)
    next(steps)
    placeholder = DocumentTimestamp(bytes_reserved=2 * _ROOM)  # type: ignore[no-untyped-call]  # the library left this one untyped
    steps.send(SigObjSetup(sig_placeholder=placeholder))
    prepared, output = steps.send(SigIOSetup(md_algorithm="sha256", in_place=True))
    steps.send(ask(prepared.document_digest))
    stamped: bytes = output.getvalue()
    return stamped
