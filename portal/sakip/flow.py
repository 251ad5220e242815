"""The only writers of the pohon kinerja: nodes, indicators, their years. Callers commit."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal.budget import rules as budget_rules
from portal.budget.nomenclature import for_year
from portal.db import db
from portal.people.kinds import UnitKind
from portal.people.rules import Actor, UnitInfo
from portal.sakip import pointers, queries, rules, spec
from portal.sakip.models import KinerjaIndicator, KinerjaNode, KinerjaYear
from portal.sakip.refusal import STALE, Refused
from portal.trail import flow as trail

PEMDA_LEVELS = ("ultimate", "sasaran_pemda")
UNIT_LEVELS = ("sasaran_opd", "program", "kegiatan", "sub_kegiatan")
LONGEST_TITLE = 600
_WITH_CODE = {"program": 3, "kegiatan": 5, "sub_kegiatan": 6}  # segments of the code


@dataclass(frozen=True)
class NodeGiven:
    """What a form says of a node."""

    level: str
    title: str
    parent_id: int | None = None
    code: str = ""
    position: int = 0


def levels_of(unit: UnitInfo) -> tuple[str, ...]:
    """Levels that a unit plans itself."""
    return PEMDA_LEVELS if unit.kind == UnitKind.PEMDA else UNIT_LEVELS


def _may(actor: Actor, unit: UnitInfo) -> None:
    if not queries.writes(actor, unit):
        raise Refused(f"Pohon kinerja {unit.name} diisi oleh operatornya atau oleh penyusun SAKIP.")


def _stream(year: int) -> str:
    return f"sakip:{year}"


def add_node(year: int, unit: UnitInfo, given: NodeGiven, actor: Actor) -> KinerjaNode:
    """Hang a node into the tree of a year; it goes on into the years after."""
    _may(actor, unit)
    title, code = _checked(year, unit, given, None)
    last = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.max(KinerjaNode.position), 0))
        .where(KinerjaNode.unit_id == unit.id)
    )  # fmt: skip
    node = KinerjaNode(
        unit_id=unit.id, parent_id=given.parent_id, level=given.level, title=title, code=code,
        position=given.position or (last or 0) + 10, since=year,
    )  # fmt: skip
    db.session.add(node)
    db.session.flush()
    trail.record(_stream(year), "menambah simpul pohon kinerja", f"kinerja_node:{node.id}", actor,
                 None, asdict(given))  # fmt: skip
    return node


def change_node(
    year: int, unit: UnitInfo, node: KinerjaNode, given: NodeGiven, version: int, actor: Actor
) -> None:
    """Change words, parent, code or order of a node."""
    _may(actor, unit)
    if version != node.version:
        raise Refused(STALE, stale=True)
    title, code = _checked(year, unit, given, node)
    before = {"title": node.title, "parent_id": node.parent_id, "code": node.code}
    node.title, node.parent_id, node.code = title, given.parent_id, code
    node.level = given.level
    node.position = given.position or node.position
    node.version += 1
    trail.record(_stream(year), "mengubah simpul pohon kinerja", f"kinerja_node:{node.id}", actor,
                 before, asdict(given))  # fmt: skip
    db.session.flush()


def _checked(
    year: int, unit: UnitInfo, given: NodeGiven, node: KinerjaNode | None
) -> tuple[str, str]:
    """Title and code as they are stored; Refused with what to do."""
    title = " ".join(given.title.split())
    if not title:
        raise Refused("Isi uraiannya. Contoh: Meningkatnya derajat kesehatan masyarakat.",
                      field="title")  # fmt: skip
    if len(title) > LONGEST_TITLE:
        raise Refused(f"Uraian paling panjang {LONGEST_TITLE} huruf.", field="title")
    if given.level not in levels_of(unit):
        known = ", ".join(rules.LEVELS[level] for level in levels_of(unit))
        raise Refused(f"Pilih jenjang simpul. Untuk {unit.name}: {known}.", field="level")
    parent = _parent(year, unit, given, node)
    if not rules.may_hang(given.level, parent.level if parent else None):
        above = rules.LEVELS[parent.level] if parent else "tanpa induk"
        raise Refused(
            f"{rules.LEVELS[given.level]} tidak dapat ditempatkan di bawah {above}. Pilih induk "
            "dari jenjang di atasnya, misalnya Program di bawah Sasaran PD.", field="parent_id",
        )  # fmt: skip
    return title, _code(year, given)


def _parent(
    year: int, unit: UnitInfo, given: NodeGiven, node: KinerjaNode | None
) -> KinerjaNode | None:
    if given.parent_id is None:
        return None
    known = {n.id: n for n in queries.nodes(year)}
    parent = known.get(given.parent_id)
    above = queries.root()
    houses = {unit.id, above.id if above else 0}
    if parent is None or parent.unit_id not in houses:
        raise Refused("Induk yang dipilih tidak ada dalam pohon kinerja tahun ini.",
                      field="parent_id")  # fmt: skip
    up: KinerjaNode | None = parent
    while up is not None and node is not None:
        if up.id == node.id:
            raise Refused("Simpul tidak dapat ditempatkan di bawah dirinya sendiri.",
                          field="parent_id")  # fmt: skip
        up = known.get(up.parent_id or 0)
    return parent


def _code(year: int, given: NodeGiven) -> str:
    if not given.code.strip():
        return ""
    if given.level not in _WITH_CODE:
        raise Refused("Kode anggaran hanya untuk Program, Kegiatan, dan Sub Kegiatan.",
                      field="code")  # fmt: skip
    try:
        code = budget_rules.clean_code("programs", given.code, for_year(year).bidang)
    except budget_rules.CodeError as error:
        raise Refused(str(error), field="code") from error
    if len(budget_rules.segments(code)) != _WITH_CODE[given.level]:
        example = {"program": "1.02.02", "kegiatan": "1.02.02.2.02",
                   "sub_kegiatan": "1.02.02.2.02.0001"}[given.level]  # fmt: skip
        raise Refused(
            f"Kode {rules.LEVELS[given.level]} seharusnya seperti {example}; “{code}” bukan.",
            field="code",
        )
    return code


def end_node(year: int, unit: UnitInfo, node: KinerjaNode, version: int, actor: Actor) -> None:
    """Take a node out from this year on; years before keep it. Refused while things hang on it."""
    _may(actor, unit)
    if version != node.version:
        raise Refused(STALE, stale=True)
    below = [n for n in queries.nodes(year) if n.parent_id == node.id]
    if below:
        raise Refused(
            f"Masih ada {len(below)} simpul di bawah “{node.title[:80]}”. Pindahkan atau hapus "
            "simpul itu lebih dulu."
        )
    if queries.indicators(year, [node.id]):
        raise Refused(
            f"“{node.title[:80]}” masih mempunyai indikator. Hentikan indikatornya lebih dulu."
        )
    node.until = year - 1
    node.version += 1
    trail.record(_stream(year), "menghentikan simpul pohon kinerja", f"kinerja_node:{node.id}",
                 actor, node.title, f"sampai {year - 1}")  # fmt: skip
    db.session.flush()


# --- indicators -----------------------------------------------------------------------------


@dataclass(frozen=True)
class IndicatorGiven:
    """What a form says of an indicator, its numbers read already."""

    title: str
    satuan: str = ""
    places: int = 2
    definition: str = ""
    formula: str = ""
    direction: str = ""
    roll: str = "last"
    source: str = ""
    holder_unit_id: int | None = None
    pointer: str = ""
    predicate: str = ""
    iku: bool = True
    final_year: int = 0
    final_target: Decimal | None = None
    target: Decimal | None = None
    position: int = 0


def add_indicator(
    year: int, unit: UnitInfo, node: KinerjaNode, given: IndicatorGiven, actor: Actor
) -> KinerjaIndicator:
    """Give a node an indicator, with its target of the year."""
    _may(actor, unit)
    found = KinerjaIndicator(node_id=node.id, since=year, **_indicator(given))
    db.session.add(found)
    db.session.flush()
    if not given.position:
        found.position = found.id * 10
    put_year(found, year, {"target": given.target}, actor)
    trail.record(_stream(year), "menambah indikator kinerja", f"kinerja_indicator:{found.id}",
                 actor, None, _told(given))  # fmt: skip
    return found


def change_indicator(
    year: int, unit: UnitInfo, found: KinerjaIndicator, given: IndicatorGiven, version: int,
    actor: Actor,
) -> None:  # fmt: skip
    """Change an indicator and its target of the year."""
    _may(actor, unit)
    if version != found.version:
        raise Refused(STALE, stale=True)
    before = {"title": found.title, "direction": found.direction, "formula": found.formula}
    for name, value in _indicator(given).items():
        if name != "position" or value:
            setattr(found, name, value)
    found.version += 1
    put_year(found, year, {"target": given.target}, actor)
    trail.record(_stream(year), "mengubah indikator kinerja", f"kinerja_indicator:{found.id}",
                 actor, before, _told(given))  # fmt: skip


def end_indicator(
    year: int, unit: UnitInfo, found: KinerjaIndicator, version: int, actor: Actor
) -> None:
    """The indicator is not used from this year on; what it said before stays."""
    _may(actor, unit)
    if version != found.version:
        raise Refused(STALE, stale=True)
    found.until = year - 1
    found.version += 1
    trail.record(_stream(year), "menghentikan indikator kinerja", f"kinerja_indicator:{found.id}",
                 actor, found.title, f"sampai {year - 1}")  # fmt: skip
    db.session.flush()


def _told(given: IndicatorGiven) -> dict[str, Any]:
    return {k: str(v) if isinstance(v, Decimal) else v for k, v in asdict(given).items()}


def _indicator(given: IndicatorGiven) -> dict[str, Any]:
    """Fields as they are stored; Refused names what is missing and what to do."""
    title = " ".join(given.title.split())
    if not title:
        raise Refused("Isi nama indikator. Contoh: Angka Harapan Hidup.", field="title")
    if given.direction not in rules.DIRECTIONS:
        raise Refused(
            f"Indikator “{title[:80]}” belum punya metode capaian. Pilih makin tinggi makin baik, "
            "atau salah satu dari dua cara makin rendah makin baik; metode tercetak dalam LKjIP.",
            field="direction",
        )  # fmt: skip
    if given.roll not in rules.ROLLS:
        raise Refused("Pilih cara triwulan menjadi tahun: dijumlahkan atau nilai terakhir.",
                      field="roll")  # fmt: skip
    if not given.satuan.strip():
        raise Refused(f"Isi satuan indikator “{title[:80]}”. Contoh: %, indeks, tahun, orang.",
                      field="satuan")  # fmt: skip
    if given.pointer and not pointers.known(given.pointer):
        raise Refused("Sumber angka yang dipilih tidak ada dalam katalog. Pilih dari daftar.",
                      field="pointer")  # fmt: skip
    if given.predicate and spec.current().predicate(given.predicate) is None:
        raise Refused("Predikat yang dipilih tidak dikenal. Pilih dari daftar.", field="predicate")
    if not 0 <= given.places <= 6:
        raise Refused("Angka di belakang koma: 0 sampai 6.", field="places")
    longest = {"title": 400, "satuan": 80, "source": 300}
    kept = {"title": title, "satuan": given.satuan.strip(), "source": given.source.strip()}
    for name, most in longest.items():
        if len(kept[name]) > most:
            raise Refused(f"Paling panjang {most} huruf.", field=name)
    return {
        **kept, "iku": given.iku, "places": given.places, "definition": given.definition.strip(),
        "formula": given.formula.strip(), "direction": given.direction, "roll": given.roll,
        "holder_unit_id": given.holder_unit_id, "pointer": given.pointer,
        "predicate": given.predicate, "final_year": given.final_year,
        "final_target": given.final_target, "position": given.position,
    }  # fmt: skip


YEAR_FIELDS = ("target", "realised", "provincial", "national", "standard_note", "support",
               "obstacle", "effort")  # fmt: skip


def put_year(found: KinerjaIndicator, year: int, values: dict[str, Any], actor: Actor) -> bool:
    """Write fields of an indicator's year; False when all of them stood there already."""
    unknown = set(values) - set(YEAR_FIELDS)
    if unknown:
        raise ValueError(f"no field of a year: {unknown}")
    row = queries.year_of(found.id, year)
    if row is None:
        row = KinerjaYear(indicator_id=found.id, year=year, standard_note="", support="",
                          obstacle="", effort="")  # fmt: skip
        db.session.add(row)
    changed = {k: v for k, v in values.items() if getattr(row, k) != v}
    if not changed:
        db.session.flush()
        return False
    before = {k: _said(getattr(row, k)) for k in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    row.by_label = actor.label
    db.session.flush()
    trail.record(_stream(year), "mengisi indikator kinerja", f"kinerja_indicator:{found.id}",
                 actor, before, {k: _said(v) for k, v in changed.items()})  # fmt: skip
    return True


def _said(value: Any) -> Any:
    return format(value, "f") if isinstance(value, Decimal) else value
