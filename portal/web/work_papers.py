"""Papers of the work: kurva-S, minutes of the SCM, SP I-III from the PPK to the penyedia.

Drafts: numbers of letters and signatures stay open, to be put by people. "Surat Peringatan" exists
only here, under a contract.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from portal import store
from portal.contracts.models import Contract, ContractRole
from portal.db import db
from portal.documents import charts, papers
from portal.documents.charts import Spec
from portal.documents.tree import (
    Block,
    Cell,
    Column,
    Document,
    ListBlock,
    Picture,
    Row,
    Run,
    Signature,
    Table,
)
from portal.indonesian import long_date, number, rupiah
from portal.people.models import Position
from portal.people.queries import unit_info
from portal.works import drawing, queries, rules

ROMAN = {1: "I", 2: "II", 3: "III"}
TITLES = {"kurva": "Kurva-S", "scm": "Berita Acara SCM", "sp": "Surat Peringatan"}


def make(contract: Contract, paper: str, stage: int, today: date) -> Document:
    """One of the papers as a tree; ``stage`` 1 to 3 for SCM and SP."""
    if paper == "kurva":
        return _curve_paper(contract, today)
    name = f"{TITLES[paper]} {ROMAN[stage]}"
    blocks = _minutes(contract, stage, today) if paper == "scm" else _warning(
        contract, stage, today)  # fmt: skip
    return papers.paper(name, blocks, f"Draf {name}, {contract.number}")


def _facts(contract: Contract) -> list[tuple[str, str]]:
    return [
        ("Nomor kontrak", f"{contract.number}, {long_date(contract.signed_on)}"),
        ("Pekerjaan", contract.title), ("Penyedia", contract.vendor),
        ("Nilai", rupiah(contract.value)),
        ("Masa pelaksanaan", f"{long_date(contract.starts_on)} s.d. {long_date(contract.ends_on)}"),
    ]  # fmt: skip


def _pairs(found: Sequence[tuple[str, str]]) -> ListBlock:
    return ListBlock(tuple(("•", 0, (Run(f"{a}: {b}"),)) for a, b in found))


def _standing(contract: Contract, today: date) -> list[Block]:
    state = queries.standing(contract, today)
    out: list[Block] = [
        papers.table(
            "kemajuan", "Kemajuan pekerjaan",
            (("No", 0.08), ("Minggu ke-", 0.17), ("Rencana (%)", 0.25), ("Realisasi (%)", 0.25),
             ("Deviasi (poin)", 0.25)),
            [(str(p.week), number(p.planned, 2), number(p.actual, 2),
              number(p.actual - p.planned, 2)) for p in queries.reports(contract.id)[-12:]],
            frozenset({1, 2, 3, 4}),
        )
    ]  # fmt: skip
    picture = _picture(state)
    return [*([picture] if picture else []), *out]


def _picture(state: queries.Standing) -> Picture | None:
    """The curve as a picture of the house, with its words beside it."""
    if not state.plan:
        return None
    weeks = len(state.plan)
    step = max(1, weeks // 12)
    labels = tuple(str(w) if w % step == 0 else "" for w in range(weeks + 1))
    real: dict[int, Decimal] = {0: Decimal(0), **dict(state.reals)}
    spec = Spec("line", labels, (
        ("Rencana", (Decimal(0), *state.plan)),
        ("Realisasi", tuple(real.get(w) for w in range(weeks + 1))),
    ), "% kumulatif")  # fmt: skip
    svg, png = charts.render(spec)
    kept = store.put(png, "image/png").sha256, store.put(svg, "image/svg+xml").sha256
    return Picture("kurva", "", "Kurva-S kontrak", kept[0], "image/png", charts.WIDTH_MM,
                   charts.HEIGHT_MM, drawing.words(state), vector=kept[1])  # fmt: skip


def _curve_paper(contract: Contract, today: date) -> Document:
    state = queries.standing(contract, today)
    found = queries.items(contract.id)
    weights = rules.weights(queries.plain(found))
    reports = queries.reports(contract.id)
    last = reports[-1] if reports else None
    items = papers.table(
        "pekerjaan", "Rincian pekerjaan",
        (("No", 0.07), ("Pekerjaan", 0.33), ("Nilai sebelum PPN (Rp)", 0.22), ("Bobot (%)", 0.12),
         ("Minggu", 0.12), ("Realisasi (%)", 0.14)),
        [(i.name, number(i.value, 2), number(w, 2), f"{i.first_week}-{i.last_week}",
          number(Decimal(last.percents.get(str(i.position), "0")), 2) if last else "0,00")
         for i, w in zip(found, weights, strict=True)], frozenset({2, 3, 5}),
    )  # fmt: skip
    blocks: list[Block] = [
        papers.title("Kurva-S", "judul"), _pairs(_facts(contract)),
        papers.text(drawing.words(state)), *_standing(contract, today), items,
    ]  # fmt: skip
    return papers.paper("Kurva-S", blocks, f"Kurva-S {contract.number}, per {long_date(today)}")


def _basis(contract: Contract, today: date) -> list[Block]:
    state = queries.standing(contract, today)
    notes = queries.notes(contract.id)
    words = [
        f"Kontrak nomor {contract.number} tanggal {long_date(contract.signed_on)}.",
        "Syarat-syarat umum dan khusus kontrak (SSUK/SSKK) tentang keterlambatan pelaksanaan "
        "pekerjaan dan kontrak kritis.",
        f"Sampai minggu ke-{state.week}: rencana {number(state.planned, 2)} %, realisasi "
        f"{number(state.actual, 2)} %, deviasi {number(state.deviation, 2)} poin persen.",
    ]  # fmt: skip
    words += [f"Pernyataan kontrak kritis nomor {n.doc_no}, {long_date(n.on)}." for n in notes[-1:]]
    return [ListBlock(tuple((f"{n}.", 0, (Run(w),)) for n, w in enumerate(words, start=1)))]


def _minutes(contract: Contract, stage: int, today: date) -> list[Block]:
    return [
        papers.title(f"Berita Acara Rapat Pembuktian (SCM) Tahap {ROMAN[stage]}", "judul"),
        papers.centred("Nomor: ......................................."),
        papers.text("Pada hari ini ............, tanggal .................................., telah "
                    "dilaksanakan Show Cause Meeting (rapat pembuktian keterlambatan) atas:"),
        _pairs(_facts(contract)), papers.text("Dasar:"), *_basis(contract, today),
        *_standing(contract, today),
        papers.text(f"Kesepakatan uji coba tahap {ROMAN[stage]}:"),
        _pairs([("Kemajuan fisik yang disanggupi penyedia", "........ persen"),
                ("Selambat-lambatnya tanggal", "...................."),
                ("Langkah percepatan", "........................................")]),
        papers.text("Lamanya uji coba disepakati dalam rapat ini dan dihitung dengan hari "
                    "kalender."),
        _two(contract),
    ]  # fmt: skip


def _warning(contract: Contract, stage: int, today: date) -> list[Block]:
    next_step = (
        "PPK dapat memutuskan kontrak secara sepihak sesuai ketentuan kontrak."
        if stage == 3
        else f"akan dilaksanakan SCM tahap {ROMAN[stage + 1]} dan diterbitkan peringatan "
        "berikutnya sesuai ketentuan kontrak."
    )
    return [
        papers.title(f"Surat Peringatan {ROMAN[stage]}", "judul"),
        papers.centred("Nomor: .......................................  (diisi PPK)"),
        papers.text(f"Kepada Yth. Pimpinan {contract.vendor}"),
        papers.text("Berdasarkan:"), *_basis(contract, today),
        papers.text(f"dengan ini kami sampaikan Surat Peringatan {ROMAN[stage]} atas keterlambatan "
                    "pelaksanaan pekerjaan:"),
        _pairs(_facts(contract)), *_standing(contract, today),
        papers.text("Berita Acara SCM nomor ........................ tanggal "
                    "........................"),
        papers.text("Saudara diminta mencapai kemajuan fisik ........ persen selambat-lambatnya "
                    f"tanggal .............................. Bila tidak tercapai, {next_step}"),
        _sign(contract, today), papers.text("Tembusan:"),
        ListBlock((("1.", 0, (Run("Pengguna Anggaran/Kuasa Pengguna Anggaran;"),)),
                   ("2.", 0, (Run("Pengawas pekerjaan."),)))),
    ]  # fmt: skip


def _ppk(contract: Contract) -> str:
    role: ContractRole | None = next((r for r in contract.roles if r.role == "ppk"), None)
    seat = db.session.get(Position, role.position_id) if role else None
    return seat.title if seat else "Pejabat Pembuat Komitmen"


def _sign(contract: Contract, today: date) -> Signature:
    unit = unit_info(contract.unit_id, today)
    return Signature("......................, ......................",
                     (f"{_ppk(contract)},", unit.name if unit else ""),
                     "(ruang tanda tangan)")  # fmt: skip


def _two(contract: Contract) -> Table:
    """The three who sign minutes, side by side and below; space for hand and stamp stays empty."""
    gap = "\n".join(["\u00a0"] * 4)

    def cell(text: str) -> Cell:
        return Cell((Run(text),))

    rows = (
        Row((cell(contract.vendor or "Penyedia"), cell(f"{_ppk(contract)},"))),
        Row((cell(gap), cell(gap))), Row((cell("(......................)"), ) * 2),
        Row((cell("\u00a0"), cell("Pengawas pekerjaan,"))), Row((cell(gap), cell(gap))),
        Row((cell("\u00a0"), cell("(......................)"))),
    )  # fmt: skip
    columns = (Column(0.5, "center"), Column(0.5, "center"))
    return Table("tanda-tangan", "", "", columns, (), rows, plain=True)
