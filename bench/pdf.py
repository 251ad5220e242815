"""Compare ways to the same book: one tagged pass of WeasyPrint, and ours cold, changed, unchanged.

Run ``python -m bench.pdf [--scale 1] [--small 0.21] [--grow 2.1] [--skip-one-pass]``. Every
scenario is a process of its own, so that its memory and its imports count; memory is the peak of
the biggest single process (resident set), CPU that of the process and all its children. The small
and the grown book (some 100 and 1,000 pages) show how time and memory grow; with other work on the
machine only the columns of CPU can be compared.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from bench import book

ROOT = Path(__file__).parent.parent


class FolderPieces:
    """Pieces as files, as the store keeps them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def get(self, key: str) -> bytes | None:
        try:
            return (self.folder / key).read_bytes()
        except FileNotFoundError:
            return None

    def put(self, key: str, data: bytes, pages: int) -> None:
        del pages
        temporary = self.folder / f".{key}"
        temporary.write_bytes(data)
        temporary.replace(self.folder / key)


def scenario(name: str, scale: float, folder: Path, changed: str) -> dict[str, object]:
    """Do one thing and say what it took; the making of the test data is not counted."""
    made = book.make(scale, changed=changed if name == "changed" else "")
    out = folder / f"{name}.pdf"
    before, started = os.times(), time.perf_counter()
    pages, sha = _SCENARIOS[name](made, folder, out)
    wall, after = time.perf_counter() - started, os.times()
    if name == "cold":
        kept = {"inputs": _inputs(made), "pages": pages, "sha256": sha}
        (folder / "kept.json").write_text(json.dumps(kept))
    size = out.stat().st_size / 1e6 if out.exists() else 0
    return {"wall": wall, "cpu": sum(after[:4]) - sum(before[:4]), "pages": pages, "mb": size}


def _one_pass(made: book.Book, folder: Path, out: Path) -> tuple[int, str]:
    del folder
    from portal.documents.one_pass import build_one_pass  # noqa: PLC0415 (its import is counted)

    return build_one_pass(made.document, out, made.asset), ""


def _ours(made: book.Book, folder: Path, out: Path) -> tuple[int, str]:
    from portal.documents.pdf import build_pdf  # noqa: PLC0415 (its import is counted)

    result = build_pdf(made.document, out, FolderPieces(folder / "pieces"), made.asset, 2)
    return result.pages, result.sha256


def _inputs(made: book.Book) -> str:
    from portal.documents.pdf import document_sha  # noqa: PLC0415 (its import is counted)

    return document_sha(made.document)


def _unchanged(made: book.Book, folder: Path, out: Path) -> tuple[int, str]:
    """The stored file is handed out when nothing that it depends on has changed."""
    kept = json.loads((folder / "kept.json").read_text())
    stored = folder / "cold.pdf"
    if _inputs(made) != kept["inputs"]:
        raise SystemExit("the input changed")
    if hashlib.sha256(stored.read_bytes()).hexdigest() != kept["sha256"]:
        raise SystemExit("the stored file is not what was made")
    del out
    return kept["pages"], kept["sha256"]


_SCENARIOS = {"one-pass": _one_pass, "cold": _ours, "changed": _ours, "unchanged": _unchanged}


def _tree(pid: int) -> list[int]:
    found = [pid]
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += _tree(int(child))
    except OSError:
        pass
    return found


def _peak_mb(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def measure(name: str, scale: float, folder: Path, changed: str) -> dict[str, float]:
    """Run a scenario in a process of its own and watch the memory of its tree."""
    command = [sys.executable, "-m", "bench.pdf", "--scenario", name, "--scale", str(scale),
               "--folder", str(folder), "--changed", changed]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True)
    peak: dict[int, float] = {}
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(0.02):
            for pid in _tree(process.pid):
                peak[pid] = max(peak.get(pid, 0.0), _peak_mb(pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    text, _ = process.communicate()
    stop.set()
    watcher.join()
    if process.returncode:
        raise SystemExit(f"{name} failed")
    found = json.loads(text.splitlines()[-1])
    found["parent_mb"] = peak.get(process.pid, 0.0)
    found["peak_mb"] = max(peak.values(), default=0.0)
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument(
        "--grow", type=float, default=2.1, help="scale of the memory run; 0 for none"
    )
    parser.add_argument(
        "--small", type=float, default=0.21, help="scale of a short book; 0 for none"
    )
    parser.add_argument("--skip-one-pass", action="store_true")
    parser.add_argument("--changed", default="u-II-20")
    parser.add_argument("--scenario")
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.scenario:
        print(json.dumps(scenario(given.scenario, given.scale, given.folder, given.changed)))
        return
    with tempfile.TemporaryDirectory() as name:
        _report(given, Path(name))


def _report(given: argparse.Namespace, folder: Path) -> None:
    names = ([] if given.skip_one_pass else ["one-pass"]) + ["cold", "changed", "unchanged"]
    rows = [(name, given.scale, folder / "one") for name in names]
    if given.small:
        rows.insert(0, ("cold", given.small, folder / "small"))
    if given.grow:
        rows.append(("cold", given.grow, folder / "big"))
    titles = ("pages", "wall s", "ratio", "CPU s", "ratio", "peak MB", "MB")
    print(f"{'':26}" + "".join(f"{title:>9}" for title in titles))
    base: dict[str, float] = {}
    cold: list[dict[str, float]] = []
    for name, scale, place in rows:
        place.mkdir(exist_ok=True)
        found = measure(name, scale, place, given.changed)
        base = base or (found if name == "one-pass" else {})
        cold += [found] if name == "cold" else []
        wall, cpu = (found[key] / base[key] if base else 0.0 for key in ("wall", "cpu"))
        shown = name if scale == given.scale else f"{name}, scale {scale:g}"
        print(
            f"{shown:26}{found['pages']:>9}{found['wall']:>9.2f}{wall:>9.3f}{found['cpu']:>9.1f}"
            f"{cpu:>9.3f}{found['peak_mb']:>9.0f}{found['mb']:>9.1f}",
            flush=True,
        )
    if len(cold) > 1:
        _growth(cold)


def _growth(cold: list[dict[str, float]]) -> None:
    """Time for 100 pages and peak memory of the cold books, from the shortest to the longest."""
    pages = " -> ".join(f"{found['pages']:.0f}" for found in cold)
    for title, key, places in (
        ("CPU s per 100 pages", "cpu", 2),
        ("wall s per 100 pages", "wall", 2),
    ):
        rates = [found[key] / found["pages"] * 100 for found in cold]
        shown = " -> ".join(f"{rate:.{places}f}" for rate in rates)
        print(f"{title}, {pages} pages: {shown} ({(rates[-1] / rates[0] - 1) * 100:+.0f} %)")
    peaks = [found["peak_mb"] for found in cold]
    print(f"peak MB, {pages} pages: " + " -> ".join(f"{peak:.0f}" for peak in peaks)
          + f" ({(peaks[-1] / peaks[-2] - 1) * 100:+.0f} % over the last step)")  # fmt: skip


if __name__ == "__main__":
    main()
