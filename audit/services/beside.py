"""Pictures that lie beside a file of responses and are named in it."""

from pathlib import Path

from audit.domain.responses import read_text, refuse
from audit.errors import Invalid
from audit.store.photos import LONGEST_SIDE, MOST_BYTES, PlainPhoto, make_plain

_LONGEST_PATH = 1000


def read_picture(folder: Path, name: str, longest: int = LONGEST_SIDE) -> PlainPhoto:
    """Return the picture `name` in `folder` or below it; Invalid says why it cannot be used."""
    data = _read(folder, name)
    try:
        return make_plain(data, longest)
    except Invalid as error:
        raise Invalid(f"{name}: {error.message}", code=error.code) from error


def _read(folder: Path, name: str) -> bytes:
    path = (folder / read_text(name, longest=_LONGEST_PATH)).resolve()
    if not path.is_relative_to(folder.resolve()):
        refuse(f"the photo {name} lies outside the folder of this file", "photo_elsewhere")
    try:
        if not path.is_file():
            refuse(f"there is no photo {name}", "no_photo")
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Invalid(f"{name}: {error.strerror}", code="photo_unreadable") from error
