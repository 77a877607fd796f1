"""Judges a file by the rules of PDF/A-3a and PDF/UA-1 that a report could break.

A full validator is a program of its own; these are the rules that have been broken by programs
built on the same library, each checked on the finished bytes.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

_PAINTING = {"Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "EI"}
_HEADINGS = ("/H1", "/H2", "/H3")
_PLACES = {
    "/TR": "/Table",
    "/TH": "/TR",
    "/TD": "/TR",
    "/LI": "/L",
    "/Lbl": "/LI",
    "/LBody": "/LI",
}


def complaints(path: Path) -> list[str]:
    """Return what is wrong with the file, in words; nothing where it keeps the rules."""
    with pikepdf.open(path) as pdf:
        return [
            *_of_bytes(path.read_bytes()),
            *_of_catalogue(pdf),
            *_of_fonts(pdf),
            *_of_pages(pdf),
            *_of_structure(pdf),
            *_of_annotations(pdf),
        ]


def _of_bytes(data: bytes) -> Iterator[str]:
    loose = len(re.findall(rb"[^\r\n]endstream", data))
    if loose:
        yield f"{loose} streams end without a line end"
    if b"/DeviceCMYK" in data or b"/Interpolate true" in data:
        yield "a colour space or smoothing that depends on the device"
    if b"/ID" not in data[data.rindex(b"trailer") :]:
        yield "no identifier in the trailer"


def _of_catalogue(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    if not str(root.get("/Lang", "")):
        yield "no language"
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "not marked as tagged"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "readers would show the file's name for its title"
    profile = root.OutputIntents[0].DestOutputProfile.read_bytes()
    if profile[36:40] != b"acsp" or profile[24:36] != bytes(12):
        yield "no colour profile that stays the same"
    for one in root.get("/AF", []):
        if not one.EF.F.get("/Subtype") or not one.get("/AFRelationship"):
            yield "an attachment without kind or relation"
    yield from _of_words(pdf)


def _of_words(pdf: pikepdf.Pdf) -> Iterator[str]:
    said = pdf.open_metadata(set_pikepdf_as_editor=False)
    claims = {"pdfaid:part": "3", "pdfaid:conformance": "A", "pdfuaid:part": "1"}
    spaces = {
        "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
        "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    }
    for name, value in claims.items():
        space, _, key = name.partition(":")
        if said.get(f"{{{spaces[space]}}}{key}") != value:
            yield f"{name} is not {value}"
    pairs = {
        "dc:title": "/Title",
        "dc:description": "/Subject",
        "xmp:CreatorTool": "/Creator",
        "pdf:Producer": "/Producer",
        "pdf:Keywords": "/Keywords",
    }
    for new, old in pairs.items():
        if said.get(new) != str(pdf.docinfo[old]):
            yield f"{new} and {old} differ"
    if said.get("dc:creator") != [str(pdf.docinfo["/Author"])]:
        yield "the authors differ"
    for new, old in (("xmp:CreateDate", "/CreationDate"), ("xmp:ModifyDate", "/ModDate")):
        plain = re.sub(r"\D", "", said.get(new, ""))
        if plain != re.sub(r"\D", "", str(pdf.docinfo[old])):
            yield f"{new} and {old} differ"


def _of_fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    for held in pdf.objects:
        if isinstance(held, pikepdf.Dictionary) and held.get("/Type") == "/Font":
            if "/FontFile2" not in held.get("/FontDescriptor", {}):
                yield f"{held.get('/BaseFont')} is not embedded"
            if "/ToUnicode" not in held:
                yield f"{held.get('/BaseFont')} cannot be copied as text"


def _of_pages(pdf: pikepdf.Pdf) -> Iterator[str]:
    parents = _parents(pdf)
    for number, page in enumerate(pdf.pages, 1):
        if page.obj.get("/Tabs") != "/S":
            yield f"page {number} has no order of fields"
        marks, stray = _marks(page)
        if stray:
            yield f"page {number} paints {stray} times outside of any mark"
        held = parents.get(int(page.obj.get("/StructParents", -1)), [])
        if marks != list(range(len(held))):
            yield f"page {number} has marks that no element owns"


def _marks(page: pikepdf.Page) -> tuple[list[int], int]:
    """Return the numbers marked on a page, and how often it paints outside of marks."""
    marks: list[int] = []
    depth = stray = 0
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in {"BDC", "BMC"}:
            depth += 1
            if len(operands) > 1 and "/MCID" in operands[1]:
                marks.append(int(operands[1].MCID))
        elif name == "EMC":
            depth -= 1
        elif name in _PAINTING and depth != 1:
            stray += 1
    return marks, stray + abs(depth)


def _parents(pdf: pikepdf.Pdf) -> dict[int, Any]:
    numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    return {int(numbers[at]): numbers[at + 1] for at in range(0, len(numbers), 2)}


def elements(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Yield every element of the structure tree in the order of reading."""
    waiting = [pdf.Root.StructTreeRoot.K[0]]
    while waiting:
        element = waiting.pop()
        yield element
        below = [kid for kid in element.K if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
        waiting += reversed(below)


def _of_structure(pdf: pikepdf.Pdf) -> Iterator[str]:
    deepest = 0
    for element in elements(pdf):
        role = str(element.S)
        if role in _HEADINGS:
            level = _HEADINGS.index(role) + 1
            if level > deepest + 1:
                yield f"a heading of level {level} follows one of level {deepest}"
            deepest = level
        if role == "/Figure" and not (str(element.get("/Alt", "")) and element.A.get("/BBox")):
            yield "a figure without words or place"
        if role == "/TH" and element.A.get("/Scope") != "/Column":
            yield "a head cell that heads nothing"
        if role in _PLACES and str(element.P.S) != _PLACES[role]:
            yield f"{role} in {element.P.S}"
        if role == "/Table" and len({len(row.K) for row in element.K}) != 1:
            yield "a table with rows of different lengths"


def _of_annotations(pdf: pikepdf.Pdf) -> Iterator[str]:
    parents = _parents(pdf)
    for page in pdf.pages:
        for one in page.obj.get("/Annots", []):
            owner = parents.get(int(one.get("/StructParent", -1)))
            if owner is None or owner.S != "/Form":
                yield "a field that no element owns"
            if not int(one.F) & 4 or "/AP" not in one or not str(one.get("/TU", "")):
                yield "a field that is not printed, not drawn or not named"
