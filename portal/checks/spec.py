"""The two data files of this room: which numbers must agree, and how much each rule weighs.

``reports_templates/reuse.yaml`` (reuse matrix, SPM-IKK overlap, links) and
``reports_templates/checks.yaml`` (severity and legal basis per rule). Unknown words are mistakes.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from portal.config import ROOT

Sure = Literal["sure", "likely", "guess"]
Severity = Literal["blocking", "warning"]
REUSE, CHECKS = "reuse.yaml", "checks.yaml"


class SpecError(ValueError):
    """One of the files is wrong; the message names file, place and reason."""


class Strict(BaseModel):
    """Unknown words are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Reuse(Strict):
    """A datum that is entered once, and where each report uses it (x used, (x) shortened)."""

    datum: str
    owner: str
    spm: str = ""
    lppd: str = ""
    lkjip: str = ""
    lkpj: str = ""
    source: str
    sure: Sure


class Service(Strict):
    """A jenis pelayanan of the SPM and the elements that its numbers are; "" = not comparable."""

    service: str
    bidang: str
    ikk: tuple[str, ...]
    needed: str
    served: str
    note: str
    source: str
    sure: Sure


class ServiceTable(Strict):
    """A table whose rows are services; columns of the people to be served and served."""

    kind: str
    part: str
    needed: str
    served: str
    unit: str = ""


class Side(Strict):
    """Where a number stands: columns of a table, elements, or all indicators of a level.

    ``match``: ``row`` (key of the row), ``unit`` (the Perangkat Daerah that typed it),
    ``unit_row`` (the Perangkat Daerah that the row is about), ``digits`` (digits of the row's key:
    accounts), ``total``, ``text:<column>`` or ``year:<column>`` (this year's row, beside a total).
    ``rows`` narrows the rows by their key (``b5*``); ``back`` 1 looks into last year's report.
    """

    kind: str = ""
    part: str = ""
    match: str = "row"
    columns: dict[str, str] = {}
    rows: str = ""
    back: int = 0
    unit: str = ""  # column that holds the satuan
    elements: dict[str, str] = {}
    indicators: str = ""
    quantity: str = "realisasi"


class Link(Strict):
    """Numbers that must be the same; the first side that has one is what the others meet."""

    key: str
    rule: str
    title: str
    sides: tuple[Side, ...] = Field(min_length=2)
    tolerance: Decimal = Decimal(0)


class Recomputed(Strict):
    """A typed capaian that other tables give: their mean over equal keys."""

    key: str
    title: str
    typed: Side
    mean_of: tuple[Side, ...]
    tolerance: Decimal = Decimal("0.05")


class ReuseFile(Strict):
    """reuse.yaml."""

    format: Literal[1]
    edition_year: int
    matrix: tuple[Reuse, ...]
    services: tuple[Service, ...]
    service_tables: tuple[ServiceTable, ...]
    links: tuple[Link, ...]
    recomputed: tuple[Recomputed, ...] = ()

    @property
    def parts(self) -> frozenset[tuple[str, str]]:
        """(kind, part) of every table that a link, a service or a recomputation looks at."""
        sides = [s for link in self.links for s in link.sides]
        sides += [s for one in self.recomputed for s in (one.typed, *one.mean_of)]
        found = {(s.kind, s.part) for s in sides if s.part}
        return frozenset(found | {(t.kind, t.part) for t in self.service_tables})


class Rule(Strict):
    """How a rule weighs, on which basis it stands, what to do."""

    severity: Severity
    title: str
    basis: str
    advice: str


class RulesFile(Strict):
    """checks.yaml."""

    format: Literal[1]
    rules: dict[str, Rule]


@cache
def reuse(folder: Path = ROOT / "reports_templates") -> ReuseFile:
    """The links of this installation; SpecError when the file is wrong."""
    found = _read(folder / REUSE, ReuseFile)
    known = rules(folder)
    for link in found.links:
        if link.rule not in known:
            raise SpecError(f"{REUSE}: {link.key}: aturan “{link.rule}” tidak ada di {CHECKS}")
    return found


@cache
def rules(folder: Path = ROOT / "reports_templates") -> dict[str, Rule]:
    """Severity and basis by rule."""
    return _read(folder / CHECKS, RulesFile).rules


_Shape = TypeVar("_Shape", bound=Strict)


def _read(path: Path, shape: type[_Shape]) -> _Shape:
    try:
        return shape.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError) as error:
        raise SpecError(f"{path.name}: tidak dapat dibaca: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(p) for p in first["loc"])
        raise SpecError(f"{path.name}: {where}: {first['msg']}") from error
