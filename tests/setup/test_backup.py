"""Cadangan: made while people work, put back into an empty instance, nothing changed on the way."""

from __future__ import annotations

import io
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal import backup, store
from portal.app import create_app
from portal.config import Config
from portal.db import db
from portal.people.models import Unit
from tests.cast import post, sign_in

pytestmark = pytest.mark.once


def elsewhere(config: Config, folder: Path) -> Config:
    folder.mkdir()
    return replace(config, instance=folder, database_url=f"sqlite:///{folder}/selaras.db")


def test_made_on_the_page_and_restored_elsewhere(app, config, cast, client, tmp_path):
    sha = store.put(b"bukti", "text/plain").sha256
    db.session.commit()
    sign_in(client, cast.admin)
    assert "Belum ada cadangan" in client.get("/admin/cadangan").text
    page = client.get(post(client, "/admin/cadangan").location).text
    (made,) = backup.listed(config)
    assert f"Cadangan {made.name} selesai dibuat." in page
    file = config.instance / backup.FOLDER / made.name
    other = elsewhere(config, tmp_path / "baru")
    fresh = create_app(other)
    with fresh.app_context():
        said = fresh.test_cli_runner().invoke(args=["backup", "restore", str(file)])
        assert said.exit_code == 0 and "1 berkas dipulihkan" in said.output
        assert store.read(sha) == b"bukti"
        assert set(db.session.scalars(sa.select(Unit.code))) >= {"DINKES", "DISTAN"}
        again = fresh.test_cli_runner().invoke(args=["backup", "restore", str(file)])
        assert again.exit_code == 1 and "portal yang kosong" in again.output
        db.session.remove()
        db.engine.dispose()


def tar(names: dict[str, bytes], path: Path) -> Path:
    with tarfile.open(path, "w") as out:
        for name, data in names.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            out.addfile(info, io.BytesIO(data))
    return path


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ({"../../etc/x": b"x"}, "bukan bagian"),
        ({"blobs/" + "a" * 64: b"lain"}, "sudah berubah"),
        ({}, "tidak memuat basis data"),
        ({"selaras.db": b"bukan sqlite"}, "tidak dapat dipulihkan"),
    ],
)
def test_a_wrong_file_restores_nothing(config, tmp_path, names, words):
    other = elsewhere(config, tmp_path / "baru")
    with pytest.raises(backup.BackupError, match=words):
        backup.restore(other, tar(names, tmp_path / "salah.tar"))
    assert not (other.instance / "selaras.db").exists()


def test_no_room_is_said_and_leaves_nothing(config, cast, monkeypatch):
    monkeypatch.setattr(backup.shutil, "disk_usage", lambda _: type("D", (), {"free": 10}))
    with pytest.raises(backup.BackupError, match="Ruang disk tidak cukup"):
        backup.make(config)
    assert backup.listed(config) == []
    pg = replace(config, database_url="postgresql+psycopg://x/y")
    with pytest.raises(backup.BackupError, match="pg_dump"):
        backup.make(pg)
