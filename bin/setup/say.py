"""How the two commands talk: steps while they work, one sentence when they must stop."""

from __future__ import annotations

import sys
import threading

_lock = threading.Lock()


class StopError(Exception):
    """The command cannot go on. Says in Indonesian and in English what to do."""

    def __init__(self, indonesian: str, english: str, code: int = 1) -> None:
        super().__init__(indonesian)
        self.indonesian = indonesian
        self.english = english
        self.code = code


def line(text: str = "") -> None:
    """Print one line, whole, also when several threads talk."""
    with _lock:
        print(text, flush=True)


def step(text: str) -> None:
    """Say what is being done now."""
    line(f"==> {text}")


def stop(error: StopError) -> int:
    """Print why the command stops; returns its exit code."""
    print(f"\n{error.indonesian}\n({error.english})", file=sys.stderr, flush=True)
    return error.code
