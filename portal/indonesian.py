"""How Indonesian offices write numbers, money and dates, and how they are read back."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from zoneinfo import ZoneInfo

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli",
    "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
TRIWULAN = {"TW1": "Triwulan I", "TW2": "Triwulan II", "TW3": "Triwulan III", "TW4": "Triwulan IV"}


def rounded(value: Decimal, places: int) -> Decimal:
    """Half up to ``places`` digits behind the comma; for display only."""
    wide = Context(prec=max(28, value.adjusted() + places + 2))  # beyond 28 digits all the same
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=wide)


def number(value: Decimal | int, places: int | None = None) -> str:
    """``1234567.891`` as ``1.234.567,89`` (``places=2``) or with all its digits (None)."""
    value = Decimal(value)
    if places is not None:
        value = rounded(value, places)
    text = format(abs(value), "f")
    whole, _, fraction = text.partition(".")
    if places is None:
        fraction = fraction.rstrip("0")
    grouped = f"{int(whole):,}".replace(",", ".")
    sign = "-" if value < 0 and value != 0 else ""
    return f"{sign}{grouped},{fraction}" if fraction else f"{sign}{grouped}"


def rupiah(value: Decimal) -> str:
    """``Rp1.250.000,00``; negative amounts in brackets as the accounts print them."""
    text = f"Rp{number(abs(value), 2)}"
    return f"({text})" if value < 0 else text


def percent(value: Decimal, places: int = 2) -> str:
    """``87,20 %``."""
    return f"{number(value, places)} %"


def long_date(day: date) -> str:
    """``31 Maret 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def day_and_date(day: date) -> str:
    """``Jumat, 6 Februari 2026``."""
    return f"{DAYS[day.weekday()]}, {long_date(day)}"


def clock_time(instant: datetime, zone: ZoneInfo, label: str) -> str:
    """``10.42 WITA``."""
    local = instant.astimezone(zone)
    return f"{local:%H.%M} {label}"


def period_name(period: str) -> str:
    """``2025`` as ``Tahun 2025``, ``2025-TW1`` as ``Triwulan I Tahun 2025``, ``2025-03`` as
    ``Maret 2025``."""
    year, _, part = period.partition("-")
    if part.isdigit():
        return f"{MONTHS[int(part) - 1]} {year}"
    return f"{TRIWULAN[part]} Tahun {year}" if part else f"Tahun {year}"


def roman(n: int) -> str:
    """``14`` as ``XIV``; n from 1 to 3999."""
    if not 1 <= n <= 3999:
        raise ValueError(f"no Roman numeral for {n}")
    out = []
    for value, letters in (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
        (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ):  # fmt: skip
        count, n = divmod(n, value)
        out.append(letters * count)
    return "".join(out)


@dataclass(frozen=True)
class Read:
    """What was read from a typed number.

    ``value`` is None when nothing could be read; ``doubt`` then or otherwise says why a
    person must look, as a sentence in Indonesian; ``other`` is the second possible reading.
    """

    value: Decimal | None
    doubt: str = ""
    other: Decimal | None = None

    @property
    def sure(self) -> bool:
        """True when the spelling has exactly one reading."""
        return self.value is not None and not self.doubt


_PLAIN = re.compile(r"[0-9]+")
_ID_GROUPED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]*)?")
_ID_COMMA = re.compile(r"[0-9]*,[0-9]+|[0-9]+,")
_EN_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_DOT = re.compile(r"[0-9]*\.[0-9]+|[0-9]+\.")
_SCALES = {
    "rb": 3, "ribu": 3, "jt": 6, "juta": 6, "m": 9, "miliar": 9, "milyar": 9, "t": 12,
    "triliun": 12, "trilyun": 12,
}  # fmt: skip
_MOST_DIGITS = 27
_EXAMPLE = "Contoh penulisan: 1.234.567,89"
#: What stands in cells instead of a number, and what to do about it.
_NOT_NUMBERS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[-–—]+|nihil|kosong|tidak ada|n/?a|na|null|nan"),
     "bukan angka. Isi 0 bila memang tidak ada, atau pilih Belum rilis bila datanya belum terbit"),
    (re.compile(r"#+"),
     "tampak dari kolom Excel yang terlalu sempit. Lebarkan kolomnya, lalu salin lagi"),
    (re.compile(r"#[a-z0-9/]+[!?]?"),
     "adalah pesan salah dari Excel. Perbaiki rumusnya, lalu salin lagi"),
    (re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)?e[-+]?[0-9]+"),
     "ditulis Excel secara singkat sehingga angkanya tidak lengkap. Ubah format sel menjadi Angka, "
     "lalu salin lagi"),
    (re.compile(r"=.*"), "adalah rumus. Salin hasilnya, bukan rumusnya"),
)  # fmt: skip


def read_number(text: str) -> Read:
    """Read a number as staff type or paste it: ``1.234.567,89``, ``Rp 1.250.000,-``, ``87,2 %``.

    A spelling with two readings (``1,234.5``, ``1,234``, ``12.5``, ``0.125``) and one that needs
    a look (``1,2 juta``, ``8.720 orang``) come back with the likely value and a question; one
    without any (``1.2.3,4``, ``#DIV/0!``) with a sentence that says what to do. Never guesses in
    silence.
    """
    raw = " ".join(unicodedata.normalize("NFKC", text).replace("\u2212", "-").split())
    shown = raw if len(raw) <= 60 else f"{raw[:57]}..."
    for pattern, advice in _NOT_NUMBERS:
        if pattern.fullmatch(raw.lower()):
            return Read(None, f"“{shown}” {advice}.")
    if sum(c.isdigit() for c in raw) > _MOST_DIGITS:
        return Read(None, f"“{shown}” terlalu panjang untuk sebuah angka. {_EXAMPLE}.")
    sign, body, word = _stripped(raw)
    found = _read_bare(body, sign, shown)
    if found is None or found.value is None:
        return Read(None, f"“{shown}” tidak dapat dibaca sebagai angka. {_EXAMPLE}.")
    if not word:
        return found
    power = _SCALES.get(word, 0)
    value = found.value.scaleb(power)
    other = found.other.scaleb(power) if found.other is not None else None
    if other is not None:
        return Read(value, _question(shown, value, other), other)
    why = "" if power else " Satuan tidak perlu ditulis."
    return Read(value, f"“{shown}” dibaca {number(value)}.{why} Benar?")


def _stripped(raw: str) -> tuple[int, str, str]:
    """Sign, bare digits and a trailing word of ``- Rp 1.250.000,-`` or ``(1,5 juta)``."""
    body, sign = raw.lstrip("'‘’`").strip(), 1
    for _ in range(2):  # Rp(5), -Rp5, Rp-5
        if body.startswith("(") and body.endswith(")") and sign == 1:
            sign, body = -1, body[1:-1].strip()
        elif body[:1] in ("+", "-") and body[1:2] not in ("+", "-", "(", ""):
            if sign == -1:
                return sign, "", ""  # (-5) says minus twice
            sign, body = (-1 if body[0] == "-" else 1), body[1:].strip()
        body = re.sub(r"(?i)^(?:rp\.?|idr)\s*", "", body)
    body = re.sub(r"\s*(?:%|(?i:persen)|,-|,--)$", "", body).strip()
    word = ""
    if found := re.fullmatch(r"(.*[0-9])\s*([A-Za-z][A-Za-z0-9/² ³.]{0,30})", body):
        body, word = found[1], found[2].strip().lower()
    body = re.sub(r"(?<=[0-9]) (?=[0-9]{3}(?![0-9]))", "", body)
    return sign, body, word


def _read_bare(body: str, sign: int, shown: str) -> Read | None:
    """Digits with points and commas; None when they make no number."""
    if _PLAIN.fullmatch(body):
        return Read(sign * Decimal(body))
    if _ID_GROUPED.fullmatch(body):
        value = sign * _plain(body, ".")
        if not body.startswith("0"):
            return Read(value)
        if body.count(".") > 1 or "," in body:
            return None
        decimal = sign * _plain(body, "")
        return Read(decimal, _question(shown, decimal, value), value)
    if _ID_COMMA.fullmatch(body):
        value = sign * _plain(body, "")
        if re.fullmatch(r"[1-9][0-9]{0,2},[0-9]{3}", body):
            other = sign * _plain(body, ",")
            return Read(value, _question(shown, value, other), other)
        return Read(value)
    if _EN_GROUPED.fullmatch(body):
        value = sign * _plain(body, ",")
        return Read(
            value, f"“{shown}” tampak ditulis dengan cara Inggris. Maksudnya {number(value)}?"
        )
    if _DOT.fullmatch(body):
        value, other = sign * _plain(body, ""), sign * _plain(body, ".")
        return Read(value, _question(shown, value, other), other)
    return None


def _plain(body: str, group: str) -> Decimal:
    """Decimal of digits whose thousands are parted by ``group``."""
    bare = body.replace(group, "") if group else body
    return Decimal(bare.replace(",", ".").rstrip(".") or "0")


def _question(raw: str, one: Decimal, two: Decimal) -> str:
    if one == two:
        return f"“{raw}” dibaca {number(one)}. Benar?"
    return f"“{raw}” dapat dibaca {number(one)} atau {number(two)}. Mana yang dimaksud?"


_MONTH_WORDS = {name[:3].lower(): n for n, name in enumerate(MONTHS, 1)} | {
    "agt": 8, "ags": 8, "aug": 8, "may": 5, "oct": 10, "dec": 12, "peb": 2, "nop": 11,
}  # fmt: skip


def read_date(text: str) -> date | None:
    """Read a date as staff write it: ``31/3/2026``, ``31-03-2026``, ``31 Maret 2026``, ISO.

    Day comes first; a month above 12 or a day that does not exist is None, never guessed.
    """
    raw = " ".join(text.strip().lower().replace(",", " ").split())
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", raw):
        year, month, day = (int(x) for x in found.groups())
    elif found := re.fullmatch(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", raw):
        day, month, year = (int(x) for x in found.groups())
    elif found := re.fullmatch(r"(?:[a-z]+ )?(\d{1,2})[ \-]([a-z]+)[ \-](\d{4})", raw):
        month = _MONTH_WORDS.get(found[2][:3], 0)
        day, year = int(found[1]), int(found[3])
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
