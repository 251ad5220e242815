"""Kertas Kerja, Catatan and Laporan Hasil Reviu; and a menu without dead doors."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import timedelta

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from portal import clock
from portal.db import db
from portal.documents import review_papers
from portal.documents.tree import dump
from portal.figures import catalogue
from portal.figures import flow as figures
from portal.figures import queries as figure_queries
from portal.figures.models import Evidence
from portal.figures.shape import Indicator
from portal.people.rules import PORTAL
from portal.reports import figures_bridge, flow, flow_open, queries, reviewing
from portal.reports.models import Entry, Report
from portal.reports.states import EntryState
from portal.web.menu import MENUS
from tests.cast import Cast, post, sign_in


@dataclass
class Reviewed:
    """An isian of Dinkes with IKK, at the Inspektorat; its first IKK has numbers and files."""

    report: Report
    entry: Entry
    one: Indicator
    cast: Cast

    def path(self, paper: str, unit: str = "DINKES", file: str = "") -> str:
        where = f"/hasil-reviu/{paper}/{self.report.id}/{self.cast.units[unit]}"
        return f"{where}/{file}" if file else where

    def state(self, state: EntryState) -> None:
        self.entry.state, self.entry.sent_at = state, clock.now()
        db.session.commit()


@pytest.fixture
def sent(app: Flask, cast: Cast) -> Reviewed:
    report = flow_open.open_report("lppd", 2025, actor=PORTAL).report
    operator, duties = cast.actor("operator_dinkes"), figure_queries.writers_by_duty()
    elements = catalogue.current().elements
    for entry in db.session.scalars(
        sa.select(Entry).where(Entry.supplier_unit_id == cast.units["DINKES"]).order_by(Entry.id)
    ):
        asked = figures_bridge.indicators_of(queries.place_of(entry), 2025)
        one = next((i for i in asked if i.part and all(
            figure_queries.may_write(operator, elements[k], duties) for k in i.elements
        )), None)  # fmt: skip
        if one is not None:
            break
    found = Reviewed(report, entry, one, cast)
    region = figure_queries.region_id()
    for n, key in enumerate(one.elements, 1):
        put = figures.put(
            figures.DatumKey(key, region, "2025"), "value", str(4321 * n), 0, operator
        )
        assert put.status == "ok"
    for name, restricted in (("=1+1.pdf", False), ("Daftar Ibu Sulastri.pdf", True)):
        db.session.add(Evidence(
            subject=f"indicator:{one.key}:2025", unit_id=cast.units["DINKES"], name=name,
            link="https://contoh.example", restricted=restricted, at=clock.now(),
        ))  # fmt: skip
    db.session.commit()
    found.state(EntryState.DIREVIU)
    return found


@pytest.mark.once
@pytest.mark.parametrize("who", sorted({m.value for m in MENUS} | {"sekda", "inspektur"}))
def test_every_item_of_the_menu_leads_somewhere(app: Flask, cast: Cast, who: str) -> None:
    flow_open.open_report("lppd", 2025, actor=PORTAL)
    db.session.commit()
    names = {"operator": "operator_dinkes", "verifikator": "verifikator_dinkes",
             "kepala": "kepala_dinkes"}  # fmt: skip
    client = sign_in(app.test_client(), cast.people[names.get(who, who)])
    page = client.get("/akun").text
    menu = page.split('<nav class="menu"')[1].split("</nav>")[0]
    doors = [part.split('"')[0] for part in menu.split('<a href="')[1:]]
    assert doors
    assert [(d, c) for d in doors if (c := client.get(d, follow_redirects=True).status_code) != 200
            ] == []  # fmt: skip
    if who in ("apip", "inspektur"):
        assert {f"/hasil-reviu/{p}" for p in ("kertas-kerja", "catatan", "laporan")} <= set(doors)


def test_a_worksheet_tells_what_was_sent_and_nothing_else(app: Flask, sent: Reviewed) -> None:
    apip = sign_in(app.test_client(), sent.cast.apip)
    sent.state(EntryState.DIKEMBALIKAN)
    assert "4.321" not in apip.get(sent.path("kertas-kerja")).text
    sent.state(EntryState.DIREVIU)
    flow.set_verdict(sent.entry, f"i:{sent.one.key}", "sesuai", "=cocok", sent.cast.actor("apip"))
    db.session.commit()
    page = apip.get(sent.path("kertas-kerja")).text
    assert "4.321" in page and "Auditor Ahli Muda" in page and "Made Wirawan" not in page.split(
        "<main")[1]  # fmt: skip
    assert "Sulastri" not in page and "Berkas terbatas" in page
    book = openpyxl.load_workbook(
        io.BytesIO(apip.get(sent.path("kertas-kerja", file="kkr.xlsx")).data)
    )
    cells = [c for row in book["IKK"].iter_rows() for c in row if c.value is not None]
    assert any(c.value == "=cocok" and c.data_type == "s" for c in cells)
    assert any(str(c.value).startswith("=1+1.pdf") and c.data_type == "s" for c in cells)
    assert any(c.value == 4321 for c in cells) and not any(c.data_type == "f" for c in cells)
    assert apip.get(sent.path("kertas-kerja", "INSPEKTORAT")).status_code == 404
    for who in ("kepala_dinkes", "sekretariat"):
        client = sign_in(app.test_client(), sent.cast.people[who])
        assert client.get(sent.path("kertas-kerja")).status_code == 404


def test_a_putusan_on_a_number_that_changed_counts_no_longer(sent: Reviewed) -> None:
    flow.set_verdict(sent.entry, f"i:{sent.one.key}", "sesuai", "", sent.cast.actor("apip"))
    unit = sent.cast.units["DINKES"]
    assert reviewing.reviews(sent.report, unit)[0].by_line["sesuai"] == 1
    with clock.frozen(clock.now() + timedelta(days=1)):
        key = figures.DatumKey(sent.one.elements[0], figure_queries.region_id(), "2025")
        sent.entry.state = EntryState.DRAF
        assert figures.put(key, "value", "5", 1, sent.cast.actor("operator_dinkes")).status == "ok"
        sent.entry.state = EntryState.DIREVIU
    assert reviewing.reviews(sent.report, unit)[0].by_line["sesuai"] == 0


def test_catatan_with_the_tanggapan_of_the_unit(app: Flask, sent: Reviewed) -> None:
    cast = sent.cast
    remark = flow.add_remark(sent.entry, "", "Penyebut belum sama.", cast.actor("apip"))
    sent.state(EntryState.DIKEMBALIKAN)
    remark.answer, remark.answered_at = "Sudah disamakan.", clock.now() + timedelta(hours=1)
    db.session.commit()
    own = sign_in(app.test_client(), cast.operator_dinkes)
    apip = sign_in(app.test_client(), cast.apip)
    sign_in(own, cast.operator_dinkes)
    assert "Sudah disamakan." in own.get(sent.path("catatan")).text
    sign_in(apip, cast.apip)
    page = apip.get(sent.path("catatan")).text
    assert "Penyebut belum sama." in page and "Sudah disamakan." not in page, "it was not sent yet"
    sent.state(EntryState.DIREVIU)
    assert "Sudah disamakan." in apip.get(sent.path("catatan")).text
    stranger = sign_in(app.test_client(), cast.kepala_distan)
    assert stranger.get(sent.path("catatan")).status_code == 404
    assert stranger.get(sent.path("catatan", file="chr.docx")).status_code == 404


def test_the_result_is_concluded_by_people_alone(app: Flask, sent: Reviewed) -> None:
    cast, path = sent.cast, f"/hasil-reviu/laporan/{sent.report.id}"
    client = sign_in(app.test_client(), cast.inspektur)
    page = client.get(path).text
    assert "Gubernur Contoh c.q. Inspektur Provinsi Contoh" in page
    assert all(v.label in page for v in queries.workflows().verdicts)
    words = {"simpulan": "Data dapat diyakini,\nkecuali dua IKK.", "versi": ""}
    assert post(client, f"{path}/simpulan", words).status_code == 302
    assert "kecuali dua IKK." in client.get(path).text
    late = post(client, f"{path}/simpulan", {"simpulan": "Lain", "versi": ""})
    assert late.status_code == 409 and "Lain" in late.text
    other = sign_in(app.test_client(), cast.kepala_dinkes)
    assert other.get(path).status_code == 404
    assert post(other, f"{path}/simpulan", words).status_code == 404


@pytest.mark.usefixtures("sent")
def test_the_paper_of_the_result(app: Flask, sent: Reviewed) -> None:
    paper = queries.workflows().of("lppd").review_paper
    assert paper is not None
    found = review_papers.Result(
        sent.report, paper, queries.workflows().verdicts, reviewing.reviews(sent.report), (), ""
    )
    text = dump(review_papers.result(found))
    assert text.startswith("document 'Konsep LHR LPPD 2025'") and "INSPEKTUR DAERAH" in text
    assert review_papers.BLANK in text


@pytest.mark.once
def test_all_units_cost_as_many_queries_as_one(sent: Reviewed) -> None:
    asked: list[str] = []
    note = lambda *args: asked.append(args[2])  # noqa: E731
    counts = []
    for unit in (sent.cast.units["DINKES"], None):
        asked.clear()
        sa.event.listen(db.engine, "before_cursor_execute", note)
        reviewing.reviews(sent.report, unit)
        sa.event.remove(db.engine, "before_cursor_execute", note)
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 1
