"""Print the neutral document as DOCX: python-docx keeps the package, our XML fills the body.

Building 40,000 cells through python-docx objects takes seconds to minutes; strings spliced into
the saved package take a fraction. Equal documents give equal bytes: fixed zip times, fixed core
properties, no random ids.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from docx import Document as new_package
from docx.document import Document as Package
from docx.oxml import parse_xml
from docx.section import Section

from portal import files
from portal.documents import docx_parts
from portal.documents.docx_body import Body, bookmark_name
from portal.documents.docx_parts import DXA
from portal.documents.docx_text import esc, paragraph, runs_of
from portal.documents.lines import CONTINUED
from portal.documents.tree import (
    CONTENTS_TITLES,
    Document,
    Heading,
    Picture,
    Table,
    Unit,
    blocks,
)  # fmt: skip

#: Paper in millimetres, and the margins that both printers keep.
PAPERS = {"F4": (215.0, 330.0), "A4": (210.0, 297.0)}
MARGIN = {"top": 25.0, "right": 25.0, "bottom": 25.0, "left": 30.0}
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}
_FIXED = datetime(2000, 1, 1)
_PLACE = "SELARAS_BODY"
ZIP_LEVEL = 3  # less than half the time of 6 for a tenth more bytes


def build_docx(
    document: Document, out: Path, asset: Callable[[str], bytes], labels: Mapping[str, str]
) -> None:
    """Write ``document`` to ``out``.

    ``asset`` gives the bytes of a picture by its SHA-256; ``labels`` the printed page of an anchor
    ("II-14"), taken from the PDF of the same document, for the cached contents. The file appears
    under its name only when it is whole.
    """
    package = _package(document)
    refs = _section_refs(package)
    pictures: dict[str, str] = {}

    def image(picture: Picture) -> str:
        if picture.sha256 not in pictures:
            data = io.BytesIO(asset(picture.sha256))
            pictures[picture.sha256] = package.part.get_or_add_image(data)[0]
        return pictures[picture.sha256]

    body = Body(image=image, labels=labels, first_chapter=_first_chapter(document))
    _write_front(document, body, refs)
    _write_units(document, body, refs)
    _save(package, body, out)


def _package(document: Document) -> Package:
    """An empty package with our footers and properties, without the template's ballast."""
    package = new_package()
    core = package.core_properties
    core.title, core.subject, core.author = document.title, document.subject, document.author
    core.language, core.last_modified_by, core.comments = document.language, document.author, ""
    core.created = core.modified = core.last_printed = _FIXED
    core.revision, core.keywords = 1, ""
    for holder in (package.part.package.rels, package.part.rels):
        for key in [k for k, rel in holder.items() if _ballast(rel.reltype)]:
            del holder[key]
    for _ in range(2):
        package.add_section()
    cover, portrait, landscape = package.sections
    width, height = PAPERS[document.paper]
    sides = MARGIN["left"] + MARGIN["right"]
    _furnish(cover, "", docx_parts.header(document.marks, 1))
    for number, (section, page) in enumerate(((portrait, width), (landscape, height)), start=2):
        _furnish(
            section, docx_parts.footer(document.marks, page - sides),
            docx_parts.header(document.marks, number),
        )  # fmt: skip
    return package


def _ballast(reltype: str) -> bool:
    return reltype.rsplit("/", 1)[-1] in {"thumbnail", "customXml", "stylesWithEffects"}


def _furnish(section: Section, footer: str, header: str) -> None:
    """Give a section a footer and a header of its own."""
    for part, xml in ((section.footer, footer), (section.header, header)):
        part.is_linked_to_previous = False
        element = part._element  # python-docx has no public way to write VML and fields
        if xml:
            fresh = parse_xml(xml)
            for child in list(element):
                element.remove(child)
            for child in list(fresh):
                element.append(child)


def _section_refs(package: Package) -> dict[str, str]:
    """Header and footer references of the three kinds of section, as XML."""
    kinds = ("cover", "portrait", "landscape")
    refs: dict[str, str] = {}
    for kind, section in zip(kinds, package.sections, strict=True):
        found = []
        for tag in ("headerReference", "footerReference"):
            for ref in section._sectPr.findall(f"{{{docx_parts.W}}}{tag}"):
                rel = ref.get(f"{{{docx_parts.R}}}id")
                found.append(f'<w:{tag} w:type="default" r:id="{rel}"/>')
        refs[kind] = "".join(found)
    return refs


def _sect(
    document: Document, refs: dict[str, str], kind: str, landscape: bool, numbers: str
) -> str:
    width, height = PAPERS[document.paper]
    turn = ""
    if landscape:
        width, height, turn = height, width, ' w:orient="landscape"'
    margins = " ".join(f'w:{side}="{round(mm * DXA)}"' for side, mm in MARGIN.items())
    return (
        f'<w:sectPr>{refs[kind]}<w:type w:val="nextPage"/>'
        f'<w:pgSz w:w="{round(width * DXA)}" w:h="{round(height * DXA)}"{turn}/>'
        f'<w:pgMar {margins} w:header="600" w:footer="600" w:gutter="0"/>{numbers}</w:sectPr>'
    )


def text_width(document: Document, landscape: bool) -> float:
    """Width between the margins in millimetres."""
    width, height = PAPERS[document.paper]
    return (height if landscape else width) - MARGIN["left"] - MARGIN["right"]


def _write_front(document: Document, body: Body, refs: dict[str, str]) -> None:
    body.width_dxa = round(text_width(document, False) * DXA)
    if document.cover:
        if document.cover.emblem:
            picture = Picture("", "", "", document.cover.emblem, "", 40, 45, "Lambang daerah")
            body.add(picture)
        for text, large in document.cover.stacked:
            body.parts.append(paragraph("Sampul" if large else "SampulKecil", runs_of(text)))
        if document.cover.foot:
            body.parts.append(paragraph("SampulKaki", runs_of(document.cover.foot)))
        body.end_section(_sect(document, refs, "cover", False, ""))
    for unit in document.before:
        _write_blocks(unit, body)
        body.end_section(_sect(document, refs, "cover", False, ""))
    for unit in document.front[len(document.before) :]:
        _write_blocks(unit, body)
        body.start_page()
    for which in document.lists:
        _contents(document, body, which)
    if document.preface or document.after or document.lists:
        body.end_section(
            _sect(document, refs, "portrait", False,
                  '<w:pgNumType w:fmt="lowerRoman" w:start="1"/>')
        )  # fmt: skip


def _write_blocks(unit: Unit, body: Body) -> None:
    for block in unit.blocks:
        body.add(block)


def _entries(document: Document, which: str) -> Iterator[tuple[str, str, str]]:
    """Style, key and words of each line of a contents list."""
    for _, block in blocks(document):
        match which, block:
            case "contents", Heading(listed=True) if block.level <= 3:
                yield f"TOC{block.level}", block.key, f"{block.number} {block.text}".strip()
            case "tables", Table(number=number) if number:
                yield "TableofFigures", block.key, f"{number} {block.caption}"
            case "figures", Picture(number=number) if number:
                yield "TableofFigures", block.key, f"{number} {block.caption}"


_TOC_CODES = {
    "contents": r'TOC \o "1-3" \h \z \u',
    "tables": r'TOC \h \z \c "Tabel"',
    "figures": r'TOC \h \z \c "Gambar"',
}


def _contents(document: Document, body: Body, which: str) -> None:
    """A contents field whose cached result is the filled list with its page numbers."""
    body._put("JudulDaftar", runs_of(CONTENTS_TITLES[which]))
    entries = list(_entries(document, which))
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> '
        f"{esc(_TOC_CODES[which]).replace(chr(34), '&quot;')} </w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    tabs = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{body.width_dxa}"/></w:tabs>'
    for style, key, words in entries:
        name = bookmark_name(key)
        page = docx_parts.field(f"PAGEREF {name} \\h", body.labels.get(key, ""))
        link = (
            f'<w:hyperlink w:anchor="{name}" w:history="1">{runs_of(words)}<w:r><w:tab/></w:r>'
            f"{page}</w:hyperlink>"
        )
        body._put(style, begin + link, tabs)
        begin = ""
    if entries:
        body.parts.append('<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>')
    body.start_page()


def _write_units(document: Document, body: Body, refs: dict[str, str]) -> None:
    units = document.units
    restart = True
    for index, unit in enumerate(units):
        restart = restart or unit.starts_chapter
        body.width_dxa = round(text_width(document, unit.landscape) * DXA)
        for block in unit.blocks:
            body.add(block)
        after = units[index + 1] if index + 1 < len(units) else None
        if after and after.landscape == unit.landscape and not after.starts_chapter:
            if not _continues(after):
                body.start_page()
            continue
        kind = "landscape" if unit.landscape else "portrait"
        start = ' w:start="1"' if restart else ""
        chapter = ' w:chapStyle="1" w:chapSep="hyphen"' if _numbered(unit) else ""
        sect = _sect(document, refs, kind, unit.landscape, f"<w:pgNumType{start}{chapter}/>")
        if after:
            body.end_section(sect)
        else:
            body.parts.append(sect)
        restart = False


def _continues(unit: Unit) -> bool:
    """A further piece of a long table: in Word, whose pages hold other rows, it just goes on."""
    first = unit.blocks[0] if unit.blocks else None
    return isinstance(first, Table) and CONTINUED in first.key


def _numbered(unit: Unit) -> bool:
    return re.fullmatch(r"[IVXL]+", unit.chapter) is not None


def _first_chapter(document: Document) -> int:
    """Number of the first bab, so that an excerpt of Bab II is counted from II."""
    for _, block in blocks(document):
        if isinstance(block, Heading) and block.level == 1:
            letters = re.fullmatch(r"BAB ([IVXL]+)", block.number)
            if letters:
                return _from_roman(letters[1])
    return 1


def _from_roman(letters: str) -> int:
    total = 0
    for here, after in zip(letters, letters[1:] + " ", strict=True):
        value = _ROMAN_VALUES[here]
        total += -value if value < _ROMAN_VALUES.get(after, 0) else value
    return total


def _save(package: Package, body: Body, out: Path) -> None:
    """Splice the body into the saved package and write it whole, with fixed times."""
    root = package.element.body
    for child in list(root):
        root.remove(child)
    root.append(parse_xml(f"<w:p {docx_parts.NS}><w:r><w:t>{_PLACE}</w:t></w:r></w:p>"))
    saved = io.BytesIO()
    package.save(saved)
    replaced: dict[str, Callable[[], str]] = {
        "word/styles.xml": docx_parts.styles,
        "word/settings.xml": docx_parts.settings,
        "word/numbering.xml": lambda: docx_parts.numbering(
            body.first_chapter, body.chapters, body.lists
        ),
    }
    with (
        files.whole(out) as raw,
        zipfile.ZipFile(saved) as source,
        zipfile.ZipFile(raw, "w") as target,
    ):
        for old in sorted(source.infolist(), key=_order):
            info = zipfile.ZipInfo(old.filename, (1980, 1, 1, 0, 0, 0))
            info.external_attr, info.create_system = 0o600 << 16, 3
            info.compress_type = zipfile.ZIP_DEFLATED
            if old.filename == "word/document.xml":
                data = _spliced(source.read(old), body)
            elif old.filename in replaced:
                data = replaced[old.filename]().encode()
            else:
                data = source.read(old)
            target.writestr(info, data, compresslevel=ZIP_LEVEL)


def _order(info: zipfile.ZipInfo) -> tuple[bool, str]:
    return info.filename != "[Content_Types].xml", info.filename


def _spliced(frame: bytes, body: Body) -> bytes:
    """The frame of python-docx with our body in the place of the marked paragraph."""
    before, _, after = frame.partition(_PLACE.encode())
    start = max(before.rfind(b"<w:p>"), before.rfind(b"<w:p "))
    end = after.index(b"</w:p>") + len(b"</w:p>")
    return b"".join((before[:start], "".join(body.parts).encode(), after[end:]))
