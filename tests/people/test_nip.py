"""NIP and names as they are typed and as Excel spoils them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.people.nip import grouped, read_nip
from portal.people.passwords import initial_password, wait_until, waiting_words
from portal.people.simpeg import split_name

TODAY = date(2026, 2, 2)


@pytest.mark.parametrize("typed", [
    "198503172010012003", "19850317 201001 2 003", " 19850317.201001.2.003 ", "'198503172010012003",
    "199001012021211001",  # PPPK
])  # fmt: skip
def test_a_nip_is_read(typed: str) -> None:
    read = read_nip(typed, TODAY)
    assert (len(read.digits), read.error) == (18, "")


@pytest.mark.parametrize(("typed", "words"), [
    ("", "hanya berisi angka"), ("1985", "4 angka"), ("19850317201001200", "17 angka"),
    ("1985031720100120034", "19 angka"), ("19850317201001200X", "hanya berisi angka"),
    ("198513172010012003", "bukan tanggal"), ("198502302010012003", "bukan tanggal"),
    ("193003172010012003", "tidak wajar"), ("202003172026012003", "tidak wajar"),
    ("198503172010132003", "bulan pengangkatan"), ("198503172010002003", "bulan pengangkatan"),
    ("198503171990012003", "Tahun pengangkatan"), ("198503172030012003", "Tahun pengangkatan"),
    ("198503172010013003", "jenis kelamin"), ("1.98503172010012E+17", "dibulatkan Excel"),
    ("١٩٨٥٠٣١٧٢٠١٠٠١٢٠٠٣", "hanya berisi angka"),
])  # fmt: skip
def test_a_wrong_nip_is_told_what_is_wrong(typed: str, words: str) -> None:
    read = read_nip(typed, TODAY)
    assert words in read.error
    assert "Contoh" in read.error


def test_a_nip_in_groups() -> None:
    assert grouped("198503172010012003") == "19850317 201001 2 003"
    assert grouped("bupati") == "bupati"


@pytest.mark.parametrize(("full", "parts"), [
    ("dr. Siti Aminah, M.Kes.", ("Siti Aminah", "dr.", "M.Kes.")),
    ("Prof. Dr. Ir. H. Budi Santoso, M.Sc., Ph.D", ("Budi Santoso", "Prof. Dr. Ir. H.",
                                                    "M.Sc., Ph.D")),
    ("M. Yusuf", ("M. Yusuf", "", "")), ("Suharto", ("Suharto", "", "")), ("", ("", "", "")),
])  # fmt: skip
def test_a_name_is_parted_from_its_titles(full: str, parts: tuple[str, str, str]) -> None:
    assert split_name(full) == parts


def test_initial_passwords_differ_and_can_be_read_from_paper() -> None:
    made = {initial_password() for _ in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("0o1li2z5s8buv")


def test_the_wait_after_wrong_passwords_doubles_and_ends() -> None:
    at = datetime(2026, 2, 2, tzinfo=UTC)
    waits = [(wait_until(n, at) - at).total_seconds() for n in (0, 4, 5, 6, 9, 10, 50, 10_000)]
    assert waits == [0, 0, 30, 60, 480, 900, 900, 900]
    assert waiting_words(timedelta(seconds=29, milliseconds=1)) == "30 detik"
    assert waiting_words(timedelta(seconds=91)) == "2 menit"
