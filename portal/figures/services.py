"""Jenis pelayanan dasar (SPM): the services of ``layanan.yaml`` and the elements they bring along.

Their people are counted by elements that the catalogue has already, so that a number typed for the
SPM is the number of the IKK. Mutu and personil of a service have elements of their own:
``mutu_ks1_tensimeter`` (target = required, realisasi = fulfilled), ``layanan_ks1_pns``. Its money
is that of the budget lines with its tag.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from portal.figures import spm
from portal.figures.shape import Catalogue, Element, QualityItem, Service
from portal.figures.spec import Key, Strict, Sure
from portal.yamlfile import Located, read

FILE = Path(__file__).parents[2] / "reports_templates" / "layanan.yaml"
GROUPS = {"barang": "Barang", "jasa": "Jasa", "sdm": "SDM"}


class QualitySpec(Strict):
    """One row of the mutu minimal."""

    key: Key
    group: Literal["barang", "jasa", "sdm"]
    text: str = Field(min_length=2)
    unit: str = Field(min_length=1)
    since: int | None = None
    until: int | None = None


class ServiceSpec(Strict):
    """One jenis pelayanan dasar."""

    code: str = Field(pattern=r"^[A-Z]{2}\d{1,2}P?$")
    level: Literal["kabkota", "provinsi"]
    group: Key
    duty: Key
    title: str
    recipients: str
    indicator: str
    numerator: str = ""
    denominator: str = ""
    unit: str
    part: tuple[Key, ...] = ()
    whole: tuple[Key, ...] = ()
    roll: Literal["sum", "last"] = "sum"
    overlap: tuple[str, ...] = ()
    source: str = ""
    sure: Sure = "likely"
    quality: tuple[QualitySpec, ...] = ()


class MethodSpec(Strict):
    """How the index is computed (figures/spm.py has the reasons)."""

    recipients: Decimal = Decimal("0.80")
    quality: Decimal = Decimal("0.20")
    rows: Literal["mean_rows", "pooled"] = "mean_rows"
    untargeted: Literal["keluarkan", "anggap_100"] = "keluarkan"
    region: Literal["bidang", "layanan"] = "bidang"


class ServiceFile(Strict):
    """The whole file."""

    format: Literal[1]
    method: MethodSpec = MethodSpec()
    services: tuple[ServiceSpec, ...]


def extend(book: Catalogue, path: Path = FILE) -> Catalogue:
    """The catalogue with its services and their elements; FileError names file and line."""
    if not path.exists():
        return book
    located = read(path)
    spec = _shaped(located)
    elements = dict(book.elements)
    services = []
    for n, one in enumerate(spec.services):
        _check(located, ("services", n), one, book)
        services.append(_service(one))
        _elements(services[-1], elements)
    double = [code for code, n in Counter(s.code for s in services).items() if n > 1]
    if double:
        raise located.error(("services",), f"kode layanan “{double[0]}” ada dua kali")
    return replace(
        book, elements=elements, services=tuple(services),
        method=spm.Method(**spec.method.model_dump()),
    )  # fmt: skip


def _shaped(located: Located) -> ServiceFile:
    try:
        return ServiceFile.model_validate(located.data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(p) for p in first["loc"])
        raise located.error(tuple(first["loc"]), f"{where}: {first['msg']}") from error


def _check(
    located: Located, path: tuple[str | int, ...], one: ServiceSpec, book: Catalogue
) -> None:
    for key in (*one.part, *one.whole):
        if key not in book.elements:
            raise located.error(path, f"{one.code}: unsur “{key}” tidak ada dalam katalog")
    if one.group not in book.groups:
        raise located.error(path, f"{one.code}: kelompok “{one.group}” tidak ada")
    if one.level == "kabkota" and not (one.part and one.whole):
        raise located.error(path, f"{one.code}: part dan whole wajib diisi")
    for no in one.overlap:
        if no not in book.indicators:
            raise located.error(path, f"{one.code}: IKK {no} tidak ada")


def _service(one: ServiceSpec) -> Service:
    key = one.code.lower()
    quality = tuple(
        QualityItem(f"mutu_{key}_{q.key}", q.group, q.text, q.unit, q.since, q.until)
        for q in one.quality
    )
    given = one.model_dump(exclude={"quality"})
    return Service(**given, quality=quality)


def _elements(service: Service, elements: dict[str, Element]) -> None:
    """Mark what is kept by month, add what only the service knows."""
    for key in service.part:
        elements[key] = replace(elements[key], roll=service.roll)
    zero = Decimal(0)

    def add(key: str, title: str, unit: str, kind: str, roll: str) -> None:
        elements[key] = Element(
            key, title, unit, kind, service.duty, 0, False, (), service.group, low=zero,
            roll=roll, service=service.code,
        )  # fmt: skip

    for item in service.quality:
        title = f"{service.code} mutu: {item.text}"
        add(item.element, title, item.unit, "count", "last")
    if service.level == "kabkota":
        for key, who in zip(service.staff, ("PNS", "Non-PNS"), strict=True):
            add(key, f"{service.code} personil {who}", "orang", "count", "")


def method(book: Catalogue, chosen: dict[str, str]) -> spm.Method:
    """The method of the file with the region's own choices; unknown words are passed over."""
    known = {
        "rows": ("mean_rows", "pooled"), "untargeted": ("keluarkan", "anggap_100"),
        "region": ("bidang", "layanan"),
    }  # fmt: skip
    good = {k: v for k, v in chosen.items() if v in known.get(k, ())}
    return replace(book.method, **good)  # type: ignore[arg-type]  # literals above
