"""The holes of titles and computed sentences."""

from __future__ import annotations

import pytest

from portal.outlines.holes import HoleError, fill, holes


def test_holes_are_read_in_order() -> None:
    found = holes("{daerah} {sum:a.b} {most:a.b.c} {count:kecamatan}")
    assert [(h.kind, h.names) for h in found] == [
        ("", ("daerah",)), ("sum", ("a", "b")), ("most", ("a", "b", "c")),
        ("count", ("kecamatan",)),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["{}", "{x}", "{sum:a}", "{sum:a.b.c}", "{a.b}", "{sum:A.b}"])
def test_unknown_holes_are_refused(text: str) -> None:
    with pytest.raises(HoleError):
        holes(text)


def test_a_hole_without_a_word_stays_visible() -> None:
    assert fill("{daerah} {tahun}", {"daerah": "Contoh"}) == "Contoh {tahun}"
    assert fill("{sum:a.b}", {"sum:a.b": "7"}) == "7"
    assert fill("tanpa", {}) == "tanpa"
