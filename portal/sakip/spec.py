"""Reads ``reports_templates/kinerja.yaml``: scales, predicates, caps, words of the forms."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from portal.sakip.rules import Band, Caps, Scale

FILE = Path(__file__).parents[2] / "reports_templates" / "kinerja.yaml"
Sure = Literal["sure", "likely", "guess"]


class Strict(BaseModel):
    """Unknown words are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class BandSpec(Strict):
    """One line of a scale; without a limit it is the last."""

    above: Decimal | None = None
    least: Decimal | None = Field(default=None, alias="from")
    label: str
    printed: str = ""


class ScaleSpec(Strict):
    """A scale with its source and the year it starts."""

    key: str
    title: str
    choice: str  # how the settings page calls it
    source: str
    since: int
    sure: Sure
    note: str = ""
    round: bool = False
    bands: tuple[BandSpec, ...]


class PredicateSpec(Strict):
    """Words that stand for numbers."""

    key: str
    title: str
    source: str
    sure: Sure
    scores: dict[str, int]


class CapSpec(Strict):
    """Limits of a capaian."""

    most: Decimal | None
    at_zero: Decimal | None
    sure: Sure
    source: str


class WordsSpec(Strict):
    """Sentences of the Perjanjian Kinerja."""

    basis: str
    sure: Sure
    opening: str
    promise: str
    supervision: str
    alone: str


class CheckSpec(Strict):
    """One line of the checklist of a reviu."""

    key: str
    group: str
    text: str


class ReviewSpec(Strict):
    """Pernyataan Telah Direviu and its checklist."""

    basis: str
    sure: Sure
    title: str
    statement: str
    checklist: tuple[CheckSpec, ...]


class Spec(Strict):
    """The whole file."""

    format: Literal[1]
    scales: tuple[ScaleSpec, ...]
    predicates: tuple[PredicateSpec, ...]
    caps: CapSpec
    words: WordsSpec
    review: ReviewSpec

    def scale(self, key: str = "") -> Scale:
        """The scale of this key or choice, the first one for "" and for one that is gone."""
        found = next((s for s in self.scales if key in (s.key, s.choice)), self.scales[0])
        bands = tuple(Band(b.label, b.above, b.least, b.printed) for b in found.bands)
        return Scale(found.key, found.title, found.source, bands, found.round)

    def predicate(self, key: str) -> PredicateSpec | None:
        """The words of a predicate, None for plain numbers."""
        return next((p for p in self.predicates if p.key == key), None)

    def limits(self) -> Caps:
        """Caps of the file."""
        return Caps(self.caps.most, self.caps.at_zero)


def read(path: Path = FILE) -> Spec:
    """The file; pydantic's ValidationError names what is wrong in it."""
    data: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Spec.model_validate(data)


@cache
def current() -> Spec:
    """The file of this installation, read once."""
    return read()
