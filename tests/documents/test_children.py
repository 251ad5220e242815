"""Rendering children: the parent hands them nothing of Pango or fontconfig.

A newer Pango (1.52 and later) reads fonts in a thread. A fork does not inherit it, so a child that
got the fonts of its parent would wait for ever. Here the Pango may be older; so the parent is
looked at in the moment of each fork, in a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

PARENT = """
import gc, json, os, sys
from pathlib import Path

seen = []

def fonts_read():
    import weasyprint.text.fonts as text
    objects = sum(isinstance(one, text.FontConfiguration) for one in gc.get_objects())
    maps = Path("/proc/self/maps").read_text()
    return objects + maps.count("/fontconfig/") + maps.count(".ttf")

def look():
    seen.append((len(os.listdir("/proc/self/task")), fonts_read()))

os.register_at_fork(before=look)
from portal.documents import pdf, render
from tests.documents import pdf_sample as sample

book = sample.document()
result = pdf.build_pdf(book, Path(sys.argv[1]), pdf.MemoryPieces(), sample.asset, 2)
forks = list(seen)
render.setter("F4")  # what the parent must not do, so that the look is known to see it
print(json.dumps({"forks": forks, "pages": result.pages, "after": fonts_read()}))
"""


def test_the_parent_of_a_build_forks_before_any_font_is_read(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PARENT, str(tmp_path / "buku.pdf")],
        check=True, capture_output=True, text=True, timeout=120,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert found["pages"] > 1
    assert found["forks"] and all(fork == [1, 0] for fork in found["forks"]), found["forks"]
    assert found["after"] > 0
