"""Writes what a sheet changes, through the same door as typing."""

from __future__ import annotations

from portal import uploads
from portal.figures import catalogue, flow, queries, rollup, sheet
from portal.figures.importing import Around, Plan, plan
from portal.people import queries as people
from portal.people.rules import Actor
from portal.uploads import Kind


def planned(
    data: bytes, name: str, year: int, actor: Actor, unit_id: int | None = None,
    behalf: bool = False,
) -> Plan:  # fmt: skip
    """Read a sheet and say what it would change; nothing is written.

    ``behalf`` (the command line) may write every element, with ``unit_id`` those that the unit
    owns; otherwise what the actor may type. uploads.Refused and sheet.SheetError carry sentences.
    """
    checked = uploads.check(data, name, uploads.SHEETS)
    rows = sheet.read(checked.data, checked.kind is Kind.CSV)
    return plan(rows, around(year, actor, unit_id, behalf))


def around(year: int, actor: Actor, unit_id: int | None = None, behalf: bool = False) -> Around:
    """What a plan is made against: two years in one statement, and who may write what."""
    book = catalogue.current()
    period = str(year)
    before = queries.previous_period(period)
    region = queries.region_id()
    found = queries.values_of(book.elements, [period, before], region)
    if behalf:
        duties = queries.writers_by_duty()
        mine = frozenset(
            e.key for e in book.elements.values()
            if unit_id is None or unit_id in queries.owners_in(duties, e)
        )  # fmt: skip
    else:
        mine = frozenset(e.key for e in queries.owned_elements(actor))
    owners = {key: names[0] for key, names in queries.owner_names(people.today()).items()}
    follows = rollup.following(book.elements, year, region, found[period])
    return Around(book, found[period], found[before], mine, owners, follows)


def apply(made: Plan, year: int, actor: Actor, behalf: bool = False) -> tuple[int, list[str]]:
    """Write a plan; returns how many fields were written, and sentences for those that were not.

    A field that somebody changed since the plan was made is left alone and reported.
    """
    region = queries.region_id()
    written, left = 0, []
    bumped: dict[str, int] = {}
    for change in made.changes:
        key = flow.DatumKey(change.element, region, str(year))
        base = bumped.get(change.element, change.base_rev)
        answer = flow.put(key, change.attr, change.new, base, actor, behalf=behalf)
        if answer.status == "ok":
            written += 1
            bumped[change.element] = answer.rev
        elif answer.status == "conflict":
            left.append(
                f"{change.title}: sementara itu diubah menjadi {answer.theirs} oleh "
                f"{answer.theirs_by}; tidak ditimpa."
            )
        elif answer.status == "refused":
            left.append(f"{change.title}: {answer.doubt}")
    return written, left
