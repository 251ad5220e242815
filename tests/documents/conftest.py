"""The tiny outline as a report of the cast's region, filled and accepted."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from portal import clock, store
from portal.config import ROOT, Config
from portal.db import db
from portal.documents import flow
from portal.documents.models import Build
from portal.reports import flow as reports_flow
from portal.reports.models import Entry, EntryCell, EntryRow, Report
from tests.cast import Cast
from tests.documents import small

HELP = {"help": "Isi menurut data perangkat daerah.", "example": "Contoh isian."}


def outline() -> dict[str, Any]:
    """The tiny outline with what the checker wants, duties of the cast, as it lies on disk."""
    found = deepcopy(small.OUTLINE)
    found["chapters"][1]["sections"][0]["repeat"] = {"over": "urusan"}
    found["lists"]["urusan"] = [
        {"key": "kesehatan", "title": "Urusan Kesehatan", "duty": "urusan_kesehatan"},
        {"key": "pertanian", "title": "Urusan Pertanian", "duty": "urusan_pertanian"},
    ]

    def walk(node: Any) -> None:
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            if node.get("kind") in ("narrative", "table", "budget", "list", "picture"):
                node.update(HELP)
            for each in node.values():
                walk(each)

    walk(found["chapters"])
    found["preface"].update(HELP)
    return found


@pytest.fixture
def config(config: Config, tmp_path: Path) -> Config:
    """Like the general one, with the tiny outline and one process for the pages."""
    templates = tmp_path / "templates"
    (templates / "lppd").mkdir(parents=True)
    text = json.dumps(outline(), ensure_ascii=False)  # JSON is YAML
    (templates / "lppd" / "kecil.yaml").write_text(text, encoding="utf-8")
    shutil.copy(ROOT / "reports_templates" / "workflows.yaml", templates)
    return replace(config, templates=templates, build_processes=1)


def picture() -> bytes:
    """A small PNG."""
    data = io.BytesIO()
    Image.new("RGB", (600, 400), "#88aacc").save(data, "png")
    return data.getvalue()


#: part -> fields and rows, the same for every unit that has the isian.
CONTENT: dict[str, tuple[dict[str, str], list[tuple[str, dict[str, str]]]]] = {
    each["part"]: (each["fields"], [(uid, cells) for uid, cells in each["rows"]])
    for each in small.entries()
}


def fill(entry: Entry, state: str = "diterima") -> None:
    """Content and state of one isian, written as the entry room would have."""
    fields, rows = CONTENT[entry.part_key]
    if entry.part_key == "peta":
        fields = {**fields, "file": store.put(picture(), "image/png").sha256}
    now = clock.now()
    for name, value in fields.items():
        db.session.add(EntryCell(entry_id=entry.id, field=name, value=value, at=now))
    for position, (uid, cells) in enumerate(rows):
        db.session.add(EntryRow(entry_id=entry.id, uid=uid, position=position))
        for name, value in cells.items():
            db.session.add(EntryCell(entry_id=entry.id, row=uid, field=name, value=value, at=now))
    entry.state = state


@pytest.fixture
def report(cast: Cast) -> Report:
    """LPPD 2025 of the tiny outline, every isian accepted."""
    found = reports_flow.open_report("lppd", 2025, actor=cast.actor("sekretariat")).report
    for entry in db.session.scalars(sa.select(Entry).where(Entry.report_id == found.id)):
        fill(entry)
    db.session.commit()
    return found


Order = Callable[..., Build]


@pytest.fixture
def order(report: Report, cast: Cast) -> Order:
    """Order a build as the secretariat does; not run yet."""

    def ask(**options: Any) -> Build:
        build = flow.request_build(report, actor=cast.actor("sekretariat"), **options).build
        db.session.commit()
        return build

    return ask
