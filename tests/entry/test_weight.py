"""The first load of any page costs a bad line at most 30 KB, htmx and the editor included."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from portal.config import ROOT
from portal.web.static import asset, lean
from tests.entry.conftest import World

#: Pages; what they write is tested on both databases beside the rooms.
pytestmark = pytest.mark.strictest

LIMIT = 30 * 1024
VENDOR = ROOT / "portal/static/vendor/htmx.min.js"
#: Size of htmx 2.0.11 where it was not fetched, so that the limit means the same everywhere.
HTMX = 16_900
_ASSET = re.compile(r'(?:src|href)="/static/([^"?]+)\?v=([0-9a-f]{12})"')


def weight(client: FlaskClient, url: str) -> tuple[int, str]:
    """Bytes over the line for a first visit, and the page."""
    answer = client.get(url, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200, url
    html = gzip.decompress(answer.data).decode()
    size = len(answer.data)
    for name, version in dict.fromkeys(_ASSET.findall(html)):
        if name.startswith("vendor/") and not VENDOR.exists():
            size += HTMX
            continue
        got = client.get(f"/static/{name}?v={version}", headers={"Accept-Encoding": "gzip"})
        assert got.status_code == 200
        assert "immutable" in got.headers["Cache-Control"], name
        size += len(got.data)
    return size, html


@pytest.mark.parametrize("path", ["/", "/tugas", "/bantuan", "/laporan/lppd", "/akun", "/pesan"])
def test_pages(operator: FlaskClient, path: str) -> None:
    size, _ = weight(operator, path)
    assert size <= LIMIT, f"{path}: {size} byte"


def test_htmx_comes_to_the_pages_that_use_it() -> None:
    """A template with hx-* loads the library or fetches it when it is asked for; others do not."""
    folder = ROOT / "portal/templates"
    texts = {str(p.relative_to(folder)): p.read_text("utf-8") for p in folder.rglob("*.html")}
    using = {name for name, text in texts.items() if re.search(r"\shx-[a-z]+=", text)}
    assert using
    for name, text in texts.items():
        if not text.startswith("{% extends"):
            continue
        parts = [name, *re.findall(r'{% include "([^"]+)"', text)]
        needs = any(p in using for p in parts) and "vendor/htmx.min.js" not in text
        assert needs == ("{% set htmx = true %}" in text), name


def test_login_page(client: FlaskClient, world_of: World) -> None:
    size, _ = weight(client, "/masuk")
    assert size <= LIMIT


@pytest.mark.parametrize(
    "part",
    ["uraian", "pegawai", "kegiatan", "anggaran", "peta", "dasar_hukum", "besar", "ikk"],
)
def test_section_pages(operator: FlaskClient, world_of: World, part: str) -> None:
    for tail in ("", "/kirim", "/riwayat", "/periksa", "/cetak"):
        size, html = weight(operator, f"/isian/{world_of.entries[part]}{tail}")
        assert size <= LIMIT, f"{part}{tail}: {size} byte"
        if part == "besar" and not tail:
            assert html.count("<input name=") == 200


def test_a_static_file_without_its_hash_is_asked_for_again(client: FlaskClient) -> None:
    answer = client.get("/static/selaras.css")
    assert answer.headers["Cache-Control"] == "no-cache"
    again = client.get("/static/selaras.css", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_brotli_where_the_browser_takes_it(client: FlaskClient) -> None:
    answer = client.get("/static/entry.js", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "br"
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_no_path_leads_out_of_the_static_folder(client: FlaskClient) -> None:
    assert client.get("/static/../app.py").status_code == 404
    assert client.get("/static/%2e%2e/app.py").status_code == 404


def test_lean_drops_comments_and_keeps_strings(tmp_path: Path) -> None:
    source = '/* a\n b */\nconst a = "// not a comment"; // stays\n  // gone\n\n  b();\n'
    assert lean(source) == 'const a = "// not a comment"; // stays\nb();\n'
    file = tmp_path / "x.js"
    file.write_text(source)
    first = asset(file).version
    file.write_text(source + "c();\n")
    assert asset(file).version != first
