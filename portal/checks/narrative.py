"""Numbers inside narratives: by reference, or typed beside the name of a figure. Pure.

A typed number is noticed only when the text names a figure by its full title and a number with
that figure's satuan follows in the same sentence; then it must be this year's value, rounded as it
was typed. The walk over a text is linear in its words: titles lie in a trie.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from html import unescape
from typing import TYPE_CHECKING, Any

from portal import indonesian
from portal.checks import sides
from portal.checks.sheet import Place, Sheet, TextIn
from portal.figures import rules as figures
from portal.figures.shape import Element, Indicator
from portal.reports import chips

if TYPE_CHECKING:
    from portal.checks.rules import Maker
    from portal.checks.sheet import Note

_TAGS = re.compile(r"<(?!/?(?:strong|em|u|sup|sub|span)\b)[^>]*>")
_INLINE = re.compile(r"<[^>]*>")
_TOKEN = re.compile(r"\d[\d.,]*\d|\d|[^\W\d_]+(?:-[^\W\d_]+)*|%|[.;!?\n]", re.UNICODE)
_ENDS = frozenset(".;!?\n")
#: Words between a name and its number; further away it may belong to something else.
REACH = 9
_OTHER_YEAR = frozenset({"lalu", "sebelumnya"})
#: After the name: the number is of a part, a plan, a difference, or said roughly.
_APART = frozenset(
    re.findall(
        r"\S+",
        """
kecamatan desa kelurahan provinsi nasional indonesia target ditargetkan sasaran triwulan semester
januari februari maret april mei juni juli agustus september oktober november desember bulan
naik meningkat bertambah kenaikan peningkatan pertambahan turun menurun berkurang penurunan
selisih dari rata-rata per masing-masing usia umur laki-laki perempuan pria wanita kepadatan
sekitar kira-kira hampir lebih kurang antara diantaranya termasuk maksimal minimal batas
""",
    )
)
#: Before the name.
_BEFORE = frozenset(
    re.findall(
        r"\S+",
        """
target ditargetkan pertumbuhan laju kenaikan penurunan peningkatan pertambahan sebagian separuh
proyeksi perkiraan rata-rata provinsi nasional kepadatan rasio
""",
    )
)
_UNIT_WORDS = {
    "%": {"%", "persen"}, "orang": {"orang", "jiwa"}, "jiwa": {"orang", "jiwa"},
    "rupiah": {"rupiah"}, "unit": {"unit"}, "indeks": {"poin"},
}  # fmt: skip


@dataclass
class Figure:
    """A figure as narratives may name it."""

    key: str
    title: str
    unit: str
    now: Decimal | None
    before: Decimal | None
    element: str


@dataclass
class Trie:
    """Titles by their words."""

    root: dict[str, Any] = field(default_factory=dict)

    def add(self, words: list[str], figure: Figure) -> None:
        """Put a title in."""
        node = self.root
        for word in words:
            node = node.setdefault(word, {})
        node.setdefault("", figure)

    def at(self, words: list[str], start: int) -> tuple[Figure, int] | None:
        """The longest title that begins at ``start``, and where it ends."""
        node, best, index = self.root, None, start
        while index < len(words) and words[index] in node:
            node = node[words[index]]
            index += 1
            if "" in node:
                best = (node[""], index)
        return best


def check(sheet: Sheet, maker: Maker) -> Iterator[Note]:
    """Notes on all narratives of the year."""
    trie = titles(sheet)
    for text in sheet.texts:
        yield from _references(sheet, text, maker)
        yield from _typed(sheet, text, trie, maker)


def _place(text: TextIn, value: str) -> Place:
    return Place(
        f"{text.book.title}, {text.section}, narasi “{text.title}”", value, text.unit,
        text.book.kind, text.book.report_id, text.entry_id, "f:text",
    )  # fmt: skip


# --- chips ----------------------------------------------------------------------------------


def _references(sheet: Sheet, text: TextIn, maker: Maker) -> Iterator[Note]:
    for ref in chips.references(text.html):
        key, _, period = ref.partition("|")
        if period != str(sheet.year) or value_of(sheet, key) is not None or _draft(sheet, key):
            continue
        element = key if key in sheet.catalogue.elements else ""
        title = sheet.catalogue.elements[element].title if element else key
        label = f"Data/Indikator, {key.removeprefix('i.')}, tahun {period}"
        home = Place(label, "belum ada nilai")
        if element:
            home = sides.element_place(sheet, element, "belum ada nilai")
        yield maker.note(
            "narasi_rujukan", f"chip|{ref}", title,
            f"Narasi “{text.title}” merujuk {title} tahun {period}, yang belum ada nilainya.",
            (_place(text, ref), home),
        )  # fmt: skip


def _draft(sheet: Sheet, key: str) -> bool:
    """True when the figure is still in a draft of its owner, which nobody else reads."""
    one = sheet.catalogue.indicators.get(key[2:]) if key.startswith("i.") else None
    return bool(sheet.hidden & set(one.elements if one else (key,)))


def value_of(sheet: Sheet, key: str) -> str | None:
    """What a chip shows: an element, or an indicator as ``i.1.b.3``."""
    if key.startswith("i."):
        one = sheet.catalogue.indicators.get(key[2:])
        if one is None:
            return None
        result = figures.evaluate(one, sheet.now, sheet.before, sheet.catalogue.elements)
        return result.text or None
    element = sheet.catalogue.elements.get(key)
    view = sheet.now.get(key)
    if element is None or view is None or (view.empty and not view.raw):
        return None
    return figures.show_view(view, element) or None


# --- typed numbers --------------------------------------------------------------------------


def titles(sheet: Sheet) -> Trie:
    """Titles of elements and indicators that have a number, as word sequences."""
    trie = Trie()
    for e in sheet.catalogue.elements.values():
        if e.kind in ("count", "decimal", "index", "rupiah"):
            _add(trie, e.title, _of_element(sheet, e))
    for i in sheet.catalogue.of(year=sheet.year):
        if i.level != "keluaran":
            _add(trie, i.shown_title, _of_indicator(sheet, i))
    return trie


def _add(trie: Trie, title: str, figure: Figure) -> None:
    words = [w.casefold() for w in _TOKEN.findall(title)]
    if figure.now is not None and len(words) > 0 and len("".join(words)) >= 6:
        trie.add(words, figure)


def _of_element(sheet: Sheet, e: Element) -> Figure:
    now, last = sheet.now.get(e.key), sheet.before.get(e.key)
    return Figure(e.key, e.title, e.unit, now.value if now and not now.raw else None,
                  last.value if last else None, e.key)  # fmt: skip


def _of_indicator(sheet: Sheet, i: Indicator) -> Figure:
    elements = sheet.catalogue.elements
    now = figures.evaluate(i, sheet.now, sheet.before, elements).value
    last = figures.evaluate(i, sheet.before, {}, elements).value
    return Figure(f"i.{i.key}", i.shown_title, i.unit, now, last, i.elements[0])


def plain_words(html: str) -> list[str]:
    """Words, numbers and ends of sentences; what a chip shows is left out."""
    text = chips.CHIP.sub(" . ", html)
    text = _INLINE.sub("", _TAGS.sub("\n", text))
    return _TOKEN.findall(unescape(text))


def _typed(sheet: Sheet, text: TextIn, trie: Trie, maker: Maker) -> Iterator[Note]:
    for figure, found in typed_numbers(plain_words(text.html), trie, sheet.year):
        yield from _judge(sheet, text, figure, found, maker)


def typed_numbers(tokens: list[str], trie: Trie, year: int) -> Iterator[tuple[Figure, Decimal]]:
    """Figures that a text names with a number of ``year``, in the order of the text."""
    words = [t.casefold() for t in tokens]
    index = 0
    while index < len(words):
        hit = trie.at(words, index)
        if hit is None:
            index += 1
            continue
        figure, end = hit
        if not _narrowed(words, index):
            found = _number_after(words, tokens, end, figure, year)
            if found is not None:
                yield figure, found
        index = end


def _number_after(
    words: list[str], tokens: list[str], start: int, figure: Figure, year: int
) -> Decimal | None:
    """The number that the sentence gives for the figure, None when it speaks of something else."""
    wanted = _UNIT_WORDS.get(figure.unit.casefold(), {figure.unit.casefold().split(" ")[0]})
    apart = False  # a part of the figure, a target, a difference: another number than the figure
    for index in range(start, min(start + REACH, len(words))):
        word = words[index]
        if word in _ENDS or word in _OTHER_YEAR:
            return None
        apart = word != "menjadi" and (apart or word in _APART)
        if not word[0].isdigit():
            continue
        if word.isdigit() and len(word) == 4 and 1990 <= int(word) <= 2100:
            if int(word) != year and not apart:
                return None  # the sentence speaks of another year
            continue
        after = words[index + 1] if index + 1 < len(words) else ""
        before = words[index - 1]
        if after in wanted or (before == "rp" and "rupiah" in wanted) or (
            figure.unit.casefold() in ("indeks", "poin")
        ):  # fmt: skip
            if apart:
                continue
            if _of_another_year(words, index + 1, year):
                return None
            return indonesian.read_number(tokens[index].rstrip(".,")).value
        if not apart:
            return None
    return None


def _of_another_year(words: list[str], start: int, year: int) -> bool:
    """True when the words right after a number give it to another year."""
    for word in words[start : start + 5]:
        if word in _ENDS or word == "menjadi":
            return False
        if word in _OTHER_YEAR:
            return True
        if word.isdigit() and len(word) == 4 and 1990 <= int(word) <= 2100:
            return int(word) != year
    return False


def _narrowed(words: list[str], start: int) -> bool:
    """True when the words before a name make it something else: its target, its growth."""
    before = words[max(0, start - 3) : start]
    for word in reversed(before):
        if word in _ENDS:
            return False
        if word in _BEFORE:
            return True
    return False


def equal(typed: Decimal, value: Decimal | None) -> bool:
    """True when the typed number is the value, rounded to as many places as were typed."""
    if value is None:
        return False
    places = max(0, -int(typed.as_tuple().exponent))
    return indonesian.rounded(value, places) == typed


def sentences(html: str, sheet: Sheet) -> list[str]:
    """What a writer is told of the numbers that one text types beside the name of a figure."""
    told = []
    for figure, typed in typed_numbers(plain_words(html), titles(sheet), sheet.year):
        if not equal(typed, figure.now):
            value = sides.shown(round(figure.now or Decimal(0), 4).normalize())
            told.append(
                f"Narasi menulis {figure.title} {sides.shown(typed)} {figure.unit}, sedangkan "
                f"datanya {value} {figure.unit} ({sheet.year}). Sisipkan lewat tombol Angka, "
                "supaya narasi selalu mengikuti datanya."
            )
    return list(dict.fromkeys(told))


def _judge(
    sheet: Sheet, text: TextIn, figure: Figure, typed: Decimal, maker: Maker
) -> Iterator[Note]:
    if equal(typed, figure.now):
        return
    said, value = sides.shown(typed), sides.shown(round(figure.now or Decimal(0), 4).normalize())
    old = equal(typed, figure.before)
    more = f" Angka di narasi sama dengan tahun {sheet.year - 1}." if old else ""
    yield maker.note(
        "narasi_angka", f"teks|{figure.key}|{said}", figure.title,
        f"Narasi “{text.title}” menulis {figure.title} {said} {figure.unit}, sedangkan datanya "
        f"{value} {figure.unit}.{more}",
        (_place(text, said), sides.element_place(sheet, figure.element, value)),
    )  # fmt: skip
