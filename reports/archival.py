"""What makes a file last: its description in XMP, its colours, strict line ends (PDF/A-3a)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFDocument,
    PDFName,
    PDFObject,
    PDFStream,
    PDFString,
    PDFZCompress,
)

# 588 bytes made by Little CMS, its time of making set to nought so that it never changes.
_SRGB = Path(__file__).with_name("srgb.icc")
_ENDSTREAM = b"endstream\n"

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{moment}</xmp:CreateDate>
<xmp:ModifyDate>{moment}</xmp:ModifyDate>
<xmp:MetadataDate>{moment}</xmp:MetadataDate>
<xmp:CreatorTool>{program}</xmp:CreatorTool>
<pdf:Producer>{program}</pdf:Producer>
<pdf:Keywords>{keywords}</pdf:Keywords>
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 this file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def _with_strict_ends() -> None:
    """Let every stream end with a line end before `endstream`, which ReportLab leaves out."""
    written = PDFStream.format

    def format_strictly(stream: Any, document: PDFDocument) -> bytes:
        return bytes(written(stream, document)[: -len(_ENDSTREAM)]) + b"\n" + _ENDSTREAM

    PDFStream.format = format_strictly


_with_strict_ends()


class _Packet(PDFObject):  # type: ignore[misc]  # ReportLab ships no types
    """The description as a stream that any program can find by looking through the bytes."""

    def __init__(self, xml: bytes) -> None:
        self.xml = xml

    def format(self, _document: PDFDocument) -> bytes:
        """Return the stream as it stands, which no filter may touch."""
        head = b"<< /Type /Metadata /Subtype /XML /Length %d >>" % len(self.xml)
        return head + b"\nstream\n" + self.xml + b"\n" + _ENDSTREAM


def describe(document: PDFDocument, said: Mapping[str, str]) -> None:
    """Add the description of the file and its colour space to the catalogue.

    `said` holds title, author, subject, language, keywords, program and moment (ISO 8601,
    universal time): exactly what the older information dictionary says too.
    """
    packet = _XMP.format(**{name: escape(text) for name, text in said.items()})
    profile = PDFStream(PDFDictionary({"N": 3}), content=_SRGB.read_bytes(), filters=[PDFZCompress])
    intent = {
        "Type": PDFName("OutputIntent"),
        "S": PDFName("GTS_PDFA1"),
        "OutputConditionIdentifier": PDFString("sRGB"),
        "Info": PDFString("sRGB IEC61966-2.1"),
        "DestOutputProfile": document.Reference(profile),
    }
    catalog = document.Catalog
    catalog.Metadata = _Packet(packet.encode())
    catalog.OutputIntents = PDFArray([PDFDictionary(intent)])
    # ReportLab's catalogue knows no OutputIntents; this names them on this one object only.
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]
