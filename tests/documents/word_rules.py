"""What Word is strict about and LibreOffice is not: order of elements, ids, relationships.

Orders are those of ECMA-376 (wml.xsd); only elements that may stand in our files are listed.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"

_RPR = ("rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint "
        "noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u "
        "effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath")  # fmt: skip
_PPR = ("pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers "
        "pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE "
        "autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents "
        "suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle "
        "rPr sectPr pPrChange")  # fmt: skip
_TBLPR = ("tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
          "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption "
          "tblDescription")  # fmt: skip
#: Children in their order; each at most once, except those of _MANY.
ORDER = {
    "pPr": _PPR,
    "rPr": _RPR,
    "tblPr": _TBLPR,
    "tcPr": (
        "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection "
        "tcFitText vAlign hideMark"
    ),
    "tblBorders": "top left bottom right insideH insideV",
    "tblCellMar": "top left bottom right",
    "pBdr": "top left bottom right between bar",
    "numPr": "ilvl numId",
    "sectPr": (
        "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc "
        "pgBorders lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection "
        "bidi rtlGutter docGrid printerSettings"
    ),
    "tbl": "tblPr tblGrid tr",
    "tr": "tblPrEx trPr tc",
    "style": (
        "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden "
        "unhideWhenUsed qFormat locked personal rsid pPr rPr tblPr trPr tcPr "
        "tblStylePr"
    ),
    "lvl": (
        "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr"
    ),
    "abstractNum": "nsid multiLevelType tmpl name styleLink numStyleLink lvl",
    "num": "abstractNumId lvlOverride",
    "lvlOverride": "startOverride lvl",
    "numbering": "numPicBullet abstractNum num numIdMacAtCleanup",
    "styles": "docDefaults latentStyles style",
}
_MANY = {"headerReference", "footerReference", "tr", "tc", "lvl", "lvlOverride", "abstractNum",
         "num", "style", "tblStylePr"}  # fmt: skip
_RANKS = {
    f"{W}{parent}": {f"{W}{name}": rank for rank, name in enumerate(names.split())}
    for parent, names in ORDER.items()
}
_REPEAT = {f"{W}{name}" for name in _MANY}


def faults(path: Path) -> list[str]:
    """What Word would complain about or silently repair, one sentence each."""
    out: list[str] = []
    with zipfile.ZipFile(path) as package:
        names = set(package.namelist())
        trees = {
            name: etree.fromstring(package.read(name))
            for name in names
            if name.endswith((".xml", ".rels"))
        }
    if len(names) != len(package.infolist()):
        out.append("a part is there twice")
    for name, tree in sorted(trees.items()):
        if name.startswith("word/") and name.endswith(".xml"):
            out += [f"{name}: {words}" for words in (*_order(tree), *_cells(tree))]
    out += _relations(names, trees)
    out += _types(names, trees["[Content_Types].xml"])
    return out + _ids(trees) + _names(trees)


def _order(tree: etree._Element) -> Iterator[str]:
    for element in tree.iter(*_RANKS):
        ranks = _RANKS[element.tag]
        last = -1
        for child in element:
            rank = ranks.get(child.tag)
            what = f"{_short(child)} in {_short(element)} (line {child.sourceline})"
            if rank is None:
                yield f"unknown {what}"
                continue
            alternate = element.tag == f"{W}sectPr" and rank <= 1 and last <= 1  # header, footer
            if (rank < last or (rank == last and child.tag not in _REPEAT)) and not alternate:
                yield f"out of order: {what}"
            last = max(last, rank)


def _cells(tree: etree._Element) -> Iterator[str]:
    for cell in tree.iter(f"{W}tc"):
        if len(cell) == 0 or cell[-1].tag != f"{W}p":
            yield "a cell without a paragraph at its end"
    for table in tree.iter(f"{W}tbl"):
        wide = len(table.find(f"{W}tblGrid"))
        for row in table.iter(f"{W}tr"):
            spans = (cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.iter(f"{W}tc"))
            taken = sum(1 if span is None else int(span.get(f"{W}val")) for span in spans)
            if taken != wide:
                yield f"a row of {taken} columns in a table of {wide}"
        after = table.getnext()
        if after is not None and after.tag == f"{W}tbl":
            yield "two tables without a paragraph between them would be one"
    begun = Counter(mark.get(f"{W}fldCharType") for mark in tree.iter(f"{W}fldChar"))
    if len(set(begun.values())) > 1:
        yield f"fields are not closed: {dict(begun)}"


def _relations(names: set[str], trees: dict[str, etree._Element]) -> Iterator[str]:
    for name, tree in trees.items():
        if name.endswith(".rels"):
            base = posixpath.dirname(posixpath.dirname(name))
            for relation in tree.iter(f"{RELS}Relationship"):
                target = relation.get("Target").lstrip("/")
                if posixpath.normpath(posixpath.join(base, target)) not in names:
                    yield f"{name}: {target} is not there"
            continue
        folder, file = posixpath.split(name)
        own = trees.get(f"{folder}/_rels/{file}.rels")
        known = {each.get("Id") for each in own} if own is not None else set()
        for element in tree.iter():
            for key, value in element.attrib.items():
                if str(key).startswith(R) and value not in known:
                    yield f"{name}: relationship {value} is not there"


def _types(names: set[str], tree: etree._Element) -> Iterator[str]:
    endings = {each.get("Extension") for each in tree.iter(f"{TYPES}Default")}
    parts = {each.get("PartName").lstrip("/") for each in tree.iter(f"{TYPES}Override")}
    for name in names - {"[Content_Types].xml"}:
        if name not in parts and name.rpartition(".")[2] not in endings:
            yield f"{name} has no content type"
    for name in parts - names:
        yield f"content type of {name}, which is not there"


def _ids(trees: dict[str, etree._Element]) -> list[str]:
    """Ids that must be unique in the whole file."""
    found: Counter[str] = Counter()
    for name, tree in trees.items():
        if not name.startswith("word/") or name.endswith(".rels"):
            continue
        for element in tree.iter(f"{W}bookmarkStart"):
            found[f"bookmark {element.get(f'{W}id')}"] += 1
            found[f"bookmark {element.get(f'{W}name')}"] += 1
        found.update(f"drawing {each.get('id')}" for each in tree.iter(f"{WP}docPr"))
        for element in tree.iter("{urn:schemas-microsoft-com:vml}shape"):
            found[f"shape {element.get('id')}"] += 1
        found.update(f"style {each.get(f'{W}styleId')}" for each in tree.iter(f"{W}style"))
        found.update(f"list {each.get(f'{W}numId')}" for each in tree.iter(f"{W}num"))
    return [f"not unique: {what}" for what, count in found.items() if count > 1]


def _names(trees: dict[str, etree._Element]) -> list[str]:
    """Styles, lists and bookmarks that are named but not there."""
    body = trees["word/document.xml"]
    styles = {each.get(f"{W}styleId") for each in trees["word/styles.xml"].iter(f"{W}style")}
    lists = {each.get(f"{W}numId") for each in trees["word/numbering.xml"].iter(f"{W}num")}
    marks = {each.get(f"{W}name") for each in body.iter(f"{W}bookmarkStart")}
    wanted = [
        (styles, (each.get(f"{W}val") for each in body.iter(f"{W}pStyle", f"{W}tblStyle"))),
        (lists | {"0"}, (each.get(f"{W}val") for each in body.iter(f"{W}numId"))),
        (marks, (each.get(f"{W}anchor") for each in body.iter(f"{W}hyperlink"))),
    ]
    return [
        f"{name} is named and not there"
        for known, named in wanted
        for name in sorted({str(each) for each in named} - known)
    ] + [f"a name of more than 40 letters: {name}" for name in marks if len(name) > 40]


def _short(element: etree._Element) -> str:
    return etree.QName(element).localname
