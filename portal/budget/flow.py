"""The only writers of the budget: one field, a new line, triwulan, funds; each keeps who and when.

A field has a revision of its own, so that two people meet only where both wrote. Callers commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal import clock
from portal.budget import nomenclature, queries, rules
from portal.budget.models import (
    AccountLine,
    BudgetFund,
    BudgetLine,
    BudgetPeriod,
    BudgetRev,
    CashPlan,
)
from portal.budget.rules import Kind
from portal.db import db
from portal.people.rules import Actor
from portal.trail import flow as trail

UNNAMED = "(nama belum diisi)"


class Refused(Exception):
    """Something that is not done; ``sentence`` says why in Indonesian."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Saved:
    """What became of one field; ``theirs`` is the canonical value that stands there."""

    status: str  # ok | same | conflict
    rev: int = 0
    before: str = ""
    theirs: str = ""
    theirs_by: str = ""


def head(line: BudgetLine | AccountLine | CashPlan, field: str) -> tuple[int, str, str, str]:
    """(revision, who, when, typed but not understood) of a field; (0, "", "", "") before any."""
    found = (getattr(line, "heads", None) or {}).get(field)
    return (
        (int(found[0]), str(found[1]), str(found[2]), str(found[3])) if found else (0, "", "", "")
    )


def put(
    line: BudgetLine | AccountLine, field: str, value: str, base: int | None, actor: Actor,
    raw: str = "", run_id: int | None = None,
) -> Saved:  # fmt: skip
    """Write one field: ``value`` canonical, or "" with ``raw`` when it was not understood.

    ``base`` is the revision that the writer knew; None writes over whatever stands there. Refused
    for a number that the field cannot hold (rupiah below a sen).
    """
    kind: Kind = "programs" if isinstance(line, BudgetLine) else "accounts"
    sort = {**rules.fields(kind), "uraian": "text"}[field]
    rev, by, _, stood = head(line, field)
    before = queries.spelled(getattr(line, field))
    if (_same(sort, before, value) and stood == raw) or (not rev and not before + value + raw):
        return Saved("same", rev, before)
    if base is not None and rev and rev != base:
        return Saved("conflict", rev, before, before or stood, by)
    try:
        setattr(line, field, _typed(sort, value))
        db.session.flush()
    except (ValueError, ArithmeticError, sa.exc.StatementError) as error:
        raise Refused(f"“{value}” tidak dapat disimpan. Contoh: 1250000.00.") from error
    _note(line, field, rev + 1, before, value or raw, actor, raw, run_id)
    return Saved("ok", rev + 1, before)


def _same(sort: str, before: str, value: str) -> bool:
    if sort == "text" or not before or not value:
        return before == value
    return Decimal(before) == Decimal(value)


def _typed(sort: str, value: str) -> Any:
    if sort == "text":
        return value
    return Decimal(value) if value else None


def subject(line: BudgetLine | AccountLine | CashPlan) -> str:
    """How revisions name a row."""
    word = {"budget_line": "line", "account_line": "account", "cash_plan": "cash"}
    return f"{word[line.__tablename__]}:{line.id}"


def _note(
    line: BudgetLine | AccountLine, field: str, n: int, before: str, after: str, actor: Actor,
    raw: str = "", run_id: int | None = None,
) -> None:  # fmt: skip
    now = clock.now()
    line.heads = {**(line.heads or {}), field: [n, actor.label, now.isoformat(), raw]}
    db.session.add(BudgetRev(
        subject=subject(line), field=field, n=n, before=before, after=after, run_id=run_id,
        by_term_id=actor.term_id, by_label=actor.label, at=now,
    ))  # fmt: skip


def ensure_line(
    kind: Kind, year: int, unit_id: int, code: str, uraian: str
) -> tuple[BudgetLine | AccountLine, bool]:
    """The row with this code, made with the program and kegiatan above it when it is new.

    Returns (row, True when it was made). A row without a name takes the one given now.
    """
    found = queries.line(kind, year, unit_id, code)
    if found is not None:
        if uraian and found.uraian in ("", UNNAMED):
            found.uraian = uraian[:600]
        return found, False
    names = nomenclature.for_year(year)
    for above in reversed(rules.parents(code)):
        if _prints(kind, above) and queries.line(kind, year, unit_id, above) is None:
            _add(kind, year, unit_id, above, _name(names, kind, above), names.code)
    made = _add(kind, year, unit_id, code, uraian or _name(names, kind, code), names.code)
    return made, True


def _prints(kind: Kind, code: str) -> bool:
    """True for codes that make a row: no urusan, no bidang, not the ``2`` before a kegiatan."""
    return kind == "accounts" or len(rules.segments(code)) not in (1, 2, 4)


def _name(names: nomenclature.Nomenclature, kind: Kind, code: str) -> str:
    """Official name, else what another unit calls the same code, else a mark."""
    if known := names.name(kind, code):
        return known
    model = queries.MODELS[kind]
    other = db.session.scalar(
        sa.select(model.uraian).where(model.kode == code, model.uraian.not_in(["", UNNAMED]))
        .order_by(model.id).limit(1)
    )  # fmt: skip
    return other or UNNAMED


def _add(
    kind: Kind, year: int, unit_id: int, code: str, uraian: str, edition: str
) -> BudgetLine | AccountLine:
    line: BudgetLine | AccountLine
    if kind == "programs":
        line = BudgetLine(year=year, unit_id=unit_id, kode=code, uraian=uraian[:600],
                          nomenclature=edition, heads={})  # fmt: skip
    else:
        line = AccountLine(year=year, unit_id=unit_id, kode=code, uraian=uraian[:600], heads={})
    db.session.add(line)
    db.session.flush()
    return line


def add_line(
    kind: Kind, year: int, unit_id: int, code: str, uraian: str, actor: Actor
) -> BudgetLine | AccountLine:
    """A row that a person adds; Refused for a code that is none or stands already."""
    names = nomenclature.for_year(year)
    try:
        clean = rules.clean_code(kind, code, names.bidang)
    except rules.CodeError as error:
        raise Refused(str(error)) from error
    if kind == "programs" and not rules.depth(kind, clean):
        raise Refused(f"“{clean}” kode urusan. Isi kode program, kegiatan, atau sub kegiatan.")
    if not uraian.strip():
        raise Refused("Isi nama program, kegiatan, atau sub kegiatannya.")
    line, made = ensure_line(kind, year, unit_id, clean, " ".join(uraian.split()))
    if not made:
        raise Refused(f"Kode {clean} sudah ada: {line.uraian}.")
    trail.record(f"budget:{year}:{unit_id}", "menambah baris anggaran", subject(line), actor,
                 None, {"kode": clean, "uraian": line.uraian})  # fmt: skip
    return line


def remove_line(line: BudgetLine | AccountLine, actor: Actor) -> None:
    """Take a row away; Refused while rows stand below it or money is written in it."""
    kind: Kind = "programs" if isinstance(line, BudgetLine) else "accounts"
    mine = queries.rows(kind, line.year, line.unit_id)
    if any(r.uid != line.kode and rules.under(r.uid, line.kode) for r in mine):
        raise Refused(f"{line.kode} masih berisi baris di bawahnya. Hapus baris itu dahulu.")
    money = [k for k, sort in rules.fields(kind).items() if sort == "rupiah" and getattr(line, k)]
    if money:
        raise Refused(
            f"{line.kode} {line.uraian} masih berisi angka. Kosongkan angkanya dahulu, lalu hapus."
        )
    if isinstance(line, BudgetLine):
        for model in (BudgetPeriod, BudgetFund):
            db.session.execute(sa.delete(model).where(model.line_id == line.id))
    trail.record(f"budget:{line.year}:{line.unit_id}", "menghapus baris anggaran", subject(line),
                 actor, {"kode": line.kode, "uraian": line.uraian}, None)  # fmt: skip
    db.session.delete(line)
    db.session.flush()


def put_period(
    line: BudgetLine, period: str, realisasi: Decimal | None, capaian: Decimal | None, actor: Actor
) -> bool:
    """Realisasi and capaian of one triwulan; False when nothing changed."""
    found = queries.periods([line.id]).get((line.id, period))
    before = (found.realisasi, found.capaian) if found else (None, None)
    if before == (realisasi, capaian):
        return False
    if found is None:
        found = BudgetPeriod(line_id=line.id, period=period)
        db.session.add(found)
    found.realisasi, found.capaian = realisasi, capaian
    for name, old, new in (("realisasi", before[0], realisasi), ("capaian", before[1], capaian)):
        if old != new:
            key = f"{name}.{period}"
            rev = head(line, key)[0] + 1
            _note(line, key, rev, queries.spelled(old), queries.spelled(new), actor)
    db.session.flush()
    return True


def put_funds(line: BudgetLine, amounts: dict[str, Decimal], actor: Actor) -> None:
    """Sources of money of a line; Refused when they do not add up to its pagu."""
    whole = sum(amounts.values(), Decimal(0))
    if amounts and line.pagu is not None and whole != line.pagu:
        raise Refused(
            f"Jumlah sumber dana {queries.spelled(whole)} tidak sama dengan pagu "
            f"{queries.spelled(line.pagu)} pada {line.kode}."
        )
    before = {f.fund: queries.spelled(f.pagu) for f in queries.funds(line.id)}
    db.session.execute(sa.delete(BudgetFund).where(BudgetFund.line_id == line.id))
    for fund, pagu in amounts.items():
        db.session.add(BudgetFund(line_id=line.id, fund=fund[:60], pagu=pagu))
    after = {k: queries.spelled(v) for k, v in amounts.items()}
    if before != after:
        _note(line, "sumber_dana", head(line, "sumber_dana")[0] + 1, str(before), str(after), actor)
    db.session.flush()


def put_cash(
    year: int, unit_id: int, month: int, field: str, amount: Decimal | None, actor: Actor,
    run_id: int | None = None,
) -> bool:  # fmt: skip
    """Plan or realisasi of one month (1 to 12); False when nothing changed."""
    found = queries.cash(year, unit_id).get(month)
    if found is None:
        if amount is None:
            return False
        found = CashPlan(year=year, unit_id=unit_id, month=month)
        db.session.add(found)
        db.session.flush()
    before = getattr(found, field)
    if before == amount:
        return False
    setattr(found, field, amount)
    n = db.session.scalar(
        sa.select(sa.func.count()).select_from(BudgetRev)
        .where(BudgetRev.subject == subject(found), BudgetRev.field == field)
    )  # fmt: skip
    db.session.add(BudgetRev(
        subject=subject(found), field=field, n=(n or 0) + 1, before=queries.spelled(before),
        after=queries.spelled(amount), run_id=run_id, by_term_id=actor.term_id,
        by_label=actor.label, at=clock.now(),
    ))  # fmt: skip
    db.session.flush()
    return True
