"""Steps of a contract as data: reports_templates/contracts, checked when it is read."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from portal import yamlfile
from portal.contracts.kinds import DESK_OF, HOLDER_LABELS, METHODS, PAIRS, TYPES, Detail

#: max: done within so many days; target: the same, a custom and not law; min: lasts so long;
#: tgl: on that day (MMDD) of the year, lalu: of the year before; depan: on that day (DD) of the
#: next month; berkala: comes again and again; umur: age of a paper; empty: no limit.
MODES = ("max", "target", "min", "tgl", "lalu", "depan", "berkala", "umur", "")
KINDS = ("kerja", "kalender", "bulan", "tanggal", "-")
ANCHORS = ("^paket", "^ttd", "^mulai", "^akhir", "^tagih", "^kejadian")


class TemplateError(Exception):
    """A template that cannot be used; the message names the file and the reason."""


@dataclass(frozen=True)
class Stage:
    """One row of a template. ``after`` holds keys, anchors, and ``~key`` for "not before"."""

    no: int
    key: str
    phase: str
    title: str
    holder: str
    others: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    mode: str = ""
    days: int | None = None
    kind: str = "-"
    after: tuple[str, ...] = ()
    per: str = ""  # bayar | tahun | kejadian
    when: str = ""  # um | jamlak | pemeliharaan | dak | optional | event
    rules: tuple[str, ...] = ()
    evidence: str = ""
    basis: str = ""
    sure: str = "likely"
    roll: str = "maju"  # maju | mundur | tidak: where a date on a day off goes

    @property
    def desk(self) -> str:
        """Where its waiting days lie."""
        return str(DESK_OF[self.holder])


@dataclass(frozen=True)
class Limit:
    """A day limit that replaces that of a stage: by the region for a year, or by an SSKK.

    ``on`` fixes the date itself (from the schedule in SPSE, say).
    """

    days: int | None
    kind: str = "kerja"
    basis: str = ""
    on: date | None = None

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Limit:
        """From its stored form."""
        on = date.fromisoformat(raw["on"]) if raw.get("on") else None
        return cls(raw.get("days"), raw.get("kind", "kerja"), raw.get("basis", ""), on)

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        out: dict[str, Any] = {"days": self.days, "kind": self.kind, "basis": self.basis}
        return {**out, "on": self.on.isoformat()} if self.on else out


@dataclass(frozen=True)
class Rule:
    """A version of the procurement rule with its ceilings of pengadaan langsung (rupiah)."""

    key: str
    title: str
    since: date
    direct_works: Decimal
    direct_goods: Decimal
    direct_consulting: Decimal
    basis: str

    def ceiling(self, kind: str) -> Decimal:
        """The highest value that pengadaan langsung may have for this type of work."""
        return {"konstruksi": self.direct_works, "konsultansi": self.direct_consulting}.get(
            kind, self.direct_goods
        )


class Library:
    """All templates of one folder."""

    def __init__(self, folder: Path) -> None:
        raw = yamlfile.load(folder / "tonggak.yaml")
        self.rows = {key: _stage(key, row) for key, row in raw["rows"].items()}
        self.methods: list[dict[str, Any]] = raw["methods"]
        self.marks: dict[str, tuple[str, ...]] = {k: tuple(v) for k, v in raw["marks"].items()}
        self.rules = tuple(_rule(row) for row in raw["rules"])
        with (folder / "rinci.csv").open(encoding="utf-8", newline="") as file:
            self.fine = tuple(_fine(row) for row in csv.DictReader(file))
        for kind, methods in PAIRS.items():
            for method in methods:
                for detail in Detail:
                    check(self.of(kind, method, self.rules[-1].key, detail))

    def of(self, kind: str, method: str, rule: str, detail: str) -> tuple[Stage, ...]:
        """The stages of one type x method x rule version; TemplateError for a pair unknown."""
        if method not in PAIRS.get(kind, ()):
            raise TemplateError(f"{kind} x {method}")
        fine = detail == Detail.RINCI and method != "swakelola"
        found = self._fine(kind, method) if fine else self._short(kind, method)
        return tuple(s for s in found if not s.rules or rule in s.rules)

    def _fine(self, kind: str, method: str) -> list[Stage]:
        return [s for s in self.fine if kind in s.types and method in s.methods]

    def _short(self, kind: str, method: str) -> list[Stage]:
        for row in self.methods:
            if method in row["methods"] and kind in row["types"]:
                change: Mapping[str, Any] = row.get("change", {})
                return [
                    replace(self.rows[key], **_typed(change[key]) if key in change else {})
                    for key in row["steps"]
                ]
        raise TemplateError(f"tonggak.yaml: {kind} x {method}")

    def rule(self, key: str) -> Rule:
        """A rule version by key; the newest when unknown."""
        return next((r for r in self.rules if r.key == key), self.rules[-1])

    def rule_on(self, day: date) -> Rule:
        """The version in force on the day of signing."""
        return max((r for r in self.rules if r.since <= day), key=lambda r: r.since,
                   default=self.rules[0])  # fmt: skip

    def marked(self, mark: str, keys: Iterable[str]) -> str:
        """Which of these keys plays a part (sign, handover, maintained); empty when none does."""
        have = set(keys)
        return next((key for key in self.marks[mark] if key in have), "")


def check(stages: Iterable[Stage]) -> None:
    """Every row is usable and counts from something that exists; TemplateError else."""
    for stage in stages:
        where = f"{stage.key} ({stage.no})"
        if stage.holder not in HOLDER_LABELS or set(stage.others) - set(HOLDER_LABELS):
            raise TemplateError(f"{where}: holder {stage.holder!r}")
        if stage.mode not in MODES or stage.kind not in KINDS:
            raise TemplateError(f"{where}: limit {stage.mode!r} {stage.kind!r}")
        if stage.mode in ("max", "target", "min") and (stage.days is None or stage.days < 0):
            raise TemplateError(f"{where}: has no usable limit")
        bad = [a for a in stage.after if a.startswith("^") and a not in ANCHORS]
        if bad:
            raise TemplateError(f"{where}: counts from {bad[0]}")


def _typed(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items()}


def _stage(key: str, raw: Mapping[str, Any]) -> Stage:
    try:
        return Stage(key=key, **_typed(raw))
    except TypeError as error:
        raise TemplateError(f"tonggak.yaml: {key}: {error}") from error


def _fine(row: Mapping[str, str]) -> Stage:
    def several(name: str, every: Iterable[str] = ()) -> tuple[str, ...]:
        return tuple(every) if row[name] == "semua" else tuple(filter(None, row[name].split("|")))

    try:
        return Stage(
            no=int(row["no"]), key=row["key"], phase=row["phase"], title=row["title"],
            holder=row["holder"], others=several("others"), types=several("types", TYPES),
            methods=several("methods", METHODS), mode=row["mode"],
            days=int(row["days"]) if row["days"] else None, kind=row["kind"],
            after=several("after"), per=row["per"], when=row["when"], rules=several("rules"),
            evidence=row["evidence"], basis=row["basis"], sure=row["sure"], roll=row["roll"],
        )  # fmt: skip
    except (KeyError, ValueError) as error:
        raise TemplateError(f"rinci.csv: {row.get('no')}: {error}") from error


def _rule(raw: Mapping[str, Any]) -> Rule:
    return Rule(
        raw["key"], raw["title"], date.fromisoformat(raw["from"]), Decimal(raw["direct_works"]),
        Decimal(raw["direct_goods"]), Decimal(raw["direct_consulting"]), raw["basis"],
    )  # fmt: skip


@lru_cache(maxsize=4)
def load(folder: Path) -> Library:
    """The library of a folder; raises TemplateError with file and reason."""
    try:
        return Library(folder)
    except (KeyError, OSError, AttributeError) as error:
        raise TemplateError(f"{folder.name}: {error}") from error
