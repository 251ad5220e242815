"""Papers of reminders, through the house's printers: the draft of a letter, the proof of notice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from flask import current_app

from portal import clock
from portal.desks import queries as desks
from portal.documents import papers
from portal.documents.naming import safe
from portal.documents.signature import Official, block
from portal.documents.signature import Options as SignOptions
from portal.documents.signature import Region as SignRegion
from portal.documents.tree import (
    Block,
    Document,
    ListBlock,
    Paragraph,
    Run,
    Table,
    Unit,
)
from portal.indonesian import MONTHS, clock_time, long_date
from portal.notices.models import LetterDraft
from portal.notices.proof import Proof, ProofLine
from portal.notices.queries import DOUBT
from portal.notices.sources import ids
from portal.people import queries as people
from portal.people import workdays
from portal.people.kinds import SEKDA_UNIT, Role
from portal.people.region import Region, region

#: Working days that the letter gives to finish or to explain.
LETTER_DAYS = 10
PURPOSE = "Data ini alat bantu pengendalian kegiatan, bukan dasar penjatuhan hukuman disiplin."


def _plain(words: str) -> Paragraph:
    return Paragraph((Run(words),), "plain")


def _points(lines: tuple[str, ...]) -> ListBlock:
    return ListBlock(tuple((f"{n}.", 0, (Run(line),)) for n, line in enumerate(lines, start=1)))


# --- Naskah surat: draft for the Sekda's decision --------------------------------


def letter_name(draft: LetterDraft, today: date) -> str:
    """``Naskah-Surat_DPUPR_2026-03-16.docx``."""
    unit = people.unit_info(draft.unit_id, today)
    stem = f"Naskah-Surat_{safe(unit.short_name if unit else '')}_{draft.made_on.isoformat()}"
    return f"{stem}{'_DATA-CONTOH' if region(today).demo else ''}.docx"


def letter(draft: LetterDraft, today: date) -> Document:
    """The draft: number, day and signature stay open, people decide and sign outside."""
    here = region(today)
    unit = people.unit_info(draft.unit_id, today)
    head = f"Kepala {unit.name}" if unit else "Kepala Perangkat Daerah"
    copies = (f"{here.kepala_daerah} {here.nama} (sebagai laporan);", "Inspektur Daerah;",
              "Kepala perangkat daerah pengelola keuangan daerah.")  # fmt: skip
    body = (
        *_letter_head(here, today, head), *_letter_body(draft, here, today), papers.space(),
        _sekda(here, today), papers.space(), _plain("Tembusan:"), _points(copies),
    )  # fmt: skip
    made = papers.paper("Naskah surat percepatan penyelesaian administrasi kegiatan", body,
                        "Naskah, diputuskan dan dinomori di luar portal")  # fmt: skip
    return replace(made, units=(*made.units, Unit("lampiran", "", False, _attachment(draft))))


def _letter_head(here: Region, today: date, head: str) -> list[Block]:
    address = ", ".join(part for part in (here.alamat, here.telepon, here.pos_el, here.laman)
                        if part)  # fmt: skip
    day = f"{here.ibu_kota}, ......{chr(160)}{MONTHS[today.month - 1]} {today.year}"
    lines = (
        ("Nomor", 6, "........../......... (diisi di luar portal)"), ("Sifat", 9, "Segera"),
        ("Lampiran", 1, "1 (satu) lembar"),
        ("Hal", 11, f"Percepatan Penyelesaian Administrasi Kegiatan Tahun Anggaran {today.year}"),
    )  # fmt: skip
    return [
        Paragraph((Run(f"PEMERINTAH {here.full.upper()}", bold=True),), "center"),
        Paragraph((Run("SEKRETARIAT DAERAH", bold=True),), "center"),
        *([papers.centred(address)] if address else []),
        papers.space(),
        _plain(day),
        papers.space(),
        *(_plain(f"{label}{chr(160) * wide}: {words}") for label, wide, words in lines),
        papers.space(),
        _plain(f"Yth. {head}"),
        _plain("di Tempat"),
        papers.space(),
    ]  # fmt: skip


def _letter_body(draft: LetterDraft, here: Region, today: date) -> list[Block]:
    until = workdays.calendar().add(today, LETTER_DAYS)
    points = (
        f"menyelesaikan tahapan dimaksud paling lambat {long_date(until)}; atau",
        "menyampaikan penjelasan beserta dokumen pendukung apabila terdapat kendala di luar "
        "kewenangan perangkat daerah; dan",
        "melaporkan hasilnya kepada Sekretaris Daerah melalui Bagian Administrasi Pembangunan.",
    )
    return [
        papers.text(f"Berdasarkan data pengendalian kegiatan {here.full} per {long_date(today)}, "
                    f"terdapat {len(draft.items)} tahapan administrasi kontrak pada perangkat "
                    "daerah Saudara yang melewati batas waktu sebagaimana daftar terlampir."),
        papers.text("Sehubungan dengan hal tersebut, diminta Saudara:"),
        _points(points),
        papers.text("Demikian untuk menjadi perhatian dan dilaksanakan."),
    ]  # fmt: skip


def _sekda(here: Region, today: date) -> Block:
    setda = people.unit_by_code(SEKDA_UNIT)
    holder = people.holder(setda.id, Role.KEPALA, today) if setda else None
    who = (
        Official(holder.name, holder.bare_name, holder.sifat, holder.nip, holder.pangkat,
                 holder.golongan, holder.title)
        if holder else None
    )  # fmt: skip
    return block(
        "sekda", who, SignRegion(here.nama, here.full, here.kepala_daerah, here.ibu_kota),
        "",  # the day stands at the head of a letter
        SignOptions(sekda_nip=here.sekda_pangkat, nip_groups=here.nip_kelompok), on_behalf=True,
    )  # fmt: skip


def _attachment(draft: LetterDraft) -> tuple[Block, ...]:
    heads = (("No", 0.06), ("Kontrak", 0.2), ("Tahap", 0.22), ("Batas", 0.14),
             ("Posisi berkas (jabatan)", 0.17), ("Kendala yang tercatat", 0.21))  # fmt: skip
    steps = ids(item["subject"] for item in draft.items)
    told = {steps[step]: text for step, text in desks.stated(steps).items()}
    rows = [
        (item["kontrak"], item["tahap"],
         long_date(date.fromisoformat(item["batas"])) if item["batas"] else "-", item["meja"],
         told.get(item["subject"], "-")[:200])
        for item in draft.items
    ]  # fmt: skip
    return (
        papers.title("Lampiran", "lampiran"),
        papers.table("lampiran_tabel", "Tahapan yang Melewati Batas Waktu", heads, rows),
        Paragraph((Run(PURPOSE),), "note"),
    )


# --- Bukti pemberitahuan ---------------------------------------------------------------------


def proof_name(number: str, today: date) -> str:
    """``Bukti-Pemberitahuan_602-15-PUPR``."""
    return (f"Bukti-Pemberitahuan_{safe(number)}"
            f"{'_DATA-CONTOH' if region(today).demo else ''}")  # fmt: skip


def _moment(at: datetime | None) -> str:
    if at is None:
        return ""
    config = current_app.config["SELARAS"]
    local = clock.local(at, config.zone)
    return (
        f"{local.day}/{local.month}/{local.year} {clock_time(at, config.zone, config.zone_label)}"
    )


def _fate(line: ProofLine) -> str:
    """What became of a notice, in the order of time."""
    out = [f"Kotak masuk {_moment(line.at)}"]
    if line.opened_at:
        out.append(f"dibuka {_moment(line.opened_at)}")
    for one in line.messages:
        words = [f"{one.gateway_label or one.channel} {_moment(one.started_at)}"]
        for label, at in (("diterima penyedia", one.accepted_at), ("sampai", one.delivered_at),
                          ("dibaca", one.read_at)):  # fmt: skip
            if at:
                words.append(f"{label} {_moment(at)}")
        if one.error:
            words.append(f"tidak terkirim: {one.error}")
        if one.provider_id:
            words.append(f"nomor penyedia {one.provider_id[:40]}")
        if one.doubtful:
            words.append(DOUBT.lower())
        out.append(", ".join(words))
    return "; ".join(out)


def proof_table(proof: Proof) -> Table:
    """The notices of a contract as a table for a document: also a part of the chronology."""
    heads = (("No", 0.05), ("Jenjang dan isi", 0.37), ("Kepada (jabatan)", 0.18),
             ("Riwayat", 0.40))  # fmt: skip
    rows = [(f"{line.rung_label}. {line.what}", line.to_title, _fate(line))
            for line in proof.lines]  # fmt: skip
    return papers.table("bukti_tabel", "Pemberitahuan dan Buktinya", heads, rows)


def _questions(proof: Proof) -> Table:
    heads = (("No", 0.05), ("Pertanyaan", 0.38), ("Oleh", 0.2), ("Jawaban", 0.37))
    rows = [
        (q.question, f"{q.asked_by}, {_moment(q.asked_at)}",
         f"{q.cause} {q.action} Perkiraan selesai "
         f"{long_date(q.promised_on) if q.promised_on else '-'} ({q.answered_by})"
         if q.answered_at else "Belum dijawab")
        for q in proof.questions
    ]  # fmt: skip
    return papers.table("tanya", "Permintaan Penjelasan", heads, rows)


def proof_paper(number: str, proof: Proof, today: date) -> Document:
    """The proof of one contract; jabatan only, no person and no number."""
    name = f"Bukti Pemberitahuan Kontrak {number}"
    whole = (
        f"Rantai catatan utuh: {proof.entries} catatan, kode keaslian {proof.head[:16].upper()}."
        if proof.broken is None
        else f"PERHATIAN: catatan ke-{proof.broken} tidak cocok dengan kode keasliannya."
    )
    parts: list[Block] = [
        papers.title(name, "bukti"),
        papers.text(f"Keadaan {long_date(today)}. Nama orang dan nomor telepon tidak dimuat; "
                    "penerima ditulis menurut jabatan."),
        proof_table(proof),
        *([_questions(proof)] if proof.questions else []),
        papers.text(whole),
        Paragraph((Run(PURPOSE),), "note"),
    ]  # fmt: skip
    made = papers.paper(name, parts, name)
    return replace(made, units=tuple(replace(unit, landscape=True) for unit in made.units))
