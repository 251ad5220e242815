"""Who may do what: one table, no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from portal.people.models import Role


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
    SUMMARY_READ = "summary:read"


P = Permission
_EVERYONE = frozenset({P.SELF, P.FORMAT_READ})
_READS = frozenset({P.ENTRY_READ, P.FIGURES_READ, P.REPORT_READ})
_CONTRACTS = frozenset({P.CONTRACT_READ, P.CONTRACT_WRITE})

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.OPERATOR: _EVERYONE | _READS | {P.ENTRY_WRITE, P.ENTRY_SEND, P.FIGURES_WRITE},
    Role.VERIFIKATOR: _EVERYONE | _READS | {P.ENTRY_VERIFY, P.CONTRACT_READ},
    Role.KEPALA: _EVERYONE | _READS | {P.ENTRY_APPROVE, P.CONTRACT_READ},
    Role.APIP: _EVERYONE | _READS | {P.ENTRY_REVIEW},
    Role.SEKRETARIAT: _EVERYONE | _READS | {
        P.ENTRY_WRITE, P.ENTRY_SEND, P.ENTRY_ACCEPT, P.FIGURES_WRITE, P.REPORT_MANAGE,
        P.REPORT_BUILD, P.REPORT_ISSUE, P.FORMAT_CONFIRM,
    },
    Role.PIMPINAN: _EVERYONE | {P.REPORT_READ, P.SUMMARY_READ, P.CONTRACT_READ},
    Role.ADMIN: _EVERYONE | {P.PEOPLE_ADMIN, P.REPORT_READ},
    Role.PPK: _EVERYONE | _CONTRACTS,
    Role.PPTK: _EVERYONE | _CONTRACTS,
    Role.BENDAHARA: _EVERYONE | _CONTRACTS,
    Role.PPK_SKPD: _EVERYONE | _CONTRACTS,
    Role.BUD: _EVERYONE | _CONTRACTS,
    Role.UKPBJ: _EVERYONE | _CONTRACTS,
}  # fmt: skip


@dataclass(frozen=True)
class Holding:
    """One jabatan that the actor holds today."""

    term_id: int
    position_id: int
    unit_id: int
    role: Role
    title: str
    sifat: str


@dataclass(frozen=True)
class Actor:
    """Who acts now: a person with the jabatan held today. The portal itself has none."""

    person_id: int | None
    name: str
    holdings: tuple[Holding, ...] = ()
    acting: Holding | None = None
    region_wide: frozenset[str] = field(default_factory=frozenset)

    @property
    def term_id(self) -> int | None:
        """Term under which the act is recorded."""
        return self.acting.term_id if self.acting else None

    @property
    def label(self) -> str:
        """How the record names the actor: name and jabatan."""
        return f"{self.name} ({self.acting.title})" if self.acting else self.name

    @property
    def roles(self) -> frozenset[Role]:
        """Roles held today."""
        return frozenset(h.role for h in self.holdings)

    def may(self, permission: Permission) -> bool:
        """True when one of today's roles grants it."""
        return any(permission in GRANTS[h.role] for h in self.holdings)

    def units(self, *roles: Role) -> frozenset[int]:
        """Units in which one of these roles (any, when none is named) is held."""
        return frozenset(h.unit_id for h in self.holdings if not roles or h.role in roles)


PORTAL = Actor(person_id=None, name="Selaras")
