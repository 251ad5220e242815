"""CSRF, response headers, and errors as sentences."""

from __future__ import annotations

import logging
import re

import sqlalchemy.exc
from flask import Flask, current_app, g, render_template, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from portal.db import db
from portal.store import StoreError
from portal.web import fragments

log = logging.getLogger(__name__)
csrf = CSRFProtect()

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; "
    "base-uri 'none'"
)

SENTENCES = {
    400: ("Permintaan tidak dapat dibaca", "Muat ulang halaman, lalu coba lagi."),
    401: ("Sesi Anda berakhir", "Silakan masuk kembali. Ketikan yang belum terkirim tetap ada."),
    403: ("Bukan wewenang jabatan ini", "Halaman ini tidak terbuka untuk jabatan Bapak/Ibu."),
    404: ("Halaman tidak ditemukan", "Alamatnya mungkin salah, atau bukan milik perangkat daerah "
          "Bapak/Ibu."),
    405: ("Cara membuka tidak sesuai", "Buka halaman melalui menu."),
    409: ("Baru saja diubah orang lain", "Buka kembali halamannya untuk melihat yang terbaru, lalu "
          "ulangi. Belum ada yang berubah oleh kiriman ini."),
    413: ("Berkas terlalu besar", "Perkecil berkas atau pecah menjadi beberapa bagian."),
    415: ("Jenis kiriman tidak dikenal", "Buka halaman melalui menu, lalu coba lagi."),
    422: ("Ada isian yang tidak dapat diterima", "Periksa angka dan huruf yang diketik, misalnya "
          "angka yang terlalu panjang, lalu kirim lagi. Belum ada yang berubah."),
    429: ("Terlalu banyak percobaan", "Tunggu beberapa menit, lalu coba lagi."),
    503: ("Portal sedang sibuk", "Kiriman ini belum tersimpan. Tunggu sebentar, lalu coba lagi."),
    507: ("Berkas belum tersimpan", "Ruang penyimpanan server penuh. Hubungi admin Diskominfo."),
    500: ("Ada kesalahan di portal", "Isian yang sudah tersimpan tetap aman. Mohon beri tahu admin "
          "Diskominfo."),
}  # fmt: skip

#: How SQLite and PostgreSQL say that the disk has no room.
_FULL = re.compile(r"disk is full|No space left on device")


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CSP)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
        response.vary.add("HX-Request")
    return response


def _sentence(error: HTTPException) -> tuple[str, int] | Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]  # a redirect or a ready answer
    code = error.code or 500
    title, advice = SENTENCES.get(code, SENTENCES[400])
    if code == 413:
        advice = f"Paling besar {current_app.config['SELARAS'].upload_mb} MB sekali kirim. {advice}"
    if isinstance(error, CSRFError):
        title, advice = "Halaman sudah terlalu lama terbuka", "Muat ulang halaman, lalu kirim lagi."
    return _page(code, title, advice)


def _page(code: int, title: str, advice: str) -> tuple[str, int]:
    if code >= 500:
        db.session.rollback()  # the frame of the page reads the database again
    if fragments.wanted():
        return f"{title}. {advice}", code
    if code == 403 and getattr(g, "viewer", None) is not None:
        advice = "Lihat sebagai hanya untuk membaca: tidak ada yang dapat diubah atau dikirim."
    others = getattr(g, "other_jabatan", []) if code == 403 else []
    return render_template("error.html", title=title, advice=advice, code=code,
                           others=others), code  # fmt: skip


def _collision(error: sqlalchemy.exc.IntegrityError) -> tuple[str, int]:
    """Two people changed one thing at once and a unique key or a foreign key said no."""
    db.session.rollback()
    log.warning("refused by the database: %s", _which(error))
    return _page(409, *SENTENCES[409])


def _which(error: sqlalchemy.exc.DBAPIError) -> str:
    """The rule that the database named, without the values (a NIP, typed words) beside it."""
    said = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    return said or str(error.orig).partition("\n")[0]


def _unkeepable(error: Exception) -> tuple[str, int]:
    """A value that no column holds: too large a number, a character that is none."""
    db.session.rollback()
    log.warning("cannot be kept: %s", type(error).__name__)
    return _page(422, *SENTENCES[422])


def _busy(error: sqlalchemy.exc.OperationalError) -> tuple[str, int]:
    log.error("database: %s", _which(error))
    if _FULL.search(str(error.orig)):
        return _page(503, "Belum tersimpan", "Ruang penyimpanan server penuh. Yang sudah tersimpan "
                     "tetap aman. Hubungi admin Diskominfo, lalu coba lagi.")  # fmt: skip
    return _page(503, *SENTENCES[503])


def _no_room(error: StoreError) -> tuple[str, int]:
    log.error("store: %s", error)
    return _page(507, SENTENCES[507][0], str(error))


def init_app(app: Flask) -> None:
    """Protect every form, set the headers, answer every error with a sentence.

    The gate asks for the CSRF token itself, after it knows who is there: an expired session must
    lead to the login with the form kept, not to an error. The token lives as long as its session.
    """
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=5_000,
    )
    csrf.init_app(app)
    app.after_request(_headers)
    app.register_error_handler(HTTPException, _sentence)
    app.register_error_handler(sqlalchemy.exc.IntegrityError, _collision)
    app.register_error_handler(sqlalchemy.exc.OperationalError, _busy)
    app.register_error_handler(sqlalchemy.exc.DataError, _unkeepable)
    app.register_error_handler(OverflowError, _unkeepable)
    app.register_error_handler(StoreError, _no_room)
