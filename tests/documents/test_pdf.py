"""The PDF as a reader, a screen reader and an archivist find it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdf
import pytest
import weasyprint
from weasyprint.formatting_structure import boxes

from portal.documents import engine, html, pdf, render
from portal.documents.one_pass import build_one_pass
from portal.documents.tree import (
    Column,
    Document,
    Gap,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Row,
    Signature,
    Spacer,
    Table,
    Unit,
    blocks,
    gap_words,
    plain,
    source_words,
)
from tests.apart import apart
from tests.documents import pdf_sample as sample

COUNTED = (
    "/Table",
    "/THead",
    "/TBody",
    "/TR",
    "/TH",
    "/TD",
    "/H1",
    "/H2",
    "/H3",
    "/H4",
    "/Figure",
    "/L",
    "/LI",
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pdf.PdfResult, pdf.MemoryPieces]:
    out = tmp_path_factory.mktemp("pdf") / "book.pdf"
    pieces = pdf.MemoryPieces()
    return out, pdf.build_pdf(sample.document(), out, pieces, sample.asset, 2), pieces


def elements(file: pikepdf.Pdf) -> list[pikepdf.Object]:
    """All structure elements, top down, with a check of the way back up."""
    found = []
    waiting = kids(file.Root.StructTreeRoot)
    while waiting:
        element = waiting.pop()
        found.append(element)
        for kid in kids(element):
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                assert kid.P.objgen == element.objgen
                waiting.append(kid)
    return found


def kids(element: pikepdf.Object) -> list[pikepdf.Object]:
    inner = element.get("/K")
    if inner is None:
        return []
    return list(inner) if isinstance(inner, pikepdf.Array) else [inner]


def counts(path: Path) -> dict[str, int]:
    with pikepdf.open(path) as file:
        names = [str(element.S) for element in elements(file)]
    return {name: names.count(name) for name in COUNTED}


def page_text(path: Path, page: int) -> str:
    command = ["pdftotext", "-raw", "-f", str(page), "-l", str(page), str(path), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_file_is_sound(built: tuple[Path, pdf.PdfResult, pdf.MemoryPieces]) -> None:
    out, result, _ = built
    with pikepdf.open(out) as file:
        assert file.check_pdf_syntax() == []
        assert len(file.pages) == result.pages == 12
        assert file.Root.MarkInfo.Marked
        assert str(file.Root.Lang) == "id"
        assert file.Root.ViewerPreferences.DisplayDocTitle


@apart
def test_structure_is_that_of_one_pass(tmp_path: Path) -> None:
    book = sample.document(lists=())
    pdf.build_pdf(book, tmp_path / "ours.pdf", pdf.MemoryPieces(), sample.asset, 2)
    build_one_pass(book, tmp_path / "reference.pdf", sample.asset)
    ours = counts(tmp_path / "ours.pdf")
    assert ours == counts(tmp_path / "reference.pdf")
    assert ours["/H1"] == 3
    assert ours["/TD"] == 2 + 135 * 4 + 2 * 3


def test_every_mark_has_its_element(built: tuple[Path, pdf.PdfResult, pdf.MemoryPieces]) -> None:
    with pikepdf.open(built[0]) as file:
        tree = pikepdf.NumberTree(file.Root.StructTreeRoot.ParentTree)
        for page in file.pages:
            data = b"".join(stream.read_bytes() for stream in page.Contents)
            used = sorted(int(n) for n in re.findall(rb"/MCID (\d+)", data))
            owners = tree[int(page.obj.StructParents)]
            assert used == list(range(len(owners)))
            for mcid, owner in enumerate(owners):
                assert mcid in [kid for kid in kids(owner) if isinstance(kid, int)]
                assert owner.Pg.objgen == page.obj.objgen
            for note in page.obj.get("/Annots", []):
                link = tree[int(note.StructParent)]
                assert link.S == "/Link"
                assert any(
                    "/Obj" in k and k.Obj.objgen == note.objgen
                    for k in kids(link)
                    if not isinstance(k, int)
                )


def test_head_cells_have_a_scope_and_pictures_words(
    built: tuple[Path, pdf.PdfResult, pdf.MemoryPieces],
) -> None:
    with pikepdf.open(built[0]) as file:
        found = elements(file)
        heads = [element for element in found if element.S == "/TH"]
        assert heads
        assert all(element.A.Scope == "/Column" for element in heads)
        assert {int(element.A.get("/RowSpan", 1)) for element in heads} == {1, 2}
        figures = [element for element in found if element.S == "/Figure"]
        assert [str(f.Alt) for f in figures] == ["Peta sebaran puskesmas", "Lambang daerah"]
        for figure in figures:
            x1, y1, x2, y2 = (float(v) for v in figure.A.BBox)
            assert 0 < x1 < x2 < 610
            assert 0 < y1 < y2 < 936


def test_labels_bookmarks_and_links(built: tuple[Path, pdf.PdfResult, pdf.MemoryPieces]) -> None:
    out, result, _ = built
    reader = pypdf.PdfReader(out)
    assert reader.page_labels == [
        "Sampul", "i", "ii", "iii", "iv", "I-1", "I-2", "I-3", "II-1", "II-2", "II-3", "II-4",
    ]  # fmt: skip
    assert _outline(reader, reader.outline) == [
        (0, "KATA PENGANTAR", "i"), (0, "Daftar Isi", "ii"), (0, "Daftar Tabel", "iii"),
        (0, "Daftar Gambar", "iv"), (0, "BAB I PENDAHULUAN", "I-1"), (1, "1.1 Dasar Hukum", "I-1"),
        (0, "BAB II CAPAIAN KINERJA", "II-1"), (1, "2.1 Urusan Kesehatan", "II-1"),
        (1, "2.2 Tabel Melintang", "II-2"), (2, "2.2.1 Uraian", "II-4"), (3, "a. Rincian", "II-4"),
    ]  # fmt: skip
    targets = reader.named_destinations
    links = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    assert len(links) == 7 + 2 + 1
    for link in links:
        name = str(link["/A"]["/D"])
        page = reader.get_destination_page_number(targets[name])
        assert reader.page_labels[page] == result.labels[name]
    assert re.search(r"2\.2\.1 Uraian II-4", page_text(out, 3))
    assert re.search(r"Tabel 2\.1 Capaian t-2-1 II-2", page_text(out, 4))


def _outline(
    reader: pypdf.PdfReader, items: list[object], depth: int = 0
) -> list[tuple[int, str, str]]:
    out: list[tuple[int, str, str]] = []
    for item in items:
        if isinstance(item, list):
            out += _outline(reader, item, depth + 1)
        else:
            page = reader.get_destination_page_number(item)  # type: ignore[arg-type]
            out.append((depth, str(item.title), reader.page_labels[page]))  # type: ignore[attr-defined]
    return out


def tree_words(document: Document) -> list[str]:  # noqa: C901 (one case per kind of block)
    """All words of the units in the order of the book."""
    out: list[str] = []
    for _, block in blocks(document):
        match block:
            case Heading():
                out += f"{block.number} {block.text}".split()
            case Paragraph():
                out += plain(block.runs).split()
            case ListBlock():
                for mark, _, text in block.items:
                    out += [mark, *plain(text).split()]
            case Table():
                out += f"{block.number} {block.caption}".split()
                for row in (*block.head, *(row.cells for row in block.rows)):
                    out += [word for cell in row for word in plain(cell.text).split()]
                out += source_words(block.source).split() + " ".join(block.notes).split()
            case Picture():
                out += f"{block.number} {block.caption} {source_words(block.source)}".split()
            case Gap():
                out += gap_words(block).split()
            case Signature():
                out += " ".join((block.place_date, *block.office, block.name, *block.under)).split()
            case Spacer():
                pass
    return out


def test_words_stand_in_the_order_of_the_tree(tmp_path: Path) -> None:
    book = sample.document(lists=(), cover=None, marks=sample.Marks())
    out = tmp_path / "book.pdf"
    result = pdf.build_pdf(book, out, pdf.MemoryPieces(), sample.asset, 2)
    found: list[str] = []
    for number in range(1, result.pages + 1):
        lines = page_text(out, number).replace("\f", "").splitlines()
        label = pypdf.PdfReader(out).page_labels[number - 1]
        assert lines[-1] == label
        found += " ".join(lines[:-1]).split()
    position, extra = 0, []
    wanted = tree_words(book)
    for word in found:
        if position < len(wanted) and word == wanted[position]:
            position += 1
        else:
            extra.append(word)
    assert position == len(wanted), wanted[position : position + 8]
    repeated = ["No", "Indikator", "Tahun", "2024", "2025"]
    assert extra == repeated * 3  # the head again on each further page of a table


def test_marks_are_on_every_page_and_are_artifacts(
    built: tuple[Path, pdf.PdfResult, pdf.MemoryPieces],
) -> None:
    out, result, _ = built
    for number in range(1, result.pages + 1):
        text = page_text(out, number)
        assert "DATA CONTOH" in text
        assert "DRAF" in text.replace("\n", "")
        assert ("data per 2 Maret 2026" in text) == (number > 1)
    with pikepdf.open(out) as file:
        for page in file.pages:
            stamp = page.Contents[-1].read_bytes()
            assert stamp.count(b"/Artifact<<") == stamp.count(b"EMC")
            assert b"MCID" not in stamp
        sizes = [tuple(round(float(v)) for v in page.MediaBox[2:]) for page in file.pages]
    assert sizes == [(609, 935)] * 9 + [(935, 609)] * 3


@pytest.mark.parametrize("last", ["Kata penutup.", "Kata penutup yang panjang. " * 12])
@apart
def test_signature_never_stands_alone(last: str) -> None:
    """However full the page is, two lines of text go to the next page with the signature."""
    turned = 0
    for lines in range(24, 40, 3):
        signature = sample.document().units[2].blocks[-1]
        text = [sample.paragraph("Satu baris.") for _ in range(lines)]
        unit = Unit("u", "I", False, (*text, sample.paragraph(last), signature))
        laid = render.setter("F4").layout(
            html.page(html.unit_body(unit, "F4"), "portrait"), sample.asset
        )
        if len(laid.pages) == 1:
            continue
        turned += 1
        found = list(page_lines(laid.pages[-1]))
        assert next(i for i, words in enumerate(found) if words.startswith("Contoh, 2")) >= 2
    assert turned >= 3


def page_lines(page: weasyprint.document.Page) -> Iterator[str]:
    """The text lines of a laid-out page."""
    for box in page._page_box.descendants():
        if isinstance(box, boxes.LineBox):
            yield "".join(b.text for b in box.descendants() if isinstance(b, boxes.TextBox))


def test_pages_of_each_unit_are_told(built: tuple[Path, pdf.PdfResult, pdf.MemoryPieces]) -> None:
    assert built[1].unit_pages == {"depan": 1, "bab-i": 3, "bab-ii-1": 1, "bab-ii-2": 3}


def test_a4_and_no_marks(tmp_path: Path) -> None:
    book = sample.document(paper="A4", marks=sample.Marks(), lists=(), preface=None, cover=None)
    result = pdf.build_pdf(book, tmp_path / "a4.pdf", pdf.MemoryPieces(), sample.asset, 1)
    with pikepdf.open(tmp_path / "a4.pdf") as file:
        assert [round(float(v)) for v in file.pages[0].MediaBox[2:]] == [595, 842]
    assert result.labels["h-bab-i"] == "I-1"


def test_fonts_are_ours_and_embedded(built: tuple[Path, pdf.PdfResult, pdf.MemoryPieces]) -> None:
    listing = subprocess.run(
        ["pdffonts", str(built[0])], capture_output=True, text=True, check=True
    )
    rows = listing.stdout.splitlines()[2:]
    assert rows
    for row in rows:
        assert re.match(r"[A-Z]{6}\+(Selaras-Sans|LiberationSans)", row), row
        assert row.split()[-5:-2] == ["yes", "yes", "yes"], row


def test_metadata_names_no_person_and_no_time(
    built: tuple[Path, pdf.PdfResult, pdf.MemoryPieces],
) -> None:
    with pikepdf.open(built[0]) as file:
        info = {key: str(value) for key, value in file.docinfo.items()}
        assert info["/Title"] == "LPPD Kabupaten Contoh Tahun 2025"
        assert info["/Author"] == "Pemerintah Kabupaten Contoh"
        assert not {"/CreationDate", "/ModDate"} & info.keys()
        xmp = file.Root.Metadata.read_bytes().decode()
        with file.open_metadata() as meta:
            assert meta["dc:title"] == info["/Title"]
    assert not re.search(r"\d{18}", xmp + "".join(info.values()))
    assert "Date" not in xmp


def test_only_the_changed_unit_is_rendered(
    built: tuple[Path, pdf.PdfResult, pdf.MemoryPieces], tmp_path: Path
) -> None:
    _, first, pieces = built
    book = sample.document()
    touched = (
        *book.units[:2],
        Unit("bab-ii-2", "II", True, (sample.paragraph("Baru."), *book.units[2].blocks)),
    )
    changed = sample.document(units=touched)
    result = pdf.build_pdf(changed, tmp_path / "b.pdf", pdf.MemoryPieces(pieces), sample.asset, 2)
    assert result.rendered == 1
    fresh = pdf.build_pdf(changed, tmp_path / "c.pdf", pdf.MemoryPieces(), sample.asset, 1)
    assert fresh.sha256 == result.sha256 != first.sha256
    assert (
        pdf.document_sha(changed) != pdf.document_sha(book) == pdf.document_sha(sample.document())
    )


def test_new_marks_render_nothing(
    built: tuple[Path, pdf.PdfResult, pdf.MemoryPieces], tmp_path: Path
) -> None:
    final = sample.document(marks=sample.Marks("LPPD Kabupaten Contoh Tahun 2025"))
    result = pdf.build_pdf(
        final, tmp_path / "final.pdf", pdf.MemoryPieces(built[2]), sample.asset, 2
    )
    assert result.rendered == 0
    assert "DRAF" not in page_text(tmp_path / "final.pdf", 7)


def test_damaged_piece_is_rendered_again(
    built: tuple[Path, pdf.PdfResult, pdf.MemoryPieces], tmp_path: Path
) -> None:
    pieces = pdf.MemoryPieces(built[2])
    key = max(pieces, key=lambda k: len(pieces[k]))
    pieces[key] = pieces[key][:5000]
    result = pdf.build_pdf(sample.document(), tmp_path / "b.pdf", pieces, sample.asset, 2)
    assert result.sha256 == built[1].sha256
    assert pieces[key] == built[2][key]


_AGAIN = """
from pathlib import Path
from portal.documents import pdf
from tests.documents import pdf_sample as sample
import sys
out = Path(sys.argv[1])
print(pdf.build_pdf(sample.document(), out, pdf.MemoryPieces(), sample.asset, 1).sha256)
"""


def test_same_bytes_under_other_hash_seeds(
    built: tuple[Path, pdf.PdfResult, pdf.MemoryPieces], tmp_path: Path
) -> None:
    root = Path(__file__).parents[2]
    for seed in ("1", "77"):
        env = os.environ | {"PYTHONHASHSEED": seed, "TZ": "Asia/Makassar", "LC_ALL": "C"}
        command = [sys.executable, "-c", _AGAIN, str(tmp_path / f"{seed}.pdf")]
        done = subprocess.run(
            command, capture_output=True, text=True, env=env, cwd=root, check=True
        )
        assert done.stdout.strip() == built[1].sha256
        assert (tmp_path / f"{seed}.pdf").read_bytes() == built[0].read_bytes()


def test_manifest_names_versions_and_fonts() -> None:
    found = engine.manifest()
    assert {"code", "weasyprint", "pydyf", "pango", "harfbuzz", "fontconfig"} <= found.keys()
    assert len(found["font LiberationSans-Bold.ttf"]) == 64
    assert engine.differs(found) == []
    assert engine.differs(found | {"pango": "1.0"}) == [
        f"pango: dahulu 1.0, sekarang {found['pango']}"
    ]


def test_progress_goes_by_chapters(tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    pdf.build_pdf(
        sample.document(), tmp_path / "b.pdf", pdf.MemoryPieces(), sample.asset, 2,
        lambda done, total, step: told.append((done, total, step)),
    )  # fmt: skip
    assert told[0] == (0, 6, "Bab I dari II")
    assert told[-1] == (6, 6, "Selesai")
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)


def test_picture_that_is_gone_stops_the_build_with_a_sentence(tmp_path: Path) -> None:
    def gone(sha256: str) -> bytes:
        if sha256 == sample.MAP_SHA:
            raise KeyError(sha256)
        return sample.asset(sha256)

    out = tmp_path / "b.pdf"
    with pytest.raises(
        pdf.PictureGone, match=r"Gambar pada bagian “BAB II CAPAIAN KINERJA”.*Unggah ulang"
    ):
        pdf.build_pdf(sample.document(), out, pdf.MemoryPieces(), gone, 2)
    assert list(tmp_path.iterdir()) == []


def test_picture_that_cannot_be_read_stops_the_build(tmp_path: Path) -> None:
    def broken(sha256: str) -> bytes:
        return b"\x89PNG not really" if sha256 == sample.MAP_SHA else sample.asset(sha256)

    with pytest.raises(pdf.PictureGone, match=r"“BAB II CAPAIAN KINERJA” rusak"):
        pdf.build_pdf(sample.document(), tmp_path / "b.pdf", pdf.MemoryPieces(), broken, 2)


def test_a_row_longer_than_a_page_keeps_every_word_and_the_head(tmp_path: Path) -> None:
    long = " ".join(f"kata{n}" for n in range(2500))
    rows = tuple(Row(sample.cells(str(n), long if n == 2 else "pendek")) for n in range(1, 4))
    columns = (Column(0.1, "center"), Column(0.9))
    big = Table("t", "Tabel 1.1", "Judul", columns, (sample.cells("No", "Uraian"),), rows)
    unit = Unit("u", "I", False, (big,), True)
    book = sample.document(units=(unit,), cover=None, preface=None, lists=(), marks=sample.Marks())
    out = tmp_path / "b.pdf"
    result = pdf.build_pdf(book, out, pdf.MemoryPieces(), sample.asset, 1)
    pages = [page_text(out, number) for number in range(1, result.pages + 1)]
    assert result.pages > 2
    assert all("Uraian" in text for text in pages)
    assert set(long.split()) <= set(" ".join(pages).split())


def test_letter_without_a_glyph_is_named(tmp_path: Path) -> None:
    unit = Unit(
        "u", "I", False, (Heading(2, "1.1", "Cek", "h"), sample.paragraph("Sudah ✓ beres")), True
    )
    with pytest.raises(pdf.FontError, match=r"“✓” \(U\+2713\) pada bagian “1.1 Cek”"):
        pdf.build_pdf(
            sample.document(units=(unit,)), tmp_path / "b.pdf", pdf.MemoryPieces(), sample.asset, 1
        )


def test_child_that_is_killed_gives_a_sentence(tmp_path: Path) -> None:
    def deadly(sha256: str) -> bytes:
        os.kill(os.getpid(), signal.SIGKILL)
        return b""

    with pytest.raises(pdf.RenderError, match=r"terhenti di tengah jalan.*memori"):
        pdf.build_pdf(sample.document(), tmp_path / "b.pdf", pdf.MemoryPieces(), deadly, 1)


def test_full_disk_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "b.pdf"
    out.write_bytes(b"old")
    pieces = pdf.MemoryPieces()
    book = sample.document(units=(), lists=(), preface=None)

    def full(self: object, bookmarks: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("portal.documents.join.Joiner.finish", full)
    with pytest.raises(pdf.RenderError, match="ruang penyimpanan server penuh"):
        pdf.build_pdf(book, out, pieces, sample.asset, 1)
    assert out.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [out]
