"""The verbs: publish the RLPPD of an issued LPPD, take a publication back."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from portal import clock, store
from portal.db import db
from portal.documents.tree import Picture
from portal.people.rules import Actor
from portal.public import making, page, queries, rules
from portal.public.models import Publication
from portal.reports.models import Report
from portal.reports.refusal import Refused
from portal.trail.flow import record

__all__ = ["publish", "withdraw"]

LONGEST = 500
SHORTEST = 10
HTML, PDF = "text/html", "application/pdf"


def publish(report: Report, version: int, issue_id: int, basis: str, actor: Actor) -> Publication:
    """Publish as ``version``, from the issued LPPD ``issue_id`` that the person has looked at.

    The same order again (double click) gives the version that is there already. Refused while no
    LPPD is issued, while something unsafe stands in it, and without a basis.
    """
    if report.kind != "lppd":
        raise Refused("RLPPD diambil dari LPPD.")
    known = next((p for p in queries.versions(report.id) if p.version == version), None)
    if known is not None:
        if known.issue_id == issue_id and known.by_term_id == actor.term_id:
            return known
        raise Refused("RLPPD baru saja diterbitkan orang lain. Muat ulang halaman.", stale=True)
    if version != queries.next_version(report.id):
        raise Refused("Halaman ini sudah lama terbuka. Muat ulang, lalu terbitkan.", stale=True)
    basis = _note(basis, "dasar publikasi, misalnya nomor dan tanggal nota PPID")
    if actor.acting is None:
        raise Refused("RLPPD diterbitkan oleh pejabat, bukan oleh portal.")
    draft = making.draft(report)
    if draft.issue is None:
        raise Refused(
            "LPPD tahun ini belum ditetapkan. RLPPD hanya terbit dari naskah final LPPD: susun dan "
            "tetapkan LPPD lebih dahulu."
        )
    if draft.issue.id != issue_id:
        raise Refused("LPPD sudah diperbaiki sejak halaman ini dibuka. Periksa pratinjaunya lagi.",
                      stale=True)  # fmt: skip
    _refuse_unsafe(draft)
    return _keep(report, version, basis, draft, actor)


def _refuse_unsafe(draft: making.Draft) -> None:
    stops = [each for each in queries.findings(draft) if each.blocks]
    if stops:
        more = f" Masih ada {len(stops) - 1} hal lain." if len(stops) > 1 else ""
        raise Refused(
            f"RLPPD belum dapat diterbitkan. {stops[0].sentence}{more} Perbaiki pada LPPD, "
            "tetapkan perbaikannya, lalu terbitkan."
        )


def _keep(
    report: Report, version: int, basis: str, draft: making.Draft, actor: Actor
) -> Publication:
    names: dict[str, str] = {}

    def picture(block: Picture) -> str:
        data = draft.asset(block.sha256)
        ending = "jpg" if data[:2] == b"\xff\xd8" else "png"
        kept = store.put(data, "image/jpeg" if ending == "jpg" else "image/png")
        names.setdefault(f"{kept.sha256[:16]}.{ending}", kept.sha256)
        return f"/rlppd/{report.year}/gambar/{kept.sha256[:16]}.{ending}"

    try:
        made = making.pdf(draft)  # first: its pages are kept by transactions of their own
        body = store.put(page.body(draft.document, picture).encode(), HTML).sha256
        printed = store.put(made, PDF).sha256
    except store.StoreError as error:
        raise Refused(str(error)) from error
    db.session.flush()
    if draft.issue is None or actor.acting is None:  # publish has looked
        raise AssertionError
    row = Publication(
        report_id=report.id, year=report.year, version=version, issue_id=draft.issue.id,
        spec=draft.spec.code, title=draft.document.title[:200], body_sha=body, pdf_sha=printed,
        file_name=draft.file_name, pictures=names, basis=basis, by_term_id=actor.term_id,
        by_label=actor.label, by_title=actor.acting.full_title[:200], at=clock.now(),
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        raise Refused("RLPPD baru saja diterbitkan. Muat ulang halaman.", stale=True) from error
    record(
        f"report:{report.id}", "menerbitkan RLPPD", f"publication:{row.id}", actor, None,
        {"versi": version, "lppd": draft.issue.number, "dasar": basis, "pdf": printed,
         "halaman": body},
    )  # fmt: skip
    return row


def withdraw(publication: Publication, reason: str, actor: Actor) -> None:
    """Take a publication back; its note stays for the public. Twice does no harm."""
    reason = _note(reason, "alasan penarikan; alasan ini terbaca oleh masyarakat")
    if publication.withdrawn_at is not None:
        return
    if publication.version != queries.next_version(publication.report_id) - 1:
        raise Refused("Versi ini sudah diganti versi yang lebih baru.", stale=True)
    publication.withdrawn_at = clock.now()
    publication.withdrawn_label = actor.label
    publication.withdrawn_reason = reason
    record(
        f"report:{publication.report_id}", "menarik RLPPD", f"publication:{publication.id}",
        actor, None, {"versi": publication.version, "alasan": reason},
    )  # fmt: skip


def _note(text: str, what: str) -> str:
    """A note that the public reads: long enough to say something, and safe itself."""
    text = " ".join(text.split())
    if sum(letter.isalpha() for letter in text) < SHORTEST:
        raise Refused(f"Tulis {what}.")
    if len(text) > LONGEST:
        raise Refused(f"Catatan paling panjang {LONGEST} huruf.")
    for _kind, name, shown in rules.in_text(text):
        raise Refused(f"Catatan ini terbaca oleh masyarakat dan memuat {name}: “{shown}”. "
                      "Hapus bagian itu.")  # fmt: skip
    return text
