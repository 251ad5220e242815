"""Nobody reads what was not sent: secrets are planted, then every page is asked by every stranger.

An operator of Dinas Kesehatan has typed a number, a table, a narrative, a picture and a proof, and
has sent nothing. Every GET route of the portal, also one that is added tomorrow, is then opened
by everybody else, at the addresses of those isian and at their own, with the questions that pages
understand; none of the secrets may come out, in any file format.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from portal import clock
from portal.budget.models import BudgetLine
from portal.db import db
from portal.figures import catalogue, flow_evidence
from portal.figures import flow as figures_flow
from portal.figures import queries as figures
from portal.figures.flow import DatumKey
from portal.outlines.measured import REALISASI
from portal.outlines.schema import placed_parts
from portal.people.rules import GRANTS
from portal.reports import (
    figures_bridge,
    flow_open,
    measures_bridge,
    months_sent,
    places,
    queries,
)
from portal.reports.models import Entry, EntryCell, EntryRow, Remark
from tests.cast import Cast, Member, post, sign_in
from tests.web import urls
from tests.web.urls import World

#: Restricted: its proofs hold names of persons (UU 27/2022).
INDICATOR, ELEMENT, NUMBER = "1.b.3", "ibu_hamil_dilayani", "48675309"
SECRETS = {
    "a number": ("48675309", "48.675.309"),
    "a cell": ("918273645", "918.273.645"),
    "words": ("kelinci-ungu",),
    "a proof": ("gajah-hijau",),
    "a remark of the house": ("macan-biru",),
    "money spent": ("271828182", "271.828.182"),
    "a trouble": ("badak-merah",),
    "an unsettled typing": ("3,14x15926",),
}
STRANGERS = ("operator_distan", "kepala_distan", "apip", "sekretariat", "sekretariat_lkpj",
             "pimpinan", "admin", "ppk")  # fmt: skip
#: What pages understand; a page ignores what it does not ask for.
ASKED = {
    "tahun": "2025", "cari": "ibu hamil", "semua": "1", "urusan": "kesehatan", "sesudah": "",
    "alur": f"figure:{ELEMENT}:2025", "indikator": INDICATOR,
}  # fmt: skip


class Desk:
    """The unsent work of Dinas Kesehatan."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.world = cast, World(cast)
        self.report = flow_open.open_report(
            "lppd", 2025, actor=cast.actor("sekretariat")
        ).report.id  # fmt: skip
        self.world.made["report", ""] = self.report
        self.entries = {e.part_key: e for e in db.session.scalars(
            sa.select(Entry).where(Entry.report_id == self.report,
                                   Entry.supplier_unit_id == cast.units["DINKES"]))}  # fmt: skip
        self.operator = cast.actor("operator_dinkes")
        self.plant()
        db.session.commit()

    def plant(self) -> None:
        put = figures_flow.put(DatumKey(ELEMENT, figures.region_id(), "2025"), "value", NUMBER, 0,
                               self.operator)  # fmt: skip
        assert put.status == "ok"
        proof = flow_evidence.Proof("gajah-hijau.pdf", b"%PDF-1.7 gajah-hijau", "application/pdf")
        flow_evidence.add_evidence(INDICATOR, 2025, self.cast.units["DINKES"], proof, self.operator)
        now = clock.now()
        db.session.add(BudgetLine(
            year=2025, unit_id=self.cast.units["DINKES"], kode="1.02.02.2.02.0001",
            uraian="Pelayanan ibu hamil", nomenclature="2025", pagu=Decimal(300_000_000),
            realisasi=Decimal(271_828_182), masalah="badak-merah", spm="ks1",
        ))  # fmt: skip
        for entry in self.entries.values():
            entry.state = "draf"
            db.session.add_all([
                EntryRow(entry_id=entry.id, uid="b1", position=1),
                EntryCell(entry_id=entry.id, field="text", value="<p>kelinci-ungu</p>", at=now),
                EntryCell(entry_id=entry.id, row="b1", field="text", value="kelinci-ungu", at=now),
                EntryCell(entry_id=entry.id, row="b1", field="nama", value="kelinci-ungu", at=now),
                EntryCell(entry_id=entry.id, row="b1", field="pagu", value="918273645", at=now),
                EntryCell(entry_id=entry.id, row="b1", field="laki", raw="3,14x15926", at=now),
                Remark(entry_id=entry.id, text="macan-biru", by_label="Hadi", at=now),
            ])  # fmt: skip

    def some(self) -> list[Entry]:
        """One isian of each kind of part: what a page shows depends on the kind."""
        by_kind = {queries.place_of(e).part.kind: e for e in self.entries.values()}
        return [by_kind[kind] for kind in sorted(by_kind)]

    def addresses(self, app: Flask, own: str) -> Iterator[tuple[str, str]]:
        """Endpoint and address of every page: of the unsent isian, and of the reader's own."""
        adapter = app.url_map.bind("localhost")
        isian = self.some()
        origins = [f"datum:{ELEMENT}:2025", f"indicator:{INDICATOR}:2025",
                   *(f"cell:{e.part_key}@{e.repeat_key}@DINKES:b1:pagu" for e in isian)]  # fmt: skip
        for rule in sorted(app.url_map.iter_rules(), key=lambda r: (r.rule, r.endpoint)):
            if rule.endpoint == "static" or "GET" not in (rule.methods or ()):
                continue
            for unit in dict.fromkeys(("DINKES", own)):
                values = urls.arguments(self.world, rule, unit)
                more = {**ASKED, **({"unit": unit} if unit == "DINKES" else {})}
                if "entry_id" in rule.arguments and unit == "DINKES":
                    found = [{**values, "entry_id": e.id} for e in isian]
                elif rule.endpoint == "trace.show":
                    found = [{**values, "asal": a} for a in origins]
                elif rule.endpoint == "budget.download":
                    found = [{"layout": each} for each in ("capaian", "kas")]
                elif "key" in rule.arguments and "data" in rule.rule:
                    found = [{**values, "key": k} for k in (INDICATOR, ELEMENT)]
                else:
                    found = [values]
                db.session.commit()
                for each in found:
                    yield rule.endpoint, adapter.build(rule.endpoint, {**more, **each})


#: A paper's words come out plain here: the bytes of a real PDF are packed.
pytestmark = [pytest.mark.long, pytest.mark.once, pytest.mark.usefixtures("quick_papers")]


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast)


def words_of(answer: TestResponse) -> str:
    """All that an answer carries: its text, the parts of an Office file, its headers."""
    data = answer.get_data()
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            data = b"\n".join(package.read(name) for name in package.namelist())
    return f"{data.decode('utf-8', 'replace')}\n{answer.headers}"


def leaks(app: Flask, desk: Desk, who: Member) -> tuple[list[str], set[str]]:
    """Where somebody reads which secret, and the endpoints that answered at all."""
    own = next(code for code, n in desk.cast.units.items() if n == who.unit_id)
    client, found, opened = sign_in(app.test_client(), who), [], set()
    able = GRANTS[desk.cast.actor(who.key).acting.role]
    for endpoint, url in desk.addresses(app, own):
        wanted = app.view_functions[endpoint].permission  # type: ignore[attr-defined]
        if wanted is not None and wanted not in able:
            continue  # 403, see test_url_map
        answer = client.get(url)
        if answer.status_code == 200:
            opened.add(endpoint)
        text = words_of(answer)
        answer.close()
        for what, spellings in SECRETS.items():
            if any(s in text for s in spellings):
                found.append(f"{who.key} reads {what} at {url} ({answer.status_code})")
    return found, opened


@pytest.mark.parametrize("who", STRANGERS)
def test_no_page_shows_what_others_have_not_sent(app: Flask, desk: Desk, who: str) -> None:
    found, opened = leaks(app, desk, desk.cast.people[who])
    assert not found, "\n" + "\n".join(found)
    assert len(opened) > 5
    if "trace.show" in opened:
        for number in ("48.675.309", "918.273.645", "48675309"):
            page = sign_in(app.test_client(), desk.cast.people[who]).get(
                f"/telusur/{desk.report}?cari={number}"
            )
            assert "tidak tercetak" in page.text, number


def test_the_house_itself_reads_all_of_it(app: Flask, desk: Desk) -> None:
    """Else the walk above would prove nothing."""
    found, _ = leaks(app, desk, desk.cast.operator_dinkes)
    assert {line.split(" at ")[0].partition("reads ")[2] for line in found} >= SECRETS.keys() - {
        "a cell", "an unsettled typing", "a trouble"}  # fmt: skip


def test_a_number_by_reference_tells_nothing_about_others(app: Flask, desk: Desk) -> None:
    """A chip of somebody else's number, put into one's own narrative by hand."""
    mine = db.session.scalars(sa.select(Entry).where(
        Entry.report_id == desk.report, Entry.supplier_unit_id == desk.cast.units["DISTAN"],
        Entry.part_key.contains("uraian") | Entry.part_key.contains("narasi")
        | Entry.part_key.contains("analisis"))).first()  # fmt: skip
    mine = mine or db.session.scalars(sa.select(Entry).where(
        Entry.supplier_unit_id == desk.cast.units["DISTAN"])).first()  # fmt: skip
    assert mine is not None
    for key in (ELEMENT, f"i.{INDICATOR}"):
        db.session.add(EntryCell(entry_id=mine.id, field="text", at=clock.now(),
                                 value=f'<p><span data-fig="{key}|2025">?</span></p>'))  # fmt: skip
        db.session.commit()
        client = sign_in(app.test_client(), desk.cast.operator_distan)
        for page in ("", "/cetak", "/angka?cari=ibu+hamil"):
            text = client.get(f"/isian/{mine.id}{page}").text
            assert not any(s in text for s in SECRETS["a number"]), page
        text = client.get(f"/reviu/{mine.id}").text
        assert not any(s in text for s in SECRETS["a number"])
        db.session.execute(sa.delete(EntryCell).where(EntryCell.entry_id == mine.id))


def test_a_restricted_proof_is_for_the_house_and_the_inspektorat(app: Flask, desk: Desk) -> None:
    """Also after the isian was sent, and also when it came in through the isian itself."""
    book = catalogue.current()
    key, entry = next(
        (i.key, e) for e in desk.entries.values()
        for i in _asked(e) if any(book.elements[k].restricted for k in i.elements)
    )  # fmt: skip
    png = io.BytesIO()
    Image.new("RGB", (40, 40)).save(png, "png")
    client = sign_in(app.test_client(), desk.cast.operator_dinkes)
    sent = post(client, f"/isian/{entry.id}/bukti",
                {f"berkas:{key}": (io.BytesIO(png.getvalue()), "daftar-pasien.png")})  # fmt: skip
    assert sent.status_code == 302
    row = figures.evidence_of(key, 2025)[-1]
    assert row.restricted
    for each in desk.entries.values():
        each.state = "disahkan"
    db.session.commit()
    ways = (f"/data/dukung/{row.id}", f"/isian/{entry.id}/bukti/{row.id}")
    codes = {
        who: [sign_in(app.test_client(), desk.cast.people[who]).get(way).status_code
              for way in ways]
        for who in ("operator_dinkes", "apip", "sekretariat", "operator_distan", "kepala_distan")
    }  # fmt: skip
    assert codes == {
        "operator_dinkes": [200, 200], "apip": [200, 200], "sekretariat": [404, 404],
        "operator_distan": [404, 404], "kepala_distan": [404, 404],
    }  # fmt: skip
    other = figures.evidence_of(INDICATOR, 2025)[0]  # of another indicator than the isian asks
    strange = next(e for e in desk.entries.values() if not _asked(e))
    house = sign_in(app.test_client(), desk.cast.operator_dinkes)
    assert house.get(f"/isian/{strange.id}/bukti/{other.id}").status_code == 404


def _asked(entry: Entry):  # type: ignore[no-untyped-def]
    return figures_bridge.indicators_of(queries.place_of(entry), entry.report.year)


def test_only_the_sekretariat_of_the_book_settles(app: Flask, desk: Desk) -> None:
    """Another book's sekretariat neither lets an isian pass nor edits, answers, or hands it on."""
    entry = next(iter(desk.entries.values()))
    entry.state = "disahkan"
    db.session.commit()
    other = sign_in(app.test_client(), desk.cast.sekretariat_sakip)
    for url, data in (
        (f"/rekap/isian/{entry.id}/sunting", {"teks": "diubah", "rev": "0"}),
        (f"/reviu/{entry.id}/langkah", {"langkah": "terima", "versi": str(entry.version)}),
        (f"/susun/{desk.report}", {"format": "pdf"}),
        (f"/kendala/{urls.obstacle(desk.world, 'DINKES')}/jawab", {"jawaban": "sudah"}),
        (f"/alih-data/{urls.handover(desk.world, 'DINKES')}/tetapkan", {"setuju": "ya"}),
    ):
        assert post(other, url, data).status_code in (403, 404, 422), url
    db.session.refresh(entry)
    assert entry.state == "disahkan"


def test_the_index_of_spm_counts_what_was_sent(app: Flask, desk: Desk) -> None:
    """Strangers get the months of a sent triwulan; the own unit also what it types."""
    office = desk.cast.actor("sekretariat")
    spm = {p: flow_open.open_report("spm", 2025, p, actor=office).report for p in ("TW1", "")}
    region, numbers = figures.region_id(), {"ibu_hamil_sasaran": ("2025", "1000")}
    for n, key in enumerate(("2025-01", "2025-05")):
        numbers |= {f"{ELEMENT}{'+' * n}": (key, f"{n + 1}00")}
    for element, (period, value) in numbers.items():
        key = DatumKey(element.rstrip("+"), region, period)
        assert figures_flow.put(key, "value", value, 0, desk.operator).status == "ok"
    db.session.commit()

    def seen(who: str) -> list[str]:
        report, actor = spm[""], desk.cast.actor(who)
        placed = next(p for p in placed_parts(places.edition_of(report))
                      if (p.part.key, p.repeat_key) == ("spm_penerima", "bidang_kesehatan"))  # fmt: skip
        whole, _ = measures_bridge.setting_of(report, placed)
        at = months_sent.for_reader(whole, report, actor)
        found = [at.numbers.value("ibu_hamil_sasaran", 0, REALISASI)]
        found += [at.numbers.value(ELEMENT, m, REALISASI) for m in (0, 1, 5)]
        return [str(v) if v is not None else "" for v in found]

    assert seen("operator_dinkes")[2:] == ["100", "200"]
    for who in ("apip", "sekretariat", "kepala_distan"):
        assert seen(who) == ["", "", "", ""]
    for entry in db.session.scalars(sa.select(Entry).where(Entry.report_id == spm["TW1"].id)):
        entry.state = "disahkan"
    db.session.commit()
    assert seen("apip") == ["1000", "", "100", ""]
    page = sign_in(app.test_client(), desk.cast.apip).get(f"/laporan/{spm[''].id}/capaian")
    assert page.status_code == 200 and "belum dikirim" in page.text
