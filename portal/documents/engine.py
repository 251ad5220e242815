"""What made a file: versions and fonts. Same manifest and same input give the same bytes."""

from __future__ import annotations

import ctypes
import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path

from portal.documents import fonts

#: Raised by hand when a change of ours moves a line on a page or a byte in the file.
CODE = "1"

_SOURCES = (
    "tree.py",
    "html.py",
    "fit.py",
    "paging.py",
    "style.css",
    "fonts.py",
    "fragment.py",
    "render.py",
    "contents.py",
    "marks.py",
    "metadata.py",
    "output.py",
    "join.py",
    "pdf.py",
)


def _library_versions() -> dict[str, str]:
    """Versions of the C libraries that WeasyPrint loads."""
    found = {}
    for name, library, call in (
        ("pango", "libpango-1.0.so.0", "pango_version_string"),
        ("harfbuzz", "libharfbuzz.so.0", "hb_version_string"),
    ):
        function = getattr(ctypes.CDLL(library), call)
        function.restype = ctypes.c_char_p
        found[name] = function().decode()
    number = ctypes.CDLL("libfontconfig.so.1").FcGetVersion()
    found["fontconfig"] = f"{number // 10000}.{number // 100 % 100}.{number % 100}"
    return found


@cache
def manifest() -> dict[str, str]:
    """Name and version (or SHA-256) of each component that can change a byte."""
    here = Path(__file__).parent
    code = hashlib.sha256()
    for name in _SOURCES:
        code.update((here / name).read_bytes())
    found = {"code": f"{CODE}-{code.hexdigest()[:16]}"}
    for name in (
        "weasyprint",
        "pydyf",
        "fonttools",
        "tinycss2",
        "cssselect2",
        "tinyhtml5",
        "pillow",
    ):
        found[name] = version(name)
    found |= _library_versions()
    for face in fonts.faces().values():
        found[f"font {face.path.name}"] = face.sha256
    return found


@cache
def manifest_sha() -> str:
    """SHA-256 over the manifest; part of the name of every cached piece."""
    return hashlib.sha256(json.dumps(manifest(), sort_keys=True).encode()).hexdigest()


def differs(old: dict[str, str]) -> list[str]:
    """Components of ``old`` that are not what would run today, each as a short sentence."""
    new = manifest()
    return [
        f"{name}: dahulu {old.get(name, 'tidak ada')}, sekarang {new.get(name, 'tidak ada')}"
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]
