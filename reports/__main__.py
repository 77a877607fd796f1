"""Checks a report with nothing but the file: `python -m reports F.pdf`."""

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

from reports.verify import LARGEST, Trust, Verdict, verify

EXITS = {"PASSED": 0, "FAILED": 1, "INDETERMINATE": 2}
NOT_CHECKED = 3
CALLED_WRONGLY = 64
_LIBRARIES = ("asn1crypto", "cryptography", "pydantic", "pyhanko", "reportlab", "segno")


def main() -> int:
    """Print the verdict and return 0 for PASSED, 1 for FAILED, 2 for INDETERMINATE.

    3 is for a machine that cannot check, 64 for arguments that cannot be read.
    """
    given = _arguments()
    if missing := [one for one in _LIBRARIES if find_spec(one) is None]:
        sys.stderr.write(
            f"Not checked: these Python libraries are missing: {', '.join(missing)}.\n"
            "Install them with: pip install -r requirements.txt\n"
        )
        return NOT_CHECKED
    try:
        with given.file.open("rb") as file:
            pdf = file.read(LARGEST + 1)
        pinned, clocks = (
            tuple(_certificate(path) for path in paths) for paths in (given.trust, given.trust_time)
        )
    except OSError as error:
        return _refuse(f"{error.filename}: {error.strerror}", as_json=given.json)
    except ValueError as error:
        return _refuse(str(error), as_json=given.json)
    verdict = verify(pdf, Trust(pinned=pinned, clocks=clocks))
    sys.stdout.write(verdict.as_json() + "\n" if given.json else told(verdict))
    if verdict.standing == "INDETERMINATE" and not (given.trust or given.json):
        sys.stdout.write("With the certificate the organisation gives out, add: --trust CA.PEM\n")
    return EXITS[verdict.standing]


def _refuse(words: str, *, as_json: bool) -> int:
    """Say it as JSON to a program, which reads nothing else."""
    if as_json:
        refused = Verdict(standing="FAILED", reasons=(words,), digest="")
        sys.stdout.write(refused.as_json() + "\n")
    else:
        sys.stderr.write(f"{words}\n")
    return EXITS["FAILED"]


class _Parser(argparse.ArgumentParser):
    """Ends otherwise than a verdict does when it is called wrongly."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(CALLED_WRONGLY, f"{self.prog}: {message}\n")


def _arguments() -> argparse.Namespace:
    parser = _Parser(prog="python -m reports", description=__doc__)
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
    parser.add_argument(
        "--trust-time",
        type=Path,
        action="append",
        default=[],
        metavar="TSA.PEM",
        help="the certificate of a time-stamp authority to believe; several times",
    )
    return parser.parse_args()


def _certificate(path: Path) -> bytes:
    from cryptography import x509  # noqa: PLC0415 - what is missing is said in words first

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
        "Visit": verdict.visit,
        "Outcome": verdict.outcome,
        "Issued": verdict.issued_at,
        "Sealed by": verdict.signer,
        "Sealed at": verdict.sealed_at,
        "Level of the signature": verdict.level and f"PAdES {verdict.level}",
        "Time stamp": verdict.stamped_at,
        "Time stamp by": verdict.stamped_by,
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
