"""Takes the data back out of a report, prints them afresh, and compares the pages.

A report is compared object by object with its fresh print, every stream unpacked, because
compressors differ from machine to machine and nothing else may. The cross-reference table is
held against the places where the objects really are, so nothing can hide between them.
"""

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from pydantic import ValidationError

from reports.render import RENDERER, render
from reports.snapshot import Snapshot, canonical

# A report with a thousand lines has about two megabytes of data.
_LARGEST = 64 * 1024 * 1024
_HEADER = re.compile(rb"%PDF-1\.\d\n%[^\n]{1,200}\n")
_OBJECT = re.compile(rb"(\d{1,8}) 0 obj\n")
_LENGTH = re.compile(rb"/Length (\d{1,10})\b")
_END = re.compile(rb"startxref\n(\d{1,10})\n%%EOF\n")
_STREAM, _STREAM_ENDS, _OBJECT_ENDS = b"\nstream\n", b"\nendstream\nendobj\n", b"endobj\n"
_DATA, _JPEG, _PACKED = b"/application#2Fjson", b"/DCTDecode", b"/Filter [ /FlateDecode ]"


class ForeignError(ValueError):
    """A file that is not laid out as this program lays out a report."""


class UnreadableError(ForeignError):
    """A file in which nothing of a report can be found, so that nothing else can be said of it."""

    def __init__(self) -> None:
        super().__init__("It is no report of this program, or a large part of it is missing.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One object of a file: its number, its words, and its stream, still packed."""

    number: int
    head: bytes
    stream: bytes | None

    def unpacked(self) -> tuple[int, bytes, bytes | None]:
        """Return what stays the same whichever compressor wrote the object."""
        if self.stream is None or _PACKED not in self.head:
            return self.number, self.head, self.stream
        return self.number, _LENGTH.sub(b"/Length", self.head), _inflate(self.stream)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A rendered file taken apart."""

    header: bytes
    parts: tuple[Part, ...]
    trailer: bytes

    def snapshot(self) -> bytes:
        """Return the attached data; ForeignError unless they are there exactly once."""
        found = [part for part in self.parts if _DATA in part.head]
        if len(found) != 1:
            raise ForeignError("It carries no audit data.")
        _, _, data = found[0].unpacked()
        return data or b""

    def photos(self) -> dict[str, bytes]:
        """Return the photos by digest."""
        streams = [part.stream for part in self.parts if _JPEG in part.head]
        return {sha256(one).hexdigest(): one for one in streams if one is not None}


def take_apart(data: bytes) -> Printed:
    """Read the first revision of `data`, strictly as this program writes it."""
    header = _HEADER.match(data)
    if header is None:
        raise UnreadableError
    parts, offsets, place = [], [], header.end()
    while opened := _OBJECT.match(data, place):
        part, after = _part(data, opened)
        parts.append(part)
        offsets.append(place)
        place = after
    trailer = data[place : _end(data, place)]
    table = _table(offsets)
    if not trailer.startswith(table):
        raise ForeignError("Its table of contents does not match its contents.")
    return Printed(
        header=header.group(),
        parts=tuple(parts),
        trailer=trailer.removeprefix(table).replace(b"startxref\n%d\n" % place, b"startxref\n"),
    )


def length(data: bytes) -> int:
    """Return how many bytes of `data` are the first revision, before anything was appended."""
    found = _END.search(data)
    while found and not data.startswith(b"xref\n", int(found.group(1))):
        found = _END.search(data, found.start() + 1)
    if found is None:
        raise UnreadableError
    return found.end()


def is_known(data: bytes) -> bool:
    """Tell whether attached data are of the version this program reads."""
    try:
        return bool(json.loads(data)["version"] == 1)
    except (ValueError, TypeError, LookupError) as error:
        raise ForeignError("The audit data inside cannot be read.") from error


def read_snapshot(data: bytes) -> Snapshot:
    """Return attached data as a snapshot; ForeignError when it is not exactly its own form."""
    try:
        snapshot = Snapshot.read(data)
    except ValidationError as error:
        raise ForeignError("The audit data inside cannot be read.") from error
    if canonical(snapshot) != data:
        raise ForeignError("The audit data inside are not in their one agreed form.")
    return snapshot


def printed_as(snapshot: Snapshot, printed: Printed) -> bool:
    """Tell whether a fresh print of `snapshot` is the file that was taken apart."""
    try:
        fresh = take_apart(render(snapshot, printed.photos()))
    except ValueError:
        return False
    same_frame = (fresh.header, fresh.trailer) == (printed.header, printed.trailer)
    return same_frame and len(fresh.parts) == len(printed.parts) and all(_alike(fresh, printed))


def same_layout(snapshot: Snapshot) -> bool:
    """Tell whether this program prints the layout `snapshot` was printed in."""
    return snapshot.renderer == RENDERER


def _alike(fresh: Printed, printed: Printed) -> Iterator[bool]:
    for ours, theirs in zip(fresh.parts, printed.parts, strict=True):
        yield ours == theirs or ours.unpacked() == theirs.unpacked()


def _part(data: bytes, opened: re.Match[bytes]) -> tuple[Part, int]:
    start = opened.end()
    end = data.find(_OBJECT_ENDS, start)
    begins = data.find(_STREAM, start, end)
    number = int(opened.group(1))
    if end < 0:
        raise ForeignError("It ends in the middle.")
    if begins < 0:
        return Part(number=number, head=data[start:end], stream=None), end + len(_OBJECT_ENDS)
    head = data[start:begins]
    stream_at = begins + len(_STREAM)
    stated = _LENGTH.search(head)
    stop = stream_at + int(stated.group(1) if stated else 0)
    if not data.startswith(_STREAM_ENDS, stop):
        raise ForeignError("An object inside is longer or shorter than it says.")
    part = Part(number=number, head=head, stream=data[stream_at:stop])
    return part, stop + len(_STREAM_ENDS)


def _end(data: bytes, place: int) -> int:
    found = _END.search(data, place)
    if found is None or int(found.group(1)) != place:
        raise ForeignError("Its table of contents is not where it says.")
    return found.end()


def _table(offsets: list[int]) -> bytes:
    """Return the cross-reference table of a file with objects numbered as they lie."""
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1) + rows


def _inflate(stream: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(stream, _LARGEST)
    except zlib.error as error:
        raise ForeignError("A packed object inside is damaged.") from error
    if not unpacker.eof or unpacker.unused_data:
        raise ForeignError("A packed object inside is damaged or far too large.")
    return data
