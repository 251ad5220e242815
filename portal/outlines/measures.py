"""Tables over things that are counted by figures: services, their mutu, money, staff, and index.

Pure. A part of kind ``measures`` says which rows it has (``of``) and which columns; every row has
slots (``needed``, ``met``, ``month``, ...) and a column takes one of them or computes with others.
Forms and books are made from the same lines, so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from portal.figures import spm
from portal.figures.services import GROUPS
from portal.figures.shape import Service
from portal.outlines import sums
from portal.outlines.measured import (
    REALISASI,
    TARGET,
    Activity,
    Setting,
    met,
    money,
    needed,
    quality_counts,
    reached,
    score,
    sum_known,
)
from portal.outlines.parts import Column, Measure, Measures, Rows, Table
from portal.outlines.schema import ListItem

MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Ags", "Sep", "Okt", "Nov", "Des")
#: Slots of the rows of each kind: texts first, then numbers.
TEXTS: dict[str, tuple[str, ...]] = {
    "recipients": ("code", "title", "recipients", "indicator", "unit", "quality"),
    "quality": ("code", "title", "group", "unit"),
    "money": ("code", "title", "unit"),
    "activities": ("code", "title", "supplier", "fund"),
    "staff": ("code", "title"),
    "index": ("code", "title", "band"),
    "fullness": ("code", "title"),
}
NUMBERS: dict[str, tuple[str, ...]] = {
    "recipients": ("needed", "met", "month", "target"),
    "quality": ("needed", "met", "month"),
    "money": ("needed", "met", "quarter"),
    "activities": ("needed", "met", "quarter"),
    "staff": ("pns", "non_pns"),
    "index": ("p", "q", "p_weighted", "q_weighted", "index"),
    "fullness": ("asked", "filled", "fullness", "index"),
}


@dataclass
class Line:
    """A row: texts and exact numbers by column key, with the data that each number is made of."""

    uid: str
    kind: str = "body"  # body | group | total
    texts: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, Decimal] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)


# --- columns --------------------------------------------------------------------------------


def columns_of(part: Measures, months: Sequence[int]) -> tuple[Column, ...]:
    """The columns of the table, ``month`` and ``quarter`` once for each that the report covers."""
    out: list[Column] = []
    for column in part.columns:
        plain = column.model_dump(exclude={"take"})
        if column.take == "month":
            out += [
                Column(**{**plain, "key": f"m{m:02d}", "label": MONTHS[m - 1],
                          "group": column.label})
                for m in months
            ]  # fmt: skip
        elif column.take == "quarter":
            out += [
                Column(**{**plain, "key": f"q{q}", "label": f"TW {'I' * q if q < 4 else 'IV'}",
                          "group": column.label})
                for q in range(1, (max(months) + 2) // 3 + 1)
            ]  # fmt: skip
        else:
            out.append(Column(**plain))
    return tuple(out)


def as_table(part: Measures, months: Sequence[int]) -> Table:
    """The part as an ordinary table, for what sums and prints tables."""
    return Table(
        kind="table", key=part.key, title=part.title, help=part.help, supplier=part.supplier,
        columns=columns_of(part, months), rows=Rows(kind="free"), numbered=part.numbered,
        total=part.total, source=part.source, landscape=part.landscape, basis=part.basis,
    )  # fmt: skip


# --- lines ----------------------------------------------------------------------------------


def lines_of(part: Measures, item: ListItem | None, at: Setting) -> list[Line]:
    """All rows of a part with their computed columns."""
    groups = groups_of(part, item, at.groups)
    made: list[Line] = _MAKERS[part.of](part, groups, at)
    columns = columns_of(part, at.months)
    for line in made:
        if line.kind != "group":
            filled = sums.fill_row(columns, line.numbers)
            line.numbers = {k: v for k, v in filled.items() if v is not None}
    return made


def groups_of(
    part: Measures, item: ListItem | None, known: Sequence[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    """(catalogue group, title) of the bidang that a part is about."""
    if part.group == "item" and item is not None:
        return ((item.group, item.title),)
    if part.group:
        return tuple(g for g in known if g[0] == part.group) or ((part.group, ""),)
    return tuple(known)


def any_value(lines: Iterable[Line]) -> bool:
    """True when at least one number was stated by a person."""
    return any(line.refs for line in lines)


def _line(part: Measures, uid: str, texts: Mapping[str, str], slots: Mapping[str, Decimal | None],
          refs: Mapping[str, str], months: Mapping[int, Decimal], month_refs: Mapping[int, str],
          kind: str = "body") -> Line:  # fmt: skip
    """Put the slots of a row under the keys of the columns that take them."""
    line = Line(uid, kind)
    for column in part.columns:
        if column.take == "month":
            for m, value in months.items():
                line.numbers[f"m{m:02d}"] = value
                line.refs[f"m{m:02d}"] = month_refs.get(m, "")
        elif column.take in texts:
            line.texts[column.key] = texts[column.take]
        elif (found := slots.get(column.take)) is not None:
            line.numbers[column.key] = found
            if refs.get(column.take):
                line.refs[column.key] = refs[column.take]
    return line


def _ref(at: Setting, keys: Sequence[str], month: int = 0, measure: str = REALISASI) -> str:
    """Where a number stands: ``datum:a+b:2025``, with the month or the measure."""
    period = f"{at.year}-{month:02d}" if month else str(at.year)
    tail = "" if measure == REALISASI else f":{measure}"
    return f"datum:{'+'.join(keys)}:{period}{tail}"


def _through(at: Setting, keys: Sequence[str]) -> str:
    """Reference of a number rolled up through the period."""
    return f"{_ref(at, keys)}-{at.period}" if at.period else _ref(at, keys)


def _monthly(at: Setting, keys: Sequence[str]) -> tuple[dict[int, Decimal], dict[int, str]]:
    """Values of the months; one that nobody has typed is left out."""
    values = {}
    for m in at.months:
        found = [v for key in keys if (v := at.numbers.value(key, m, REALISASI)) is not None]
        if found:
            values[m] = sum(found, Decimal(0))
    return values, {m: _ref(at, keys, m) for m in values}


def _recipients(part: Measures, groups: Sequence[tuple[str, str]], at: Setting) -> list[Line]:
    out = []
    for service in _services(groups, at):
        months, refs = _monthly(at, service.part)
        items = service.quality_in(at.year)
        texts = {
            "code": service.code, "title": service.title, "recipients": service.recipients,
            "indicator": service.indicator, "unit": service.unit,
            "quality": "; ".join(item.text for item in items),
        }  # fmt: skip
        slots = {"needed": needed(at, service), "met": met(at, service), "target": spm.FULL}
        names = {"needed": _ref(at, service.whole), "met": _through(at, service.part),
                 "target": f"layanan:{service.code}"}  # fmt: skip
        out.append(_line(part, service.key, texts, slots, names, months, refs))
    return out


def _quality(part: Measures, groups: Sequence[tuple[str, str]], at: Setting) -> list[Line]:
    out = []
    for service in _services(groups, at):
        out.append(Line(service.key, "group", {"": f"{service.code} {service.title}"}))
        for item in service.quality_in(at.year):
            key = (item.element,)
            months, refs = _monthly(at, key)
            slots = {"needed": at.numbers.value(item.element, 0, TARGET),
                     "met": reached(at, item.element)}  # fmt: skip
            names = {"needed": _ref(at, key, 0, TARGET), "met": _through(at, key)}
            texts = {"code": service.code, "title": item.text, "group": GROUPS[item.group],
                     "unit": item.unit}  # fmt: skip
            out.append(_line(part, item.element, texts, slots, names, months, refs))
    return out


def _spent(part: Measures, line: Line, own: Sequence[Activity], at: Setting, ref: str) -> Line:
    """The line with its columns of the triwulan."""
    if any(column.take == "quarter" for column in part.columns):
        for q in range(1, (max(at.months) + 2) // 3 + 1):
            total = sum_known(a.quarters.get(q) for a in own)
            if total is not None:
                line.numbers[f"q{q}"], line.refs[f"q{q}"] = total, f"{ref}:Q{q}"
    return line


def _money(part: Measures, groups: Sequence[tuple[str, str]], at: Setting) -> list[Line]:
    """One row for a service: the sum of the budget lines that carry its tag."""
    out = []
    for service in _services(groups, at):
        pagu, spent = money(at, service)
        ref = f"anggaran_spm:{service.key}:{at.year}"
        slots = {"needed": pagu, "met": spent}
        refs = {"needed": f"{ref}:pagu", "met": f"{ref}:{at.period or 'realisasi'}"}
        texts = {"code": service.code, "title": service.title, "unit": "Rp"}
        line = _line(part, service.key, texts, slots, refs, {}, {})
        out.append(_spent(part, line, at.of_service(service), at, ref))
    return out


def _activities(part: Measures, groups: Sequence[tuple[str, str]], at: Setting) -> list[Line]:
    """The budget lines of each service under its name; a service without any is left out."""
    out: list[Line] = []
    for service in _services(groups, at):
        own = at.of_service(service)
        if own:
            out.append(Line(service.key, "group", {"": f"{service.code} {service.title}"}))
        for one in own:
            ref = f"anggaran:{at.year}:{one.unit}:{one.code}"
            slots = {"needed": one.pagu, "met": one.through(at.months)}
            refs = {"needed": f"{ref}:pagu", "met": f"{ref}:{at.period or 'realisasi'}"}
            texts = {"code": one.code, "title": one.title, "supplier": one.supplier,
                     "fund": one.fund}  # fmt: skip
            line = _line(part, f"{one.unit}.{one.code}", texts, slots, refs, {}, {})
            out.append(_spent(part, line, (one,), at, ref))
    return out


def _staff(part: Measures, groups: Sequence[tuple[str, str]], at: Setting) -> list[Line]:
    out = []
    for service in _services(groups, at):
        slots = {n: at.numbers.value(k, 0, REALISASI) for n, k in zip(
            ("pns", "non_pns"), service.staff, strict=True)}  # fmt: skip
        names = {n: _ref(at, (k,)) for n, k in zip(("pns", "non_pns"), service.staff, strict=True)}
        texts = {"code": service.code, "title": service.title}
        out.append(_line(part, service.key, texts, slots, names, {}, {}))
    return out


def _services(groups: Sequence[tuple[str, str]], at: Setting) -> list[Service]:
    return [service for group, _ in groups for service in at.book.services_of(group)]


# --- index and fullness ---------------------------------------------------------------------

NO_TARGET = "Tidak ada sasaran"
NOT_FILLED = "Belum lengkap"


def _index(part: Measures, groups: Sequence[tuple[str, str]], at: Setting) -> list[Line]:
    """Services under their bidang, the mean of each bidang, and of the region where all are."""
    out: list[Line] = []
    scores: dict[str, list[spm.Score]] = {}
    for group, title in groups:
        own = scores[group] = []
        if len(groups) > 1:
            out.append(Line(group, "group", {"": f"Bidang {title}"}))
        for service in at.book.services_of(group):
            own.append(score(at, service))
            refs = {k: f"indeks:{service.code}:{at.year}-{at.period or 'tahun'}:{k}"
                    for k in NUMBERS["index"]}  # fmt: skip
            texts = {"code": service.code, "title": service.title}
            out.append(_scored(part, service.key, texts, own[-1], at, refs))
        texts = {"code": "", "title": f"Indeks Bidang {title}"}
        out.append(_scored(part, f"bidang_{group}", texts, spm.mean(own), at, {}, "total"))
    if len(groups) > 1:
        texts = {"code": "", "title": "Indeks Pencapaian SPM Daerah"}
        whole = spm.region(scores, at.method)
        out.append(_scored(part, "daerah", texts, whole, at, {}, "total"))
    return out


def _scored(part: Measures, uid: str, texts: dict[str, str], one: spm.Score, at: Setting,
            refs: dict[str, str], kind: str = "body") -> Line:  # fmt: skip
    words = {"kosong": NOT_FILLED, "tanpa_sasaran": NO_TARGET}
    texts["band"] = spm.band(one.value) if one.value is not None else words.get(one.reason, "")
    whole = one.value is not None
    slots = {
        "p": one.recipients, "q": one.quality, "index": one.value,
        "p_weighted": at.method.recipients * one.recipients if one.recipients is not None
        and whole else None,
        "q_weighted": at.method.quality * one.quality if one.quality is not None and whole
        else None,
    }  # fmt: skip
    known = {k: v for k, v in refs.items() if slots.get(k) is not None}
    return _line(part, uid, texts, slots, known, {}, {}, kind)


def _fullness(part: Measures, groups: Sequence[tuple[str, str]], at: Setting) -> list[Line]:
    """Tingkat keterisian of each bidang beside its index."""
    out: list[Line] = []
    every = [0, 0]
    scores: dict[str, list[spm.Score]] = {}
    for group, title in groups:
        asked, filled = filled_cells(at, group)
        every = [every[0] + asked, every[1] + filled]
        scores[group] = [score(at, service) for service in at.book.services_of(group)]
        slots = {
            "asked": Decimal(asked),
            "filled": Decimal(filled),
            "fullness": spm.fullness(filled, asked),
            "index": spm.mean(scores[group]).value,
        }
        refs = {"filled": f"keterisian:{group}:{at.year}"} if filled else {}
        out.append(_line(part, group, {"code": "", "title": title}, slots, refs, {}, {}))
    whole = spm.region(scores, at.method).value if scores else None
    slots = {"asked": Decimal(every[0]), "filled": Decimal(every[1]),
             "fullness": spm.fullness(every[1], every[0]), "index": whole}  # fmt: skip
    out.append(_line(part, "daerah", {"code": "", "title": "Daerah"}, slots, {}, {}, {}, "total"))
    return out


def filled_cells(at: Setting, group: str) -> tuple[int, int]:
    """(asked, filled): what e-SPM asks of a bidang, one for each number of the period's end."""
    found: list[Decimal | None] = []
    for service in at.book.services_of(group):
        found += [needed(at, service), met(at, service)]
        for count in quality_counts(at, service):
            found += [count.needed, count.met]
        found += money(at, service)
        found += [at.numbers.value(key, 0, REALISASI) for key in service.staff]
    return len(found), sum(1 for value in found if value is not None)


Maker = Callable[[Measures, Sequence[tuple[str, str]], Setting], list[Line]]
_MAKERS: dict[str, Maker] = {
    "recipients": _recipients, "quality": _quality, "money": _money,
    "activities": _activities, "staff": _staff,
    "index": _index, "fullness": _fullness,
}  # fmt: skip


def total_of(part: Measures, lines: Sequence[Line], at: Setting) -> dict[str, Decimal | None]:
    """The total row of a part that has one."""
    table = as_table(part, at.months)
    return sums.total_row(table, [line.numbers for line in lines if line.kind == "body"])


def column_problem(part: Measures, column: Measure) -> str:
    """What is wrong with a column beyond its shape, "" when nothing is."""
    slots = (*TEXTS[part.of], *NUMBERS[part.of])
    if column.take and column.take not in slots:
        return f"take “{column.take}” tidak dikenal; yang ada: {', '.join(slots)}."
    if bool(column.take) == bool(column.formula):
        return f"kolom “{column.key}” memerlukan take atau formula, salah satu saja."
    return ""
