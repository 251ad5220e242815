"""Payments that an imported contract brings along: Berita Acara Pembayaran of LKPP's e-kontrak."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from portal import indonesian
from portal.contracts import plans
from portal.contracts.billing import KnownBill
from portal.contracts.models import Contract, StepState
from portal.contracts.reading import Bap
from portal.imports.planning import Change, PlanRow


def money(cells: Mapping[str, str], key: str, row: PlanRow) -> Decimal | None:
    """Rupiah of a cell; None and a problem of the row when it cannot be read."""
    text = cells.get(key, "")
    if not text:
        return None
    try:
        number = Decimal(text) if re.fullmatch(r"-?\d+(\.\d{1,2})?", text) else None
    except InvalidOperation:
        number = None
    if number is None:
        got = indonesian.read_number(text)
        number = got.value if got.sure else None
    if number is None or not 0 < number < Decimal("1e15"):
        row.problems.append(f"Nilai “{text}” belum benar. Contoh: 150.000.000,00")
        return None
    return number.quantize(Decimal("0.01"))


def read_day(text: str) -> date | None:
    """A date in any of the forms that arrive: ISO with a time, day first, Indonesian words."""
    text = re.sub(r"[T ]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:?\d{2})?$", "", text.strip())
    found = indonesian.read_date(text)
    return found if found and 2000 <= found.year <= 2100 else None


def read(baps: Iterable[Bap], row: PlanRow) -> dict[str, KnownBill]:
    """Berita Acara Pembayaran by instance: 0 % is the uang muka, 100 % the last payment, what
    lies between are termin in the order of their progress."""
    found: list[KnownBill] = []
    for bap in baps:
        on = read_day(bap.on)
        amount = money({"bap": bap.amount}, "bap", row)
        share = _share(bap.progress)
        if on is None or amount is None or share is None or not 0 <= share <= 100:
            row.notes.append(f"BAP {bap.number} tidak lengkap dan tidak dibaca.")
        else:
            found.append(KnownBill(share, amount, on, bap.number[:120]))
    out: dict[str, KnownBill] = {}
    terms = 0
    for bill in sorted(found, key=lambda b: (b.percent, b.on)):
        if bill.percent == 0 and not out:
            out["um"] = bill
        elif bill.percent == 100 and bill is max(found, key=lambda b: (b.percent, b.on)):
            out["akhir"] = bill
        else:
            terms += 1
            out[f"t{terms}"] = bill
    return out


def _share(text: str) -> Decimal | None:
    """``40``, ``40.5``, ``40,50 %`` as percent; None when it is none."""
    bare = text.replace("%", "").strip() or "0"
    if re.fullmatch(r"\d{1,3}(\.\d+)?", bare):
        return Decimal(bare)
    found = indonesian.read_number(bare)
    return found.value if found.sure else None


def how(cells: Mapping[str, str], bills: Mapping[str, KnownBill]) -> dict[str, Any]:
    """Kind of payment, number of termin, uang muka."""
    terms = sum(1 for i in bills if i[0] == "t")
    words = cells.get("bayar", "").lower()
    kind = "bulanan" if "bulan" in words else "termin" if terms or "termin" in words else (
        "sekaligus")  # fmt: skip
    advance = bills["um"].amount if "um" in bills else Decimal(0)
    return {"payment": kind, "terms": terms, "advance": advance}


def _words(bill: KnownBill) -> str:
    share = indonesian.number(bill.percent, 2)
    return f"{indonesian.long_date(bill.on)}, {share} %, {indonesian.rupiah(bill.amount)}"


def tell(bills: Mapping[str, KnownBill], row: PlanRow) -> None:
    """Say in the preview what a new contract brings along."""
    row.changes += [Change(f"bap{i}", f"BAP {b.number}", "", _words(b)) for i, b in bills.items()]
    if bills:
        row.notes.append("SPP sampai SP2D dari BAP terakhir menunggu dicatat; yang sebelumnya Data "
                         "awal.")  # fmt: skip


def again(
    stood: Contract, bills: Mapping[str, KnownBill], row: PlanRow
) -> tuple[dict[str, tuple[date, str]], dict[str, KnownBill]]:
    """A BAP that came since: its bill is closed, and its amount is the one that was agreed.

    Returns what is finished (node id -> day, number) and the bills by instance.
    """
    stored = {b.instance for b in stood.billings}
    steps = {plans.node_of(s): s for s in stood.steps}
    known: dict[str, tuple[date, str]] = {}
    out: dict[str, KnownBill] = {}
    for instance, bill in bills.items():
        step = steps.get(f"tagihan@{instance}")
        if instance not in stored:
            row.notes.append(f"BAP {bill.number} belum punya berkas bayar; perbaiki jumlah termin "
                             "atau uang muka pada data kontrak.")  # fmt: skip
        elif step is not None and step.state == StepState.OPEN and step.ready_on is not None:
            out[instance], known[f"tagihan@{instance}"] = bill, (bill.on, bill.number)
            row.changes.append(Change(f"bap{instance}", f"BAP {bill.number}", "", _words(bill)))
    return known, out
