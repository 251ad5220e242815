"""The door for files: what comes in, what is cleaned, what is refused and how it is said."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pikepdf
import pytest
import xlsxwriter
from docx import Document
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from portal import uploads
from portal.uploads import Kind, Limits, Refused, check


def pdf(pages: int = 2, change=None, **save) -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    if change:
        change(document)
    out = io.BytesIO()
    document.save(out, **save)
    return out.getvalue()


def docx() -> bytes:
    out = io.BytesIO()
    document = Document()
    document.add_paragraph("Laporan")
    document.save(out)
    return out.getvalue()


def xlsx() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("IKK").write(0, 0, "x")
    return out.getvalue()


def repacked(data: bytes, add: dict[str, bytes], change=None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, change(name, body) if change else body)
        for name, body in add.items():
            new.writestr(name, body)
    return out.getvalue()


def jpeg(size=(40, 20), exif=None) -> bytes:
    out = io.BytesIO()
    extra = {"exif": exif} if exif else {}
    Image.new("RGB", size, (200, 10, 10)).save(out, "JPEG", **extra)
    return out.getvalue()


def sentence(data: bytes, name: str = "x.pdf", allow=uploads.EVIDENCE | uploads.SHEETS, **kw):
    with pytest.raises(Refused) as caught:
        check(data, name, allow, **kw)
    text = caught.value.sentence
    assert text[0].isupper() and text.endswith(".")
    return text


def test_kinds_are_told_by_bytes_and_names_follow():
    found = check(pdf(3), "C:\\Users\\rina\\laporan akhir.pdf")
    assert (found.kind, found.pages, found.name) == (Kind.PDF, 3, "laporan akhir.pdf")
    assert found.media == "application/pdf" and found.notes == ()
    assert check(docx(), "a.docx").kind is Kind.DOCX
    assert check(xlsx(), "a.xlsx").pages == 1
    renamed = check(docx(), "laporan.pdf")
    assert renamed.name == "laporan.docx" and "berakhiran .pdf" in renamed.notes[0]


def test_a_plain_pdf_keeps_its_bytes():
    data = pdf(1)
    assert check(data, "a.pdf").data == data


def test_csv_only_where_asked():
    assert check(b"no;nilai\n1;2\n", "a.csv", uploads.SHEETS).kind is Kind.CSV
    assert "Yang diterima di sini" in sentence(b"no;nilai\n1;2\n", "a.csv", uploads.EVIDENCE)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "kosong"),
        (b"MZ\x90\0" + b"\0" * 200, "program"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "SVG"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><svg/>", "SVG"),
        (b"<!DOCTYPE html><html></html>", "halaman web"),
        (b"Rar!\x1a\x07\0", "RAR"),
        (b"\0\0\0\x18ftypheic\0\0", "HEIC"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "WEBP"),
        (b"GIF89a\1\0\1\0", "GIF"),
        (b"\x01\x02\x03 nothing, known", "tidak dikenali"),
        (b"%PDF-1.7 broken", "rusak"),
        (b"\xff\xd8\xff\xe0 broken", "rusak"),
        (b"\x89PNG\r\n\x1a\n broken", "rusak"),
        (b"PK\x03\x04 broken", "rusak"),
    ],
)
def test_strangers_are_refused_with_a_sentence(data, words):
    assert words in sentence(data)


def test_too_big():
    text = sentence(pdf(1) + b"\0" * 3_000_000, limits=Limits(bytes=2 * 1024 * 1024))
    assert "2,9 MB" in text and "2 MB" in text


def test_zip_bomb_is_not_unpacked():
    bomb = repacked(xlsx(), {"xl/media/a.bin": b"\0" * 40_000_000})
    assert len(bomb) < 200_000
    assert "terlalu besar bila dibuka" in sentence(bomb)
    many = repacked(xlsx(), {f"x/{i}.xml": b"<a/>" for i in range(60)})
    assert "terlalu besar" in sentence(many, limits=Limits(parts=50))


def test_zip_with_paths_upwards_or_doubled_names():
    assert "rusak" in sentence(repacked(docx(), {"../../etc/passwd": b"x"}))
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = repacked(docx(), {"word/document.xml": b"<w/>"})
    assert "rusak" in sentence(twice)


def test_plain_zip_and_encrypted_zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    assert "arsip ZIP" in sentence(out.getvalue())
    locked = bytearray(docx())
    at = 0
    while (at := locked.find(b"PK\x01\x02", at)) >= 0:
        locked[at + 8] |= 1
        at += 4
    assert "kata sandi" in sentence(bytes(locked))


def test_macros_are_refused_under_any_name():
    assert "makro" in sentence(repacked(docx(), {"word/vbaProject.bin": b"x"}), "a.docx")
    macro = repacked(
        docx(), {},
        lambda n, b: b.replace(
            b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            b"application/vnd.ms-word.document.macroEnabled.main+xml",
        ) if n == "[Content_Types].xml" else b,
    )  # fmt: skip
    assert "makro" in sentence(macro, "laporan.docx")


def test_active_parts_of_word_files():
    assert "ActiveX" in sentence(repacked(docx(), {"word/activeX/activeX1.xml": b"<a/>"}))
    packed = b"\xd0\xcf" + "Ole10Native".encode("utf-16-le")
    assert "tertanam" in sentence(repacked(docx(), {"word/embeddings/oleObject1.bin": packed}))
    remote = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="r1" Type="http://x/attachedTemplate" Target="http://x/t.dotm" '
        b'TargetMode="External"/></Relationships>'
    )
    assert "alamat lain" in sentence(repacked(docx(), {"word/_rels/settings.xml.rels": remote}))
    dde = repacked(docx(), {}, lambda n, b: b + b"<x> DDEAUTO cmd</x>" if "document.xml" in n
                   and "rels" not in n else b)  # fmt: skip
    assert "DDE" in sentence(dde)


def test_xml_with_a_dtd_is_not_parsed():
    laughs = b"<!DOCTYPE x [<!ENTITY a 'ha'>]><x>&a;</x>"
    hidden = laughs.decode().encode("utf-16")
    for body in (laughs, hidden):
        bad = repacked(
            docx(), {}, lambda n, b, body=body: body if n == "[Content_Types].xml" else b
        )
        assert "rusak" in sentence(bad)


def test_old_office_files():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512
    assert "kata sandi" in sentence(ole + "EncryptedPackage".encode("utf-16-le"))
    assert "makro" in sentence(ole + "_VBA_PROJECT".encode("utf-16-le"))
    assert ".doc" in sentence(ole + "WordDocument".encode("utf-16-le"))
    assert check(ole + "Workbook".encode("utf-16-le"), "a.xls", uploads.SHEETS).kind is Kind.XLS


def test_pdf_scripts_and_attachments_are_taken_out():
    def armed(document: pikepdf.Pdf) -> None:
        script = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
        document.Root.OpenAction = document.make_indirect(script)
        document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["a", script])))
        document.attachments["a.exe"] = b"MZ"
        link = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]),
            A=Dictionary(S=Name.Launch, F=String("cmd.exe")),
        )  # fmt: skip
        document.pages[0].obj.Annots = Array([link])

    found = check(pdf(2, armed), "a.pdf")
    assert "skrip" in found.notes[0] and "lampiran tertanam" in found.notes[0]
    assert found.pages == 2
    for trace in (b"/Launch", b"app.alert", b"/EmbeddedFiles", b"/OpenAction"):
        with pikepdf.open(io.BytesIO(found.data)) as again:
            plain = io.BytesIO()
            again.save(plain, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        assert trace not in plain.getvalue()


def test_ordinary_links_stay():
    def linked(document: pikepdf.Pdf) -> None:
        link = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]),
            A=Dictionary(S=Name.URI, URI=String("https://example.org")),
        )  # fmt: skip
        document.pages[0].obj.Annots = Array([link])

    data = pdf(1, linked)
    assert check(data, "a.pdf").data == data


def test_signed_pdf_keeps_its_bytes_or_is_refused():
    def signed(document: pikepdf.Pdf) -> None:
        document.Root.AcroForm = Dictionary(SigFlags=3, Fields=Array())

    data = pdf(1, signed)
    assert check(data, "a.pdf").data == data

    def both(document: pikepdf.Pdf) -> None:
        signed(document)
        document.attachments["a.txt"] = b"x"

    assert "tanda tangan" in sentence(pdf(1, both))


def test_locked_pdf_and_too_many_pages():
    locked = pdf(1, encryption=pikepdf.Encryption(user="rahasia", owner="rahasia"))
    assert "kata sandi" in sentence(locked)
    assert "12 halaman" in sentence(pdf(12), limits=Limits(pages=10))


def test_pictures_are_written_anew_without_place():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned
    exif[0x010F] = "Kamera"
    exif.get_ifd(0x8825)[1] = "S"
    found = check(jpeg((40, 20), exif), "rumah.JPEG")
    assert found.name == "rumah.jpg" and "GPS" in found.notes[0]
    with Image.open(io.BytesIO(found.data)) as picture:
        assert picture.size == (20, 40)
        assert not picture.getexif()
    assert b"Kamera" not in found.data


def test_big_pictures():
    found = check(jpeg((4000, 2000)), "a.jpg")
    with Image.open(io.BytesIO(found.data)) as picture:
        assert picture.size == (3200, 1600)
    assert "diperkecil" in found.notes[0]
    header = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    huge = (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
        + struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
    )  # fmt: skip
    assert "terlalu besar" in sentence(huge)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_kept(mode):
    out = io.BytesIO()
    Image.new(mode, (8, 8)).save(out, "PNG")
    assert check(out.getvalue(), "a.png").kind is Kind.PNG


def test_cmyk_photo_becomes_rgb():
    out = io.BytesIO()
    Image.new("CMYK", (8, 8)).save(out, "JPEG")
    with Image.open(io.BytesIO(check(out.getvalue(), "a.jpg").data)) as picture:
        assert picture.mode == "RGB"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("a\x00b\u202efdp.exe", "abfdp.pdf"),
        ("", "berkas.pdf"),
        ("...", "berkas.pdf"),
        ("LAPORAN  AKHIR.PDF", "LAPORAN AKHIR.pdf"),
        ("SK No. 12 Tahun 2025", "SK No. 12 Tahun 2025.pdf"),
        ('<img src=x onerror="a">.pdf', "img src=x onerror= a.pdf"),
        ("x" * 300 + ".pdf", "x" * 110 + ".pdf"),
    ],
)
def test_names_for_display(given, shown):
    assert uploads.safe_name(given, Kind.PDF)[0] == shown


def test_accept_list_names_extensions_and_types():
    text = uploads.accept_list(uploads.PICTURES)
    assert text == ".jpg,.png,.jpeg,image/jpeg,image/png"
