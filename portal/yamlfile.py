"""YAML as the files of ``reports_templates`` are written, with the line of every value.

One reader for the whole house: words stay words (``no``, ``on``, ``2021-02-02``), keys are always
words, a number with a point is exact (Decimal), a key given twice is a mistake, a mistake is named
by file and line. Anchors, aliases and ``<<`` work. The scanner is libyaml's where PyYAML has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

_INT = re.compile(r"-?(0|[1-9]\d*)")
_DECIMAL = re.compile(r"-?(0|[1-9]\d*)\.\d+")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: Nesting beyond this is a mistake (an alias of itself, a slip of the margin).
MAX_DEPTH = 40


class FileError(Exception):
    """A mistake in a file: which file, which line (from 1), what."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}, baris {line}: {reason}")
        self.file, self.line, self.reason = file, line, reason


@dataclass
class Located:
    """The data of one file; it knows the line of each of its paths."""

    file: str
    data: Any
    root: yaml.Node

    def line(self, path: Sequence[Any]) -> int:
        """Line (from 1) of ``path`` or of the nearest thing around it.

        A step that is not in the file is passed over: a validator's path also names the kind.
        """
        line: int = self.root.start_mark.line
        node = self.root
        for step in path:
            found = _child(node, step)
            if found is not None:
                line, node = found
        return line + 1

    def error(self, path: Sequence[Any], reason: str) -> FileError:
        """The mistake at ``path``, ready to raise."""
        return FileError(self.file, self.line(path), reason)


def load(path: Path) -> Any:
    """The data of one file, None for an empty one; OSError, or FileError for a mistake in it."""
    found = parse(path.read_bytes(), path.name)
    return found.data if found else None


def read(path: Path) -> Located:
    """One file with its lines; FileError for broken YAML, also for an empty or unreadable file."""
    try:
        found = parse(path.read_bytes(), path.name)
    except OSError as error:
        raise FileError(path.name, 1, f"berkas tidak dapat dibaca: {error}") from error
    if found is None:
        raise FileError(path.name, 1, "berkas kosong")
    return found


def parse(text: str | bytes, name: str) -> Located | None:
    """The data of a text, None when there is nothing in it; FileError names ``name`` and line."""
    try:
        node = yaml.compose(text if isinstance(text, str) else text.decode("utf-8"), _LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = f"bukan YAML yang sah: {error.problem}"
        raise FileError(name, mark.line + 1 if mark else 1, reason) from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise FileError(name, 1, f"bukan YAML yang sah: {error}") from error
    return None if node is None else Located(name, _value(node, name), node)


def _value(node: yaml.Node, name: str, depth: int = 0) -> Any:
    if depth > MAX_DEPTH:
        raise FileError(name, node.start_mark.line + 1, "terlalu bersusun")
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, name, depth)
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, name, depth + 1) for child in node.value]
    text = str(node.value)
    if not _is_plain(node):  # quoted, or a block of text
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text


def _mapping(node: yaml.MappingNode, name: str, depth: int) -> dict[str, Any]:
    own: dict[str, Any] = {}
    merged: dict[str, Any] = {}
    for key_node, child in node.value:
        key, value = str(key_node.value), _value(child, name, depth + 1)
        if _is_merge(key_node):
            for one in value if isinstance(value, list) else [value]:
                merged = one | merged
        elif key in own:
            raise FileError(name, key_node.start_mark.line + 1, f"“{key}” tertulis dua kali")
        else:
            own[key] = value
    return merged | own if merged else own


def _is_merge(key: yaml.Node) -> bool:
    return key.value == "<<" and _is_plain(key)


def _is_plain(node: yaml.Node) -> bool:
    """Whether a scalar stands without quotes; libyaml says "", the other scanner None."""
    return not getattr(node, "style", None)


def _child(node: yaml.Node, step: Any) -> tuple[int, yaml.Node] | None:
    """Line (from 0) and node of one step; what a merge brought in has the line of the ``<<``."""
    if isinstance(node, yaml.SequenceNode):
        if isinstance(step, int) and step < len(node.value):
            found: yaml.Node = node.value[step]
            return found.start_mark.line, found
        return None
    if not isinstance(node, yaml.MappingNode):
        return None
    for key, child in node.value:
        if key.value == str(step):
            return key.start_mark.line, child
    for line, source in _merged(node):
        inner = _child(source, step)
        if inner:
            return line, inner[1]
    return None


def _merged(node: yaml.MappingNode) -> Iterator[tuple[int, yaml.Node]]:
    for key, child in node.value:
        if _is_merge(key):
            for one in child.value if isinstance(child, yaml.SequenceNode) else [child]:
                yield key.start_mark.line, one
