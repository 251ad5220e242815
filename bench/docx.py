"""DOCX of a 480-page report: ours against python-docx by ``row.cells``, in one run.

    python -m bench.docx [--scale 1.0]

Both ways write the same paragraphs and the same tables; the baseline leaves styles of cells,
fields, contents and pictures out, so it does less.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from docx import Document as new_package

from bench.book import Book, make
from portal.documents.docx import build_docx
from portal.documents.tree import Heading, Paragraph, Table, blocks, plain


def by_row_cells(book: Book, out: Path) -> None:
    """The way that python-docx users find soon: ``for row in table.rows: row.cells``."""
    package = new_package()
    for _, block in blocks(book.document):
        if isinstance(block, Heading):
            package.add_heading(f"{block.number} {block.text}", level=block.level)
        elif isinstance(block, Paragraph):
            package.add_paragraph(plain(block.runs))
        elif isinstance(block, Table):
            package.add_paragraph(f"{block.number} {block.caption}")
            rows = [*block.head, *(row.cells for row in block.rows)]
            table = package.add_table(len(rows), len(block.columns))
            for cells, row in zip(rows, table.rows, strict=True):
                for cell, place in zip(cells, row.cells, strict=False):
                    place.text = plain(cell.text)
    package.save(str(out))


def ours(book: Book, out: Path) -> None:
    """What the portal does."""
    build_docx(book.document, out, book.files.__getitem__, {})


def _measured(way: Callable[[Book, Path], None], scale: float, pipe: object) -> None:
    book = make(scale)
    before = resource.getrusage(resource.RUSAGE_SELF)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "book.docx"
        way(book, out)
        wall = time.perf_counter() - started
        size = out.stat().st_size
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    pipe.send((wall, cpu, after.ru_maxrss / 1024, size / 1e6))  # type: ignore[attr-defined]


def run(way: Callable[[Book, Path], None], scale: float) -> tuple[float, float, float, float]:
    """Wall and CPU seconds, peak MB and file MB of one way, in a process of its own."""
    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(target=_measured, args=(way, scale, there))
    child.start()
    result: tuple[float, float, float, float] = here.recv()
    child.join()
    return result


def main() -> None:
    """Print both ways and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    scale = parser.parse_args().scale
    print(f"{'way':<28}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}{'file MB':>9}")
    results = {}
    for name, way in (("python-docx, row.cells", by_row_cells), ("ours", ours)):
        results[name] = run(way, scale)
        print(f"{name:<28}" + "".join(f"{value:>9.2f}" for value in results[name]))
    base, mine = results["python-docx, row.cells"], results["ours"]
    print(f"ours / row.cells: wall {mine[0] / base[0]:.3f}, CPU {mine[1] / base[1]:.3f}")


if __name__ == "__main__":
    main()
