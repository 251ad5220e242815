"""What should be told on a day: reads the sources and what was told, writes nothing.

Level-triggered: the same day gives the same list, however often it is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import sqlalchemy as sa
from flask import current_app

from portal import clock
from portal.clock import IsWorkday
from portal.db import db
from portal.indonesian import day_and_date
from portal.notices import absence, recipients
from portal.notices import ladder as ladders
from portal.notices.models import Explanation, Notice
from portal.notices.recipients import People
from portal.notices.rules import Rung, Standing, date_words, first_above, rungs_due, short_date
from portal.notices.sources import Subject, sources

Known = dict[tuple[str, int], dict[str, dict[int, date]]]  # (subject, cycle) -> rung -> person


@dataclass(frozen=True)
class Due:
    """One duty to tell one person in one jabatan."""

    subject: Subject
    rung: Rung
    position_id: int
    person_id: int
    unit_id: int | None  # of the desk
    title: str
    short: str
    new: bool = True

    @property
    def key(self) -> tuple[str, int, str, int]:
        """What makes a notice unique."""
        return (self.subject.key, self.subject.cycle, self.rung.key, self.person_id)


def all_due(today: date, is_workday: IsWorkday, people: People | None = None) -> list[Due]:
    """Everything that somebody must have been told by ``today``; ``new`` is not told yet."""
    ladder = ladders.present(today)
    people = people or recipients.on(today)
    subjects = [
        one for source in sources()
        for one in source.due(_limit(today, ladder.ladders[source.ladder].lead, is_workday), today)
    ]  # fmt: skip
    subjects = _held(subjects)
    known = _known({one.key for one in subjects})
    away = _away(subjects, known, today)
    out: list[Due] = []
    for one in subjects:
        rungs = ladder.ladders[one.ladder].rungs
        told = known.get((one.key, one.cycle), {})
        standing = Standing(one.due_on, {r: min(who.values()) for r, who in told.items()},
                            one.quiet_until, one.above_from,
                            away.counted(one.positions, is_workday))  # fmt: skip
        for rung in rungs_due(rungs, standing, today, ladder.response_days, is_workday):
            out += _each(one, rung, told.get(rung.key, {}), people, ladder, is_workday)
    return out


def _away(subjects: Iterable[Subject], known: Known, today: date) -> absence.Absences:
    """Leaves since the first holder was told, of the desks that were told."""
    told = {key: min(day for who in rungs.values() for day in who.values())
            for (key, _), rungs in known.items() if rungs}  # fmt: skip
    seats = {p for one in subjects if one.key in told for p in one.positions}
    return absence.load(seats, min(told.values(), default=today), today)


def _limit(today: date, lead: int, is_workday: IsWorkday) -> date:
    """The last day that any rung may look at from ``today``: working or calendar days."""
    return max(clock.add_workdays(today, lead, is_workday), today + timedelta(days=lead))


def _held(subjects: list[Subject]) -> list[Subject]:
    """Subjects with the promised day of an explanation: until then nobody asks again."""
    promised = _promised({one.key for one in subjects})
    return [
        replace(one, quiet_until=_later(one.quiet_until, promised.get(one.key)))
        if one.key in promised else one
        for one in subjects
    ]  # fmt: skip


def _later(one: date | None, two: date | None) -> date | None:
    return max((day for day in (one, two) if day is not None), default=None)


def _promised(keys: Collection[str]) -> dict[str, date]:
    """The promised day of each explanation that was given: until then nobody asks again."""
    found: dict[str, date] = {}
    for some in chunks(keys):
        rows = db.session.execute(
            sa.select(Explanation.subject, sa.func.max(Explanation.promised_on))
            .where(Explanation.subject.in_(some), Explanation.answered_at.is_not(None),
                   Explanation.promised_on.is_not(None))
            .group_by(Explanation.subject)
        )  # fmt: skip
        found.update({row[0]: row[1] for row in rows if row[1] is not None})
    return found


def chunks(keys: Collection[str], size: int = 400) -> Iterator[list[str]]:
    """Keys in portions that a database takes as parameters."""
    every = sorted(keys)
    for start in range(0, len(every), size):
        yield every[start : start + size]


def _known(keys: Collection[str]) -> Known:
    """What was told of these subjects: rung -> person -> local day."""
    zone = current_app.config["SELARAS"].zone
    known: Known = defaultdict(lambda: defaultdict(dict))
    for some in chunks(keys):
        rows = db.session.execute(
            sa.select(Notice.subject, Notice.cycle, Notice.rung, Notice.person_id, Notice.at)
            .where(Notice.subject.in_(some))
        )  # fmt: skip
        for row in rows:
            known[row.subject, row.cycle][row.rung][row.person_id] = clock.local(
                row.at, zone
            ).date()
    return known


def _each(
    one: Subject, rung: Rung, told: dict[int, date], people: People, ladder: ladders.Ladder,
    is_workday: IsWorkday,
) -> Iterable[Due]:  # fmt: skip
    unit = one.unit_id
    if unit is None and one.positions:
        unit = people.unit_of.get(one.positions[0])
    words = None
    for position in people.target(rung.to, one.positions, unit):
        for person in people.told(position):
            if words is None:
                words = _words(one, rung, people, unit, ladder, is_workday)
            yield Due(one, rung, position, person, unit, *words, new=person not in told)


def _words(
    one: Subject, rung: Rung, people: People, unit: int | None, ladder: ladders.Ladder,
    is_workday: IsWorkday,
) -> tuple[str, str]:  # fmt: skip
    answer = clock.add_workdays(people.today, ladder.answer_days, is_workday)
    words = {
        "pd": people.names.get(unit or 0, ""), **one.words, **date_words(one.due_on, people.today),
        "atasan": day_and_date(first_above(people.today, ladder.response_days - 1, is_workday)),
        "jawab": day_and_date(answer), "jawab_tgl": short_date(answer),
        "perbaikan": f", batas {day_and_date(one.due_on)}" if one.due_on else "",
        "perbaikan_tgl": f", perbaikan s.d. {short_date(one.due_on)}" if one.due_on else "",
    }  # fmt: skip
    text = ladders.text_of(one.ladder, rung.key)
    filled = defaultdict(str, words)
    return text["title"].format_map(filled)[:300], text["short"].format_map(filled)[:160]
