"""Which terms of one jabatan may stand beside each other."""

from datetime import date

import pytest

from portal.people.terms import Span, fault

HELD = Span(date(2024, 1, 2), None, "definitif", "Siti Aminah", 1)
PAST = Span(date(2020, 1, 2), date(2023, 12, 31), "definitif", "Agus", 2)


def span(start: str, end: str | None, sifat: str, term_id: int | None = None) -> Span:
    last = date.fromisoformat(end) if end else None
    return Span(date.fromisoformat(start), last, sifat, "Budi", term_id)


@pytest.mark.parametrize("new", [
    span("2026-02-02", "2026-02-10", "plh"),
    span("2019-01-01", "2020-01-01", "definitif"),
    span("2024-01-02", None, "definitif", 1),  # a correction of itself
])  # fmt: skip
def test_may_stand(new: Span) -> None:
    assert fault(new, [HELD, PAST]) == ""


@pytest.mark.parametrize(("new", "words"), [
    (span("2026-02-02", None, "definitif"), "Akhiri dahulu"),
    (span("2023-12-31", "2024-01-01", "definitif"), "Agus"),
    (span("2026-02-02", None, "plt"), "hanya untuk jabatan yang lowong"),
    (span("2026-02-02", None, "pj"), "Pj. hanya untuk"),
    (span("2026-02-02", None, "plh"), "isi tanggal berakhirnya"),
    (span("2026-02-02", "2026-02-01", "plh"), "lebih awal"),
])  # fmt: skip
def test_may_not_stand(new: Span, words: str) -> None:
    assert words in fault(new, [HELD, PAST])


def test_two_plh_at_once_are_one_too_many() -> None:
    held = [HELD, span("2026-02-02", "2026-02-10", "plh", 5)]
    assert "Plh. Budi" in fault(span("2026-02-10", "2026-02-12", "plh"), held)
    assert fault(span("2026-02-11", "2026-02-12", "plh"), held) == ""
