"""The engine manifest of a build: every component that can change a byte of either file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

from portal.db import canonical_json
from portal.documents import engine

_PACKAGES = ("python-docx", "lxml", "matplotlib", "numpy")


@cache
def current() -> dict[str, str]:
    """Name and version (or hash) of each component, printers and compiling together."""
    here = Path(__file__).parent
    own = hashlib.sha256()
    for path in sorted((*here.glob("compile*.py"), *here.glob("docx*.py"), *_others(here))):
        own.update(path.name.encode() + path.read_bytes())
    found = dict(engine.manifest())
    found["naskah"] = own.hexdigest()[:16]
    found |= {name: version(name) for name in _PACKAGES}
    return found


def _others(here: Path) -> tuple[Path, ...]:
    names = ("charts.py", "diagram.py", "inputs.py", "preface.py", "richtext.py", "signature.py",
             "turning.py", "words.py")  # fmt: skip
    rooms = here.parent
    return (
        *(here / name for name in names), rooms / "indonesian.py",
        rooms / "outlines" / "sums.py", rooms / "outlines" / "holes.py",
        rooms / "figures" / "rules.py", rooms / "figures" / "expr.py",
    )  # fmt: skip


def digest(manifest: Mapping[str, str]) -> str:
    """SHA-256 of a manifest."""
    return hashlib.sha256(canonical_json(dict(manifest)).encode()).hexdigest()


def differs(old: Mapping[str, str]) -> list[str]:
    """Components that would run today and are not those of ``old``, a short sentence each."""
    new = current()
    return [
        f"{name}: dahulu {old.get(name, 'tidak ada')}, sekarang {new.get(name, 'tidak ada')}"
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]
