"""One click copies a cell; what came from last year loses its mark when it is typed over."""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa
from playwright.sync_api import expect

from portal import clock
from portal.db import db
from portal.figures import catalogue
from portal.figures.models import Datum, DatumRev
from portal.people.queries import actor_of
from portal.reports import flow, flow_open
from portal.reports.models import Entry, EntryCell, Report
from portal.reports.ops import Op
from tests.browser.conftest import Open, Site, enter, open_isian

SHEET = """
format: 1
key: silppd
title: SILPPD
name: Uji
address: https://contoh.example
kind: lppd
screens:
  - key: hasil
    title: IKK Kesehatan
    source: indicators
    level: hasil
    group: kesehatan
    fields:
      - {key: "no", label: No. IKK}
      - {key: pembilang, label: Jumlah 1}
"""


def test_a_cell_is_copied_with_one_click_and_the_row_ticked(site: Site, new_context: Open) -> None:
    folder = site.app.config["SELARAS"].templates / "copysheets"
    folder.mkdir()
    (folder / "silppd.yaml").write_text(SHEET, "utf-8")
    with site.app.app_context():
        one = next(i for i in catalogue.current().of("hasil", "kesehatan") if i.inside)
        for key, value in ((one.part[0], "4716"), (one.whole[0], "4986")):
            datum = Datum(element=key, unit_id=site.cast.units["PEMDA"], period="2025", head=1)
            db.session.add(datum)
            db.session.flush()
            db.session.add(DatumRev(datum_id=datum.id, n=1, value=Decimal(value), at=clock.now()))
        report = db.session.scalar(sa.select(Report.id).where(Report.kind == "lppd"))
        db.session.commit()
        db.session.remove()
    context = new_context(permissions=["clipboard-read", "clipboard-write"])
    page = enter(context, site, site.cast.operator_dinkes)
    page.goto(f"{site.url}/salin/silppd/{report}?layar=hasil")
    row = page.locator("article", has_text=one.shown_title).first
    row.get_by_role("button", name="Salin Jumlah 1").click()
    expect(row.get_by_role("button", name="Tersalin")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "4.716"
    row.get_by_role("button", name="Tandai sudah disalin").click()
    expect(page.locator("article", has_text=one.shown_title).first).to_contain_text("Sudah disalin")


def test_typing_over_takes_the_mark_away(site: Site, new_context: Open) -> None:
    with site.app.app_context():
        flow_open.open_report("lppd", 2024, actor=actor_of(site.cast.sekretariat.person_id))
        actor = actor_of(site.cast.operator_dinkes.person_id)
        entry = db.session.get_one(Entry, site.entries["pegawai"])
        assert flow.apply_op(entry, Op("isi-1", "c:sd:l", 0, "11"), actor).status == "ok"
        db.session.execute(sa.update(EntryCell).values(carried=2024))
        db.session.commit()
        db.session.remove()
    page = open_isian(enter(new_context(), site, site.cast.operator_dinkes), site, "pegawai")
    expect(page.locator("#bawaan")).to_contain_text("belum diperiksa")
    mark = page.get_by_text("dari 2024, belum diperiksa")
    expect(mark).to_have_count(1)
    page.locator('[name="c:sd:l"]').fill("12")
    expect(mark).to_have_count(0)
    page.locator('[name="c:sd:l"]').blur()
    expect(page.locator("#kabar")).to_contain_text("Tersimpan")
    page.wait_for_function("!document.querySelector('#kabar').textContent.includes('Menyimpan')")
    page.reload()
    expect(page.locator("#bawaan")).to_have_count(0)
