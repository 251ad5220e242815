"""The way of an isian, read from ``reports_templates/workflows.yaml`` and checked; pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from portal.people.rules import Permission
from portal.reports.states import EntryState

CONDITIONS = (
    "verifier", "no_verifier", "apip_own", "not_apip_own", "unread", "on_behalf",
)  # fmt: skip
RELATIONS = ("own", "own_or_above", "region", "compiler")


class WorkflowError(ValueError):
    """workflows.yaml cannot be used; the message names the place and the reason."""


@dataclass(frozen=True)
class Facts:
    """What a transition may depend on, besides who acts."""

    verifier: bool = False  # the supplier uses a verifikator PD
    apip_own: bool = False  # the supplier is the Inspektorat itself
    unread: bool = True  # nobody of the next desk has opened it
    on_behalf: bool = False  # the supplier is outside its tahap

    def holds(self, condition: str) -> bool:
        """True when the named condition of the YAML holds."""
        return {
            "verifier": self.verifier, "no_verifier": not self.verifier,
            "apip_own": self.apip_own, "not_apip_own": not self.apip_own,
            "unread": self.unread, "on_behalf": self.on_behalf,
        }[condition]  # fmt: skip


@dataclass(frozen=True)
class Target:
    """One end of a transition, taken when its condition holds ("" = always)."""

    state: str
    when: str = ""


@dataclass(frozen=True)
class Transition:
    """One verb: from which states, to which, who may, what it asks for."""

    verb: str
    label: str
    from_states: tuple[str, ...]
    to: tuple[Target, ...]
    permission: Permission
    relation: str
    when: tuple[str, ...] = ()
    confirm: str = ""
    needs_remark: bool = False
    remark_label: str = ""
    remark_is: str = "remark"  # "basis" = goes into the trail only
    needs_basis: bool = False
    needs_verdict: bool = False
    needs_sheet: bool = False  # comes only with a signed Lembar Pengesahan (flow_sheets)
    checks: bool = False
    receipt: bool = False
    many: bool = False  # may be done to several isian at once

    def end(self, facts: Facts) -> str:
        """The state it leads to for these facts."""
        for target in self.to:
            if not target.when or facts.holds(target.when):
                return target.state
        raise WorkflowError(f"{self.verb}: tidak ada status tujuan yang cocok")


@dataclass(frozen=True)
class ReviewPaper:
    """What the Laporan Hasil Reviu of a kind of report says of itself; words of the region's
    identity stand as ``{provinsi}`` and ``{daerah}``."""

    title: str
    to: str
    basis: tuple[str, ...]
    scope: tuple[str, ...]
    assurance: str
    when: str


@dataclass(frozen=True)
class Workflow:
    """The way of one kind of report."""

    name: str
    editable: frozenset[str]
    readers: dict[str, frozenset[str]]
    transitions: dict[str, Transition]
    labels: dict[str, str] = field(default_factory=dict)
    review_paper: ReviewPaper | None = None

    @property
    def reviewed(self) -> bool:
        """True when the Inspektorat reviews isian of this kind of report."""
        return any(t.permission is Permission.ENTRY_REVIEW for t in self.transitions.values())

    def open_to(self, role: str, state: str) -> bool:
        """True when this role, outside the supplier's house, may read an isian in ``state``."""
        return state in self.readers.get(role, frozenset())

    def verbs_from(self, state: str, facts: Facts) -> list[Transition]:
        """The transitions that lead on from ``state`` for these facts, whoever acts."""
        return [
            t for t in self.transitions.values()
            if state in t.from_states and all(facts.holds(c) for c in t.when)
        ]  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """An item of a closed list: verdicts, reasons of an obstacle (``quiet`` in days)."""

    key: str
    label: str
    quiet: int = 0
    good: bool = False


@dataclass(frozen=True)
class Workflows:
    """All of workflows.yaml."""

    by_name: dict[str, Workflow]
    verdicts: tuple[Choice, ...]
    obstacles: tuple[Choice, ...]

    def of(self, kind: str, name: str = "") -> Workflow:
        """By the name an edition gives, else by the kind of report, else LPPD's."""
        return self.by_name.get(name) or self.by_name.get(kind) or self.by_name["lppd"]


def load(path: Path) -> Workflows:
    """Read and check the file; WorkflowError says what is wrong and where."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise WorkflowError(f"{path.name}: tidak dapat dibaca: {error}") from error
    try:
        flows = {name: _workflow(name, body) for name, body in data["workflows"].items()}
        return Workflows(
            flows,
            tuple(Choice(**c) for c in data["verdicts"]),
            tuple(Choice(**c) for c in data["obstacles"]),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise WorkflowError(f"{path.name}: {error}") from error


@lru_cache(maxsize=4)
def current(path: Path) -> Workflows:
    """The workflows of an installation, read once per process."""
    return load(path)


def _workflow(name: str, body: dict[str, Any]) -> Workflow:
    unknown = set(body) - {"editable", "readers", "transitions", "labels", "review_paper"}
    if unknown:
        raise WorkflowError(f"workflows.{name}: kata tidak dikenal {sorted(unknown)}")
    verbs = {v: _transition(f"workflows.{name}.{v}", v, t) for v, t in body["transitions"].items()}
    flow = Workflow(
        name,
        frozenset(_states(name, body["editable"])),
        {role: frozenset(_states(name, s)) for role, s in body.get("readers", {}).items()},
        verbs,
        dict(body.get("labels", {})),
        _review_paper(body.get("review_paper")),
    )
    _check_no_dead_end(flow)
    return flow


def _review_paper(data: dict[str, Any] | None) -> ReviewPaper | None:
    if data is None:
        return None
    lists = {"basis": tuple(data["basis"]), "scope": tuple(data["scope"])}
    return ReviewPaper(**{**data, **lists})


def _states(where: str, names: list[str]) -> list[str]:
    known = {s.value for s in EntryState}
    for name in names:
        if name not in known:
            raise WorkflowError(f"{where}: status {name!r} tidak dikenal")
    return names


def _transition(where: str, verb: str, data: dict[str, Any]) -> Transition:
    known = {
        "label", "from", "to", "permission", "relation", "when", "confirm", "needs_remark",
        "remark_label", "remark_is", "needs_basis", "needs_verdict", "needs_sheet",
        "checks", "receipt", "many",
    }  # fmt: skip
    unknown = set(data) - known
    if unknown:
        raise WorkflowError(f"{where}: kata tidak dikenal {sorted(unknown)}")
    ends = data["to"] if isinstance(data["to"], list) else [{"state": data["to"]}]
    targets = tuple(Target(**end) for end in ends)
    _states(where, [t.state for t in targets])
    conditions = (*data.get("when", ()), *(t.when for t in targets if t.when))
    for condition in conditions:
        if condition not in CONDITIONS:
            raise WorkflowError(f"{where}: syarat {condition!r} tidak dikenal")
    if data["relation"] not in RELATIONS:
        raise WorkflowError(f"{where}: relation {data['relation']!r} tidak dikenal")
    if targets[-1].when:
        raise WorkflowError(f"{where}: tujuan terakhir tidak boleh bersyarat")
    rest = {k: v for k, v in data.items() if k in known - {"from", "to", "permission", "when"}}
    return Transition(
        verb=verb, from_states=tuple(_states(where, data["from"])), to=targets,
        permission=Permission(data["permission"]), when=tuple(data.get("when", ())), **rest,
    )  # fmt: skip


def _check_no_dead_end(flow: Workflow) -> None:
    """Every state that a verb leads to can be left again or be edited."""
    left = {s for t in flow.transitions.values() for s in t.from_states} | set(flow.editable)
    for transition in flow.transitions.values():
        for target in transition.to:
            if target.state not in left:
                raise WorkflowError(
                    f"workflows.{flow.name}.{transition.verb}: {target.state} jalan buntu"
                )
