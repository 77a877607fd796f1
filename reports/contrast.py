"""How well a colour is read on white paper, by the measure of WCAG 2.2 (1.4.3)."""

_LEAST = 4.5
# Below this the curve of sRGB is a line.
_STRAIGHT = 0.04045
_STEPS = 100


def contrast(colour: str) -> float:
    """Return the contrast of "#RRGGBB" on white: 1 cannot be seen, 21 is black."""
    red, green, blue = (_linear(share) for share in _shares(colour))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def darkened(colour: str) -> str:
    """Return the nearest darker shade of "#RRGGBB" that can be read; a legible one stays."""
    shares = _shares(colour)
    shades = ([share * step / _STEPS for share in shares] for step in range(_STEPS, -1, -1))
    written = (_written(shade) for shade in shades)
    return next(one for one in written if contrast(one) >= _LEAST)


def legible(colour: str) -> str:
    """Return `colour` as it is; ValueError says what is wrong with a pale one, and what would do.

    Text is printed in it, so it needs what every text needs.
    """
    if contrast(colour) < _LEAST:
        raise ValueError(
            f"{colour} is too pale to read on white paper: its contrast is {contrast(colour):.1f}"
            f" to 1, and {_LEAST} to 1 is needed. The darker {darkened(colour)} would do."
        )
    return colour


def _shares(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def _written(shares: list[float]) -> str:
    return "#" + "".join(f"{int(share * 255):02X}" for share in shares)


def _linear(share: float) -> float:
    return share / 12.92 if share <= _STRAIGHT else ((share + 0.055) / 1.055) ** 2.4
