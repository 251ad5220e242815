"""PDF and DOCX hold the same words and numbers in the same order as the tree, and nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pypdf
import pytest

from portal.documents import tree as t
from portal.documents.docx import build_docx
from portal.documents.pdf import MemoryPieces, build_pdf
from portal.documents.words import words
from tests.documents.test_docx import book, picture_bytes


def squeezed(path: Path) -> str:
    """All text of a PDF in the order of its content, without blanks."""
    pages = [page.extract_text() for page in pypdf.PdfReader(path).pages]
    return "".join("".join(pages).split())


def left_over(text: str, expected: list[str]) -> str:
    """What stands between the expected words; a word that is missing or out of order fails."""
    place, rest = 0, []
    for n, word in enumerate(expected):
        found = text.find(word, place)
        before = " ".join(expected[max(0, n - 6) : n + 1])
        assert found >= 0, f"missing or out of order: {word!r} after {before!r}"
        rest.append(text[place:found])
        place = found + len(word)
    return "".join(rest) + text[place:]


def furniture(document: t.Document, labels: dict[str, str]) -> list[str]:
    """Words that are stamped, repeated or listed: no part of the content."""
    marks = document.marks
    out = [marks.footer, marks.draft, marks.sample, marks.watermark, "·", "."]
    out += ["DAFTAR ISI", "DAFTAR TABEL", "DAFTAR GAMBAR", *labels.values()]
    for _, block in t.blocks(document):
        if isinstance(block, t.Heading):
            out.append(f"{block.number}{block.text}")
        elif isinstance(block, t.Table):
            out.append(f"{block.number}{block.caption}")
            out += [t.plain(cell.text) for row in block.head for cell in row]
        elif isinstance(block, t.Picture):
            out.append(f"{block.number}{block.caption}")
    return sorted(("".join(text.split()) for text in out if text), key=len, reverse=True)


def assert_only_furniture(rest: str, allowed: list[str]) -> None:
    for text in allowed:
        rest = rest.replace(text, "\n")
    strangers = [w for w in rest.split("\n") if w and not set(w) <= set("ivxlIVXL-0123456789")]
    assert strangers == []


@pytest.fixture
def printed(tmp_path: Path) -> tuple[t.Document, Path, dict[str, str]]:
    document = book(watermark="")
    out = tmp_path / "buku.pdf"
    result = build_pdf(document, out, MemoryPieces(), picture_bytes)
    return document, out, result.labels


def test_pdf_holds_the_words_of_the_tree(
    printed: tuple[t.Document, Path, dict[str, str]],
) -> None:
    document, out, labels = printed
    expected = words(document)
    rest = left_over(squeezed(out), expected)
    assert_only_furniture(rest, furniture(document, labels))


@pytest.mark.office
def test_docx_holds_the_words_of_the_tree(
    printed: tuple[t.Document, Path, dict[str, str]], tmp_path: Path
) -> None:
    document, _, labels = printed
    build_docx(document, tmp_path / "word.docx", picture_bytes, labels)
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
         "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "word.docx")],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    rest = left_over(squeezed(tmp_path / "word.pdf"), words(document))
    assert_only_furniture(rest, furniture(document, labels))


def test_the_check_itself_notices_a_lost_and_a_strange_word() -> None:
    with pytest.raises(AssertionError, match="missing or out of order"):
        left_over("satuempat", ["satu", "dua"])
    with pytest.raises(AssertionError):
        left_over("duasatu", ["satu", "dua"])
    with pytest.raises(AssertionError):
        assert_only_furniture(left_over("satuasingdua", ["satu", "dua"]), ["DAFTARISI"])
