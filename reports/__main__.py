"""Checks a report with nothing but the file: `python -m reports F.pdf`."""

import argparse
import sys
from pathlib import Path

from cryptography import x509

from reports.verify import LARGEST, Trust, Verdict, verify

EXITS = {"PASSED": 0, "FAILED": 1, "INDETERMINATE": 2}


def main() -> int:
    """Print the verdict and return 0 for PASSED, 1 for FAILED, 2 for INDETERMINATE."""
    given = _arguments()
    try:
        with given.file.open("rb") as file:
            pdf = file.read(LARGEST + 1)
        pinned = tuple(_certificate(path) for path in given.trust)
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}\n")
        return EXITS["FAILED"]
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return EXITS["FAILED"]
    verdict = verify(pdf, Trust(pinned=pinned))
    sys.stdout.write(verdict.as_json() + "\n" if given.json else told(verdict))
    return EXITS[verdict.standing]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m reports", description=__doc__)
    parser.add_argument("file", type=Path, help="the report, a PDF")
    parser.add_argument("--json", action="store_true", help="print the verdict as JSON")
    parser.add_argument(
        "--trust",
        type=Path,
        action="append",
        default=[],
        metavar="CA.PEM",
        help="the authority certificate the organisation publishes; may be given several times",
    )
    return parser.parse_args()


def _certificate(path: Path) -> bytes:
    pem = path.read_bytes()
    try:
        x509.load_pem_x509_certificate(pem)
    except ValueError as error:
        raise ValueError(f"{path}: not a certificate in PEM form") from error
    return pem


def told(verdict: Verdict) -> str:
    """Return the verdict as lines for a terminal, without characters that would command it."""
    claims = {
        "Report": verdict.report,
        "Organisation": verdict.organisation,
        "Site": verdict.site,
        "Outcome": verdict.outcome,
        "Issued": verdict.issued_at,
        "Sealed by": verdict.signer,
        "Sealed at": verdict.sealed_at,
        "Fingerprint of the sealing authority": verdict.fingerprint,
    }
    lines = [verdict.standing, *(f"  {reason}" for reason in verdict.reasons)]
    if any(claims.values()):
        lines.append("The file says:")
    lines += [f"  {name}: {value}" for name, value in claims.items() if value]
    lines += [f"  Signed: {one}" for one in verdict.signatures]
    lines.append(f"SHA-256 of the file: {verdict.digest}")
    return "".join(f"{_harmless(line)}\n" for line in lines)


def _harmless(line: str) -> str:
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line
    )


if __name__ == "__main__":
    sys.exit(main())
