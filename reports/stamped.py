"""Reads one time stamp behind a seal, as strictly as the seal itself.

It is judged on the file as it ended with it, and must have changed no more than its own field,
which shows nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO

from asn1crypto import cms
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext

from reports.chains import chain_above, leads_to
from reports.paper import STAMP_FIELD
from reports.seal import Sealer, asn1_certificate
from reports.sealed import BrokenSealError, differ_in, was_valid
from reports.stamps import stamp

ADDED = "Something other than a time stamp was added after it was sealed."
_FIELD = {"/FT", "/T", "/Type", "/Subtype", "/F", "/Rect", "/P", "/V"}
_STRANGER = "It carries signatures that the report was not issued with."
_STAMP = {"/Contents", "/ByteRange", "/Type", "/Filter", "/SubFilter"}
_PRINTED_BUT_UNSEEN = 132


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Whose clock said what; `trusted` when that authority is known here.

    The chain in `by` is what the file itself carries, whatever its reader knows.
    """

    by: Sealer
    at: datetime
    trusted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """Those that a reader knows already, and those that the file carries behind its stamps."""

    known: frozenset[x509.Certificate]
    carried: tuple[x509.Certificate, ...] = ()


def read_stamp(
    pdf: bytes, before: bytes, revision: int, earlier: int, certificates: Certificates
) -> Stamp:
    """Judge the stamp that a file ends with, behind `earlier` ones, as its newest `revision`.

    The revision of what was printed is 0; `before` is the file without the stamp. BrokenSealError
    when it is anything but a valid stamp.
    """
    reader = PdfFileReader(BytesIO(pdf), strict=True)
    if len(reader.embedded_regular_signatures) > 1:
        raise BrokenSealError(_STRANGER)
    found, number = reader.embedded_timestamp_signatures, earlier + 1
    if len(found) != number or found[-1].field_name != f"{STAMP_FIELD} {number}":
        raise BrokenSealError(ADDED)
    signature = found[-1]
    if not _only_stamped(reader, signature, revision):
        raise BrokenSealError(ADDED)
    _cover(pdf, signature, before)
    return _judge(signature, certificates)


def _only_stamped(reader: PdfFileReader, signature: EmbeddedPdfSignature, revision: int) -> bool:
    """Tell whether the newest revision is one stamp in one invisible field of the last page."""
    references = reader.xrefs
    field = signature.sig_field
    changed = references.explicit_refs_in_revision(revision)
    before, after = (reader.get_historical_resolver(one) for one in (revision - 1, revision))
    page, form = field.raw_get("/P").reference, reader.root.raw_get("/AcroForm").reference
    own = field.raw_get("/V").reference
    made = {one for one in changed if references.get_introducing_revision(one) == revision}
    grown = ((page, "/Annots", {"/Annots"}), (form, "/Fields", {"/Fields", "/SigFlags"}))
    return (
        reader.total_revisions == revision + 1
        and not references.refs_freed_in_revision(revision)
        and before.root_ref == after.root_ref
        and before.trailer_view.raw_get("/Info") == after.trailer_view.raw_get("/Info")
        and changed - made == {page, form}
        and made == {own, *_new_field(made, own)}
        and _is_plain(field, signature.sig_object)
        and all(
            differ_in(before(one), after(one)) <= allowed
            and _grown_by(before(one).get(key, ()), after(one)[key], made - {own})
            for one, key, allowed in grown
        )
    )


def _new_field(made: set[generic.Reference], own: generic.Reference) -> set[generic.Reference]:
    """Return the one other new object; nothing where there are more."""
    others = made - {own}
    return others if len(others) == 1 else set()


def _grown_by(
    before: Iterable[generic.PdfObject],
    after: Iterable[generic.PdfObject],
    new: set[generic.Reference],
) -> bool:
    old, now = list(_references(before)), list(_references(after))
    return now[:-1] == old and {now[-1]} == new


def _references(held: Iterable[generic.PdfObject]) -> Iterable[generic.Reference]:
    if not isinstance(held, generic.ArrayObject):
        return ()
    return (held.raw_get(place).reference for place in range(len(held)))


def _is_plain(field: generic.DictionaryObject, stamp: generic.DictionaryObject) -> bool:
    """Tell whether field and stamp are bare: nothing to see, nothing to run."""
    return (
        set(field) == _FIELD
        and (field["/FT"], field["/Type"], field["/Subtype"]) == ("/Sig", "/Annot", "/Widget")
        and field["/F"] == _PRINTED_BUT_UNSEEN
        and [int(one) for one in field["/Rect"]] == [0, 0, 0, 0]
        and set(stamp) == _STAMP
        and stamp["/Filter"] == "/Adobe.PPKLite"
    )


def _cover(pdf: bytes, signature: EmbeddedPdfSignature, before_it: bytes) -> None:
    """Insist that the stamp covers all but its own digits, and that these spell it exactly.

    Made again from its token it comes out the same: no byte lies between its objects.
    """
    start, before, after, rest = signature.byte_range
    token = cms.ContentInfo(
        {"content_type": "signed_data", "content": signature.signed_data}
    ).dump()
    digits = token.hex().upper().encode().ljust(after - before - 2, b"0")
    whole = start == 0 and after + rest == len(pdf)
    if not whole or pdf[before:after] != b"<" + digits + b">":
        raise BrokenSealError("A time stamp on it has been tampered with.")
    imprint = signature.signed_data["encap_content_info"]["content"].parsed["message_imprint"]
    if imprint["hashed_message"].native != sha256(pdf[:before] + pdf[after:]).digest():
        raise BrokenSealError("It was changed after it was time-stamped.")
    if stamp(before_it, lambda _: token) != pdf:
        raise BrokenSealError(ADDED)


def _judge(signature: EmbeddedPdfSignature, certificates: Certificates) -> Stamp:
    """Check the signature of the authority, as its certificates stood at the time it says."""
    signed = signature.signed_data
    given = [x509.load_der_x509_certificate(one.chosen.dump()) for one in signed["certificates"]]
    number = signed["signer_infos"][0]["sid"].chosen["serial_number"].native
    signers = [one for one in given if one.serial_number == number]
    if len(signers) != 1 or len(signed["signer_infos"]) != 1:
        raise BrokenSealError("A time stamp on it does not say who made it.")
    others = (*given, *certificates.carried)
    by = Sealer(certificate=signers[0], chain=chain_above(signers[0], dict.fromkeys(others)))
    at: datetime = signed["encap_content_info"]["content"].parsed["gen_time"].native
    status = validate_pdf_timestamp(
        signature,
        ValidationContext(
            trust_roots=[asn1_certificate(by.authority)],
            other_certs=[asn1_certificate(one) for one in by.chain[:-1]],
            moment=at,
            allow_fetching=False,
        ),
    )
    if not (status.intact and status.valid and status.trusted and _may_stamp(by.certificate, at)):
        raise BrokenSealError("A time stamp on it is not valid.")
    return Stamp(by=by, at=at, trusted=leads_to(by.certificate, others, certificates.known))


def _may_stamp(certificate: x509.Certificate, at: datetime) -> bool:
    """Tell whether a certificate was one for time stamps, and valid then."""
    try:
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return was_valid(certificate, at) and ExtendedKeyUsageOID.TIME_STAMPING in purposes
