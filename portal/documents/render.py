"""One unit: HTML through WeasyPrint, its tags made lean, the result as a fragment."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pydyf
import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from portal.documents import fonts, fragment, html
from portal.documents.problems import FontError, PictureGone, RenderError

Asset = Callable[[str], bytes]


class _Complaints(logging.Handler):
    """Keeps what WeasyPrint only logs, because some of it would make a wrong book."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())


_complaints = _Complaints()
logging.getLogger("weasyprint").addHandler(_complaints)

#: The same for units and for the one-pass reference.
OPTIONS: dict[str, Any] = {"pdf_tags": True, "dpi": 220, "jpeg_quality": 90}

_POINTS = 0.75  # points in a CSS pixel


class AssetFetcher(URLFetcher):  # type: ignore[misc]
    """Gives WeasyPrint our fonts and pictures by name, and nothing else in the world."""

    def __init__(self, asset: Asset) -> None:
        super().__init__(fail_on_errors=True)
        self.asset = asset
        self.gone = ""  # the picture that was asked for and is missing

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The bytes of ``asset:NAME``; anything else is refused."""
        del headers
        scheme, _, name = url.partition(":")
        if scheme != "asset":
            raise ValueError(f"only assets of the portal, not {scheme}:")
        for face in fonts.faces().values():
            if name == face.path.name:
                return URLFetcherResponse(url, face.data, {"Content-Type": "font/ttf"})
        if not re.fullmatch(r"[0-9a-f]{64}", name):
            raise ValueError("unknown asset")
        try:
            data = self.asset(name)
        except Exception:
            self.gone = name
            raise
        return URLFetcherResponse(url, data)


def _nothing(name: str) -> bytes:
    raise KeyError(name)


class Setter:
    """A fontconfig set-up and a parsed style sheet, made once and used for many units."""

    def __init__(self, paper: str) -> None:
        self.fetcher = AssetFetcher(_nothing)
        self.fonts = FontConfiguration()
        self.style = weasyprint.CSS(
            string=html.style(paper), font_config=self.fonts, url_fetcher=self.fetcher
        )

    def layout(self, page: str, asset: Asset) -> weasyprint.Document:
        """Lay a page of HTML out; PictureGone instead of a book without it."""
        self.fetcher.asset, self.fetcher.gone = asset, ""
        _complaints.heard.clear()
        try:
            laid = weasyprint.HTML(string=page, url_fetcher=self.fetcher).render(
                stylesheets=[self.style], font_config=self.fonts, **OPTIONS
            )
        except FatalURLFetchingError as error:
            if self.fetcher.gone:
                raise PictureGone("tidak ada lagi di penyimpanan") from error
            raise RenderError(str(error)) from error
        if any(words.startswith("Failed to load image") for words in _complaints.heard):
            raise PictureGone("rusak atau jenisnya tidak dikenal")
        return laid

    def unit(self, page: str, asset: Asset) -> fragment.Fragment:
        """The fragment of one unit; raises PictureGone, FontError or RenderError."""
        document = self.layout(page, asset)
        made: list[fragment.Fragment] = []

        def finish(laid: weasyprint.Document, pdf: pydyf.PDF) -> None:
            check_fonts(laid)
            made.append(_Converter(laid, pdf).convert())
            del pdf.objects[1:]  # nothing is left to write
            pdf.catalog.number = 0

        document.write_pdf(io.BytesIO(), finisher=finish, uncompressed_pdf=True, **OPTIONS)
        return made[0]


@cache
def setter(paper: str) -> Setter:
    """The set-up of this process, shared by its units; a forked child makes its own."""
    return Setter(paper)


def check_fonts(document: weasyprint.Document) -> None:
    """Raise FontError when a font other than ours would be embedded."""
    for font in document.fonts.values():
        if font.family != fonts.FAMILY:
            letters = "".join(sorted(set("".join(font.to_unicode.values()))))
            fonts.check(letters, "naskah")
            raise FontError(
                f"Fon pengganti {font.family} akan terpakai untuk “{letters[:20]}”. "
                "Dokumen resmi hanya memakai Liberation Sans; ganti huruf tersebut."
            )


_REF = re.compile(rb"\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]*>|(\d+) 0 R\b", re.S)

#: Elements that say nothing: their content goes to the element above.
_FOLDED = {"/Span", "/NonStruct", "/Div"}


def _num(reference: bytes) -> int:
    return int(reference.split(b" ", 1)[0])


class _Converter:
    """Turns the objects of one WeasyPrint file into a fragment."""

    def __init__(self, document: weasyprint.Document, pdf: pydyf.PDF) -> None:
        self.document = document
        self.objects = pdf.objects
        self.make = fragment.Maker()
        self.page_numbers = [_num(r) for r in pdf.page_references]
        self.page_index = {n: i for i, n in enumerate(self.page_numbers)}
        root = self.objects[_num(pdf.catalog["StructTreeRoot"])]
        self.tree = self.objects[_num(root["K"][0])]
        self.nums = self.objects[_num(root["ParentTree"])]["Nums"]
        self.local: dict[int, int] = {}
        self.done: set[int] = {0, pdf.pages.number, pdf.catalog.number, root.number,
                               self.tree.number, _num(root["ParentTree"])}  # fmt: skip
        self.owners: list[dict[int, int]] = [{} for _ in self.page_numbers]
        self.sect = self.make.number()
        self.node = self.make.number()
        self.leaf = self.make.number()

    def convert(self) -> fragment.Fragment:
        """Pages, then tags, then whatever they refer to."""
        for _ in self.nums[::2]:
            self.make.parent_key()
        pages = [self._page(index) for index in range(len(self.page_numbers))]
        kids = b" ".join(b"%d 0 R" % page.number for page in pages)
        self.make.add(
            b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%s]>>"
            % (fragment.OUTER_PAGES, len(pages), kids),
            self.node,
        )
        self._tags()
        self._parent_leaf()
        for number in list(self.local):
            self._object(number)
        return self.make.finish(pages, self._anchors(pages), (self.node, self.sect, self.leaf))

    def _of(self, number: int) -> int:
        """Local number of an object of WeasyPrint's file."""
        if number not in self.local:
            self.local[number] = self.make.number()
        return self.local[number]

    def _moved(self, data: bytes) -> bytes:
        """References of WeasyPrint's file as local references."""
        return _REF.sub(lambda m: m[0] if m[1] is None else b"%d 0 R" % self._of(int(m[1])), data)

    def _object(self, number: int) -> None:
        """Write one object and, through the references in it, those that it needs."""
        waiting = [number]
        while waiting:
            number = waiting.pop()
            if number in self.done:
                continue
            self.done.add(number)
            known = len(self.local)
            thing = self.objects[number]
            if isinstance(thing, pydyf.Stream):
                self._stream(thing, self._of(number))
            else:
                self.make.add(self._moved(thing.data), self._of(number))
            waiting += list(self.local)[known:]

    def _stream(self, stream: pydyf.Stream, number: int) -> None:
        data = b"\n".join(pydyf._to_bytes(item) for item in stream.stream)
        extra = pydyf.Dictionary({k: v for k, v in stream.extra.items() if k != "Length"})
        entries = self._moved(extra.data)[2:-2]
        if "Filter" in extra:
            self.make.add_stream(entries, data, number)
        else:
            self.make.add_deflated(entries, data, number)

    def _page(self, index: int) -> fragment.Page:
        page = self.objects[self.page_numbers[index]]
        self.done.add(page.number)
        content = self.objects[_num(page["Contents"])]
        self.done.add(content.number)
        content.stream.insert(0, b"q")
        content.stream.append(b"Q")
        stream = self._of(content.number)
        self._stream(content, stream)
        width, height = (float(side) for side in page["MediaBox"][2:])
        notes = b"/Annots " + self._moved(page["Annots"].data) if "Annots" in page else b""
        number, mark = self._of(page.number), self.make.number()
        self.make.add(
            b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s %s]/Resources %d 0 R/Tabs/S"
            b"/StructParents %d 0 S/Contents[%d 0 R %d 0 R]%s>>"
            % (
                self.node, _real(width), _real(height), self._resources(_num(page["Resources"])),
                index, stream, mark, notes,
            ),
            number,
        )  # fmt: skip
        return fragment.Page(number, mark, width, height)

    def _resources(self, number: int) -> int:
        """The unit's resources, with room for the fonts and the form of the marks."""
        if number in self.done:
            return self._of(number)
        self.done.add(number)
        found = self.objects[number]
        used = self.objects[_num(found["Font"])]
        font = pydyf.Dictionary(dict(used))
        parts = [b"<</Font<<%s/SlF %d 0 R/SlB %d 0 R>>" % (
            self._moved(font.data)[2:-2], fragment.FONT, fragment.FONT_BOLD)]  # fmt: skip
        objects = pydyf.Dictionary(dict(found.get("XObject", {})))
        parts.append(
            b"/XObject<<%s/SlM %d 0 R>>" % (self._moved(objects.data)[2:-2], fragment.MARKS)
        )
        for key in ("ExtGState", "Pattern", "Shading"):
            if found.get(key):
                parts.append(b"/%s %s" % (key.encode(), self._moved(found[key].data)))
        parts.append(b">>")
        self.make.add(b"".join(parts), self._of(number))
        return self._of(number)

    def _tags(self) -> None:
        kids = [self._element(_num(r), self.sect) for r in self.tree["K"]]
        inner = b" ".join(b"%d 0 R" % kid for kid in kids if kid)
        self.make.add(b"<</S/Sect/P %d 0 R/K[%s]>>" % (fragment.OUTER_TAGS, inner), self.sect)

    def _element(self, number: int, parent: int) -> int:
        """Write a structure element; 0 when there is nothing in it."""
        element = self.objects[number]
        mine = self._of(number)
        self.done.add(number)
        page = self.page_index[_num(element["Pg"])]
        kids = self._kids(element, mine, page)
        name = element["S"]
        if not kids and name in _FOLDED:
            self.make.add(b"null", mine)
            return 0
        inner = kids[0] if len(kids) == 1 else b"[" + b" ".join(kids) + b"]"
        where = b"/Pg %d 0 R" % self._of(self.page_numbers[page])
        content = any(b" " not in kid for kid in kids)
        self.make.add(
            b"<</S%s/P %d 0 R%s%s/K %s>>"
            % (name.encode(), parent, where if content else b"", self._about(element, page), inner),
            mine,
        )
        return mine

    def _kids(self, element: pydyf.Dictionary, mine: int, page: int) -> list[bytes]:
        out: list[bytes] = []
        for kid in element["K"]:
            if isinstance(kid, int):
                self.owners[page][kid] = mine
                out.append(b"%d" % kid)
                continue
            child = self.objects[_num(kid)]
            if child.get("Type") == "/OBJR":
                out.append(b"%d 0 R" % self._of(child.number))
            elif child["S"] in _FOLDED and "Alt" not in child:
                self.done.add(child.number)
                out += self._kids(child, mine, page)
            else:
                made = self._element(child.number, mine)
                if made:
                    out.append(b"%d 0 R" % made)
        return out

    def _about(self, element: pydyf.Dictionary, page: int) -> bytes:
        """Spans and scope of cells, box and words of pictures."""
        name, given = element["S"], element.get("A", {})
        out = b""
        if name in ("/TD", "/TH"):
            inner = b"".join(
                b"/%s %d" % (key.encode(), given[key])
                for key in ("ColSpan", "RowSpan")
                if key in given
            )
            if name == "/TH":
                inner += b"/Scope/Column"
            out = b"/A<</O/Table%s>>" % inner if inner else b""
        elif name == "/Figure":
            height = self.document.pages[page].height
            x1, y1, x2, y2 = given["BBox"]
            box = (x1, height - y2, x2, height - y1)
            out = b"/A<</O/Layout/BBox[%s]>>" % b" ".join(_real(v * _POINTS) for v in box)
        if "Alt" in element:
            out += b"/Alt " + element["Alt"].data
        return out

    def _parent_leaf(self) -> None:
        """The part of the parent tree that belongs to these pages."""
        out = []
        for position, (_, value) in enumerate(zip(self.nums[::2], self.nums[1::2], strict=True)):
            if position < len(self.owners):
                owner = self.owners[position]
                kids = (
                    b"%d 0 R" % owner[mcid] if mcid in owner else b"null"
                    for mcid in range(len(value))
                )
                out.append(b"%d 0 S[%s]" % (position, b" ".join(kids)))
            else:
                out.append(b"%d 0 S %d 0 R" % (position, self._of(_num(value))))
        last = len(out) - 1
        self.make.add(b"<</Limits[0 0 S %d 0 S]/Nums[%s]>>" % (last, b" ".join(out)), self.leaf)

    def _anchors(self, pages: list[fragment.Page]) -> dict[str, tuple[int, float, float]]:
        out: dict[str, tuple[int, float, float]] = {}
        for index, page in enumerate(self.document.pages):
            for key, (x, y, *_) in page.anchors.items():
                top = pages[index].height - y * _POINTS
                out.setdefault(key, (index, round(x * _POINTS, 2), round(top, 2)))
        return out


def _real(value: float) -> bytes:
    return (b"%.2f" % value).rstrip(b"0").rstrip(b".") or b"0"
