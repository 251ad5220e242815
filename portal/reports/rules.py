"""Words and small rules of isian: labels of states, the grammar of targets. Pure.

The checks before sending are in checks.py, the way of an isian in workflow.py.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portal.reports.states import EntryState
from portal.reports.workflow import Workflow

#: The words that staff know, in order.
STATE_LABELS: dict[str, str] = {
    EntryState.KOSONG: "Belum diisi",
    EntryState.DRAF: "Draf",
    EntryState.DIKIRIM: "Dikirim ke verifikator PD",
    EntryState.DIREVIU: "Direviu Inspektorat",
    EntryState.DIKEMBALIKAN: "Dikembalikan",
    EntryState.SELESAI_DIREVIU: "Selesai direviu",
    EntryState.DISAHKAN: "Disahkan Kepala PD",
    EntryState.DITERIMA: "Diterima sekretariat",
    EntryState.TERKUNCI: "Terkunci",
    EntryState.DIBUKA_KEMBALI: "Dibuka kembali",
}

KIND_LABELS = {
    "lppd": "LPPD (Laporan Penyelenggaraan Pemerintahan Daerah)",
    "lkpj": "LKPJ (Laporan Keterangan Pertanggungjawaban)",
    "spm": "SPM (Standar Pelayanan Minimal)",
    "sakip": "SAKIP (LKjIP)",
}
KIND_SHORT = {"lppd": "LPPD", "lkpj": "LKPJ", "spm": "SPM", "sakip": "LKjIP"}

#: States in which the OPD still has work to do.
OPEN_STATES = frozenset(
    {EntryState.KOSONG, EntryState.DRAF, EntryState.DIKEMBALIKAN, EntryState.DIBUKA_KEMBALI}
)
#: States after the head's approval.
APPROVED_STATES = frozenset({EntryState.DISAHKAN, EntryState.DITERIMA, EntryState.TERKUNCI})


def state_label(state: str, workflow: Workflow | None = None, apip_own: bool = False) -> str:
    """What the screen calls a state; a kind of report may call it otherwise."""
    if apip_own and state == EntryState.DIREVIU:
        return "Diperiksa sekretariat"
    if workflow is not None and state in workflow.labels:
        return workflow.labels[state]
    return STATE_LABELS.get(state, state)


class TargetError(ValueError):
    """A target that is not in the grammar; the message is a sentence."""


UID = re.compile(r"[A-Za-z0-9_.-]{1,40}")
FIELD = re.compile(r"[a-z][a-z0-9_]{0,58}")
OP_ID = re.compile(r"[A-Za-z0-9_.:-]{4,60}")
_DATUM = re.compile(
    r"(?P<element>[A-Za-z0-9_.]{1,80})(?:@(?P<dims>[A-Za-z0-9_=,.-]{1,120}))?"
    r"(?:~(?P<month>0[1-9]|1[0-2]))?(?:\+(?P<measure>target|pagu))?"
    r":(?P<attr>value|vintage|na_reason|expected_on|source|same)"
)


@dataclass(frozen=True)
class Target:
    """Where an operation goes: kind f | c | r | d, and its names."""

    kind: str
    row: str = ""
    field: str = ""
    element: str = ""
    dims: str = ""
    attr: str = ""
    month: int = 0  # of a datum that is kept by month
    measure: str = ""  # target | pagu, "" = realisasi

    @property
    def text(self) -> str:
        """As it was written."""
        if self.kind == "f":
            return f"f:{self.field}"
        if self.kind == "c":
            return f"c:{self.row}:{self.field}"
        if self.kind == "r":
            return f"r:{self.row}"
        more = f"@{self.dims}" if self.dims else ""
        more += f"~{self.month:02d}" if self.month else ""
        more += f"+{self.measure}" if self.measure else ""
        return f"d:{self.element}{more}:{self.attr}"


def parse_target(text: str) -> Target:
    """``f:text`` | ``c:<uid>:<field>`` | ``r:<uid>`` | ``d:<element>[@dims][~MM][+x]:<attr>``.

    ``d:ibu_hamil_dilayani~03:value`` is March; ``+target`` and ``+pagu`` are other measures.
    """
    kind, _, rest = text.partition(":")
    if kind == "f" and FIELD.fullmatch(rest):
        return Target("f", field=rest)
    if kind == "r" and UID.fullmatch(rest):
        return Target("r", row=rest)
    if kind == "c":
        uid, _, name = rest.rpartition(":")
        if UID.fullmatch(uid) and FIELD.fullmatch(name):
            return Target("c", row=uid, field=name)
    if kind == "d":
        match = _DATUM.fullmatch(rest)
        if match:
            return Target(
                "d", element=match["element"], dims=match["dims"] or "", attr=match["attr"],
                month=int(match["month"] or 0), measure=match["measure"] or "",
            )  # fmt: skip
    raise TargetError("Bagian isian yang dituju tidak dikenal. Muat ulang halaman, lalu coba lagi.")


_TAGS = re.compile(r"<[^>]+>")
_BLOCK_ENDS = re.compile(r"</(?:p|li|tr|h\d)>|<br\s*/?>")


def plain(html: str) -> str:
    """The words of clean HTML, one line per paragraph, list item or table row."""
    text = _TAGS.sub(" ", _BLOCK_ENDS.sub("\n", html))
    for code, letter in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"),
                         ("&nbsp;", " "), ("&amp;", "&")):  # fmt: skip
        text = text.replace(code, letter)
    return "\n".join(" ".join(line.split()) for line in text.split("\n") if line.strip())


def word_count(html: str) -> int:
    """Number of words of clean HTML; a lone dash is no word."""
    return sum(1 for word in plain(html).split() if any(c.isalnum() for c in word))


def diff_words(before: str, after: str) -> list[tuple[str, str]]:
    """Differences word by word: ("same" | "out" | "in", text); plain text in and out.

    Time is bounded: of long texts the sentences are compared first, and what was written quite
    anew shows as one piece out and one piece in.
    """
    out: list[tuple[str, str]] = []
    for kind, words in _steps(before, after):
        if words and out and out[-1][0] == kind:
            out[-1] = (kind, f"{out[-1][1]} {' '.join(words)}")
        elif words:
            out.append((kind, " ".join(words)))
    return out


#: Words of one text times words of the other that are compared word by word, at once and in all.
_AT_ONCE, _IN_ALL = 160_000, 1_000_000
#: The same for sentences.
_MOST_SENTENCES = 1_000_000
_SENTENCE = re.compile(r"(?<=[.!?:;])\s+|\n")

_Step = tuple[str, Sequence[str]]


def _steps(before: str, after: str) -> Iterator[_Step]:
    old, new = before.split(), after.split()
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    yield "same", old[:head]
    one, two = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(one) * len(two) <= _AT_ONCE:
        yield from _by_word(one, two)
    else:  # the middle alone, with its line ends
        yield from _by_sentence(_cut(before, head, tail), _cut(after, head, tail))
    yield "same", old[len(old) - tail :] if tail else []


def _common(one: Sequence[str], two: Sequence[str]) -> int:
    """How many words stand in front of both."""
    return next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b),
                min(len(one), len(two)))  # fmt: skip


def _cut(text: str, head: int, tail: int) -> str:
    """``text`` without its first and last words, line ends kept."""
    spans = [found.span() for found in re.finditer(r"\S+", text)]
    return text[spans[head][0] : spans[len(spans) - tail - 1][1]]


def _by_word(old: Sequence[str], new: Sequence[str]) -> Iterator[_Step]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for op, a, b, c, d in matcher.get_opcodes():
        if op == "equal":
            yield "same", old[a:b]
            continue
        yield "out", old[a:b]
        yield "in", new[c:d]


def _by_sentence(before: str, after: str) -> Iterator[_Step]:
    old, new = (
        [tuple(s.split()) for s in _SENTENCE.split(t) if s.strip()] for t in (before, after)
    )
    left = _IN_ALL
    if len(old) * len(new) > _MOST_SENTENCES:
        yield "out", before.split()
        yield "in", after.split()
        return
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for op, a, b, c, d in matcher.get_opcodes():
        one, two = ([w for s in part for w in s] for part in (old[a:b], new[c:d]))
        cost = len(one) * len(two)
        if op == "equal":
            yield "same", one
        elif cost <= min(_AT_ONCE, left):
            left -= cost
            yield from _by_word(one, two)
        else:
            yield "out", one
            yield "in", two
