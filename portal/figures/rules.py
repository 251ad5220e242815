"""What figures mean: computed values, marks, footnotes, rates. No database, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from portal import indonesian
from portal.figures.catalogue import Element, Indicator
from portal.figures.expr import Undefined
from portal.figures.expr import evaluate as compute
from portal.figures.models import Vintage

#: Said on screen and in print when a divisor is 0; such a value is never 0.
DIVISOR_ZERO = "Nilai tidak dapat dihitung karena pembagi = 0"
NOT_AVAILABLE = "n/a"

VINTAGE_LABELS: dict[str, str] = {
    Vintage.TETAP: "Tetap",
    Vintage.SEMENTARA: "Sementara *)",
    Vintage.SANGAT_SEMENTARA: "Sangat sementara **)",
    Vintage.BELUM_DIAUDIT: "Belum diaudit",
    Vintage.BELUM_RILIS: "Belum rilis (n/a)",
}
#: Marks in the order of their footnotes.
MARKS: dict[str, str] = {
    Vintage.SEMENTARA: "*",
    Vintage.SANGAT_SEMENTARA: "**",
    Vintage.BELUM_DIAUDIT: "***",
}
_FOOTNOTES = {
    "*": "*) Angka sementara",
    "**": "**) Angka sangat sementara",
    "***": "***) Belum diaudit",
}


@dataclass(frozen=True)
class DatumView:
    """The newest statement of one datum, as plain values.

    ``value`` is exact; ``raw`` was typed but could not be read with certainty; ``same`` is the
    reason given for a value that equals last year's.
    """

    element: str
    value: Decimal | None = None
    text: str = ""
    raw: str = ""
    vintage: str = Vintage.TETAP
    na_reason: str = ""
    expected_on: date | None = None
    source: str = ""
    same: str = ""
    rev: int = 0
    by_label: str = ""
    at: datetime | None = None
    unit_id: int = 0
    period: str = ""
    dims: str = ""

    @property
    def not_released(self) -> bool:
        """True for n/a: the owner says that the number does not exist yet."""
        return self.vintage == Vintage.BELUM_RILIS

    @property
    def empty(self) -> bool:
        """True when there is neither a value nor a statement that there is none yet."""
        return self.value is None and not self.text and not self.not_released


@dataclass(frozen=True)
class Result:
    """A computed value, or why there is none.

    ``text`` is what stands in a table: the number with its marks, a choice, ``n/a``, or "" when
    something is missing. ``kind`` is value, choice, na, missing, zero or range.
    """

    value: Decimal | None
    text: str
    reason: str = ""
    marks: tuple[str, ...] = ()
    kind: str = "value"
    footnotes: tuple[str, ...] = ()

    @property
    def plain(self) -> str:
        """``text`` without its marks, for places that print the marks themselves."""
        return self.text.removesuffix("".join(self.marks)) if self.marks else self.text


Views = Mapping[str, DatumView]


def show(value: Decimal | None, kind: str, places: int) -> str:
    """A value of an element for reading: rupiah whole, yes and no as words, "" for none."""
    if value is None:
        return ""
    if kind == "yesno":
        return "Ya" if value else "Tidak"
    exact = value.normalize()
    behind = max(0, -int(exact.as_tuple().exponent))
    return indonesian.number(value, max(places, behind) if kind != "rupiah" else places)


def show_view(view: DatumView | None, element: Element) -> str:
    """A datum for reading: value with mark, choice, ``n/a``, or what was typed."""
    if view is None:
        return ""
    if view.not_released:
        return NOT_AVAILABLE
    if view.raw:
        return view.raw
    text = view.text or show(view.value, element.kind, element.places)
    return f"{text}{MARKS.get(view.vintage, '')}" if text else ""


def evaluate(
    indicator: Indicator,
    values: Views,
    previous: Views | None = None,
    elements: Mapping[str, Element] | None = None,
) -> Result:
    """The value of an indicator from its elements (Permendagri 18/2020, rumus per IKK).

    Percentages are always computed here and never typed. One element that is not released makes
    the indicator ``n/a`` with its reason; an empty one leaves it open; a divisor of 0 says so.
    """
    before = previous or {}
    titles = {k: e.title for k, e in (elements or {}).items()}
    now_keys = indicator.expr.current
    views = [values[k] for k in now_keys if k in values]
    views += [before[k] for k in indicator.previous if k in before]
    waiting = [v for v in views if v.not_released]
    if waiting:
        return _not_available(waiting, titles)
    single = elements.get(indicator.formula) if elements else None
    if len(indicator.elements) == 1 and indicator.formula == indicator.elements[0]:
        only = values.get(indicator.formula)
        if only is not None and only.text:
            marks, kind, notes = _marked([only], "choice")
            return Result(None, only.text + "".join(marks), "", marks, kind, notes)
        if single is not None and single.kind == "yesno" and only and only.value is not None:
            marks, kind, notes = _marked([only])
            answer = show(only.value, "yesno", 0)
            return Result(only.value, answer + "".join(marks), "", marks, kind, notes)
    found = compute(
        indicator.expr,
        {k: v.value for k, v in values.items() if not v.raw},
        {k: v.value for k, v in before.items() if not v.raw},
    )
    if isinstance(found, Undefined):
        return _undefined(indicator, found, values, before, titles)
    marks, kind, notes = _marked(views)
    text = indonesian.number(found, indicator.places)
    return Result(found, text + "".join(marks), "", marks, kind, notes)


def _marked(
    views: Iterable[DatumView], kind: str = "value"
) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """Marks, kind and footnotes of a result that is made from ``views``."""
    given = {MARKS[v.vintage] for v in views if v.vintage in MARKS}
    if "**" in given:
        given.discard("*")  # the weaker statement holds for the whole
    marks = tuple(m for m in MARKS.values() if m in given)
    return marks, kind, tuple(_FOOTNOTES[m] for m in marks)


def _not_available(waiting: list[DatumView], titles: Mapping[str, str]) -> Result:
    reasons = []
    for view in waiting:
        name = titles.get(view.element, view.element)
        why = view.na_reason or "belum rilis"
        if view.expected_on:
            why += f", diperkirakan {indonesian.long_date(view.expected_on)}"
        reasons.append(f"{name}: {why}")
    reason = "; ".join(reasons)
    return Result(None, NOT_AVAILABLE, reason, kind="na", footnotes=(f"n/a: {reason}",))


def _undefined(
    indicator: Indicator, why: Undefined, values: Views, before: Views, titles: Mapping[str, str]
) -> Result:
    if why.kind == "zero":
        return Result(None, "", DIVISOR_ZERO, kind="zero", footnotes=(DIVISOR_ZERO,))
    if why.kind == "missing":
        names = [
            titles.get(k, k) for k in indicator.expr.current
            if (v := values.get(k)) is None or v.value is None or v.raw
        ]  # fmt: skip
        names += [
            f"{titles.get(k, k)} tahun lalu" for k in indicator.previous
            if (v := before.get(k)) is None or v.value is None or v.raw
        ]  # fmt: skip
        return Result(None, "", f"Belum diisi: {'; '.join(names)}", kind="missing")
    return Result(None, "", why.reason, kind="range")


def footnotes(results: Iterable[Result]) -> list[str]:
    """All footnotes under one table, each once: marks first, then the reasons of ``n/a``."""
    found = dict.fromkeys(note for r in results for note in r.footnotes)
    order = [*_FOOTNOTES.values(), DIVISOR_ZERO]
    return [n for n in order if n in found] + [n for n in found if n not in order]


def laju(now: Result | DatumView | None, before: Result | DatumView | None) -> Result:
    """Rate of change in percent: (n - (n-1)) / (n-1) x 100, also of percentages.

    Table of kinerja makro, Permendagri 18/2020 [likely]: TPT from 5,00 to 4,50 is -10,00 %, not
    half a point; whether down is good is the indicator's ``direction``.
    """
    one = now.value if now else None
    two = before.value if before else None
    if one is None or two is None:
        waiting = any(_waits(x) for x in (now, before))
        return (
            Result(None, NOT_AVAILABLE, kind="na") if waiting else Result(None, "", kind="missing")
        )
    if two == 0:
        return Result(None, "", DIVISOR_ZERO, kind="zero", footnotes=(DIVISOR_ZERO,))
    rate = (one - two) / two * 100
    return Result(rate, indonesian.number(rate, 2))


def _waits(given: Result | DatumView | None) -> bool:
    if isinstance(given, DatumView):
        return given.not_released
    return given is not None and given.kind == "na"


def merit(rate: Decimal, direction: str) -> str:
    """``membaik``, ``menurun`` or ``tetap`` of a rate, by the direction of its indicator."""
    if rate == 0 or direction == "neutral":
        return "tetap" if rate == 0 else ""
    return "membaik" if (rate > 0) == (direction == "up") else "menurun"


def last_year_line(view: DatumView | None, year: int, element: Element) -> str:
    """``2024: 8.720 (sumber: Profil Kesehatan 2024)``: what stands beside a field."""
    if view is None or view.empty:
        return f"{year}: belum ada data"
    source = f" (sumber: {view.source})" if view.source else ""
    return f"{year}: {show_view(view, element)}{source}"


def last_year_indicator(result: Result, indicator: Indicator, values: Views, year: int) -> str:
    """``2024: 87,20 % (8.720 / 10.000)`` for a ratio, else ``2024: 87,20 %``."""
    if not result.text:
        return f"{year}: belum ada data"
    unit = f" {indicator.unit}" if result.value is not None else ""
    line = f"{year}: {result.text}{unit}"
    if indicator.part and result.value is not None:
        sums = [
            sum((v.value or Decimal(0) for k in keys if (v := values.get(k))), Decimal(0))
            for keys in (indicator.part, indicator.whole)
        ]
        line += f" ({indonesian.number(sums[0])} / {indonesian.number(sums[1])})"
    return line


def with_value(view: DatumView, value: Decimal | None) -> DatumView:
    """The same statement with another value, for trying out what a change would give."""
    return replace(view, value=value, raw="", text="")
