"""On what the RAK of a board stands, and what contradicts itself, in sentences. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from portal.absorption.queries import Chosen, Line, short
from portal.absorption.rules import COARSE, FINE, SHARED, Clash
from portal.absorption.slices import FundRow
from portal.indonesian import MONTHS, rupiah

#: How many units are named before the rest is counted.
_NAMED = 4


def told(lines: Sequence[Line], chosen: Chosen) -> str:
    """``RAK: 8 PD menurut RAK rinci, 26 PD menurut RAK tingkat OPD.``; empty without any RAK."""
    count = Counter(line.stands for line in lines if line.stands)
    if not count:
        return ""
    what = f"RAK {chosen.fund}" if chosen.fund else "RAK"
    if len(lines) == 1:
        return f"{what} menurut {_ALONE[next(iter(count))]}."
    parts = [f"{count[key]} PD menurut {words}" for key, words in _SEVERAL.items() if count[key]]
    return f"{what}: {', '.join(parts)}."


_ALONE = {
    FINE: "RAK rinci per sub kegiatan dan sumber dana",
    COARSE: "RAK tingkat OPD; belum ada RAK rinci",
    SHARED: "porsi pagu dari RAK tingkat OPD, karena belum ada RAK rinci",
}
_SEVERAL = {
    FINE: "RAK rinci", COARSE: "RAK tingkat OPD",
    SHARED: "porsi pagu dari RAK tingkat OPD (belum ada RAK rinci)",
}  # fmt: skip


def clashes(lines: Sequence[Line]) -> str:
    """Which units have a RAK rinci and a RAK per OPD that contradict each other."""
    found = [x for x in lines if x.clash is not None and x.unit is not None]
    if not found:
        return ""
    if len(found) == 1 and len(lines) == 1:
        return ""
    names = ", ".join(
        f"{x.unit.short_name} ({_gap(x.clash)})" for x in found[:_NAMED] if x.unit and x.clash
    )
    more = f", dan {len(found) - _NAMED} PD lain" if len(found) > _NAMED else ""
    return (f"RAK rinci dan RAK tingkat OPD berbeda pada {names}{more}. Yang dipakai RAK "
            "rinci; keduanya tidak dijumlahkan.")  # fmt: skip


def _gap(clash: Clash) -> str:
    sign = "lebih" if clash.gap > 0 else "kurang"
    return f"rinci {sign} {short(abs(clash.gap))}"


def clash_words(name: str, clash: Clash, month: int) -> str:
    """The contradiction of one unit with both sums, and what to do."""
    fine, coarse = (
        (clash.fine_year, clash.coarse_year) if clash.in_year else (clash.fine_now,
                                                                    clash.coarse_now)
    )  # fmt: skip
    when = "setahun" if clash.in_year else f"sampai {MONTHS[month - 1]}"
    gap: Decimal = abs(fine - coarse)
    return (f"RAK rinci {name} {when} {rupiah(fine)}, sedangkan RAK tingkat OPD {rupiah(coarse)}: "
            f"berbeda {rupiah(gap)}. Semua papan memakai RAK rinci. Samakan keduanya, atau catat "
            "mengapa berbeda.")  # fmt: skip


def fund_words(whole: FundRow) -> str:
    """On what the RAK of the Rekap per Sumber Dana stands; ``whole`` is its last row."""
    if not whole.at.rak:
        return "RAK belum ada."
    if not whole.shared:
        return "RAK menurut RAK rinci per sub kegiatan dan sumber dana."
    if whole.shared == whole.at.rak:
        return ("RAK hanya ada di tingkat OPD dan tidak menyebut sumber dana; bagian setiap sumber "
                "mengikuti porsi pagunya.")  # fmt: skip
    return (f"RAK {short(whole.at.rak)}: {short(whole.at.rak - whole.shared)} menurut RAK rinci; "
            f"{short(whole.shared)} dari PD yang RAK-nya hanya tingkat OPD, dibagi menurut porsi "
            "pagu.")  # fmt: skip
