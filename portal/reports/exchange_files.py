"""Pictures and dokumen jadi of a report in the file of ``flask report export``, as base64."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from portal import store
from portal.db import db
from portal.reports.refusal import Refused
from portal.uploading.kinds import MEDIA

_SHA = re.compile(r"[0-9a-f]{64}")
_IN_TEXT = re.compile(r"blob:([0-9a-f]{64})")


def export(
    entries: Iterable[Mapping[str, Any]], documents: Iterable[Mapping[str, Any]],
    pictures: Iterable[str],
) -> dict[str, dict[str, str]]:  # fmt: skip
    """Bytes of every picture and dokumen jadi that is named; one that is gone is left out."""
    wanted: set[str] = {document["sha256"] for document in documents} | set(pictures)
    for entry in entries:
        wanted.update(sha for sha, _name in entry["uploads"])
        for _row, name, value, *_ in entry["cells"]:
            if name == "file" and _SHA.fullmatch(value or ""):
                wanted.add(value)
            wanted.update(_IN_TEXT.findall(value or ""))
    if not wanted:
        return {}
    media = {
        row.sha256: row.media
        for row in db.session.execute(
            sa.select(store.Blob.sha256, store.Blob.media).where(store.Blob.sha256.in_(wanted))
        )
    }
    out = {}
    for sha in sorted(wanted & media.keys()):
        try:
            data = store.read(sha)
        except store.StoreError:
            continue
        out[sha] = {"media": media[sha], "base64": base64.b64encode(data).decode()}
    return out


def keep(files: Mapping[str, Any]) -> int:
    """Store the files of a report; Refused when bytes do not fit their SHA-256. How many."""
    for sha, body in sorted(files.items()):
        try:
            data = base64.b64decode(body["base64"], validate=True)
        except (binascii.Error, KeyError, TypeError, ValueError) as error:
            raise Refused(f"Berkas {sha[:12]} di dalam file tidak dapat dibaca.") from error
        if hashlib.sha256(data).hexdigest() != sha:
            raise Refused(f"Isi berkas {sha[:12]} tidak cocok dengan kode SHA-256-nya.")
        media = str(body.get("media", ""))
        store.put(data, media if media in MEDIA.values() else "application/octet-stream")
    db.session.flush()
    return len(files)
