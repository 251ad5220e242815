"""The closed lists of this room: kinds of work, methods, rule versions, desks, roles, states.

They stand apart from models.py so that the pure rules stay free of the database.
"""

from __future__ import annotations

from enum import StrEnum


class ContractState(StrEnum):
    """Where a package stands; values are stored."""

    PACKAGE = "paket"  # known from the RUP, not signed yet
    RUNNING = "berjalan"
    DONE = "selesai"
    ENDED = "putus"  # pemutusan kontrak
    DROPPED = "batal"


class StepState(StrEnum):
    """What is stored of a step; whether it is late is computed, never stored."""

    OPEN = "open"
    DONE = "done"
    OPENING = "opening"  # Data awal: done before the contract entered the portal
    VOID = "void"  # Tidak berlaku


class Detail(StrEnum):
    """How fine the steps of a contract are."""

    TONGGAK = "tonggak"
    RINCI = "rinci"


class Desk(StrEnum):
    """The 11 places where the waiting days of a step can lie."""

    PENYEDIA = "penyedia"
    PENGAWAS = "pengawas"
    PPK_PPTK = "ppk_pptk"
    UKPBJ = "ukpbj_pokja"
    BENDAHARA = "bendahara"
    PPK_SKPD = "ppk_skpd"
    PA_KPA = "pa_kpa"
    BPKAD = "bpkad_bud"
    KAS = "kas_transfer"
    SISTEM = "sistem"
    LUAR = "luar"


class BillingKind(StrEnum):
    """What a bill (berkas bayar) pays."""

    ADVANCE = "uang_muka"
    TERM = "termin"
    FINAL = "akhir"
    RETENTION = "retensi"


class GuaranteeState(StrEnum):
    """Whether a guarantee still stands; an expiry date in the past is computed, not stored."""

    VALID = "berlaku"
    RETURNED = "dikembalikan"
    CLAIMED = "dicairkan"
    REPLACED = "diganti"


STATE_LABELS: dict[str, str] = {
    ContractState.PACKAGE: "Paket, belum berkontrak", ContractState.RUNNING: "Berjalan",
    ContractState.DONE: "Selesai", ContractState.ENDED: "Diputus", ContractState.DROPPED: "Batal",
}  # fmt: skip
TYPES: dict[str, str] = {
    "konstruksi": "Konstruksi", "barang": "Barang", "konsultansi": "Konsultansi",
    "jasa_lainnya": "Jasa Lainnya", "swakelola_1": "Swakelola Tipe I",
    "swakelola_2": "Swakelola Tipe II", "swakelola_3": "Swakelola Tipe III",
    "swakelola_4": "Swakelola Tipe IV",
}  # fmt: skip
METHODS: dict[str, str] = {
    "tender": "Tender", "tender_cepat": "Tender cepat", "seleksi": "Seleksi",
    "penunjukan_langsung": "Penunjukan langsung", "pengadaan_langsung": "Pengadaan langsung",
    "e_purchasing": "E-purchasing (katalog)", "swakelola": "Swakelola",
}  # fmt: skip
DETAILS: dict[str, str] = {Detail.TONGGAK: "Tonggak", Detail.RINCI: "Rinci"}
#: Which method fits which type (Perpres 16/2018 Pasal 38 and 41; e-purchasing of konsultansi:
#: Perpres 46/2025).
PAIRS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("konstruksi", "barang", "jasa_lainnya"),
        ("tender", "tender_cepat", "penunjukan_langsung", "pengadaan_langsung", "e_purchasing"),
    ),
    "konsultansi": ("seleksi", "penunjukan_langsung", "pengadaan_langsung", "e_purchasing"),
    **dict.fromkeys(("swakelola_1", "swakelola_2", "swakelola_3", "swakelola_4"), ("swakelola",)),
}
#: Roles of a contract that a jabatan holds. ``penyedia`` and ``luar`` have no jabatan.
ROLES: dict[str, str] = {
    "ppk": "PPK (Pejabat Pembuat Komitmen)",
    "pptk": "PPTK (Pejabat Pelaksana Teknis Kegiatan)",
    "bendahara": "Bendahara Pengeluaran",
    "ppk_skpd": "PPK-SKPD (Pejabat Penatausahaan Keuangan)",
    "pa": "PA/KPA (Pengguna Anggaran)",
    "bud": "Kuasa BUD (BPKAD)",
    "pengawas": "Pengawas lapangan",
    "pokja": "Pokja Pemilihan/Pejabat Pengadaan (UKPBJ)",
}
HOLDER_LABELS: dict[str, str] = {**ROLES, "penyedia": "Penyedia", "luar": "Pihak lain"}
#: Without these a contract cannot be entered; the others are filled in from the Perangkat Daerah.
NEEDED = ("ppk", "bendahara", "bud")
DESK_LABELS: dict[str, str] = {
    Desk.PENYEDIA: "Penyedia", Desk.PENGAWAS: "Pengawas", Desk.PPK_PPTK: "PPK/PPTK",
    Desk.UKPBJ: "UKPBJ/Pokja Pemilihan", Desk.BENDAHARA: "Bendahara Pengeluaran",
    Desk.PPK_SKPD: "PPK-SKPD (Pejabat Penatausahaan Keuangan)",
    Desk.PA_KPA: "PA/KPA (tanda tangan)", Desk.BPKAD: "BPKAD/Kuasa BUD",
    Desk.KAS: "Kas daerah/transfer pusat", Desk.SISTEM: "Sistem (SIPD)",
    Desk.LUAR: "Di luar kendali",
}  # fmt: skip
#: The five groups that leaders see, and what nobody here can help.
GROUPS: dict[str, str] = {
    "penyedia": "Penyedia", "ppk": "PPK/PPTK", "keuangan": "Keuangan OPD", "bpkad": "BPKAD",
    "pengadaan": "Pengadaan (UKPBJ)", "luar": "Di luar kendali",
}  # fmt: skip
GROUP_OF: dict[str, str] = {
    Desk.PENYEDIA: "penyedia", Desk.PENGAWAS: "ppk", Desk.PPK_PPTK: "ppk",
    Desk.UKPBJ: "pengadaan", Desk.BENDAHARA: "keuangan", Desk.PPK_SKPD: "keuangan",
    Desk.PA_KPA: "keuangan", Desk.BPKAD: "bpkad", Desk.KAS: "luar", Desk.SISTEM: "luar",
    Desk.LUAR: "luar",
}  # fmt: skip
#: The desk of a holder where the template names no other.
DESK_OF: dict[str, str] = {
    "ppk": Desk.PPK_PPTK, "pptk": Desk.PPK_PPTK, "bendahara": Desk.BENDAHARA,
    "ppk_skpd": Desk.PPK_SKPD, "pa": Desk.PA_KPA, "bud": Desk.BPKAD, "pengawas": Desk.PENGAWAS,
    "pokja": Desk.UKPBJ, "penyedia": Desk.PENYEDIA, "luar": Desk.LUAR,
}  # fmt: skip
#: Who records a step of a holder that has no account, in order.
RECORDERS: dict[str, tuple[str, ...]] = {
    "penyedia": ("ppk", "pptk"), "pengawas": ("pengawas", "pptk", "ppk"),
    "luar": ("ppk", "pptk"), "ppk": ("ppk", "pptk"), "pptk": ("pptk", "ppk"),
}  # fmt: skip
PHASES: dict[str, str] = {
    "1_anggaran": "Anggaran", "2_persiapan": "Persiapan pengadaan", "3_pemilihan": "Pemilihan",
    "4_kontrak": "Kontrak", "5_mulai_kerja": "Mulai kerja", "6_uang_muka": "Uang muka",
    "7_pelaksanaan": "Pelaksanaan", "8_perubahan_kritis": "Perubahan dan kontrak kritis",
    "9_pembayaran": "Pembayaran", "10_serah_terima": "Serah terima",
    "11_pemeliharaan": "Pemeliharaan", "12_akhir_tahun": "Akhir tahun anggaran",
}  # fmt: skip
BILLING_LABELS: dict[str, str] = {
    BillingKind.ADVANCE: "Uang muka", BillingKind.TERM: "Termin",
    BillingKind.FINAL: "Pembayaran akhir", BillingKind.RETENTION: "Retensi",
}  # fmt: skip
PAYMENTS: dict[str, str] = {
    "sekaligus": "Sekaligus", "termin": "Termin", "bulanan": "Bulanan",
}  # fmt: skip
RETENTIONS: dict[str, str] = {
    "tidak": "Tanpa masa pemeliharaan", "retensi": "Retensi ditahan",
    "jaminan": "Jaminan pemeliharaan",
}  # fmt: skip
GUARANTEES: dict[str, str] = {
    "pelaksanaan": "Jaminan pelaksanaan", "uang_muka": "Jaminan uang muka",
    "pemeliharaan": "Jaminan pemeliharaan", "penawaran": "Jaminan penawaran",
    "sanggah_banding": "Jaminan sanggah banding",
}  # fmt: skip
GUARANTEE_STATES: dict[str, str] = {
    GuaranteeState.VALID: "Berlaku", GuaranteeState.RETURNED: "Dikembalikan",
    GuaranteeState.CLAIMED: "Dicairkan", GuaranteeState.REPLACED: "Diganti",
}  # fmt: skip
#: Sources of money as SIPD names them; a region adds its own by typing it.
FUNDS: tuple[str, ...] = (
    "PAD", "DAU", "DAU ditentukan penggunaannya", "DBH", "DAK Fisik", "DAK Nonfisik",
    "Insentif Fiskal", "Bantuan Keuangan Provinsi", "PEN", "SiLPA", "BLUD",
)  # fmt: skip
VENDOR_KINDS: dict[str, str] = {"badan": "Badan usaha", "orang": "Orang perseorangan"}
