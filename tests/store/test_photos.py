import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from audit.errors import Invalid
from audit.store.photos import LONGEST_SIDE, make_plain

ORIENTATION = 0x0112
GPS = 0x8825


def picture(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    image = Image.new(mode, (width, height), "white")
    image.paste("red", (0, 0, width // 2, height // 2))
    return image


def saved(image: Image.Image, form: str, **how: object) -> bytes:
    target = io.BytesIO()
    image.save(target, form, **how)
    return target.getvalue()


def bomb(side: int) -> bytes:
    """Return a square one-bit PNG of a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = zlib.compress((b"\0" + bytes(side // 8 + 1)) * side, 9)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def moving() -> bytes:
    frames = [picture(), Image.new("RGB", (64, 48), "blue")]
    return saved(frames[0], "WEBP", save_all=True, append_images=frames[1:])


def test_a_photo_is_turned_upright_once() -> None:
    sideways = picture(64, 48)
    exif = sideways.getexif()
    exif[ORIENTATION] = 6

    plain = make_plain(saved(sideways, "JPEG", exif=exif, quality=95))

    shown = Image.open(io.BytesIO(plain.data))
    assert shown.size == (plain.width, plain.height) == (48, 64)
    red, green, _ = shown.getpixel((40, 8))  # type: ignore[misc]  # three bands
    assert red > 200
    assert green < 100


def test_nothing_rides_along_in_a_photo() -> None:
    image = picture()
    exif = image.getexif()
    exif[GPS] = {1: "N", 2: (43.0, 39.0, 1.0)}
    exif[0x010F] = "SECRETCAMERA"
    sent = saved(image, "JPEG", exif=exif, comment=b"<script>SECRET</script>") + b"<script>SECRET"

    plain = make_plain(sent)

    assert b"SECRET" not in plain.data
    assert b"Exif" not in plain.data


def test_a_large_photo_is_made_smaller_once() -> None:
    plain = make_plain(saved(picture(4000, 3000), "JPEG"))

    again = make_plain(plain.data)

    assert (plain.width, plain.height) == (LONGEST_SIDE, 1200)
    assert (again.width, again.height) == (LONGEST_SIDE, 1200)


@pytest.mark.parametrize(
    ("form", "mode"),
    [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("WEBP", "RGB"), ("JPEG", "CMYK")],
)
def test_other_forms_become_plain_colour(form: str, mode: str) -> None:
    sent = saved(picture().convert(mode), form)

    plain = make_plain(sent)

    shown = Image.open(io.BytesIO(plain.data))
    assert (shown.format, shown.mode) == ("JPEG", "RGB")


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (bomb(13_000), "13,000 x 13,000"),
        (b"<html><script>alert(1)</script>", "not a photo"),
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "not a photo"),
        (saved(picture(900, 900), "JPEG")[:3000], "cannot be read"),
        (saved(picture(), "GIF"), "not a photo"),
        (saved(picture(), "TIFF"), "not a photo"),
        (moving(), "moving"),
        (bytes(15_000_001), "at most 15 MB"),
    ],
    ids=["bomb", "html", "empty", "no-png", "cut", "gif", "tiff", "moving", "large"],
)
def test_what_is_no_photo_is_refused_in_words(sent: bytes, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        make_plain(sent)

    assert words in refused.value.message


def test_nothing_is_left_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    make_plain(saved(picture(), "PNG"))

    assert list(tmp_path.iterdir()) == []
