"""Sentences of two texts: which answer each other, which came and which went."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from portal.documents.diff_found import Found, Section, plain_of

_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z“(\d])")
#: Words that end with a stop and do not end a sentence.
_SHORT = re.compile(r"\b(?:No|Nomor|dr|Dr|Ir|H|Hj|S|M|Jl|Rp|a\.n|s\.d|dkk|dll|Tbk|Kab)\.$")
_DIGIT = re.compile(r"\d")


def sentences(text: str) -> list[str]:
    """A paragraph cut into sentences; abbreviations and numbers do not end one."""
    out: list[str] = []
    for piece in _END.split(" ".join(text.split())):
        if out and (_SHORT.search(out[-1]) or re.search(r"\b\d{1,3}\.$", out[-1])):
            out[-1] = f"{out[-1]} {piece}"
        elif piece:
            out.append(piece)
    return out


def texts(found: Found, a: Section, b: Section) -> None:
    """The sentences under one heading, before and after."""
    old = [s for runs in a.texts for s in sentences(plain_of(runs))]
    new = [s for runs in b.texts for s in sentences(plain_of(runs))]
    if old == new:
        return
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for op, i, j, k, m in matcher.get_opcodes():
        if op != "equal":
            for before, after in _paired(old[i:j], new[k:m]):
                _sentence(found, before, after, b)


def _paired(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Sentences that answer each other, most alike first; the rest came or went."""
    left = list(old)
    for after in new:
        best, ratio = "", 0.45
        for before in left[:40]:
            alike = difflib.SequenceMatcher(None, before, after, autojunk=False)
            if alike.real_quick_ratio() > ratio and alike.quick_ratio() > ratio:
                score = alike.ratio()
                if score > ratio:
                    best, ratio = before, score
        if best:
            left.remove(best)
        yield best, after
    for before in left:
        yield before, ""


def _sentence(found: Found, before: str, after: str, section: Section) -> None:
    if not before:
        found.add("sentence", "added", "Kalimat baru", "", after, section)
    elif not after:
        found.add("sentence", "removed", "Kalimat dihapus", before, "", section)
    else:
        numbers = _DIGIT.search(before) and re.sub(r"[\d.,]+", "#", before) == re.sub(
            r"[\d.,]+", "#", after
        )
        what = "Angka di dalam kalimat" if numbers else "Kalimat diubah"
        found.add("sentence", "changed", what, before, after, section,
                  tuple(words_between(before, after)))  # fmt: skip


def words_between(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Differences word by word: ("same" | "out" | "in", text)."""
    old, new = before.split(), after.split()
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for op, i, j, k, m in matcher.get_opcodes():
        if op == "equal":
            yield "same", " ".join(old[i:j])
            continue
        if j > i:
            yield "out", " ".join(old[i:j])
        if m > k:
            yield "in", " ".join(new[k:m])
