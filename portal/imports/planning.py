"""What a sheet would change, row by row; wrong rows with rule and example. Pure, writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from portal import indonesian
from portal.budget import rules
from portal.budget.rules import Kind
from portal.imports.reading import Row
from portal.imports.targets import MONTHS, Target

STATES = {"baru": "Baru", "berubah": "Berubah", "sama": "Sama", "salah": "Salah",
          "lewat": "Dilewati"}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One field that would be written, with what stands there now."""

    field: str
    label: str
    old: str
    new: str


@dataclass
class PlanRow:
    """One row of the sheet and what comes of it. ``key`` is what it is found by."""

    line: int
    key: str
    title: str
    state: str = "sama"
    changes: list[Change] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)


@dataclass
class Plan:
    """All rows of a sheet."""

    target: str
    rows: list[PlanRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # about the sheet as a whole

    def count(self, state: str) -> int:
        """How many rows are in this state."""
        return sum(row.state == state for row in self.rows)

    @property
    def writes(self) -> list[PlanRow]:
        """Rows that would write something."""
        return [r for r in self.rows if r.state in ("baru", "berubah")]

    @property
    def unchanged(self) -> bool:
        """True when the file says nothing that is not there already."""
        return not self.writes and not self.count("salah") and not self.nothing

    @property
    def nothing(self) -> bool:
        """True when no row of the sheet is of the kind that was asked for."""
        return all(row.state == "lewat" for row in self.rows)


def tree_plan(target: Target, given: Iterable[Row], now: Mapping[str, Mapping[str, str]]) -> Plan:
    """A sheet of programs or accounts against the rows that stand there (code -> cells)."""
    kind: Kind = "accounts" if target.key == "lra" else "programs"
    plan = Plan(target.key)
    seen: dict[str, int] = {}
    for row in given:
        code = row.cells.get("kode", "")
        made = PlanRow(row.line, code, row.cells.get("uraian", ""), problems=list(row.problems),
                       notes=list(row.notes))  # fmt: skip
        if not code and not made.problems:
            made.state = "lewat"
            made.notes.append("Tanpa kode; tidak ditulis. Contoh kode: 1.02.02.2.02.0001.")
        elif code in seen:
            made.problems.append(
                f"Kode {code} sudah ada pada baris {seen[code]}. Satukan kedua baris itu."
            )
        elif kind == "programs" and code and not rules.depth(kind, code):
            made.state = "lewat"  # heading of an urusan
        elif code:
            seen[code] = row.line
            made.extra = {k: v for k, v in row.cells.items() if k != "kode"}
        plan.rows.append(made)
    _compare(plan, target, kind, now)
    return plan


def _compare(plan: Plan, target: Target, kind: Kind, now: Mapping[str, Mapping[str, str]]) -> None:
    codes = {r.key for r in plan.rows if r.extra} | set(now)
    adds = {n.code for n in rules.tree(kind, codes) if n.children}
    sorts = {f.key: f.sort for f in target.fields}
    labels = {f.key: f.label for f in target.fields}
    for row in plan.rows:
        if row.problems:
            row.state = "salah"
            continue
        if row.state == "lewat":
            continue
        stood = now.get(row.key)
        for name, new in row.extra.items():
            if row.key in adds and sorts[name] == "rupiah":
                continue  # told by _stated_sums
            old = (stood or {}).get(name, "")
            if not same(sorts[name], old, new):
                row.changes.append(Change(name, labels[name], _shown(sorts[name], old),
                                          _shown(sorts[name], new)))  # fmt: skip
        row.state = "baru" if stood is None else "berubah" if row.changes else "sama"
    _stated_sums(plan, kind, now, sorts, adds)


def _stated_sums(
    plan: Plan, kind: Kind, now: Mapping[str, Mapping[str, str]], sorts: Mapping[str, str],
    adds: set[str],
) -> None:  # fmt: skip
    """Sums that the file states for program and kegiatan are compared, never written."""
    money = [k for k, sort in sorts.items() if sort == "rupiah"]
    after: dict[str, dict[str, Decimal | None]] = {}
    for code, cells in now.items():
        after[code] = {k: Decimal(cells[k]) if cells.get(k) else None for k in money}
    for row in plan.rows:
        if row.extra and not row.problems:
            mine = after.setdefault(row.key, dict.fromkeys(money))
            mine |= {k: Decimal(row.extra[k]) for k in money if row.extra.get(k)}
    sums = rules.rolled(kind, after, money)
    for row in plan.rows:
        if row.key not in adds or row.state in ("salah", "lewat"):
            continue
        for key in money:
            said, counted = row.extra.get(key), sums.get(row.key, {}).get(key)
            if said and counted is not None and Decimal(said) != counted:
                row.notes.append(
                    f"Jumlah dalam berkas {indonesian.number(Decimal(said))}, dihitung dari baris "
                    f"di bawahnya {indonesian.number(counted)}; yang dipakai hitungan."
                )


def same(sort: str, old: str, new: str) -> bool:
    """Equal as what they are: numbers by value, texts letter by letter."""
    if sort in ("rupiah", "decimal") and old and new:
        return Decimal(old) == Decimal(new)
    return old == new


def _shown(sort: str, value: str) -> str:
    if sort in ("rupiah", "decimal") and value:
        return indonesian.number(Decimal(value))
    return value if len(value) <= 120 else f"{value[:117]}..."


# --- anggaran kas ---------------------------------------------------------------------------

_SORTS = {
    "target": "rencana",
    "rencana": "rencana",
    "anggaran": "rencana",
    "realisasi": "realisasi",
}


def cash_plan(
    target: Target, given: Iterable[Row], units: Mapping[str, int], chosen: int | None,
    now: Mapping[tuple[int, int, str], Decimal | None],
) -> Plan:  # fmt: skip
    """Months of anggaran kas. ``units``: names and codes in small letters -> unit; ``chosen`` takes
    rows without a name; ``now``: (unit, month, rencana|realisasi) -> what stands there.
    """
    plan = Plan(target.key)
    unit, named = chosen, ""
    for row in given:
        name = row.cells.get("opd", "")
        if name and name.casefold().strip() != "belanja":
            unit, named = units.get(name.casefold().strip()), name
        sort = _SORTS.get(row.cells.get("rincian", "target").strip().casefold())
        months = {n: row.cells[k] for n in range(1, 13) if (k := f"b{n:02d}") in row.cells}
        made = PlanRow(row.line, "", f"{named} {row.cells.get('rincian', '')}".strip(),
                       problems=list(row.problems), notes=list(row.notes))  # fmt: skip
        if not months and (not made.problems or not (name or row.cells.get("rincian"))):
            made.state, made.problems = "lewat", []  # empty, or words under the table
        elif named and unit is None:
            made.problems.append(
                f"Perangkat daerah “{named}” tidak dikenal. Tulis nama atau kodenya seperti di "
                "portal. Contoh: Dinas Kesehatan."
            )
        elif unit is None:
            made.problems.append("Pilih dahulu perangkat daerahnya; berkas tidak menyebutnya.")
        elif sort is None:
            made.problems.append(
                f"Rincian “{row.cells.get('rincian', '')}” tidak dikenal. Contoh: Target atau "
                "Realisasi."
            )
        if made.problems:
            made.state = "salah"
        elif made.state != "lewat" and unit is not None and sort is not None:
            made.key = f"{unit}:{sort}"
            _months(made, months, unit, sort, now)
        plan.rows.append(made)
    return plan


def _months(
    made: PlanRow, months: Mapping[int, str], unit: int, sort: str,
    now: Mapping[tuple[int, int, str], Decimal | None],
) -> None:  # fmt: skip
    fresh = not any(key[0] == unit and key[2] == sort for key in now)
    for month, text in months.items():
        old = now.get((unit, month, sort))
        if old is None or old != Decimal(text):
            made.extra[str(month)] = text
            shown = "" if old is None else indonesian.number(old)
            label = MONTHS[month - 1].capitalize()
            made.changes.append(Change(str(month), label, shown, indonesian.number(Decimal(text))))
    made.state = "sama" if not made.changes else "baru" if fresh else "berubah"


# --- rekomendasi DPRD -----------------------------------------------------------------------


def dprd_plan(
    target: Target, given: Iterable[Row], units: Mapping[str, int], codes: Mapping[str, str],
    now: Mapping[tuple[str, str], Mapping[str, str]],
) -> Plan:  # fmt: skip
    """Recommendations grouped urusan > unit > items; known ones (code, words) are updated."""
    plan = Plan(target.key)
    code, unit = "", None
    for row in given:
        text = row.cells.get("rekomendasi", "") or row.cells.get("butir", "")
        head = row.cells.get("kode", "").strip()
        made = PlanRow(row.line, "", text, problems=list(row.problems), notes=list(row.notes))
        plan.rows.append(made)
        if head and head[0].isdigit():
            made.state = "lewat"
            clean = _bidang(head, codes)
            if clean:
                code = clean
            if "." in head or clean.count("."):
                unit = units.get(text.casefold().strip())
                if unit is None and not text.upper().startswith("URUSAN"):
                    made.notes.append(
                        f"Perangkat daerah “{text}” tidak dikenal; butirnya masuk tanpa penugasan."
                    )
            continue
        if not text:
            made.problems.append("Bunyi rekomendasi kosong. Contoh: Mempercepat pengadaan.")
        if made.problems:
            made.state = "salah"
            continue
        made.key = f"{code}|{text}"
        made.extra = {"kode": code, "unit": str(unit or ""), "rekomendasi": text}
        stood = now.get((code, text))
        for name in ("tindak_lanjut", "tujuan"):
            new = row.cells.get(name, "")
            old = (stood or {}).get(name, "")
            if new and new != old:
                made.extra[name] = new
                label = next(f.label for f in target.fields if f.key == name)
                made.changes.append(Change(name, label, old[:120], new[:120]))
        made.state = "baru" if stood is None else "berubah" if made.changes else "sama"
    return plan


def _bidang(head: str, codes: Mapping[str, str]) -> str:
    try:
        return rules.clean_code("programs", head, codes)
    except rules.CodeError:
        return ""
