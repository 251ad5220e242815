"""What the pages of SAKIP share: year and unit of the address, numbers of forms, small papers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import abort, request, url_for

from portal.documents import compile_fed
from portal.documents.tree import Document, Marks, Unit
from portal.indonesian import number, read_number
from portal.people import queries as people
from portal.people.region import region
from portal.people.rules import UnitInfo
from portal.sakip import queries, spec
from portal.sakip.models import KinerjaIndicator
from portal.sakip.refusal import Refused
from portal.sakip.rules import score, word
from portal.web.gate import actor
from portal.web.incoming import whole

#: Tabs of the room: endpoint, words.
TABS = (
    ("sakip.index", "Ringkasan"), ("sakip.tree", "Pohon Kinerja"), ("sakip.iku", "IKU"),
    ("sakip_pk.index", "Perjanjian Kinerja"), ("sakip_plan.plan", "Rencana Aksi"),
    ("sakip_plan.achieved", "Capaian"), ("sakip_review.index", "Reviu LKjIP"),
)  # fmt: skip


def asked_year(default: int | None = None) -> int:
    """Year of the query or form, else the default, else this year."""
    year = whole(request.values.get("tahun", "")) or 0
    return year if 2000 <= year <= 2100 else default or people.today().year


def units() -> list[UnitInfo]:
    """Units whose SAKIP the actor may read, read once for a request."""
    return queries.units_for(actor())


def asked_unit(listed: list[UnitInfo]) -> UnitInfo:
    """The unit of the query, one's own without one; 404 for one that the actor does not see."""
    code = request.values.get("unit", "")
    if not code:
        found = queries.home_unit(actor(), listed)
    else:
        found = next((u for u in listed if u.code == code), None)
    if found is None:
        abort(404)
    return found


def frame(year: int, unit: UnitInfo | None, listed: list[UnitInfo], here: str) -> dict[str, Any]:
    """What every page of the room shows above its content."""
    args: dict[str, Any] = {"tahun": year, "unit": unit.code if unit else None}
    tabs = [(url_for(endpoint, **args), words, endpoint == here) for endpoint, words in TABS]
    this = people.today().year
    return {
        "year": year, "unit": unit, "units": listed, "tabs": tabs,
        "years": sorted({this + 1, this, this - 1, this - 2, this - 3, year}, reverse=True),
    }  # fmt: skip


def typed_number(text: str, what: str, field: str, predicate: str = "") -> Decimal | None:
    """A number of a form, None when empty; Refused says what could not be read and where."""
    text = text.strip()
    if not text:
        return None
    words = spec.current().predicate(predicate)
    if words is not None and (found := score(words.scores, text)) is not None:
        return found
    read = read_number(text)
    if not read.sure or read.value is None:
        if words is not None:
            known = ", ".join(words.scores)
            raise Refused(f"{what}: tulis salah satu dari {known}, atau nilainya.", field=field)
        raise Refused(f"{what}: {read.doubt}", field=field)
    if abs(read.value) >= 10**15:
        raise Refused(f"{what}: angka terlalu besar. Periksa satuannya.", field=field)
    return read.value


def plain(indicator: KinerjaIndicator, value: Decimal | None) -> str:
    """A value as it stands in an input: exact, never rounded."""
    if value is None:
        return ""
    words = spec.current().predicate(indicator.predicate)
    return (word(words.scores, value) if words else "") or number(value)


def paper(name: str, blocks: list[dict[str, Any]], draft: str = "") -> Document:
    """Finished pages as a document: a unit for each page, without page numbers."""
    here = region(people.today())
    pages: list[list[dict[str, Any]]] = [[]]
    for block in blocks:
        if block["t"] == "page":
            pages.append([])
        else:
            pages[-1].append(block)
    made = tuple(
        Unit(f"naskah.{n}", "", False, tuple(compile_fed.blocks_of(page, f"naskah.{n}")), n == 1)
        for n, page in enumerate(pages, start=1)
    )
    sample = "DATA CONTOH" if here.demo else ""
    return Document(
        f"{name} - {sample}" if sample else name, name, here.full, "id",
        "A4" if here.kertas == "A4" else "F4", None, None, (), (),
        Marks(footer=name, draft=draft, sample=sample), before=made,
    )  # fmt: skip
