"""The largest LKPJ: 5,000 sub kegiatan, compiled and printed. Run: python -m bench.lkpj [rows].

Prints CPU seconds (of all processes; what else the machine does counts less than by the clock) for
compiling (outline and rows to tree), the PDF cold and after one change, DOCX, and seconds for 100
pages of books from some 100 to 1,000 pages. ``python -m bench.lkpj 400 8000`` measures these sizes.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from portal import store
from portal.app import create_app
from portal.config import Config
from portal.db import db
from portal.demo import budget, contents, figures, people
from portal.documents import snapshot
from portal.documents.charts import Memory
from portal.documents.compile import compile_report
from portal.documents.docx import build_docx
from portal.documents.pdf import build_pdf
from portal.figures import catalogue
from portal.reports import places
from portal.reports import queries as reports


def stretched(taken: dict[str, Any], rows: int) -> dict[str, Any]:
    """The demo's snapshot with ``rows`` sub kegiatan: those of each unit repeated."""
    mine = [e for e in taken["entries"] if e["part"] == "lkpj_capaian" and e["rows"]]
    total = sum(1 for e in mine for code, _ in e["rows"] if code.count(".") == 5)
    entries = []
    for entry in taken["entries"]:
        leaves = [r for r in entry["rows"] if entry in mine and r[0].count(".") == 5]
        want = round(len(leaves) * rows / total)
        more = []
        for n in range(want - len(leaves)):
            code, cells = leaves[n % len(leaves)]
            new = f"{code[:-4]}{int(code[-4:]) + 100 * (1 + n // len(leaves)):04d}"
            more.append([new, {**cells, "kode": new}])
        kept = entry["rows"] if want >= len(leaves) else [
            r for r in entry["rows"] if r not in leaves[want:]
        ]  # fmt: skip
        entries.append({**entry, "rows": kept + more} if leaves else entry)
    return {**taken, "entries": entries}


def spent() -> float:
    """CPU seconds of this process and of its children that have ended."""
    now = os.times()
    return now.user + now.system + now.children_user + now.children_system


class Pieces:
    """Rendered pieces in memory, as the store keeps them."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        return self.kept.get(key)

    def put(self, key: str, data: bytes, _pages: int) -> None:
        self.kept[key] = data


def main(*sizes: int) -> None:
    """Measure and print; one size stands for a twelfth of it, itself, and 1.6 times it."""
    if len(sizes) < 2:
        rows = sizes[0] if sizes else 5000
        sizes = (rows // 12, rows, rows * 8 // 5)
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Config(instance=Path(folder), database_url=f"sqlite:///{folder}/b.db",
                                secret_key="bench", testing=True))  # noqa: S106 # fmt: skip
        with app.app_context():
            db.create_all()
            for step in (people, figures, budget, contents):
                step.load(db)
            db.session.commit()
            owner = next(u for u in snapshot.people.units_on(snapshot.people.today())
                         if u.kind == "pemda")  # fmt: skip
            report = reports.find_report("lkpj", 2025, "", owner.id)
            assert report is not None  # noqa: S101
            began = spent()
            taken = snapshot.take(report)
            print(f"snapshot {spent() - began:.2f} s")
            edition = places.edition_of(report)
            rates = []
            for size in sizes:
                rates.append(_measure(edition, stretched(taken, size), size, Path(folder)))
            print("CPU seconds per 100 pages: " + " -> ".join(f"{rate:.2f}" for rate in rates)
                  + f" ({(rates[-1] / rates[0] - 1) * 100:+.0f} %, at most +15 %)")  # fmt: skip


def _measure(edition: Any, taken: dict[str, Any], size: int, folder: Path) -> float:
    charts = Memory()
    compile_report(edition, taken, catalogue.current(), "", charts)  # charts are kept by builds

    def asset(sha: str) -> bytes:
        return charts.bytes.get(sha) or store.read(sha)

    began = spent()
    document = compile_report(edition, taken, catalogue.current(), "", charts)
    print(f"{size} rows: compile {spent() - began:.2f} s")
    pieces, out = Pieces(), folder / "b.pdf"
    began = spent()
    result = build_pdf(document, out, pieces, asset, 2)
    cold = spent() - began
    print(f"{size} rows: PDF cold {cold:.1f} s, {result.pages} pages")
    for entry in taken["entries"]:
        if entry["part"] == "lkpj_capaian" and entry["rows"]:
            entry["rows"][-1][1]["realisasi"] = "1.00"
            break
    changed = compile_report(edition, taken, catalogue.current(), "", charts)
    began = spent()
    result = build_pdf(changed, out, pieces, asset, 2)
    print(f"{size} rows: PDF after one change {spent() - began:.1f} s")
    began = spent()
    build_docx(changed, folder / "b.docx", asset, result.labels)
    print(f"{size} rows: DOCX {spent() - began:.1f} s")
    return cold / result.pages * 100


if __name__ == "__main__":
    main(*(int(arg) for arg in sys.argv[1:]))
