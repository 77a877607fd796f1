"""The head of the first page: the organisation's logo, and how to reach it."""

from typing import Any

from reportlab.platypus import Spacer

from reports.drawings import Picture
from reports.grids import Spacing, grid
from reports.layout import COLUMN, CONTACT, prose
from reports.material import Material
from reports.snapshot import Branding

_ROOM = (170.0, 40.0)


class _Emblem(Picture):
    """A logo stands on the paper as it is, without a frame."""

    framed = False


def letterhead(material: Material) -> list[Any]:
    """Return the head, or nothing where the organisation set up none."""
    branding = material.snapshot.branding
    if branding is None:
        return []
    emblem, contact = _emblem(branding, material), _contact(branding)
    if not emblem and not contact:
        return []
    row = grid(
        [[emblem, contact]],
        [_ROOM[0] + 20, COLUMN - _ROOM[0] - 20],
        ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
        lines=False,
        space=Spacing(above=0, below=0),
    )
    return [row, Spacer(0, 9)]


def _emblem(branding: Branding, material: Material) -> list[Any]:
    logo = branding.logo
    if logo is None:
        return []
    made = _Emblem(logo, material.jpegs[logo.digest], _ROOM, material.record.organisation.name)
    made.hAlign = "LEFT"
    return [made]


def _contact(branding: Branding) -> list[Any]:
    ways = "  ·  ".join(one for one in (branding.phone, branding.email, branding.web) if one)
    return [prose(line, CONTACT) for line in (branding.address, ways) if line]
