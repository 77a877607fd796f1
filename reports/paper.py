"""The PDF file under the pages: title, tags, attachment, reserved fields, page count.

Everything that reaches into ReportLab's own objects is here. All of it is fixed by the snapshot,
so that the same snapshot gives the same bytes on every machine and at any time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from operator import itemgetter
from typing import Any

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDate,
    PDFDictionary,
    PDFImageXObject,
    PDFName,
    PDFStream,
    PDFString,
)
from reportlab.pdfgen.canvas import Canvas

from reports.archival import describe
from reports.drawings import ACCENT, GREY
from reports.pouring import pour
from reports.tags import Element, Tags
from reports.typefaces import BODY, load

SEAL_FIELD = "Seal"
MANAGER_FIELD = "Manager"
# Time stamps come behind the finished report, each in a field of its own: "Time 1", "Time 2".
STAMP_FIELD = "Time"
TOTAL = "total-pages"
FOOTER_SIZE = 7

_PROGRAM = "Hygiene Audit"
_KEYWORDS = "hygiene audit"
_STATE = itemgetter(*Canvas.STATE_ATTRIBUTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file within the file; `kind` is its media type, `relation` as ISO 32000-2 names them."""

    name: str
    kind: str
    relation: str
    about: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What the file says of itself, and the data that travel in it."""

    title: str
    author: str
    subject: str
    language: str
    issued_at: str
    attachments: tuple[Attachment, ...]
    # What the fields for seal and countersignature are called, in this order.
    fields: tuple[str, str] = ("", "")
    accent: str | None = None


class _Issued:
    """Stands in for ReportLab's clock: the moment the report was issued, in universal time."""

    dhh = dmm = 0

    def __init__(self, written: str) -> None:
        moment = datetime.fromisoformat(written).astimezone(UTC)
        self.YMDhms = moment.timetuple()[:6]
        self.written = moment.isoformat(timespec="seconds")


def _branded(accent: str | None) -> Callable[[Any], Any] | None:
    """Return what puts `accent` wherever the house colour is asked for, in lines and letters."""
    if accent is None:
        return None
    own = HexColor(accent)

    def chosen(colour: Any) -> Any:
        return own if colour == ACCENT else colour

    return chosen


class Paper(Canvas):  # type: ignore[misc]  # ReportLab ships no types
    """A canvas that keeps photos once, reserves signature fields and attaches the snapshot."""

    _extgstate: Any  # declared in a function of ReportLab

    def __init__(self, target: BytesIO, particulars: Particulars) -> None:
        load()
        # ASCII armour would make every stream a quarter larger.
        rl_config.useA85 = 0
        rl_config.shapeChecking = 0
        super().__init__(
            target,
            pagesize=A4,
            pageCompression=1,
            invariant=1,
            initialFontName=BODY,
            initialFontSize=9,
            lang=particulars.language,
            enforceColorSpace=_branded(particulars.accent),
            pdfVersion=(1, 7),
        )
        self._target = target
        self.particulars = particulars
        self.tags = Tags()
        self.fields: list[Any] = []
        self.places = 0
        self._passing = False
        self.issued = _Issued(particulars.issued_at)
        self._doc._timeStamp = self.issued  # noqa: SLF001  # ReportLab offers no other way
        # The file's identifier grows from this; ReportLab would start it from the environment.
        self._doc.signature = sha256(b"".join(one.data for one in particulars.attachments))
        self.setViewerPreference("DisplayDocTitle", "true")
        self.showOutline()

    def push_state_stack(self) -> None:
        """Keep the state of drawing as ReportLab does, but in one step: each block asks for it."""
        self.state_stack.append(
            dict(zip(self.STATE_ATTRIBUTES, _STATE(self.__dict__), strict=True))
        )
        self._extgstate = self._extgstate.pushCopy()

    @contextmanager
    def tagged(self, element: Element | None) -> Iterator[None]:
        """Mark what is drawn meanwhile as the content of `element`, or as an artifact."""
        self.begin(element)
        yield
        self.end()

    def begin(self, element: Element | None) -> None:
        """Mark what is drawn from here as the content of `element`, or as an artifact."""
        if not self._passing:
            self._code.append(self.tags.begin(element, self._pageNumber))

    def end(self) -> None:
        """End the mark begun last."""
        if not self._passing:
            self._code.append("EMC")

    def pass_over(self) -> None:
        """Let all that is drawn from here be one artifact, whatever it stands for elsewhere."""
        self.begin(None)
        self._passing = True

    def resume(self) -> None:
        """End what was passed over."""
        self._passing = False
        self.end()

    def place_jpeg(self, digest: str, jpeg: bytes) -> None:
        """Paint a JPEG over the unit square; the same digest is stored once."""
        name = self._doc.getXObjectName(digest)
        if name not in self._doc.idToObject:
            held = PDFImageXObject(name, None)
            if not held.loadImageFromJPEG(BytesIO(jpeg)) or held.colorSpace == "DeviceCMYK":
                raise ValueError(f"photo {digest} is not an RGB or grey JPEG")
            self._doc.Reference(held, name)
            self._doc.addForm(digest, held)
        self._currentPageHasImages = 1
        self.doForm(digest)

    def stamp(self, name: str, paint: Callable[[], None]) -> None:
        """Show a drawing within 100 by 100 units that is kept once in the file."""
        if not self.hasForm(name):
            self.beginForm(name, -10, -10, 110, 110)
            paint()
            self.endForm()
        self.doForm(name)

    def outline(self, entry: str, level: int, above: float) -> None:
        """Add an entry to the outline which leads to this height of the page."""
        self.places += 1
        key = f"place-{self.places}"
        self.bookmarkHorizontal(key, 0, above)
        self.addOutlineEntry(entry, key, level, closed=True)

    def reserve(self, name: str, box: tuple[float, float, float, float]) -> None:
        """Add an empty signature field over `box` of the current page."""
        look = PDFStream(
            PDFDictionary(
                {
                    "Type": PDFName("XObject"),
                    "Subtype": PDFName("Form"),
                    "BBox": PDFArray([0, 0, box[2] - box[0], box[3] - box[1]]),
                    "Resources": PDFDictionary({}),
                }
            ),
            content=b"",
            filters=[],
        )
        widget = PDFDictionary(
            {
                "Type": PDFName("Annot"),
                "Subtype": PDFName("Widget"),
                "FT": PDFName("Sig"),
                "T": PDFString(name),
                "TU": PDFString(self.particulars.fields[name == MANAGER_FIELD]),
                "F": 132,  # printed, and locked in its place
                "Rect": PDFArray([round(edge, 3) for edge in box]),
                "AP": PDFDictionary({"N": self._doc.Reference(look)}),
            }
        )
        if name == MANAGER_FIELD:
            # The manager's word is the last one: a signature here closes the file.
            widget["Lock"] = PDFDictionary(
                {"Type": PDFName("SigFieldLock"), "Action": PDFName("All"), "P": 1}
            )
        self._addAnnotation(widget, name)
        self.tags.place(Element("Form"), widget)
        self.fields.append(self._doc.refAnnotation(name))

    def write_total(self) -> None:
        """Print the number of pages, which only the end knows, where the pen stands."""
        self.doForm(TOTAL)

    def save(self) -> None:
        """Fill in the page count, attach the snapshot and close the file; every page has ended."""
        self.beginForm(TOTAL)
        self.setFillColor(GREY)
        self.setFont(BODY, FOOTER_SIZE)
        self.drawString(0, 0, str(self._pageNumber - 1))
        self.endForm()
        self._describe()
        self._attach()
        self.tags.write(self._doc)
        catalog = self._doc.Catalog
        catalog.AcroForm = PDFDictionary({"Fields": PDFArray(self.fields), "SigFlags": 0})
        pour(self._doc, self, self._target)

    def _describe(self) -> None:
        """Say what the file is, in the old way and in the new; both must agree."""
        said = self.particulars
        # Platypus writes titles of its own when it starts.
        self.setProducer(_PROGRAM)
        self.setCreator(_PROGRAM)
        self.setTitle(said.title)
        self.setAuthor(said.author)
        self.setSubject(said.subject)
        self.setKeywords(_KEYWORDS)
        described = {
            "title": said.title,
            "author": said.author,
            "subject": said.subject,
            "language": said.language,
            "moment": self.issued.written,
            "program": _PROGRAM,
            "keywords": _KEYWORDS,
        }
        describe(self._doc, described)

    def _attach(self) -> None:
        """Embed what the report was printed from (ISO 32000-2, 14.13)."""
        held = [self._embedded(one) for one in self.particulars.attachments]
        if not held:
            return
        names = [part for pair in held for part in pair]
        catalog = self._doc.Catalog
        catalog.Names = PDFDictionary({"EmbeddedFiles": PDFDictionary({"Names": PDFArray(names)})})
        catalog.AF = PDFArray([reference for _, reference in held])
        # ReportLab's catalogue knows no AF; this names it on this one object only.
        catalog.__NoDefault__ = [*catalog.__NoDefault__, "AF"]

    def _embedded(self, one: Attachment) -> tuple[PDFString, Any]:
        when = PDFDate(ts=self.issued)
        size = PDFDictionary({"Size": len(one.data), "ModDate": when})
        kind = "/" + one.kind.replace("/", "#2F")
        head = {"Type": PDFName("EmbeddedFile"), "Subtype": kind, "Params": size}
        stream = PDFStream(PDFDictionary(head), content=one.data, filters=[pdfdoc.PDFZCompress])
        inner = self._doc.Reference(stream)
        outer = PDFDictionary(
            {
                "Type": PDFName("Filespec"),
                "F": PDFString(one.name),
                "UF": PDFString(one.name),
                "Desc": PDFString(one.about),
                "AFRelationship": PDFName(one.relation),
                "EF": PDFDictionary({"F": inner, "UF": inner}),
            }
        )
        return PDFString(one.name), self._doc.Reference(outer, f"attachment-{one.name}")
