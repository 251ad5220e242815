"""Boards of absorption: Ringkasan of the pimpinan, Serapan by OPD, sources of money, downloads."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from flask import Blueprint, Flask, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.absorption import (
    bands,
    basis,
    drawing,
    money,
    queries,
    readers,
    rules,
    slices,
    sums,
)
from portal.absorption import outlook as outlooks
from portal.absorption.queries import Chosen
from portal.contracts import queries as contracts
from portal.contracts import terms
from portal.contracts.kinds import GROUPS, STATE_LABELS
from portal.desks import queries as desks
from portal.people.kinds import Role
from portal.people.queries import today
from portal.people.rules import Permission, UnitInfo
from portal.reports import standing
from portal.web import board_papers, fund_papers
from portal.web.contract_parts import worked
from portal.web.gate import actor, needs
from portal.web.incoming import whole
from portal.web.outgoing import download

bp = Blueprint("summary", __name__)


def chosen() -> Chosen:
    """Sumber dana and tahap of the address."""
    asked = "".join(c for c in request.args.get("dana", "")[:60] if c.isascii() and c.isprintable())
    sub = "".join(c for c in request.args.get("sub", "")[:40] if c in "0123456789.")
    return Chosen(asked, whole(request.args.get("tahap", "")) or None, sub)


def _board(found: Chosen) -> queries.Board:
    return queries.board(actor(), today(), worked(), found)


def _unit_or_404(unit_id: int) -> UnitInfo:
    unit = next((u for u in readers.units_for(actor(), today()) if u.id == unit_id), None)
    if unit is None:
        abort(404)
    return unit


def _args(found: Chosen) -> dict[str, str]:
    given = (("dana", found.fund), ("tahap", found.wave_id), ("sub", found.sub))
    return {k: str(v) for k, v in given if v}


@bp.get("/ringkasan")
@needs(Permission.SUMMARY_READ)
def index() -> str | Response:
    """Ringkasan: three numbers, then at most five things that need a leader's eye.

    The kepala of one Perangkat Daerah gets the same of his own.
    """
    if not readers.region_wide(actor()):
        return redirect(url_for("summary.serapan"))
    narrowed = chosen()
    found = _board(narrowed)
    ready = standing.readiness(names=False)
    return render_template(
        "boards/index.html", found=found, chosen=narrowed, args=_args(narrowed),
        concerns=queries.concerns(found), ready=ready, waves=contracts.waves(),
        done=(sum(r.ready for r in ready), sum(r.units for r in ready)),
        outlook=outlooks.foreseen(found)
        if readers.forecasts(actor()) and not narrowed.partly else None,
        last=None if found.total.at.pagu else queries.closing(found.today.year - 1),
        draw=drawing, words=rules.BAND_WORDS, share=_share, leads=readers.leads(actor()),
        clashes=basis.clashes(found.lines),
    )  # fmt: skip


def _outlook(unit_ids: list[int], narrowed: Chosen) -> outlooks.Outlook | None:
    """For pimpinan and kepala only, and of all the money, not of one source."""
    if not readers.forecasts(actor()) or narrowed.partly:
        return None
    return outlooks.outlook(unit_ids, today())


@bp.get("/ringkasan/laporan")
@needs(Permission.SUMMARY_READ)
def reports() -> str:
    """How many Perangkat Daerah are ready for each report."""
    if not readers.region_wide(actor()):
        abort(404)
    return render_template("boards/reports.html", ready=standing.readiness(), draw=drawing,
                           share=_share)  # fmt: skip


def _share(part: int, whole: int) -> Decimal | None:
    return rules.share(Decimal(part), Decimal(whole))


@bp.get("/serapan")
@needs(Permission.CONTRACT_READ)
def serapan() -> str | Response:
    """Every OPD with its kenapa; one's own OPD opens at once."""
    units = readers.units_for(actor(), today())
    if len(units) == 1:
        return redirect(url_for("summary.unit", unit_id=units[0].id))
    narrowed = chosen()
    found = _board(narrowed)
    by = request.args.get("urut", "deviasi")
    lines = sorted(found.lines, key=lambda x: x.at.deviation if x.at.deviation is not None
                   else 999) if by == "deviasi" else found.lines  # fmt: skip
    return render_template(
        "boards/serapan.html", found=found, lines=lines, chosen=narrowed, args=_args(narrowed),
        waves=contracts.waves(), draw=drawing, words=rules.BAND_WORDS, by=by,
        months=money.months([x.unit.id for x in found.lines if x.unit], found.today.year,
                            narrowed.fund, narrowed.sub),
        stands=basis.told(found.lines, narrowed), clashes=basis.clashes(found.lines),
    )  # fmt: skip


@bp.get("/serapan/opd/<int:unit_id>")
@needs(Permission.CONTRACT_READ)
def unit(unit_id: int) -> str:
    """One OPD: its money, where it lies, its programs and contracts."""
    where, narrowed, is_workday = _unit_or_404(unit_id), chosen(), worked()
    own = unit_id in actor().units()
    found = queries.build([where], today(), is_workday, narrowed, own=own)
    line = found.lines[0] if found.lines else queries.Line(where)
    states = queries.contracts_of(unit_id, today(), is_workday, narrowed)
    late = ({d.step_id for s in states for d in s.late} if own
            else queries.shown_steps(states, today(), is_workday))  # fmt: skip
    head, back = unit_id in actor().units(Role.KEPALA), terms.whole("lama_meja", today())
    return render_template(
        "boards/unit.html", unit=where, line=line, found=found, states=states, late=late,
        chosen=narrowed, args=_args(narrowed), groups=GROUPS, labels=STATE_LABELS, bill=sums.BILL,
        programs=slices.by_program(unit_id, today(), narrowed.fund), draw=drawing,
        months=money.months([unit_id], found.today.year, narrowed.fund, narrowed.sub),
        words=rules.BAND_WORDS, stands=basis.told([line], narrowed),
        clash=basis.clash_words(where.short_name, line.clash, today().month) if line.clash else "",
        concerns=queries.concerns(found) if readers.leads(actor()) or own else [],
        leads=readers.leads(actor()), outlook=_outlook([unit_id], narrowed),
        times=desks.desk_times([unit_id], today() - timedelta(days=back), today(), is_workday)
        if head else [], head=head, back=back, short=queries.short,
    )  # fmt: skip


@bp.get("/serapan/opd/<int:unit_id>/sub-kegiatan")
@needs(Permission.CONTRACT_READ)
def subs(unit_id: int) -> str:
    """Sub kegiatan of one OPD: pagu, RAK, SP2D."""
    where, narrowed = _unit_or_404(unit_id), chosen()
    rows = slices.by_sub(unit_id, today(), narrowed.fund)
    plan = money.planned(today().year, today().month).get(unit_id, money.Planned())
    return render_template(
        "boards/subs.html", unit=where, rows=rows, chosen=narrowed, args=_args(narrowed),
        total=rules.total(r.at for r in rows), exact=plan.stands == rules.FINE, today=today(),
        funds=sorted({f for cells in money.spent(today().year, 12)[0].values() for f, _ in cells}
                     - {""}),
    )  # fmt: skip


@bp.get("/serapan/akhir-tahun")
@needs(Permission.CONTRACT_READ)
def crossing() -> str:
    """Contracts that will cross 31 December."""
    units = queries.within(readers.units_for(actor(), today()), chosen(), today())
    found = queries.crossing(units, today(), worked(), chosen())
    return render_template(
        "boards/crossing.html", found=found, year=today().year, today=today(),
        names={u.id: u.short_name for u in units}, pace=bands.pace_from(today()),
        source=bands.pace_source(today())[0],
    )  # fmt: skip


@bp.get("/serapan/sumber-dana")
@needs(Permission.CONTRACT_READ)
def funds() -> str:
    """Rekap Serapan per Sumber Dana."""
    narrowed = chosen()
    units = queries.within(readers.units_for(actor(), today()), narrowed, today())
    rows = slices.by_fund(units, today())
    return render_template("boards/funds.html", rows=rows, words=basis.fund_words(rows[-1]),
                           waves=contracts.waves(), chosen=narrowed, args=_args(narrowed),
                           today=today(), units=units)  # fmt: skip


@bp.get("/serapan/sumber-dana.<any(pdf,xlsx):ending>")
@needs(Permission.CONTRACT_READ)
def funds_paper(ending: str) -> Response:
    """The same to print, with a signature block."""
    units = queries.within(readers.units_for(actor(), today()), chosen(), today())
    rows = slices.by_fund(units, today())
    name = f"Rekap-Serapan-Sumber-Dana_{today().isoformat()}"
    who = units[0] if len(units) == 1 else None
    make = fund_papers.funds_pdf if ending == "pdf" else fund_papers.funds_xlsx
    return _download(make(rows, who, today()), name, ending)


@bp.get("/serapan/perkiraan")
@needs(Permission.CONTRACT_READ)
def score() -> str:
    """How the forecast is made and how it did in the past."""
    if not readers.forecasts(actor()):
        abort(404)
    units = [u.id for u in readers.units_for(actor(), today())]
    return render_template("boards/score.html", found=outlooks.outlook(units, today()),
                           methods=rules.METHODS)  # fmt: skip


@bp.get("/bahan-rapat")
@needs(Permission.SUMMARY_READ)
def meeting() -> str:
    """Bahan Rapat and Bagikan: what is in them, and the files."""
    return render_template("boards/meeting.html", waves=contracts.waves(), chosen=chosen(),
                           args=_args(chosen()), funds=_board(chosen()).funds)  # fmt: skip


@bp.get("/bahan-rapat.pdf")
@needs(Permission.SUMMARY_READ)
def meeting_paper() -> Response:
    """Four pages for a meeting; never a forecast, never a name."""
    narrowed = chosen()
    units = queries.within(readers.units_for(actor(), today()), narrowed, today())
    data = board_papers.meeting_pdf(
        queries.build(units, today(), worked(), narrowed), slices.by_fund(units, today()),
        queries.crossing(units, today(), worked(), narrowed), standing.readiness(), narrowed,
        money.months([u.id for u in units], today().year, narrowed.fund),
    )  # fmt: skip
    return _download(data, f"Bahan-Rapat-Serapan_{today().isoformat()}", "pdf")


@bp.get("/bagikan.<any(pdf,png):ending>")
@needs(Permission.SUMMARY_READ)
def share(ending: str) -> Response:
    """One page to share: date, source, belum diaudit."""
    found = _board(chosen())
    make = board_papers.share_pdf if ending == "pdf" else board_papers.share_png
    return _download(make(found, chosen(), clock.now()), f"Serapan_{today().isoformat()}", ending)


def _download(data: bytes, name: str, ending: str) -> Response:
    sample = "_DATA-CONTOH" if board_papers.sample(today()) else ""
    return download(data, f"{name}{sample}.{ending}")


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
    app.add_template_filter(queries.short, "ringkas")
