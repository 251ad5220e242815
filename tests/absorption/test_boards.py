"""The register twice, versions of the RAK, and who sees what on a board."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from gzip import compress
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.absorption import flow, importing, ledger, queries, readers, rules, sums
from portal.absorption.flow import NewSp2d
from portal.absorption.models import BoardSums, Sp2d, SpendSum
from portal.budget.models import BudgetFund, BudgetLine, CashPlan
from portal.contracts import flow as contracts
from portal.contracts.flow import Refused
from portal.contracts.models import Contract, Step
from portal.db import db
from portal.notices.models import Notice
from portal.people import queries as people
from portal.people import workdays
from portal.people.rules import PORTAL
from tests.cast import Cast, post, sign_in
from tests.contracts.test_flow import CALENDAR, new_contract, position_of
from tests.imports.test_formats import ods

#: Pages; what they write is tested on both databases beside the rooms.
pytestmark = pytest.mark.strictest

D = Decimal
CSV = (
    "Nomor SP2D;Tanggal SP2D;Nama SKPD;Nilai;Jenis;Sumber Dana;Kode Sub Kegiatan;Nomor Kontrak\n"
    "900/1/LS/2026;5/1/2026;Dinas Kesehatan;100.000.000,00;LS;PEN;"
    "1.03.10.2.01.0005;602/15/PUPR\n"
    "900/2/GU/2026;5/1/2026;Dinkes;40.000.000,00;GU;DAU;1.03.01.2.02.0001;\n"
    "STS/3/2026;5/1/2026;Dinkes;5.000.000,00;STS;DAU;1.03.01.2.02.0001;\n"
    "900/4/UP/2026;5/1/2026;Dinkes;50.000.000,00;UP;DAU;;\n"
)


def of_dinkes(cast: Cast, **changes: object) -> contracts.NewContract:
    return new_contract(cast, **{"unit_id": cast.units["DINKES"], **changes})


@contextmanager
def counted() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def money(cast: Cast) -> Contract:
    """Pagu, RAK and one contract of DPUPR whose SPK lies past its limit."""
    today = people.today()
    unit = cast.units["DINKES"]
    line = BudgetLine(year=today.year, unit_id=unit, kode="1.03.10.2.01.0005", uraian="Jalan",
                      pagu=D(1_000_000_000), heads={})  # fmt: skip
    db.session.add(line)
    db.session.flush()
    db.session.add(BudgetFund(line_id=line.id, fund="PEN", pagu=D(300_000_000)))
    db.session.add_all(CashPlan(year=today.year, unit_id=unit, month=m, rencana=D(80_000_000))
                       for m in range(1, 13))  # fmt: skip
    made = contracts.register(of_dinkes(cast), cast.actor("ppk"),
                              workdays.checker(*CALENDAR))  # fmt: skip
    db.session.commit()
    return made


def board_of(cast: Cast, who: str, **changes: object) -> queries.Board:
    return queries.board(cast.actor(who), people.today(), workdays.calendar().is_workday,
                         queries.Chosen(**changes))  # type: ignore[arg-type]  # fmt: skip


def test_the_register_applied_twice_changes_nothing_and_says_so(
    cast: Cast, money: Contract
) -> None:
    made, new = importing.plan(importing.read(CSV.encode(), "register.csv"))
    assert [r.state for r in made.rows] == ["baru"] * 4, [r.problems for r in made.rows]
    importing.apply(made, new, CSV.encode(), "register.csv", PORTAL)
    assert db.session.scalar(sa.select(Sp2d.contract_id).where(Sp2d.fund == "PEN")) == money.id
    # GU 40 less STS 5; UP is no realisation yet
    spent = dict(db.session.execute(
        sa.select(SpendSum.fund, sa.func.sum(SpendSum.amount)).group_by(SpendSum.fund)
    ).all())  # fmt: skip
    assert spent == {"PEN": D(100_000_000), "DAU": D(35_000_000)}
    again, _ = importing.plan(importing.read(CSV.encode(), "register.csv"))
    assert again.unchanged and again.count("sama") == 4
    other = CSV.replace("40.000.000,00", "41.000.000,00").encode()
    changed, _ = importing.plan(importing.read(other, "register.csv"))
    assert changed.count("salah") == 1 and "sudah tercatat" in changed.rows[1].problems[0]


def test_import_on_the_page(app: Flask, cast: Cast, client: FlaskClient, money: Contract) -> None:
    sign_in(client, cast.people["bud"])
    shown = post(client, "/serapan/sp2d", {"berkas": (io.BytesIO(CSV.encode()), "r.csv")},
                 content_type="multipart/form-data")  # fmt: skip
    assert shown.status_code == 200
    ticket = shown.text.split('name="ticket" value="')[1].split('"')[0]
    for words in ("4 baris baru", "sama dengan yang sudah ada"):
        done = post(client, "/serapan/sp2d/terapkan", {"ticket": ticket, "aksi": "semua"},
                    follow_redirects=True)  # fmt: skip
        assert words in done.text
    refused = post(client, "/serapan/sp2d", {})
    assert refused.status_code == 422 and "Pilih berkas" in refused.text


def test_board_sums_rupiah_and_parts_money(cast: Cast, money: Contract) -> None:
    flow.add([
        NewSp2d("1", people.today(), money.unit_id, D(30_000_000), fund="PEN",
                sub_code="1.03.10.2.01.0005", contract_id=money.id),
        NewSp2d("2", people.today(), money.unit_id, D(20_000_000), fund="DAU"),
    ])  # fmt: skip
    found = board_of(cast, "pimpinan")
    line = next(x for x in found.lines if x.unit and x.unit.code == "DINKES")
    assert (line.at.spent, line.uncontracted) == (D(50_000_000), D(20_000_000))
    assert line.at.absorbed == 5
    assert found.total.at == line.at
    pen = board_of(cast, "pimpinan", fund="PEN").total
    assert (pen.at.pagu, pen.at.spent) == (D(300_000_000), D(30_000_000))
    assert pen.cell["n"] == 1 and board_of(cast, "pimpinan", fund="DAK").total.cell["n"] == 0


def seen(client: FlaskClient, cast: Cast, who: str, contract: Contract) -> tuple[str, bool]:
    """What the page of the contract calls its late step, and whether the list of late ones has it."""
    browser = sign_in(client, cast.people[who])
    page = browser.get(f"/kontrak/{contract.id}").text
    word = "lewat" if "Lewat batas" in page else "tanggapan" if "tanggapan" in page else ""
    return word, contract.title in browser.get("/kontrak?status=lewat").text


def test_a_late_desk_appears_above_its_opd_only_after_notice_and_tanggapan(
    cast: Cast, money: Contract, client: FlaskClient
) -> None:
    step = db.session.scalars(sa.select(Step).where(Step.contract_id == money.id,
                                                    Step.ready_on.is_not(None))).first()  # fmt: skip
    assert step is not None
    today = people.today()
    step.due_on = workdays.add_workdays(today, -9)
    db.session.commit()
    assert board_of(cast, "pimpinan").late == []
    assert seen(client, cast, "pimpinan", money) == ("tanggapan", False)
    assert seen(client, cast, "kepala_dinkes", money) == ("lewat", True)
    own = queries.build(readers.units_for(cast.actor("kepala_dinkes"), today), today,
                        workdays.calendar().is_workday, queries.Chosen(), own=True)  # fmt: skip
    assert [d["step"] for d in own.late] == [step.id]
    for rung in ("lewat", "kepala"):
        db.session.add(Notice(
            subject=f"step:{step.id}", cycle=1, rung=rung, at=clock.now() - timedelta(days=8),
            person_id=cast.people["ppk"].person_id, title="", short="", link="/",
            position_id=position_of(cast, "ppk"),
        ))  # fmt: skip
    db.session.commit()
    db.session.execute(sa.delete(BoardSums))  # a notice that is written leaves its trail
    assert seen(client, cast, "pimpinan", money) == ("lewat", True)
    found = board_of(cast, "pimpinan")
    assert [d["step"] for d in found.late] == [step.id]
    (concern,) = queries.concerns(found)
    assert concern.sentence.startswith("Dinkes: Rp")
    assert "lewat batas 9 hari kerja" in concern.sentence
    assert not any(m.name in concern.sentence for m in cast.people.values())


def test_lowering_the_rak_asks_for_its_paper_and_stays_visible(
    cast: Cast, client: FlaskClient, money: Contract
) -> None:
    year, unit = people.today().year, money.unit_id
    lower = [D(70_000_000), *[D(80_000_000)] * 10, D(90_000_000)]
    with pytest.raises(Refused, match="turun"):
        flow.set_plan(year, unit, lower, "", "", cast.actor("bud"))
    db.session.rollback()
    made = flow.set_plan(year, unit, lower, "DPPA 1/2026", "Lelang mundur", cast.actor("bud"))
    assert made is not None and made.n == 2
    assert flow.set_plan(year, unit, lower, "", "", cast.actor("bud")) is None
    db.session.commit()
    newest = ledger.versions(unit, year)[0]
    assert len(newest.lowered) == 11
    for who, sees in (("bud", True), ("kepala_dinkes", False), ("pimpinan", False)):
        page = sign_in(client, cast.people[who]).get(f"/serapan/rak/{unit}")
        assert page.status_code == 200 and ("Lelang mundur" in page.text) is sees, who


def test_who_sees_which_board(cast: Cast, client: FlaskClient, money: Contract) -> None:
    unit, other = cast.units["DINKES"], cast.units["DPUPR"]
    kepala = sign_in(client, cast.people["kepala_dinkes"])
    assert kepala.get(f"/serapan/opd/{unit}").status_code == 200
    assert kepala.get(f"/serapan/opd/{other}").status_code == 404
    assert kepala.get(f"/serapan/rak/{other}").status_code == 404
    assert "Lama di meja" in kepala.get(f"/serapan/opd/{unit}").text
    assert kepala.get("/serapan/perkiraan").status_code == 200
    ppk = sign_in(client, cast.people["ppk"])
    assert ppk.get(f"/serapan/opd/{unit}").status_code == 404
    page = ppk.get(f"/serapan/opd/{other}")
    assert "Lama di meja" not in page.text and "Perkiraan akhir tahun" not in page.text
    assert ppk.get("/serapan/perkiraan").status_code == 404
    leader = sign_in(client, cast.people["pimpinan"])
    assert "Lama di meja" not in leader.get(f"/serapan/opd/{unit}").text


def test_the_sekda_reads_the_board_a_kepala_the_one_of_his_own(
    cast: Cast, client: FlaskClient, money: Contract
) -> None:
    sekda = sign_in(client, cast.people["sekda"])
    home = sekda.get("/")
    assert all(word in home.text for word in ("Ringkasan", "Naskah Surat", "Penjelasan"))
    for path in ("/ringkasan", "/ringkasan/laporan", "/bahan-rapat", f"/kontrak/{money.id}"):
        assert sekda.get(path).status_code == 200, path
    kepala = sign_in(client, cast.people["kepala_dinkes"])
    own = f"/serapan/opd/{money.unit_id}"
    assert kepala.get("/ringkasan", follow_redirects=True).request.path == own
    assert kepala.get("/ringkasan/laporan").status_code == 404
    assert kepala.get("/bagikan.png").status_code == 200  # of his own


def test_first_load_is_small_and_costs_the_same(
    cast: Cast, client: FlaskClient, money: Contract
) -> None:
    sign_in(client, cast.people["pimpinan"])
    first = client.get("/ringkasan")
    static = {part.split('"')[0] for key in ('href="/static/', 'src="/static/')
              for part in first.text.split(key)[1:]}  # fmt: skip
    size = len(compress(first.data, 6)) + sum(
        len(client.get(f"/static/{name}", headers={"Accept-Encoding": "gzip"}).data)
        for name in static
    )
    assert size <= 30 * 1024, size
    with counted() as few:
        client.get("/ringkasan")
    for n in range(3):
        contracts.register(of_dinkes(cast, number=f"602/{n}"), cast.actor("ppk"),
                           workdays.checker(*CALENDAR))  # fmt: skip
    db.session.commit()
    client.get("/ringkasan")
    with counted() as more:
        client.get("/ringkasan")
    assert len(more) <= len(few) + 1


def test_papers_hold_no_forecast(cast: Cast, client: FlaskClient, money: Contract) -> None:
    from pypdf import PdfReader  # noqa: PLC0415 - only here

    sign_in(client, cast.people["pimpinan"])
    rapat = client.get("/bahan-rapat.pdf")
    pages = PdfReader(io.BytesIO(rapat.data)).pages
    assert len(pages) == 4
    assert "Perkiraan" not in "".join(p.extract_text() for p in pages)
    one = PdfReader(io.BytesIO(client.get("/bagikan.pdf").data)).pages
    assert len(one) == 1 and "belum diaudit" in one[0].extract_text()
    assert client.get("/bagikan.png").data[:4] == b"\x89PNG"
    dana = PdfReader(io.BytesIO(client.get("/serapan/sumber-dana.pdf").data)).pages[0]
    assert "Jumlah" in dana.extract_text()
    assert client.get("/serapan/sumber-dana.xlsx").data[:2] == b"PK"


def test_sums_are_kept_until_something_changes(cast: Cast, money: Contract) -> None:
    today, is_workday = people.today(), workdays.calendar().is_workday
    first = sums.kept(today, is_workday).mark
    assert sums.kept(today, is_workday).mark == first
    contracts.register(of_dinkes(cast, number="602/99"), cast.actor("ppk"), is_workday)
    assert sums.kept(today, is_workday).body["cells"][f"{money.unit_id}|"]["n"] == 2


def test_installable(client: FlaskClient, cast: Cast) -> None:
    manifest = client.get("/manifest.webmanifest").get_json()
    for icon in manifest["icons"]:
        assert client.get(icon["src"]).data[:4] == b"\x89PNG"
    worker = client.get("/sw.js")
    assert "push-sw.js" in worker.text and "javascript" in worker.mimetype
    assert client.get("/luring").status_code == 200
    assert "data:image/svg+xml" in sign_in(client, cast.people["ppk"]).get("/pasang").text


def register_xlsx() -> bytes:
    """The register as Excel keeps it: a title above, real dates and numbers."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "REGISTER SP2D KABUPATEN CONTOH"
    sheet.append([])
    lines = [line.split(";") for line in CSV.splitlines()]
    sheet.append(lines[0])
    for number, _, *rest in lines[1:]:
        amount = float(rest[1].replace(".", "").replace(",", "."))
        sheet.append([number, "5 Januari 2026", rest[0], amount, *rest[2:]])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("ending", ["xlsx", "ods", "xls"])
def test_the_register_from_other_sheets(cast: Cast, money: Contract, ending: str) -> None:
    """The .xls is Excel 97's own: a merged title, real dates, numbers with a format."""
    data = register_xlsx() if ending == "xlsx" else ods(register_xlsx())
    if ending == "xls":
        data = (Path(__file__).parent / "files" / "register.xls").read_bytes()
    made, new = importing.plan(importing.read(data, f"register.{ending}"))
    assert [r.state for r in made.rows] == ["baru"] * 4, [r.problems for r in made.rows]
    assert [n.amount for n in new] == [D(100_000_000), D(40_000_000), D(-5_000_000), D(50_000_000)]


def test_another_sheet_of_the_register_is_named_on_the_page(
    cast: Cast, client: FlaskClient, money: Contract
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(register_xlsx()))
    late = book.create_sheet("Susulan")
    late.append(["daftar susulan"])
    for line in CSV.splitlines()[:2]:
        late.append(line.split(";"))
    out = io.BytesIO()
    book.save(out)
    sign_in(client, cast.people["bud"])
    shown = post(client, "/serapan/sp2d", {"berkas": (io.BytesIO(out.getvalue()), "r.xlsx")},
                 content_type="multipart/form-data").text  # fmt: skip
    assert "<b>4</b> baris baru" in shown and ">Susulan</option>" in shown
    ticket = shown.split('name="ticket" value="')[1].split('"')[0]
    form = {"ticket": ticket, "aksi": "lihat", "lembar": "1", "judul": "2"}
    assert "<b>1</b> baris baru" in post(client, "/serapan/sp2d/terapkan", form).text


def test_an_imported_anggaran_kas_keeps_the_versions_before_and_after(
    cast: Cast, client: FlaskClient, money: Contract
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Nama OPD", "Rincian", "Januari", "Februari", "Maret"])
    sheet.append(["Dinas Kesehatan", "Target", 10_000_000, 80_000_000, 80_000_000])
    out = io.BytesIO()
    book.save(out)
    year = people.today().year
    sign_in(client, cast.people["sekretariat_lkpj"])
    form = {"berkas": (io.BytesIO(out.getvalue()), "kas.xlsx"), "jenis": "kas",
            "tahun": str(year)}  # fmt: skip
    shown = post(client, "/anggaran/impor", form, content_type="multipart/form-data")
    ticket = shown.text.split('name="ticket" value="')[1].split('"')[0]
    done = post(client, "/anggaran/impor/kolom", {"ticket": ticket, "aksi": "semua"})
    assert done.status_code == 302
    after, before = ledger.versions(money.unit_id, year)
    assert (before.months[0], after.months[0]) == (D(80_000_000), D(10_000_000))
    assert after.row.document == "Impor anggaran kas" and len(after.lowered) == 12


def test_in_january_the_board_says_how_the_year_ended(
    cast: Cast, client: FlaskClient, money: Contract, still_clock: Callable[[timedelta], None]
) -> None:
    flow.add([NewSp2d("1", people.today(), money.unit_id, D(250_000_000), fund="PEN")])
    db.session.commit()
    still_clock(timedelta(days=340))  # 8 January of the next year
    page = sign_in(client, cast.people["pimpinan"]).get("/ringkasan").text
    assert "Pagu 2027 belum dimuat" in page and "Serapan 2026 sampai 31 Desember" in page
    assert "25,0 %" in page


def test_a_shortfall_without_a_file_on_a_desk_says_what_is_known(cast: Cast) -> None:
    milliard = D(10) ** 9
    at = rules.Position(5 * milliard, 4 * milliard, D("2.7") * milliard)
    for cell, told in (
        ({"n": 2, "rest": 21 * 10**10},
         "Rp1,3 M di bawah RAK; pekerjaan kontrak Rp2,1 M belum selesai."),
        ({"packages": 1, "package_value": 23 * 10**10},
         "1 paket (Rp2,3 M) belum berkontrak. Rp1,3 M di bawah RAK."),
        ({}, "Rp1,3 M di bawah RAK, pada belanja non-kontrak."),
    ):  # fmt: skip
        assert queries.why(queries.Line(None, at, cell={**sums.empty(), **cell})) == told
