"""Tests that lay pages out themselves do so in a process of their own.

A newer Pango (1.52 and later: Ubuntu 24.04, Debian 13) reads fonts in a thread, which no fork
inherits. Had the process of the tests read fonts, every build that a later test starts would wait
for ever; the portal's own processes never read them (tests/documents/test_children.py).
"""

from __future__ import annotations

import functools
import multiprocessing
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def apart(work: Callable[P, R]) -> Callable[P, R]:
    """Run a test, or a helper whose result can be pickled, in a forked process."""

    @functools.wraps(work)
    def run(*args: P.args, **named: P.kwargs) -> R:
        ours, theirs = multiprocessing.Pipe(duplex=False)
        context = multiprocessing.get_context("fork")
        process = context.Process(target=_tell, args=(theirs, work, args, named))
        process.start()
        theirs.close()
        try:
            result, trouble = ours.recv()
        except EOFError:
            result, trouble = None, "the process died"
        process.join()
        assert not trouble, trouble
        return result  # type: ignore[no-any-return]

    return run


def _tell(pipe: Connection, work: Callable[..., Any], args: Any, named: Any) -> None:
    try:
        pipe.send((work(*args, **named), ""))
    except BaseException:
        pipe.send((None, traceback.format_exc()))
