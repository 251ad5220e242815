"""Every admin page opens for the admin."""

import pytest
from flask.testing import FlaskClient

from tests.cast import Cast, sign_in

#: Pages; what they write is tested on both databases beside the rooms.
pytestmark = pytest.mark.strictest

PAGES = (
    "/admin/perangkat-daerah", "/admin/perangkat-daerah?cari=kes", "/admin/perangkat-daerah/baru",
    "/admin/akun", "/admin/akun?saring=belum", "/admin/akun?saring=tanpa&cari=rina",
    "/admin/akun/baru", "/admin/akun/mutasi", "/admin/akun/mutasi?peran=operator",
    "/admin/akun/impor", "/admin/akun/alamat.svg", "/admin/tahapan", "/admin/tahapan?modul=spm",
    "/admin/kalender", "/admin/kalender?tahun=2027", "/admin/identitas", "/admin/pengampu",
    "/admin/riwayat", "/admin/riwayat?alur=region", "/admin/riwayat/periksa", "/admin/cadangan",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_the_page_opens(cast: Cast, client: FlaskClient, page: str) -> None:
    assert sign_in(client, cast.admin).get(page).status_code == 200
    assert sign_in(client, cast.operator_dinkes).get(page).status_code == 403


def test_a_unit_and_a_person_open(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.admin)
    page = client.get(f"/admin/perangkat-daerah/{cast.units['DINKES']}")
    assert "Kepala Dinas Kesehatan" in page.text
    page = client.get(f"/admin/akun/{cast.kepala_dinkes.person_id}")
    assert "Siti Aminah" in page.text
    assert client.get("/admin/akun/99999").status_code == 404
    assert client.get("/admin/perangkat-daerah/99999").status_code == 404
