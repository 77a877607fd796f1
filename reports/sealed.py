"""Reads the seal of a file, more strictly than PDF readers do.

A reader accepts a seal that covers a part, a container with spare digits, and certificates nobody
needs. Here every byte counts: the seal covers the whole file but its own digits, and these digits
are rebuilt from what they mean and must come out the same.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    SignatureCoverageLevel,
    validate_pdf_signature,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from reports.chains import chain_above
from reports.paper import SEAL_FIELD
from reports.seal import Sealer, asn1_certificate, named_in

_ALGORITHMS = ("sha256_ecdsa", "sha256_rsa")
_END = b"%%EOF\n"
# All that sealing may change in what was printed: the field, its form, the catalogue.
_SET_BY_SEALING = {"/V", "/SigFlags", "/Perms"}


class BrokenSealError(ValueError):
    """A seal that is missing or does not hold; the message says what is wrong, in plain words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What an intact seal says: by whom, under which authority, and when as its maker claims.

    `names` are the people who signed; a seal from before they were named has none.
    """

    by: Sealer
    at: datetime
    names: str


def read_seal(pdf: bytes) -> Sealed:
    """Return what the seal of `pdf` says; BrokenSealError unless it holds for every byte."""
    # The library logs whole tracebacks for what is only a broken seal.
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    if not pdf.endswith(_END):
        raise BrokenSealError("Its end is missing, or something was added after it was sealed.")
    reader = PdfFileReader(BytesIO(pdf), strict=True)
    found = reader.embedded_signatures
    if not found:
        raise BrokenSealError("It carries no seal.")
    if len(found) > 1 or found[0].field_name != SEAL_FIELD:
        raise BrokenSealError("It carries signatures that the report was not issued with.")
    signature = found[0]
    digits = _digits(pdf, signature)
    by = _certificates(signature.signed_data)
    if digits != _rebuilt(signature.signed_data, len(digits)):
        raise BrokenSealError("The seal has been tampered with.")
    at = signature.self_reported_timestamp
    names = named_in(str(signature.sig_object.get("/Reason")), by)
    if at is None or names is None:
        raise BrokenSealError("The seal does not say when, or under whose authority, it was made.")
    if not all(was_valid(one, at) for one in (by.certificate, *by.chain)):
        raise BrokenSealError("It says it was sealed when its certificates were not valid.")
    _hold(signature, by, at)
    if not _only_sealed(reader, signature):
        raise BrokenSealError("Its pages were changed before it was sealed.")
    return Sealed(by=by, at=at, names=names)


def was_valid(certificate: x509.Certificate, at: datetime) -> bool:
    """Tell what the library asks of no certificate that is its own authority."""
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def _digits(pdf: bytes, signature: EmbeddedPdfSignature) -> bytes:
    """Return the seal's own digits: the one place of the file that it cannot cover."""
    start, before, after, rest = signature.byte_range
    if after + rest < len(pdf):
        raise BrokenSealError("Something was added to it after it was sealed.")
    digits = pdf[before + 1 : after - 1]
    if start != 0 or after + rest > len(pdf) or pdf[before:after] != b"<" + digits + b">":
        raise BrokenSealError("Its seal does not cover the whole file.")
    return digits


def _certificates(signed: cms.SignedData) -> Sealer:
    """Return who sealed, by certificates that each vouch for the one before and nothing else."""
    encoded = [choice.chosen.dump() for choice in signed["certificates"]]
    certificates = [x509.load_der_x509_certificate(one) for one in encoded]
    number = signed["signer_infos"][0]["sid"].chosen["serial_number"].native
    signers = [one for one in certificates if one.serial_number == number]
    if len(signers) != 1:
        raise BrokenSealError("The seal does not say who made it.")
    others = [one for one in certificates if one is not signers[0]]
    by = Sealer(certificate=signers[0], chain=chain_above(signers[0], others))
    if len(by.chain) != len(others) or not _vouches_for_itself(by.authority):
        raise BrokenSealError("The certificates in the seal do not belong together.")
    return by


def _vouches_for_itself(authority: x509.Certificate) -> bool:
    """Tell whether a self-signed certificate is intact; one from elsewhere cannot be told here."""
    if authority.issuer != authority.subject:
        return True
    try:
        authority.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _rebuilt(signed: cms.SignedData, room: int) -> bytes:
    """Return the digits a seal with this meaning has: shortest encoding, nothing spare, zeros."""
    signer = signed["signer_infos"][0]
    algorithm = signer["signature_algorithm"]["algorithm"].native
    certificate = next(
        choice.chosen
        for choice in signed["certificates"]
        if choice.chosen.serial_number == signer["sid"].chosen["serial_number"].native
    )
    if algorithm not in _ALGORITHMS:
        raise BrokenSealError("The seal uses a method this program does not know.")
    meaning = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "data"},
            "certificates": signed["certificates"],
            "signer_infos": [
                {
                    "version": "v1",
                    "sid": {
                        "issuer_and_serial_number": {
                            "issuer": certificate.issuer,
                            "serial_number": certificate.serial_number,
                        }
                    },
                    "digest_algorithm": {"algorithm": "sha256"},
                    "signed_attrs": signer["signed_attrs"],
                    "signature_algorithm": {"algorithm": algorithm},
                    "signature": signer["signature"].native,
                }
            ],
        }
    )
    encoded: bytes = cms.ContentInfo({"content_type": "signed_data", "content": meaning}).dump()
    return encoded.hex().upper().encode().ljust(room, b"0")


def _hold(signature: EmbeddedPdfSignature, by: Sealer, at: datetime) -> None:
    """Check the signature itself, with the certificates as they stood when it was made."""
    trusted, *others = (asn1_certificate(one) for one in (by.authority, *by.chain[:-1]))
    status = validate_pdf_signature(
        signature,
        ValidationContext(
            trust_roots=[trusted], other_certs=others, moment=at, allow_fetching=False
        ),
        key_usage_settings=KeyUsageConstraints(
            key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
        ),
    )
    if not status.intact:
        raise BrokenSealError("It was changed after it was sealed.")
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    if not (status.bottom_line and whole):
        raise BrokenSealError("Its seal is not valid.")


def _only_sealed(reader: PdfFileReader, signature: EmbeddedPdfSignature) -> bool:
    """Tell whether the seal was put on the printed file itself, with nothing slipped in between."""
    references = reader.xrefs
    changed = references.explicit_refs_in_revision(1)
    before, after = (reader.get_historical_resolver(revision) for revision in (0, 1))
    own = signature.sig_field.raw_get("/V").reference
    return (
        reader.total_revisions == 2  # noqa: PLR2004  # as printed, and as sealed
        and not references.refs_freed_in_revision(1)
        and before.root_ref == after.root_ref
        and all(references.get_introducing_revision(one) == 0 for one in changed - {own})
        and all(differ_in(before(one), after(one)) <= _SET_BY_SEALING for one in changed - {own})
    )


def differ_in(before: generic.DictionaryObject, after: generic.DictionaryObject) -> set[str]:
    """Return the keys under which two states of a dictionary differ."""
    both = {*before, *after}
    return {key for key in both if _written(before, key) != _written(after, key)}


def _written(held: generic.DictionaryObject, key: str) -> bytes:
    written = BytesIO()
    if key in held:
        held.raw_get(key).write_to_stream(written)
    return written.getvalue()
