"""One saved operation and its answer: what browser and server say to each other."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Op:
    """One saved group of keystrokes. ``base`` is the revision that the browser knew (0 = none)."""

    op_id: str
    target: str
    base: int
    value: str


@dataclass(frozen=True)
class Answer:
    """What the server says to one operation; the same operation gets the same answer again.

    ``status``: ``ok`` saved; ``same`` nothing to change; ``conflict`` somebody else changed this
    very target since ``base`` (``theirs`` what stands there now, ``theirs_by`` who; send again
    with ``base=rev`` to put yours in its place); ``refused`` not saved, ``reason`` says why.
    ``offered`` with ``refused``: it came after Kirim; the text is kept and listed by
    ``queries.offered`` so that it can be put in later. ``doubt`` is the question about a spelling
    that was kept but not understood, ``choices`` its answers as [shown, value to send].
    ``shown`` is the value as officials write it (clean HTML for rich text), ``notes`` what was
    left out of a paste. ``derived``: computed cells (``c:<row>:<column>``) and totals
    (``t:<column>``) that changed with it, ready for the screen.
    """

    op_id: str
    status: str
    rev: int = 0
    at: str = ""
    shown: str = ""
    doubt: str = ""
    other: str = ""
    choices: list[list[str]] = field(default_factory=list)
    theirs: str = ""
    theirs_by: str = ""
    reason: str = ""
    offered: bool = False
    notes: list[str] = field(default_factory=list)
    derived: dict[str, str] = field(default_factory=dict)
