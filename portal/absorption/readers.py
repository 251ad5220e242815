"""Who may see the boards, and of which Perangkat Daerah."""

from __future__ import annotations

from datetime import date

from portal.contracts.queries import REGION_WIDE
from portal.notices import queries as notices
from portal.people import queries as people
from portal.people.kinds import Role
from portal.people.rules import Actor, UnitInfo

#: Units with a budget of their own; a bagian is part of its sekretariat.
HOUSE = ("sekretariat", "inspektorat", "dinas", "badan", "kecamatan", "rsud")


def region_wide(actor: Actor) -> bool:
    """Who sees all Perangkat Daerah: pimpinan, the Sekda, BPKAD as BUD, UKPBJ."""
    return bool(actor.roles & REGION_WIDE) or (Role.KEPALA in actor.roles and notices.leads(actor))


def leads(actor: Actor) -> bool:
    """Who may ask for explanations and reads the board of the pimpinan."""
    return Role.PIMPINAN in actor.roles or notices.leads(actor)


def forecasts(actor: Actor) -> bool:
    """Perkiraan akhir tahun is for pimpinan and kepala only."""
    return bool(actor.roles & {Role.PIMPINAN, Role.KEPALA})


def units_for(actor: Actor, today: date) -> list[UnitInfo]:
    """The Perangkat Daerah whose absorption the actor may see, in the region's order."""
    found = [u for u in people.units_on(today) if u.kind in HOUSE]
    if region_wide(actor):
        return found
    mine = actor.units()
    known = {u.id: u for u in people.units_on(today)} if mine else {}
    above = {a for m in mine if m in known for a in known[m].ancestors}
    house = {u.id for u in found}
    own = {m for m in mine if m in house} or (above & house)
    return [u for u in found if u.id in own]


def reads_notes(actor: Actor) -> bool:
    """Notes on versions of the RAK: Bappeda, BPKAD and the Sekda only."""
    duties = people.duties()
    house = {duties.get(k, (None, ()))[0] for k in ("bappeda", "bpkad")}
    if actor.units() & {u for u in house if u}:
        return True
    return Role.KEPALA in actor.roles and notices.leads(actor)
