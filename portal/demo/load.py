"""The demo region, step by step; each step is written and marked in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from portal.db import db
from portal.demo.region import SINCE
from portal.people import queries
from portal.people.models import Setting, Unit

#: Modules of this room with ``load(db)``, in the order in which they build on each other.
STEPS = {
    "people": "perangkat daerah, pejabat, dan akun",
    "figures": "data dan indikator tiga tahun",
    "budget": "anggaran, program, dan kegiatan",
    "contents": "laporan dan isinya",
    "sakip": "pohon kinerja, perjanjian kinerja, dan rencana aksi",
    "reports": "berkas dan status laporan",
    "review": "putusan dan catatan reviu Inspektorat",
    "copysheets": "lembar salin",
    "contracts": "kontrak dan tonggaknya",
    "contracts_past": "kontrak tahun laporan yang sudah selesai",
    "notices": "pengingat hari-hari terakhir",
    "works": "kemajuan pekerjaan dan berkas di meja",
    "counsel": "pendampingan dan permintaan data",
    "absorption": "DPA, RAK, dan register SP2D tahun berjalan",
    "lke": "evaluasi AKIP",
    "books": "rencana naskah final tahun lalu",
}


class DemoError(Exception):
    """The demo cannot be laid here; the message is a sentence for who typed the command."""


def load_all(say: Callable[[str], None] = lambda _: None) -> bool:
    """Load what is not loaded yet; False when all of it was there.

    Raises DemoError in a portal that holds real Perangkat Daerah. A load that was broken off
    goes on where it stopped.
    """
    done = {key for key in queries.settings(queries.today()) if key.startswith("demo.")}
    if not done and db.session.query(Unit.id).first() is not None:
        raise DemoError(
            "Portal ini sudah berisi perangkat daerah. Data contoh hanya dapat dimuat ke portal "
            "yang masih kosong: pakai SELARAS_INSTANCE yang lain."
        )
    loaded = False
    for step, words in STEPS.items():
        name = f"portal.demo.{step}"
        if f"demo.{step}" in done or find_spec(name) is None:
            continue
        say(f"Memuat {words} ...")
        import_module(name).load(db)
        db.session.add(Setting(key=f"demo.{step}", valid_from=SINCE, value=True))
        db.session.commit()
        loaded = True
    return loaded
