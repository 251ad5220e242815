"""The shape of a catalogue file; unknown words in it are mistakes."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,78}$")]
IndicatorKey = Annotated[str, Field(pattern=r"^[a-z0-9][A-Za-z0-9._]{0,78}$")]
Sure = Literal["sure", "likely", "guess"]
Level = Literal["makro", "keluaran", "hasil", "penunjang"]
ElementKind = Literal["count", "decimal", "rupiah", "index", "level", "choice", "yesno"]


class Strict(BaseModel):
    """Unknown words are errors, values do not change afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ElementSpec(Strict):
    """A data element: typed once, by the unit that has its duty."""

    title: str = Field(min_length=2)
    unit: str = Field(min_length=1)
    kind: ElementKind = "count"
    places: int = Field(0, ge=0, le=6)
    owner: Key | None = None  # None = the duty of the file
    reference: bool = False  # shared: shown on the page of reference data
    by: Literal["", "kecamatan"] = ""  # also kept for each kecamatan
    low: Decimal | None = None
    high: Decimal | None = None
    choices: tuple[str, ...] = ()
    source: str = ""  # where it usually comes from; proposed, not filled in
    help: str = ""
    restricted: bool = False  # its evidence holds names of persons


class SumSpec(Strict):
    """Elements of which one must be the sum of the others."""

    whole: Key
    parts: tuple[Key, ...] = Field(min_length=2)


class IndicatorSpec(Strict):
    """An indicator: a ratio of elements (part, whole), or a formula over them."""

    no: str
    key: IndicatorKey | None = None  # None = no; stays the same when an edition renumbers
    level: Level = "hasil"
    title: str = ""
    guess_title: str = ""
    part: tuple[Key, ...] = ()
    whole: tuple[Key, ...] = ()
    times: Decimal = Decimal(100)
    inside: bool = True  # the part is some of the whole: it cannot be more
    formula: str = ""
    formula_text: str = ""
    unit: str = "%"
    places: int = Field(2, ge=0, le=6)
    direction: Literal["up", "down", "neutral"] = "up"
    low: Decimal | None = None
    high: Decimal | None = None
    sure: Sure = "likely"
    overlap: str = ""  # the same number elsewhere, e.g. in the SPM report
    note: str = ""
    since: int | None = None  # first data year
    until: int | None = None


class OutputSpec(Strict):
    """An IKK keluaran: one element as it is; its number names the IKK hasil above it."""

    no: str = Field(pattern=r"^.+\.K\d+$")
    element: Key
    title: str = ""
    guess_title: str = ""
    sure: Sure = "guess"
    note: str = ""
    since: int | None = None
    until: int | None = None


class GroupFile(Strict):
    """One file: an urusan, a fungsi penunjang, kinerja makro, or shared reference data."""

    format: Literal[1]
    group: Key
    letter: str = ""
    title: str
    duty: Key
    cluster: Literal[
        "referensi", "makro", "wajib_pelayanan_dasar", "wajib_non_pelayanan_dasar", "pilihan",
        "penunjang",
    ]  # fmt: skip
    elements: dict[Key, ElementSpec] = {}
    sums: tuple[SumSpec, ...] = ()
    indicators: tuple[IndicatorSpec, ...] = ()
    outputs: tuple[OutputSpec, ...] = ()
