"""The kinds of sterilizer that clinics and spas use."""

from enum import StrEnum


class SterilizerKind(StrEnum):
    """How it works; N, B and S are the classes of EN 13060 for small steam sterilizers."""

    GRAVITY = "gravity"
    PREVACUUM = "prevacuum"
    N = "N"
    B = "B"
    S = "S"
    DRY_HEAT = "dry_heat"
