"""RAK rinci: imported, versioned, summed exactly; the RAK per OPD where there is nothing finer."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from portal.absorption import basis, flow, flow_lines, importing_rak, ledger, money, slices
from portal.absorption.flow import NewSp2d
from portal.absorption.models import RakSum
from portal.absorption.queries import Chosen
from portal.budget.models import BudgetFund, BudgetLine, CashPlan
from portal.contracts.flow import Refused
from portal.db import db
from portal.people import queries as people
from tests.absorption.test_boards import board_of, counted
from tests.cast import Cast, post, sign_in

D = Decimal
ROAD, CLINIC = "1.03.10.2.01.0005", "1.02.02.2.02.0001"
JT = 1_000_000


def each(amount: int) -> list[Decimal]:
    return [D(amount * JT)] * 12


@pytest.fixture
def two(cast: Cast) -> tuple[int, int]:
    """Dinkes with a RAK rinci of two sub kegiatan and two sources, DPUPR with a RAK per OPD."""
    year, fine, coarse = people.today().year, cast.units["DINKES"], cast.units["DPUPR"]
    for unit, code, parts in ((fine, ROAD, {"PEN": 600, "DAU": 360}), (fine, CLINIC, {"DAU": 240}),
                              (coarse, ROAD, {"PEN": 300, "DAU": 900})):  # fmt: skip
        line = BudgetLine(year=year, unit_id=unit, kode=code, uraian=f"Kegiatan {code[-4:]}",
                          pagu=D(sum(parts.values()) * JT), heads={})  # fmt: skip
        db.session.add(line)
        db.session.flush()
        db.session.add_all(BudgetFund(line_id=line.id, fund=f, pagu=D(a * JT))
                           for f, a in parts.items())  # fmt: skip
    db.session.add_all(CashPlan(year=year, unit_id=unit, month=m, rencana=D(100 * JT))
                       for unit in (fine, coarse) for m in range(1, 13))  # fmt: skip
    flow_lines.set_lines(year, fine, {(ROAD, "PEN"): each(50), (ROAD, "DAU"): each(30),
                                      (CLINIC, "DAU"): each(20)}, ("DPA 1", ""),
                         cast.actor("bud"))  # fmt: skip
    db.session.commit()
    return fine, coarse


def test_a_source_and_a_sub_kegiatan_are_exact_and_the_rest_follows_the_pagu(
    cast: Cast, two: tuple[int, int]
) -> None:
    fine, coarse = two
    today = people.today()
    n = today.month
    whole = {x.unit.id: x for x in board_of(cast, "pimpinan").lines if x.unit}
    assert whole[fine].at.rak == whole[coarse].at.rak == D(100 * JT * n)
    assert (whole[fine].stands, whole[coarse].stands) == ("rinci", "opd")
    assert whole[fine].clash is None  # both say 100 jt a month
    pen = {x.unit.id: x for x in board_of(cast, "pimpinan", fund="PEN").lines if x.unit}
    assert pen[fine].at.rak == D(50 * JT * n) and pen[fine].stands == "rinci"
    assert pen[coarse].at.rak == D(25 * JT * n) and pen[coarse].stands == "porsi"  # 300 of 1.200
    words = basis.told(list(pen.values()), Chosen("PEN"))
    assert "1 PD menurut RAK rinci" in words and "1 PD menurut porsi pagu" in words
    sub = {x.unit.id: x for x in board_of(cast, "pimpinan", sub=ROAD, fund="DAU").lines if x.unit}
    assert (sub[fine].at.rak, sub[fine].at.pagu) == (D(30 * JT * n), D(360 * JT))
    assert money.months([fine, coarse], today.year, "PEN")[0][11] == D(900 * JT)
    rows = {r.fund: r for r in slices.by_fund(people.units_on(today), today)}
    assert (rows["PEN"].at.rak, rows["PEN"].shared) == (D(75 * JT * n), D(25 * JT * n))
    assert rows["Jumlah"].at.rak == D(200 * JT * n)
    programs = {p.code: p.at.rak for p in slices.by_program(fine, today)}
    assert programs == {"1.03.10": D(80 * JT * n), "1.02.02": D(20 * JT * n)}


def test_two_that_contradict_each_other_are_told_and_never_mixed(
    cast: Cast, client: FlaskClient, two: tuple[int, int]
) -> None:
    fine, _ = two
    year = people.today().year
    flow.set_plan(year, fine, each(110), "DPPA 2", "", cast.actor("bud"))
    db.session.commit()
    board = board_of(cast, "pimpinan")
    line = next(x for x in board.lines if x.unit and x.unit.id == fine)
    assert line.clash is not None and line.clash.gap == D(-120 * JT)
    assert line.at.rak == D(100 * JT * people.today().month)  # the finer one alone
    assert "rinci kurang Rp120 jt" in basis.clashes(board.lines)
    bud = sign_in(client, cast.people["bud"])
    for path in (f"/serapan/rak/{fine}", f"/serapan/opd/{fine}", "/serapan/rak"):
        assert "sedangkan RAK tingkat OPD Rp1.320.000.000" in bud.get(path).text, path
    # nothing finer is left: the RAK per OPD takes over
    gone = {k: [D(0)] * 12 for k in flow_lines.lines_of(year, fine)}
    flow_lines.set_lines(year, fine, gone, ("Surat 3", "Salah unggah"), cast.actor("bud"))
    line = next(x for x in board_of(cast, "pimpinan").lines if x.unit and x.unit.id == fine)
    assert (line.stands, line.clash) == ("opd", None)
    assert not db.session.scalar(sa.select(RakSum.id).where(RakSum.unit_id == fine))


def test_a_row_that_is_lowered_needs_its_paper_and_stays_visible(
    cast: Cast, client: FlaskClient, two: tuple[int, int]
) -> None:
    fine, _ = two
    year, who = people.today().year, cast.actor("bud")
    moved = {(ROAD, "PEN"): each(40), (CLINIC, "DAU"): each(30)}  # the sum of the OPD stays
    with pytest.raises(Refused, match=r"turun pada 1\.03\.10\.2\.01\.0005 \(PEN\)"):
        flow_lines.set_lines(year, fine, moved, ("", ""), who)
    db.session.rollback()
    made = flow_lines.set_lines(year, fine, moved, ("DPPA 9", "Lelang mundur"), who)
    assert made is not None
    assert flow_lines.set_lines(year, fine, moved, ("", ""), who) is None
    db.session.commit()
    newest = ledger.versions(fine, year)[0]
    assert newest.lowered == []
    assert [(r.sub_code, r.fund, a) for r, a in newest.lowered_rows] == [(ROAD, "PEN", D(120 * JT))]
    page = sign_in(client, cast.people["bud"]).get(f"/serapan/rak/{fine}").text
    assert f"{ROAD} PEN turun hingga Rp120.000.000" in page and "Lelang mundur" in page
    other = sign_in(client, cast.people["kepala_dinkes"]).get(f"/serapan/rak/{fine}").text
    assert "DPPA 9" in other and "Lelang mundur" not in other


#: As SIPD exports it: numbered months, subtotals, accounts below a sub kegiatan, names with codes.
CSV = ";".join(["nama_sub_skpd", "kode_sub_giat", "nama_sub_giat", "kode_akun", "nama_dana",
                *(f"bulan_{n}" for n in range(1, 13)), "total_rak"]) + "\n" + "\n".join(
    ";".join(row) for row in (
        ["1.02 Dinas Kesehatan", "1.03.10", "Program", "", "", *["0"] * 12, "0"],
        ["1.02 Dinas Kesehatan", ROAD, "Jalan", "", "PEN", *["60.000.000,00"] * 12,
         "720.000.000,00"],
        ["", "", "", "5.2", "PEN", *["60.000.000,00"] * 12, "720.000.000,00"],
        ["", "", "", "5.2.04.01", "PEN", *["45.000.000,00"] * 12, "540.000.000,00"],
        ["", "", "", "5.2.04.02", "PEN", *["15.000.000,00"] * 12, "180.000.000,00"],
        ["Dinkes", CLINIC, "Klinik", "5.1.02", "", *["20.000.000,00"] * 12, "240.000.000,00"],
        ["Dinkes", CLINIC, "Klinik", "5.1.03", "", *["1.000.000,00"] * 12, "9.000.000,00"],
    ))  # fmt: skip


def test_an_export_of_sipd_counts_nothing_twice(cast: Cast, two: tuple[int, int]) -> None:
    fine, _ = two
    year = people.today().year
    found = importing_rak.read(CSV.encode(), "rak.csv")
    made, wanted = importing_rak.plan(found, year, None)
    assert [r.state for r in made.rows] == ["lewat", "lewat", "lewat", "berubah", "sama", "sama",
                                            "salah"], [r.problems for r in made.rows]  # fmt: skip
    assert "tidak sama dengan total" in made.rows[-1].problems[0]
    assert wanted[fine].rows == {(ROAD, "PEN"): each(60), (CLINIC, "DAU"): each(20)}
    assert any("Melebihi pagu PEN" in n for n in made.rows[3].notes)
    assert importing_rak.left_out(wanted, year) == 1
    importing_rak.apply(made, wanted, year, (CSV.encode(), "rak.csv"), ("", ""), cast.actor("bud"))
    again, _ = importing_rak.plan(importing_rak.read(CSV.encode(), "rak.csv"), year, None)
    assert not again.writes
    assert (ROAD, "DAU") in flow_lines.lines_of(year, fine)  # not in the file: stands


def test_the_page_takes_its_own_sheet_back_and_asks_for_paper(
    cast: Cast, client: FlaskClient, two: tuple[int, int]
) -> None:
    fine, coarse = two
    year = people.today().year
    bud = sign_in(client, cast.people["bud"])
    sheet = bud.get(f"/serapan/rak/{fine}/rinci.xlsx").data

    def sent(data: bytes, **more: str) -> str:
        shown = post(bud, "/serapan/rak/impor",
                     {"unit": str(fine), "berkas": (io.BytesIO(data), "rak.xlsx")},
                     content_type="multipart/form-data")  # fmt: skip
        assert shown.status_code == 200
        ticket = shown.text.split('name="ticket" value="')[1].split('"')[0]
        done = post(bud, "/serapan/rak/impor/terapkan",
                    {"ticket": ticket, "aksi": "semua", **more}, follow_redirects=True)  # fmt: skip
        return str(done.text)

    assert "sama dengan yang sudah ada" in sent(sheet)
    work = openpyxl.load_workbook(io.BytesIO(sheet))
    page = work.active
    assert page is not None
    page.delete_rows(5)  # the clinic
    out = io.BytesIO()
    work.save(out)
    assert "1 baris yang berlaku" in sent(out.getvalue(), aksi="lihat")
    assert "Isi dasar perubahan" in sent(out.getvalue(), lengkap="on")
    assert "0 berubah" in sent(out.getvalue(), lengkap="on", dokumen="DPPA 3", catatan="Dihapus")
    assert (CLINIC, "DAU") not in flow_lines.lines_of(year, fine)
    months = {f"b{n}": "1.000.000" for n in range(1, 13)}
    wrong = post(bud, f"/serapan/rak/{fine}/rinci", {"sub": CLINIC, "dana": "DAU", **months,
                                                    "b3": "tiga"})  # fmt: skip
    assert wrong.status_code == 422 and "RAK Maret belum benar" in wrong.text
    assert 'value="tiga"' in wrong.text
    for _ in range(2):  # twice by a double click: the second says that nothing changed
        post(bud, f"/serapan/rak/{fine}/rinci", {"sub": CLINIC, "dana": "DAU", **months})
    assert flow_lines.lines_of(year, fine)[CLINIC, "DAU"] == each(1)
    kepala = sign_in(client, cast.people["kepala_dinkes"])
    assert kepala.get(f"/serapan/rak/{coarse}/rinci.xlsx").status_code == 404
    assert kepala.get(f"/serapan/rak/{fine}/rinci").status_code == 403


def test_boards_cost_the_same_however_many_rows(
    cast: Cast, client: FlaskClient, two: tuple[int, int]
) -> None:
    fine, _ = two
    sign_in(client, cast.people["pimpinan"])
    flow.add([NewSp2d("1", people.today(), fine, D(JT), fund="PEN", sub_code=ROAD)])
    db.session.commit()
    paths = ("/serapan?dana=PEN", f"/serapan/opd/{fine}?sub={ROAD}", f"/serapan/rak/{fine}",
             "/serapan/rak", f"/serapan/opd/{fine}/sub-kegiatan", "/serapan/sumber-dana")  # fmt: skip

    def cost() -> list[int]:
        out = []
        for path in paths:
            client.get(path)
            with counted() as seen:
                assert client.get(path).status_code == 200, path
            out.append(len(seen))
        return out

    few = cost()
    flow_lines.set_lines(
        people.today().year, fine,
        {(f"1.02.02.2.02.{n:04d}", f): each(1) for n in range(10, 40) for f in ("PAD", "DAU")},
        ("", ""), cast.actor("bud"),
    )  # fmt: skip
    db.session.commit()
    assert cost() == few
