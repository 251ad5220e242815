"""Who may do what: one table, no database."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from portal.people.kinds import SIFAT_PREFIX, Role

__all__ = [
    "GRANTS", "PORTAL", "Actor", "Holding", "Officeholder", "Permission", "Role", "Stage",
    "UnitInfo", "sees_entry", "sees_unit",
]  # fmt: skip


class Permission(StrEnum):
    """Named ``<room>:<verb>``; every route declares one."""

    SELF = "people:self"  # own account, inbox, help: any signed-in person
    PEOPLE_ADMIN = "people:admin"
    ENTRY_READ = "entry:read"
    ENTRY_WRITE = "entry:write"
    ENTRY_SEND = "entry:send"
    ENTRY_VERIFY = "entry:verify"
    ENTRY_REVIEW = "entry:review"
    ENTRY_APPROVE = "entry:approve"
    ENTRY_ACCEPT = "entry:accept"
    FIGURES_READ = "figures:read"
    FIGURES_WRITE = "figures:write"
    REPORT_READ = "report:read"
    REPORT_MANAGE = "report:manage"
    REPORT_BUILD = "report:build"
    REPORT_ISSUE = "report:issue"
    FORMAT_READ = "format:read"
    FORMAT_CONFIRM = "format:confirm"
    CONTRACT_READ = "contract:read"
    CONTRACT_WRITE = "contract:write"
    CONTRACT_ANSWER = "contract:answer"  # a kendala of the own Perangkat Daerah
    CONTRACT_DECLARE = "contract:declare"  # a disturbance for all, by BPKAD
    LKE_READ = "lke:read"
    LKE_WRITE = "lke:write"  # evaluate the AKIP of other units
    SUMMARY_READ = "summary:read"
    TRAIL_READ = "trail:read"
    SAKIP_READ = "sakip:read"
    SAKIP_WRITE = "sakip:write"
    SAKIP_SIGN = "sakip:sign"  # confirm a Perjanjian Kinerja as a party


P = Permission
_EVERYONE = frozenset({P.SELF, P.FORMAT_READ})
_READS = frozenset({P.ENTRY_READ, P.FIGURES_READ, P.REPORT_READ, P.SAKIP_READ, P.LKE_READ})
_CONTRACTS = frozenset({P.CONTRACT_READ, P.CONTRACT_WRITE})

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.OPERATOR: _EVERYONE | _READS | {
        P.ENTRY_WRITE, P.ENTRY_SEND, P.FIGURES_WRITE, P.SAKIP_WRITE,
    },
    Role.VERIFIKATOR: _EVERYONE | _READS | {P.ENTRY_VERIFY, P.SAKIP_SIGN, P.CONTRACT_READ},
    Role.KEPALA: _EVERYONE | _READS | {
        P.ENTRY_APPROVE, P.SAKIP_SIGN, P.CONTRACT_READ, P.CONTRACT_ANSWER, P.SUMMARY_READ,
        P.CONTRACT_WRITE,  # as PA: SPM to sign, steps of his own, PPK where he is one
    },
    Role.APIP: _EVERYONE | _READS | {P.LKE_WRITE, P.ENTRY_REVIEW, P.TRAIL_READ},
    Role.SEKRETARIAT: _EVERYONE | _READS | {
        P.ENTRY_WRITE, P.ENTRY_SEND, P.ENTRY_ACCEPT, P.FIGURES_WRITE, P.REPORT_MANAGE,
        P.REPORT_BUILD, P.REPORT_ISSUE, P.FORMAT_CONFIRM, P.SAKIP_WRITE,
    },
    Role.PIMPINAN: _EVERYONE | {
        P.REPORT_READ, P.SUMMARY_READ, P.SAKIP_READ, P.SAKIP_SIGN, P.LKE_READ, P.CONTRACT_READ,
    },
    Role.ADMIN: _EVERYONE | {P.PEOPLE_ADMIN, P.REPORT_READ, P.TRAIL_READ, P.SAKIP_READ},
    Role.PPK: _EVERYONE | _CONTRACTS | {P.SAKIP_READ, P.SAKIP_SIGN},
    Role.PPTK: _EVERYONE | _CONTRACTS | {P.SAKIP_READ, P.SAKIP_SIGN},
    Role.BENDAHARA: _EVERYONE | _CONTRACTS,
    Role.PPK_SKPD: _EVERYONE | _CONTRACTS,
    Role.BUD: _EVERYONE | _CONTRACTS | {P.CONTRACT_DECLARE},
    Role.UKPBJ: _EVERYONE | _CONTRACTS,
}  # fmt: skip


@dataclass(frozen=True)
class UnitInfo:
    """A Perangkat Daerah as it stands on one date; ``ancestors`` run from parent to root."""

    id: int
    code: str
    name: str
    short_name: str
    kind: str
    parent_id: int | None
    position: int
    ancestors: tuple[int, ...] = ()


@dataclass(frozen=True)
class Officeholder:
    """Who holds a jabatan on a date, with what a signature block needs."""

    term_id: int
    person_id: int
    name: str  # with gelar
    bare_name: str
    nip: str
    pangkat: str
    golongan: str
    title: str  # without Plt./Plh./Pj.
    sifat: str

    @property
    def full_title(self) -> str:
        """``Plt. Kepala Dinas Kesehatan``."""
        return SIFAT_PREFIX[self.sifat] + self.title


@dataclass(frozen=True)
class Holding:
    """One jabatan that the actor holds today."""

    term_id: int
    position_id: int
    unit_id: int
    role: Role
    title: str
    sifat: str

    @property
    def full_title(self) -> str:
        """The title with Plt., Plh. or Pj. before it."""
        return SIFAT_PREFIX[self.sifat] + self.title


@dataclass(frozen=True)
class Actor:
    """Who acts now: a person with the jabatan taken up in this session.

    ``holdings`` is what counts for permissions: the acting jabatan alone, so that every act is
    recorded under the term that allowed it. ``others`` can be taken up at the top of the page.
    ``region_wide`` names the report kinds that the acting jabatan compiles. The portal itself
    holds nothing.
    """

    person_id: int | None
    name: str
    holdings: tuple[Holding, ...] = ()
    acting: Holding | None = None
    region_wide: frozenset[str] = field(default_factory=frozenset)
    others: tuple[Holding, ...] = ()
    looking: bool = False  # somebody of the helpdesk looks with these eyes: nothing may be written

    @property
    def term_id(self) -> int | None:
        """Term under which the act is recorded."""
        return self.acting.term_id if self.acting else None

    @property
    def unit_id(self) -> int | None:
        """Unit of the acting jabatan."""
        return self.acting.unit_id if self.acting else None

    @property
    def label(self) -> str:
        """How the record names the actor: name and jabatan, in the 200 letters that it keeps."""
        return f"{self.name} ({self.acting.full_title})"[:200] if self.acting else self.name

    @property
    def title(self) -> str:
        """The jabatan alone, in 200 letters: what others may read of who acted."""
        return self.acting.full_title[:200] if self.acting else self.name

    @property
    def roles(self) -> frozenset[Role]:
        """Roles that count now."""
        return frozenset(h.role for h in self.holdings)

    def taking_up(self, holding: Holding) -> Actor:
        """The same person under another jabatan of his, to ask what that one may do."""
        rest = tuple(h for h in (*self.holdings, *self.others) if h != holding)
        return Actor(self.person_id, self.name, (holding,), holding, frozenset(), rest)

    def heir_of(self, unit_id: int) -> Actor:
        """The same person with the work of a unit that no longer exists and came to his."""
        held = tuple(replace(h, unit_id=unit_id) for h in self.holdings)
        return replace(self, holdings=held)

    def looked_at(self) -> Actor:
        """The same eyes without hands, for Lihat sebagai."""
        return replace(self, others=(), looking=True)

    def may(self, permission: Permission) -> bool:
        """True when the acting jabatan grants it."""
        if permission is Permission.SELF and self.person_id is not None:
            return True  # one's own account stays open between two jabatan
        return any(permission in GRANTS[h.role] for h in self.holdings)

    def units(self, *roles: Role) -> frozenset[int]:
        """Units in which one of these roles (any, when none is named) counts."""
        return frozenset(h.unit_id for h in self.holdings if not roles or h.role in roles)


PORTAL = Actor(person_id=None, name="Selaras")

#: Roles that look over the whole region, and what they may do there with units not their own.
_REGION: dict[Role, frozenset[Permission]] = {
    Role.APIP: _READS | {P.ENTRY_REVIEW},
    Role.SEKRETARIAT: _READS | {
        P.ENTRY_WRITE, P.ENTRY_SEND, P.ENTRY_ACCEPT, P.FIGURES_WRITE, P.REPORT_MANAGE,
        P.REPORT_BUILD, P.REPORT_ISSUE, P.SAKIP_WRITE,
    },
    Role.PIMPINAN: frozenset({P.REPORT_READ, P.SAKIP_READ, P.SUMMARY_READ, P.CONTRACT_READ}),
    Role.ADMIN: frozenset({P.PEOPLE_ADMIN, P.REPORT_READ, P.SAKIP_READ}),
    Role.BUD: frozenset({P.CONTRACT_READ}),
    Role.UKPBJ: frozenset({P.CONTRACT_READ}),
}  # fmt: skip
_BELOW: dict[Role, frozenset[Permission]] = {
    Role.KEPALA: _READS | {P.ENTRY_APPROVE, P.CONTRACT_READ},
}


def sees_unit(actor: Actor, permission: Permission, unit: UnitInfo, kind: str = "") -> bool:
    """True when ``actor`` may do ``permission`` with things of ``unit`` at all.

    Own unit: whatever the role grants, except that APIP never reviews its own unit. Below it:
    the kepala. Whole region: APIP, pimpinan, and the sekretariat for the report kinds it compiles
    (``kind`` empty: for any of them). What was not sent is a matter of ``sees_entry``.
    """
    for holding in actor.holdings:
        if permission not in GRANTS[holding.role]:
            continue
        own = holding.unit_id == unit.id
        if own and not (holding.role is Role.APIP and permission is Permission.ENTRY_REVIEW):
            return True
        if holding.unit_id in unit.ancestors and permission in _BELOW.get(holding.role, ()):
            return True
        if not own and permission in _REGION.get(holding.role, ()):
            if holding.role is not Role.SEKRETARIAT:
                return True
            if kind in actor.region_wide or (not kind and actor.region_wide):
                return True
    return False


class Stage(StrEnum):
    """How far an isian has come, for those outside its unit."""

    DRAFT = "draft"
    ON_BEHALF = "on_behalf"  # a draft that the sekretariat enters for a unit outside its tahap
    SENT = "sent"


def sees_entry(
    actor: Actor, permission: Permission, unit: UnitInfo, kind: str, stage: Stage
) -> bool:
    """``sees_unit`` for one isian: strangers to the unit see it only once it was sent.

    The sekretariat also sees what it enters itself on behalf of a unit outside its tahap.
    """
    if not sees_unit(actor, permission, unit, kind):
        return False
    if stage is Stage.SENT or unit.id in actor.units():
        return True
    if actor.units(Role.KEPALA) & set(unit.ancestors):
        return True
    return (
        stage is Stage.ON_BEHALF and Role.SEKRETARIAT in actor.roles and kind in actor.region_wide
    )
