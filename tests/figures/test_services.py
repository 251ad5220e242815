"""The services of a kabupaten/kota: complete, bound to the elements of the IKK, mutu by year."""

from collections import Counter

import pytest

from portal.figures import catalogue, services
from portal.yamlfile import FileError

BOOK = catalogue.current()


def test_29_services_of_a_kabupaten_and_14_of_a_provinsi():
    mine = BOOK.services_of()
    assert Counter(s.group for s in mine) == {
        "pendidikan": 3, "kesehatan": 12, "pupr": 2, "perumahan": 2, "trantib": 5, "sosial": 5,
    }  # fmt: skip
    assert [s.code for s in mine][:4] == ["PD1", "PD2", "PD3", "KS1"]
    assert mine[-1].code == "SO5"
    assert len(BOOK.services_of(level="provinsi")) == 14
    assert all(s.source and s.recipients and s.indicator for s in BOOK.services)


def test_one_number_for_spm_and_ikk():
    """SPM KS1 counts with the very elements of IKK 1.b.3; PD2 adds what 1.a.2 and 1.a.3 have."""
    by_code = {s.code: s for s in BOOK.services}
    for s in BOOK.services_of():
        ikk = [BOOK.indicators[no] for no in s.overlap]
        if s.code in {"SO1", "SO2", "SO3", "SO4"}:
            assert set(s.part) < set(ikk[0].part)
        elif ikk:
            assert tuple(k for i in ikk for k in i.part) == s.part, s.code
            assert tuple(k for i in ikk for k in i.whole) == s.whole, s.code
    assert by_code["TR1"].overlap == ()  # IKK 1.e.1 counts disturbances, SPM counts people
    assert BOOK.elements["ibu_hamil_dilayani"].roll == "sum"
    assert BOOK.elements["rt_air_minum"].roll == "last"


def test_mutu_follows_the_year_of_the_standard():
    hypertension = next(s for s in BOOK.services if s.code == "KS8")
    old = {q.text for q in hypertension.quality_in(2023)}
    new = {q.text for q in hypertension.quality_in(2025)}
    assert "Obat hipertensi" in new - old
    assert "Formulir pencatatan dan aplikasi SI-PTM" in old - new
    assert BOOK.elements["mutu_ks8_obat"].owner == "urusan_kesehatan"
    assert BOOK.elements["mutu_tr3_gladi"].owner == "urusan_bencana"


def test_a_wrong_service_is_named_by_line(tmp_path):
    path = tmp_path / "layanan.yaml"
    text = services.FILE.read_text("utf-8").replace("part: [ibu_hamil_dilayani]", "part: [ibu]")
    path.write_text(text, "utf-8")
    with pytest.raises(FileError, match="KS1: unsur “ibu” tidak ada") as wrong:
        services.extend(BOOK, path)
    assert wrong.value.line > 50
