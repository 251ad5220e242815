"""Read what somebody typed into a cell: numbers, dates, choices, text. Pure.

A value that is understood becomes canonical (``1234.5``, ``2026-03-31``); one that is not is kept
as typed in ``raw`` with a question, never guessed and never thrown away.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from portal import indonesian
from portal.outlines.parts import ColumnType

MAX_TEXT = 4000
MAX_NUMBER = 60
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
NUMERIC = frozenset(
    {ColumnType.WHOLE, ColumnType.DECIMAL, ColumnType.PERCENT, ColumnType.RUPIAH}
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """What became of a typed text.

    ``value`` canonical, or None when it was not understood; then ``raw`` holds the typing.
    ``doubt`` is the question; ``choices`` are its possible answers as (shown, value to send):
    a value that begins with ``=`` is canonical and is taken without asking again.
    """

    value: str | None
    raw: str | None = None
    doubt: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def other(self) -> str:
        """The second possible reading as it is shown, "" when there is none."""
        return self.choices[1][0] if len(self.choices) > 1 else ""


class TooMuch(ValueError):
    """More than a field holds; the message is a sentence."""


def clean(text: str) -> str:
    """Text without control characters, in composed letters, with plain line ends."""
    plain = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", plain)


def read(kind: ColumnType, typed: str, choices: tuple[str, ...] = ()) -> Reading:
    """Read ``typed`` for a column of ``kind``; TooMuch when it is longer than a cell holds."""
    text = clean(typed).strip()
    if len(text) > MAX_TEXT:
        raise TooMuch(
            f"Isian sel terlalu panjang ({indonesian.number(len(text))} huruf). Paling banyak "
            f"{indonesian.number(MAX_TEXT)} huruf; tulis uraian panjang di bagian narasi."
        )
    if not text:
        return Reading("")
    if kind in NUMERIC:
        return _number(kind, text)
    if kind is ColumnType.DATE:
        return _date(text)
    if kind is ColumnType.CHOICE:
        return _choice(text, choices)
    return Reading(text)


def _number(kind: ColumnType, text: str) -> Reading:
    if len(text) > MAX_NUMBER:
        return Reading(None, text[:MAX_TEXT], "Angka terlalu panjang. Contoh: 1.234.567,89.")
    if text.startswith("="):
        return _confirmed(kind, text)
    found = indonesian.read_number(text)
    if found.value is None:
        return Reading(None, text, found.doubt)
    if not found.sure:
        options = [found.value] + ([found.other] if found.other is not None else [])
        return Reading(None, text, found.doubt, tuple(_option(v) for v in options))
    return _fitting(kind, found.value, text)


def _option(value: Decimal) -> tuple[str, str]:
    return indonesian.number(value), "=" + canonical(value)


def _confirmed(kind: ColumnType, text: str) -> Reading:
    try:
        value = Decimal(text[1:])
    except InvalidOperation:
        return Reading(None, text, "Isi sel dengan angka, bukan rumus Excel. Contoh: 1.234,5.")
    if not value.is_finite() or abs(value.adjusted()) > MAX_NUMBER:
        return Reading(None, text, "Isi sel dengan angka. Contoh: 1.234,5.")
    return _fitting(kind, value, text)


def _fitting(kind: ColumnType, value: Decimal, text: str) -> Reading:
    """Whole numbers have no comma, money no parts of a sen."""
    if kind is ColumnType.WHOLE and value != value.to_integral_value():
        return Reading(
            None, text, f"Kolom ini untuk bilangan bulat; “{text}” memakai angka di belakang koma."
        )
    if kind is ColumnType.RUPIAH and value * 100 != (value * 100).to_integral_value():
        return Reading(None, text, f"“{text}” lebih teliti daripada sen. Contoh: 1.250.000,00.")
    if kind is ColumnType.WHOLE:
        value = value.to_integral_value()
    return Reading(canonical(value))


def canonical(value: Decimal) -> str:
    """The one spelling in the database: plain digits, a point, digits behind it as typed."""
    text = format(value, "f")
    return "0" if re.fullmatch(r"-0(\.0*)?", text) else text


def _date(text: str) -> Reading:
    found = indonesian.read_date(text)
    if found is None:
        return Reading(
            None, text, f"“{text}” tidak dapat dibaca sebagai tanggal. Contoh: 31 Maret 2026."
        )
    return Reading(found.isoformat())


def _choice(text: str, choices: tuple[str, ...]) -> Reading:
    for choice in choices:
        if choice.casefold() == text.casefold():
            return Reading(choice)
    return Reading(None, text, f"“{text}” tidak ada dalam pilihan: {', '.join(choices)}.")


def show(kind: ColumnType, value: str, places: int | None = None) -> str:
    """A canonical value as officials write it; a value that is not canonical stays as it is."""
    if not value:
        return ""
    if kind in NUMERIC:
        try:
            return indonesian.number(Decimal(value), 2 if kind is ColumnType.RUPIAH else places)
        except InvalidOperation:
            return value
    if kind is ColumnType.DATE:
        try:
            return indonesian.long_date(date.fromisoformat(value))
        except ValueError:
            return value
    return value
