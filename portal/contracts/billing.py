"""The payments that a contract foresees, and those that were agreed before it entered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from portal.contracts import terms
from portal.contracts.kinds import BILLING_LABELS, BillingKind
from portal.contracts.models import Billing, Contract


@dataclass(frozen=True)
class KnownBill:
    """A payment that was agreed before the contract entered: its Berita Acara Pembayaran.

    ``percent`` is the progress (0..100, cumulative) that it pays up to, ``amount`` rupiah.
    """

    percent: Decimal
    amount: Decimal
    on: date
    number: str


def bills(contract: Contract, retained: Decimal | None = None) -> list[Billing]:
    """The payments that the contract foresees, not stored yet, with equal parts.

    ``retained``: percent of the retensi where the SSKK sets another than the region.

    Percent is cumulative. Amounts are what the SP2D will pay before tax: the uang muka is taken
    off the termin that pay it back, and all of them sum up to the value. Termin are expected at
    equal distances over the time of the work.
    """
    out: list[Billing] = []

    def add(instance: str, kind: str, title: str, amount: Decimal, **more: Any) -> None:
        out.append(Billing(contract_id=contract.id, instance=instance, kind=kind, title=title,
                           position=len(out) + 1, amount=amount, **more))  # fmt: skip

    if contract.advance > 0:
        add("um", BillingKind.ADVANCE, BILLING_LABELS[BillingKind.ADVANCE], contract.advance)
    parts = contract.terms + 1
    share = Decimal(0)
    if contract.retention == "retensi":
        percent = terms.value("retensi", contract.signed_on) if retained is None else retained
        share = percent / 100
    held = _share(contract.value, share)
    part = _share(contract.value - contract.advance - held, Decimal(1) / parts)
    word = "Bulan" if contract.payment == "bulanan" else "Termin"
    span = (contract.ends_on - contract.starts_on).days
    for n in range(1, contract.terms + 1):
        add(
            f"t{n}", BillingKind.TERM, f"{word} {n}", part,
            percent=Decimal(100 * n) // parts,
            expected_on=contract.starts_on + timedelta(days=span * n // parts),
        )  # fmt: skip
    rest = contract.value - contract.advance - held - part * contract.terms
    add("akhir", BillingKind.FINAL, BILLING_LABELS[BillingKind.FINAL], rest, percent=Decimal(100))
    if held:
        add("retensi", BillingKind.RETENTION, BILLING_LABELS[BillingKind.RETENTION], held,
            percent=Decimal(100))  # fmt: skip
    return out


def _share(value: Decimal, share: Decimal) -> Decimal:
    return (value * share).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def with_known(found: list[Billing], value: Decimal, known: Mapping[str, KnownBill]) -> None:
    """Put what was agreed before into the bills; the last payment takes what is left."""
    for bill in found:
        paper = known.get(bill.instance)
        if paper is not None:
            bill.amount, bill.expected_on = paper.amount, paper.on
            bill.percent = paper.percent if bill.kind != BillingKind.ADVANCE else None
    last = next((b for b in found if b.kind == BillingKind.FINAL), None)
    if known and last is not None and last.instance not in known:
        others = sum((b.amount or Decimal(0) for b in found if b is not last), Decimal(0))
        last.amount = max(value - others, Decimal(0))
