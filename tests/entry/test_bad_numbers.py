"""Numbers that are none, in cells and in figures: an answer at once, what was typed stays."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.cast import token
from tests.entry.conftest import World

#: What is looked at here is the same on every database, and costs much.
pytestmark = pytest.mark.once

NUMBERS = (
    "=1e999999999", "=-1e999999999", "=1e-999999999", "=NaN", "=sNaN", "=Infinity", "=1E+400",
    "=" + "9" * 58, "1e999999999", "9" * 60, "9" * 4000, "1.2.3,4", "\u0661\u0662", "\u00b2",
    "=cmd|' /C calc'!A0", '=HYPERLINK("http://x")', "@SUM(A1)", "-", "()", "((((1))))", "Rp",
    "1 " * 1500, "9" * 30 + " triliun", "0," + "3" * 29, "#DIV/0!", "\u221e",
)  # fmt: skip

#: Two of them after each number, others after the next.
PAGES = ("", "/periksa", "/riwayat", "/cetak", "/kirim")


@pytest.mark.parametrize("part, target", [
    ("pegawai", "c:sd:l"), ("kegiatan", "c:r1:pagu"), ("kegiatan", "c:r1:tgl"),
    ("anggaran", "c:op:ang"), ("dasar_hukum", "c:r1:text"), ("ikk", "d:kes.penduduk:value"),
])  # fmt: skip
def test_every_spelling_has_an_answer_and_none_breaks_the_page(
    operator: FlaskClient, world_of: World, part: str, target: str
) -> None:
    entry = world_of.entries[part]
    if part == "ikk":
        page = operator.get(f"/isian/{entry}").text
        target = next(w.split('"')[0] for w in page.split('name="')[1:] if w.startswith("d:"))
    rev = 0
    for n, typed in enumerate(NUMBERS):
        body = {"ops": [{"op_id": f"angka-{n}", "target": target, "base": rev, "value": typed}]}
        answer = operator.post(f"/isian/{entry}/op", json=body,
                               headers={"X-CSRFToken": token(operator), "X-Selaras": "1"})  # fmt: skip
        assert answer.status_code == 200, typed
        found = answer.json["answers"][0]
        assert found["status"] in {"ok", "same", "refused"}, (typed, found)
        rev = found["rev"] or rev
        for page in (PAGES[n % len(PAGES)], PAGES[(n + len(part)) % len(PAGES)]):
            assert operator.get(f"/isian/{entry}{page}").status_code == 200, (typed, page)
