"""One saved operation and its answer: what browser and server say to each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from portal.reports.splice import Cut


@dataclass(frozen=True)
class Op:
    """One saved group of keystrokes. ``base`` is the revision that the browser knew (0 = none).

    With ``cut`` the value is only what is put into the text that was confirmed last. ``quiet``
    asks for no computed cells: the caller fetches them once for many operations.
    """

    op_id: str
    target: str
    base: int
    value: str
    cut: Cut | None = None
    quiet: bool = False


@dataclass(frozen=True)
class Answer:
    """What the server says to one operation; the same operation gets the same answer again.

    ``status``: ``ok`` saved; ``same`` nothing to change; ``conflict`` somebody else changed this
    very target since ``base`` (``theirs`` what stands there now, ``theirs_by`` who; send again
    with ``base=rev`` to put yours in its place); ``refused`` not saved, ``reason`` says why;
    ``whole`` the cut was made for another text: send all of it under the same number.
    ``offered`` with ``refused``: it came after Kirim; the text is kept and listed by
    ``queries.offered`` so that it can be put in later. ``doubt`` is the question about a spelling
    that was kept but not understood, ``choices`` its answers as [shown, value to send].
    ``shown`` is the value as officials write it (clean HTML for rich text), ``notes`` what was
    left out of a paste. ``fix`` turns the text that was sent into the one that is stored: [start,
    deleted, inserted] in bytes, [-1, 0, ""] when that is too long to tell. ``hints`` are soft
    remarks by target: [[rule, sentence], ...], none to take back earlier ones. ``derived``:
    computed cells (``c:<row>:<column>``) and totals (``t:<column>``) that changed with it, ready
    for the screen.
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
    fix: list[Any] = field(default_factory=list)
    hints: dict[str, list[list[str]]] = field(default_factory=dict)
    derived: dict[str, str] = field(default_factory=dict)
