"""The fixed parts of a DOCX: styles, numbering, settings, footers, as XML of our own."""

from __future__ import annotations

from xml.sax.saxutils import escape

from portal.documents.tree import Marks

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NS = f'xmlns:w="{W}" xmlns:r="{R}"'
VML = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
FONT = "Arial"
HEADING_NUM = 1  # the multilevel list of the headings
CHAPTER_NUMS = 30000  # numId of a chapter's own run: this plus its number
DXA = 56.6929  # twentieths of a point in a millimetre

#: style id, name, based on, next, paragraph properties, run properties
_PARAGRAPHS = (
    ("IsiLaporan", "Isi Laporan", "Normal", "IsiLaporan",
     '<w:spacing w:after="120" w:line="312" w:lineRule="auto"/><w:ind w:firstLine="567"/>'
     '<w:jc w:val="both"/>', ""),
    ("Tengah", "Tengah", "Normal", "IsiLaporan",
     '<w:spacing w:after="120"/><w:jc w:val="center"/>', ""),
    ("Catatan", "Catatan", "Normal", "IsiLaporan", '<w:spacing w:after="60"/>',
     '<w:sz w:val="18"/><w:szCs w:val="18"/>'),
    ("CatatanAtas", "Catatan Atas", "Catatan", "IsiLaporan", "<w:keepNext/>", ""),
    ("AnakJudul", "Anak Judul", "Normal", "IsiLaporan",
     '<w:keepNext/><w:keepLines/><w:spacing w:before="160" w:after="120"/>', ""),
    ("Heading1", "heading 1", "Normal", "IsiLaporan",
     '<w:keepNext/><w:keepLines/><w:numPr><w:numId w:val="1"/></w:numPr>'
     '<w:spacing w:after="360"/><w:jc w:val="center"/><w:outlineLvl w:val="0"/>',
     '<w:b/><w:caps/><w:sz w:val="28"/><w:szCs w:val="28"/>'),
    ("Heading2", "heading 2", "Normal", "IsiLaporan",
     '<w:keepNext/><w:keepLines/><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>'
     '<w:spacing w:before="240" w:after="120"/><w:outlineLvl w:val="1"/>',
     '<w:b/><w:sz w:val="24"/><w:szCs w:val="24"/>'),
    ("Heading3", "heading 3", "Normal", "IsiLaporan",
     '<w:keepNext/><w:keepLines/><w:numPr><w:ilvl w:val="2"/><w:numId w:val="1"/></w:numPr>'
     '<w:spacing w:before="200" w:after="100"/><w:outlineLvl w:val="2"/>', "<w:b/>"),
    ("Heading4", "heading 4", "Normal", "IsiLaporan",
     '<w:keepNext/><w:keepLines/><w:numPr><w:ilvl w:val="3"/><w:numId w:val="1"/></w:numPr>'
     '<w:spacing w:before="160" w:after="80"/><w:outlineLvl w:val="3"/>', "<w:b/>"),
    ("JudulDaftar", "Judul Daftar", "Normal", "IsiLaporan",
     '<w:keepNext/><w:spacing w:after="240"/><w:jc w:val="center"/>',
     '<w:b/><w:sz w:val="28"/><w:szCs w:val="28"/>'),
    ("Caption", "caption", "Normal", "IsiLaporan",
     '<w:keepNext/><w:spacing w:before="160" w:after="80"/><w:jc w:val="center"/>', "<w:b/>"),
    ("KeteranganGambar", "Keterangan Gambar", "Caption", "IsiLaporan",
     '<w:keepNext w:val="0"/><w:spacing w:before="80" w:after="160"/>', ""),
    ("Gambar", "Gambar", "Normal", "KeteranganGambar",
     '<w:keepNext/><w:spacing w:before="160"/><w:jc w:val="center"/>', ""),
    ("IsiTabel", "Isi Tabel", "Normal", "IsiTabel",
     '<w:spacing w:before="20" w:after="20"/>', '<w:sz w:val="17"/><w:szCs w:val="17"/>'),
    ("AngkaTabel", "Angka Tabel", "IsiTabel", "AngkaTabel", '<w:jc w:val="right"/>', ""),
    ("TengahTabel", "Tengah Tabel", "IsiTabel", "TengahTabel", '<w:jc w:val="center"/>', ""),
    ("KepalaTabel", "Kepala Tabel", "TengahTabel", "IsiTabel", "", "<w:b/>"),
    ("Sumber", "Sumber", "Normal", "IsiLaporan", '<w:spacing w:before="40" w:after="160"/>',
     '<w:i/><w:sz w:val="17"/><w:szCs w:val="17"/>'),
    ("Kekosongan", "Kekosongan", "Normal", "IsiLaporan",
     '<w:pBdr><w:top w:val="single" w:sz="8" w:space="4" w:color="9A5B00"/>'
     '<w:left w:val="single" w:sz="8" w:space="4" w:color="9A5B00"/>'
     '<w:bottom w:val="single" w:sz="8" w:space="4" w:color="9A5B00"/>'
     '<w:right w:val="single" w:sz="8" w:space="4" w:color="9A5B00"/></w:pBdr>'
     '<w:shd w:val="clear" w:color="auto" w:fill="FFF3D6"/>'
     '<w:spacing w:before="120" w:after="160"/>',
     "<w:b/>"),
    ("Sampul", "Sampul", "Normal", "Sampul", '<w:spacing w:after="160"/><w:jc w:val="center"/>',
     '<w:b/><w:sz w:val="40"/><w:szCs w:val="40"/>'),
    ("SampulKecil", "Sampul Kecil", "Sampul", "SampulKecil", "",
     '<w:b w:val="0"/><w:sz w:val="28"/><w:szCs w:val="28"/>'),
    ("SampulKaki", "Sampul Kaki", "Sampul", "SampulKaki",
     '<w:spacing w:before="2400" w:after="0"/>',
     '<w:b w:val="0"/><w:sz w:val="20"/><w:szCs w:val="20"/>'),
    ("TandaTangan", "Tanda Tangan", "Normal", "TandaTangan",
     '<w:keepNext/><w:keepLines/><w:ind w:left="4536"/><w:jc w:val="center"/>', ""),
    ("DaftarButir", "Daftar Butir", "IsiLaporan", "DaftarButir",
     '<w:spacing w:after="60"/><w:ind w:firstLine="0"/><w:jc w:val="left"/>', ""),
    ("TOC1", "toc 1", "Normal", "Normal", '<w:spacing w:before="80" w:after="40"/>', "<w:b/>"),
    ("TOC2", "toc 2", "Normal", "Normal", '<w:spacing w:after="20"/><w:ind w:left="284"/>', ""),
    ("TOC3", "toc 3", "Normal", "Normal", '<w:spacing w:after="20"/><w:ind w:left="567"/>', ""),
    ("TableofFigures", "table of figures", "Normal", "Normal", '<w:spacing w:after="40"/>', ""),
    ("Footer", "footer", "Normal", "Footer", "", '<w:sz w:val="16"/><w:szCs w:val="16"/>'),
    ("Header", "header", "Normal", "Header", "", '<w:sz w:val="16"/><w:szCs w:val="16"/>'),
)  # fmt: skip

_TABLE = (
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:left w:w="70" w:type="dxa"/>'
    '<w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    '<w:style w:type="table" w:customStyle="1" w:styleId="TabelLaporan">'
    '<w:name w:val="Tabel Laporan"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>'
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + "</w:tblBorders></w:tblPr></w:style>"
)


def styles() -> str:
    """word/styles.xml: every look has a named style, so that Word users can change it once."""
    out = [
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:styles {NS}>'
        f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" '
        f'w:cs="{FONT}" w:eastAsia="{FONT}"/><w:sz w:val="22"/><w:szCs w:val="22"/>'
        '<w:lang w:val="id-ID"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        "<w:qFormat/></w:style>"
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/></w:style>'
    ]
    for key, name, base, after, ppr, rpr in _PARAGRAPHS:
        out.append(
            f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>'
            f'<w:basedOn w:val="{base}"/><w:next w:val="{after}"/><w:qFormat/>'
            f"<w:pPr>{ppr}</w:pPr><w:rPr>{rpr}</w:rPr></w:style>"
        )
    return "".join(out) + _TABLE + "</w:styles>"


def _level(ilvl: int, fmt: str, text: str, left: int, extra: str = "", start: int = 1) -> str:
    hanging = min(left, 567)
    return (
        f'<w:lvl w:ilvl="{ilvl}"><w:start w:val="{start}"/><w:numFmt w:val="{fmt}"/>{extra}'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{left}" w:hanging="{hanging}"/></w:pPr></w:lvl>'
    )


def _heading_levels(chapter: str) -> tuple[str, str]:
    """Levels 2 and 3 of the headings; ``chapter`` is ``%1`` or the number itself."""
    return (
        _level(1, "decimal", f"{chapter}.%2", 567, '<w:pStyle w:val="Heading2"/><w:isLgl/>'),
        _level(2, "decimal", f"{chapter}.%2.%3", 794, '<w:pStyle w:val="Heading3"/><w:isLgl/>'),
    )


def numbering(first_chapter: int, chapters: list[int], lists: list[str]) -> str:
    """word/numbering.xml: the headings' multilevel list and one number run per list.

    ``lists`` names the kind of each list (number, letter, bullet); list i has numId i + 2. Each
    chapter has a run of its own (numId CHAPTER_NUMS + chapter) over the same multilevel list with
    the chapter written out: Word knows ``isLgl`` (Arabic numbers under a Roman bab), other office
    programs do not and would print I.1.
    """
    heading = (
        '<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>'
        + _level(0, "upperRoman", "BAB %1", 0,
                 '<w:pStyle w:val="Heading1"/><w:suff w:val="nothing"/>', first_chapter)
        + "".join(_heading_levels("%1"))
        + _level(3, "lowerLetter", "%4.", 454, '<w:pStyle w:val="Heading4"/>')
        + "</w:abstractNum>"
    )  # fmt: skip
    kinds = {
        "number": ("decimal", "%1."),
        "letter": ("lowerLetter", "%1."),
        "bullet": ("bullet", "•"),
    }
    abstract = []
    for index, (fmt, mark) in enumerate(kinds.values(), start=1):
        under = ("bullet", "•") if fmt == "bullet" else ("lowerLetter", "%2.")
        abstract.append(
            f'<w:abstractNum w:abstractNumId="{index}"><w:multiLevelType w:val="hybridMultilevel"/>'
            + _level(0, fmt, mark, 567)
            + _level(1, under[0], under[1], 1134)
            + "</w:abstractNum>"
        )
    nums = [f'<w:num w:numId="{HEADING_NUM}"><w:abstractNumId w:val="0"/></w:num>']
    order = list(kinds)
    for number, kind in enumerate(lists, start=2):
        nums.append(
            f'<w:num w:numId="{number}"><w:abstractNumId w:val="{order.index(kind) + 1}"/>'
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        )
    for chapter in chapters:
        second, third = _heading_levels(str(chapter))
        nums.append(
            f'<w:num w:numId="{CHAPTER_NUMS + chapter}"><w:abstractNumId w:val="0"/>'
            f'<w:lvlOverride w:ilvl="1">{second}</w:lvlOverride>'
            f'<w:lvlOverride w:ilvl="2">{third}</w:lvlOverride></w:num>'
        )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:numbering {NS}>'
        + heading + "".join(abstract) + "".join(nums) + "</w:numbering>"
    )  # fmt: skip


def settings() -> str:
    """word/settings.xml: nothing that makes Word ask or recalculate on opening."""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:settings {NS}>'
        '<w:zoom w:percent="100"/><w:defaultTabStop w:val="567"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting '
        'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        '</w:compat><w:themeFontLang w:val="id-ID"/></w:settings>'
    )


def field(code: str, shown: str, rpr: str = "") -> str:
    """A field with its cached result and no dirty flag."""
    head = f"<w:rPr>{rpr}</w:rPr>" if rpr else ""
    return (
        f'<w:r>{head}<w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r>{head}<w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        f'<w:r>{head}<w:fldChar w:fldCharType="separate"/></w:r>'
        f'<w:r>{head}<w:t xml:space="preserve">{escape(shown)}</w:t></w:r>'
        f'<w:r>{head}<w:fldChar w:fldCharType="end"/></w:r>'
    )


def footer(marks: Marks, width_mm: float) -> str:
    """Name of the document left, page number right, the marks of a Konsep and of the demo."""
    tab = round(width_mm * DXA)
    lines = " · ".join(text for text in (marks.draft, marks.sample) if text)
    second = (
        '<w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr><w:r><w:rPr><w:b/></w:rPr>'
        f"<w:t>{escape(lines)}</w:t></w:r></w:p>"
        if lines
        else ""
    )
    return (
        f'<w:ftr {NS}><w:p><w:pPr><w:pStyle w:val="Footer"/><w:pBdr><w:top w:val="single" '
        'w:sz="4" w:space="4" w:color="808080"/></w:pBdr>'
        f'<w:tabs><w:tab w:val="right" w:pos="{tab}"/></w:tabs></w:pPr>'
        f"<w:r><w:t>{escape(marks.footer)}</w:t></w:r><w:r><w:tab/></w:r>"
        + field("PAGE", "1")
        + f"</w:p>{second}</w:ftr>"
    )


def header(marks: Marks, number: int) -> str:
    """The diagonal mark of a format that nobody has compared, as Word's own watermark.

    ``number`` tells the headers of a file apart: ids of shapes are unique.
    """
    if not marks.watermark:
        return f'<w:hdr {NS}><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr></w:p></w:hdr>'
    return (
        f'<w:hdr {NS} {VML}><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr><w:r><w:pict>'
        '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
        'path="m@7,l@8,m@5,21600l@6,21600e"><v:path textpathok="t" o:connecttype="rect"/>'
        '<v:textpath on="t" fitshape="t"/></v:shapetype>'
        f'<v:shape id="TandaDraf{number}" o:spid="_x0000_s{2048 + number}" type="#_x0000_t136" '
        f'alt="{escape(marks.watermark)}" '
        'style="position:absolute;margin-left:0;margin-top:0;width:420pt;height:140pt;'
        "rotation:315;z-index:-251658752;mso-position-horizontal:center;"
        "mso-position-horizontal-relative:margin;mso-position-vertical:center;"
        'mso-position-vertical-relative:margin" fillcolor="#d0d0d0" stroked="f">'
        '<v:fill opacity=".5"/><v:textpath style="font-family:Arial;font-size:1pt" '
        f'string="{escape(marks.watermark)}"/></v:shape></w:pict></w:r></w:p></w:hdr>'
    )
