"""The shape of an outline: what a report asks for, from whom, and how it prints.

An edition is one YAML file. These classes are its only reader; forms, completeness, compile
order, both documents and the help texts come from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import Field

from portal.outlines.parts import Budget, FixedRow, Key, Narrative, Part, Strict, Table


class Repeat(Strict):
    """A section once per item: a list of the edition, or ``kecamatan``."""

    over: str


class Section(Strict):
    """A numbered piece of a chapter; may hold parts and further sections."""

    key: Key
    title: str  # may hold {item} under a repeat
    parts: tuple[Part, ...] = ()
    sections: tuple[Section, ...] = ()
    repeat: Repeat | None = None
    new_page: bool = False  # may start a unit of rendering
    landscape: bool = False
    intro: str = ""  # fixed words printed before the parts
    basis: str = ""
    numbered: bool = True


class Chapter(Strict):
    """A bab, or the lampiran."""

    key: Key
    label: str  # "I" | "II" | "LAMPIRAN"
    title: str
    sections: tuple[Section, ...] = ()
    parts: tuple[Part, ...] = ()
    annex: bool = False


class ListItem(Strict):
    """One thing that sections repeat over."""

    key: Key
    title: str
    duty: str = ""
    group: str = ""
    letter: str = ""
    support: tuple[str, ...] = ()  # duties of supporting suppliers of this item
    #: Printed, read-only texts where the item makes a row of a table.
    cells: dict[str, str] = Field(default_factory=dict)


class Cover(Strict):
    """Lines of the cover, top to bottom; {daerah}, {provinsi}, {tahun}, {kepala} are filled."""

    lines: tuple[str, ...]


class Succession(Strict):
    """What became of a part (or one of its columns), a section, a chapter or an item of a list of
    the edition that this one follows.

    What kept its key needs none. ``was`` names the key it had; ``meaning`` "changed" says that the
    same words now ask for something else, so that nothing is carried over into it.
    """

    key: Key  # part, section, chapter or item here
    what: Literal["part", "section", "chapter", "item"] = "part"
    list: str = ""  # of an item: the list it stands in (urusan)
    column: str = ""  # one of its columns; "" = the whole part
    was: str = ""  # key in the edition before; "" = the same key
    meaning: Literal["same", "changed"] = "same"
    note: str = ""  # what differs and what to do, in words
    sure: Literal["sure", "likely", "guess"] = "likely"


class Edition(Strict):
    """One format of one kind of report."""

    format: Literal[1]
    kind: Literal["lppd", "lkpj", "spm", "sakip"]
    code: str
    title: str
    short: str
    regulation: str
    basis: tuple[str, ...] = ()
    applies_from: int
    applies_to: int | None = None
    berlaku_sejak: date | None = None  # day from which the regulation is in force
    follows: str = ""  # code of the edition before; what this file leaves out stands there
    successions: tuple[Succession, ...] = ()
    owner: Literal["pemda", "each_unit"] = "pemda"
    owner_kinds: tuple[str, ...] = ()  # for each_unit
    periods: tuple[str, ...] = ()  # () = yearly; or TW1..TW4
    secretariat: str = "sekretariat_laporan"  # duty of the compiling unit
    cover: Cover
    signer: Literal["kepala_daerah", "sekda", "kepala_pd"] = "kepala_daerah"
    preface: Narrative | None = None  # kata pengantar
    opening: tuple[Chapter, ...] = ()  # bound in before the preface, without page numbers
    summary: tuple[Chapter, ...] = ()  # between preface and contents (ikhtisar eksekutif)
    #: Short title -> full title, where regions name the book otherwise.
    names: dict[str, str] = Field(default_factory=dict)
    name_setting: str = ""  # setting of the region that chooses among them
    front: tuple[str, ...] = ("cover", "preface", "contents", "tables", "figures")
    sign_in: Key | None = None  # section that ends with the signature block
    workflow: str = "standard"
    numbering: Literal["decimal", "letters"] = "decimal"  # subbab 2.1, 2.1.1 or A., 1., a.
    lists: dict[Key, tuple[ListItem, ...]] = Field(default_factory=dict)
    chapters: tuple[Chapter, ...]
    uncertain: tuple[str, ...] = ()  # what nobody has confirmed, in words
    notes: tuple[str, ...] = ()


def all_chapters(edition: Edition) -> tuple[Chapter, ...]:
    """Front matter that has parts of its own, then the chapters."""
    return (*edition.opening, *edition.summary, *edition.chapters)


@dataclass(frozen=True)
class Placed:
    """A part where it stands: its chapter, the sections around it, the item it repeats for."""

    chapter: Chapter
    sections: tuple[Section, ...]
    part: Part
    item: ListItem | None

    @property
    def repeat_key(self) -> str:
        """Key of the repeated item, "" when the part stands once."""
        return self.item.key if self.item else ""


def placed_parts(
    edition: Edition, things: dict[str, tuple[ListItem, ...]] | None = None
) -> Iterator[Placed]:
    """All parts in the order of the book, repeated sections once per item.

    ``things`` gives the items of lists that are the region's own (``kecamatan``); lists of the
    edition are used as they stand.
    """
    lists = {**edition.lists, **(things or {})}

    def walk(
        chapter: Chapter, sections: tuple[Section, ...], path: tuple[Section, ...],
        item: ListItem | None,
    ) -> Iterator[Placed]:  # fmt: skip
        for section in sections:
            items: tuple[ListItem | None, ...] = (item,)
            if section.repeat is not None:
                items = lists.get(section.repeat.over, ())
            for each in items:
                here = (*path, section)
                for part in section.parts:
                    yield Placed(chapter, here, of_item(part, each), each)
                yield from walk(chapter, section.sections, here, each)

    for chapter in all_chapters(edition):
        for part in chapter.parts:
            yield Placed(chapter, (), part, None)
        yield from walk(chapter, chapter.sections, (), None)


def of_item(part: Part, item: ListItem | None) -> Part:
    """The part with the rows of its repeated thing."""
    if item is None or not isinstance(part, Table) or "{item}" not in part.rows.over:
        return part
    rows = part.rows.model_copy(update={"over": part.rows.over.replace("{item}", item.key)})
    return part.model_copy(update={"rows": rows})


def row_of(part: Table | Budget, item: ListItem) -> FixedRow:
    """The row that a thing of a list makes in a table over that list."""
    into = part.rows.into or part.columns[0].key
    known = {column.key for column in part.columns}
    cells = {key: text for key, text in item.cells.items() if key in known}
    return FixedRow.model_construct(key=item.key, cells={**cells, into: item.title})
