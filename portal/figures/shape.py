"""Elements, indicators and the whole catalogue, as they are used everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from portal.figures import expr, spm

#: Order of the clusters in lists and books.
CLUSTERS = {
    "makro": "Kinerja makro",
    "wajib_pelayanan_dasar": "Urusan wajib pelayanan dasar",
    "wajib_non_pelayanan_dasar": "Urusan wajib nonpelayanan dasar",
    "pilihan": "Urusan pilihan",
    "penunjang": "Fungsi penunjang urusan pemerintahan",
    "referensi": "Data rujukan bersama",
}


@dataclass(frozen=True)
class Element:
    """One thing that is counted or measured; ``owner`` is the duty whose unit types it."""

    key: str
    title: str
    unit: str
    kind: str
    owner: str
    places: int
    reference: bool
    choices: tuple[str, ...]
    group: str
    by: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    source: str = ""
    help: str = ""
    restricted: bool = False
    roll: str = ""  # kept by month: sum | last makes the year, "" = by year only
    service: str = ""  # made from this jenis pelayanan (mutu, anggaran, personil), "" = typed above

    @property
    def numeric(self) -> bool:
        """False for a choice of words."""
        return self.kind != "choice"


@dataclass(frozen=True)
class Indicator:
    """What a report prints; its value is always computed from elements.

    ``title`` is "" while the official wording is a guess: then ``guess_title`` says what is
    meant on screens, and the printed name waits to be filled. ``part`` and ``whole`` are the
    elements above and below the line of a ratio, empty for other formulas. ``inside`` says
    that the part is some of the whole.
    """

    key: str
    no: str
    level: str
    group: str
    title: str
    guess_title: str
    formula: str
    formula_text: str
    unit: str
    places: int
    direction: str
    elements: tuple[str, ...]
    previous: tuple[str, ...]
    sure: str
    duty: str
    part: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    times: Decimal = Decimal(100)
    inside: bool = False
    low: Decimal | None = None
    high: Decimal | None = None
    overlap: str = ""
    note: str = ""
    parent: str = ""
    since: int | None = None
    until: int | None = None

    @property
    def shown_title(self) -> str:
        """Title for screens; a guessed wording is told apart by ``title`` being empty."""
        return self.title or self.guess_title

    @property
    def expr(self) -> expr.Expr:
        """The formula, read once."""
        return _parsed(self.formula)

    def applies(self, year: int) -> bool:
        """True when the indicator is asked for in that data year."""
        return (self.since or 0) <= year <= (self.until or 9999)


@dataclass(frozen=True)
class Thresholds:
    """Limits of the checks, read from reports_templates/figure_checks.yaml; a region's own."""

    jump_percent: Decimal = Decimal(50)
    small: Decimal = Decimal(50)  # below it neither jumps nor copies are remarkable
    factors: tuple[Decimal, ...] = (Decimal(1000), Decimal(1_000_000))
    factor_band: Decimal = Decimal("1.9")  # how far from the factor a ratio may be
    jump_of: Mapping[str, Decimal] = field(default_factory=dict)  # by element


@dataclass(frozen=True)
class Group:
    """An urusan, a fungsi penunjang, makro, or the reference data."""

    key: str
    letter: str
    title: str
    duty: str
    cluster: str

    @property
    def label(self) -> str:
        """``1.a Pendidikan``."""
        return f"{self.letter} {self.title}".strip()


@dataclass(frozen=True)
class Sum:
    """``whole`` must be the sum of ``parts``."""

    whole: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class QualityItem:
    """A row of the mutu minimal: what must be there for the people to be served."""

    element: str  # target = required, realisasi = fulfilled
    group: str  # barang | jasa | sdm
    text: str
    unit: str
    since: int | None = None
    until: int | None = None

    def applies(self, year: int) -> bool:
        """True when the standar teknis of that data year asks for it."""
        return (self.since or 0) <= year <= (self.until or 9999)


@dataclass(frozen=True)
class Service:
    """A jenis pelayanan dasar: who is served, counted by which elements, with which mutu."""

    code: str  # KS1
    level: str  # kabkota | provinsi
    group: str  # catalogue group of its bidang
    duty: str
    title: str
    recipients: str
    indicator: str
    unit: str
    part: tuple[str, ...] = ()  # elements of those served
    whole: tuple[str, ...] = ()  # elements of those to be served
    roll: str = "sum"
    overlap: tuple[str, ...] = ()  # IKK that print the same numbers
    quality: tuple[QualityItem, ...] = ()
    source: str = ""
    sure: str = "likely"
    numerator: str = ""
    denominator: str = ""

    @property
    def key(self) -> str:
        """``ks1``: its key in rows and element names."""
        return self.code.lower()

    @property
    def staff(self) -> tuple[str, str]:
        """Elements of its staff: PNS and the others."""
        return f"layanan_{self.key}_pns", f"layanan_{self.key}_non_pns"

    def quality_in(self, year: int) -> tuple[QualityItem, ...]:
        """The mutu rows of a data year."""
        return tuple(item for item in self.quality if item.applies(year))


@dataclass(frozen=True)
class Catalogue:
    """All groups, elements and indicators, in the order of the book."""

    groups: dict[str, Group]
    elements: dict[str, Element]
    indicators: dict[str, Indicator]
    sums: tuple[Sum, ...]
    services: tuple[Service, ...] = ()
    method: spm.Method = field(default_factory=spm.Method)

    def services_of(self, group: str = "", level: str = "kabkota") -> tuple[Service, ...]:
        """Jenis pelayanan dasar of a level and a bidang ("" = all), in the order of the law."""
        return tuple(
            s for s in self.services if s.level == level and (not group or s.group == group)
        )

    def of(self, level: str = "", group: str = "", year: int | None = None) -> list[Indicator]:
        """Indicators of a level and a group ("" = all) that apply in ``year``."""
        return [
            i
            for i in self.indicators.values()
            if (not level or i.level == level)
            and (not group or i.group == group)
            and (year is None or i.applies(year))
        ]

    def elements_of(self, indicators: Iterable[Indicator]) -> list[Element]:
        """Their elements, each once, in order of appearance."""
        keys = dict.fromkeys(k for i in indicators for k in i.elements)
        return [self.elements[k] for k in keys]

    def users(self, element: str) -> list[Indicator]:
        """Indicators that an element feeds."""
        return [i for i in self.indicators.values() if element in i.elements]


@cache
def _parsed(text: str) -> expr.Expr:
    return expr.parse(text)
