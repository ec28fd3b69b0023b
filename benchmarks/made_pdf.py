"""PDF documents for tests and benchmarks, written by hand: text at places, lines, pictures, and nothing else.

Characters are given by their code point with a table that says so, so that any PDF reader finds the text; nobody needs to
look at the pages, and no font is embedded.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 595, 842  # points of a page
_SIZE = 10  # of a character


@dataclass
class MadePage:
    """A page that is filled line by line; places are counted from its upper left corner."""

    commands: list[str] = field(default_factory=list)

    def text(self, left: float, top: float, words: str, *, size: float = _SIZE) -> None:
        """Words whose upper left corner stands at a place."""
        codes = "".join(f"{ord(character):04X}" for character in words)
        self.commands.append(f"BT /F1 {size} Tf 1 0 0 1 {left} {HEIGHT - top - size:.2f} Tm <{codes}> Tj ET")

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A drawn line."""
        self.commands.append(f"{x0} {HEIGHT - y0:.2f} m {x1} {HEIGHT - y1:.2f} l S")

    def table(
        self,
        top: float,
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        *,
        left: float = 50,
        ruled: bool = True,
        height: float = 18,
    ) -> float:
        """Rows of cells, with lines around them or none; returns where the table ends."""
        marks = [left]
        for width in widths:
            marks.append(marks[-1] + width)
        for number, row in enumerate(rows):
            for column, words in enumerate(row):
                for step, part in enumerate(words.split("\n")):
                    self.text(marks[column] + 3, top + number * height + 3 + 11 * step, part)
        bottom = top + len(rows) * height
        if ruled:
            for number in range(len(rows) + 1):
                self.rule(marks[0], top + number * height, marks[-1], top + number * height)
            for mark in marks:
                self.rule(mark, top, mark, bottom)
        return bottom


def made_pdf(pages: Sequence[MadePage], *, pictures: bool = False) -> bytes:
    """The bytes of a document; with `pictures` every page shows a picture instead of its text."""
    objects: list[bytes] = []

    def add(body: str, stream: bytes | None = None) -> int:
        if stream is not None:
            body = f"<< {body} /Length {len(stream)} >>"
            objects.append(body.encode() + b"\nstream\n" + stream + b"\nendstream")
        else:
            objects.append(body.encode())
        return len(objects)

    catalog, tree = add(""), add("")
    ranges = "".join(f"<{high:02X}00> <{high:02X}FF> <{high:02X}00>\n" for high in range(256))
    blocks = "".join(
        f"{len(part)} beginbfrange\n{''.join(part)}endbfrange\n"
        for start in range(0, 256, 64)
        if (part := [line + "\n" for line in ranges.splitlines()[start : start + 64]])
    )
    to_unicode = add(
        "",
        f"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{blocks}endcmap end end".encode(),
    )
    descendant = add(
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Made /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000 /W [32 126 500] /FontDescriptor << /Type /FontDescriptor /FontName /Made /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >> >>"
    )
    font = add(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /Made /Encoding /Identity-H /DescendantFonts [{descendant} 0 R] /ToUnicode {to_unicode} 0 R >>"
    )
    picture = add(
        "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8", b"\x00"
    )
    kids: list[int] = []
    for page in pages:
        drawn = "q 500 0 0 700 40 60 cm /I1 Do Q" if pictures else "\n".join(page.commands)
        content = add("", drawn.encode())
        kids.append(
            add(
                f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {content} 0 R /Resources << /Font << /F1 {font} 0 R >> /XObject << /I1 {picture} 0 R >> >> >>"
            )
        )
    objects[catalog - 1] = f"<< /Type /Catalog /Pages {tree} 0 R >>".encode()
    objects[tree - 1] = (
        f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>".encode()
    )
    written = b"%PDF-1.7\n"
    places: list[int] = []
    for number, body in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(written)
    written += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    written += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    return written + f"trailer << /Size {len(objects) + 1} /Root {catalog} 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()


def long_document(pages: int) -> bytes:
    """A final account of many pages: a table of codes that goes on from page to page, a running head, page numbers, sentences."""
    made: list[MadePage] = []
    per_page = 36
    leaves = [
        (f"2{1 + at // 100 % 30:02d}{1 + at // 10 % 10:02d}{1 + at % 10:02d}", f"名称{at}", f"{at % 9}.{at % 90 + 10}")
        for at in range(pages * per_page)
    ]
    for number in range(pages):
        page = MadePage()
        page.text(200, 20, "某市某局2031年度部门决算")
        top = 50.0
        if number == 0:
            page.text(200, 45, "支出决算表")
            page.text(430, 60, "单位：万元")
            top = 80
        rows = [
            (code, name, value, value, "") for code, name, value in leaves[number * per_page : (number + 1) * per_page]
        ]
        page.table(
            top, [("科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"), *rows], (80, 160, 90, 80, 80)
        )
        page.text(290, 815, str(number + 1))
        made.append(page)
    return made_pdf(made)


def bare_pdf(data: bytes) -> None:
    """What pdfplumber itself does to give the text and the tables of a document."""
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            page.extract_text()
            page.extract_tables()
            page.close()
