"""CSRF, response headers, and errors as sentences."""

from __future__ import annotations

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

csrf = CSRFProtect()

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)

SENTENCES = {
    400: ("Permintaan tidak dapat dibaca", "Muat ulang halaman, lalu coba lagi."),
    401: ("Sesi Anda berakhir", "Silakan masuk kembali. Ketikan yang belum terkirim tetap ada."),
    403: ("Bukan wewenang jabatan ini", "Halaman ini tidak terbuka untuk jabatan Bapak/Ibu."),
    404: ("Halaman tidak ditemukan", "Alamatnya mungkin salah, atau bukan milik perangkat daerah "
          "Bapak/Ibu."),
    405: ("Cara membuka tidak sesuai", "Buka halaman melalui menu."),
    413: ("Berkas terlalu besar", "Perkecil berkas atau pecah menjadi beberapa bagian."),
    429: ("Terlalu banyak percobaan", "Tunggu beberapa menit, lalu coba lagi."),
    500: ("Ada kesalahan di portal", "Isian yang sudah tersimpan tetap aman. Mohon beri tahu admin "
          "Diskominfo."),
}  # fmt: skip


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
        return error.response  # a redirect or a ready answer
    code = error.code or 500
    title, advice = SENTENCES.get(code, SENTENCES[400])
    if isinstance(error, CSRFError):
        title, advice = "Halaman sudah terlalu lama terbuka", "Muat ulang halaman, lalu kirim lagi."
    return render_template("error.html", title=title, advice=advice, code=code), code


def init_app(app: Flask) -> None:
    """Protect every form, set the headers, answer every error with a sentence."""
    csrf.init_app(app)
    app.after_request(_headers)
    app.register_error_handler(HTTPException, _sentence)
