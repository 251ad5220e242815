"""``flask report compare-editions | carry | changes``: formats and versions over the years."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask

from portal.cli.report import KIND, PERIOD, UNIT, YEAR, _report, report
from portal.cli.writing import save
from portal.db import db
from portal.documents import changes, changes_sheet, diff, papers
from portal.outlines import compare, loader
from portal.people.rules import PORTAL
from portal.reports import carry
from portal.reports import flow as reports_flow
from portal.reports import queries as reports
from portal.reports.refusal import Refused


@report.command("compare-editions")
@click.argument("old")
@click.argument("new")
def compare_editions(old: str, new: str) -> None:
    """Compare two formats named KIND/CODE, e.g. lppd/permendagri-18-2020.

    Prints what is new, gone, renamed, moved, has other columns or another meaning, each with what
    to do. Two kinds are refused.
    """
    known = loader.current()
    try:
        pair = [known.edition(*_named(text)) for text in (old, new)]
        found = compare.compare(pair[0], pair[1])
    except (LookupError, compare.Incomparable) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{found.old.short}: {found.old.code} -> {found.new.code}")
    if found.same_outline:
        click.echo("Sistematika, tabel, dan kolom kedua format sama.")
    for key, name in compare.WHAT.items():
        for each in found.of(key):
            click.echo(f"  [{name}] {each.sentence} {each.advice}")
    click.echo(f"{len(found.carries)} bagian dapat membawa isi tahun lalu.")


def _named(text: str) -> tuple[str, str]:
    kind, slash, code = text.partition("/")
    if not slash:
        raise click.ClickException(
            f"“{text}”: tulis JENIS/KODE, misalnya lppd/permendagri-18-2020."
        )
    return kind, code


@report.command("carry")
@KIND
@YEAR
@PERIOD
@UNIT
@click.option("--numbers", is_flag=True, help="Also take the numbers of tables.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def carry_(kind: str, year: int, period: str, unit: str, numbers: bool, dry_run: bool) -> None:
    """Bring last year's content into the empty isian of a report, marked until looked at."""
    found = _report(kind, year, period, unit)
    plan = carry.plan(found, numbers)
    if plan.reason:
        raise click.ClickException(plan.reason)
    for line in plan.takes if dry_run else ():
        assert line.take is not None  # noqa: S101 - takes are the lines with one
        click.echo(f"  {line.unit}: {line.title} ({line.take.cells} kolom)")
    for why, count in plan.left.items():
        click.echo(f"  tidak dibawa, {count} isian: {why}")
    if dry_run:
        click.echo(f"{len(plan.takes)} isian akan diisi.")
        return
    try:
        done = reports_flow.carry_over(found, PORTAL, numbers)
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    db.session.commit()
    click.echo(f"{reports.report_title(found)}: {done.entries} isian, {done.cells} kolom, bertanda "
               f"“{carry.MARK}”.")  # fmt: skip


@report.command("changes")
@KIND
@YEAR
@PERIOD
@UNIT
@click.option("--from", "old", default="", help="Number of the older build; default: as the page.")
@click.option("--to", "new", default="", help="Number of the newer build, or kini.")
@click.option("--pdf", type=click.Path(dir_okay=False, path_type=Path), help="Write it as PDF.")
def changes_(
    kind: str, year: int, period: str, unit: str, old: str, new: str, pdf: Path | None
) -> None:  # fmt: skip
    """Say what changed between two builds of a report, by figure, sentence, row and annex."""
    found = _report(kind, year, period, unit)
    known = changes.all_versions(found)
    first, second = changes.usual(known)
    try:
        between = changes.compare_versions(found, known, old or first, new or second)
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    click.echo(f"{between.old.name} -> {between.new.name}: {between.difference.summary}")
    for group, name in diff.GROUPS.items():
        for each in between.difference.of(group):
            where = "; ".join(each.places[:3])
            click.echo(f"  [{name}] {each.what}: {each.before} -> {each.after} ({where})")
    if pdf is not None:
        save(pdf, papers.printed(changes_sheet.document(between), "pdf"))
        click.echo(str(pdf))


def init_app(_app: Flask) -> None:
    """The commands have joined the group of cli/report.py by being read."""
