"""The closed lists of this room: reasons of a pause, what a file can lack, how a hold ends."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.contracts.kinds import DESK_LABELS, GROUPS, Desk

#: Days of which nobody has said why: a category of its own, charged to nobody.
UNKNOWN = "belum_dicatat"
OWNER_LABELS: dict[str, str] = {**DESK_LABELS, UNKNOWN: "Sebab belum dicatat"}
OWNER_GROUPS: dict[str, str] = {**GROUPS, UNKNOWN: "Sebab belum dicatat"}


class Outcome(StrEnum):
    """How the stay of a file on a desk ended."""

    FORWARDED = "diteruskan"
    RETURNED = "dikembalikan"


class HindranceState(StrEnum):
    """Where a kendala stands."""

    STATED = "dicatat"
    ACCEPTED = "diterima"
    DECLINED = "belum_diterima"


HINDRANCE_LABELS: dict[str, str] = {
    HindranceState.STATED: "Dicatat, menunggu atasan", HindranceState.ACCEPTED: "Diterima",
    HindranceState.DECLINED: "Belum dapat diterima",
}  # fmt: skip


@dataclass(frozen=True)
class Reason:
    """Why a clock may stand still; ``owner`` is the desk category that the days go to."""

    key: str
    label: str
    owner: str
    basis: str
    everywhere: bool = False  # declared once by BPKAD for all contracts


#: Closed on purpose: a reason that is not here is told as a kendala, and stops no clock.
REASONS: dict[str, Reason] = {
    r.key: r
    for r in (
        Reason("kahar", "Keadaan kahar", Desk.LUAR, "Perpres 16/2018 Pasal 55"),
        Reason("lahan", "Lahan belum bebas", Desk.LUAR, "SSUK; berita acara serah terima lapangan"),
        Reason("perkara", "Perkara hukum atau pengaduan", Desk.LUAR, "Perpres 16/2018 Pasal 77"),
        Reason("izin", "Izin dari instansi lain belum terbit", Desk.LUAR, "SSUK"),
        Reason("cuaca", "Cuaca ekstrem, dinyatakan BMKG atau BPBD", Desk.LUAR, "SSUK"),
        Reason("dpa", "Perubahan DPA belum disahkan", Desk.LUAR, "PP 12/2019"),
        Reason("sistem", "SIPD gangguan", Desk.SISTEM, "Pernyataan BPKAD", everywhere=True),
        Reason("kas", "Kas daerah kosong atau transfer belum masuk", Desk.KAS,
               "Pernyataan BPKAD", everywhere=True),
    )
}  # fmt: skip

#: Desks whose clocks a declaration for all stops: SIPD is where SPP, SPM and SP2D are made; an
#: empty treasury keeps the BUD from paying.
STOPS: dict[str, frozenset[str]] = {
    "sistem": frozenset({Desk.BENDAHARA, Desk.PPK_SKPD, Desk.PA_KPA, Desk.BPKAD}),
    "kas": frozenset({Desk.BPKAD}),
}
#: Phase of contract_stages in which a declaration for all counts.
PAYMENT = "9_pembayaran"
#: Events by which a file moves in the payment chain; their steps make the Antrean Berkas.
QUEUE_PHASES = (PAYMENT, "6_uang_muka")

#: What a payment file holds (PP 12/2019 Pasal 148; Permendagri 77/2020; Perpres 16/2018 Pasal 53).
PAPERS: dict[str, str] = {
    "ringkasan": "Ringkasan kontrak", "kontrak": "Kontrak/SPK dan adendum",
    "kemajuan": "Berita acara kemajuan pekerjaan atau BAST",
    "bap": "Berita Acara Pembayaran", "kuitansi": "Kuitansi bermeterai",
    "invoice": "Surat tagihan (invoice)", "pajak": "Faktur pajak, kode billing, bukti potong",
    "jaminan": "Jaminan uang muka atau pemeliharaan (bila ada)", "foto": "Foto kemajuan",
    "rekening": "NPWP dan nomor rekening penyedia",
    "sptjm": "Surat pernyataan tanggung jawab PA", "subkon": "Bukti bayar subkontraktor (bila ada)",
}  # fmt: skip
#: Working days after which a file that nobody acknowledged counts as received.
RECEIPT_DAYS = 1
