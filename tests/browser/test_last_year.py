"""Last year beside this year: grey values, words to start from, and gentle questions."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import Page, expect

from portal.db import db
from portal.figures import catalogue
from portal.figures import flow as figures
from portal.figures.rules import DatumView
from portal.people.queries import actor_of
from portal.reports import flow, flow_open
from portal.reports.models import Entry, Report
from portal.reports.ops import Op
from tests.browser.conftest import Open, Site, enter, open_isian
from tests.browser.test_entry import SAVED, cell, state


@pytest.fixture
def past(site: Site) -> Site:
    """The portal with LPPD 2024 filled: words, a table, two numbers of an indicator."""
    with site.app.app_context():
        flow_open.open_report("lppd", 2024, actor=actor_of(site.cast.sekretariat.person_id))
        db.session.flush()
        found = db.session.scalars(sa.select(Entry).join(Report).where(Report.year == 2024))
        entries = {e.part_key: e for e in found}
        actor = actor_of(site.cast.operator_dinkes.person_id)
        for n, (part, target, value) in enumerate((
            ("uraian", "f:text", "<p>Puskesmas bertambah <strong>dua</strong> unit.</p>"),
            ("pegawai", "c:sd:l", "1.111"), ("pegawai", "c:sd:p", "2.222"),
        )):  # fmt: skip
            assert flow.apply_op(entries[part], Op(f"past-{n}", target, 0, value), actor)
        one = indicator()
        unit = entries["ikk"].report.owner_unit_id
        figures.put_many(
            [DatumView(k, Decimal(v), period="2024", unit_id=unit, source="Profil 2024")
             for k, v in ((one.part[0], 8720), (one.whole[0], 10000))], actor,
        )  # fmt: skip
        db.session.commit()
        db.session.remove()
    return site


def indicator():  # type: ignore[no-untyped-def]
    """An indicator with a part and a whole."""
    return next(i for i in catalogue.current().of("hasil", "kesehatan") if i.inside)


def operator(site: Site, new_context: Open, part: str, **more: str) -> Page:
    context = new_context(**more)
    return open_isian(enter(context, site, site.cast.operator_dinkes), site, part)


def test_last_years_values_stand_in_the_grid(past: Site, new_context: Open) -> None:
    page = operator(past, new_context, "pegawai")
    row = page.locator("#b-sd")
    expect(row.locator(".ly").nth(0)).to_have_text("1.111")
    expect(row.locator(".ly").nth(2)).to_have_text("3.333")  # computed then as now
    expect(page.locator("#isian")).to_contain_text("Angka kecil abu-abu adalah isian 2024")


def test_pakai_sebagai_bahan(past: Site, new_context: Open) -> None:
    page = operator(past, new_context, "uraian")
    page.get_by_text("Narasi tahun lalu", exact=True).click()
    expect(page.locator("details .paper")).to_contain_text("bertambah dua unit")
    page.get_by_role("button", name="Pakai narasi tahun lalu sebagai bahan").click()
    expect(page.locator(".ok")).to_contain_text("Sesuaikan dengan keadaan tahun ini")
    expect(page.get_by_role("textbox", name="Uraian Keadaan")).to_contain_text("bertambah dua")
    expect(page.locator("main")).to_contain_text("belum diperiksa")
    assert "<strong>dua</strong>" in past.cells("uraian")[("", "text")]


def test_exactly_last_years_number_is_asked_about_gently(past: Site, new_context: Open) -> None:
    with past.app.app_context():
        part, whole = indicator().part[0], indicator().whole[0]
    page = operator(past, new_context, "ikk")
    box = page.locator(f"[id='u-{part}']")
    expect(box).to_contain_text("2024: 8.720")
    number, why = cell(page, f"d:{part}:value"), cell(page, f"d:{part}:same")
    expect(why).to_be_hidden()
    number.fill("8.720")
    expect(box).to_contain_text("Sama persis dengan 2024. Memang sama?")
    state(page).to_have_text(SAVED)  # asked, and saved all the same
    why.fill("pendataan dua tahunan")
    state(page).to_have_text(SAVED)
    page.get_by_role("button", name="Saya perbaiki").click()
    expect(number).to_be_focused()
    page.keyboard.type("20.000")
    expect(box.locator(".soft")).to_contain_text("naik")
    expect(why).to_be_hidden()
    cell(page, f"d:{whole}:value").fill("9.999")
    expect(box.locator(".soft")).to_contain_text("lebih besar daripada")
    state(page).to_have_text(SAVED)
    number.fill("8.800")
    expect(box.locator(".soft p:visible")).to_have_count(0)


def test_the_picture_button(site: Site, new_context: Open) -> None:
    page = operator(site, new_context, "uraian", tolerate="inline style")
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(out, "PNG")
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Gambar").click()
    chosen.value.set_files({"name": "a.png", "mimeType": "image/png", "buffer": out.getvalue()})
    picture = page.locator(".rich img")
    expect(picture).to_have_js_property("naturalWidth", 60)
    state(page).to_have_text(SAVED)
    assert '<img src="blob:' in site.cells("uraian")[("", "text")]
    page.reload()
    expect(page.locator(".rich img")).to_have_js_property("naturalWidth", 60)
    # What is no picture is refused in words.
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Gambar").click()
    chosen.value.set_files({"name": "b.png", "mimeType": "image/png", "buffer": b"bukan gambar"})
    state(page).not_to_have_text(SAVED)
    expect(page.locator(".rich img")).to_have_count(1)
