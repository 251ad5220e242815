"""What a sheet would change: row by row, wrong ones with their reason. Pure, nothing written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from portal import indonesian
from portal.figures.catalogue import Catalogue, Element, Indicator
from portal.figures.checks import typed_differs
from portal.figures.rules import DatumView, evaluate, show, with_value
from portal.figures.sheet import SheetRow, as_number, official_title


@dataclass(frozen=True)
class Change:
    """One field of one datum that would be written; ``base_rev`` is what stands there now."""

    element: str
    title: str
    attr: str
    old: str
    new: str
    base_rev: int


@dataclass
class PlanRow:
    """A row of the sheet and what comes of it; a problem keeps the whole row from being written."""

    line: int
    no: str
    title: str = ""
    changes: list[Change] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def state(self) -> str:
        """``salah``, ``sama`` or ``berubah``."""
        if self.problems:
            return "salah"
        return "berubah" if self.changes else "sama"

    @property
    def writes(self) -> list[Change]:
        """What would be written: of a wrong row nothing, for half a row is a wrong result."""
        return [] if self.problems else self.changes


@dataclass
class Plan:
    """All rows of a sheet."""

    rows: list[PlanRow] = field(default_factory=list)

    @property
    def changes(self) -> list[Change]:
        """Everything that would be written."""
        return [c for row in self.rows for c in row.writes]

    def count(self, state: str) -> int:
        """How many rows are in this state."""
        return sum(row.state == state for row in self.rows)


@dataclass(frozen=True)
class Around:
    """What the plan is made against: what stands there, and which elements may be written."""

    book: Catalogue
    now: Mapping[str, DatumView]
    before: Mapping[str, DatumView]
    writable: frozenset[str]
    owners: Mapping[str, str]  # duty -> name of the unit that owns
    follows: Mapping[str, str] = field(default_factory=dict)  # element -> why it is not typed


def plan(rows: Iterable[SheetRow], around: Around) -> Plan:
    """Compare a sheet with what stands there; the first of two rows for one value wins."""
    out = Plan()
    by_no = {_norm(i.key): i for i in around.book.indicators.values()}
    by_no |= {_norm(i.no): i for i in around.book.indicators.values()}
    seen: dict[str, tuple[int, str]] = {}
    for row in rows:
        out.rows.append(_planned(row, by_no, around, seen))
    return out


def _norm(no: str) -> str:
    """``1.A.1.``, ``1 a 1`` and ``1.a.1`` are one number."""
    return re.sub(r"[^a-z0-9]+", ".", no.lower()).strip(".")


def _planned(
    row: SheetRow, by_no: Mapping[str, Indicator], around: Around, seen: dict[str, tuple[int, str]]
) -> PlanRow:
    out = PlanRow(row.line, row.no)
    indicator = by_no.get(_norm(row.no))
    if indicator is None:
        out.problems.append(
            "No IKK kosong." if not row.no else
            f"No IKK “{row.no}” tidak ada dalam daftar. Contoh penulisan: 1.b.3."
        )  # fmt: skip
        return out
    out.title = official_title(indicator, {})
    for element, cell in _targets(row, indicator, around.book, out):
        _one(out, element, cell, row.source, around, seen)
    _compare_result(row, indicator, around, out)
    return out


def _targets(
    row: SheetRow, i: Indicator, book: Catalogue, out: PlanRow
) -> Iterable[tuple[Element, Any]]:
    """Which element each cell of the row belongs to."""
    if row.element:
        if row.element not in i.elements:
            out.problems.append(f"Kode unsur “{row.element}” bukan unsur IKK {i.no}.")
            return
        yield book.elements[row.element], row.part
    elif len(i.part) == len(i.whole) == 1:
        yield book.elements[i.part[0]], row.part
        if as_number(row.whole) is not None:
            yield book.elements[i.whole[0]], row.whole
    elif len(i.elements) == 1:
        yield book.elements[i.elements[0]], row.part
        if as_number(row.whole) is not None:
            out.notes.append("Penyebut tidak dipakai pada indikator ini.")
    else:
        names = ", ".join(i.elements)
        out.problems.append(
            f"IKK {i.no} dihitung dari {len(i.elements)} unsur. Tulis satu baris per unsur dan isi "
            f"kolom “Kode unsur” ({names})."
        )


def _one(
    out: PlanRow,
    e: Element,
    cell: Any,
    source: str,
    around: Around,
    seen: dict[str, tuple[int, str]],
) -> None:
    found = as_number(cell)
    if found is None:
        if not out.changes:
            out.notes.append(f"{e.title}: kosong, dilewati.")
        return
    value, problem = _understood(e, found)
    if problem:
        out.problems.append(f"{e.title}: {problem}")
        return
    view = around.now.get(e.key)
    old = "" if view is None else (view.raw or view.text or show(view.value, e.kind, e.places))
    new = value if isinstance(value, str) else show(value, e.kind, e.places)
    if e.key not in around.writable:
        if new != old:
            owner = around.owners.get(e.owner, "Perangkat Daerah pengampu")
            out.notes.append(
                f"{e.title}: di lembar {new}, di portal {old or 'belum diisi'}. Data ini milik "
                f"{owner} dan tidak diubah."
            )
        return
    if e.key in seen:
        line, first = seen[e.key]
        if first != new:
            out.problems.append(f"{e.title}: {new}, tetapi baris {line} berisi {first}. Samakan.")
        return
    seen[e.key] = (out.line, new)
    why = around.follows.get(e.key)
    if why:
        out.problems += [why] if new != old else []
    else:
        _change(out, e, view, (old, new), value, source)


def _change(
    out: PlanRow, e: Element, view: DatumView | None, shown: tuple[str, str],
    value: Decimal | str, source: str,
) -> None:  # fmt: skip
    old, new = shown
    rev = view.rev if view else 0
    if new != old:
        spelled = value if isinstance(value, str) else indonesian.number(value)
        out.changes.append(Change(e.key, e.title, "value", old, spelled, rev))
    if source and source != (view.source if view else ""):
        out.changes.append(
            Change(e.key, e.title, "source", view.source if view else "", source, rev)
        )


def _understood(e: Element, found: Decimal | str) -> tuple[Decimal | str, str]:
    """The value of a cell for an element, or why it cannot be taken."""
    if e.kind == "choice":
        hit = [c for c in e.choices if str(found).lower() in (c.lower(), _short(c))]
        return (hit[0], "") if hit else ("", f"“{found}” tidak ada dalam pilihan.")
    if e.kind == "yesno":
        answer = {"ya": 1, "1": 1, "ada": 1, "tidak": 0, "0": 0}.get(str(found).lower())
        return (Decimal(answer), "") if answer is not None else ("", "jawab Ya atau Tidak.")
    if isinstance(found, str):
        read = indonesian.read_number(found)
        if read.value is None or read.doubt:
            return "", read.doubt
        found = read.value
    if e.kind == "count" and found != found.to_integral_value():
        return "", (
            f"{indonesian.number(found)} bukan bilangan bulat. Bila maksudnya ribuan, tulis "
            "tanpa titik, misalnya 8720."
        )
    if (e.low is not None and found < e.low) or (e.high is not None and found > e.high):
        return "", f"{indonesian.number(found)} di luar batas yang mungkin."
    return found, ""


def _short(choice: str) -> str:
    """``wtp`` of ``Wajar Tanpa Pengecualian (WTP)``."""
    found = re.search(r"\((\w+)\)$", choice)
    return found[1].lower() if found else choice.lower()


def _compare_result(row: SheetRow, i: Indicator, around: Around, out: PlanRow) -> None:
    """A capaian in the sheet is compared with the computed one and never written."""
    typed = as_number(row.result)
    if isinstance(typed, str):
        typed = indonesian.read_number(typed).value
    if typed is None or out.problems:
        return
    trial = dict(around.now)
    for change in out.changes:
        if change.attr == "value":
            view = trial.get(change.element, DatumView(change.element))
            trial[change.element] = with_value(view, indonesian.read_number(change.new).value)
    result = evaluate(i, trial, around.before, around.book.elements)
    remark = typed_differs(i, typed, result, "")
    if remark:
        out.notes.append(remark.sentence)
