"""Fragments become one tagged PDF, streamed to disk: one fragment is in memory at a time.

The joiner fills the fields of each fragment and adds what belongs to the whole: page tree, tag
tree, parent tree, bookmarks, page labels, destinations, metadata and the marks of every page.
The same input gives the same bytes; there are no dates, and the file identifier is a hash.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left
from dataclasses import dataclass, field

from portal.documents import marks, metadata
from portal.documents.contents import text_string
from portal.documents.fragment import Fragment, Page
from portal.documents.output import BOOK, CATALOG, INFO, META, PAGES, PARENTS, TAGS, Output
from portal.documents.tree import Document

_FANOUT = 32


@dataclass(frozen=True, slots=True)
class Place:
    """Where an anchor lies: page object and point."""

    page: int
    x: float
    y: float


@dataclass
class _Leaf:
    """What the trees need to know of an appended fragment."""

    order: int
    pages_node: int
    pages: int
    tags_node: int
    group: int
    parents_node: int
    parents: tuple[int, int]
    labels: list[str]


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A line of the outline; level 1 is the top."""

    level: int
    words: str
    key: str


@dataclass
class Joiner:
    """Appends fragments in any order; ``order`` says where their pages stand in the book."""

    out: Output
    document: Document
    fonts: tuple[int, int]
    leaves: list[_Leaf] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    _forms: dict[tuple[float, float, bool], int] = field(default_factory=dict)
    _groups: dict[int, int] = field(default_factory=dict)  # node above the pages
    _parts: dict[int, int] = field(default_factory=dict)  # element above the tags
    _parents: int = 0

    def append(
        self, piece: Fragment, order: int, group: int, labels: list[str], *, cover: bool
    ) -> None:
        """Write a fragment; ``labels`` are the printed numbers of its pages."""
        out = self.out
        base = out.number(piece.count)
        first = piece.pages[0]
        slots = (
            self._node(order), self._part(group), *self.fonts,
            self._form(first.width, first.height, cover),
        )  # fmt: skip
        table = piece.table(slots, base, self._parents)
        direct = piece.direct.filled(table)
        out.located((piece.place(n, base) for n in piece.direct.numbers), piece.direct.starts)
        out.write(direct)
        del direct
        numbers = [piece.place(n, base) for n in piece.packed.numbers]
        out.packed(numbers, piece.packed.starts, piece.packed.filled(table))
        for page, label in zip(piece.pages, labels, strict=True):
            self._stamp(page, piece.place(page.mark, base), label)
        self._remember(piece, base, order, group, labels)

    def _remember(
        self, piece: Fragment, base: int, order: int, group: int, labels: list[str]
    ) -> None:
        for key, (index, x, y) in piece.anchors.items():
            number = piece.place(piece.pages[index].number, base)
            self.places.setdefault(key, Place(number, x, y))
        last = self._parents + piece.parents - 1
        self.leaves.append(
            _Leaf(
                order, piece.place(piece.pages_node, base), len(piece.pages),
                piece.place(piece.tags_node, base), group, piece.place(piece.parents_node, base),
                (self._parents, last), labels,
            )
        )  # fmt: skip
        self._parents = last + 1

    def _node(self, order: int) -> int:
        group = order // _FANOUT
        if group not in self._groups:
            self._groups[group] = self.out.number()
        return self._groups[group]

    def _part(self, group: int) -> int:
        if group not in self._parts:
            self._parts[group] = self.out.number()
        return self._parts[group]

    def _form(self, width: float, height: float, cover: bool) -> int:
        key = (width, height, cover)
        if key not in self._forms:
            content = marks.form(self.document.marks, width, height, cover=cover)
            entries = (
                b"/Type/XObject/Subtype/Form/BBox[0 0 %.2f %.2f]/Resources<</Font<</SlF %d 0 R"
                b"/SlB %d 0 R>>/ExtGState<</SlG<</ca 0.16/CA 0.16>>>>>>/Filter/FlateDecode"
                % (width, height, *self.fonts)
            )
            self._forms[key] = self.out.stream(entries, zlib.compress(content, 6))
        return self._forms[key]

    def _stamp(self, page: Page, number: int, label: str) -> None:
        self.out.stream(b"", marks.page_stream(label, page.width), number)

    def finish(self, bookmarks: list[Bookmark]) -> None:
        """Write the trees, the catalog and the end of the file."""
        out = self.out
        self.leaves.sort(key=lambda leaf: leaf.order)
        self._page_tree()
        self._tag_tree()
        outline = self._outline([mark for mark in bookmarks if mark.key in self.places])
        names = self._names()
        language = text_string(self.document.language)
        out.add(
            b"<</Type/Catalog/Pages %d 0 R/StructTreeRoot %d 0 R/MarkInfo<</Marked true>>/Lang%s"
            b"/ViewerPreferences<</DisplayDocTitle true>>/Metadata %d 0 R/PageLabels<</Nums[%s]>>"
            b"%s%s>>" % (PAGES, TAGS, language, META, self._page_labels(), outline, names),
            CATALOG,
        )
        out.add(metadata.info(self.document), INFO)
        out.stream(b"/Type/Metadata/Subtype/XML", metadata.xmp(self.document), META)
        out.close()

    def _page_tree(self) -> None:
        total = 0
        for group, node in sorted(self._groups.items()):
            leaves = [leaf for leaf in self.leaves if leaf.order // _FANOUT == group]
            count = sum(leaf.pages for leaf in leaves)
            total += count
            kids = b" ".join(b"%d 0 R" % leaf.pages_node for leaf in leaves)
            self.out.add(
                b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%s]>>" % (PAGES, count, kids), node
            )
        kids = b" ".join(b"%d 0 R" % node for _, node in sorted(self._groups.items()))
        self.out.add(b"<</Type/Pages/Count %d/Kids[%s]>>" % (total, kids), PAGES)

    def _tag_tree(self) -> None:
        out = self.out
        parts: dict[int, list[int]] = {}
        for leaf in self.leaves:
            parts.setdefault(leaf.group, []).append(leaf.tags_node)
        for group, nodes in parts.items():
            kids = b" ".join(b"%d 0 R" % node for node in nodes)
            out.add(b"<</S/Part/P %d 0 R/K[%s]>>" % (BOOK, kids), self._parts[group])
        kids = b" ".join(b"%d 0 R" % self._parts[group] for group in parts)
        out.add(b"<</S/Document/P %d 0 R/K[%s]>>" % (TAGS, kids), BOOK)
        out.add(
            b"<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>"
            % (BOOK, PARENTS, self._parents),
            TAGS,
        )
        leaves = sorted(self.leaves, key=lambda leaf: leaf.parents)
        inner = []
        for start in range(0, len(leaves), _FANOUT):
            block = leaves[start : start + _FANOUT]
            kids = b" ".join(b"%d 0 R" % leaf.parents_node for leaf in block)
            limits = (block[0].parents[0], block[-1].parents[1])
            inner.append(out.add(b"<</Limits[%d %d]/Kids[%s]>>" % (*limits, kids)))
        out.add(b"<</Kids[%s]>>" % b" ".join(b"%d 0 R" % node for node in inner), PARENTS)

    def _outline(self, bookmarks: list[Bookmark]) -> bytes:
        """Bookmarks by level; chapters are shown, what lies under them is folded."""
        if not bookmarks:
            return b""
        root = self.out.number()
        numbers = [self.out.number() for _ in bookmarks]
        kids: dict[int, list[int]] = {-1: []}
        parents: list[int] = []
        path: list[int] = []
        for index, mark in enumerate(bookmarks):
            while path and bookmarks[path[-1]].level >= mark.level:
                path.pop()
            parent = path[-1] if path else -1
            parents.append(parent)
            kids.setdefault(parent, []).append(index)
            path.append(index)
        for index, mark in enumerate(bookmarks):
            above = parents[index]
            row = kids[above]
            at = bisect_left(row, index)
            text = [
                b"<</Title%s/Parent %d 0 R"
                % (text_string(mark.words), root if above < 0 else numbers[above])
            ]
            if at:
                text.append(b"/Prev %d 0 R" % numbers[row[at - 1]])
            if at + 1 < len(row):
                text.append(b"/Next %d 0 R" % numbers[row[at + 1]])
            below = kids.get(index)
            if below:
                ends = (numbers[below[0]], numbers[below[-1]], -len(below))
                text.append(b"/First %d 0 R/Last %d 0 R/Count %d" % ends)
            place = self.places[mark.key]
            text.append(b"/Dest[%d 0 R/XYZ %.2f %.2f null]>>" % (place.page, place.x, place.y))
            self.out.add(b"".join(text), numbers[index])
        top = kids[-1]
        self.out.add(
            b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>"
            % (numbers[top[0]], numbers[top[-1]], len(top)),
            root,
        )
        return b"/Outlines %d 0 R/PageMode/UseOutlines" % root

    def _names(self) -> bytes:
        """Named destinations in a sorted tree of blocks."""
        pairs = sorted((text_string(key), place) for key, place in self.places.items())
        kids = []
        for start in range(0, len(pairs), 64):
            block = pairs[start : start + 64]
            inner = b" ".join(
                b"%s[%d 0 R/XYZ %.2f %.2f null]" % (name, place.page, place.x, place.y)
                for name, place in block
            )
            kids.append(
                self.out.add(b"<</Limits[%s %s]/Names[%s]>>" % (block[0][0], block[-1][0], inner))
            )
        if not kids:
            return b""
        return b"/Names<</Dests<</Kids[%s]>>>>" % b" ".join(b"%d 0 R" % kid for kid in kids)

    def _page_labels(self) -> bytes:
        """Ranges of printed numbers: cover, i, ii, I-1, I-2."""
        out: list[bytes] = []
        expected: tuple[str, bool, int] | None = None
        index = 0
        for leaf in self.leaves:
            for label in leaf.labels:
                prefix, _, last = label.rpartition("-")
                number = int(last) if last.isdigit() else from_roman(last)
                if (prefix, last.isdigit(), number) != expected:
                    out.append(b"%d<<%s>>" % (index, _label(label, prefix, last, number)))
                expected = (prefix, last.isdigit(), number + 1) if label else None
                index += 1
        return b" ".join(out)


def _label(label: str, prefix: str, last: str, number: int) -> bytes:
    if not label:
        return b"/P(Sampul)"
    start = b"/St %d" % number if number != 1 else b""
    if last.isdigit():
        return b"/S/D" + start + (b"/P" + text_string(prefix + "-") if prefix else b"")
    return b"/S/r" + start


_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
          (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def roman(number: int) -> str:
    """``4`` as ``iv``."""
    out = ""
    for value, letters in _ROMAN:
        while number >= value:
            out += letters
            number -= value
    return out


def from_roman(text: str) -> int:
    """``iv`` as 4; 0 for no number."""
    total = 0
    for value, letters in _ROMAN:
        while text.startswith(letters):
            total += value
            text = text[len(letters) :]
    return total
