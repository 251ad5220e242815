"""What all pages of a contract share: its tabs, its calendar, reading of typed values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from flask import abort, current_app, request

from portal import store, uploads
from portal.clock import IsWorkday
from portal.contracts import flow, queries
from portal.contracts.models import Contract, ContractRole
from portal.contracts.queries import StepView
from portal.contracts.rules import Standing
from portal.indonesian import read_date, read_number
from portal.notices import queries as notices
from portal.people import workdays
from portal.people.kinds import Role
from portal.people.queries import today
from portal.people.rules import Actor
from portal.web.gate import actor
from portal.web.incoming import whole
from portal.web.menu import open_to

#: Pages of one contract: endpoint (takes ``contract_id``) -> label. Other rooms add theirs here;
#: a page that is not installed or not open to the reader does not show.
TABS: dict[str, str] = {
    "contracts.show": "Tahapan",
    "desk_notes.index": "Posisi berkas dan kendala",
    "works.index": "Pekerjaan dan kurva-S",
    "works.money": "Uang",
    "contract_changes.index": "Data, addendum, jaminan",
    "chronology.show": "Kronologi",
    "notices_proof.show": "Bukti pemberitahuan",
}


def tabs() -> list[tuple[str, str]]:
    """The tabs that are open to the reader."""
    views = current_app.view_functions
    return [
        (endpoint, label) for endpoint, label in TABS.items()
        if endpoint in views and open_to(actor(), views[endpoint])
    ]  # fmt: skip


def worked() -> IsWorkday:
    """The region's calendar as a question; one query."""
    return workdays.calendar().is_workday


#: Desks of the whole region, and the role that sits at them.
_REGION_DESKS = {"bud": Role.BUD, "pokja": Role.UKPBJ}


def _own(who: Actor, unit_id: int, holder: str) -> bool:
    return unit_id in who.units() or _REGION_DESKS.get(holder) in who.roles


def veiled(found: Sequence[tuple[int, StepView]]) -> list[StepView]:
    """Steps of contracts (unit, view) as the reader may see them.

    Above its own Perangkat Daerah a desk is lewat batas only after notice and its days for a
    tanggapan; until then it reads "Sedang dimintai tanggapan".
    """
    who = actor()
    foreign = {f"step:{v.step.id}" for unit_id, v in found
               if v.late_days and not _own(who, unit_id, v.step.holder)}  # fmt: skip
    hidden = foreign - notices.may_appear_above(foreign, today(), worked()) if foreign else set()
    return [
        replace(v, standing=Standing.ASKED, late_days=0) if f"step:{v.step.id}" in hidden else v
        for _, v in found
    ]  # fmt: skip


def shown_late(day: date) -> tuple[int, ...]:
    """Steps past their limit that the reader may see as such, for the filter of the list."""
    who = actor()
    found = queries.late_steps(who, day)
    foreign = {f"step:{id_}" for id_, unit_id, holder in found if not _own(who, unit_id, holder)}
    hidden = foreign - notices.may_appear_above(foreign, today(), worked()) if foreign else set()
    return tuple(id_ for id_, _, _ in found if f"step:{id_}" not in hidden)


def contract_or_404(contract_id: int) -> Contract:
    """The contract, or no such page for a stranger."""
    found = queries.contract_for(actor(), contract_id)
    if found is None:
        abort(404)
    return found


def manages(who: Actor, contract: Contract) -> bool:
    """Whether the actor keeps the papers of the contract: its PPK or PPTK, or one of its unit."""
    mine = {h.position_id for h in who.holdings}
    held = any(r.role in ("ppk", "pptk") and r.position_id in mine for r in contract.roles)
    return held or contract.unit_id in who.units(Role.PPK, Role.PPTK)


def managed_or_403(contract_id: int) -> Contract:
    """The contract that the actor may change."""
    found = contract_or_404(contract_id)
    if not manages(actor(), found):
        abort(403)
    return found


def number_of(text: str) -> int:
    """An id from a form; 0 for anything else."""
    return whole(text) or 0


def day_of(name: str, label: str) -> date:
    """A typed date; Refused with an example when it is none."""
    text = request.form.get(name, "").strip()
    found = read_date(text)
    if found is None or not 2000 <= found.year <= 2100:
        raise flow.Refused(f"{label} belum benar. Contoh: 12/3/2026 atau 12 Maret 2026.")
    return found


def rupiah_of(name: str, label: str, *, empty: Decimal | None = None) -> Decimal:
    """Typed money; ``empty`` when nothing was typed (None: it must be there)."""
    text = request.form.get(name, "").strip()
    if not text and empty is not None:
        return empty
    read = read_number(text)
    if read.value is None or not read.sure:
        doubt = f" {read.doubt}" if read.doubt else ""
        raise flow.Refused(f"{label} belum benar.{doubt} Contoh: 150.000.000,00")
    if abs(read.value) >= Decimal("1e15"):
        raise flow.Refused(f"{label} terlalu besar. Contoh: 150.000.000,00")
    return read.value.quantize(Decimal("0.01"))


#: What a page answers with its own sentence.
REFUSALS = (flow.Refused, uploads.Refused, store.StoreError)


def keeper(contract: Contract, role: str) -> ContractRole | None:
    """Who holds a role of the contract."""
    return next((r for r in contract.roles if r.role == role), None)
