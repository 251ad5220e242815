"""Origins of what tables of services compute: index, keterisian, sums and formulas of a row."""

from __future__ import annotations

from decimal import Decimal

from portal.documents.compile_cells import number_text
from portal.documents.trace_origin import Origin, Tracer
from portal.figures import spm
from portal.indonesian import number
from portal.outlines import measured, measures, sums
from portal.outlines.measured import Setting
from portal.outlines.measures import Line
from portal.outlines.parts import Measures, Table
from portal.reports import measures_bridge


def _lines(tracer: Tracer, where: str) -> tuple[Measures, list[Line], int] | None:
    part, repeat, _ = where.split("@")
    key = ("lines", where)
    if key not in tracer.kept:
        found = tracer.placed(part, repeat)
        if found is None or not isinstance(found[1].part, Measures):
            return None
        report, placed = found
        mine = tracer.entries.get((report.id, part, repeat), [])
        lines = measures_bridge.lines(tracer.report, placed)
        tracer.kept[key] = (placed.part, lines, mine[0].id if mine else 0)
    return tracer.kept[key]  # type: ignore[return-value]


def row(tracer: Tracer, ref: str, where: str, uid: str, column: str) -> Origin | None:
    """What a row of services computes: from the numbers beside it."""
    found = _lines(tracer, where)
    if found is None:
        return None
    part, lines, entry_id = found
    line = next((ln for ln in lines if ln.uid == uid and ln.kind != "group"), None)
    one = next((c for c in part.columns if c.key == column), None)
    if line is None or one is None:
        return None
    exact = line.numbers.get(column)
    text = line.texts.get("title") or line.texts.get("layanan") or uid
    made = Origin(ref, "hitungan", f"{part.title}, {text}, {one.label}", exact=exact,
                  formula=one.formula, entry_id=entry_id)  # fmt: skip
    made.value = number_text(one, exact) if exact is not None else ""
    beside = sums.expression(one.formula).names if one.formula else ()
    refs = [line.refs[n] for n in beside if line.refs.get(n)]
    if not one.formula and line.kind == "total":
        made.formula = "rata-rata jenis pelayanan" if part.of == "index" else "jumlah bidang"
        refs = [
            ln.refs[column]
            for ln in lines
            if ln.kind == "body"
            and ln.refs.get(column)
            and (uid == "daerah" or part.of != "index" or _in(tracer, ln.uid, uid))
        ]
    elif not one.formula:
        refs = [r for r in dict.fromkeys(line.refs.values()) if r]
        made.formula = "banyaknya data yang diminta format" if column == "asked" else ""
    if not refs and line.kind == "total":
        refs = list(dict.fromkeys(r for ln in lines for r in ln.refs.values() if r))
    parts = [o for r in refs if (o := tracer.follow(r)) is not None]
    made.entry_id = entry_id or next((o.entry_id for o in parts if o.entry_id), 0)
    return tracer.settled(tracer.shortened(made, parts))


def _in(tracer: Tracer, service: str, row: str) -> bool:
    group = row.removeprefix("bidang_")
    return service in {s.key for s in tracer.book.services_of(group)}


def total(tracer: Tracer, ref: str, where: str, column: str) -> Origin | None:
    """A total over the services of a part."""
    found = _lines(tracer, where)
    if found is None:
        return None
    part, lines, entry_id = found
    table = measures_table(tracer, part)
    totals = sums.total_row(table, [ln.numbers for ln in lines if ln.kind == "body"])
    one = next((c for c in table.columns if c.key == column), None)
    exact = totals.get(column)
    if one is None or exact is None:
        return None
    made = Origin(ref, "jumlah", f"Jumlah {part.title}, {one.label}", number_text(one, exact),
                  exact, one.total if one.total != "sum" else "penjumlahan baris",
                  entry_id=entry_id)  # fmt: skip
    refs = [ln.refs.get(column) or f"calc:{where}:{ln.uid}:{column}"
            for ln in lines if ln.kind == "body" and column in ln.numbers]  # fmt: skip
    parts = [o for r in refs if (o := tracer.follow(r)) is not None]
    if one.total and one.total != "sum":
        names = sums.expression(one.total).names
        parts = [o for n in names if (o := total(
            tracer, f"total:{where}::{n}", where, n)) is not None]  # fmt: skip
    made.entry_id = entry_id or next((o.entry_id for o in parts if o.entry_id), 0)
    return tracer.settled(tracer.shortened(made, parts))


def measures_table(tracer: Tracer, part: Measures) -> Table:
    """The part as a table over the months of the report."""
    return measures.as_table(part, spm.months_until(tracer.report.period))


# --- index and keterisian -------------------------------------------------------------------


def _setting(tracer: Tracer, of: str, group: str) -> Setting | None:
    """What the index or the keterisian of a bidang is computed from."""
    key = ("setting", of, group)
    if key not in tracer.kept:
        found = (
            placed for report, where in tracer.places for placed in where.values()
            if isinstance(placed.part, Measures) and placed.part.of == of
            and group in dict(measures_bridge.groups_of(report, placed, placed.part))
        )  # fmt: skip
        placed = next(found, None)
        tracer.kept[key] = placed and measures_bridge.setting_of(tracer.report, placed)[0]
    return tracer.kept[key]  # type: ignore[return-value]


def index(tracer: Tracer, ref: str, rest: str) -> Origin | None:
    """``KS1:2025-tahun:p``: penerima (80 %), mutu (20 %) and the index of one service."""
    code, period, slot = (*rest.split(":"), "index")[:3]
    service = next((s for s in tracer.book.services_of() if s.code == code), None)
    at = _setting(tracer, "index", service.group) if service is not None else None
    if service is None or at is None:
        return None
    one = measured.score(at, service)
    p, q = one.recipients, one.quality
    weigh = at.method
    values = {
        "p": p, "q": q, "index": one.value,
        "p_weighted": None if p is None else weigh.recipients * p,
        "q_weighted": None if q is None else weigh.quality * q,
    }  # fmt: skip
    words = {
        "p": "terlayani / sasaran x 100", "q": "rata-rata pemenuhan mutu minimal",
        "p_weighted": f"capaian penerima x {number(weigh.recipients * 100)} %",
        "q_weighted": f"capaian mutu x {number(weigh.quality * 100)} %",
        "index": "penerima berbobot + mutu berbobot",
    }  # fmt: skip
    made = Origin(ref, "hitungan", f"IP SPM {service.code} {service.title}", exact=values.get(slot),
                  formula=words.get(slot, ""))  # fmt: skip
    made.value = number(made.exact, 2) if made.exact is not None else ""
    year, _, when = period.partition("-")
    through = year if when in ("", "tahun") else f"{year}-{when}"
    refs: list[str] = []
    if slot in ("p", "p_weighted", "index"):
        refs += [
            f"datum:{'+'.join(service.whole)}:{year}",
            f"datum:{'+'.join(service.part)}:{through}",
        ]
    if slot in ("q", "q_weighted", "index"):
        for item in service.quality_in(int(year)):
            refs += [f"datum:{item.element}:{year}:target", f"datum:{item.element}:{through}"]
    parts = [o for r in refs if (o := tracer.follow(r)) is not None]
    made.entry_id = parts[0].entry_id if parts else 0
    return tracer.settled(tracer.shortened(made, parts))


def fullness(tracer: Tracer, ref: str, rest: str) -> Origin | None:
    """``kesehatan:2025``: how many of the numbers that the format asks for are filled."""
    group = rest.partition(":")[0]
    at = _setting(tracer, "fullness", group)
    if at is None:
        return None
    _asked, filled = measures.filled_cells(at, group)
    keys = [k for s in tracer.book.services_of(group) for k in (*s.whole, *s.part)]
    made = Origin(ref, "hitungan", f"Keterisian data SPM bidang {group}", number(filled, 0),
                  Decimal(filled), "banyaknya data yang sudah diisi")  # fmt: skip
    parts = [o for k in keys if (o := tracer.follow(f"datum:{k}:{at.year}")) is not None]
    made.entry_id = parts[0].entry_id if parts else 0
    return tracer.settled(tracer.shortened(made, parts))
