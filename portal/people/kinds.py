"""The closed lists of this room: kinds of units, roles, ways of holding a jabatan, modules.

They stand apart from models.py so that rules.py stays free of the database.
"""

from __future__ import annotations

from enum import StrEnum


class UnitKind(StrEnum):
    """Kinds of Perangkat Daerah; values are stored."""

    PEMDA = "pemda"  # the region itself, root of the tree
    SEKRETARIAT = "sekretariat"  # sekretariat daerah, sekretariat DPRD
    BAGIAN = "bagian"  # bagian setda
    DINAS = "dinas"
    BADAN = "badan"
    INSPEKTORAT = "inspektorat"
    KECAMATAN = "kecamatan"
    KELURAHAN = "kelurahan"
    UPT = "upt"


#: The unit whose head is the Sekretaris Daerah.
SEKDA_UNIT = "SETDA"


class Role(StrEnum):
    """What a jabatan does in the portal; values are stored."""

    OPERATOR = "operator"
    VERIFIKATOR = "verifikator"
    KEPALA = "kepala"
    APIP = "apip"
    SEKRETARIAT = "sekretariat"
    PIMPINAN = "pimpinan"
    ADMIN = "admin"
    PPK = "ppk"
    PPTK = "pptk"
    BENDAHARA = "bendahara"
    PPK_SKPD = "ppk_skpd"
    BUD = "bud"
    UKPBJ = "ukpbj"


class Sifat(StrEnum):
    """How a person holds a jabatan."""

    DEFINITIF = "definitif"
    PLT = "plt"
    PLH = "plh"
    PJ = "pj"


class Module(StrEnum):
    """What is rolled out in tahap."""

    LPPD = "lppd"
    LKPJ = "lkpj"
    SPM = "spm"
    SAKIP = "sakip"
    KONTRAK = "kontrak"


#: What officials write before the title of an acting holder.
SIFAT_PREFIX: dict[str, str] = {
    Sifat.DEFINITIF: "", Sifat.PLT: "Plt. ", Sifat.PLH: "Plh. ", Sifat.PJ: "Pj. ",
}  # fmt: skip
SIFAT_LABELS: dict[str, str] = {
    Sifat.DEFINITIF: "Definitif", Sifat.PLT: "Plt. (pelaksana tugas)",
    Sifat.PLH: "Plh. (pelaksana harian)", Sifat.PJ: "Pj. (penjabat)",
}  # fmt: skip
ROLE_LABELS: dict[str, str] = {
    Role.OPERATOR: "Operator",
    Role.VERIFIKATOR: "Verifikator PD",
    Role.KEPALA: "Kepala PD",
    Role.APIP: "APIP (Inspektorat)",
    Role.SEKRETARIAT: "Sekretariat laporan",
    Role.PIMPINAN: "Pimpinan daerah",
    Role.ADMIN: "Admin Diskominfo",
    Role.PPK: "PPK (Pejabat Pembuat Komitmen)",
    Role.PPTK: "PPTK (Pejabat Pelaksana Teknis Kegiatan)",
    Role.BENDAHARA: "Bendahara Pengeluaran",
    Role.PPK_SKPD: "PPK-SKPD (Pejabat Penatausahaan Keuangan)",
    Role.BUD: "BUD (Bendahara Umum Daerah)",
    Role.UKPBJ: "UKPBJ (Pengadaan Barang/Jasa)",
}
KIND_LABELS: dict[str, str] = {
    UnitKind.PEMDA: "Pemerintah daerah",
    UnitKind.SEKRETARIAT: "Sekretariat",
    UnitKind.BAGIAN: "Bagian Setda",
    UnitKind.DINAS: "Dinas",
    UnitKind.BADAN: "Badan",
    UnitKind.INSPEKTORAT: "Inspektorat",
    UnitKind.KECAMATAN: "Kecamatan",
    UnitKind.KELURAHAN: "Kelurahan",
    UnitKind.UPT: "UPT",
}
MODULE_LABELS: dict[str, str] = {
    Module.LPPD: "LPPD",
    Module.LKPJ: "LKPJ",
    Module.SPM: "SPM (Standar Pelayanan Minimal)",
    Module.SAKIP: "SAKIP",
    Module.KONTRAK: "Kontrak dan Serapan",
}
