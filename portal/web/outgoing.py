"""What goes out as a file: made here, or kept for somebody who brought it."""

from __future__ import annotations

from flask import Response

from portal import store
from portal.db import db
from portal.people import queries as people
from portal.people.region import region
from portal.uploading.kinds import MEDIA, Kind


def download(data: bytes, name: str) -> Response:
    """A file to keep; the ending of ``name`` says of which kind it is.

    Names of a demo region say DATA CONTOH, so that none is taken for a real one later.
    """
    stem, ending = name.rsplit(".", 1)
    if region(people.today()).demo and "CONTOH" not in stem:
        name = f"{stem}_DATA-CONTOH.{ending}"
    return _attached(data, name, MEDIA[Kind(ending)])


def kept(sha256: str, name: str) -> Response:
    """The bytes that somebody brought, to keep and never to be run by the browser.

    Raises ``store.StoreError`` with a sentence when they are gone.
    """
    blob = db.session.get(store.Blob, sha256)
    media = blob.media if blob and blob.media in MEDIA.values() else "application/octet-stream"
    made = _attached(store.read(sha256), name, media)
    made.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return made


def _attached(data: bytes, name: str, media: str) -> Response:
    made = Response(data, mimetype=media)
    made.headers.set("Content-Disposition", "attachment", filename=name)
    return made
