"""The tiny LPPD of the documents' tests with a tiny choice of its parts for the public."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from portal.config import Config
from tests.documents.conftest import config as small_config
from tests.documents.conftest import report

__all__ = ["config", "report"]

SPEC: dict[str, Any] = {
    "format": 1, "code": "kecil", "title": "Ringkasan LPPD", "short": "RLPPD", "applies_from": 2020,
    "cover": ["RINGKASAN", "{daerah}", "TAHUN {tahun}"],
    "chapters": [
        {"key": "satu", "title": "Wilayah", "parts": ["geo", "luas", "kalimat", "peta"]},
        {"key": "dua", "title": "Urusan", "sections": [
            {"key": "u", "title": "{item}", "over": "urusan", "only": ["kesehatan"],
             "parts": ["capaian"]}]},
    ],
}  # fmt: skip


@pytest.fixture
def config(config: Config, tmp_path: Path) -> Config:
    """The tiny LPPD with a tiny choice of its parts."""
    made: Config = small_config.__wrapped__(config, tmp_path)  # type: ignore[attr-defined]
    folder = Path(made.templates) / "rlppd"
    folder.mkdir()
    (folder / "kecil.yaml").write_text(json.dumps(SPEC), encoding="utf-8")
    return made
