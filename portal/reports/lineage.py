"""Which part of last year's book a part of this year's book continues, when formats changed."""

from __future__ import annotations

from functools import lru_cache

from portal.outlines import loader
from portal.outlines.compare import Compared, Match, compare, same_format
from portal.reports.models import Report


def compared(report: Report, before: Report) -> Compared | None:
    """The formats of two reports of one kind side by side; None when a file is gone."""
    known = loader.current()
    try:
        stamp = tuple(known.digest(r.kind, r.edition) for r in (before, report))
    except KeyError:
        return None
    return _compared(report.kind, before.edition, report.edition, stamp)


@lru_cache(maxsize=16)
def _compared(kind: str, old: str, new: str, _stamp: tuple[str, ...]) -> Compared:
    known = loader.current()
    if old == new:
        return same_format(known.edition(kind, new))
    return compare(known.edition(kind, old), known.edition(kind, new))


def match_of(report: Report, before: Report, part_key: str) -> Match | None:
    """Where a part of ``report`` finds its content in ``before``; None = nowhere.

    A key that changed its meaning finds nothing: what stood there answered another question.
    """
    if report.edition == before.edition:
        return Match(part_key, part_key)
    found = compared(report, before)
    if found is None:
        return Match(part_key, part_key)
    if found.new.code != report.edition:  # this year's book keeps the older format
        back = {m.was: key for key, m in found.carries.items()}
        return Match(part_key, back[part_key]) if part_key in back else None
    return found.carries.get(part_key)


def item_of(report: Report, before: Report, repeat: str) -> str | None:
    """Under which item last year's book kept what stands here under ``repeat``; None = nowhere.

    An item whose key was given to another thing, or whose meaning changed, finds nothing.
    """
    if not repeat or report.edition == before.edition:
        return repeat
    found = compared(report, before)
    if found is None:
        return repeat
    if found.new.code != report.edition:  # this year's book keeps the older format
        back = {was: key for key, was in found.items.items()}
        return back.get(repeat, None if repeat in {*found.items, *found.dropped} else repeat)
    if repeat in found.dropped or (repeat in found.items.values() and repeat not in found.items):
        return None
    return found.items.get(repeat, repeat)
