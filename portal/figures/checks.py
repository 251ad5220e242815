"""Catatan pemeriksaan: what is looked at before an isian is sent. Pure; each rule names its basis.

``perbaiki`` (perlu diperbaiki) keeps an isian from being sent, ``cek`` (perlu dicek) asks a person
to look. Nothing here keeps a draft from being saved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal import indonesian
from portal.figures.catalogue import Catalogue, Element, Indicator, Thresholds
from portal.figures.rules import DIVISOR_ZERO, DatumView, Result, evaluate, show

PERBAIKI = "perbaiki"
CEK = "cek"
SEVERITY_LABELS = {PERBAIKI: "Perlu diperbaiki", CEK: "Perlu dicek"}

REVIEW = "PP 13/2019 Pasal 10 (verifikasi dan validasi data); Pedoman Reviu LPPD 050/209/IJ"
FORMULA = "Rumus IKK pada lampiran Permendagri tentang LPPD"
SOURCE = "Kolom Sumber Data pada lampiran IKK; Pedoman Reviu LPPD 050/209/IJ"
STATISTICS = "Kelaziman data statistik resmi (angka sementara dan belum rilis)"


@dataclass(frozen=True)
class Check:
    """One remark: what stands where, both values, on which basis, and the field to go to."""

    key: str
    severity: str
    sentence: str
    basis: str
    target: str
    indicator: str = ""

    @property
    def blocks(self) -> bool:
        """True when the isian cannot be sent with it."""
        return self.severity == PERBAIKI


DEFAULTS = Thresholds()


@dataclass(frozen=True)
class Facts:
    """What the checks look at: this year's and last year's data of one unit."""

    catalogue: Catalogue
    year: int
    now: Mapping[str, DatumView]
    before: Mapping[str, DatumView]
    today: date
    thresholds: Thresholds = DEFAULTS
    evidence: frozenset[str] | None = None  # indicator keys that have some; None = not asked


def target(element: str, attr: str = "value") -> str:
    """The field that a remark leads to."""
    return f"d:{element}:{attr}"


def _n(value: Decimal) -> str:
    return indonesian.number(value)


def missing(facts: Facts, e: Element) -> Iterator[Check]:
    """Every element of a required indicator has a value or a stated n/a (PP 13/2019 Ps 10)."""
    view = facts.now.get(e.key)
    if view is not None and view.raw:
        yield Check(
            "unread", PERBAIKI,
            f"{e.title}: “{view.raw}” belum dapat dibaca dengan pasti. Tulis ulang, misalnya "
            "1.234,5.", REVIEW, target(e.key),
        )  # fmt: skip
    elif view is None or view.empty:
        yield Check(
            "missing", PERBAIKI,
            f"{e.title} belum diisi. Isi angkanya, atau pilih Belum rilis dengan alasan.",
            REVIEW, target(e.key),
        )  # fmt: skip


def not_released(facts: Facts, e: Element) -> Iterator[Check]:
    """n/a needs a reason and an expected date, and the date must not have passed (7.3)."""
    view = facts.now.get(e.key)
    if view is None or not view.not_released:
        return
    if not view.na_reason:
        yield Check("na_reason", PERBAIKI, f"{e.title}: alasan belum rilis belum diisi.",
                    STATISTICS, target(e.key, "na_reason"))  # fmt: skip
    if view.expected_on is None:
        yield Check("na_date", PERBAIKI, f"{e.title}: perkiraan tanggal rilis belum diisi.",
                    STATISTICS, target(e.key, "expected_on"))  # fmt: skip
    elif view.expected_on < facts.today:
        yield Check(
            "na_late", CEK,
            f"{e.title}: perkiraan rilis {indonesian.long_date(view.expected_on)} sudah lewat. "
            "Periksa apakah angkanya sudah terbit.", STATISTICS, target(e.key, "expected_on"),
        )  # fmt: skip
    if view.value is not None:
        yield Check(
            "na_value", PERBAIKI,
            f"{e.title}: tertulis {_n(view.value)}, tetapi sifatnya Belum rilis. Pilih salah satu.",
            STATISTICS, target(e.key, "vintage"),
        )  # fmt: skip


def source(facts: Facts, e: Element) -> Iterator[Check]:
    """Every number names its source (column Sumber Data of the annex)."""
    view = facts.now.get(e.key)
    if view is not None and not view.empty and not view.not_released and not view.source.strip():
        yield Check("source", PERBAIKI, f"{e.title}: sumber data belum diisi.", SOURCE,
                    target(e.key, "source"))  # fmt: skip


def bounds(facts: Facts, e: Element) -> Iterator[Check]:
    """A count is whole and not negative, an index stays in its range, a choice is in its list."""
    view = facts.now.get(e.key)
    if view is None:
        return
    if e.choices and view.text and view.text not in e.choices:
        yield Check("choice", PERBAIKI, f"{e.title}: “{view.text}” tidak ada dalam pilihan.",
                    FORMULA, target(e.key))  # fmt: skip
    value = view.value
    if value is None:
        return
    if e.kind == "count" and value != value.to_integral_value():
        yield Check("whole", PERBAIKI,
                    f"{e.title}: {_n(value)} {e.unit} seharusnya bilangan bulat.",
                    FORMULA, target(e.key))  # fmt: skip
    if (e.low is not None and value < e.low) or (e.high is not None and value > e.high):
        low = f"paling kecil {_n(e.low)}" if e.low is not None else ""
        high = f"paling besar {_n(e.high)}" if e.high is not None else ""
        yield Check(
            "bounds", PERBAIKI,
            f"{e.title}: {_n(value)} di luar batas ({', '.join(x for x in (low, high) if x)}).",
            FORMULA, target(e.key),
        )  # fmt: skip


def against_last_year(facts: Facts, e: Element) -> Iterator[Check]:
    """Same number, other unit of measure, or a jump against last year (7.3, defects of 2021-24)."""
    view, last = facts.now.get(e.key), facts.before.get(e.key)
    now, then = view.value if view else None, last.value if last else None
    limits = facts.thresholds
    if now is None or then is None or e.kind in ("choice", "yesno", "level"):
        return
    year = facts.year - 1
    if now == then:
        if abs(now) >= limits.small and view is not None and not view.same.strip():
            yield Check(
                "copy", CEK,
                f"{e.title}: sama persis dengan {year}, yaitu {_n(now)}. Memang sama? Tulis "
                "alasannya, atau perbaiki.", REVIEW, target(e.key, "same"),
            )  # fmt: skip
        return
    factor = _factor(now, then, limits)
    if factor:
        yield Check(
            "unit", CEK,
            f"{e.title}: {_n(now)} {e.unit}, tahun {year} {_n(then)}. Bedanya sekitar {_n(factor)} "
            f"kali; periksa satuannya ({e.unit}).", REVIEW, target(e.key),
        )  # fmt: skip
    elif max(abs(now), abs(then)) >= limits.small and e.kind != "index":
        yield from _jump(facts, e, now, then)


def _factor(now: Decimal, then: Decimal, limits: Thresholds) -> Decimal | None:
    """The factor of a likely mistake of unit (m for km, rupiah for thousands), or None."""
    if not now or not then:
        return None
    ratio = max(abs(now / then), abs(then / now))
    for factor in limits.factors:
        if factor / limits.factor_band <= ratio <= factor * limits.factor_band:
            return factor
    return None


def _jump(facts: Facts, e: Element, now: Decimal, then: Decimal) -> Iterator[Check]:
    limit = facts.thresholds.jump_of.get(e.key, facts.thresholds.jump_percent)
    if then == 0:
        return
    change = (now - then) / abs(then) * 100
    if abs(change) > limit:
        word = "naik" if change > 0 else "turun"
        yield Check(
            "jump", CEK,
            f"{e.title}: {_n(now)}, {word} {indonesian.percent(abs(change))} dari {facts.year - 1} "
            f"({_n(then)}).", REVIEW, target(e.key),
        )  # fmt: skip


def part_above_whole(facts: Facts, i: Indicator) -> Iterator[Check]:
    """The part of a ratio is not more than its whole (7.3: 11.927 of 235 km of roads)."""
    if not i.inside:
        return
    sums = [_total(facts.now, keys) for keys in (i.part, i.whole)]
    if None in sums or sums[0] <= sums[1]:  # type: ignore[operator]  # None is out above
        return
    titles = facts.catalogue.elements
    above = " + ".join(titles[k].title for k in i.part)
    below = " + ".join(titles[k].title for k in i.whole)
    yield Check(
        "part_above_whole", PERBAIKI,
        f"IKK {i.no}: {above} ({_n(sums[0])}) lebih besar daripada {below} ({_n(sums[1])}). "  # type: ignore[arg-type]
        "Periksa angka dan satuannya.", FORMULA, target(i.part[0]), i.key,
    )  # fmt: skip


def _total(views: Mapping[str, DatumView], keys: Iterable[str]) -> Decimal | None:
    total = Decimal(0)
    for key in keys:
        view = views.get(key)
        if view is None or view.value is None:
            return None
        total += view.value
    return total


def result_bounds(facts: Facts, i: Indicator) -> Iterator[Check]:
    """A result outside what is possible, or a divisor of 0 (R1: never shown as 0)."""
    result = evaluate(i, facts.now, facts.before, facts.catalogue.elements)
    if result.kind == "zero":
        divisor = i.whole[0] if i.whole else i.elements[-1]
        yield Check(
            "zero", CEK, f"IKK {i.no}: {DIVISOR_ZERO}. Bila memang tidak ada, sebutkan "
            "pada Sumber data.", FORMULA, target(divisor), i.key,
        )  # fmt: skip
    value = result.value
    if value is None or i.inside:
        return  # a share above its whole is told by part_above_whole
    if (i.low is not None and value < i.low) or (i.high is not None and value > i.high):
        yield Check(
            "result", PERBAIKI,
            f"IKK {i.no}: hasilnya {show(value, 'decimal', i.places)} {i.unit}, di luar batas yang "
            f"mungkin ({_n(i.low or Decimal(0))} sampai {_n(i.high) if i.high else '...'}).",
            FORMULA, target(i.elements[0]), i.key,
        )  # fmt: skip


def evidence(facts: Facts, i: Indicator) -> Iterator[Check]:
    """IKK without data dukung (Pedoman Reviu LPPD 050/209/IJ, angka 3 huruf b)."""
    if facts.evidence is not None and i.key not in facts.evidence:
        yield Check("evidence", CEK, f"IKK {i.no}: data dukung belum ada.",
                    "Pedoman Reviu LPPD 050/209/IJ angka 3", f"e:{i.key}", i.key)  # fmt: skip


def sums(facts: Facts) -> Iterator[Check]:
    """A total that differs from the sum of its parts (7.3: 201.835 here, 201.875 there)."""
    for one in facts.catalogue.sums:
        whole, parts = _total(facts.now, (one.whole,)), _total(facts.now, one.parts)
        if whole is None or parts is None or whole == parts:
            continue
        e = facts.catalogue.elements
        names = " + ".join(e[k].title for k in one.parts)
        yield Check(
            "sum", CEK,
            f"{e[one.whole].title} {_n(whole)}, sedangkan {names} = {_n(parts)}.",
            REVIEW, target(one.whole),
        )  # fmt: skip


def typed_differs(i: Indicator, typed: Decimal, result: Result, go_to: str) -> Check | None:
    """A capaian that somebody typed is the computed one, to the places it was typed with (7.3)."""
    if result.value is None:
        return None
    places = max(0, -int(typed.as_tuple().exponent))
    if indonesian.rounded(result.value, places) == typed:
        return None
    return Check(
        "typed", PERBAIKI,
        f"IKK {i.no}: capaian tertulis {_n(typed)}, hasil hitungan "
        f"{indonesian.number(result.value, max(places, i.places))}. "
        "Yang dicetak hasil hitungan; periksa pembilang dan penyebut.", FORMULA, go_to, i.key,
    )  # fmt: skip


ELEMENT_RULES: tuple[Callable[[Facts, Element], Iterator[Check]], ...] = (
    missing, not_released, source, bounds, against_last_year,
)  # fmt: skip
INDICATOR_RULES: tuple[Callable[[Facts, Indicator], Iterator[Check]], ...] = (
    part_above_whole, result_bounds, evidence,
)  # fmt: skip


def check(
    facts: Facts, indicators: Iterable[Indicator], mine: Iterable[str] | None = None
) -> list[Check]:
    """All remarks on these indicators and their elements, those that block first.

    ``mine`` narrows the element rules to elements that the asker may change: what another unit
    owes is not held against this one.
    """
    asked = list(indicators)
    own = None if mine is None else frozenset(mine)
    found: list[Check] = []
    for e in facts.catalogue.elements_of(asked):
        if own is None or e.key in own:
            for rule in ELEMENT_RULES:
                found.extend(rule(facts, e))
    for i in asked:
        for test in INDICATOR_RULES:
            found.extend(test(facts, i))
    keys = {k for i in asked for k in i.elements}
    found.extend(c for c in sums(facts) if c.target.split(":")[1] in keys)
    return sorted(dict.fromkeys(found), key=lambda c: not c.blocks)
