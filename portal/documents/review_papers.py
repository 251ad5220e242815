"""The three papers of a reviu as trees: Kertas Kerja, Catatan Hasil, Laporan Hasil Reviu.

Plain values of the reports room go in. Numbers and dates of letters stay open for the office's
own register; what nobody has concluded is left open and never worded here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from portal.documents import papers
from portal.documents.tree import Block, Document, ListBlock, Run, Table
from portal.indonesian import long_date
from portal.people import queries as people
from portal.people.kinds import Role
from portal.people.region import region
from portal.reports.models import Report
from portal.reports.queries import report_title
from portal.reports.review_notes import STATES, Note, Notes, Wanting
from portal.reports.reviewing import (
    OPEN,
    UNSENT,
    Judged,
    Line,
    Piece,
    Review,
    day,
    inspectorate,
    judged,
)
from portal.reports.workflow import Choice, ReviewPaper

BLANK = "......................................."
ROOM = "\n\n\n"  # lines to write by hand
#: What is counted beside the putusan, with its words.
BESIDE = ((OPEN, "Belum dinilai"), (UNSENT, "Belum dikirim"))


def _landscape(made: Document) -> Document:
    return replace(made, units=tuple(replace(unit, landscape=True) for unit in made.units))


def _when(judged_: Judged) -> str:
    return f"{judged_.office}\n{long_date(day(judged_.at))}"


def verdict_words(found: Judged | None) -> tuple[str, str, str]:
    """Putusan, catatan, and who gave it when; a putusan on other data is told as such."""
    if found is None:
        return "Belum dinilai", "", ""
    if found.stale:
        note = f"Isi berubah sesudah putusan “{found.label}”."
        return "Belum dinilai", f"{note} {found.note}".strip(), _when(found)
    return found.label, found.note, _when(found)


def _title(name: str, subject: str, unit: str) -> list[Block]:
    return [papers.title(name, "judul"), papers.centred(unit.upper()),
            papers.centred(f"{subject}, {region(people.today()).full}")]  # fmt: skip


# --- Kertas Kerja Reviu ---------------------------------------------------------------------


def worksheet(report: Report, review: Review) -> Document:
    """Kertas Kerja Reviu of one Perangkat Daerah: IKK by IKK, then isian by isian."""
    subject, unit = report_title(report), review.unit
    blocks: list[Block] = _title("Kertas Kerja Reviu", subject, unit.name)
    blocks.append(papers.text(
        f"Data sebagaimana dikirim Perangkat Daerah, keadaan {long_date(people.today())}. "
        f"IKK dinilai {judged(review.by_line)} dari {len(review.lines)} yang dikirim, isian "
        f"dinilai {judged(review.by_piece)} dari {len(review.pieces)} yang dikirim. Belum dikirim: "
        f"{review.unsent_lines} IKK dan {review.unsent} isian."
    ))  # fmt: skip
    if review.lines:
        blocks.append(papers.table(
            "ikk", "Reviu per IKK",
            (("No", 0.035), ("IKK", 0.16), ("Capaian", 0.08), ("Data yang dikirim", 0.185),
             ("Sumber data", 0.1), ("Data dukung", 0.135), ("Putusan", 0.085),
             ("Catatan", 0.125), ("Pereviu, tanggal", 0.095)),
            [_line(line) for line in review.lines],
        ))  # fmt: skip
    if review.pieces:
        blocks.append(papers.table(
            "isian", "Reviu per isian",
            (("No", 0.04), ("Bagian", 0.24), ("Isian", 0.26), ("Status", 0.12),
             ("Putusan", 0.1), ("Catatan", 0.12), ("Pereviu, tanggal", 0.12)),
            [_piece(piece) for piece in review.pieces],
        ))  # fmt: skip
    name = f"KKR {subject} {unit.short_name}"
    return _landscape(papers.paper(name, blocks, f"Kertas Kerja Reviu {subject}, {unit.name}"))


def measured(line: Line) -> str:
    """``87,20 %``, or why there is no value."""
    unit = line.unit if line.value is not None and line.unit not in line.text else ""
    return f"{line.text} {unit}".strip()


def _line(line: Line) -> tuple[str, ...]:
    numbers = "\n".join(
        f"{n.title}: {n.text or 'belum ada'}{f' {n.unit}' if n.text and n.unit else ''}"
        for n in line.numbers
    )
    sources = "\n".join(dict.fromkeys(n.source for n in line.numbers if n.source))
    proofs = "\n".join(p.words for p in line.proofs) or "Belum ada"
    return (f"{line.no} {line.title}", measured(line), numbers, sources, proofs,
            *verdict_words(line.verdict))  # fmt: skip


def _piece(piece: Piece) -> tuple[str, ...]:
    return (piece.section, piece.title, piece.label, *verdict_words(piece.verdict))


# --- Catatan Hasil Reviu --------------------------------------------------------------------


def note_sheet(report: Report, found: Notes) -> Document:
    """Catatan Hasil Reviu of one Perangkat Daerah, with room for its tanggapan."""
    subject, unit = report_title(report), found.unit
    count = found.counts
    blocks: list[Block] = _title("Catatan Hasil Reviu", subject, unit.name)
    blocks += [
        papers.text(
            f"Keadaan {long_date(people.today())}: {len(found.notes)} catatan, "
            + ", ".join(f"{count[key]} {word.lower()}" for key, word in STATES.items()) + "."
        ),
        papers.table(
            "catatan", "Catatan dan tanggapan",
            (("No", 0.04), ("Bagian, isian", 0.22), ("Catatan", 0.3),
             ("Tanggapan PD", 0.3), ("Status, tanggal", 0.14)),
            [_note(note) for note in found.notes],
        ),
    ]  # fmt: skip
    if found.wanting:
        blocks.append(papers.table(
            "putusan", "Putusan yang perlu ditindaklanjuti",
            (("No", 0.04), ("Bagian, isian", 0.26), ("Putusan dan keterangan", 0.26),
             ("Tanggapan PD", 0.3), ("Tanggal", 0.14)),
            [(place(one), f"{one.label}\n{one.text}".strip(), ROOM, _day(one))
             for one in found.wanting],
        ))  # fmt: skip
    name = f"CHR {subject} {unit.short_name}"
    return _landscape(papers.paper(name, blocks, f"Catatan Hasil Reviu {subject}, {unit.name}"))


def place(found: Note | Wanting) -> str:
    """Bagian, isian, and what of it."""
    return "\n".join(part for part in (found.section, found.title, found.field) if part)


def _note(note: Note) -> tuple[str, ...]:
    said = f"{note.text}\n({note.office}, {long_date(day(note.at))})"
    answer = note.answer or ROOM
    if note.answered_at is not None:
        answer = f"{answer}\n({long_date(day(note.answered_at))})"
    return place(note), said, answer, f"{STATES[note.state]}\n{long_date(day(note.since))}"


def _day(found: Wanting) -> str:
    return f"{long_date(day(found.at))}\n{found.office}"


# --- Laporan Hasil Reviu --------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """What a Laporan Hasil Reviu holds."""

    report: Report
    paper: ReviewPaper
    verdicts: tuple[Choice, ...]
    reviews: Sequence[Review]
    notes: Sequence[Notes]
    conclusion: str

    @property
    def heads(self) -> tuple[tuple[str, str], ...]:
        """(key, label) of what is counted; the putusan as the region's data calls them."""
        return (*((v.key, v.label) for v in self.verdicts), *BESIDE)

    @property
    def open_notes(self) -> list[tuple[Notes, Note]]:
        """Catatan that are not settled, by Perangkat Daerah."""
        return [(one, n) for one in self.notes for n in one.notes if n.state != "selesai"]


def scope_words(found: Result) -> str:
    """How much was reviewed, in numbers."""
    pieces = [p for r in found.reviews for p in r.pieces]
    lines = [line for r in found.reviews for line in r.lines]
    unsent = sum(r.unsent for r in found.reviews)
    unsent_lines = sum(r.unsent_lines for r in found.reviews)
    done = sum(judged(r.by_piece) for r in found.reviews)
    done_lines = sum(judged(r.by_line) for r in found.reviews)
    return (
        f"Reviu meliputi {len(found.reviews)} Perangkat Daerah dengan {len(pieces) + unsent} isian "
        f"dan {len(lines) + unsent_lines} IKK. Telah dikirim {len(pieces)} isian dan {len(lines)} "
        f"IKK; telah dinilai {done} isian dan {done_lines} IKK."
    )


def result(found: Result) -> Document:
    """Laporan Hasil Reviu; a Konsep until somebody has written the simpulan."""
    here, today = region(people.today()), people.today()
    title, name = found.paper.title, report_title(found.report)
    to = found.paper.to.format(provinsi=here.provinsi, daerah=here.full)
    state = "" if found.conclusion else "Konsep "
    office = inspectorate()
    head = people.holder(office.id, Role.KEPALA, today) if office else None
    blocks: list[Block] = [
        papers.title(title, "judul"),
        papers.centred(f"{here.full} Tahun {found.report.year}"),
        papers.facts("alamat", (("Nomor", ""), ("Tanggal", ""), ("Kepada Yth.", to))),
        papers.heading("A. Pendahuluan"),
        papers.text("Reviu dilaksanakan berdasarkan:"), _list(found.paper.basis),
        papers.text(found.paper.assurance),
        papers.heading("B. Ruang Lingkup"),
        papers.text("Reviu mencakup:"), _list(found.paper.scope),
        papers.text(f"{scope_words(found)} Keadaan data {long_date(today)}."),
        papers.text("Isian Inspektorat sendiri tidak direviu oleh Inspektorat dan tidak termasuk "
                    "dalam laporan ini."),
        papers.heading("C. Hasil Reviu"),
        _counts(found, "ikk", "Putusan atas IKK per Perangkat Daerah", lines=True),
        _counts(found, "isian", "Putusan atas isian per Perangkat Daerah", lines=False),
        papers.heading("D. Catatan yang Masih Terbuka"), *_open(found),
        papers.heading("E. Simpulan"), *_conclusion(found.conclusion),
        papers.space(), papers.signed(head, here, today),
    ]  # fmt: skip
    return papers.paper(f"{state}LHR {name}", blocks, f"{state}Laporan Hasil Reviu {name}")


def _list(items: Sequence[str]) -> ListBlock:
    ends = [*(";" for _ in items[:-1]), "."]
    return ListBlock(tuple(
        (f"{n}.", 0, (Run(f"{item}{end}"),))
        for n, (item, end) in enumerate(zip(items, ends, strict=True), start=1)
    ))  # fmt: skip


def _counts(found: Result, key: str, caption: str, *, lines: bool) -> Table:
    """One row per Perangkat Daerah that has such things, and their sum."""
    columns = [k for k, _ in found.heads]
    rows, total = [], dict.fromkeys(columns, 0)
    for review in found.reviews:
        counts = review.by_line if lines else review.by_piece
        if not sum(counts.values()):
            continue
        for k in columns:
            total[k] += counts[k]
        rows.append((review.unit.name, *(str(counts[k]) for k in columns)))
    wide = 0.58 / len(columns)
    return papers.table(
        key, caption,
        (("No", 0.06), ("Perangkat Daerah", 0.36), *((label, wide) for _, label in found.heads)),
        rows, frozenset(range(2, 2 + len(columns))),
        (("Jumlah", *(str(total[k]) for k in columns)),),
    )  # fmt: skip


def _open(found: Result) -> list[Block]:
    rows = [
        (one.unit.short_name, place(note), note.text,
         f"{STATES[note.state]}\n{long_date(day(note.since))}")
        for one, note in found.open_notes
    ]  # fmt: skip
    if not rows:
        return [papers.text("Tidak ada catatan yang masih terbuka.")]
    return [papers.table(
        "terbuka", f"Catatan yang belum selesai ({len(rows)})",
        (("No", 0.06), ("Perangkat Daerah", 0.16), ("Bagian, isian", 0.3), ("Catatan", 0.32),
         ("Status, tanggal", 0.16)), rows,
    )]  # fmt: skip


def _conclusion(text: str) -> list[Block]:
    if text:
        return [papers.text(part) for part in text.splitlines() if part.strip()]
    return [papers.text(BLANK * 2), papers.text(BLANK * 2)]
