"""The main job, whole: draft, send, review, approve, accept, lock, build, both files downloaded.

A real Chromium, a real server, a real Redis and a real worker process; nothing is told to the
database by hand, and nobody waits for a time, only for what the pages say.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from portal.config import Config
from tests.browser.conftest import Open, Site, enter, open_isian, serve
from tests.browser.test_entry import cell, state
from tests.entry import world
from tests.jobs.conftest import PATIENCE, Line, redis, redis_folder, workers

__all__ = ["redis", "redis_folder"]
pytestmark = [pytest.mark.worker, pytest.mark.timeout(300)]

SAVED = re.compile(r"^Tersimpan \d\d\.\d\d WITA$")
TITLE = "Jumlah Pegawai"


@pytest.fixture
def house(tmp_path: Path, redis: str) -> Config:
    """The configuration that web and worker share."""
    return replace(world.config(tmp_path), redis_url=redis)


@pytest.fixture
def site(house: Config, still_clock: object) -> Iterator[Site]:
    """The portal of the small world, with a courier."""
    with serve(house) as running:
        yield running


@pytest.fixture
def worker(house: Config, redis: str) -> Iterator[Callable[..., Line]]:
    """Starts what worker.py starts."""
    yield from workers(house, redis)


def said(page: Page, words: str) -> None:
    """The page answered with these words."""
    expect(page.locator("main")).to_contain_text(words)


def test_from_a_draft_to_the_two_files(
    site: Site, new_context: Open, worker: Callable[..., Line]
) -> None:
    worker()
    fill_and_send(site, new_context)
    review(site, new_context)
    approve(site, new_context)
    office = accept_and_lock(site, new_context)
    build(office, site)
    pdf, docx = download(office, "PDF"), download(office, "DOCX")
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    words = "\n".join(
        c.text for t in Document(io.BytesIO(docx)).tables for r in t.rows for c in r.cells
    )
    for number in ("1.200", "800", "2.000"):
        assert number in text
        assert number in words
    assert "DATA CONTOH" in text


def fill_and_send(site: Site, new_context: Open) -> None:
    """The operator types, is told that it is kept, sends, and gets a Tanda Terima as PDF."""
    page = enter(new_context(), site, site.cast.operator_dinkes)
    page.get_by_role("link", name="Mulai isi").click()
    row = page.locator("tr", has_text=TITLE).first
    row.get_by_role("link").last.click()
    expect(page.locator("#isian[data-ready]")).to_be_attached()
    cell(page, "c:sd:l").fill("1.200")
    cell(page, "c:sd:p").fill("800")
    state(page).to_have_text(SAVED)
    page.get_by_role("link", name="Kirim").click()
    page.get_by_role("button", name="Kirim").click()
    said(page, "TT-LPPD-2025-DINKES-0001")
    with page.expect_download() as receipt:
        page.get_by_role("link", name="Unduh PDF").click()
    assert Path(receipt.value.path()).read_bytes()[:5] == b"%PDF-"


def review(site: Site, new_context: Open) -> None:
    """The Inspektorat finds it on its first screen, returns it once, and passes the answer."""
    auditor = enter(new_context(), site, site.cast.apip)
    said(auditor, "1 isian menunggu reviu")
    auditor.get_by_role("link", name="Mulai reviu").click()
    auditor.get_by_role("link", name=f"Reviu {TITLE}").click()
    said(auditor, "1.200")
    auditor.locator("summary", has_text="Kembalikan untuk perbaikan").click()
    auditor.get_by_label("Catatan: apa yang perlu diperbaiki").fill("Mohon cek jumlah SMP.")
    auditor.get_by_role("button", name="Kembalikan untuk perbaikan").click()

    page = open_isian(enter(new_context(), site, site.cast.operator_dinkes), site, "pegawai")
    said(page, "Mohon cek jumlah SMP.")
    cell(page, "c:smp:l").fill("7")
    state(page).to_have_text(SAVED)
    page.get_by_label("Jawaban").fill("Sudah dilengkapi dari SK terakhir.")
    page.get_by_role("button", name="Sudah diperbaiki").click()
    open_isian(page, site, "pegawai")
    page.get_by_role("link", name="Kirim").click()
    page.get_by_role("button", name="Kirim").click()
    said(page, "TT-LPPD-2025-DINKES-0002")

    auditor.goto(f"{site.url}/persetujuan")
    auditor.get_by_role("link", name=f"Reviu {TITLE}").click()
    said(auditor, "Sudah dilengkapi dari SK terakhir.")
    auditor.get_by_label("Sesuai", exact=True).check()
    auditor.get_by_role("button", name="Selesai direviu").click()
    said(auditor, "Selesai direviu")


def approve(site: Site, new_context: Open) -> None:
    """The kepala approves on a phone, in three touches."""
    phone = new_context(viewport={"width": 360, "height": 740})
    head = enter(phone, site, site.cast.kepala_dinkes)
    expect(head.get_by_role("heading", level=1)).to_have_text("1 hal menunggu Bapak/Ibu")
    head.get_by_role("link", name="Setujui atau kembalikan").click()
    head.get_by_label(f"Pilih {TITLE}").check()
    head.get_by_role("button", name="Setujui yang dicentang").click()
    said(head, "Satu isian disetujui.")


def accept_and_lock(site: Site, new_context: Open) -> Page:
    """The sekretariat starts at the recap and locks what it accepted."""
    page = enter(new_context(), site, site.cast.sekretariat)
    page.get_by_role("link", name="Dinas Kesehatan").click()
    for button, status in (("Terima", "Diterima sekretariat"), ("Kunci", "Terkunci")):
        page.get_by_label(f"{button} {TITLE}").check()
        page.get_by_role("button", name="yang dicentang").click()
        expect(page.locator("tr", has_text=TITLE)).to_contain_text(status)
    return page


def build(page: Page, site: Site) -> None:
    """A Konsep is ordered; its page follows the worker to the end by itself."""
    page.get_by_role("link", name="Susun Dokumen", exact=True).click()
    page.locator("main").get_by_role("link", name="Susun dokumen").first.click()
    said(page, "belum siap")
    page.get_by_role("button", name="Susun konsep").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Konsep 1")
    expect(page.locator("#keadaan")).to_contain_text("Selesai", timeout=PATIENCE * 1000)
    said(page, "Kode keaslian")


def download(page: Page, form: str) -> bytes:
    """The bytes that the browser was given."""
    with page.expect_download() as got:
        page.get_by_role("link", name=f"Unduh {form}").click()
    assert got.value.suggested_filename.endswith(f"Konsep-1_DATA-CONTOH.{form.lower()}")
    return Path(got.value.path()).read_bytes()
