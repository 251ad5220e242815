"""The YAML reader: what it makes of words and numbers, and which line it names."""

from decimal import Decimal

import pytest

from portal import yamlfile
from portal.yamlfile import FileError

TEXT = """\
satu: &satu {no: 1, bobot: 0.10, aktif: true}
dua:
  <<: *satu
  no: 2
kata: [no, on, 2021-02-02, "1", 01, ~, ]
"""


def test_words_stay_words_and_decimals_are_exact() -> None:
    found = yamlfile.parse(TEXT, "contoh.yaml")
    assert found is not None
    assert found.data == {
        "satu": {"no": 1, "bobot": Decimal("0.10"), "aktif": True},
        "dua": {"no": 2, "bobot": Decimal("0.10"), "aktif": True},
        "kata": ["no", "on", "2021-02-02", "1", "01", None],
    }
    assert str(found.data["satu"]["bobot"]) == "0.10"


def test_every_place_has_its_line() -> None:
    found = yamlfile.parse(TEXT, "contoh.yaml")
    assert found is not None
    assert found.line(("dua", "no")) == 4
    assert found.line(("dua", "bobot")) == 3  # where it was merged in
    assert found.line(("kata", 2)) == 5
    assert found.line(("dua", "tidak_ada")) == 2
    assert str(found.error(("kata",), "kosong")) == "contoh.yaml, baris 5: kosong"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: 1\na: 2\n", 2, "“a” tertulis dua kali"),
        ("a: 1\nb: [1\n", 3, "bukan YAML yang sah"),
        ("a: &x [*x]\n", 1, "terlalu bersusun"),
        ("a: !!python/object/apply:os.system [x]\n", 1, None),
        (b"a: \xff\n", 1, "bukan YAML yang sah"),
    ],
)
def test_a_mistake_is_named(text: str | bytes, line: int, reason: str | None) -> None:
    if reason is None:  # a tag is no command: it is passed over
        found = yamlfile.parse(text, "contoh.yaml")
        assert found is not None
        assert found.data == {"a": ["x"]}
        return
    with pytest.raises(FileError) as caught:
        yamlfile.parse(text, "contoh.yaml")
    assert caught.value.line == line
    assert reason in caught.value.reason


def test_an_empty_file_is_nothing(tmp_path) -> None:
    (tmp_path / "kosong.yaml").write_text("# hanya catatan\n")
    assert yamlfile.load(tmp_path / "kosong.yaml") is None
    with pytest.raises(FileError, match="kosong"):
        yamlfile.read(tmp_path / "kosong.yaml")
