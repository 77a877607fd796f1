"""Proofs that certificates were valid, put into a file while they can still be had.

A certificate runs out, and its authority forgets whom it revoked. So the words of the authorities
(revocation lists, OCSP replies) are appended with the certificates themselves, as a revision of its
own; from then on the file holds by what it carries.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import pairwise
from typing import Any, Self

from aiohttp import ClientPayloadError, ClientResponse, ClientSession
from asn1crypto import crl, ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import ExpiredError, PathError, RevokedError, ValidationError
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend

from reports.seal import Appending, Sealer, asn1_certificate

# A list of a large authority has one megabyte; more would outweigh the report.
LARGEST = 8 * 1024 * 1024
_PIECE = 64 * 1024
_PATIENCE_S = 20


class NoProofError(Exception):
    """It cannot be proven now that a certificate is valid; the words say why."""


class RevokedCertificateError(NoProofError):
    """A certificate was revoked before it was used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs:
    """Certificates, revocation lists and OCSP replies, each as DER, in the order of the file."""

    certificates: tuple[bytes, ...] = ()
    lists: tuple[bytes, ...] = ()
    replies: tuple[bytes, ...] = ()

    def without(self, earlier: Self) -> Self:
        """Return what is not among the `earlier` ones."""
        return type(self)(
            certificates=_others(self.certificates, earlier.certificates),
            lists=_others(self.lists, earlier.lists),
            replies=_others(self.replies, earlier.replies),
        )

    def and_then(self, later: Self) -> Self:
        """Return these, and of the `later` ones those that are new."""
        more = later.without(self)
        return type(self)(
            certificates=self.certificates + more.certificates,
            lists=self.lists + more.lists,
            replies=self.replies + more.replies,
        )

    @property
    def size(self) -> int:
        """Return how many bytes they have."""
        return sum(map(len, (*self.certificates, *self.lists, *self.replies)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where proofs come from: lists (DER) at hand and, with `ask`, what certificates name.

    To ask goes over the network, to addresses that stand in the certificates.
    """

    lists: tuple[bytes, ...] = ()
    ask: bool = False


def gather(sealers: Sequence[Sealer], at: datetime, sources: Sources) -> Proofs:
    """Return proofs that every certificate of `sealers` below its authority is valid `at`.

    NoProofError when that is not so, or when nobody says.
    """
    gathered = asyncio.run(_gather(sealers, at, sources))
    if gathered.size > LARGEST:
        raise NoProofError("The revocation lists are larger than a report can carry.")
    return gathered


def prove(sealer: Sealer, at: datetime, proofs: Proofs) -> None:
    """Insist that every certificate below the authority was valid `at`, by `proofs` alone.

    They may have been made later than that; NoProofError when they do not suffice.
    """
    context = _context(sealer, at, proofs)
    asyncio.run(_validate(sealer, context))


def about(sealers: Iterable[Sealer], proofs: Proofs) -> Proofs:
    """Return those that are of the authorities of `sealers` about their certificates."""
    chains = [(sealer.certificate, *sealer.chain) for sealer in sealers]
    own = {asn1_certificate(one).dump() for chain in chains for one in chain}
    authorities = {authority for chain in chains for authority in chain}
    issued = [pair for chain in chains for pair in pairwise(chain)]
    replies = tuple(one for one in proofs.replies if _is_about(one, issued))
    responders = {one.dump() for reply in replies for one in _responders(reply)}
    return Proofs(
        certificates=tuple(one for one in proofs.certificates if one in own | responders),
        lists=tuple(one for one in proofs.lists if _is_signed(one, authorities)),
        replies=replies,
    )


def attach(pdf: bytes, proofs: Proofs) -> bytes:
    """Return `pdf` with `proofs` appended, the same bytes each time."""
    writer = Appending(pdf)
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=[asn1_x509.Certificate.load(one) for one in proofs.certificates],
        crls=[crl.CertificateList.load(one) for one in proofs.lists],
        ocsps=[ocsp.OCSPResponse.load(one) for one in proofs.replies],
    )
    output = BytesIO()
    writer.write(output)  # type: ignore[no-untyped-call]  # the library left this one untyped
    return output.getvalue()


def attached(reader: PdfFileReader, revision: int) -> Proofs:
    """Return the proofs that a file carried as of a revision, earlier ones among them."""
    root = reader.get_historical_root(revision)
    if "/DSS" not in root:
        return Proofs()
    held = root["/DSS"]

    def streams(key: str) -> tuple[bytes, ...]:
        return tuple(one.get_object().data for one in held[key]) if key in held else ()

    return Proofs(certificates=streams("/Certs"), lists=streams("/CRLs"), replies=streams("/OCSPs"))


class _ShortResponse(ClientResponse):
    """A reply that is read no further than a report could carry: its sender may be anyone."""

    async def read(self) -> bytes:
        """Return the body; ClientPayloadError where it is too long."""
        if self._body is None:
            body = b""
            async for piece in self.content.iter_chunked(_PIECE):
                body += piece
                if len(body) > LARGEST:
                    self.close()
                    raise ClientPayloadError("This is longer than a report can carry.")
            self._body = body
        return self._body


async def _gather(sealers: Sequence[Sealer], at: datetime, sources: Sources) -> Proofs:
    found = Proofs()
    async with ClientSession(response_class=_ShortResponse) as session:
        backend = AIOHttpFetcherBackend(session, per_request_timeout=_PATIENCE_S)
        for sealer in sealers:
            given = about([sealer], Proofs(lists=sources.lists))
            asking = {"fetcher_backend": backend} if sources.ask else {}
            context = _context(sealer, at, given, allow_fetching=sources.ask, **asking)
            await _validate(sealer, context)
            found = found.and_then(_used(sealer, context))
    return found


def _used(sealer: Sealer, context: ValidationContext) -> Proofs:
    replies = tuple(one.dump() for one in context.ocsps)
    chain = [asn1_certificate(one).dump() for one in (sealer.certificate, *sealer.chain)]
    responders = [one.dump() for reply in replies for one in _responders(reply)]
    return Proofs(
        certificates=tuple(dict.fromkeys([*chain, *responders])),
        lists=tuple(one.dump() for one in context.crls),
        replies=replies,
    )


def _others(some: tuple[bytes, ...], than: tuple[bytes, ...]) -> tuple[bytes, ...]:
    return tuple(one for one in some if one not in than)


def _context(sealer: Sealer, at: datetime, proofs: Proofs, **more: Any) -> ValidationContext:
    return ValidationContext(
        trust_roots=[asn1_certificate(sealer.authority)],
        other_certs=[
            *(asn1_certificate(one) for one in sealer.chain[:-1]),
            *(asn1_x509.Certificate.load(one) for one in proofs.certificates),
        ],
        moment=at,
        crls=list(proofs.lists),
        ocsps=list(proofs.replies),
        revocation_mode="require",
        # What is asked for later speaks of the time before, too.
        retroactive_revinfo=True,
        **more,
    )


async def _validate(sealer: Sealer, context: ValidationContext) -> None:
    checking = CertificateValidator(
        asn1_certificate(sealer.certificate), validation_context=context
    )
    try:
        await checking.async_validate_usage(key_usage=set())  # type: ignore[no-untyped-call]  # the library left this one untyped
    except RevokedError as error:
        raise RevokedCertificateError(f"A certificate of {sealer.name} was revoked.") from error
    except ExpiredError as error:
        raise NoProofError(f"A certificate of {sealer.name} has run out.") from error
    except (PathError, ValidationError) as error:
        wrong = f"Nobody says whether the certificates of {sealer.name} are revoked."
        top = sealer.authority
        if top.issuer != top.subject:
            # Without the root nobody vouches for who signs the lists.
            wrong += (
                f" The root certificate above {top.subject.rfc4514_string()} is not known here."
            )
        raise NoProofError(wrong) from error


def _is_signed(revocations: bytes, authorities: Iterable[x509.Certificate]) -> bool:
    """Say whether a revocation list is by one of these."""
    found = x509.load_der_x509_crl(revocations)
    return any(
        found.issuer == one.subject and found.is_signature_valid(one.public_key())  # type: ignore[arg-type]  # keys of other kinds sign no certificates
        for one in authorities
    )


def _is_about(reply: bytes, issued: Iterable[tuple[x509.Certificate, x509.Certificate]]) -> bool:
    """Say whether an OCSP reply is about these alone, each given with its issuer."""
    known = {
        (one.serial_number, digest)
        for one, issuer in issued
        for key in (asn1_certificate(issuer).public_key,)
        for digest in (key.sha1, key.sha256)
    }
    said = [one["cert_id"] for one in ocsp.OCSPResponse.load(reply).response_data["responses"]]
    asked = {(one["serial_number"].native, one["issuer_key_hash"].native) for one in said}
    return bool(asked) and asked <= known


def _responders(reply: bytes) -> list[asn1_x509.Certificate]:
    basic = ocsp.OCSPResponse.load(reply).basic_ocsp_response
    return list(basic["certs"] or ())
