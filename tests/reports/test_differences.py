"""Differences of two texts: nothing lost, readable, and quick whatever is compared."""

from __future__ import annotations

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.reports.rules import diff_words

WORDS = st.lists(st.sampled_from(["a", "b", "c", "dinas.", "anggaran\n"]), max_size=60).map(
    " ".join
)


@given(WORDS, WORDS)
@settings(deadline=None, max_examples=60)
def test_both_texts_can_be_read_from_the_difference(before: str, after: str) -> None:
    found = diff_words(before, after)
    assert " ".join(t for k, t in found if k != "in").split() == before.split()
    assert " ".join(t for k, t in found if k != "out").split() == after.split()
    assert all(one[0] != two[0] for one, two in pairwise(found))


def test_one_word_in_a_sentence() -> None:
    assert diff_words("Capaian naik tiga persen.", "Capaian turun tiga persen.") == [
        ("same", "Capaian"), ("out", "naik"), ("in", "turun"), ("same", "tiga persen."),
    ]  # fmt: skip


def _long(seed: int, kind: str) -> str:
    rng = random.Random(seed)  # noqa: S311 - a test
    if kind == "one word":
        return "a " * 15_000
    if kind == "few words":
        return " ".join(rng.choice("ab") for _ in range(15_000))
    if kind == "no sentences":
        return " ".join(f"kata{rng.randrange(400)}" for _ in range(4_500))
    return " ".join(f"Kalimat {rng.randrange(900)} tentang capaian." for _ in range(900))


@pytest.mark.parametrize("kind", ["one word", "few words", "no sentences", "sentences"])
def test_thirty_thousand_letters_against_as_many_take_no_time(kind: str) -> None:
    before, after = _long(1, kind)[:30_000], _long(2, kind)[:30_000]
    began = time.process_time()
    found = diff_words(before, after)
    assert time.process_time() - began < 1.5
    assert " ".join(t for k, t in found if k != "in").split() == before.split()
    assert " ".join(t for k, t in found if k != "out").split() == after.split()


def test_a_word_in_the_middle_of_a_long_text_is_found() -> None:
    text = _long(3, "sentences")
    middle = text.split()
    middle[2_000] = "BERUBAH"
    found = diff_words(text, " ".join(middle))
    assert [k for k, _ in found] == ["same", "out", "in", "same"]
    assert found[2] == ("in", "BERUBAH")
    ends = ["AWAL", *middle, "AKHIR"]
    both = diff_words(text, " ".join(ends))
    assert {t for k, t in both if k == "in"} >= {"AWAL", "AKHIR"} or len(both) > 2
