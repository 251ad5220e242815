"""The state of one compilation: numbering, what is missing, and how blocks reach their unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from portal.documents.charts import Maker
from portal.documents.compile_units import Units
from portal.documents.inputs import ACCEPTED, EntryIn, Inputs
from portal.documents.scope import Scope
from portal.documents.tree import Block, Gap, Paragraph, Picture, Run
from portal.outlines import holes
from portal.outlines.parts import Accounts, Part, Programs
from portal.outlines.schema import Chapter, ListItem, Placed

MAX_WIDTH_MM = {False: 155.0, True: 270.0}
MAX_HEIGHT_MM = {False: 210.0, True: 130.0}
PIXELS_PER_MM = 150 / 25.4  # pictures are shown at 150 dots per inch, or smaller
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50}


@dataclass(frozen=True)
class Missing:
    """A part that is not ready for a Naskah Final."""

    key: str  # part@repeat@UNIT
    title: str
    section: str
    supplier: str
    unit: str
    state: str  # stored state, "" when nobody has an isian for it
    kind: str  # missing | unaccepted | document

    def json(self) -> dict[str, Any]:
        """As it is kept with a build."""
        return asdict(self)


@dataclass
class Book:
    """One compilation under way."""

    inputs: Inputs
    catalogue: Any
    charts: Maker
    scope: Scope
    units: Units = field(default_factory=Units)
    missing: list[Missing] = field(default_factory=list)
    chapter: Chapter | None = None
    tables: int = 0
    figures: int = 0
    numbers: dict[int, str] = field(default_factory=dict)  # number of the section by depth
    parts: dict[tuple[str, str], Part] = field(default_factory=dict)  # filled when first asked
    trees: dict[str, Programs | Accounts] = field(default_factory=dict)  # parts fed by the budget
    tree_lines: dict[str, list[Any]] = field(default_factory=dict)  # their rows, by part

    def begin(self, chapter: Chapter) -> None:
        """Counters of tables and figures start again in every chapter."""
        self.chapter, self.tables, self.figures = chapter, 0, 0

    @property
    def number(self) -> str:
        """``2`` for BAB II, ``L`` for the lampiran: prefix of sections, tables and figures."""
        return chapter_number(self.chapter) if self.chapter else ""

    def table_number(self) -> str:
        """The next ``Tabel 2.1`` (bab.urut); "" in front matter."""
        if self.chapter is not None and not self.chapter.label:
            return ""
        self.tables += 1
        return f"Tabel {self.number}.{self.tables}"

    def figure_number(self) -> str:
        """The next ``Gambar 2.1``."""
        self.figures += 1
        return f"Gambar {self.number}.{self.figures}"

    def emit(self, blocks: Sequence[Block], landscape: bool, wanted: bool) -> None:
        """Put blocks into the book when the scope wants them."""
        if wanted:
            for block in blocks:
                self.units.add(block, landscape)

    def words(self, text: str, item: ListItem | None) -> str:
        """A text of the outline with its plain holes filled."""
        return holes.fill(text, self.inputs.words(item)) if "{" in text else text

    def title(self, placed: Placed) -> str:
        """Title of a part, an official wording first; under a repetition with its item, once."""
        wordings = self.inputs.data.get("wordings", {})
        key = f"part:{placed.part.key}"
        recorded = wordings.get(f"{key}:{placed.repeat_key}") or wordings.get(key)
        title = self.words(recorded or placed.part.title, placed.item)
        if placed.item is None or placed.item.title in title:
            return title
        return f"{title} – {placed.item.title}"

    def wanted(self, placed: Placed, unit: str = "") -> bool:
        """True when the scope asks for this part of this unit."""
        return self.scope.wants(placed.chapter, placed, unit)

    def lack(self, placed: Placed, entry: EntryIn | None, kind: str) -> Missing:
        """Record that a part is not ready, once for every isian."""
        section = placed.sections[-1].title if placed.sections else placed.chapter.title
        unit = entry.unit if entry else ""
        found = Missing(
            entry.ref if entry else f"{placed.part.key}@{placed.repeat_key}@",
            self.title(placed), self.words(section, placed.item),
            self.inputs.unit_name(unit) if unit else self._duty(placed), unit,
            entry.state if entry else "", kind,
        )  # fmt: skip
        if self.wanted(placed, unit):
            self.missing.append(found)
        return found

    def _duty(self, placed: Placed) -> str:
        supplier = placed.part.supplier
        if supplier.kinds:
            return "setiap " + ", ".join(supplier.kinds)
        duty = supplier.duty or ""
        if duty == "item" and placed.item is not None:
            duty = placed.item.duty
        if duty == "sekretariat_laporan":
            duty = self.inputs.edition.secretariat
        return self.inputs.duty_names(duty)

    def gap(self, placed: Placed, entry: EntryIn | None) -> list[Block]:
        """What stands in the place of a missing part: never a blank."""
        kind = "document" if entry is not None and entry.document else "missing"
        found = self.lack(placed, entry, kind)
        reason = self.inputs.data["waived"].get(found.key, "")
        if reason:
            return [note(f"{found.title}: tidak tersedia. {reason}")]
        if kind == "document" and entry is not None:
            return [note(
                f"[{found.title}: disampaikan {found.supplier} sebagai dokumen jadi "
                f"“{entry.document}”, belum terstruktur]"
            )]  # fmt: skip
        return [Gap(found.title, found.supplier)]

    def pending(self, placed: Placed, entry: EntryIn) -> list[Block]:
        """The mark above content that nobody has accepted yet; a Konsep only."""
        if self.accepted(entry):
            return []
        self.lack(placed, entry, "unaccepted")
        return self.pending_only(entry)

    def accepted(self, entry: EntryIn) -> bool:
        """True when the content is taken over for the final book."""
        return entry.state in ACCEPTED

    def pending_only(self, entry: EntryIn) -> list[Block]:
        """The mark alone, for rows that print in another place than their isian stands."""
        if self.inputs.final:
            return []
        label = self.inputs.data["labels"].get(entry.state, entry.state)
        name = self.inputs.unit_name(entry.unit)
        words = f"[Belum diterima sekretariat: {label}, {name}]"
        return [Paragraph((Run(words),), "above")]

    def gap_only(self, placed: Placed, entry: EntryIn) -> list[Block]:
        """The gap alone, for rows that print in another place than their isian stands."""
        return [Gap(self.title(placed), self.inputs.unit_name(entry.unit))]

    def picture(
        self, sha: str, caption: str, source: str = "", landscape: bool = False,
        numbered: bool = True,
    ) -> Picture:  # fmt: skip
        """An uploaded picture, shrunk to the page; sizes come from the snapshot."""
        size = self.inputs.data["pictures"].get(sha)
        width, height = (size[0], size[1]) if size else (900, 600)
        wide, tall = width / PIXELS_PER_MM, height / PIXELS_PER_MM
        scale = min(1.0, MAX_WIDTH_MM[landscape] / wide, MAX_HEIGHT_MM[landscape] / tall)
        return Picture(
            key=self.units.anchor(f"g.{sha[:12]}"),
            number=self.figure_number() if numbered else "", caption=caption, sha256=sha,
            media=str(size[2]) if size else "image/png", width_mm=round(wide * scale, 2),
            height_mm=round(tall * scale, 2), alt=caption, source=source,
        )  # fmt: skip


def note(text: str) -> Paragraph:
    """A small line in the body."""
    return Paragraph((Run(text),), "note")


def chapter_number(chapter: Chapter) -> str:
    """``II`` as ``2``; the lampiran as ``L``."""
    label = chapter.label.strip().upper()
    if chapter.annex or not label or set(label) - set(_ROMAN):
        rest = label.removeprefix("LAMPIRAN").strip()
        return f"L.{rest}" if rest and label.startswith("LAMPIRAN") else "L"
    values = [_ROMAN[letter] for letter in label]
    return str(sum(-v if v < max(values[i + 1 :], default=0) else v for i, v in enumerate(values)))


def page_prefix(chapter: Chapter) -> str:
    """What stands before the page number: ``II`` in ``II-14``, ``L`` in the lampiran."""
    return chapter_number(chapter) if chapter_number(chapter).startswith("L") else chapter.label


def is_text(part: Part) -> bool:
    """True for parts that print as running text and so need a title of their own."""
    return part.kind in ("narrative", "list", "computed")
