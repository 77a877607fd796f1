"""Turns whatever a camera made into one plain photo, in a child process with limits.

A photo is turned upright, brought to sRGB, scaled down once and written as a baseline JPEG from its
pixels alone: no place, no serial number, no hidden second file survives. Reports then print these
bytes as they are.
"""

import io
import resource
import struct
import subprocess
import sys
import warnings
from dataclasses import dataclass
from random import Random
from threading import BoundedSemaphore

from PIL import Image, ImageCms, ImageDraw, ImageOps, UnidentifiedImageError

from audit.errors import Invalid

LONGEST_SIDE = 1600
MOST_BYTES = 15_000_000
MOST_PIXELS = 50_000_000
_QUALITY = 82
_FORMATS = ("JPEG", "PNG", "WEBP")
_MEMORY = 900_000_000
_SECONDS = 20
_REFUSED = 3
# Few at a time: all of them at their limit together would leave no memory for anything else.
_turns = BoundedSemaphore(2)
_SIZE = struct.Struct(">II")
_LONGEST = struct.Struct(">I")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainPhoto:
    """A JPEG ready to be kept and printed; width and height in pixels."""

    data: bytes
    width: int
    height: int


def make_plain(data: bytes, longest: int = LONGEST_SIDE) -> PlainPhoto:
    """Return `data` as a plain photo; Invalid says why it cannot be used.

    Its longest side has `longest` pixels at most. Decoding strangers' files happens in a child
    process that may use twenty seconds and 900 MB, since a picture of a few kilobytes can unfold
    to gigabytes.
    """
    if not data:
        raise Invalid("This file is empty. Take the photo again.", code="photo_empty")
    if len(data) > MOST_BYTES:
        size = f"{len(data) / 1_000_000:.0f} MB"
        raise Invalid(
            f"This photo has {size}; at most {MOST_BYTES // 1_000_000} MB can be taken in.",
            code="photo_too_large",
        )
    try:
        with _turns:
            done = subprocess.run(
                [sys.executable, "-P", "-m", "audit.store.photos"],
                input=_LONGEST.pack(longest) + data,
                capture_output=True,
                timeout=2 * _SECONDS,
                check=False,
            )
    except subprocess.TimeoutExpired as error:
        raise _unreadable() from error
    if done.returncode == _REFUSED:
        raise Invalid(done.stderr.decode().strip(), code="photo_refused")
    if done.returncode != 0:
        raise _unreadable()
    width, height = _SIZE.unpack_from(done.stdout)
    return PlainPhoto(data=done.stdout[_SIZE.size :], width=width, height=height)


def _unreadable() -> Invalid:
    return Invalid(
        "This file cannot be read as a photo. Take the photo again, or choose a JPEG.",
        code="photo_unreadable",
    )


def convert(data: bytes, longest: int = LONGEST_SIDE) -> PlainPhoto:
    """Return `data` as a plain photo, in this process; Invalid, OSError or a warning otherwise."""
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except UnidentifiedImageError as error:
        raise Invalid(
            "This is not a photo in JPEG, PNG or WebP form. Choose JPEG, or take it here.",
            code="photo_refused",
        ) from error
    if image.width * image.height > MOST_PIXELS:
        raise Invalid(
            f"This picture has {image.width:,} x {image.height:,} points; "
            f"at most {MOST_PIXELS // 1_000_000} million can be taken in.",
            code="photo_refused",
        )
    if getattr(image, "n_frames", 1) > 1:
        raise Invalid("This is a moving picture. Take a still photo.", code="photo_refused")
    image.draft("RGB", (longest, longest))
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((longest, longest))
    pixels = _on_white(_to_srgb(upright, image.info.get("icc_profile")))
    kept = io.BytesIO()
    pixels.save(kept, "JPEG", quality=_QUALITY, optimize=True)
    return PlainPhoto(data=kept.getvalue(), width=pixels.width, height=pixels.height)


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if not profile or image.mode not in ("RGB", "CMYK"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        changed = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        # A broken profile is common in phone software; the pixels are then taken as they are.
        return image
    return changed or image


def _on_white(image: Image.Image) -> Image.Image:
    """Return the pixels alone on a new white canvas: what rode along in the file stays behind."""
    if image.mode not in ("RGB", "RGBA", "L"):
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    plain = Image.new("RGB", image.size, "white")
    plain.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return plain


def draw_stand_in(chance: Random) -> bytes:
    """Return a drawn stand-in for a photo as PNG, marked as one: a tray with instruments."""
    image = Image.new("RGB", (1200, 900), (228, 231, 229))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 640, 1200, 900), fill=(201, 206, 203))
    pen.rounded_rectangle(
        (170, 250, 1030, 690), 46, fill=(247, 248, 247), outline=(150, 158, 155), width=6
    )
    pen.rounded_rectangle((205, 285, 995, 655), 30, outline=(206, 211, 209), width=4)
    for place in range(5):
        left = 270 + place * 140 + chance.randint(-14, 14)
        top = 330 + chance.randint(-18, 18)
        pen.line(
            (left, top, left + chance.randint(-12, 30), top + 250), fill=(112, 122, 122), width=14
        )
        pen.ellipse((left - 18, top - 30, left + 18, top + 6), outline=(112, 122, 122), width=9)
    if chance.random() < 1 / 2:
        spot = (430 + chance.randint(0, 260), 520)
        pen.ellipse((*spot, spot[0] + 74, spot[1] + 46), fill=(176, 116, 96))
    pen.text((40, 40), "DEMONSTRATION - DRAWN, NOT A PHOTO", fill=(90, 98, 96), font_size=34)
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()


def draw_sign(words: tuple[str, str], colour: str) -> bytes:
    """Return a drawn logo as PNG: the sun over a lake, and two lines of words."""
    image = Image.new("RGB", (3200, 880), "white")
    pen = ImageDraw.Draw(image)
    pen.ellipse((40, 40, 840, 840), fill=colour)
    pen.ellipse((320, 180, 560, 420), fill="white")
    for step in range(3):
        level, cut = 520 + step * 88, step * 60
        pen.line((190 + cut, level, 690 - cut, level), fill="white", width=30)
    pen.text((980, 130), words[0], fill=colour, font_size=300)
    pen.text((988, 510), words[1], fill=(90, 98, 96), font_size=188)
    kept = io.BytesIO()
    # Drawn large, so that edges come out smooth.
    image.resize((800, 220), Image.Resampling.LANCZOS).save(kept, "PNG")
    return kept.getvalue()


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))


def _child() -> int:
    _limit()
    warnings.simplefilter("error")
    given = sys.stdin.buffer.read()
    Image.MAX_IMAGE_PIXELS = None  # `convert` refuses sooner, and says how large is too large
    try:
        photo = convert(given[_LONGEST.size :], *_LONGEST.unpack_from(given))
    except Invalid as refusal:
        sys.stderr.write(refusal.message)
        return _REFUSED
    sys.stdout.buffer.write(_SIZE.pack(photo.width, photo.height) + photo.data)
    return 0


if __name__ == "__main__":
    sys.exit(_child())
