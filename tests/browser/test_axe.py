"""Every page template once in a real browser on the demo region: axe finds nothing, one h1, no
page wider than a phone. A template that no page here shows fails the test.
"""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from docx import Document
from flask import Flask, template_rendered
from playwright.sync_api import Browser, Page, expect

from portal import clock, store
from portal.app import create_app
from portal.budget.models import BudgetLine
from portal.config import ROOT
from portal.contracts.models import Contract, Step
from portal.counsel import flow as counsel
from portal.counsel.models import Assistance
from portal.db import db
from portal.demo.people import PASSWORD
from portal.desks import flow as desks
from portal.documents import changes, diff_found
from portal.documents import flow as documents
from portal.documents.models import Build, BuildFile, Issue
from portal.dprd.models import Recommendation
from portal.lke.models import Evaluation
from portal.notices.models import Explanation
from portal.outlines import loader
from portal.outlines import queries as formats
from portal.people import queries as people
from portal.people.models import Person, Position, Term, Unit
from portal.people.rules import PORTAL, Actor
from portal.public import making
from portal.public import page as page_of
from portal.public.models import Publication
from portal.reports import flow, receipts
from portal.reports.models import Entry, Receipt, Report
from portal.reports.states import EntryState
from portal.sakip.models import Agreement, KinerjaNode
from portal.works.models import WorkItem
from tests.browser.conftest import WIDE, Open, Site, enter, profile, running
from tests.conftest import MONDAY
from tests.demo_region import config_of

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
FOLDER = ROOT / "portal" / "templates"
PAGES = sorted(
    str(path.relative_to(FOLDER))
    for path in FOLDER.rglob("*.html")
    if "{% extends" in path.read_text(encoding="utf-8")
)


@dataclass
class Region:
    """The demo region, served."""

    url: str
    app: Flask
    shown: list[str]  # templates rendered since the list was last emptied
    chrome: Browser
    wrong: list[str] = field(default_factory=list)  # errors of scripts
    #: who -> their page, kept from test to test: a new one compiles axe anew, for most of a second
    pages: dict[str, Page] = field(default_factory=dict)


@pytest.fixture(scope="module")
def region(
    tmp_path_factory: pytest.TempPathFactory, demo_folder: Path, chrome: Browser
) -> Iterator[Region]:
    """The demo region on a database of its own, once for all templates."""
    folder = tmp_path_factory.mktemp("axe")
    shutil.copytree(demo_folder, folder, dirs_exist_ok=True)
    shown: list[str] = []
    with clock.frozen(MONDAY):
        app = create_app(config_of(folder))
        with app.app_context():
            prepare()
            db.session.remove()
        with (
            template_rendered.connected_to(
                lambda _app, template, **_: shown.append(template.name), app
            ),
            running(app) as url,
        ):
            made = Region(url, app, shown, chrome)
            yield made
            for page in made.pages.values():
                page.context.close()


def published(office: Actor) -> None:
    """An RLPPD 2024 for everybody, as if its LPPD had been built and issued."""
    book = first(Report, Report.kind == "lppd", Report.year == 2024)
    order = Build(report_id=book.id, final=True, number=0, created_at=clock.now())
    db.session.add(order)
    db.session.flush()
    issue = Issue(report_id=book.id, build_id=order.id, number=0, on=clock.now().date(),
                  by_label=office.label, at=clock.now())  # fmt: skip
    db.session.add(issue)
    body = page_of.body(making.draft(report("lppd")).document, lambda _p: "/tidak-ada.png")
    kept = [store.put(body.encode(), "text/html"), store.put(b"%PDF-1.7", "application/pdf")]
    db.session.flush()
    db.session.add(Publication(
        report_id=book.id, year=2024, version=1, issue_id=issue.id, spec="x", title="RLPPD 2024",
        body_sha=kept[0].sha256, pdf_sha=kept[1].sha256, file_name="rlppd.pdf", basis="Nota PPID",
        by_label=office.label, by_title="Kepala Bagian", at=clock.now(),
    ))  # fmt: skip
    db.session.commit()


def prepare() -> None:
    """What the demo lacks: somebody with two jabatan, a new account, a build, a Tanda Terima."""
    first(Person, Person.login == login("new")).must_change_password = True
    two = person_of("operator", "DLH")
    seat = first(Position, Position.role == "verifikator", Position.unit_id == unit("DLH"))
    db.session.add(Term(position_id=seat.id, person_id=two, valid_from=clock.now().date()))
    db.session.flush()
    office = people.actor_of(person_of("sekretariat", "BAG-TAPEM"))
    assert office is not None
    documents.request_build(report("lppd"), actor=office, formats="pdf")
    published(office)
    operator = people.actor_of(person_of(*WHO["operator"]))
    assert operator is not None
    book, paper = report("lppd"), io.BytesIO()
    Document().save(paper)
    flow.hand_in(book, unit("DINKES"), "", paper.getvalue(), "laporan.docx", operator)
    past = (EntryState.DISAHKAN, EntryState.DITERIMA, EntryState.TERKUNCI)
    sent = first(
        Entry, Entry.state.in_(past), Entry.supplier_unit_id == unit("DINKES"),
        Entry.report_id == book.id,
    )  # fmt: skip
    sent.state = EntryState.DISAHKAN
    receipts.issue(
        book,
        "DINKES",
        f"entry:{sent.id}",
        operator,
        {"report": "LPPD 2025", "section": "Bagian", "part": "Isian", "unit": "Dinkes"},
    )
    db.session.commit()


def first(model: type, *wanted: sa.ColumnElement[bool]):
    """The first row of a model."""
    found = db.session.scalars(sa.select(model).where(*wanted).order_by(model.id)).first()
    assert found is not None, (model, wanted)
    return found


def unit(code: str) -> int:
    return first(Unit, Unit.code == code).id


def person_of(role: str, code: str) -> int:
    """Who holds this jabatan in the demo."""
    today = people.today()
    return db.session.scalars(
        sa.select(Term.person_id)
        .join(Position, Position.id == Term.position_id)
        .where(
            Position.role == role,
            Position.unit_id == unit(code),
            Term.valid_from <= today,
            sa.or_(Term.valid_to.is_(None), Term.valid_to > today),
        )
        .order_by(Position.rank, Term.id)
    ).first()  # type: ignore[return-value]  # the demo has it


WHO = {
    "operator": ("operator", "DINKES"), "kepala": ("kepala", "DINKES"),
    "apip": ("apip", "INSPEKTORAT"), "office": ("sekretariat", "BAG-TAPEM"),
    "pimpinan": ("pimpinan", "PEMDA"), "admin": ("admin", "DISKOMINFOTIK"),
    "ppk": ("ppk", "DPUPR"), "two": ("operator", "DLH"), "new": ("operator", "DISDIK"),
    "capil": ("operator", "DISDUKCAPIL"), "lkpj": ("sekretariat", "BAPPEDA"),
    "treasurer": ("bendahara", "DPUPR"), "bud": ("bud", "BPKAD"),
}  # fmt: skip


def login(who: str) -> str:
    return db.session.get_one(Person, person_of(*WHO[who])).login


def report(kind: str) -> Report:
    return first(Report, Report.kind == kind, Report.year == 2025, Report.period == "")


def on_desk() -> str:
    """A file on the desk of the bendahara of DPUPR."""
    step = first(
        Step,
        Step.state == "open",
        Step.ready_on.is_not(None),
        Step.key == "spp",
        Step.contract_id.in_(sa.select(Contract.id).where(Contract.unit_id == unit("DPUPR"))),
    )
    return f"/antrean/{step.contract_id}/{step.id}"


def slip() -> str:
    """The slip of a file that was returned to a contract of DPUPR."""
    step = on_desk().split("/")
    contract = db.session.get_one(Contract, int(step[2]))
    who = people.actor_of(person_of("bendahara", "DPUPR"))
    assert who is not None
    hold = desks.give_back(contract, int(step[3]), "pptk", ["foto"], "", who)
    db.session.commit()
    return f"/antrean/{contract.id}/slip/{hold.slip_no}"


def worked() -> str:
    """The page of a work with a plan."""
    item = first(
        WorkItem,
        WorkItem.contract_id.in_(sa.select(Contract.id).where(Contract.unit_id == unit("DPUPR"))),
    )
    return f"/kontrak/{item.contract_id}/pekerjaan"


def sites() -> str:
    """The first isian of the SPM by month, per puskesmas."""
    own = (Entry.part_key == "spm_penerima", Entry.supplier_unit_id == unit("DINKES"))
    return f"/isian/{first(Entry, *own).id}/rincian/ks1"


def isian(state: str = "", part: str = "") -> str:
    """The path of an isian of Dinkes."""
    wanted = [Entry.supplier_unit_id == unit("DINKES"), Entry.report_id == report("lppd").id]
    if state:
        wanted.append(Entry.state == state)
    if part:
        wanted.append(Entry.part_key.like(part))
    return f"/isian/{first(Entry, *wanted).id}"


def reviewed(paper: str) -> str:
    """The path of a paper of the reviu of Disdik."""
    return f"/hasil-reviu/{paper}/{report('lppd').id}/{unit('DISDIK')}"


def receipt(kind: str) -> str:
    """The path of a Tanda Terima of an isian or of a document."""
    found = first(Receipt, Receipt.subject.startswith(kind))
    return f"{'' if kind == 'entry' else '/dokumen-jadi'}/tanda-terima/{found.id}"


def lppd(path: str) -> Callable[[], str]:
    """A path with the number of LPPD 2025."""
    return lambda: path.format(report("lppd").id)


def slips(page: Page) -> None:
    """Make a slip for the last of the list; nobody signs in with that account here."""
    page.goto(page.url + "admin/akun")
    page.locator("[name=orang]").last.check()
    page.get_by_role("button", name=re.compile("slip", re.I)).first.click()
    page.wait_for_selector("article.slip")


def wording() -> str:
    """The page of the first wording that is still a guess."""
    edition = loader.current().edition("lppd", "permendagri-18-2020")
    return f"/format/lppd/{edition.code}/rumusan/{formats.uncertain(edition)[0].key}"


def preview(page: Page) -> None:
    """The LRA of a year whose books are not sent, handed in again: the look before it is taken."""
    root = "/".join(page.url.split("/")[:3])  # the day of a sekretariat begins with the recap
    data = page.request.get(f"{root}/anggaran/unduh/lra?tahun=2023").body()
    page.goto(f"{root}/anggaran/impor?tahun=2023")
    page.select_option("[name=jenis]", "lra")
    page.set_input_files("[name=berkas]", {"name": "lra.xlsx", "buffer": data, "mimeType": XLSX})
    page.locator("main form[enctype] button").first.click()
    page.wait_for_selector("[name=ticket]", state="attached")


def contract_step() -> str:
    """The page of a step that lies on a desk."""
    step = first(Step, Step.state == "open", Step.ready_on.is_not(None))
    return f"/kontrak/{step.contract_id}/langkah/{step.id}"


def looked_at(page: Page, address: str, name: str, rows: str) -> None:
    """A file brought to an importer, whose preview is shown."""
    page.goto(urljoin(page.url, address))
    page.set_input_files("[name=berkas]", {"name": name, "buffer": rows.encode(),
                                           "mimeType": "text/csv"})  # fmt: skip
    page.locator("main form[enctype] button").first.click()
    page.wait_for_selector("[name=ticket]", state="attached")


def contract_list(page: Page) -> None:
    """A list of contracts, looked at before it is taken."""
    rows = "No Kontrak;Nama Pekerjaan;Nilai Kontrak;Tgl Kontrak;Waktu Pekerjaan;Nama Perusahaan\n"
    rows += "602/1;Rehabilitasi jalan;150.000.000;5/1/2026;90 hari;CV Contoh\n602/2;;;;;\n"
    looked_at(page, "/kontrak/impor", "daftar.csv", rows)


def sp2d_register(page: Page) -> None:
    """A register of SP2D, looked at before it is taken: a new row, a wrong one."""
    rows = "Nomor SP2D;Tanggal SP2D;Nama SKPD;Nilai;Jenis\n"
    rows += "900/1/LS/2026;5/1/2026;Dinas Kesehatan;100.000.000;LS\n900/2;kapan;Dinas;x;LS\n"
    looked_at(page, "/serapan/sp2d", "register.csv", rows)


def rak_file(page: Page) -> None:
    """A RAK rinci, looked at before it is taken: a row that changes one, a wrong one."""
    rows = "Nama SKPD;Kode Sub Kegiatan;Sumber Dana;Januari;Februari\n"
    rows += "DPUPR;1.99.10.2.01.0005;PEN;1.000.000;2.000.000\nDinas;x;PEN;tiga;\n"
    looked_at(page, "/serapan/rak", "rak.csv", rows)


def practised(page: Page) -> None:
    """The practice form, filled and sent."""
    page.goto(page.url + "latihan/isian")
    for box in page.locator(".grid input").all():
        box.fill("12")
    page.get_by_role("button", name="Kirim").click()
    page.wait_for_selector("text=TT-LATIHAN-0001")


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


#: Ways that lead through the browser itself.
def told_by_contracts() -> str:
    """The isian of the operator's LKPJ to which contracts of the year have something to say."""
    unit_id = unit("DINKES")
    found = db.session.scalars(
        sa.select(Entry.id).where(Entry.part_key == "lkpj_capaian",
                                  Entry.supplier_unit_id == unit_id)
    ).first()  # fmt: skip
    return f"/isian/{found}/kontrak"


ACTS = (slips, preview, practised, contract_list, sp2d_register, rak_file)

#: template -> (who, path or what to do in the browser)
WAYS: dict[str, tuple[str, str | Callable[[], str] | Callable[[Page], None]]] = {
    "account/choose.html": ("two", "/akun/jabatan"),
    "account/first.html": ("new", "/akun/pertama"),
    "account/index.html": ("operator", "/akun"),
    "admin/calendar.html": ("admin", "/admin/kalender"),
    "admin/duties.html": ("admin", "/admin/pengampu"),
    "admin/import.html": ("admin", "/admin/akun/impor"),
    "admin/moves.html": ("admin", "/admin/akun/mutasi"),
    "admin/people.html": ("admin", "/admin/akun"),
    "admin/person.html": ("admin", "/admin/akun/1"),
    "admin/person_new.html": ("admin", "/admin/akun/baru"),
    "admin/settings.html": ("admin", "/admin/identitas"),
    "admin/slips.html": ("admin", slips),
    "admin/backup.html": ("admin", "/admin/cadangan"),
    "admin/trail.html": ("admin", "/admin/riwayat"),
    "admin/trail_check.html": ("admin", "/admin/riwayat/periksa"),
    "admin/unit.html": ("admin", lambda: f"/admin/perangkat-daerah/{unit('DINKES')}"),
    "admin/unit_new.html": ("admin", "/admin/perangkat-daerah/baru"),
    "admin/units.html": ("admin", "/admin/perangkat-daerah"),
    "admin/waves.html": ("admin", "/admin/tahapan"),
    "admin/handover.html": ("admin", lambda: f"/serah-terima/{first(Term).id}"),
    "admin/handovers.html": ("admin", "/serah-terima"),
    "budget/dprd.html": ("office", "/rekomendasi"),
    "sakip/index.html": ("pimpinan", "/sakip"),
    "sakip/tree.html": ("operator", "/sakip/pohon"),
    "sakip/node.html": ("operator", lambda: f"/sakip/simpul/{first(KinerjaNode, KinerjaNode.unit_id == unit('DINKES')).id}"),
    "sakip/indicator.html": ("operator", lambda: f"/sakip/simpul/{first(KinerjaNode, KinerjaNode.unit_id == unit('DINKES')).id}/indikator"),
    "sakip/iku.html": ("operator", "/sakip/iku"),
    "sakip/pk_index.html": ("operator", "/sakip/pk"),
    "sakip/pk.html": ("pimpinan", lambda: f"/sakip/pk/{first(Agreement, Agreement.state == 'pihak_kedua').id}"),
    "sakip/plan.html": ("operator", "/sakip/renaksi?bagian=TW2"),
    "sakip/achieved.html": ("operator", "/sakip/capaian?tahun=2025"),
    "sakip/review_index.html": ("pimpinan", "/sakip/reviu?tahun=2025"),
    "sakip/review.html": ("apip", lambda: f"/sakip/reviu/{unit('DINKES')}?tahun=2025"),
    "budget/import.html": ("operator", "/anggaran/impor"),
    "budget/index.html": ("operator", "/anggaran"),
    "budget/line.html": ("operator", lambda: "/anggaran/baris/" + str(
        first(BudgetLine, BudgetLine.unit_id == unit("DINKES"), BudgetLine.year == 2025).id)),
    "budget/preview.html": ("lkpj", preview),
    "budget/recommendation.html": (
        "lkpj", lambda: f"/rekomendasi/{first(Recommendation).id}"),
    "builds/archive.html": ("office", "/arsip"),
    "builds/check.html": ("office", "/keaslian"),
    "builds/compose.html": ("office", lppd("/susun/{}")),
    "builds/final.html": ("office", lppd("/susun/{}/final")),
    "builds/index.html": ("office", "/susun"),
    "builds/show.html": ("office", "/penyusunan/1"),
    "changes/show.html": ("office", lppd("/perubahan/{}")),
    "checks/again.html": ("operator", "/tinjau-ulang"),
    "checks/handover_new.html": (
        "operator", lambda: isian("draf").replace("/isian/", "/alih-data/baru?isian=")),
    "checks/handovers.html": ("operator", "/alih-data"),
    "checks/reuse.html": ("operator", "/data/pemakaian"),
    "checks/show.html": ("office", "/pemeriksaan/2025"),
    "checks/trace.html": ("office", lppd("/telusur/{}")),
    "boards/index.html": ("pimpinan", "/ringkasan"),
    "boards/serapan.html": ("pimpinan", "/serapan"),
    "boards/reports.html": ("pimpinan", "/ringkasan/laporan"),
    "boards/meeting.html": ("pimpinan", "/bahan-rapat"),
    "boards/funds.html": ("pimpinan", "/serapan/sumber-dana"),
    "boards/crossing.html": ("pimpinan", "/serapan/akhir-tahun"),
    "boards/score.html": ("pimpinan", "/serapan/perkiraan"),
    "boards/unit.html": ("pimpinan", lambda: f"/serapan/opd/{first(Contract).unit_id}"),
    "boards/rak.html": ("bud", lambda: f"/serapan/rak/{first(Contract).unit_id}"),
    "boards/rak_index.html": ("bud", "/serapan/rak"),
    "boards/rak_line.html": ("bud", lambda: f"/serapan/rak/{first(Contract).unit_id}/rinci"),
    "boards/rak_preview.html": ("bud", rak_file),
    "boards/subs.html": ("bud", lambda: f"/serapan/opd/{first(Contract).unit_id}/sub-kegiatan"),
    "boards/sp2d.html": ("bud", "/serapan/sp2d"),
    "boards/sp2d_preview.html": ("bud", sp2d_register),
    "boards/install.html": ("ppk", "/pasang"),
    "boards/offline.html": ("ppk", "/luring"),
    "contracts/index.html": ("ppk", "/kontrak"),
    "contracts/new.html": ("ppk", "/kontrak/baru"),
    "contracts/show.html": ("ppk", lambda: f"/kontrak/{first(Contract).id}"),
    "contracts/step.html": ("ppk", contract_step),
    "contracts/data.html": ("ppk", lambda: f"/kontrak/{first(Contract).id}/data"),
    "contracts/correct.html": ("ppk", lambda: f"/kontrak/{first(Contract).id}/perbaiki"),
    "contracts/mine.html": ("ppk", "/kontrak/langkah-saya"),
    "contracts/calendar.html": ("ppk", "/kontrak/kalender"),
    "contracts/import.html": ("ppk", "/kontrak/impor"),
    "contracts/import_preview.html": ("ppk", contract_list),
    "admin/limits.html": ("admin", "/admin/batas-waktu"),
    "admin/limit.html": ("admin", "/admin/batas-waktu/spp"),
    "admin/bands.html": ("admin", "/admin/warna-serapan"),
    "desks/contract.html": ("ppk", lambda: f"/kontrak/{first(Contract).id}/posisi"),
    "desks/file.html": ("treasurer", on_desk),
    "desks/obstacles.html": ("kepala", "/kendala"),
    "desks/outages.html": ("bud", "/gangguan"),
    "desks/paste.html": ("bud", "/antrean/sp2d"),
    "desks/queue.html": ("treasurer", "/antrean"),
    "desks/slip.html": ("treasurer", slip),
    "copysheets/index.html": ("office", "/salin"),
    "copysheets/show.html": ("office", lppd("/salin/silppd/{}?layar=hasil@pmd")),
    "editions/carry.html": ("office", lppd("/laporan/{}/tahun-lalu")),
    "editions/compare.html": ("operator", "/format/banding"),
    "entry/contracts.html": ("operator", told_by_contracts),
    "entry/check.html": ("operator", lambda: isian("dikembalikan") + "/periksa"),
    "entry/history.html": ("operator", lambda: isian("draf") + "/riwayat"),
    "entry/page.html": ("operator", lambda: isian("draf")),
    "entry/practice.html": ("operator", "/latihan/isian"),
    "entry/practice_sent.html": ("operator", practised),
    "entry/print.html": ("operator", lambda: isian("draf") + "/cetak"),
    "entry/receipt.html": ("operator", lambda: receipt("entry")),
    "entry/send.html": ("operator", lambda: isian("draf") + "/kirim"),
    "entry/sheet.html": ("operator", "/tugas/unggah-excel"),
    "entry/sites.html": ("operator", sites),
    "entry/tasks.html": ("operator", "/tugas"),
    "error.html": ("operator", "/tidak-ada"),
    "evidence/index.html": ("operator", "/data-dukung"),
    "figures/districts.html": ("capil", "/data/kecamatan/2025"),
    "figures/element.html": ("office", "/data/unsur/penduduk?tahun=2025"),
    "figures/import.html": ("operator", "/data/impor"),
    "figures/past.html": ("operator", "/data/awal"),
    "figures/index.html": ("operator", "/data"),
    "figures/indicator.html": ("apip", "/data/indikator/makro.ipm?tahun=2025"),
    "figures/reference.html": ("operator", "/data/rujukan"),
    "formats/index.html": ("office", "/format"),
    "formats/show.html": ("office", "/format/lppd/permendagri-18-2020"),
    "formats/wording.html": ("office", wording),
    "letters/index.html": ("office", "/surat-laporan"),
    "letters/show.html": ("office", lppd("/surat-laporan/pengantar_lppd/{}")),
    "lke/index.html": ("apip", "/evaluasi-akip"),
    "lke/show.html": ("apip", lambda: f"/evaluasi-akip/{first(Evaluation).id}"),
    "login/form.html": ("", "/masuk"),
    "notices/admin.html": ("admin", "/admin/pengingat"),
    "notices/channels.html": ("admin", "/admin/pengingat/saluran"),
    "notices/inbox.html": ("operator", "/pesan"),
    "notices/ladder.html": ("admin", "/admin/pengingat/tangga"),
    "notices/leaves.html": ("admin", "/admin/pengingat/cuti"),
    "notices/letters.html": ("pimpinan", "/naskah-surat"),
    "notices/own.html": ("operator", "/pesan/saluran"),
    "notices/proof.html": ("ppk", lambda: f"/kontrak/{first(Contract).id}/bukti-pemberitahuan"),
    "notices/question.html": ("pimpinan", lambda: f"/penjelasan/{first(Explanation).id}"),
    "notices/questions.html": ("pimpinan", "/penjelasan"),
    "pages/desk.html": ("kepala", "/"),
    "pages/help.html": ("operator", "/bantuan"),
    "pages/home.html": ("operator", "/"),
    "pages/reports.html": ("operator", "/laporan/lppd"),
    "recap/context.html": ("office", lambda: isian("disahkan").replace("/isian", "/rekap/isian")),
    "public/desk.html": ("office", "/susun-rlppd"),
    "public/index.html": ("", "/rlppd"),
    "public/look.html": ("office", lppd("/susun-rlppd/{}")),
    "public/none.html": ("", "/rlppd/2019"),
    "public/show.html": ("", "/rlppd/2024"),
    "recap/matrix.html": ("office", lppd("/rekap/{}/matriks")),
    "recap/obstacles.html": ("office", lppd("/rekap/{}/kendala")),
    "recap/show.html": ("office", lppd("/rekap/{}")),
    "recap/unit.html": ("office", lambda: f"/rekap/{report('lppd').id}/pd/{unit('DINKES')}"),
    "reports/approval.html": ("operator", lppd("/laporan/{}/pengesahan")),
    "reports/documents.html": ("operator", lppd("/laporan/{}/dokumen-jadi")),
    "reports/kind.html": ("office", "/laporan/lppd/kelola"),
    "reports/receipt.html": ("operator", lambda: receipt("document")),
    "reports/schedule.html": ("office", "/jadwal"),
    "reports/show.html": ("operator", lppd("/laporan/{}")),
    "reports/measures.html": ("office", lambda: f"/laporan/{report('spm').id}/capaian"),
    "review/worksheets.html": ("apip", "/hasil-reviu/kertas-kerja"),
    "review/worksheet.html": ("apip", lambda: reviewed("kertas-kerja")),
    "review/notes.html": ("operator", "/hasil-reviu/catatan"),
    "review/note_sheet.html": ("apip", lambda: reviewed("catatan")),
    "review/result.html": ("apip", lppd("/hasil-reviu/laporan/{}")),
    "review/show.html": ("kepala", lambda: isian("selesai_direviu").replace("isian", "reviu")),
    "review/waiting.html": ("apip", "/persetujuan"),
    "chronology/show.html": ("ppk", lambda: worked().replace("pekerjaan", "kronologi")),
    "counsel/new.html": ("ppk", lambda: worked().replace("pekerjaan", "pendampingan")),
    "counsel/index.html": ("ppk", "/pendampingan"),
    "counsel/show.html": ("ppk", lambda: f"/pendampingan/{first(Assistance).id}"),
    "practice/contract.html": ("ppk", "/latihan/kontrak"),
    "practice/adoption.html": ("admin", "/latihan/kontrak/pemakaian"),
    "works/index.html": ("ppk", worked),
    "works/money.html": ("ppk", lambda: worked().replace("pekerjaan", "uang")),
    "works/terms.html": ("admin", "/admin/ketentuan-kontrak"),
}  # fmt: skip

#: Pages of a state that the demo region does not have; each has a test of its own below.
ELSEWHERE = {
    "login/resume.html",
    "recap/none.html",
    "checks/none.html",
    "desks/gone.html",
    "changes/again.html",
    "counsel/enter.html",
    "counsel/guest.html",
    "counsel/contract.html",
}


def test_every_page_template_is_in_the_list() -> None:
    assert sorted({*WAYS, *ELSEWHERE}) == PAGES


def signed_in(region: Region, who: str) -> Page:
    """The page of somebody of the demo, on a wide screen; each signs in once."""
    if who not in region.pages:
        region.pages[who] = profile(region.chrome, region.wrong, bypass_csp=True).new_page()
        if who:
            _sign_in(region, region.pages[who], who)
    region.pages[who].set_viewport_size(WIDE)
    return region.pages[who]


def _sign_in(region: Region, page: Page, who: str) -> None:
    with region.app.app_context():
        name = login(who)
        db.session.remove()
    page.goto(f"{region.url}/masuk")
    page.fill("[name=login]", name)
    page.fill("[name=sandi]", PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda url: not url.endswith("/masuk"))


@pytest.mark.parametrize("template", sorted(WAYS))
def test_a_page_that_axe_and_a_phone_accept(region: Region, template: str) -> None:
    who, way = WAYS[template]
    page = signed_in(region, who)
    region.shown.clear()
    if way in ACTS:
        page.goto(region.url)
        way(page)  # type: ignore[operator, arg-type]
    else:
        with region.app.app_context():
            path = way() if callable(way) else way  # type: ignore[call-arg]
            db.session.remove()
        page.goto(region.url + str(path))
    assert template in region.shown, f"{page.url} shows {region.shown}"
    accepted(page)
    assert region.wrong == []


def accepted(page: Page) -> None:
    """One h1, nothing that axe knows of, no wider than a phone."""
    assert page.locator("h1").count() == 1
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    page.set_viewport_size({"width": 360, "height": 740})
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{page.url} is {wide} px wider than a phone"


def test_a_guest_reads_one_contract(region: Region, new_context: Open) -> None:
    with region.app.app_context():
        access = db.session.scalars(
            sa.select(Assistance).where(Assistance.kind == "pendampingan")
        ).one()
        secret, password = counsel.make_link(access, PORTAL)
        contract_id = access.contracts[0].contract_id
        db.session.commit()
        db.session.remove()
    page = new_context(bypass_csp=True).new_page()
    region.shown.clear()
    page.goto(f"{region.url}/baca/{secret}")
    accepted(page)
    page.fill("[name=sandi]", password)
    page.click("main button")
    page.wait_for_selector("main ul a")
    accepted(page)
    page.goto(f"{region.url}/baca/{secret}/{contract_id}")
    accepted(page)
    assert {f"counsel/{n}.html" for n in ("enter", "guest", "contract")} <= set(region.shown)


def test_a_book_built_again_that_says_something_else(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the demo's build had its files and were made once more, by another engine."""
    with region.app.app_context():
        build = first(Build)
        db.session.add(BuildFile(
            build_id=build.id, format="pdf", name="lppd.pdf",
            sha256=store.put(b"%PDF-1.7", "application/pdf").sha256,
        ))  # fmt: skip
        path = f"/penyusunan/{build.id}/uji"
        db.session.commit()
        db.session.remove()
    change = diff_found.Change("figure", "changed", "Jumlah penduduk", "1.250", "1.251", ("BAB I",))
    said = changes.Again(False, diff_found.Difference([change]), ("WeasyPrint 69 menjadi 70",))
    monkeypatch.setattr("portal.documents.changes.again", lambda *_: said)
    page = signed_in(region, "office")
    page.goto(f"{region.url}/akun")
    page.evaluate(
        """path => { const form = document.querySelector('form[action$="/keluar"]');
                     form.action = path; form.submit(); }""",
        path,
    )
    expect(page.get_by_role("heading", level=1)).to_contain_text("Uji susun ulang")
    accepted(page)


def test_a_form_that_outlived_its_session(region: Region, new_context: Open) -> None:
    page = new_context(bypass_csp=True).new_page()
    _sign_in(region, page, "operator")
    page.goto(f"{region.url}/akun")
    page.fill("[name=hp]", "0812 0000 1111")
    page.context.clear_cookies()
    page.locator("form", has=page.locator("[name=hp]")).get_by_role("button").first.click()
    with region.app.app_context():
        page.fill("[name=login]", login("operator"))
        db.session.remove()
    page.fill("[name=sandi]", PASSWORD)
    region.shown.clear()
    page.click("main button")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lanjutkan kiriman")
    assert "login/resume.html" in region.shown
    accepted(page)


def test_before_any_report_is_open(site: Site, new_context: Open) -> None:
    with site.app.app_context():
        for table in ("entry_support", "entry", "deadline", "report"):
            db.session.execute(db.metadata.tables[table].delete())
        db.session.commit()
    page = enter(new_context(bypass_csp=True), site, site.cast.sekretariat)
    for path in ("/rekap", "/pemeriksaan"):
        page.goto(site.url + path)
        accepted(page)
