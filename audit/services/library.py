"""The library of checklists that is shipped with this version."""

from functools import cache

from audit.domain.catalogue import Catalogue, load_catalogue
from audit.resources import shipped


@cache
def shipped_catalogue() -> Catalogue:
    """Return everything that is shipped; reading and checking it takes a moment, so once."""
    return load_catalogue(shipped("checklists"))
