"""Which parts of the LPPD make the RLPPD, as data: reports_templates/rlppd/*.yaml.

The result is an edition like any other, with the parts of the LPPD under other headings: the
snapshot of the issued LPPD is compiled with it, so that nothing is computed a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from portal.documents.borrowing import all_parts
from portal.indonesian import roman
from portal.outlines import parts, schema
from portal.reports.refusal import Refused


class Strict(BaseModel):
    """No key that nobody knows."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Take(Strict):
    """One part of the LPPD; ``depth`` cuts a tree of accounts, ``indicators`` keeps only these."""

    part: str
    title: str = ""
    depth: int | None = None
    indicators: tuple[str, ...] = ()
    optional: bool = False  # True: left out without a word when the LPPD format has no such part


class Section(Strict):
    """A heading; under ``over`` once for each item of that list of the LPPD (``only`` these)."""

    key: str
    title: str
    intro: str = ""
    over: str = ""
    only: tuple[str, ...] = ()
    landscape: bool = False
    parts: tuple[Take, ...] = ()
    sections: tuple[Section, ...] = ()

    @field_validator("parts", mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        """A part may be written as its key alone."""
        return [{"part": each} if isinstance(each, str) else each for each in value or ()]


class Spec(Strict):
    """The choice of parts of one regulation."""

    format: Literal[1]
    code: str
    title: str
    short: str
    basis: tuple[str, ...] = ()
    applies_from: int
    sure: Literal["sure", "likely", "guess"] = "likely"
    cover: tuple[str, ...]
    chapters: tuple[Section, ...]


@dataclass(frozen=True)
class Made:
    """The edition of the RLPPD, and the parts that the LPPD format does not know."""

    edition: schema.Edition
    unknown: tuple[str, ...]
    only: Mapping[str, frozenset[str]]  # group of the catalogue -> indicators that are wanted


def load(folder: Path) -> tuple[Spec, ...]:
    """All choices in ``folder``, oldest first; ValueError names the file and what is wrong."""
    found = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            found.append(Spec.model_validate(yaml.safe_load(path.read_text("utf-8"))))
        except (yaml.YAMLError, ValidationError) as error:
            raise ValueError(f"{path.name}: {error}") from error
    return tuple(sorted(found, key=lambda each: (each.applies_from, each.code)))


def for_year(folder: Path, year: int) -> Spec:
    """The newest choice that has begun; Refused when there is none."""
    known = [each for each in load(folder) if each.applies_from <= year]
    if not known:
        raise Refused(
            f"Susunan RLPPD untuk Tahun {year} belum ada. Minta admin Diskominfo menambahkan "
            "berkasnya pada reports_templates/rlppd."
        )
    return known[-1]


def edition_of(spec: Spec, source: schema.Edition) -> Made:
    """``source`` with the chapters of the RLPPD: parts are its own, headings are the spec's."""
    maker = _Maker(source)
    chapters = tuple(maker.chapter(n, each) for n, each in enumerate(spec.chapters, start=1))
    made = source.model_copy(update={
        "title": spec.title, "short": spec.short, "basis": spec.basis, "names": {},
        "name_setting": "", "cover": schema.Cover(lines=spec.cover), "preface": None,
        "opening": (), "summary": (), "front": ("cover", "contents"), "sign_in": None,
        "numbering": "letters", "chapters": chapters, "lists": {**source.lists, **maker.lists},
    })  # fmt: skip
    return Made(made, tuple(maker.unknown), {k: frozenset(v) for k, v in maker.only.items()})


class _Maker:
    def __init__(self, source: schema.Edition) -> None:
        self.source = source
        self.parts = {part.key: part for part in all_parts(source)}
        self.lists: dict[str, tuple[schema.ListItem, ...]] = {}
        self.unknown: list[str] = []
        self.only: dict[str, set[str]] = {}

    def chapter(self, number: int, spec: Section) -> schema.Chapter:
        return schema.Chapter(
            key=f"rlppd_{spec.key}", label=roman(number), title=spec.title,
            parts=tuple(self.taken(spec.parts, ())),
            sections=tuple(self.section(each) for each in spec.sections),
        )  # fmt: skip

    def section(self, spec: Section, items: tuple[schema.ListItem, ...] = ()) -> schema.Section:
        repeat = None
        if spec.over:
            name = f"rlppd_{spec.key}"
            found = self.source.lists.get(spec.over, ())
            items = tuple(i for i in found if not spec.only or i.key in spec.only)
            self.lists[name] = items
            repeat = schema.Repeat(over=name)
        return schema.Section(
            key=f"rlppd_{spec.key}", title=spec.title, intro=spec.intro, repeat=repeat,
            landscape=spec.landscape,
            parts=tuple(self.taken(spec.parts, items)),
            sections=tuple(self.section(each, items) for each in spec.sections),
        )  # fmt: skip

    def taken(
        self, wanted: Iterable[Take], items: tuple[schema.ListItem, ...]
    ) -> Iterable[parts.Part]:
        for take in wanted:
            part = self.parts.get(take.part)
            if part is None:
                self.unknown += [] if take.optional else [take.part]
                continue
            update: dict[str, Any] = {"title": take.title} if take.title else {}
            if take.depth is not None and hasattr(part, "depth"):
                update["depth"] = take.depth
            if take.indicators and isinstance(part, parts.Indicators):
                groups = {i.group or i.key for i in items} if part.group == "item" else {part.group}
                for group in groups:
                    self.only.setdefault(group, set()).update(take.indicators)
            yield part.model_copy(update=update) if update else part


class Chosen:
    """The catalogue with fewer indicators in some groups; all else is the catalogue's own."""

    def __init__(self, book: Any, only: Mapping[str, frozenset[str]]) -> None:
        self._book, self._only = book, only

    def __getattr__(self, name: str) -> Any:
        """What the catalogue has."""
        return getattr(self._book, name)

    def of(self, level: str, group: str, year: int) -> tuple[Any, ...]:
        """Indicators of a level and group that the RLPPD wants."""
        wanted = self._only.get(group)
        found = tuple(self._book.of(level, group, year))
        return found if wanted is None else tuple(i for i in found if i.no in wanted)
