"""Lembar Salin: the order of the screens, ticks, drift, and the ZIP of data dukung."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import event

from portal import clock, store
from portal.config import ROOT
from portal.copysheets import flow, pack, queries, rules, spec
from portal.copysheets.models import CopyTick
from portal.db import db
from portal.demo.figure_values import Numbers
from portal.figures import catalogue
from portal.figures import queries as figures
from portal.figures.models import Datum, DatumRev, Evidence
from portal.reports import flow as reports_flow
from portal.reports.models import Entry, Report
from portal.reports.states import EntryState
from portal.trail.models import TrailEntry
from portal.web.figures_scope import Scope
from tests.cast import Cast, post, sign_in

#: Pages; what they write is tested on both databases beside the rooms.
pytestmark = pytest.mark.strictest

SCREEN = "hasil@kesehatan"


@pytest.fixture
def report(cast: Cast) -> Report:
    """LPPD 2025 with the demo's figures; the isian of Dinkes were sent and accepted."""
    numbers = Numbers(catalogue.current()).values
    wanted = {k for i in catalogue.current().of("hasil", "kesehatan") for k in i.elements}
    for year in (2024, 2025):
        for key in sorted(wanted & numbers[str(year)].keys()):
            datum = Datum(element=key, unit_id=cast.units["PEMDA"], period=str(year), head=1)
            db.session.add(datum)
            db.session.flush()
            db.session.add(DatumRev(datum_id=datum.id, n=1, value=numbers[str(year)][key],
                                    at=clock.now()))  # fmt: skip
    found = reports_flow.open_report("lppd", 2025, actor=cast.actor("sekretariat")).report
    db.session.execute(
        sa.update(Entry)
        .where(Entry.report_id == found.id, Entry.supplier_unit_id == cast.units["DINKES"])
        .values(state=EntryState.DITERIMA)
    )
    db.session.commit()
    return found


def url(report: Report, **more: str) -> str:
    query = "&".join(f"{k}={v}" for k, v in more.items())
    return f"/salin/silppd/{report.id}{'?' + query if query else ''}"


def test_the_screens_stand_in_the_order_of_the_file(
    cast: Cast, client: FlaskClient, report: Report
) -> None:
    page = sign_in(client, cast.sekretariat).get(url(report)).text
    assert (
        page.index("Profil Daerah") < page.index("Kinerja Makro") < page.index("Urusan Kesehatan")
    )
    assert "belum dikirim pengampunya" in page  # other urusan are still drafts
    screen = client.get(url(report, layar=SCREEN)).text
    labels = ["No. IKK", "IKK Output", "IKK Outcome", "Rumus", "Jumlah 1", "Jumlah 2",
              "Capaian 2024", "Capaian 2025", "Keterangan", "File Bukti"]  # fmt: skip
    places = [screen.index(f"<dt>{label}") for label in labels]
    assert places == sorted(places)
    assert "94,58" in screen and "belum ada data dukung" in screen
    assert "94.58" in client.get(url(report, layar=SCREEN, angka="titik")).text
    assert client.get(url(report, layar="tidak-ada")).status_code == 404


def test_an_operator_copies_the_own_indicators_only(
    cast: Cast, client: FlaskClient, report: Report
) -> None:
    page = sign_in(client, cast.operator_dinkes).get(url(report)).text
    assert "Urusan Kesehatan" in page and "Urusan Sosial" not in page
    assert sign_in(client, cast.operator_distan).get(url(report, layar=SCREEN)).status_code == 404


def test_a_tick_keeps_who_when_and_what_and_tells_when_our_number_changed(
    cast: Cast, client: FlaskClient, report: Report
) -> None:
    sign_in(client, cast.sekretariat)
    for _ in range(2):  # a double click
        answer = post(client, url(report) + "/tanda", {"layar": SCREEN, "baris": "1.b.3"})
        assert answer.status_code == 302
    tick = db.session.scalars(sa.select(CopyTick)).one()
    assert tick.values["kini"] == "94,58" and tick.by_label.startswith("Lina Marlina")
    told = sa.select(sa.func.count()).where(TrailEntry.verb == "sudah disalin")
    assert db.session.scalar(told) == 1
    page = client.get(url(report, layar=SCREEN)).text
    assert "Sudah disalin" in page and "Berubah sesudah disalin" not in page
    rev = db.session.scalars(
        sa.select(DatumRev).join(Datum, DatumRev.datum_id == Datum.id)
        .where(Datum.element == "ibu_hamil_dilayani", Datum.period == "2025", Datum.dims == "",
               Datum.unit_id == figures.region_id(), DatumRev.n == Datum.head)
    ).first()  # fmt: skip
    assert rev is not None and rev.value is not None
    rev.value += Decimal(100)
    db.session.commit()
    page = client.get(url(report, layar=SCREEN)).text
    assert "Berubah sesudah disalin" in page and "disalin “94,58”" in page
    assert "1 berubah sesudah disalin" in client.get(url(report)).text
    post(client, url(report) + "/tanda", {"layar": SCREEN, "baris": "1.b.3"})  # copied again
    assert "Berubah sesudah disalin" not in client.get(url(report, layar=SCREEN)).text
    post(client, url(report) + "/tanda", {"layar": SCREEN, "batal": "1.b.3"})
    assert db.session.scalars(sa.select(CopyTick)).one().active is False
    post(client, url(report) + "/tanda", {"layar": SCREEN, "semua": "1"})
    page = client.get(url(report)).text
    assert "lengkap" in page


def test_a_row_that_is_not_on_the_screen_is_not_ticked(
    cast: Cast, client: FlaskClient, report: Report
) -> None:
    sign_in(client, cast.operator_dinkes)
    post(client, url(report) + "/tanda", {"layar": SCREEN, "baris": "1.a.1"})
    assert db.session.scalars(sa.select(CopyTick)).all() == []
    answer = post(client, url(report) + "/tanda", {"layar": "hasil@sosial", "baris": "1.f.1"})
    assert answer.status_code == 404


def test_the_list_of_screens_asks_a_constant_number_of_queries(cast: Cast, report: Report) -> None:
    actor = cast.actor("sekretariat")
    scope = Scope(actor, 2025)
    sheet = spec.sheets()["silppd"]
    queries.screens(sheet, report, actor, scope.sees_indicator)
    for n in range(40):
        flow.tick(flow.Place("silppd", report, SCREEN, f"x{n}"), {"kini": "1"}, actor)
    db.session.commit()
    asked: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        queries.screens(sheet, report, actor, Scope(actor, 2025).sees_indicator)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(asked) < 25


# --- data dukung ----------------------------------------------------------------------------


def prove(cast: Cast, unit: str, name: str, data: bytes, restricted: bool = False) -> Evidence:
    row = Evidence(
        subject="indicator:1.b.3:2025", unit_id=cast.units[unit], name=name, at=clock.now(),
        sha256=store.put(data, "application/pdf").sha256, restricted=restricted,
    )  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return row


def opened(client: FlaskClient, path: str) -> zipfile.ZipFile:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers.get("Content-Length") is None  # written while it is read
    found = zipfile.ZipFile(io.BytesIO(answer.data))
    assert found.testzip() is None
    return found


def test_the_zip_has_good_names_an_index_and_nothing_restricted(
    cast: Cast, client: FlaskClient, report: Report
) -> None:
    prove(cast, "DINKES", "1.b.3_Dinkes_2025 - Rekap.pdf", b"a" * 200_000)
    prove(cast, "DINKES", "1.b.3_Dinkes_2025 - Rekap.pdf", b"b")
    prove(cast, "DINKES", "../../etc/pass:wd?.pdf", b"c")
    prove(cast, "DINKES", "daftar nama ibu.pdf", b"rahasia", restricted=True)
    lost = prove(cast, "DINKES", "hilang.pdf", b"lost")
    store.path_of(lost.sha256 or "").unlink()
    found = opened(sign_in(client, cast.sekretariat), "/salin/data-dukung/2025.zip")
    assert sorted(found.namelist()) == [
        "DAFTAR ISI.txt", "Dinkes/1.b.3/-..-etc-pass-wd-.pdf",
        "Dinkes/1.b.3/1.b.3_Dinkes_2025 - Rekap (2).pdf",
        "Dinkes/1.b.3/1.b.3_Dinkes_2025 - Rekap.pdf", "TIDAK DITEMUKAN.txt",
    ]  # fmt: skip
    index = found.read("DAFTAR ISI.txt").decode("utf-8-sig")
    assert "1 berkas yang memuat nama orang tidak disertakan" in index and "1.b.3" in index
    own = opened(sign_in(client, cast.operator_dinkes), "/salin/data-dukung/2025.zip?pd=DINKES")
    assert "Dinkes/1.b.3/daftar nama ibu.pdf" in own.namelist()  # the own unit may
    other = sign_in(client, cast.operator_distan)
    assert other.get("/salin/data-dukung/2025.zip?pd=DINKES").status_code == 404
    assert opened(client, "/salin/data-dukung/2025.zip").namelist() == ["DAFTAR ISI.txt"]
    assert client.get("/salin/data-dukung/2025.zip?pd=TIDAK").status_code == 404


def test_a_zip_is_written_in_pieces(cast: Cast, report: Report) -> None:
    prove(cast, "DINKES", "besar.pdf", b"x" * 3_000_000)
    found = pack.collect(cast.actor("apip"), 2025, lambda _one: True)
    assert max(len(piece) for piece in pack.stream(found)) < 300_000


# --- rules and files ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "plain"),
    [("1.234,50", "1234.50"), ("94,58", "94.58"), ("(1.000,00)", "-1000.00"), ("201835", "201835"),
     ("1.b.3", "1.b.3"), ("n/a", "n/a"), ("", ""), ("31 Maret 2026", "31 Maret 2026"),
     ("12 unit", "12 unit"), ("-0,5", "-0.5")],
)  # fmt: skip
def test_numbers_as_a_foreign_form_takes_them(shown: str, plain: str) -> None:
    assert rules.plain_number(shown) == plain


def test_drift_looks_only_at_what_was_copied() -> None:
    assert rules.drift({"a": "1", "b": "2", "gone": "3"}, {"a": "1", "b": "5", "new": "9"}) == {
        "b": ("2", "5")
    }


def test_the_shipped_sheets_are_right_and_say_what_is_a_guess(tmp_path: Path) -> None:
    for name in ("silppd", "espm", "esr"):
        sheet = spec.read(ROOT / "reports_templates" / "copysheets" / f"{name}.yaml")
        assert sheet.notes and sheet.address.startswith("https://")
        sures = {s.sure for s in sheet.screens} | {f.sure for s in sheet.screens for f in s.fields}
        assert "guess" in sures
    nik = next(f for s in spec.read(ROOT / "reports_templates/copysheets/silppd.yaml").screens
               for f in s.fields if f.key == "nik")  # fmt: skip
    assert "tidak disimpan" in nik.blank
    wrong = tmp_path / "salah.yaml"
    wrong.write_text("format: 1\nkey: x\n", "utf-8")
    with pytest.raises(spec.SheetError, match=r"salah.yaml: title"):
        spec.read(wrong)
