"""LKE AKIP: scores and predicates, the worksheet from opening to the LHE, follow-up."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from portal.config import ROOT
from portal.db import db
from portal.documents.tree import dump
from portal.lke import catalogue, flow, rules
from portal.lke.flow import SubAnswers
from portal.lke.models import Evaluation
from portal.people.queries import today
from portal.trail import flow as trail
from portal.web import lke
from tests.cast import Cast, post, sign_in
from tests.uploads.test_uploads import pdf

SHEET = catalogue.load(ROOT / "reports_templates" / "lke")[0]
D = Decimal


def test_the_worksheet_has_four_components_and_80_criteria() -> None:
    assert [(c.key, c.weight) for c in SHEET.components] == [
        ("1", D(30)), ("2", D(30)), ("3", D(15)), ("4", D(25))]  # fmt: skip
    assert [len(s.criteria) for s in SHEET.subs] == [6, 11, 8, 3, 7, 10, 6, 9, 7, 3, 5, 5]
    assert sum(w for _t, w in SHEET.before) == 100 and SHEET.before_until == 2021


def test_the_worked_example() -> None:
    given_ = dict(zip([s.key for s in SHEET.subs],
                      ["A", "BB", "B", "BB", "B", "CC", "A", "BB", "B", "BB", "B", "CC"], strict=True))  # fmt: skip
    found = rules.score(SHEET, given_)
    assert list(found.components.values()) == [D("23.10"), D("20.10"), D("11.55"), D("16.75")]
    assert (found.total, found.predicate.key) == (D("71.50"), "BB")


@pytest.mark.parametrize(
    ("value", "key"),
    [("100", "AA"), ("90.01", "AA"), ("90.00", "A"), ("80.01", "A"), ("80.00", "BB"), ("70", "B"),
     ("60", "CC"), ("50", "C"), ("30.01", "C"), ("30", "D"), ("0", "D")],
)  # fmt: skip
def test_a_predicate_holds_above_its_bound(value: str, key: str) -> None:
    assert rules.predicate(SHEET, D(value)).key == key


def test_outside_the_scale_is_an_error() -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        rules.predicate(SHEET, D("100.01"))


@pytest.mark.parametrize(
    ("met", "of", "years", "key"),
    [(8, 8, 5, "AA"), (8, 8, 4, "A"), (8, 8, 0, "BB"), (7, 8, 9, "B"), (6, 8, 0, "CC"),
     (4, 8, 0, "C"), (2, 8, 0, "D"), (1, 8, 0, "D"), (0, 8, 5, "E")],
)  # fmt: skip
def test_the_highest_grade_that_criteria_carry(met: int, of: int, years: int, key: str) -> None:
    assert rules.highest(SHEET, met, of, years).key == key


@given(st.lists(st.sampled_from([g.key for g in SHEET.grades]), min_size=12, max_size=12))
def test_a_score_is_the_sum_of_its_parts_and_grows_with_grades(grades: list[str]) -> None:
    keys = [s.key for s in SHEET.subs]
    found = rules.score(SHEET, dict(zip(keys, grades, strict=True)))
    assert 0 <= found.total <= 100
    assert abs(sum(found.subs.values()) - found.total) <= D("0.005")
    best = rules.score(SHEET, {**dict(zip(keys, grades, strict=True)), keys[0]: "AA"})
    assert best.total >= found.total


# --- from opening to the LHE --------------------------------------------------------------------


def full(sub: rules.Sub, grade: str = "BB") -> SubAnswers:
    return SubAnswers(sub.key, {c.key: True for c in sub.criteria}, {}, grade)


@pytest.fixture
def evaluation(cast: Cast, app: Flask) -> Evaluation:
    made = flow.start(cast.units["DINKES"], 2025, cast.actor("apip"))
    db.session.commit()
    return made


def test_apip_evaluates_others_only_and_once(cast: Cast, evaluation: Evaluation) -> None:
    apip = cast.actor("apip")
    assert flow.start(cast.units["DINKES"], 2025, apip).id == evaluation.id
    with pytest.raises(flow.Refused, match="bukan atas unitnya sendiri"):
        flow.start(cast.units["INSPEKTORAT"], 2025, apip)
    with pytest.raises(flow.Refused, match="APIP"):
        flow.start(cast.units["DINKES"], 2024, cast.actor("kepala_dinkes"))


def test_a_grade_needs_its_criteria_and_a_finish_its_evidence(
    cast: Cast, evaluation: Evaluation
) -> None:
    apip, sub = cast.actor("apip"), SHEET.subs[0]
    half = {c.key: n < 3 for n, c in enumerate(sub.criteria)}
    with pytest.raises(flow.Refused, match=r"3 dari 6 kriteria terpenuhi, paling tinggi C"):
        flow.answer(evaluation, SubAnswers(sub.key, half, {}, "B"), apip)
    db.session.rollback()
    for each in SHEET.subs:
        flow.answer(evaluation, full(each), apip)
    with pytest.raises(flow.Refused, match="terpenuhi tanpa bukti dukung"):
        flow.finish(evaluation, "700/1", today(), apip)
    for each in SHEET.subs:
        for criterion in each.criteria:
            flow.prove(evaluation, criterion.key, "Renstra, halaman 12", apip)
    one = flow.prove(evaluation, "1.1.1", "Renstra, halaman 12", apip)
    assert len([p for p in evaluation.proofs if p.criterion == "1.1.1"]) == 1 and one.id
    flow.finish(evaluation, "700/1", today(), apip, D("68.25"))
    db.session.commit()
    assert flow.value(evaluation).total == D("80.00")
    assert flow.value(evaluation).predicate.key == "BB"
    words = dump(lke.paper(evaluation))
    assert "68,25" in words and "80,00" in words and "Predikat" in words
    with pytest.raises(flow.Refused, match="sudah selesai"):
        flow.answer(evaluation, full(SHEET.subs[0]), apip)
    assert trail.verify(f"lke:{evaluation.id}") is None


def test_the_worksheet_in_the_browser_without_javascript(
    cast: Cast, evaluation: Evaluation, client: FlaskClient
) -> None:
    page = f"/evaluasi-akip/{evaluation.id}"
    sign_in(client, cast.apip)
    assert "LKE Dinas Kesehatan" in client.get(page).text
    form = {"k:2.1.1": "ya", "k:2.1.2": "ya", "k:2.1.3": "tidak", "n:2.1.1": "lengkap",
            "b:2.1.1": "SK IKU 2025", "f:2.1.2": (io.BytesIO(pdf(1)), "iku.pdf"),
            "nilai": "AA"}  # fmt: skip
    refused = post(client, f"{page}/sub/2.1", form)
    assert refused.status_code == 422
    assert "2 dari 3 kriteria terpenuhi" in refused.text and "SK IKU 2025" in refused.text
    again = {**form, "f:2.1.2": (io.BytesIO(pdf(1)), "iku.pdf"), "nilai": "CC"}
    assert post(client, f"{page}/sub/2.1", again).status_code == 302
    text = client.get(page).text
    assert "iku.pdf" in text and "belum dinilai" in text
    assert "nilai belum dipilih" in post(client, f"{page}/selesai", {"tanggal": "2/2/2026"}).text
    assert client.get(f"{page}/lhe.docx").data[:2] == b"PK"


def test_a_draft_is_seen_by_apip_alone_and_follow_up_by_its_unit(
    cast: Cast, evaluation: Evaluation, client: FlaskClient
) -> None:
    page = f"/evaluasi-akip/{evaluation.id}"
    for who in (cast.kepala_dinkes, cast.pimpinan, cast.kepala_distan):
        assert sign_in(client, who).get(page).status_code == 404
    apip = cast.actor("apip")
    row = flow.advise(evaluation, "1", "Menyelaraskan PK dengan Renstra", apip, "PK belum selaras")
    evaluation.state = "selesai"
    db.session.commit()
    sign_in(client, cast.kepala_distan)
    assert client.get(page).status_code == 404
    sign_in(client, cast.kepala_dinkes)
    assert "Menyelaraskan PK" in client.get(page).text
    path = f"{page}/rekomendasi/{row.id}"
    assert post(client, f"{path}/tindak-lanjut", {"tindak_lanjut": " "}).status_code == 422
    assert post(client, f"{path}/tindak-lanjut", {"tindak_lanjut": "PK baru"}).status_code == 302
    assert post(client, f"{path}/nilai", {"hasil": "selesai"}).status_code == 403
    sign_in(client, cast.apip)
    assert post(client, f"{path}/nilai", {"hasil": "belum"}).status_code == 422
    assert post(client, f"{path}/nilai", {"hasil": "selesai"}).status_code == 302
    db.session.refresh(row)
    assert row.state == "selesai"
