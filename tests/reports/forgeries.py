"""Every way we know of to tamper with a sealed report from outside."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO

from asn1crypto import cms, keys
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import NameObject, pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko_certvalidator.registry import SimpleCertificateStore

from reports.paper import MANAGER_FIELD, SEAL_FIELD
from reports.reprint import length
from reports.seal import asn1_certificate
from tests.reports.genuine import another, impostor, key, photos

Change = Callable[[IncrementalPdfFileWriter], None]


def updated(pdf: bytes, change: Change) -> bytes:
    """Return `pdf` with an incremental update appended."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def countersigned(pdf: bytes) -> bytes:
    """Return `pdf` with the manager's field signed by somebody nobody knows."""
    made = impostor()
    private = made.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = SimpleSigner(
        signing_cert=asn1_certificate(made.certificate),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),
    )
    out = sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)),
        PdfSignatureMetadata(field_name=MANAGER_FIELD),
        signer,
        existing_fields_only=True,
    )
    signed: bytes = out.getvalue()
    return signed


def swapped(pdf: bytes, old: bytes, new: bytes) -> bytes:
    """Return `pdf` with one passage replaced by one of the same length."""
    assert len(old) == len(new)
    assert old in pdf
    return pdf.replace(old, new, 1)


def _first_page(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    page, _ = writer.find_page_for_modification(0)
    writer.mark_update(page)
    return page.get_object()


def _stream(writer: IncrementalPdfFileWriter, words: bytes) -> generic.IndirectObject:
    return writer.add_object(generic.StreamObject(stream_data=words))


def _field(writer: IncrementalPdfFileWriter, name: str) -> generic.DictionaryObject:
    fields = writer.root["/AcroForm"].raw_get("/Fields")
    found = next(one for one in fields if one.get_object()["/T"] == name)
    writer.mark_update(found)
    return found.get_object()


def _annotate(writer: IncrementalPdfFileWriter, annotation: Mapping[str, object]) -> None:
    page = _first_page(writer)
    made = generic.DictionaryObject({pdf_name(key): value for key, value in annotation.items()})
    before = list(page.get("/Annots", ()))
    page["/Annots"] = generic.ArrayObject([*before, writer.add_object(made)])


def _box() -> generic.ArrayObject:
    return generic.ArrayObject(map(generic.FloatObject, (50, 50, 300, 300)))


def cover_page(writer: IncrementalPdfFileWriter) -> None:
    page = _first_page(writer)
    cover = _stream(writer, b"1 1 1 rg 0 0 600 900 re f")
    page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), cover])


def replace_page(writer: IncrementalPdfFileWriter) -> None:
    _first_page(writer)["/Contents"] = _stream(writer, b"0 0 m 9 9 l S")


def add_page(writer: IncrementalPdfFileWriter) -> None:
    pages = writer.root.raw_get("/Pages")
    tree = pages.get_object()
    page = {"/Type": NameObject("/Page"), "/Parent": pages, "/MediaBox": _box()}
    made = writer.add_object(generic.DictionaryObject({pdf_name(k): v for k, v in page.items()}))
    tree["/Kids"].append(made)
    tree["/Count"] = generic.NumberObject(len(tree["/Kids"]))
    writer.mark_update(pages)


def remove_page(writer: IncrementalPdfFileWriter) -> None:
    pages = writer.root.raw_get("/Pages")
    tree = pages.get_object()
    tree["/Kids"] = generic.ArrayObject(list(tree["/Kids"])[1:])
    tree["/Count"] = generic.NumberObject(len(tree["/Kids"]))
    writer.mark_update(pages)


def turn_page(writer: IncrementalPdfFileWriter) -> None:
    _first_page(writer)["/Rotate"] = generic.NumberObject(180)


def add_note(writer: IncrementalPdfFileWriter) -> None:
    _annotate(
        writer,
        {
            "/Type": NameObject("/Annot"),
            "/Subtype": NameObject("/FreeText"),
            "/Rect": _box(),
            "/Contents": pdf_string("PASS"),
            "/DA": pdf_string("/F1 30 Tf"),
        },
    )


def add_text_field(writer: IncrementalPdfFileWriter) -> None:
    _annotate(
        writer,
        {
            "/Type": NameObject("/Annot"),
            "/Subtype": NameObject("/Widget"),
            "/FT": NameObject("/Tx"),
            "/T": pdf_string("Outcome"),
            "/V": pdf_string("PASS"),
            "/Rect": _box(),
        },
    )


def add_script(writer: IncrementalPdfFileWriter) -> None:
    action = {
        pdf_name("/S"): NameObject("/JavaScript"),
        pdf_name("/JS"): pdf_string("app.alert(1)"),
    }
    writer.root["/OpenAction"] = generic.DictionaryObject(action)
    writer.update_root()


def add_layers(writer: IncrementalPdfFileWriter) -> None:
    layers = {pdf_name("/OCGs"): generic.ArrayObject(), pdf_name("/D"): generic.DictionaryObject()}
    writer.root["/OCProperties"] = generic.DictionaryObject(layers)
    writer.update_root()


def swap_font(writer: IncrementalPdfFileWriter) -> None:
    fonts = _first_page(writer)["/Resources"]["/Font"]
    held = fonts[next(iter(fonts))]["/FontDescriptor"]
    held["/FontFile2"] = _stream(writer, b"another program")
    writer.update_container(held)


def drop_data(writer: IncrementalPdfFileWriter) -> None:
    del writer.root["/Names"]
    del writer.root["/AF"]
    writer.update_root()


def swap_data(writer: IncrementalPdfFileWriter) -> None:
    held = writer.root["/AF"][0]["/EF"]
    held["/F"] = held["/UF"] = _stream(writer, b'{"outcome":"pass"}')
    writer.update_container(held)


def retitle(writer: IncrementalPdfFileWriter) -> None:
    info = writer.trailer.raw_get("/Info")
    info.get_object()["/Title"] = pdf_string("Pass")
    writer.mark_update(info)


def add_certificates(writer: IncrementalPdfFileWriter) -> None:
    junk = _stream(writer, impostor().authority.public_bytes(Encoding.DER))
    store = generic.DictionaryObject({pdf_name("/Certs"): generic.ArrayObject([junk])})
    writer.root["/DSS"] = writer.add_object(store)
    writer.update_root()


def touch_nothing(writer: IncrementalPdfFileWriter) -> None:
    writer.update_root()


def forget_seal(writer: IncrementalPdfFileWriter) -> None:
    del _field(writer, SEAL_FIELD)["/V"]


def cover_seal(writer: IncrementalPdfFileWriter) -> None:
    look = {pdf_name("/N"): _stream(writer, b"1 1 1 rg 0 0 600 900 re f")}
    _field(writer, SEAL_FIELD)["/AP"] = generic.DictionaryObject(look)


def loosen_permission(writer: IncrementalPdfFileWriter) -> None:
    del writer.root["/Perms"]
    writer.update_root()


def rename_manager(writer: IncrementalPdfFileWriter) -> None:
    _field(writer, MANAGER_FIELD)["/T"] = pdf_string("Manager 2")


UPDATES: tuple[Change, ...] = (
    cover_page,
    replace_page,
    add_page,
    remove_page,
    turn_page,
    add_note,
    add_text_field,
    add_script,
    add_layers,
    swap_font,
    drop_data,
    swap_data,
    retitle,
    add_certificates,
    touch_nothing,
    forget_seal,
    cover_seal,
    loosen_permission,
    rename_manager,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digits:
    """Where the seal's own digits lie in a file, and the container they spell."""

    start: int
    end: int
    container: bytes

    @classmethod
    def of(cls, pdf: bytes) -> "Digits":
        start = pdf.index(b"/Contents <", length(pdf)) + len(b"/Contents <")
        end = pdf.index(b">", start)
        spelled = bytes.fromhex(pdf[start:end].decode())
        return cls(start=start, end=end, container=cms.ContentInfo.load(spelled).dump())

    @property
    def used(self) -> int:
        return self.start + 2 * len(self.container)


def with_digits(pdf: bytes, digits: bytes) -> bytes:
    place = Digits.of(pdf)
    return pdf[: place.start] + digits.ljust(place.end - place.start, b"0") + pdf[place.end :]


def with_container(pdf: bytes, change: Callable[[cms.SignedData], None]) -> bytes:
    """Return `pdf` with the seal's container written anew after `change`."""
    container = cms.ContentInfo.load(Digits.of(pdf).container)
    change(container["content"])
    return with_digits(pdf, container.dump(force=True).hex().upper().encode())


def _one_certificate_more(signed: cms.SignedData) -> None:
    extra = cms.CertificateChoices.load(impostor().certificate.public_bytes(Encoding.DER))
    signed["certificates"] = [*signed["certificates"], extra]


def _one_certificate_less(signed: cms.SignedData) -> None:
    serial = key().certificate.serial_number
    signed["certificates"] = [
        one for one in signed["certificates"] if one.chosen.serial_number == serial
    ]


def _no_certificate(signed: cms.SignedData) -> None:
    signed["certificates"] = []


def _a_remark(signed: cms.SignedData) -> None:
    remark = {"type": "1.2.3.4", "values": []}
    signed["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([remark])


def _another_method(signed: cms.SignedData) -> None:
    signed["signer_infos"][0]["signature_algorithm"] = {"algorithm": "sha384_ecdsa"}


def _two_signers(signed: cms.SignedData) -> None:
    signed["signer_infos"] = [signed["signer_infos"][0], signed["signer_infos"][0]]


def _range(pdf: bytes, words: bytes) -> bytes:
    stated = re.search(rb"/ByteRange \[[^\]]*\] *", pdf)
    assert stated is not None
    room = stated.end() - stated.start()
    return pdf[: stated.start()] + words.ljust(room) + pdf[stated.end() :]


def _ranged(pdf: bytes) -> list[int]:
    stated = re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]", pdf)
    assert stated is not None
    return [int(one) for one in stated.groups()]


def _covering_less(pdf: bytes) -> bytes:
    _, before, after, rest = _ranged(pdf)
    return _range(pdf, b"/ByteRange [0 %d %d %d]" % (before, after, rest - 20))


def _starting_late(pdf: bytes) -> bytes:
    _, before, after, rest = _ranged(pdf)
    return _range(pdf, b"/ByteRange [9 %d %d %d]" % (before - 9, after, rest))


def _two_ranges(pdf: bytes) -> bytes:
    """Wrap the signature: the covered bytes move to the end, other ones take their place."""
    _, before, after, rest = _ranged(pdf)
    moved = pdf + b"\n" + pdf[after:]
    return _range(moved, b"/ByteRange [0 %d %d %d]" % (before, len(pdf) + 1, rest))


def _transplanted(pdf: bytes) -> bytes:
    return pdf[: length(pdf)] + another()[length(another()) :]


def without_photo(pdf: bytes) -> bytes:
    jpeg = next(iter(photos().values()))
    return swapped(pdf, jpeg, jpeg[:-40] + bytes(40))


BYTES: dict[str, Callable[[bytes], bytes]] = {
    "a newline appended": lambda pdf: pdf + b"\n",
    "junk appended": lambda pdf: pdf + b"% nothing to see",
    "zeros appended": lambda pdf: pdf + bytes(512),
    "another end appended": lambda pdf: pdf + b"startxref\n0\n%%EOF\n",
    "junk in front": lambda pdf: b"junk\n" + pdf,
    "the last byte cut": lambda pdf: pdf[:-1],
    "the last kilobyte cut": lambda pdf: pdf[:-1024],
    "half of it cut": lambda pdf: pdf[: len(pdf) // 2],
    "the seal cut off": lambda pdf: pdf[: length(pdf)],
    "a younger PDF version": lambda pdf: swapped(pdf, b"%PDF-1.7", b"%PDF-1.3"),
    "a photo damaged": without_photo,
    "a seal from another report": _transplanted,
    "digits in small letters": lambda pdf: with_digits(
        pdf, Digits.of(pdf).container.hex().encode()
    ),
    "something in the spare digits": lambda pdf: with_digits(
        pdf, Digits.of(pdf).container.hex().upper().encode() + b"BADC0DE"
    ),
    "no digits": lambda pdf: with_digits(pdf, b""),
    "digits that spell nothing": lambda pdf: with_digits(pdf, b"FF" * 40),
    "no /Contents": lambda pdf: swapped(pdf, b"/Contents <", b"/Kontents <"),
    "no seal field": lambda pdf: swapped(pdf, b"/T (Seal)\n/TU", b"/T (Teal)\n/TU"),
    "no /ByteRange": lambda pdf: _range(pdf, b""),
    "a /ByteRange of null": lambda pdf: _range(pdf, b"/ByteRange null"),
    "a /ByteRange of nothing": lambda pdf: _range(pdf, b"/ByteRange []"),
    "a negative /ByteRange": lambda pdf: _range(pdf, b"/ByteRange [0 -9 -9 -9]"),
    "a /ByteRange past the end": lambda pdf: _range(pdf, b"/ByteRange [0 99999999 99999999 9]"),
    "a /ByteRange over less": _covering_less,
    "a /ByteRange that starts late": _starting_late,
    "a second part elsewhere": _two_ranges,
    "one certificate more": lambda pdf: with_container(pdf, _one_certificate_more),
    "one certificate less": lambda pdf: with_container(pdf, _one_certificate_less),
    "no certificate": lambda pdf: with_container(pdf, _no_certificate),
    "an unsigned remark": lambda pdf: with_container(pdf, _a_remark),
    "another method": lambda pdf: with_container(pdf, _another_method),
    "two signers": lambda pdf: with_container(pdf, _two_signers),
}
