"""Small rules of the Lembar Salin. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

_NUMBER = re.compile(r"\(?-?\d{1,3}(?:\.\d{3})*(?:,\d+)?\)?|\(?-?\d+(?:,\d+)?\)?")


def plain_number(text: str) -> str:
    """``(1.234,50)`` as a form of a foreign application takes it: ``-1234.50``.

    Words, dates, codes such as ``1.b.3`` and marks of unreleased numbers stay as they are.
    """
    bare = text.strip()
    if not _NUMBER.fullmatch(bare):
        return text
    negative = bare.startswith("(")
    bare = bare.strip("()").replace(".", "").replace(",", ".")
    return f"-{bare}" if negative and not bare.startswith("-") else bare


def drift(copied: Mapping[str, str], now: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Field -> (what was copied, what stands here now) where our number changed since.

    A field that the screen did not have then is no change.
    """
    return {
        key: (was, now[key]) for key, was in copied.items() if key in now and now[key] != was
    }  # fmt: skip
