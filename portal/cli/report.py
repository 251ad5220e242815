"""``flask report``: open, check, build, export and import, through the code of the web.

The words on the terminal are for those who run the portal; documents and files are the same.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from portal import store
from portal.checks import queries as checks
from portal.checks.rules import SEVERITY_WORDS
from portal.cli import reasons
from portal.cli.writing import save
from portal.db import canonical_json, db
from portal.documents import building, changes, flow, manifest, naming, queries, snapshot
from portal.documents.models import Build, BuildState
from portal.outlines import loader
from portal.people import queries as people
from portal.people.rules import PORTAL
from portal.public import making
from portal.public import queries as publications
from portal.reports import exchange
from portal.reports import flow as reports_flow
from portal.reports import queries as reports
from portal.reports.models import Report
from portal.reports.refusal import Refused
from portal.reports.rules import STATE_LABELS
from portal.store import StoreError

report = AppGroup("report", help="Open, check, build, export and import a report.")

KIND = click.argument("kind", type=click.Choice(["lppd", "lkpj", "spm", "sakip"]))
YEAR = click.argument("year", type=click.IntRange(2000, 2100))
PERIOD = click.option("--period", default="", help="TW1 .. TW4 for reports by quarter.")
DAY = click.DateTime(["%Y-%m-%d"])
UNIT = click.option("--unit", default="", help="Code of a Perangkat Daerah, e.g. DINKES.")


@report.command("open")
@KIND
@YEAR
@PERIOD
@UNIT
def open_(kind: str, year: int, period: str, unit: str) -> None:
    """Open a report of a year: its isian are made from the outline and the duties."""
    try:
        done = reports_flow.open_report(kind, year, period, _unit_id(unit), actor=PORTAL)
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    db.session.commit()
    title = reports.report_title(done.report)
    click.echo(f"{title}: {done.created} isian dibuat, {done.kept} sudah ada.")
    if done.unassigned:
        click.echo(f"Belum ada pengampu untuk: {', '.join(done.unassigned)}.")


@report.command("check")
@KIND
@YEAR
@PERIOD
@UNIT
@click.option("--strict", is_flag=True, help="Exit with 1 while something is missing.")
@click.option("--keys", is_flag=True, help="Write the form that 'build --final --reasons' reads.")
def check(kind: str, year: int, period: str, unit: str, strict: bool, keys: bool) -> None:
    """List what keeps a Naskah Final waiting: missing parts, and contradictions of the year."""
    found = _report(kind, year, period, unit)
    taken = snapshot.take(found)
    part = "" if _owns(found, unit) else f"unit:{unit}"
    missing = queries.missing_of(taken, part)
    if keys:
        click.echo(reasons.form(missing), nl=False)
        return
    click.echo(f"{reports.report_title(found)}, data per {taken['marks']['date']}")
    if taken["marks"]["unmatched"]:
        click.echo("Format belum dicocokkan dengan lampiran peraturan: tercetak sebagai DRAF.")
    for gap in missing:
        state = STATE_LABELS.get(gap.state, "Belum ada pengampu")
        click.echo(f"  {gap.supplier}: {gap.title} ({state})")
    click.echo(f"{len(missing)} bagian belum siap." if missing else "Semua bagian wajib siap.")
    notes = _contradictions(found)
    if (missing or notes) and strict:
        raise SystemExit(1)


def _contradictions(found: Report) -> int:
    """Print the open notes between all reports of the year that touch this one; returns how many.

    Each names rule, both places with row and column, the basis and who can settle it.
    """
    result = checks.check_year(found.year)
    notes = result.of_report(found.id)
    for note in notes:
        click.echo(f"  [{SEVERITY_WORDS[note.severity]}] {note.sentence}")
        for place in note.places:
            click.echo(f"      {place.label}: {place.value}")
        names = ", ".join(result.sheet.unit_names.get(u, u) for u in note.settlers)
        click.echo(f"      Dasar: {note.basis}. {note.advice} Diselesaikan oleh: {names}.")
    blocking = sum(note.blocks for note in notes)
    if notes:
        click.echo(f"{blocking} perlu diperbaiki, {len(notes) - blocking} perlu dicek.")
    else:
        click.echo("Tidak ada angka yang bertentangan.")
    let_pass = sum(found.id in n.report_ids for n, _ in result.excepted)
    if let_pass:
        click.echo(f"{let_pass} catatan dikecualikan dengan alasan (lihat Lampiran Kerja).")
    return len(notes)


@report.command("build")
@KIND
@YEAR
@PERIOD
@UNIT
@click.option("--bab", default="", help="One chapter only, e.g. II.")
@click.option("--urusan", default="", help="One urusan only, e.g. kesehatan.")
@click.option("--format", "formats", default="pdf,docx", show_default=True)
@click.option("--final", is_flag=True, help="Order the Naskah Final (next: report issue).")
@click.option("--signed-on", type=DAY, help="Date of the signature, YYYY-MM-DD; with --final.")
@click.option(
    "--reasons",
    "reasons_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Why each missing part is left out; 'report check --keys' writes the form.",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path())
def build(  # noqa: PLR0913 - one argument an option
    *,
    kind: str,
    year: int,
    period: str,
    unit: str,
    bab: str,
    urusan: str,
    formats: str,
    final: bool,
    signed_on: datetime | None,
    reasons_file: Path | None,
    out: Path,
) -> None:
    """Build the files here and now, and print path, pages and SHA-256 of each."""
    found = _report(kind, year, period, unit)
    part = _part(found, unit, bab, urusan)
    if not final and (signed_on or reasons_file):
        raise click.ClickException("--signed-on dan --reasons hanya berlaku bersama --final.")
    try:
        order = flow.request_build(
            found,
            actor=PORTAL,
            part=part,
            formats=formats,
            final=final,
            sign_on=signed_on.date() if signed_on else None,
            waived=reasons.read(reasons_file),
        )
    except (Refused, StoreError) as refused:
        raise click.ClickException(str(refused)) from refused
    db.session.commit()
    if order.new or order.build.state != BuildState.DONE:
        _run(order.build)
    else:
        click.echo("Isian tidak berubah: berkas yang tersimpan dipakai.")
    _write(order.build, out)
    if final:
        which = "".join(f" {name} {value}" for name, value in
                        (("--period", period), ("--unit", unit)) if value)  # fmt: skip
        click.echo("Periksa berkasnya, lalu tetapkan: "
                   f"flask report issue {kind} {year}{which} --on ...")  # fmt: skip


@report.command("issue")
@KIND
@YEAR
@PERIOD
@UNIT
@click.option("--on", type=DAY, required=True, help="Day of issue, YYYY-MM-DD.")
@click.option("--note", default="", help="What was mended; required from the second issue on.")
def issue(kind: str, year: int, period: str, unit: str, on: datetime, note: str) -> None:
    """Tetapkan naskah final: the newest finished final files become the official ones."""
    found = _report(kind, year, period, unit)
    row = queries.newest_final(found.id)
    if row is None:
        raise click.ClickException(
            f"Belum ada naskah final yang selesai disusun. Jalankan: flask report build {kind} "
            f"{year} --final --signed-on TANGGAL"
        )
    try:
        done = flow.issue(row, on.date(), note, PORTAL)
    except (Refused, StoreError) as refused:
        raise click.ClickException(str(refused)) from refused
    db.session.commit()
    click.echo(f"{naming.nature(True, done.number)} {reports.report_title(found)} ditetapkan.")
    for file in sorted(row.files, key=lambda f: f.format, reverse=True):
        click.echo(f"{file.name}  SHA-256 {file.sha256}")


def _run(order: Build) -> None:
    """Do the build in this process with a bar; a build of a worker is not waited for."""
    build_id = order.id
    with click.progressbar(length=100, label="Menyusun", show_eta=False) as bar:
        seen = [0]

        def tell(done: int, total: int, step: str) -> None:
            now = round(100 * done / total) if total else 0
            bar.label = step[:40].ljust(24)
            bar.update(max(0, now - seen[0]))
            seen[0] = max(seen[0], now)

        mine = building.run_build(build_id, tell)
        bar.update(100 - seen[0])
    db.session.expire_all()
    if not mine:
        raise click.ClickException(
            "Penyusunan yang sama sedang dikerjakan pekerja lain. Tunggu sebentar, lalu ulangi."
        )
    if order.state != BuildState.DONE:
        raise click.ClickException(order.reason)


def _write(order: Build, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for file in sorted(order.files, key=lambda f: f.format, reverse=True):
        path = out / file.name
        save(path, store.read(file.sha256))
        pages = f"{file.pages} halaman" if file.pages else ""
        click.echo(f"{path}  {pages}  SHA-256 {file.sha256}")
    if order.gaps:
        click.echo(f"{len(order.gaps)} bagian belum siap; tercetak bertanda pada konsep ini.")


@report.command("public")
@YEAR
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path())
def public(year: int, out: Path) -> None:
    """Write the PDF of the RLPPD: the published one, else one marked PRATINJAU, with what stops it.

    Publishing itself is done by a named person in the portal.
    """
    row = publications.newest(year)
    if row is not None and row.withdrawn_at is None:
        name, data = row.file_name, store.read(row.pdf_sha)
        click.echo(f"RLPPD {year} versi {row.version}, terbit. Dasar: {row.basis}")
    else:
        try:
            draft = making.draft(_report("lppd", year, "", ""))
            data = making.pdf(draft, making.marked(draft))
        except (Refused, StoreError) as refused:
            raise click.ClickException(str(refused)) from refused
        name = f"Pratinjau_{draft.file_name}"
        click.echo(f"RLPPD {year} belum terbit; ini pratinjau.")
        for each in publications.findings(draft):
            click.echo(f"- {each.sentence}")
    out.mkdir(parents=True, exist_ok=True)
    save(out / name, data)
    click.echo(f"{out / name}  SHA-256 {hashlib.sha256(data).hexdigest()}")


@report.command("verify")
@KIND
@YEAR
@PERIOD
@UNIT
def verify(kind: str, year: int, period: str, unit: str) -> None:
    """Make the issued files (or the newest build) again and compare them byte for byte."""
    found = _report(kind, year, period, unit)
    rows = [b for _, b in queries.issues_of([found.id])] or queries.finished_builds([found.id], 1)
    if not rows:
        raise click.ClickException("Belum ada dokumen yang selesai disusun.")
    wrong = False
    for row in rows:
        again = building.rebuild(row)
        for file in sorted(row.files, key=lambda f: f.format):
            same = again.get(file.format) == file.sha256
            wrong |= not same
            click.echo(f"{'sama ' if same else 'BEDA '} {file.name}  {file.sha256}")
        engine = tuple(manifest.differs(row.manifest))
        said = changes.again(row, engine) if not row.scope else None
        if said is not None:
            words = "sama" if said.same_words else "BEDA"
            wrong |= not said.same_words
            click.echo(f"{words}  kata dan angka; {said.difference.summary}")
        for line in engine:
            click.echo(f"      {line}")
    if wrong:
        raise SystemExit(1)


@report.command("export")
@KIND
@YEAR
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@PERIOD
@UNIT
def export(kind: str, year: int, file: Path, period: str, unit: str) -> None:
    """Write the whole content of a report to FILE.json.

    Content is everything that stands in the isian (fields, rows, cells, also what is typed but not
    yet understood), their states, the figures of the year and the four before it, and the pictures
    as base64. Units are named by code, so that the file can be read on another server.
    """
    found = _report(kind, year, period, unit)
    text = canonical_json(exchange.export(found)) + "\n"
    save(file, text.encode())
    digest = hashlib.sha256(text.encode()).hexdigest()
    click.echo(f"{file}  {len(text.encode())} byte  SHA-256 {digest}")


@report.command("import")
@KIND
@YEAR
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Replace content that is there already.")
def import_(kind: str, year: int, file: Path, replace: bool) -> None:
    """Read a report from FILE.json, as ``flask report export`` has written it.

    All of it or nothing. Exporting again gives the same file.
    """
    try:
        data: Any = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise click.ClickException(
            f"{file} bukan berkas JSON yang dapat dibaca: {error}"
        ) from error
    try:
        done = exchange.load(data, kind, year, actor=PORTAL, replace=replace)
    except (Refused, StoreError) as refused:
        db.session.rollback()
        raise click.ClickException(str(refused)) from refused
    db.session.commit()
    click.echo(
        f"{reports.report_title(done.report)}: {done.entries} isian, {done.datums} data, "
        f"{done.files} berkas dimuat."
    )


# --- shared ---------------------------------------------------------------------------------


def _unit_id(code: str) -> int | None:
    if not code:
        return None
    found = people.unit_by_code(code)
    if found is None:
        raise click.ClickException(f"Perangkat daerah dengan kode {code} tidak ada.")
    return found.id


def _report(kind: str, year: int, period: str, unit: str) -> Report:
    """The open report; ``--unit`` names its owner for a book that each unit writes."""
    unit_id = _unit_id(unit)
    try:
        edition = loader.current().for_year(kind, year)
    except LookupError as error:
        raise click.ClickException(str(error)) from error
    if edition.owner == "each_unit" and unit_id is None and "pemda" in edition.owner_kinds:
        region = people.unit_by_code("PEMDA")
        unit_id = region.id if region else None
    if edition.owner == "each_unit" and unit_id is None:
        raise click.ClickException(
            f"{edition.short} disusun per perangkat daerah: pakai --unit KODE."
        )
    owner = unit_id if edition.owner == "each_unit" else None
    found = reports.find_report(kind, year, period, owner)
    if found is None:
        extra = f" --period {period}" if period else ""
        raise click.ClickException(
            f"Laporan itu belum dibuka. Jalankan: flask report open {kind} {year}{extra}"
        )
    return found


def _owns(found: Report, unit: str) -> bool:
    return not unit or found.owner_unit_id == _unit_id(unit)


def _part(found: Report, unit: str, bab: str, urusan: str) -> str:
    named = [text for text in (
        f"bab:{bab}" if bab else "", f"urusan:{urusan}" if urusan else "",
        f"unit:{unit}" if not _owns(found, unit) else "",
    ) if text]  # fmt: skip
    if len(named) > 1:
        raise click.ClickException("Pilih satu saja: --bab, --urusan, atau --unit.")
    return named[0] if named else ""


def init_app(app: Flask) -> None:
    """Register the group."""
    app.cli.add_command(report)
