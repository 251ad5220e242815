"""Tonggak templates from reports_templates/contracts: data, checked when read."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from portal.contracts.rules import Stage


class TemplateError(Exception):
    """A template that cannot be used; the message names the file and the reason."""


class Template:
    """A named row of stages for a method of procurement."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.key = str(raw["key"])
        self.title = str(raw["title"])
        self.method = str(raw["method"])
        self.types = tuple(str(t) for t in raw["types"])
        self.rule = str(raw["rule"])
        self.stages = tuple(Stage(**step) for step in raw["steps"])
        self._check()

    def _check(self) -> None:
        known = {"start", "contract_end"}
        for stage in self.stages:
            if stage.after not in known:
                raise TemplateError(f"{self.key}: {stage.key} counts from unknown {stage.after!r}")
            if stage.kind not in {"kerja", "kalender"} or stage.days < 0:
                raise TemplateError(f"{self.key}: {stage.key} has no usable limit")
            if stage.key in known:
                raise TemplateError(f"{self.key}: {stage.key} stands twice")
            known.add(stage.key)


@lru_cache(maxsize=4)
def load(folder: Path) -> dict[str, Template]:
    """All templates by key; raises TemplateError with file and reason."""
    found: dict[str, Template] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            raw = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
            for one in raw["templates"]:
                template = Template(one)
                found[template.key] = template
        except (KeyError, TypeError, TemplateError) as error:
            raise TemplateError(f"{path.name}: {error}") from error
    return found
