"""The menu of each role, in the words and the order that staff know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.people.rules import Actor, Role

#: The four reports by their full names, in the order of the menus.
KINDS = {
    "lppd": "LPPD (Laporan Penyelenggaraan Pemerintahan Daerah)",
    "lkpj": "LKPJ (Laporan Keterangan Pertanggungjawaban)",
    "spm": "SPM (Standar Pelayanan Minimal)",
    "sakip": "SAKIP (Laporan Kinerja Instansi Pemerintah)",
}
SHORT = {"lppd": "LPPD", "lkpj": "LKPJ", "spm": "SPM", "sakip": "SAKIP"}


@dataclass(frozen=True)
class Item:
    """One place in the menu; ``endpoint`` is the view, or "laporan" for the four reports."""

    label: str
    endpoint: str
    args: tuple[tuple[str, str], ...] = ()


HOME = Item("Beranda", "pages.home")
REPORTS = Item("Laporan", "laporan")
DOWNLOADS = Item("Unduhan", "builds.index")
HELP = Item("Bantuan", "pages.help_page")
TASKS = Item("Tugas Saya", "entry.tasks")
RECAP = Item("Rekap Perangkat Daerah", "recap.index")
CONTRACTS = Item("Kontrak", "contracts.index")
FIGURES = Item("Data/Indikator", "figures.index")
BUDGET = Item("Anggaran", "budget.index")
COPY = Item("Lembar Salin", "copysheets.index")
SAKIP = Item("SAKIP", "sakip.index")
RLPPD = Item("RLPPD", "public.desk")
ABSORPTION = Item("Serapan", "summary.serapan")

NOTES = Item("Catatan Hasil Reviu", "review_papers.note_sheets")
REVIEW = (Item("Kertas Kerja", "review_papers.worksheets"), NOTES,
          Item("Laporan Hasil Reviu", "review_papers.results"))  # fmt: skip

OPERATOR = (
    HOME, TASKS, BUDGET, SAKIP, REPORTS, NOTES, Item("Data Dukung", "evidence.index"), COPY,
    DOWNLOADS, HELP,
)  # fmt: skip
HEAD = (HOME, Item("Menunggu Persetujuan", "review.waiting"), NOTES, SAKIP, REPORTS, CONTRACTS,
        Item("Langkah Saya", "contracts.mine"), Item("Antrean Berkas", "desks.queue"),
        Item("Serapan OPD", "summary.serapan"), Item("Kendala kontrak", "desk_notes.obstacles"),
        Item("Penjelasan", "notices_ask.index"), DOWNLOADS, HELP)  # fmt: skip
SEKDA = (HOME, Item("Ringkasan", "summary.index"), ABSORPTION, CONTRACTS,
         Item("Menunggu Persetujuan", "review.waiting"),
         Item("Naskah Surat", "notices_ask.letters"), Item("Penjelasan", "notices_ask.index"),
         SAKIP, REPORTS, Item("Bahan Rapat", "summary.meeting"), DOWNLOADS, HELP)  # fmt: skip
FINANCE = (
    HOME, Item("Langkah Saya", "contracts.mine"), Item("Antrean Berkas", "desks.queue"),
    CONTRACTS, Item("Kalender", "contracts.calendar"),
    Item("Latihan", "contract_practice.page"), HELP,
)  # fmt: skip

MENUS: dict[Role, tuple[Item, ...]] = {
    Role.OPERATOR: OPERATOR,
    Role.VERIFIKATOR: HEAD,
    Role.KEPALA: HEAD,
    Role.APIP: (
        HOME, Item("Penugasan Reviu", "review.waiting"), *REVIEW,
        Item("Evaluasi AKIP", "lke.index"), FIGURES, SAKIP, REPORTS, HELP,
    ),
    Role.SEKRETARIAT: (
        HOME, RECAP, Item("Isian", "entry.tasks"), FIGURES, BUDGET, SAKIP, REPORTS,
        Item("Pemeriksaan Isian", "checks.index"), Item("Susun Dokumen", "builds.index"),
        Item("Surat & Penyampaian", "letters.index"), RLPPD, COPY,
        Item("Jadwal", "reports.schedule"), Item("Arsip", "builds.archive"),
        Item("Format Laporan", "formats.index"), HELP,
    ),
    Role.PIMPINAN: (
        Item("Ringkasan", "summary.index"), ABSORPTION, CONTRACTS, SAKIP,
        REPORTS,
        Item("Penjelasan", "notices_ask.index"), Item("Bahan Rapat", "summary.meeting"),
    ),
    Role.ADMIN: (
        HOME, Item("Perangkat Daerah", "units.index"), Item("Pejabat & Akun", "accounts.index"),
        Item("Mutasi", "accounts.moves"), Item("Tahapan", "waves.index"),
        Item("Jadwal", "reports.schedule"), Item("Kalender Kerja", "calendar.index"),
        Item("Batas Waktu Kontrak", "limits.index"), Item("Ketentuan Kontrak", "works.region"),
        Item("Warna Serapan", "bands.index"),
        Item("Format Laporan", "formats.index"), Item("Pengingat", "notices_admin.index"),
        Item("Identitas Daerah", "settings.index"), Item("Cadangan", "backup.index"),
        Item("Pengampu", "duties.index"), Item("Riwayat", "trail.index"),
        Item("Pemakaian", "contract_practice.adoption"), HELP,
    ),
    Role.PPK: FINANCE, Role.PPTK: FINANCE, Role.BENDAHARA: FINANCE, Role.PPK_SKPD: FINANCE,
    Role.BUD: (*FINANCE[:-1], ABSORPTION, Item("Register SP2D", "rak.register"), HELP),
    Role.UKPBJ: FINANCE,
}  # fmt: skip


def menu_of(
    actor: Actor, views: Mapping[str, Any], *, sekda: bool = False, inspektur: bool = False
) -> tuple[Item, ...]:
    """The items of the acting jabatan that are open to it.

    The Sekda and the Inspektur are kepala with more to read.
    """
    role = actor.acting.role if actor.acting else None
    items = MENUS.get(role, (HOME, HELP)) if role else (HOME, HELP)
    if sekda:
        items = SEKDA
    elif inspektur:
        items = (*HEAD[:2], *REVIEW, *HEAD[3:])
    return tuple(i for i in items if i.endpoint == "laporan" or open_to(actor, views[i.endpoint]))


def open_to(actor: Actor, view: Any) -> bool:
    """True when the gate would let the actor into this view."""
    wanted = getattr(view, "permission", None)
    return wanted is None or actor.may(wanted)
