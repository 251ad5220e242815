"""Excel workbooks that we write: what somebody typed stays text in every cell."""

from __future__ import annotations

from typing import IO

import xlsxwriter

#: A text that begins with ``=`` is no formula, an address no link, a row of digits no number.
OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
    "strings_to_numbers": False, "default_date_format": "dd/mm/yyyy",
}  # fmt: skip


def workbook(out: IO[bytes]) -> xlsxwriter.Workbook:
    """An empty workbook that writes its bytes to ``out`` when it is closed."""
    return xlsxwriter.Workbook(out, OPTIONS)
