"""The kinds of parts that a report format may name, and what each may say."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,58}$")]


class Strict(BaseModel):
    """Unknown words in an outline are errors, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ColumnType(StrEnum):
    """What a column holds; decides input, reading of numbers, alignment and print."""

    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    PERCENT = "percent"
    RUPIAH = "rupiah"
    DATE = "date"
    CHOICE = "choice"


class Supplier(Strict):
    """Who fills: the unit with a duty (named per region), or every unit of these kinds."""

    duty: str | None = None  # a duty key, or "item" = the duty of the repeated item
    kinds: tuple[str, ...] = ()  # unit kinds; one isian each
    support: tuple[str, ...] = ()  # duties of supporting suppliers


class Column(Strict):
    """One column of a table."""

    key: Key
    label: str
    group: str = ""  # heading over several columns
    type: ColumnType = ColumnType.TEXT
    unit: str = ""
    width: float = 1.0  # share of the table's width
    places: int | None = None  # digits behind the comma in print; None = as typed
    choices: tuple[str, ...] = ()
    formula: str = ""  # computed from columns of the same row
    share_of: str = ""  # computed: percent of that column's total (sums.fill_table)
    rolls: bool = True  # False: a row that adds up others keeps its own number (target kinerja)
    total: str = ""  # "sum", "" = none, or a formula over the totals
    required: bool = False
    help: str = ""
    example: str = ""


class FixedRow(Strict):
    """A row that the format prescribes; ``cells`` are its printed, read-only texts."""

    key: Key
    cells: dict[str, str] = {}
    level: int = 0  # indentation and weight: 0 plain; 1.. deeper for budget trees
    sum_of: tuple[str, ...] = ()  # keys of the rows that this one adds up; "-key" is subtracted


class Rows(Strict):
    """Free rows, rows prescribed by the format, or one row per thing of the region."""

    kind: Literal["free", "fixed", "over"] = "free"
    items: tuple[FixedRow, ...] = ()
    #: kecamatan | desa_kelurahan | perangkat_daerah | a list of the edition; ``{item}`` in it is
    #: the key of the repeated thing (``layanan_{item}``)
    over: str = ""
    into: str = ""  # column that shows the thing's name
    least: int = 0
    most: int = 2000


class PartBase(Strict):
    """What every part has."""

    key: Key
    title: str
    help: str = ""
    example: str = ""
    supplier: Supplier
    required: bool = True
    basis: str = ""
    since: int | None = None  # first data year it applies to
    until: int | None = None
    sure: Literal["sure", "likely", "guess"] = "likely"  # how well the official wording is known


class Narrative(PartBase):
    """Rich text: paragraphs, bold, italic, lists, simple tables and pictures."""

    kind: Literal["narrative"]
    words: int = 0  # least number of words that is noticed (perlu dicek), 0 = none
    starter: str = ""  # first draft with {holes}; paragraphs are divided by an empty line


class Table(PartBase):
    """A table with typed columns."""

    kind: Literal["table"]
    columns: tuple[Column, ...]
    rows: Rows = Rows()
    numbered: bool = True  # a first column "No"
    total: str = ""  # label of the total row, "" = none
    source: str = ""  # "Sumber: ..." under the printed table
    landscape: bool = False


class Budget(PartBase):
    """A budget table: account rows with levels, sums, anggaran, realisasi, percent, sisa."""

    kind: Literal["budget"]
    columns: tuple[Column, ...]
    rows: Rows
    source: str = ""
    landscape: bool = False
    unaudited: bool = True


class Programs(Budget):
    """Program, kegiatan, sub kegiatan of one Perangkat Daerah; rows come from the budget tree.

    Column keys are fields of the tree (portal.budget.rules.PROGRAM_FIELDS). ``printed`` False: the
    isian asks, and ``tree_table`` parts print it elsewhere; ``depth``: levels that print.
    """

    kind: Literal["programs"]  # type: ignore[assignment]
    rows: Rows = Rows(kind="fixed")
    depth: int = 9
    total: str = "Jumlah"
    printed: bool = True


class Accounts(Budget):
    """Accounts of the APBD (pendapatan, belanja, pembiayaan); rows come from the account tree."""

    kind: Literal["accounts"]  # type: ignore[assignment]
    rows: Rows = Rows(kind="fixed")
    codes: tuple[str, ...]  # heads of the account tree: "4", "5.1"
    depth: int = 9  # levels that print; deeper rows are in the sums
    printed: bool = True


class TreeTable(PartBase):
    """Prints rows of a ``programs`` or ``accounts`` part of the edition; nobody types it."""

    kind: Literal["tree_table"]
    of: Key
    columns: tuple[Column, ...]
    codes: tuple[str, ...] = ()  # only rows under these; "item" = the codes of the repeated item
    depth: int = 9  # levels that print; deeper rows are in the sums
    detail: bool = False  # print only when there is something below its codes
    total: str = ""
    source: str = ""
    landscape: bool = True
    supplier: Supplier = Supplier(duty="sekretariat_laporan")
    required: bool = False


class TreeRecap(PartBase):
    """Totals of a ``programs`` part by the items of lists, or by Perangkat Daerah (no list)."""

    kind: Literal["tree_recap"]
    of: Key
    over: tuple[str, ...] = ()  # lists of the edition whose items carry ``cells.kode``
    total: str = "Jumlah"
    source: str = ""
    landscape: bool = False
    supplier: Supplier = Supplier(duty="sekretariat_laporan")
    required: bool = False


class Borrowed(PartBase):
    """A part of another report of the same year, printed here with the same content."""

    kind: Literal["borrowed"]
    report: Literal["lppd", "lkpj", "spm", "sakip"]
    part: Key
    supplier: Supplier = Supplier(duty="sekretariat_laporan")
    required: bool = False


class Recommendations(PartBase):
    """Rekomendasi DPRD on the report of the year before, with what was done; nobody types it."""

    kind: Literal["recommendations"]
    columns: tuple[Column, ...]
    source: str = ""
    landscape: bool = True
    supplier: Supplier = Supplier(duty="sekretariat_laporan")
    required: bool = False


class Fed(PartBase):
    """A table whose rows another room of the portal keeps; nobody types it here.

    ``feed`` names them (documents/sources.py). Equal words below each other in a column of
    ``merge`` stand in one cell.
    """

    kind: Literal["fed"]
    feed: str
    columns: tuple[Column, ...]
    merge: tuple[Key, ...] = ()
    numbered: bool = True
    source: str = ""
    landscape: bool = False
    supplier: Supplier = Supplier(duty="sekretariat_laporan")
    required: bool = False


class Drawn(PartBase):
    """A tree of boxes that another room keeps, drawn from left to right."""

    kind: Literal["drawn"]
    feed: str
    source: str = ""
    landscape: bool = True
    supplier: Supplier = Supplier(duty="sekretariat_laporan")
    required: bool = False


class Paper(PartBase):
    """Finished pages that another room keeps (a perjanjian, a pernyataan), bound in as they are."""

    kind: Literal["paper"]
    feed: str
    landscape: bool = False
    supplier: Supplier = Supplier(duty="sekretariat_laporan")
    required: bool = False


class Indicators(PartBase):
    """Indicators fed by figures; the supplier types elements, never percentages."""

    kind: Literal["indicators"]
    level: Literal["makro", "keluaran", "hasil", "penunjang"]
    group: str = ""  # key of the urusan in the catalogue; "item" = the repeated item
    landscape: bool = True


class Matrix(PartBase):
    """All indicators of a level in one table over every urusan, as lampiran; nobody types it."""

    kind: Literal["matrix"]
    level: Literal["makro", "keluaran", "hasil", "penunjang"]
    over: str  # list of the edition whose items name the groups, in this order
    supplier: Supplier = Supplier(duty="sekretariat_laporan")
    required: bool = False
    landscape: bool = True


class Measure(Column):
    """A column of a measures table: ``take`` names the slot of the row that stands in it."""

    take: str = ""  # outlines/measures.py has the slots; "" = computed by ``formula``


class Measures(PartBase):
    """Rows that are counted by figures: services, their mutu, money, staff, index, fullness.

    With ``entry`` somebody types the figures here, month by month; else it only prints them.
    ``money`` and ``activities`` come from the lines of the budget that carry a service's tag.
    """

    kind: Literal["measures"]
    of: Literal["recipients", "quality", "money", "activities", "staff", "index", "fullness"]
    group: str = ""  # group of the catalogue; "item" = of the repeated item, "" = all of them
    over: str = ""  # list of the edition whose items name the groups, where group is ""
    columns: tuple[Measure, ...]
    numbered: bool = True
    entry: bool = True
    total: str = ""
    source: str = ""
    landscape: bool = True
    supplier: Supplier = Supplier(duty="sekretariat_laporan")


class Picture(PartBase):
    """A figure or a map, uploaded."""

    kind: Literal["picture"]
    source: str = ""


class Chart(PartBase):
    """A chart drawn from a table; nobody types it."""

    kind: Literal["chart"]
    of: Key  # part that holds the table
    draw: Literal["bar", "line", "pie"] = "bar"
    x: Key
    y: tuple[Key, ...]
    supplier: Supplier = Supplier(duty="sekretariat_laporan")
    required: bool = False


class Computed(PartBase):
    """A sentence made from numbers; ``holes.py`` has the language of the ``{...}`` in it."""

    kind: Literal["computed"]
    text: str
    supplier: Supplier = Supplier(duty="sekretariat_laporan")


class ListPart(PartBase):
    """A numbered or lettered list of short texts."""

    kind: Literal["list"]
    style: Literal["number", "letter", "bullet"] = "number"


Part = Annotated[
    Narrative
    | Table
    | Budget
    | Programs
    | Accounts
    | TreeTable
    | TreeRecap
    | Borrowed
    | Recommendations
    | Fed
    | Drawn
    | Paper
    | Indicators
    | Matrix
    | Measures
    | Picture
    | Chart
    | Computed
    | ListPart,
    Field(discriminator="kind"),
]


#: Parts that the book makes by itself.
FED = (Fed, Drawn, Paper)


UNTYPED = (Chart, Computed, Matrix, TreeTable, TreeRecap, Borrowed, Recommendations, *FED)


def typed(part: Part) -> bool:
    """True when somebody fills the part; charts, matrices and computed text have no isian."""
    if isinstance(part, Measures):
        return part.entry and part.of not in ("money", "activities", "index", "fullness")
    return not isinstance(part, UNTYPED)


def applies(part: Part, year: int) -> bool:
    """True when the part is asked for in that data year."""
    return (part.since is None or year >= part.since) and (part.until is None or year <= part.until)
