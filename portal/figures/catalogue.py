"""The catalogue: which elements are typed, by whom, and which indicators come from them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from portal.figures import expr, services
from portal.figures.shape import (
    CLUSTERS,
    Catalogue,
    Element,
    Group,
    Indicator,
    Sum,
    Thresholds,
)  # fmt: skip
from portal.figures.spec import ElementSpec, GroupFile, IndicatorSpec, OutputSpec
from portal.yamlfile import FileError, Located, read

__all__ = [
    "CLUSTERS", "Catalogue", "Element", "Group", "Indicator", "Sum",
    "Thresholds", "current", "load", "thresholds",
]  # fmt: skip

FOLDER = Path(__file__).parents[2] / "reports_templates" / "figures"


@cache
def current() -> Catalogue:
    """The catalogue of this installation, read once."""
    return services.extend(load(FOLDER))


def load(folder: Path) -> Catalogue:
    """Read all ``*.yaml`` of ``folder``; FileError names file, line and reason."""
    files = []
    for path in sorted(folder.glob("*.yaml")):
        located = read(path)
        files.append((located, _shaped(located)))
    if not files:
        raise FileError(str(folder), 1, "tidak ada berkas katalog (*.yaml)")
    order = list(CLUSTERS)
    files.sort(key=lambda f: (order.index(f[1].cluster), _natural(f[1].letter), f[1].group))
    groups: dict[str, Group] = {}
    elements: dict[str, Element] = {}
    for located, spec in files:
        if spec.group in groups:
            raise located.error(("group",), f"kelompok “{spec.group}” sudah ada di berkas lain")
        groups[spec.group] = Group(spec.group, spec.letter, spec.title, spec.duty, spec.cluster)
        for key, e in spec.elements.items():
            if key in elements:
                raise located.error(
                    ("elements", key),
                    f"unsur “{key}” sudah ada pada kelompok {elements[key].group}",
                )
            elements[key] = _element(located, spec, key, e)
    indicators = _indicators(files, elements)
    sums = [s for located, spec in files for s in _sums(located, spec, elements)]
    return Catalogue(groups, elements, indicators, tuple(sums))


def _natural(text: str) -> list[tuple[int, str]]:
    """Sort key under which ``1.b.10`` comes after ``1.b.9``."""
    return [(int(p), "") if p.isdigit() else (0, p) for p in re.findall(r"\d+|\D+", text)]


def _shaped(located: Located) -> GroupFile:
    try:
        return GroupFile.model_validate(located.data)
    except ValidationError as error:
        first = error.errors()[0]
        path = tuple(p for p in first["loc"] if p != "[key]")
        where = ".".join(str(p) for p in path)
        reason = {
            "extra_forbidden": "kata ini tidak dikenal",
            "missing": "wajib diisi",
        }.get(first["type"], first["msg"])
        raise located.error(path, f"{where}: {reason}") from error


def _element(located: Located, spec: GroupFile, key: str, e: ElementSpec) -> Element:
    path = ("elements", key)
    if (e.kind == "choice") != bool(e.choices):
        raise located.error(path, f"{key}: “choices” hanya dan harus ada pada kind choice")
    if e.kind in ("count", "rupiah", "yesno") and e.places:
        raise located.error(path, f"{key}: kind {e.kind} tanpa angka di belakang koma")
    low, high = e.low, e.high
    if e.kind in ("count", "rupiah") and low is None:
        low = Decimal(0)
    if e.kind == "yesno":
        low, high = Decimal(0), Decimal(1)
    return Element(
        key, e.title, e.unit, e.kind, e.owner or spec.duty, e.places, e.reference, e.choices,
        spec.group, e.by, low, high, e.source, e.help, e.restricted,
    )  # fmt: skip


def _sums(located: Located, spec: GroupFile, elements: dict[str, Element]) -> Iterable[Sum]:
    for n, s in enumerate(spec.sums):
        for key in (s.whole, *s.parts):
            if key not in elements:
                raise located.error(("sums", n), f"unsur “{key}” tidak ada")
        yield Sum(s.whole, s.parts)


Files = list[tuple[Located, GroupFile]]


def _indicators(files: Files, elements: dict[str, Element]) -> dict[str, Indicator]:
    out: dict[str, Indicator] = {}
    for located, spec in files:
        made: list[tuple[tuple[Any, ...], Indicator]] = []
        for n, one in enumerate(spec.indicators):
            path = ("indicators", n)
            made.append((path, _indicator(located, spec, path, one, elements)))
        for n, output in enumerate(spec.outputs):
            path = ("outputs", n)
            made.append((path, _output(located, spec, path, output, elements)))
        for path, indicator in made:
            if indicator.key in out:
                raise located.error(path, f"indikator “{indicator.key}” sudah ada")
            out[indicator.key] = indicator
        for path, indicator in made:
            if indicator.parent and indicator.parent not in out:
                raise located.error(path, f"{indicator.no}: IKK {indicator.parent} tidak ada")
    return out


def _wording(located: Located, path: tuple[Any, ...], one: IndicatorSpec | OutputSpec) -> None:
    """A guessed wording has an empty official name; every other one has it."""
    if one.sure == "guess" and (one.title or not one.guess_title):
        raise located.error(
            path, f"{one.no}: wording dugaan (guess) berjudul kosong dan mengisi guess_title"
        )
    if one.sure != "guess" and not one.title:
        raise located.error(path, f"{one.no}: judul (title) wajib diisi")


def _known(
    located: Located, path: tuple[Any, ...], no: str, keys: Iterable[str],
    elements: dict[str, Element],
) -> None:  # fmt: skip
    for key in keys:
        if key not in elements:
            raise located.error(path, f"{no}: unsur “{key}” tidak ada")


def _formula(
    located: Located, path: tuple[Any, ...], one: IndicatorSpec, elements: dict[str, Element]
) -> tuple[str, str]:
    """The formula and its words; a ratio spells both from its elements."""
    if bool(one.formula) == bool(one.part) or bool(one.part) != bool(one.whole):
        raise located.error(path, f"{one.no}: isi formula, atau part dan whole")
    if one.formula:
        return one.formula, one.formula_text
    _known(located, path, one.no, (*one.part, *one.whole), elements)
    top, bottom = " + ".join(one.part), " + ".join(one.whole)
    top = f"({top})" if len(one.part) > 1 else top
    bottom = f"({bottom})" if len(one.whole) > 1 else bottom
    times = "" if one.times == 1 else f" * {one.times:f}"
    words = " + ".join(elements[k].title for k in one.part)
    below = " + ".join(elements[k].title for k in one.whole)
    words = f"({words})" if len(one.part) > 1 else words
    below = f"({below})" if len(one.whole) > 1 else below
    factor = "" if one.times == 1 else f" x {one.times:,f}".replace(",", ".")
    return f"{top} / {bottom}{times}", one.formula_text or f"({words} / {below}){factor}"


def _indicator(
    located: Located, spec: GroupFile, path: tuple[Any, ...], one: IndicatorSpec,
    elements: dict[str, Element],
) -> Indicator:  # fmt: skip
    _wording(located, path, one)
    formula, words = _formula(located, path, one, elements)
    try:
        parsed = expr.parse(formula)
    except expr.FormulaError as error:
        raise located.error((*path, "formula"), f"{one.no}: {error}") from error
    _known(located, path, one.no, parsed.names, elements)
    inside = bool(one.part) and one.inside
    low, high = one.low, one.high
    if inside:
        low, high = Decimal(0), one.times
    return Indicator(
        one.key or one.no, one.no, one.level, spec.group, one.title, one.guess_title, formula,
        words, one.unit, one.places, one.direction, parsed.names, parsed.previous, one.sure,
        spec.duty, one.part, one.whole, one.times, inside, low, high, one.overlap, one.note,
        "", one.since, one.until,
    )  # fmt: skip


def _output(
    located: Located, spec: GroupFile, path: tuple[Any, ...], one: OutputSpec,
    elements: dict[str, Element],
) -> Indicator:  # fmt: skip
    _wording(located, path, one)
    _known(located, path, one.no, (one.element,), elements)
    e = elements[one.element]
    return Indicator(
        key=one.no, no=one.no, level="keluaran", group=spec.group, title=one.title,
        guess_title=one.guess_title, formula=one.element, formula_text=e.title, unit=e.unit,
        places=e.places, direction="up", elements=(one.element,), previous=(), sure=one.sure,
        duty=spec.duty, low=e.low, high=e.high, note=one.note,
        parent=one.no.rsplit(".K", 1)[0], since=one.since, until=one.until,
    )  # fmt: skip


LIMITS_FILE = FOLDER.parent / "figure_checks.yaml"


@cache
def thresholds() -> Thresholds:
    """Limits of the checks from figure_checks.yaml; FileError for an unknown word there."""
    if not LIMITS_FILE.exists():
        return Thresholds()
    located = read(LIMITS_FILE)
    known = {f.name for f in fields(Thresholds)}
    given = located.data if isinstance(located.data, dict) else {}
    for word in given:
        if word not in known:
            raise located.error((word,), f"“{word}” tidak dikenal")
    return Thresholds(**{k: _exact(v) for k, v in given.items()})


def _exact(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _exact(v) for k, v in value.items()}
    if isinstance(value, list):
        return tuple(_exact(v) for v in value)
    return Decimal(value)
