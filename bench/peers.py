"""The same report by other engines: every line in a table, findings, photos; nothing sealed.

They print what the snapshot says in the plainest way each engine offers, so a ratio against them
flatters them: no codes, no curves, no fallback fonts.
"""

import html
import io
from base64 import b64encode
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path

from reports.snapshot import Line, Snapshot

_FONTS = Path(__file__).parents[1] / "reports" / "fonts"
Photos = Mapping[str, bytes]
_turns = count()


def _rows(snapshot: Snapshot) -> Iterator[tuple[str, list[Line]]]:
    for section in snapshot.record.sections:
        yield f"{section.number} {section.title}", list(section.lines)


def _cells(line: Line) -> tuple[str, str, str, str]:
    said = " · ".join(filter(None, (line.response, line.comment, line.limit)))
    return line.number, line.prompt, said, f"{line.earned}/{line.possible}"


def fpdf2(snapshot: Snapshot, photos: Photos) -> bytes:
    """Print with fpdf2."""
    from fpdf import FPDF  # noqa: PLC0415 - each peer is measured in a process of its own

    pdf = FPDF()
    pdf.add_font("noto", fname=str(_FONTS / "NotoSans-Regular.ttf"))
    pdf.set_font("noto", size=8)
    pdf.add_page()
    for title, lines in _rows(snapshot):
        pdf.multi_cell(0, 8, title, new_x="LMARGIN", new_y="NEXT")
        with pdf.table(col_widths=(8, 50, 32, 10), first_row_as_headings=False) as table:
            for line in lines:
                row = table.row()
                for cell in _cells(line):
                    row.cell(cell)
    for data in photos.values():
        pdf.image(io.BytesIO(data), w=80)
    return bytes(pdf.output())


def weasyprint(snapshot: Snapshot, photos: Photos) -> bytes:
    """Print with WeasyPrint."""
    from weasyprint import HTML  # noqa: PLC0415 - as above

    parts = [
        "<style>body{font:8pt 'Noto Sans'} table{width:100%} td{border-top:.5pt solid}</style>"
    ]
    for title, lines in _rows(snapshot):
        cells = ("".join(f"<td>{html.escape(c)}</td>" for c in _cells(line)) for line in lines)
        rows = "".join(f"<tr>{row}</tr>" for row in cells)
        parts.append(f"<h2>{html.escape(title)}</h2><table>{rows}</table>")
    coded = (b64encode(data).decode() for data in photos.values())
    parts.extend(f'<img src="data:image/jpeg;base64,{one}" width="300">' for one in coded)
    return bytes(HTML(string="".join(parts)).write_pdf())


def typst(snapshot: Snapshot, photos: Photos) -> bytes:
    """Print with typst, its content new each time: its cache makes repeated input look free."""
    import tempfile  # noqa: PLC0415 - as above

    import typst as engine  # noqa: PLC0415 - as above

    turn = str(next(_turns))
    parts = ['#set text(font: "Noto Sans", size: 8pt)\n']
    for title, lines in _rows(snapshot):
        cells = ", ".join(_quoted(f"{cell} {turn}") for line in lines for cell in _cells(line))
        parts.append(f"== #text({_quoted(title)})\n#table(columns: (8%, 50%, 32%, 10%), {cells})\n")
    with tempfile.TemporaryDirectory() as folder:
        for digest, data in photos.items():
            Path(folder, f"{digest}.jpg").write_bytes(data)
            parts.append(f'#image("{digest}.jpg", width: 50%)\n')
        source = Path(folder, "report.typ")
        source.write_text("".join(parts), encoding="utf-8")
        return bytes(engine.compile(str(source), font_paths=[str(_FONTS)]))


def _quoted(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{plain}"'


PEERS = {"fpdf2": fpdf2, "weasyprint": weasyprint, "typst": typst}
