"""The PDF a command leaves: whole, or not at all."""

import os
import secrets
from pathlib import Path

from audit.errors import Invalid


def insist_writable(out: Path, *, unlike: tuple[Path, ...] = ()) -> None:
    """Refuse before the work what could not be written after it, or would destroy its source."""
    if out.exists() and not out.is_file():
        raise Invalid(f"{out} is not a file; name the PDF to write.", code="not_a_file")
    if not out.parent.is_dir():
        raise Invalid(f"There is no folder {out.parent} to write into.", code="no_folder")
    if any(out.exists() and one.exists() and out.samefile(one) for one in unlike):
        raise Invalid(f"{out} is read for this report; write it elsewhere.", code="same_file")


def write_whole(out: Path, data: bytes) -> None:
    """Write the file whole or not at all: under another name first, then in its place."""
    fresh = out.with_name(f".report-{secrets.token_hex(8)}")
    try:
        with fresh.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(out)
    except OSError as error:
        raise Invalid(f"{out} cannot be written: {error.strerror}.", code="not_written") from error
    finally:
        fresh.unlink(missing_ok=True)
