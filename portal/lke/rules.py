"""Scores of the LKE AKIP: grades, totals, predicates; pure, the worksheet is handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Criterion:
    """One of the 80; ``sure`` says how well its wording is known."""

    key: str
    text: str
    sure: str = "likely"
    note: str = ""


@dataclass(frozen=True)
class Sub:
    """A sub-komponen: Keberadaan, Kualitas or Pemanfaatan; weight in points."""

    key: str
    title: str
    weight: Decimal
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Component:
    """One of the four components; weight in points of 100."""

    key: str
    title: str
    weight: Decimal
    subs: tuple[Sub, ...]


@dataclass(frozen=True)
class Grade:
    """A grade of a sub-komponen: its value, and what it asks of the criteria."""

    key: str
    value: Decimal
    share: Decimal
    years: int
    meaning: str


@dataclass(frozen=True)
class Predicate:
    """A predicate holds above ``over`` ("more than")."""

    key: str
    over: Decimal
    label: str


@dataclass(frozen=True)
class Worksheet:
    """The LKE of one edition."""

    edition: str
    title: str
    basis: str
    applies_from: int
    components: tuple[Component, ...]
    grades: tuple[Grade, ...]
    predicates: tuple[Predicate, ...]
    before_until: int
    before_basis: str
    before: tuple[tuple[str, Decimal], ...]

    @property
    def subs(self) -> list[Sub]:
        """All sub-komponen in order."""
        return [sub for c in self.components for sub in c.subs]

    def sub(self, key: str) -> Sub | None:
        """A sub-komponen by key."""
        return next((s for s in self.subs if s.key == key), None)

    def criterion(self, key: str) -> Criterion | None:
        """A criterion by key."""
        return next((c for s in self.subs for c in s.criteria if c.key == key), None)

    def grade(self, key: str) -> Grade | None:
        """A grade by key."""
        return next((g for g in self.grades if g.key == key), None)


@dataclass(frozen=True)
class Score:
    """Values of a worksheet, to two places; a sub without a grade counts as 0."""

    subs: Mapping[str, Decimal]
    components: Mapping[str, Decimal]
    total: Decimal
    predicate: Predicate


def points(weight: Decimal, grade: Decimal) -> Decimal:
    """``nilai_sub = bobot x nilai / 100`` (PermenPANRB 88/2021), unrounded."""
    return weight * grade / 100


def score(sheet: Worksheet, grades: Mapping[str, str]) -> Score:
    """The value of an evaluation from the grade of each sub-komponen."""
    subs, components = {}, {}
    for component in sheet.components:
        for sub in component.subs:
            grade = sheet.grade(grades.get(sub.key, ""))
            subs[sub.key] = points(sub.weight, grade.value) if grade else Decimal(0)
        components[component.key] = sum((subs[s.key] for s in component.subs), Decimal(0))
    total = sum(components.values(), Decimal(0)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Score(subs, components, total, predicate(sheet, total))


def predicate(sheet: Worksheet, total: Decimal) -> Predicate:
    """The predicate of a value: 90.00 is A, 90.01 is AA; 80.00 is BB. ValueError outside 0-100."""
    if not 0 <= total <= 100:
        raise ValueError(f"a value of AKIP lies between 0 and 100: {total}")
    return next(p for p in sheet.predicates if total > p.over)


def highest(sheet: Worksheet, met: int, of: int, years: int) -> Grade:
    """The highest grade that the criteria carry: ``met`` of ``of``, kept for ``years`` years.

    AA and A ask for all of them over 5 and 1 years; BB for all; B, CC, C for more than 75, 50 and
    25 percent; D for any; E for none.
    """
    if not 0 <= met <= of or of <= 0:
        raise ValueError(f"{met} of {of} criteria")
    share = Decimal(met) * 100 / of
    for grade in sheet.grades:
        full = grade.share == 100
        if (share >= 100 and years >= grade.years) if full else share > grade.share:
            return grade
    return sheet.grades[-1]


def unproven(met: Sequence[str], proven: Sequence[str]) -> list[str]:
    """Criteria that are said to be met and have nothing that shows it."""
    have = set(proven)
    return [key for key in met if key not in have]
