"""YAML with the line of every value, so that a mistake is named by file and line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

_INT = re.compile(r"-?(0|[1-9]\d*)")
_DECIMAL = re.compile(r"-?(0|[1-9]\d*)\.\d+")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}


class CatalogueError(Exception):
    """A mistake in a catalogue file: which file, which line, what."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}, baris {line}: {reason}")
        self.file, self.line, self.reason = file, line, reason


@dataclass
class Located:
    """The data of one file and the line (from 1) of each of its paths."""

    file: str
    data: Any = None
    lines: dict[tuple[Any, ...], int] = field(default_factory=dict)

    def line(self, path: tuple[Any, ...]) -> int:
        """Line of ``path`` or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def error(self, path: tuple[Any, ...], reason: str) -> CatalogueError:
        """The mistake at ``path``, ready to raise."""
        return CatalogueError(self.file, self.line(path), reason)


def read(path: Path) -> Located:
    """Read one file; CatalogueError for broken YAML, a key given twice, or an alias.

    Plain words stay words (``no``, ``on``), numbers with a point are exact.
    """
    out = Located(path.name)
    try:
        node = yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CatalogueError(path.name, line, f"YAML salah tulis: {error.problem}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CatalogueError(path.name, 1, f"berkas tidak dapat dibaca: {error}") from error
    if node is None:
        raise CatalogueError(path.name, 1, "berkas kosong")
    out.data = _value(node, (), out)
    return out


def _value(node: yaml.Node, path: tuple[Any, ...], out: Located) -> Any:
    out.lines[path] = node.start_mark.line + 1
    if len(path) > 30:
        raise out.error(path, "terlalu bersusun")
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, out)
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*path, i), out) for i, child in enumerate(node.value)]
    text = str(node.value)
    if getattr(node, "style", None) is not None:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text


def _mapping(node: yaml.MappingNode, path: tuple[Any, ...], out: Located) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, child in node.value:
        key = str(key_node.value)
        here = (*path, key)
        if key in result:
            out.lines[here] = key_node.start_mark.line + 1
            raise out.error(here, f"“{key}” tertulis dua kali")
        result[key] = _value(child, here, out)
        out.lines[here] = key_node.start_mark.line + 1
    return result
