"""Compare ways to the same book: one tagged pass of WeasyPrint, and ours cold, changed, unchanged.

Run ``python -m bench.pdf [--scale 1] [--grow 2.1] [--skip-one-pass]``. Every scenario is a
process of its own, so that its memory and its imports count; memory is the peak of the biggest
single process (resident set), CPU that of the process and all its children.
"""

from __future__ import annotations

import argparse
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
    """Do one thing and say what it took, without the making of the test data."""
    made = book.make(scale, changed=changed if name == "changed" else "")
    out = folder / f"{name}.pdf"
    started, cpu = time.perf_counter(), time.process_time()
    if name == "one-pass":
        from portal.documents.one_pass import build_one_pass

        pages, sha = build_one_pass(made.document, out, made.asset), ""
    elif name == "unchanged":
        from portal.documents import pdf

        kept = json.loads((folder / "kept.json").read_text())
        if pdf.document_sha(made.document) != kept["inputs"]:
            raise SystemExit("the input changed")
        pages, sha = kept["pages"], kept["sha256"]
    else:
        from portal.documents import pdf

        pieces = FolderPieces(folder / "pieces")
        result = pdf.build_pdf(made.document, out, pieces, made.asset, 2)
        pages, sha = result.pages, result.sha256
        if name == "cold":
            inputs = pdf.document_sha(made.document)
            kept = {"inputs": inputs, "pages": pages, "sha256": sha}
            (folder / "kept.json").write_text(json.dumps(kept))
    wall = time.perf_counter() - started
    del cpu
    return {
        "wall": wall,
        "pages": pages,
        "sha256": sha,
        "mb": out.stat().st_size / 1e6 if out.exists() else 0,
    }


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
    before = os.times()
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
    after = os.times()
    found = json.loads(text.splitlines()[-1])
    found["cpu"] = (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )
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
    base: dict[str, float] = {}
    print(
        f"{'':28}{'pages':>7}{'wall s':>9}{'ratio':>8}{'CPU s':>9}{'ratio':>8}{'peak MB':>9}{'MB':>7}"
    )
    rows = [(label, given.scale, folder / "one") for label in names]
    if given.grow:
        rows.append(("cold", given.grow, folder / "big"))
    for label, scale, place in rows:
        place.mkdir(exist_ok=True)
        found = measure(label, scale, place, given.changed)
        base = base or (found if label == "one-pass" else {})
        if scale != given.scale:
            label = f"{label}, scale {scale:g}"
        wall, cpu = (found[key] / base[key] if base else 0.0 for key in ("wall", "cpu"))
        print(
            f"{label:28}{found['pages']:>7}{found['wall']:>9.2f}{wall:>8.3f}{found['cpu']:>9.1f}"
            f"{cpu:>8.3f}{found['peak_mb']:>9.0f}{found['mb']:>7.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
