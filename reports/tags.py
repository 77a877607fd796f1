"""What the marks on the pages are: headings, paragraphs, lists, tables, figures (PDF/UA-1).

An element joins the tree when it is first drawn, below the element that is open then; so the order
of drawing is the order of reading. Whatever is drawn outside any element is an artifact, which
readers pass over: lines, tints, running heads. Pieces of a split paragraph share its element.
"""

from collections.abc import Mapping
from typing import Any

from reportlab.pdfbase.pdfdoc import (
    PDFDictionary,
    PDFDocument,
    PDFName,
    PDFString,
)

Box = tuple[float, float, float, float]

_ARTIFACT = "/Artifact BMC"


class Element:
    """A node of the structure tree; `alt` speaks for a figure, `box` is where it lies."""

    # Reports have thousands of these: anything larger would keep the garbage collector busy.
    __slots__ = ("alt", "annotation", "box", "kids", "parent", "reference", "role")

    def __init__(self, role: str, alt: str = "") -> None:
        self.role = role
        self.alt = alt
        self.box: Box | None = None
        self.parent: Element | None = None
        # Elements below, and marks on pages as (page, number on it).
        self.kids: list[Element | tuple[int, int]] = []
        self.annotation: Any = None
        self.reference = b""

    def drop_if_empty(self) -> None:
        """Take out a row that holds nothing new: the rest of one begun on the page before."""
        below = [kid for kid in self.kids if isinstance(kid, Element)]
        if self.parent and not any(cell.kids for cell in below):
            self.parent.kids.remove(self)

    def written(self, above: bytes, pages: Mapping[int, bytes], document: PDFDocument) -> bytes:
        """Return the element as it stands in the file, below the one that `above` refers to."""
        first = next((kid for kid in self.kids if isinstance(kid, tuple)), None)
        own = pages[first[0]] if first else b""
        kids = [self._kid(kid, own, pages) for kid in self.kids]
        if self.annotation:
            field = document.Reference(self.annotation).format(document)
            kids.append(b"<< /Type /OBJR /Obj %s >>" % field)
        head = b"/S /%s /P %s%s" % (self.role.encode(), above, own and b" /Pg " + own)
        # An array even for one: some programs look for elements below in arrays only.
        return b"<< %s%s /K [%s] >>" % (head, self._facts(document), b" ".join(kids))

    @staticmethod
    def _kid(kid: "Element | tuple[int, int]", own: bytes, pages: Mapping[int, bytes]) -> bytes:
        if isinstance(kid, Element):
            return kid.reference
        page = pages[kid[0]]
        if page == own:
            return b"%d" % kid[1]
        return b"<< /Type /MCR /Pg %s /MCID %d >>" % (page, kid[1])

    def _facts(self, document: PDFDocument) -> bytes:
        if self.role == "TH":
            return b" /A << /O /Table /Scope /Column >>"
        if self.role == "Figure" and self.box:
            words: bytes = PDFString(self.alt).format(document)
            place = b" /A << /O /Layout /BBox [%.2f %.2f %.2f %.2f] >>" % self.box
            return b" /Alt " + words + place
        return b""


def _page(number: int, document: PDFDocument) -> bytes:
    return b"%d %d R" % document.idToObjectNumberAndVersion[f"Page{number}"]


class Tags:
    """The tree of one file while it is being drawn."""

    def __init__(self) -> None:
        self.root = Element("Document")
        self._open = [self.root]
        self._pages: dict[int, list[Element]] = {}
        self._fields: list[Element] = []

    def enter(self, element: Element) -> None:
        """Open `element`: what is drawn next stands below it."""
        self._join(element)
        self._open.append(element)

    def leave(self) -> Element:
        """Close the element opened last and return it."""
        return self._open.pop()

    def begin(self, element: Element | None, page: int) -> str:
        """Return the operator before what `element` shows on `page`; None stands for artifacts."""
        if element is None:
            return _ARTIFACT
        self._join(element)
        marks = self._pages.setdefault(page, [])
        element.kids.append((page, len(marks)))
        marks.append(element)
        return f"/{element.role} <</MCID {len(marks) - 1}>> BDC"

    def place(self, element: Element, annotation: PDFDictionary) -> None:
        """Let `element` stand for an annotation, such as a field for a signature."""
        self._join(element)
        element.annotation = annotation
        self._fields.append(element)

    def _join(self, element: Element) -> None:
        if element.parent is None and element is not self.root:
            element.parent = self._open[-1]
            element.parent.kids.append(element)

    def write(self, document: PDFDocument) -> None:
        """Hang the finished tree into the file."""
        elements = _below(self.root)
        # All are known before the first is written, for they refer to each other.
        for number, element in enumerate(elements):
            document.Reference(b"", f"element-{number}")
            element.reference = b"%d 0 R" % document.objectcounter
        root = PDFDictionary({"Type": PDFName("StructTreeRoot")})
        above = bytes(document.Reference(root).format(document))
        rows = self._rows(document)
        pages = {number: _page(number, document) for number in self._pages}
        root["K"] = b"[%s]" % self.root.reference
        root["ParentTree"] = b"<< /Nums [%s] >>" % b" ".join(b"%d %s" % row for row in rows)
        root["ParentTreeNextKey"] = len(rows)
        for number, element in enumerate(elements):
            parent = element.parent.reference if element.parent else above
            document.idToObject[f"element-{number}"] = element.written(parent, pages, document)
        document.Catalog.StructTreeRoot = root
        document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})

    def _rows(self, document: PDFDocument) -> list[tuple[int, bytes]]:
        """Return what belongs to which element, for each page and then for each field."""
        rows: list[bytes] = []
        for page, marks in sorted(self._pages.items()):
            held = document.idToObject[f"Page{page}"]
            held.StructParents = len(rows)
            held.Tabs = PDFName("S")
            # ReportLab's page knows neither; this names them on this one object only.
            held.__NoDefault__ = [*held.__NoDefault__, "StructParents", "Tabs"]
            rows.append(b"[%s]" % b" ".join(one.reference for one in marks))
        for element in self._fields:
            element.annotation["StructParent"] = len(rows)
            rows.append(element.reference)
        return list(enumerate(rows))


def _below(element: Element) -> list[Element]:
    """Return an element and all below it in the order of reading."""
    found, left = [], [element]
    while left:
        found.append(left.pop())
        left += [kid for kid in reversed(found[-1].kids) if isinstance(kid, Element)]
    return found
