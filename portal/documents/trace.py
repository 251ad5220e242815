"""Numbers back out: any printed number of a book to its datum, person, evidence and approval.

``printed`` walks the compiled tree and yields every number with the reference of its run
(``Run.datum``); ``origin`` reads what stands behind a reference in the store.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.documents import (
    queries,
    snapshot,
    trace_budget,
    trace_measures,
    trace_tables,
)
from portal.documents.compile import compile_whole
from portal.documents.trace_origin import MOST, Origin, Tracer
from portal.documents.tree import Document, Heading, ListBlock, Paragraph, Table, Text, blocks
from portal.figures import catalogue
from portal.outlines.schema import Edition
from portal.reports.models import Report

NUMBER = re.compile(r"\(?-?\d[\d.]*(?:,\d+)?\)?")


@dataclass(frozen=True)
class Printed:
    """One printed number: its words, where it stands, and where it comes from ("" = the format)."""

    text: str
    ref: str
    heading: str
    table: str = ""
    row: str = ""


def compiled(report: Report) -> Document:
    """The book as it stands now, without charts."""
    taken = snapshot.take(report)
    return of_snapshot(taken)


def of_snapshot(taken: Mapping[str, Any]) -> Document:
    """The book of a snapshot, e.g. of a build that was made earlier."""
    edition = Edition.model_validate(taken["outline"])
    return compile_whole(edition, taken, catalogue.current(), "", queries._Undrawn()).document


def printed(document: Document) -> Iterator[Printed]:
    """Every run that holds a number, in the order of the book; heads of tables are format."""
    heading = ""
    for _unit, block in blocks(document):
        if isinstance(block, Heading):
            heading = f"{block.number} {block.text}".strip()
        elif isinstance(block, Paragraph):
            yield from _runs(block.runs, heading)
        elif isinstance(block, ListBlock):
            for _mark, _depth, text in block.items:
                yield from _runs(text, heading)
        elif isinstance(block, Table):
            name = f"{block.number} {block.caption}".strip()
            for row in block.rows:
                words = next((t for c in row.cells if len(t := _words(c.text)) > 3), "")
                for cell in row.cells:
                    yield from _runs(cell.text, heading, name, words)


def _words(text: Text) -> str:
    found = "".join(run.text for run in text)
    return found if any(c.isalpha() for c in found) else ""


def _runs(text: Text, heading: str, table: str = "", row: str = "") -> Iterator[Printed]:
    for run in text:
        if any(c.isdigit() for c in run.text):
            yield Printed(run.text, run.datum, heading, table, row[:80])


def search(document: Document, wanted: str, most: int = 200) -> list[Printed]:
    """Printed numbers that are what somebody types from the paper, traced ones first."""
    asked = wanted.strip().strip("()%* ")
    if not any(c.isdigit() for c in asked):
        return []
    found = [
        p for p in printed(document)
        if p.text.strip("()%* ") == asked
        or asked in {n.strip("()") for n in NUMBER.findall(p.text)}
    ]  # fmt: skip
    return sorted(found, key=lambda p: not p.ref)[:most]


# --- origins --------------------------------------------------------------------------------


def tracer(report: Report, most: int | None = MOST) -> Tracer:
    """A reader of many numbers of one book; ``most``: parts that a sum lists, None for all."""
    return Tracer(report, read, most)


def origin(report: Report, ref: str) -> Origin | None:
    """What stands behind a reference; None when it names nothing that the portal holds."""
    return tracer(report).follow(ref)


def read(tracer: Tracer, ref: str) -> Origin | None:
    """The grammar of references (trace_origin); a malformed one is None."""
    kind, _, rest = ref.partition(":")
    found = _READERS.get(kind)
    try:
        return found(tracer, ref, rest) if found is not None else None
    except (ValueError, KeyError, IndexError):
        return None  # a reference typed by hand


def _datum(tracer: Tracer, _ref: str, rest: str) -> Origin | None:
    names, _, when = rest.partition(":")
    period, _, measure = when.partition(":")
    return tracer.data(names.split("+"), period, measure)


def _indicator(tracer: Tracer, ref: str, rest: str) -> Origin | None:
    key, _, period = rest.rpartition(":")
    return tracer.indicator(key, period, ref.startswith("laju:"))


def _cell(tracer: Tracer, ref: str, rest: str) -> Origin | None:
    return trace_tables.cell(tracer, ref.partition(":")[0], rest)


def _service(_tracer: Tracer, ref: str, rest: str) -> Origin | None:
    return Origin(ref, "format", f"Jenis pelayanan SPM {rest}, menurut format", "100", Decimal(100))


_READERS: dict[str, Callable[[Tracer, str, str], Origin | None]] = {
    "datum": _datum, "indicator": _indicator, "laju": _indicator, "cell": _cell, "calc": _cell,
    "anggaran": trace_budget.line, "anggaran_spm": trace_budget.tagged, "layanan": _service,
    "total": lambda tracer, ref, _rest: trace_tables.total(tracer, ref),
    "indeks": trace_measures.index, "keterisian": trace_measures.fullness,
    "text": trace_tables.text, "computed": trace_tables.sentence,
}  # fmt: skip


def as_number(text: str) -> Decimal | None:
    """A printed number as a value: ``(1.234,50)`` is below zero; None for other words."""
    bare = text.strip().rstrip("*").strip()
    negative = bare.startswith("(") and bare.endswith(")")
    bare = bare.strip("()")
    if not re.fullmatch(r"-?\d{1,3}(?:\.\d{3})*(?:,\d+)?|-?\d+(?:,\d+)?", bare):
        return None
    value = Decimal(bare.replace(".", "").replace(",", "."))
    return -value if negative else value
