"""Which certificate stands above which."""

from collections.abc import Iterable

from cryptography import x509
from cryptography.exceptions import InvalidSignature


def chain_above(
    certificate: x509.Certificate, others: Iterable[x509.Certificate]
) -> tuple[x509.Certificate, ...]:
    """Return the certificates above `certificate`, each the issuer of the one before."""
    left, chain, lowest = list(others), [], certificate
    while issuer := next((one for one in left if _issued(lowest, by=one)), None):
        left.remove(issuer)
        chain.append(issuer)
        lowest = issuer
    return tuple(chain)


def leads_to(
    certificate: x509.Certificate,
    others: Iterable[x509.Certificate],
    known: frozenset[x509.Certificate],
) -> bool:
    """Say whether `certificate` is known, or stands under one, by whatever way up `others` give."""
    left, above = list(others), [certificate]
    while above:
        lowest = above.pop()
        if lowest in known or any(_issued(lowest, by=one) for one in known):
            return True
        issuers = [one for one in left if _issued(lowest, by=one)]
        left = [one for one in left if one not in issuers]
        above.extend(issuers)
    return False


def _issued(certificate: x509.Certificate, *, by: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(by)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return certificate != by
