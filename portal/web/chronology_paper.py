"""Berkas kronologi kontrak on paper: what was planned, what happened, and the proof of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from portal.chronology import rules
from portal.chronology.queries import Chronology
from portal.clock import IsWorkday
from portal.contracts.kinds import (
    GUARANTEE_STATES,
    GUARANTEES,
    HOLDER_LABELS,
    METHODS,
    PHASES,
    STATE_LABELS,
    TYPES,
    StepState,
)
from portal.contracts.models import Contract
from portal.contracts.planning import Days
from portal.desks.kinds import HINDRANCE_LABELS, REASONS
from portal.documents import papers
from portal.documents.naming import safe
from portal.documents.tree import (
    Block,
    Cell,
    Document,
    Heading,
    ListBlock,
    Paragraph,
    Row,
    Run,
    Table,
)
from portal.indonesian import long_date, number, rupiah
from portal.people import queries as people
from portal.people.region import region
from portal.web import chronology_pictures as pictures
from portal.web.chronology_words import day, moment, plans_words, stays_words
from portal.web.notices_paper import PURPOSE, proof_table

VERIFIED = "UTUH"


def name_of(contract: Contract) -> str:
    """``Kronologi_602-15-PUPR``."""
    sample = "_DATA-CONTOH" if region(people.today()).demo else ""
    return f"Kronologi_{safe(contract.number)}{sample}"


def outside(
    found: Chronology, today: date, is_workday: IsWorkday, words: str, mark: str
) -> Document:
    """The chronology for a reader outside: no stays on desks, no notices, no acts; marked.

    ``words`` name recipient, letter and number of the pack; ``mark`` stands across each page.
    """
    contract = found.contract
    name = f"Paket Data Kontrak {contract.number}"
    bare = replace(found, steps=tuple(replace(s, stays=()) for s in found.steps))
    blocks: list[Block] = [
        papers.title("Paket Data Kontrak", "paket"), papers.centred(words),
        papers.text(f"Keadaan {long_date(today)}. Diserahkan untuk keperluan yang disebut dalam "
                    "surat itu saja."),
        _facts(contract), *_verdict(found),
        _head("A", "Langkah, rencana, dan kenyataan"), *_steps(bare, is_workday, desks=False),
        _head("B", "Perubahan kontrak dan jaminan"), _addenda(contract), _guarantees(contract),
        _head("C", "Penundaan tercatat"), _pauses(found),
        _head("D", "Pembayaran"), _payments(found),
        _head("E", "Kemajuan pekerjaan dan foto"), _progress(found), *pictures.blocks(found),
        _head("Lampiran", "Kode keaslian berkas"), *_codes(found),
    ]  # fmt: skip
    made = papers.paper(name, blocks, f"{name}. {words}")
    return replace(made, units=tuple(replace(u, landscape=True) for u in made.units),
                   marks=replace(made.marks, watermark=mark))  # fmt: skip


def paper(found: Chronology, today: date, is_workday: IsWorkday) -> Document:
    """The whole chronology as a tree, landscape."""
    contract = found.contract
    name = f"Kronologi Kontrak {contract.number}"
    blocks: list[Block] = [
        papers.title("Berkas Kronologi Kontrak", "kronologi"),
        papers.centred(f"Nomor {contract.number}"),
        papers.text(f"Keadaan {long_date(today)}. Disusun dari catatan Selaras. Nama orang tidak "
                    "dimuat: setiap perbuatan ditulis menurut jabatan."),
        _facts(contract), *_verdict(found),
        _head("A", "Langkah, rencana, dan kenyataan"), *_steps(found, is_workday),
        _head("B", "Perubahan kontrak dan jaminan"), _addenda(contract), _guarantees(contract),
        _head("C", "Penundaan tercatat"), _pauses(found),
        _head("D", "Kendala dan tanggapan"), _obstacles(found), _replies(found),
        _head("E", "Pemberitahuan dan buktinya"), proof_table(found.proof), _notice_chain(found),
        _head("F", "Pembayaran"), _payments(found),
        _head("G", "Kemajuan pekerjaan dan foto"), _progress(found),
        *pictures.blocks(found, places=True),
        _head("H", "Riwayat perbuatan"), _acts(found),
        _head("Lampiran", "Kode keaslian berkas"), *_codes(found),
        Paragraph((Run(PURPOSE),), "note"),
    ]  # fmt: skip
    made = papers.paper(name, blocks, f"{name}, keadaan {long_date(today)}")
    return replace(made, units=tuple(replace(u, landscape=True) for u in made.units))


def printed(made: Document, kind: str) -> bytes:
    """The bytes as ``pdf`` or ``docx``; photos are made small enough to carry."""
    return papers.printed(made, kind, pictures.reader())


def _head(mark: str, words: str) -> Heading:
    return Heading(2, f"{mark}.", words, f"bagian-{mark.lower()}", listed=False)


def _facts(contract: Contract) -> Table:
    unit = people.unit_info(contract.unit_id, people.today())
    first = contract.first_ends_on
    semula = f" (semula {long_date(first)})" if first and first != contract.ends_on else ""
    was = (f" (semula {rupiah(contract.first_value)})"
           if contract.first_value and contract.first_value != contract.value else "")  # fmt: skip
    rows = [
        ("Perangkat daerah", unit.name if unit else ""), ("Pekerjaan", contract.title),
        ("Kontrak", f"{contract.number}, {long_date(contract.signed_on)}"),
        ("Jenis dan metode", f"{TYPES[contract.type]}, {METHODS[contract.method]}"),
        ("Penyedia", contract.vendor or "-"), ("Nilai", f"{rupiah(contract.value)}{was}"),
        ("Sumber dana", "; ".join(f"{f.fund} {rupiah(f.amount)}" for f in contract.funds)
         or contract.fund),
        ("Masa pelaksanaan", f"{long_date(contract.starts_on)} s.d. "
                             f"{long_date(contract.ends_on)}{semula}"),
        ("Keadaan", STATE_LABELS[contract.state]),
        ("Dicatat di Selaras sejak", long_date(contract.goes_live)),
    ]  # fmt: skip
    return _grid("data", "", (("Hal", 0.24), ("Isi", 0.76)), rows)


def _grid(key: str, caption: str, heads: tuple[tuple[str, float], ...],
          rows: Sequence[tuple[str, ...]]) -> Table:  # fmt: skip
    """A table without numbers before its rows."""
    made = papers.table(key, caption, (("No", 0.0), *heads), rows)
    body = tuple(replace(r, cells=r.cells[1:]) if len(r.cells) > 1 else r for r in made.rows)
    columns = tuple(replace(c, align="left") for c in made.columns[1:])
    return replace(made, columns=columns, head=(made.head[0][1:],), rows=body)


def _verdict(found: Chronology) -> list[Block]:
    """Whether the chain and the files are whole, in words; first page."""
    chain = found.chain
    words = [
        f"Rantai catatan kontrak {VERIFIED}: {chain.entries} catatan, kode keaslian catatan "
        f"terakhir {rules.code(chain.head)} (SHA-256 {chain.head})."
        if chain.whole else
        "PERHATIAN, rantai catatan kontrak TIDAK UTUH: "
        + "; ".join([*(f"catatan ke-{f.seq} {f.what}" for f in chain.faults), *chain.mismatches])
        + ".",
        f"Berkas: {len(found.files)} berkas, semua cocok dengan kode keasliannya."
        if not found.damaged else
        "PERHATIAN, berkas tidak cocok dengan kode keasliannya: "
        + "; ".join(f"{f.place} ({f.name}) {f.state}" for f in found.damaged) + ".",
    ]  # fmt: skip
    return [papers.text("Pemeriksaan keutuhan", bold=True),
            ListBlock(tuple(("•", 0, (Run(w),)) for w in words))]  # fmt: skip


_STATES = {StepState.OPENING: "Data awal", StepState.VOID: "Tidak berlaku"}


def _steps(found: Chronology, is_workday: IsWorkday, desks: bool = True) -> list[Block]:
    """Every step with its plans; without ``desks`` nothing is said of how long a file lay where."""
    days = Days(is_workday)
    bills = {b.instance: b.title for b in found.contract.billings}
    heads: tuple[tuple[str, float], ...]
    heads = (("No", 0.04), ("Langkah dan pemegang", 0.24), ("Rencana (semua jadwal)", 0.24),
             ("Selesai dan dokumen", 0.21), ("Perjalanan berkas antarmeja", 0.27))  # fmt: skip
    if not desks:
        heads = (("No", 0.04), ("Langkah dan pemegang", 0.32), ("Rencana (semua jadwal)", 0.34),
                 ("Selesai dan dokumen", 0.3))  # fmt: skip
    rows: list[tuple[int, str, tuple[str, ...]]] = []
    for n, line in enumerate(found.steps, start=1):
        step = line.step
        title = f"{step.title}{f' ({bills[step.instance]})' if step.instance in bills else ''}"
        done = _STATES.get(StepState(step.state), "")
        if step.done_on:
            code = f"; kode {rules.code(step.sha256)}" if step.sha256 else ""
            done = "; ".join(x for x in (done, day(step.done_on), step.doc_no) if x) + code
        past = f" Riwayat: {step.former}." if step.former else ""
        said = (f"{title}. {HOLDER_LABELS[step.holder]}.{past}", plans_words(line), done or "belum")
        rows.append((n, step.phase, (*said, stays_words(line, days)) if desks else said))
    made = papers.table("langkah", "", heads, [])
    body: list[Row] = []
    phase = None
    for n, at, cells in rows:
        if at != phase and at in PHASES:
            body.append(Row((Cell((Run(PHASES[at]),), len(heads), align="left"),), "group"))
        phase = at
        body.append(Row(tuple(Cell((Run(w),) if w else ()) for w in (str(n), *cells))))
    return [
        replace(made, rows=tuple(body)),
        Paragraph((Run("Jadwal yang pernah berlaku ditulis semuanya, yang terakhir adalah yang "
                       "berlaku. Hari = hari kerja menurut kalender daerah."),), "note"),
    ]  # fmt: skip


def _addenda(contract: Contract) -> Table:
    heads = (("No", 0.05), ("Nomor dan tanggal", 0.28), ("Nilai", 0.2), ("Waktu", 0.22),
             ("Dasar", 0.25))  # fmt: skip
    rows = [
        (f"{a.number}, {day(a.signed_on)}",
         rupiah(a.value_change) if a.value_change else "tetap",
         f"{day(a.ends_before)} menjadi {day(a.ends_on)}"
         + (" (pemberian kesempatan)" if a.kind == "kesempatan" else ""), a.basis)
        for a in contract.addenda
    ]  # fmt: skip
    return papers.table("adendum", "Adendum", heads, rows)


def _guarantees(contract: Contract) -> Table:
    heads = (("No", 0.05), ("Jaminan", 0.25), ("Nomor dan penerbit", 0.3), ("Nilai", 0.18),
             ("Berlaku", 0.22))  # fmt: skip
    rows = [
        (GUARANTEES.get(g.kind, g.kind), f"{g.number}, {g.issuer}", rupiah(g.amount),
         f"{day(g.starts_on)} s.d. {day(g.ends_on)}; {GUARANTEE_STATES[g.state].lower()} "
         f"{day(g.state_on)}".rstrip())
        for g in contract.guarantees
    ]  # fmt: skip
    return papers.table("jaminan", "Jaminan", heads, rows)


def _titles(found: Chronology) -> dict[int, str]:
    return {s.id: s.title for s in found.contract.steps}


def _pauses(found: Chronology) -> Table:
    titles = _titles(found)
    heads = (("No", 0.05), ("Sebab", 0.25), ("Sejak dan sampai", 0.18), ("Langkah", 0.17),
             ("Dokumen", 0.22), ("Dicatat oleh", 0.13))  # fmt: skip
    rows = [
        (". ".join(x for x in (REASONS[p.reason].label, p.note) if x),
         f"{day(p.since)} s.d. {day(p.until) or 'sekarang'}",
         titles.get(p.step_id or 0, "semua kontrak, dinyatakan BPKAD" if p.contract_id is None
                    else "semua langkah"),
         f"{p.doc_no}; kode {rules.code(p.sha256)}", p.by_label)
        for p in found.told.pauses
    ]  # fmt: skip
    return papers.table("penundaan", "", heads, rows)


def _obstacles(found: Chronology) -> Table:
    titles = _titles(found)
    heads = (("No", 0.05), ("Langkah", 0.19), ("Kendala", 0.33), ("Dicatat", 0.19),
             ("Jawaban atasan", 0.24))  # fmt: skip
    rows = [
        (titles.get(o.step_id, ""),
         o.text.rstrip(".") + "."
         + (f" Perkiraan selesai {day(o.expected_on)}." if o.expected_on else "")
         + (f" Kode {rules.code(o.sha256)}." if o.sha256 else ""),
         f"{moment(o.at)}, {o.by_label}"
         f"{'' if o.in_time else ' (setelah batas)'}",
         ". ".join(x for x in (
             HINDRANCE_LABELS[o.state], o.answer,
             f"{o.answered_by}, {moment(o.answered_at)}" if o.answered_at else "")
             if x))
        for o in found.told.obstacles
    ]  # fmt: skip
    return papers.table("kendala", "Kendala", heads, rows)


def _replies(found: Chronology) -> Table:
    titles = _titles(found)
    heads = (("No", 0.05), ("Langkah", 0.22), ("Pihak", 0.16), ("Tanggapan", 0.37),
             ("Dicatat", 0.2))  # fmt: skip
    rows = [
        (titles.get(r.step_id, ""), HOLDER_LABELS.get(r.party, r.party),
         r.text + (f" Kode {rules.code(r.sha256)}." if r.sha256 else ""),
         f"{moment(r.at)}, {r.by_label}")
        for r in found.told.replies
    ]  # fmt: skip
    return papers.table("tanggapan", "Tanggapan", heads, rows)


def _notice_chain(found: Chronology) -> Paragraph:
    got = found.proof
    words = (
        f"Rantai catatan pemberitahuan {VERIFIED.lower()}: {got.entries} catatan"
        + (f", kode keaslian {rules.code(got.head)}." if got.head else ".")
        if got.broken is None
        else f"PERHATIAN: catatan pemberitahuan ke-{got.broken} tidak cocok dengan kodenya."
    )
    return Paragraph((Run(words),), "note")


def _payments(found: Chronology) -> Table:
    heads = (("No", 0.05), ("Pembayaran", 0.17), ("Berita acara", 0.2), ("Bruto", 0.15),
             ("Potongan uang muka, retensi, denda", 0.22), ("SP2D", 0.21))  # fmt: skip
    rows = []
    for bill in found.money.bills:
        paid = bill.payment
        rows.append((
            bill.row.title, f"{paid.doc_no}, {day(paid.on)}" if paid else "-",
            rupiah(paid.gross) if paid
            else f"{rupiah(bill.row.amount)} (rencana)" if bill.row.amount else "-",
            f"{rupiah(paid.advance)}; {rupiah(paid.retention)}; {rupiah(paid.fine)}"
            + (f" ({paid.fine_basis})" if paid.fine_basis else "") if paid else "-",
            f"{bill.sp2d or 'data awal'}, {day(bill.paid_on)}" if bill.paid_on else "belum",
        ))  # fmt: skip
    made = papers.table("uang", "", heads, rows)
    return replace(made, notes=(f"Dibayar dengan SP2D: {rupiah(found.money.paid)}.",))


def _progress(found: Chronology) -> Table:
    heads = (("No", 0.06), ("Minggu", 0.1), ("Tanggal", 0.14), ("Rencana (%)", 0.13),
             ("Realisasi (%)", 0.13), ("Deviasi (poin)", 0.13), ("Catatan", 0.31))  # fmt: skip
    rows = [
        (str(p.week), day(p.on), number(p.planned, 2), number(p.actual, 2),
         number(p.actual - p.planned, 2), p.note)
        for p in found.reports
    ]  # fmt: skip
    return papers.table("kemajuan", "", heads, rows, frozenset({1, 3, 4, 5}))


def _acts(found: Chronology) -> Table:
    subjects = {f"step:{s.id}": s.title for s in found.contract.steps}
    heads = (("No", 0.05), ("Waktu", 0.2), ("Perbuatan", 0.23), ("Hal", 0.24), ("Jabatan", 0.18),
             ("Kode", 0.1))  # fmt: skip
    rows = [
        (moment(a.at), a.verb, subjects.get(a.subject, ""), a.office, rules.code(a.hash))
        for a in found.acts
    ]  # fmt: skip
    return papers.table("riwayat", "", heads, rows)


def _codes(found: Chronology) -> list[Block]:
    heads = (("No", 0.05), ("Berkas", 0.33), ("Kode", 0.1), ("SHA-256", 0.42), ("Keadaan", 0.1))
    rows = [
        (f"{f.place}. {f.name}", rules.code(f.sha256), f"{f.sha256[:32]} {f.sha256[32:]}", f.state)
        for f in found.files
    ]  # fmt: skip
    return [
        papers.table("kode", "", heads, rows),
        papers.text("Kode keaslian adalah delapan huruf pertama SHA-256 berkas. Untuk memeriksa: "
                    "hitung SHA-256 berkas yang dipegang dan bandingkan dengan daftar ini. Rantai "
                    "catatan diperiksa dengan perintah \u201cflask trail verify\u201d."),
    ]  # fmt: skip
