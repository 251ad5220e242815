"""The clock has an owner: every day by which a contract is late lies with one desk or one pause.

Pure: steps, pauses, today and the calendar are handed in. All counts are working days.

*Delay of the whole* on a day D: where the contract stands on its driving chain against the formal
plan. The driving step is the open step with the earliest plan among those that the end waits for
(ties by order); when all is done, the one that was done last. Its delay is the working days from
its planned day to D, or to its own limit while that has not passed, never below 0.

*Whose days*: backwards along the chain (each step waited for the predecessor that was done last)
every step hands its late days on. A step that is given its file late and keeps to its own limit
adds nothing. What it adds is a list of days in their order: each day beyond what its limit allows
its own desk, and each day on which the file lay elsewhere or a recorded pause ran. A step that
makes up time takes the oldest late days off the list. So the list is always as long as the delay.
Lateness of a parallel step is shown beside it and never added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from portal.desks.kinds import UNKNOWN

#: Working days after the first date up to and with the second; negative when it is earlier.
Count = Callable[[date, date], int]
IsWorkday = Callable[[date], bool]


class Fate(StrEnum):
    """What became of a step."""

    LIVE = "live"  # open, or done on ``done``
    BEFORE = "before"  # Data awal: charged to nobody, the chain begins after it
    VOID = "void"  # does not happen: what it waited for is waited for instead


@dataclass(frozen=True)
class Stay:
    """From this day on the file lay on that desk (``UNKNOWN``: on its way, not acknowledged)."""

    since: date
    owner: str


@dataclass(frozen=True)
class Stop:
    """A recorded pause: both days belong to it; ``until`` None while it lasts."""

    id: int
    since: date
    until: date | None
    owner: str

    def covers(self, day: date) -> bool:
        """Whether the clock stood still on that day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Link:
    """One step as the clock sees it. ``due`` is its own limit, None when it has none."""

    id: str
    order: int
    desk: str
    plan: date | None
    due: date | None
    done: date | None = None
    since: date | None = None  # not before this day on a desk (go-live, first of its chain)
    after: tuple[str, ...] = ()
    fate: Fate = Fate.LIVE
    counts: bool = True  # False: optional rows, events, year-end rows: the end does not wait
    stays: tuple[Stay, ...] = ()
    stops: tuple[Stop, ...] = ()


@dataclass(frozen=True)
class Charge:
    """Days in a row on the driving chain that lie with one owner; ``stop`` names the pause."""

    owner: str
    days: int
    step: str
    stop: int | None = None


@dataclass(frozen=True)
class Account:
    """The delay of a contract on a day, whose it is, and late steps beside the chain."""

    days: int = 0
    chain: tuple[str, ...] = ()
    charges: tuple[Charge, ...] = ()
    beside: Mapping[str, int] = field(default_factory=dict)  # step -> working days past its limit

    @property
    def driving(self) -> str:
        """The step at which the contract stands; "" for a contract without steps."""
        return self.chain[-1] if self.chain else ""

    def by_owner(self) -> dict[str, int]:
        """Working days per desk category, the largest first."""
        sums: Counter[str] = Counter()
        for charge in self.charges:
            sums[charge.owner] += charge.days
        return dict(sorted(sums.items(), key=lambda p: (-p[1], p[0])))


_Day = tuple[str, str, int | None]  # owner, step, pause


def account(links: Sequence[Link], today: date, count: Count, is_workday: IsWorkday) -> Account:
    """Whose days the delay of a contract is, on a day (working days; see the module)."""
    web = _Web(links, today, count, is_workday)
    last = web.driving()
    if last is None:
        return Account()
    chain = web.chain(last)
    days: list[_Day] = []
    for before, link in zip([None, *chain], chain, strict=False):
        days = web.handed_on(link, before, days)
    beside = {
        one.id: late for one in web.open()
        if one.id != last.id and one.due and (late := count(one.due, today)) > 0
    }  # fmt: skip
    return Account(len(days), tuple(c.id for c in chain), _runs(days), beside)


def _runs(days: Sequence[_Day]) -> tuple[Charge, ...]:
    out: list[Charge] = []
    for owner, step, stop in days:
        last = out[-1] if out else None
        if last and (last.owner, last.step, last.stop) == (owner, step, stop):
            out[-1] = Charge(owner, last.days + 1, step, stop)
        else:
            out.append(Charge(owner, 1, step, stop))
    return tuple(out)


class _Web:
    """The steps of one contract on one day."""

    def __init__(
        self, links: Sequence[Link], today: date, count: Count, is_workday: IsWorkday
    ) -> None:
        self.today, self.count, self.is_workday = today, count, is_workday
        self.links = sorted(links, key=lambda one: one.order)
        self.by_id = {one.id: one for one in links}

    def done(self, link: Link) -> date | None:
        """The day on which it was done, None when that is after today."""
        return link.done if link.done is not None and link.done <= self.today else None

    def before(self, link: Link) -> list[Link]:
        """What it waits for; through steps that do not happen, up to Data awal."""
        out: dict[str, Link] = {}
        todo, seen = [*link.after], set()
        while todo:
            one = self.by_id.get(todo.pop(0).lstrip("~"))
            if one is None or one.id in seen:
                continue
            seen.add(one.id)
            if one.fate is Fate.VOID:
                todo += one.after
            elif one.fate is Fate.LIVE:
                out[one.id] = one
        return sorted(out.values(), key=lambda each: each.order)

    def open(self) -> list[Link]:
        """Steps that lie on a desk today."""
        return [
            one for one in self.links
            if one.fate is Fate.LIVE and self.done(one) is None
            and all(self.done(each) is not None for each in self.before(one))
        ]  # fmt: skip

    def driving(self) -> Link | None:
        """The open step with the earliest plan that the end waits for, else the last one done."""
        waiting = [one for one in self.open() if one.counts and one.plan is not None]
        if waiting:
            return min(waiting, key=lambda one: (one.plan or date.max, one.order))
        over = [
            one for one in self.links
            if one.counts and one.fate is Fate.LIVE and self.done(one) and one.plan is not None
        ]  # fmt: skip
        return max(over, key=lambda one: (self.done(one) or date.min, -one.order), default=None)

    def chain(self, last: Link) -> list[Link]:
        """From the first step to ``last``: each waited for the predecessor that was done last."""
        out = [last]
        while True:
            over = [one for one in self.before(out[0]) if self.done(one) and one.plan]
            if not over:
                return out
            out.insert(0, max(over, key=lambda one: (self.done(one) or date.min, -one.order)))

    def handed_on(self, link: Link, before: Link | None, days: list[_Day]) -> list[_Day]:
        """The late days after ``link``: those it was handed, those it added, less those made up."""
        plan = link.plan or self.today
        end = self.done(link) or self.today
        start = (self.done(before) if before else None) or link.since
        own = link.due if link.due is not None else max(plan, start or plan)
        own = max(own, start) if start else own
        end = end if self.done(link) else max(end, own)
        came = self.count(plan, own)
        base = _last(days, came, link.id) if came > 0 else []
        added = self._added(link, start or own, own, end)
        return _last(base + added, max(0, self.count(plan, end)), link.id)

    def _added(self, link: Link, start: date, own: date, end: date) -> list[_Day]:
        """The days by which a step overran its own limit, each with its owner, in order."""
        over = self.count(own, end)
        if over <= 0:
            return []
        allowed = max(0, self.count(start, own))
        out: list[_Day] = []
        day = start
        while day < end:
            day += timedelta(days=1)
            if not self.is_workday(day):
                continue
            owner, stop = self._owner(link, day)
            if stop is None and owner == link.desk and allowed > 0:
                allowed -= 1
            else:
                out.append((owner, link.id, stop))
        return _last(out, over, link.id)

    @staticmethod
    def _owner(link: Link, day: date) -> tuple[str, int | None]:
        stop = next((s for s in link.stops if s.covers(day)), None)
        if stop is not None:
            return stop.owner, stop.id
        owner = link.desk
        for stay in link.stays:
            if stay.since <= day:
                owner = stay.owner
        return owner, None


def _last(days: list[_Day], wanted: int, step: str) -> list[_Day]:
    """The newest ``wanted`` days; days that nobody stands for are UNKNOWN and come first."""
    if wanted <= 0:
        return []
    lacking = wanted - len(days)
    if lacking > 0:
        return [(UNKNOWN, step, None)] * lacking + days
    return days[-wanted:]
