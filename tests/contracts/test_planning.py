"""Templates of every type and method, and the dates that come from them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.clock import add_workdays, workdays_between
from portal.contracts import planning, stages
from portal.contracts.kinds import PAIRS
from portal.contracts.planning import Anchors, Bill, Days, Facts, Slot
from portal.contracts.stages import Limit
from portal.people.workdays import WorkCalendar

FOLDER = Path(__file__).parents[2] / "reports_templates" / "contracts"
NEWEST = "perpres-46-2025"
ALL = frozenset({"um", "jamlak", "pemeliharaan", "dak", "optional"})
CALENDAR = WorkCalendar()
DAYS = Days(CALENDAR.is_workday)
FINAL = Bill("akhir", "akhir", "Pembayaran akhir")


def nodes(
    kind: str, method: str, detail: str, facts: Facts, **limits: Limit
) -> list[planning.Node]:
    library = stages.load(FOLDER)
    found = library.of(kind, method, NEWEST, detail)
    keys = [s.key for s in found]
    marks = {m: library.marked(m, keys) for m in library.marks}
    return planning.expand(found, facts, marks, limits)


def dates(found: list[planning.Node], anchors: Anchors, done: dict[str, date] | None = None,
          ) -> dict[str, planning.Planned]:  # fmt: skip
    slots = [
        Slot(n.id, n.after, n.mode, n.days, n.kind, n.stage.roll, 0, (done or {}).get(n.id))
        for n in found
    ]
    return planning.schedule(slots, anchors, DAYS)


def anchors(signed: date, ends: date, **more: Any) -> Anchors:
    return Anchors(signed.year, signed, signed, signed, ends, **more)


def pairs() -> list[tuple[str, str]]:
    return [(k, m) for k, methods in PAIRS.items() for m in methods if m != "swakelola"]


@pytest.mark.parametrize(("kind", "method"), pairs())
def test_every_pair_has_its_chain_in_both_details(kind: str, method: str) -> None:
    """65 to 104 rows with all events (contracts.md 2), no dangling reference, and few tonggak."""
    library = stages.load(FOLDER)
    fine = library.of(kind, method, NEWEST, "rinci")
    assert 60 <= len(fine) <= 104  # SCM and SP stand apart
    assert len({s.key for s in fine}) == len(fine)
    found = nodes(kind, method, "rinci", Facts((FINAL,), (2026,), ALL))
    ids = {n.id for n in found}
    for node in found:
        assert all(t[0] == "^" or t.lstrip("~") in ids for t in node.after), node
    short = nodes(kind, method, "tonggak", Facts((FINAL,), (2026,)))
    expected = {"pengadaan_langsung": (5, 6), "e_purchasing": (4, 4)}.get(method, (10, 14))
    assert expected[0] <= len(short) <= expected[1]


def test_rows_of_the_rule_of_2018_stay_with_its_contracts() -> None:
    library = stages.load(FOLDER)
    assert "pphp" in {s.key for s in library.of("barang", "tender", "perpres-16-2018", "rinci")}
    assert "pphp" not in {s.key for s in library.of("barang", "tender", NEWEST, "rinci")}
    assert library.rule_on(date(2020, 5, 1)).key == "perpres-16-2018"
    assert library.rule_on(date(2026, 5, 1)).ceiling("konstruksi") == 400_000_000
    assert library.rule_on(date(2024, 5, 1)).ceiling("konstruksi") == 200_000_000


def test_the_payment_chain_repeats_for_every_bill() -> None:
    bills = (Bill("um", "uang_muka", "Uang muka"),
             Bill("t1", "termin", "Termin 1", None, date(2026, 5, 1)), FINAL,
             Bill("retensi", "retensi", "Retensi"))  # fmt: skip
    found = nodes("konstruksi", "tender", "tonggak", Facts(bills, (2026,), ALL))
    ids = [n.id for n in found]
    assert [i for i in ids if i.startswith("sp2d")] == [
        "sp2d@um", "sp2d@t1", "sp2d@akhir", "sp2d@retensi"]  # fmt: skip
    after = {n.id: n.after for n in found}
    assert after["tagihan@um"][0] == "kontrak"
    assert "^tagih:t1" in after["tagihan@t1"]
    assert "bast" in after["tagihan@akhir"] and "~tagihan@t1" in after["tagihan@akhir"]
    assert "fho" in after["tagihan@retensi"]
    assert ids.index("fho") < ids.index("tagihan@retensi")


def test_worked_example_of_a_direct_contract() -> None:
    """SPK Monday 2 March 2026: SPMK 14 working days later, past Nyepi and Idul Fitri."""
    found = nodes("barang", "pengadaan_langsung", "tonggak", Facts((FINAL,)))
    at = anchors(date(2026, 3, 2), date(2026, 5, 29))
    first = dates(found, at)
    assert [n.id for n in found] == ["spk", "spmk", "bast", "spp@akhir", "sp2d@akhir"]
    assert first["spk"].due == date(2026, 3, 2)
    assert first["spmk"].due == CALENDAR.add(date(2026, 3, 2), 14) == date(2026, 3, 27)
    assert first["bast"].due == date(2026, 5, 29)
    assert first["spp@akhir"].due == CALENDAR.add(date(2026, 5, 29), 7)
    later = dates(found, at, {"bast": date(2026, 6, 9)})
    assert later["spp@akhir"].due == CALENDAR.add(date(2026, 6, 9), 7)


def test_working_day_vectors() -> None:
    """contracts.md 3.10."""
    assert DAYS.workdays(date(2026, 3, 13), 5) == date(2026, 3, 27)
    assert DAYS.workdays(date(2025, 3, 26), 2) == date(2025, 4, 8)
    assert DAYS.between(date(2026, 3, 13), date(2026, 3, 27)) == 5


@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.integers(-40, 80))
@settings(max_examples=60, deadline=None)
def test_the_day_table_counts_as_the_clock_does(start: date, count: int) -> None:
    assert DAYS.workdays(start, count) == add_workdays(start, count, CALENDAR.is_workday)
    end = start + timedelta(days=abs(count))
    assert DAYS.between(start, end) == workdays_between(start, end, CALENDAR.is_workday)


def test_calendar_days_roll_forward_and_year_end_rolls_back() -> None:
    saturday = date(2026, 5, 30)
    assert DAYS.add(saturday - timedelta(days=7), 7, "kalender") == date(2026, 6, 2)
    assert DAYS.add(saturday - timedelta(days=7), 7, "kalender", "tidak") == saturday
    assert DAYS.rolled(date(2027, 12, 31), "mundur") == date(2027, 12, 31)
    assert DAYS.rolled(date(2026, 12, 13), "mundur") == date(2026, 12, 11)
    assert planning.add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)


def test_a_step_without_a_limit_takes_the_slack_to_the_next_dated_one() -> None:
    found = nodes("konstruksi", "tender", "rinci", Facts((FINAL,), (2026,), ALL))
    plan = dates(found, anchors(date(2026, 3, 2), date(2026, 8, 28)))
    assert plan["berkas_spp@akhir"].due is None
    assert plan["berkas_spp@akhir"].plan == plan["spp@akhir"].due
    assert plan["lapangan"].due is None and plan["lapangan"].plan == plan["spmk"].due


def test_limits_of_the_region_and_of_one_contract_replace_the_default() -> None:
    ten = Limit(10, "kalender", "SSKK 12.3")
    found = nodes("barang", "pengadaan_langsung", "tonggak", Facts((FINAL,)), spp=ten)
    node = next(n for n in found if n.id == "spp@akhir")
    assert (node.days, node.kind, node.basis) == (10, "kalender", "SSKK 12.3")
    fixed = nodes("barang", "tender", "tonggak", Facts((FINAL,)),
                  pemenang=Limit(None, basis="jadwal SPSE", on=date(2026, 4, 6)))  # fmt: skip
    plan = dates(fixed, anchors(date(2026, 3, 2), date(2026, 8, 28)))
    assert plan["pemenang"].due == date(2026, 4, 6)


def test_a_running_contract_gets_its_grace_from_go_live() -> None:
    found = nodes("barang", "pengadaan_langsung", "tonggak", Facts((FINAL,)))
    at = anchors(date(2026, 1, 5), date(2026, 3, 6), floor=date(2026, 6, 10))
    plan = dates(found, at, {"spk": date(2026, 1, 5), "spmk": date(2026, 1, 12)})
    assert plan["bast"].due == DAYS.workdays(date(2026, 6, 10), planning.GRACE)


@given(
    st.sampled_from(sorted(pairs())), st.sampled_from(["tonggak", "rinci"]),
    st.dates(date(2025, 1, 2), date(2026, 10, 1)), st.integers(20, 500), st.integers(0, 4),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_nothing_is_due_before_what_it_counts_from(
    pair: tuple[str, str], detail: str, signed: date, lasts: int, terms: int
) -> None:
    ends = signed + timedelta(days=lasts)
    expected = {
        f"t{n}": signed + timedelta(days=lasts * n // (terms + 1)) for n in range(1, terms + 1)
    }
    bills = (*(Bill(i, "termin", i, None, d) for i, d in expected.items()), FINAL)
    found = nodes(*pair, detail, Facts(bills, (signed.year, ends.year), ALL))
    plan = dates(found, anchors(signed, ends, bills=expected))
    assert len(plan) == len(found)
    for node in found:
        if node.mode in ("max", "target"):
            due = plan[node.id].due
            assert due is not None and CALENDAR.is_workday(due)
            counted = [t for t in node.after if t[0] not in "^~"]
            assert all(due >= plan[t].ends for t in counted)


def test_a_template_that_counts_from_nowhere_is_refused() -> None:
    bad = stages.Stage(1, "a", "4_kontrak", "A", "ppk", mode="max", after=("^nowhere",), days=1,
                       kind="kerja")  # fmt: skip
    with pytest.raises(stages.TemplateError, match="nowhere"):
        stages.check([bad])
