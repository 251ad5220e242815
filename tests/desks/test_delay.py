"""Whose days the delay of a contract is: worked examples, then what holds for every contract.

Day n of the examples is the n-th working day of a calendar without days off.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.contracts.planning import Days
from portal.desks.delay import Account, Fate, Link, Stay, Stop, account
from portal.desks.kinds import UNKNOWN

START = date(2026, 3, 2)


def day(n: int) -> date:
    return START + timedelta(days=n)


def count(first: date, last: date) -> int:
    return (last - first).days


def run(links: list[Link], today: int) -> Account:
    return account(links, day(today), count, lambda _: True)


def step(
    key: str, desk: str, plan: int, due: int | None, done: int | None = None,
    after: str = "", **more: object,
) -> Link:  # fmt: skip
    return Link(
        key, int(key[1:]), desk, day(plan), None if due is None else day(due),
        None if done is None else day(done), day(0), tuple(after.split()), **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_nobody_is_late_before_the_limit() -> None:
    assert run([step("s1", "penyedia", 10, 10)], 10) == Account(0, ("s1",), (), {})
    assert run([step("s1", "penyedia", 10, 10)], 13).by_owner() == {"penyedia": 3}


def test_who_gets_the_file_late_and_keeps_to_the_limit_adds_nothing() -> None:
    """Bill 4 days late; the bendahara has 5 days and is within them, past the planned day."""
    chain = [
        step("s1", "penyedia", 10, 10, 14),
        step("s2", "bendahara", 15, 19, None, "s1"),
    ]
    for today in (15, 16, 19):
        assert run(chain, today).by_owner() == {"penyedia": 4}
    late = run(chain, 21)
    assert (late.days, late.by_owner()) == (6, {"penyedia": 4, "bendahara": 2})


def test_two_parallel_late_steps_only_the_driving_one_counts() -> None:
    """Guarantee (planned 8) and survey (planned 12) wait for the same start; both are late."""
    links = [
        step("s1", "ppk_pptk", 5, 5, 5),
        step("s2", "penyedia", 8, 8, None, "s1"),
        step("s3", "pengawas", 12, 12, None, "s1"),
        step("s4", "ppk_pptk", 15, 15, None, "s2 s3"),
    ]
    found = run(links, 14)
    assert (found.days, found.driving, found.by_owner()) == (6, "s2", {"penyedia": 6})
    assert found.beside == {"s3": 2}
    done = [links[0], step("s2", "penyedia", 8, 8, 15, "s1"), *links[2:]]
    after = run(done, 16)
    assert (after.days, after.driving, after.by_owner()) == (4, "s3", {"pengawas": 4})


def test_the_chain_follows_the_predecessor_that_was_done_last() -> None:
    links = [
        step("s1", "penyedia", 8, 8, 15),
        step("s2", "pengawas", 12, 12, 18),
        step("s3", "ppk_pptk", 15, 21, None, "s1 s2"),
    ]
    found = run(links, 22)
    assert found.chain == ("s2", "s3")
    assert (found.days, found.by_owner()) == (7, {"pengawas": 6, "ppk_pptk": 1})


def test_time_made_up_takes_the_oldest_late_days_off() -> None:
    links = [
        step("s1", "penyedia", 10, 10, 14),  # 4 late
        step("s2", "bendahara", 15, 19, 21, "s1"),  # 2 more
        step("s3", "ppk_skpd", 20, 26, 23, "s2"),  # 3 made up
    ]
    found = run(links, 23)
    assert (found.days, found.by_owner()) == (3, {"bendahara": 2, "penyedia": 1})


def test_days_of_a_pause_are_nobodys_desk() -> None:
    """Two days allowed; SIPD down for three of the five days the file lay there."""
    pause = Stop(7, day(11), day(13), "sistem")
    found = run([step("s1", "bpkad_bud", 12, 12, 16, stops=(pause,))], 16)
    # 16 days since day 0: 12 allowed, 3 paused, 1 too many
    assert (found.days, found.by_owner()) == (4, {"sistem": 3, "bpkad_bud": 1})
    short = [
        step("s1", "bendahara", 10, 10, 10),
        step("s2", "bpkad_bud", 12, 12, 15, "s1", stops=(pause,)),
    ]
    inside = run(short, 15)
    assert (inside.days, inside.by_owner()) == (3, {"sistem": 3})
    assert [c.stop for c in inside.charges] == [7]


def test_a_returned_file_counts_where_it_lies() -> None:
    stays = (Stay(day(10), "ppk_skpd"), Stay(day(12), "bendahara"), Stay(day(16), "ppk_skpd"))
    links = [
        step("s1", "bendahara", 10, 10, 10),
        step("s2", "ppk_skpd", 12, 12, 18, "s1", stays=stays),
    ]
    found = run(links, 18)
    assert found.days == 6
    assert found.by_owner() == {"bendahara": 4, "ppk_skpd": 2}


def test_a_step_without_a_limit_takes_the_slack_and_no_more() -> None:
    links = [step("s1", "ppk_pptk", 5, 5, 9), step("s2", "pengawas", 8, None, None, "s1")]
    assert run(links, 9).by_owner() == {"ppk_pptk": 1}  # planned until day 8, began on day 9
    assert run(links, 11).by_owner() == {"pengawas": 2, "ppk_pptk": 1}


def test_days_that_nobody_stands_for_are_unknown() -> None:
    """The limit counts from a later receipt than what came before was done."""
    links = [step("s1", "bendahara", 5, 5, 5), step("s2", "bpkad_bud", 7, 10, None, "s1")]
    assert run(links, 11).by_owner() == {UNKNOWN: 3, "bpkad_bud": 1}


def test_data_awal_is_charged_to_nobody_and_void_steps_are_walked_through() -> None:
    links = [
        step("s1", "penyedia", 2, 2, 30, fate=Fate.BEFORE),
        step("s2", "ppk_pptk", 40, 40, 43, "s1"),
        step("s3", "pengawas", 42, 42, None, "s2", fate=Fate.VOID),
        step("s4", "bendahara", 45, 48, None, "s3"),
    ]
    found = run(links, 49)
    assert found.chain == ("s2", "s4")
    assert found.by_owner() == {"ppk_pptk": 3, "bendahara": 1}


def test_a_finished_contract_keeps_the_delay_of_its_last_step() -> None:
    links = [step("s1", "penyedia", 10, 10, 14), step("s2", "bendahara", 15, 19, 20, "s1")]
    assert run(links, 20) == run(links, 200)
    assert run(links, 200).by_owner() == {"penyedia": 4, "bendahara": 1}


def test_optional_rows_never_drive() -> None:
    links = [step("s1", "penyedia", 3, 3, counts=False), step("s2", "bendahara", 30, 30)]
    found = run(links, 12)
    assert (found.days, found.driving, found.beside) == (0, "s2", {"s1": 9})


# --- what holds for every contract --------------------------------------------------------------

DESKS = ("penyedia", "ppk_pptk", "bendahara", "ppk_skpd", "bpkad_bud")
WEEK = Days(lambda d: d.weekday() < 5)


@st.composite
def contracts(draw: st.DrawFn) -> list[Link]:
    """A contract as it may have run: parallel steps, late and early, pauses, returned files."""
    out: list[Link] = []
    size = draw(st.integers(1, 12))
    for n in range(size):
        before = draw(st.lists(st.sampled_from(range(n)), max_size=2, unique=True)) if n else []
        plan = max([(out[b].plan or START for b in before)][0], default=START) if before else START
        took = draw(st.integers(0, 8))
        planned = WEEK.workdays(plan, took)
        ends = [out[b].done for b in before]
        arrived = max((e for e in ends if e), default=START)
        ready = all(e is not None for e in ends)
        done = None
        if ready and draw(st.integers(0, 9)) < 8:
            done = arrived + timedelta(days=draw(st.integers(0, 25)))
        due = None
        if draw(st.integers(0, 9)) < 8:
            due = WEEK.workdays(arrived if ready else planned, took)
        stops = tuple(
            Stop(i, at := arrived + timedelta(days=draw(st.integers(0, 9))),
                 draw(st.none() | st.integers(0, 9).map(lambda k, at=at: at + timedelta(days=k))),
                 draw(st.sampled_from(("sistem", "kas_transfer", "luar"))))
            for i in range(draw(st.integers(0, 2)))
        )  # fmt: skip
        stays = tuple(
            Stay(arrived + timedelta(days=k), draw(st.sampled_from((*DESKS, UNKNOWN))))
            for k in sorted(draw(st.lists(st.integers(0, 12), max_size=2)))
        )
        fate = draw(st.sampled_from((Fate.LIVE,) * 8 + (Fate.BEFORE, Fate.VOID)))
        out.append(
            Link(f"s{n}", n, draw(st.sampled_from(DESKS)), planned, due, done, START,
                 tuple(f"s{b}" for b in before), fate, draw(st.integers(0, 9)) < 8, stays, stops)
        )  # fmt: skip
    return out


def whole(links: list[Link], driving: str, today: date) -> int:
    """The delay of the whole as the eye counts it: the driving step against its planned day."""
    one = next(each for each in links if each.id == driving)
    assert one.plan is not None
    if one.done is not None and one.done <= today:
        return max(0, WEEK.between(one.plan, one.done))
    starts = [each.done for each in links if each.done and each.done <= today]
    own = one.due or max(one.plan, *starts, one.plan)
    return max(0, WEEK.between(one.plan, max(today, own)))


@settings(max_examples=300, deadline=None)
@given(contracts(), st.integers(0, 120))
def test_the_days_of_all_desks_and_pauses_are_the_delay_of_the_whole(
    links: list[Link], ahead: int
) -> None:
    today = START + timedelta(days=ahead)
    found = account(links, today, WEEK.between, lambda d: d.weekday() < 5)
    assert sum(c.days for c in found.charges) == found.days
    assert sum(found.by_owner().values()) == found.days
    assert all(c.days > 0 for c in found.charges)
    assert all(c.step in found.chain for c in found.charges)
    if not found.chain:
        return
    last = next(one for one in links if one.id == found.driving)
    if last.due is not None and all(
        one.done is None or last.due >= one.done for one in links if one.id in last.after
    ):
        assert found.days == whole(links, found.driving, today)
    by_step: dict[str, int] = {}
    for charge in found.charges:
        if charge.owner != UNKNOWN:
            by_step[charge.step] = by_step.get(charge.step, 0) + charge.days
    for link in links:
        if link.due is None or link.id not in by_step:
            continue
        end = link.done if link.done and link.done <= today else today
        assert by_step[link.id] <= WEEK.between(link.due, end), "charged before its own limit"


@settings(max_examples=200, deadline=None)
@given(contracts(), st.integers(0, 80), st.integers(1, 10))
def test_while_the_same_step_drives_the_delay_never_shrinks(
    links: list[Link], ahead: int, more: int
) -> None:
    one = account(links, day(ahead), WEEK.between, lambda d: d.weekday() < 5)
    two = account(links, day(ahead + more), WEEK.between, lambda d: d.weekday() < 5)
    last = next((each for each in links if each.id == one.driving), None)
    open_still = last is not None and (last.done is None or last.done > day(ahead + more))
    if one.chain == two.chain and open_still:  # finished before its limit, it makes time up
        assert two.days >= one.days


@pytest.mark.parametrize("today", [START, date(2027, 1, 1)])
def test_a_contract_without_steps_has_no_delay(today: date) -> None:
    assert account([], today, count, lambda _: True) == Account()
