"""Daftar isi, daftar tabel and daftar gambar, drawn from known page labels.

These pages are drawn here and not by WeasyPrint: six hundred lines with leaders cost it seconds
at every build, and they change whenever a section grows by a page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portal.documents import fonts, fragment
from portal.documents.html import MARGINS, PAPERS
from portal.documents.marks import MM

#: level (1 to 3; 0 in lists of tables and figures), number, words, anchor
Line = tuple[int, str, str, str]

_SIZE = 10.5
_LEADING = 15.0
_LABEL = 44.0  # room for the page label at the right

#: Indent and width of the number by level, in points.
_SHAPE = {0: (0.0, 68.0), 1: (0.0, 52.0), 2: (14.0, 30.0), 3: (44.0, 38.0)}


def text_string(words: str) -> bytes:
    """A PDF text string."""
    if words.isascii():
        escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        return b"(" + escaped.encode() + b")"
    return b"<feff" + words.encode("utf-16-be").hex().encode() + b">"


def wrap(words: str, face: fonts.Face, size: float, width: float) -> list[str]:
    """Lines not wider than ``width`` points; a longer word stands alone."""
    lines: list[str] = []
    line = ""
    for word in words.split():
        longer = f"{line} {word}" if line else word
        if line and face.width(longer, size) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]


@dataclass
class _Sheet:
    """A page being filled."""

    content: list[bytes] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)  # structure element by MCID
    notes: list[int] = field(default_factory=list)  # link annotations
    page: int = 0
    parent: int = 0  # key in the parent tree


class _Composer:
    def __init__(self, paper: str) -> None:
        width, height = PAPERS[paper]
        self.width, self.height = width * MM, height * MM
        self.left, self.right = MARGINS[0] * MM, self.width - MARGINS[1] * MM
        self.top, self.bottom = self.height - MARGINS[2] * MM, MARGINS[3] * MM
        self.make = fragment.Maker()
        self.sect, self.node, self.leaf = (self.make.number() for _ in range(3))
        self.toc = self.make.number()
        self.sheets: list[_Sheet] = []
        self.parents: dict[int, bytes] = {}  # entries of the parent tree
        self.y = 0.0
        self._start()

    def _start(self) -> None:
        self.sheets.append(_Sheet(page=self.make.number(), parent=self.make.parent_key()))
        self.y = self.top

    def _draw(self, owner: int, bold: bool, size: float, x: float, words: str) -> None:
        sheet = self.sheets[-1]
        face = fonts.faces()["Bold" if bold else "Regular"]
        name = b"SlB" if bold else b"SlF"
        sheet.content.append(
            b"/Span<</MCID %d>>BDC BT /%s %g Tf %.2f %.2f Td %s Tj ET EMC\n"
            % (len(sheet.owners), name, size, x, self.y, face.encode(words))
        )
        sheet.owners.append(owner)

    def _element(
        self, tag: bytes, number: int, parent: int, first: int, extra: bytes = b""
    ) -> None:
        """A structure element over the marks of this page from ``first`` on."""
        sheet = self.sheets[-1]
        marks = b" ".join(b"%d" % mcid for mcid in range(first, len(sheet.owners)))
        self.make.add(
            b"<</S/%s/P %d 0 R/Pg %d 0 R/K[%s%s]>>" % (tag, parent, sheet.page, marks, extra),
            number,
        )

    def title(self, words: str) -> int:
        number = self.make.number()
        self.y -= 14
        face = fonts.faces()["Bold"]
        middle = (self.left + self.right - face.width(words, 14)) / 2
        self._draw(number, True, 14, middle, words)
        self._element(b"H1", number, self.sect, 0)
        self.y -= 30
        return number

    def line(self, line: Line, label: str) -> int:
        """One entry; returns its TOCI element."""
        level, number, words, key = line
        bold = level == 1
        face = fonts.faces()["Bold" if bold else "Regular"]
        indent, column = _SHAPE[level]
        start = self.left + indent
        hang = start + max(column, face.width(number, _SIZE) + 6) if number else start
        lines = wrap(words, face, _SIZE, self.right - _LABEL - hang)
        if bold:
            self.y -= 4
        if self.y - _LEADING * (len(lines) - 1) < self.bottom:
            self._start()
        item, link = self.make.number(), self.make.number()
        first, upper = len(self.sheets[-1].owners), self.y + _SIZE
        if number:
            self._draw(link, bold, _SIZE, start, number)
        for index, part in enumerate(lines):
            if index:
                self.y -= _LEADING
            self._draw(link, bold, _SIZE, hang, part)
        self._leader(
            hang + face.width(lines[-1], _SIZE) + 4, self.right - face.width(label, _SIZE) - 4
        )
        self._draw(link, bold, _SIZE, self.right - face.width(label, _SIZE), label)
        whole = " ".join(part for part in (number, words) if part)
        self._link(link, item, first, key, (start, self.y - 3, self.right, upper), whole)
        self.make.add(b"<</S/TOCI/P %d 0 R/K %d 0 R>>" % (self.toc, link), item)
        self.y -= _LEADING
        return item

    def _leader(self, x1: float, x2: float) -> None:
        if x2 - x1 > 6:
            self.sheets[-1].content.append(
                b"/Artifact BMC q 0.8 w 1 J 0.35 G [0 3] 0 d %.2f %.2f m %.2f %.2f l S Q EMC\n"
                % (x1, self.y + 0.8, x2, self.y + 0.8)
            )

    def _link(
        self,
        link: int,
        item: int,
        first: int,
        key: str,
        box: tuple[float, float, float, float],
        words: str,
    ) -> None:
        """The annotation of an entry and the Link element that holds it."""
        sheet = self.sheets[-1]
        parent = self.make.parent_key()
        self.parents[parent] = b"%d 0 R" % link
        note = self.make.add(
            b"<</Type/Annot/Subtype/Link/Rect[%.2f %.2f %.2f %.2f]/Border[0 0 0]/F 4/P %d 0 R"
            b"/StructParent %d 0 S/A<</S/GoTo/D%s>>/Contents%s>>"
            % (*box, sheet.page, parent, text_string(key), text_string(words))
        )
        sheet.notes.append(note)
        ref = b" <</Type/OBJR/Obj %d 0 R/Pg %d 0 R>>" % (note, sheet.page)
        self._element(b"Link", link, item, first, ref)

    def finish(self, title: int, items: list[int], anchor: str) -> fragment.Fragment:
        refs = b" ".join(b"%d 0 R" % item for item in items)
        self.make.add(b"<</S/TOC/P %d 0 R/K[%s]>>" % (self.sect, refs), self.toc)
        kids = b"%d 0 R" % title + (b" %d 0 R" % self.toc if items else b"")
        self.make.add(b"<</S/Sect/P %d 0 R/K[%s]>>" % (fragment.OUTER_TAGS, kids), self.sect)
        return self._pages(anchor)

    def _pages(self, anchor: str) -> fragment.Fragment:
        resources = self.make.add(
            b"<</Font<</SlF %d 0 R/SlB %d 0 R>>/XObject<</SlM %d 0 R>>>>"
            % (fragment.FONT, fragment.FONT_BOLD, fragment.MARKS)
        )
        pages = [self._page(sheet, resources) for sheet in self.sheets]
        kids = b" ".join(b"%d 0 R" % page.number for page in pages)
        self.make.add(
            b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%s]>>"
            % (fragment.OUTER_PAGES, len(pages), kids),
            self.node,
        )
        last = max(self.parents)
        nums = b" ".join(b"%d 0 S %s" % pair for pair in sorted(self.parents.items()))
        self.make.add(b"<</Limits[0 0 S %d 0 S]/Nums[%s]>>" % (last, nums), self.leaf)
        anchors = {anchor: (0, round(self.left, 2), round(self.top, 2))}
        return self.make.finish(pages, anchors, (self.node, self.sect, self.leaf))

    def _page(self, sheet: _Sheet, resources: int) -> fragment.Page:
        owners = b" ".join(b"%d 0 R" % owner for owner in sheet.owners)
        self.parents[sheet.parent] = b"[%s]" % owners
        stream = self.make.add_deflated(b"", b"q 0 g\n" + b"".join(sheet.content) + b"Q")
        mark = self.make.number()
        notes = b" ".join(b"%d 0 R" % note for note in sheet.notes)
        self.make.add(
            b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %.2f %.2f]/Resources %d 0 R/Tabs/S"
            b"/StructParents %d 0 S/Contents[%d 0 R %d 0 R]/Annots[%s]>>"
            % (
                self.node, self.width, self.height, resources, sheet.parent, stream, mark, notes,
            ),
            sheet.page,
        )  # fmt: skip
        return fragment.Page(sheet.page, mark, self.width, self.height)


def compose(
    title: str, lines: Sequence[Line], labels: Mapping[str, str], paper: str, anchor: str
) -> fragment.Fragment:
    """The pages of one list; ``labels`` gives the printed page number by anchor."""
    composer = _Composer(paper)
    head = composer.title(title)
    items = [composer.line(line, labels.get(line[3], "")) for line in lines]
    return composer.finish(head, items, anchor)
