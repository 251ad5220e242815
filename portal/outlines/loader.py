"""Reads the outlines of ``reports_templates/<kind>/<edition>.yaml``; a wrong one is refused.

An error carries file, line and reason, and reads as a sentence on the command line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import click
from flask import current_app
from pydantic import ValidationError

from portal import yamlfile
from portal.db import canonical_json
from portal.outlines.checks import Groups, check
from portal.outlines.schema import Edition
from portal.yamlfile import FileError, Located

KINDS = ("lppd", "lkpj", "spm", "sakip")
MAX_BYTES = 2_000_000


class OutlineError(click.ClickException):
    """A wrong outline: file, line (from 1) and reason; ``others`` are further errors of the file.

    It is a ClickException so that every ``flask`` command ends with the sentence and not with a
    traceback; a web server stops at start with the same words.
    """

    def __init__(self, file: Path, line: int, reason: str) -> None:
        super().__init__(reason)
        self.file, self.line, self.reason = file, line, reason
        self.others: tuple[OutlineError, ...] = ()

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"

    def format_message(self) -> str:
        """All errors of the file, one a line."""
        return "\n".join(["Sistematika laporan salah.", *(str(e) for e in (self, *self.others))])


@dataclass(frozen=True)
class Outlines:
    """All editions that the portal knows."""

    editions: tuple[Edition, ...]
    digests: dict[tuple[str, str], str] = field(default_factory=dict)

    def all(self) -> tuple[Edition, ...]:
        """Every edition, by kind in the order of the menus, newest first."""
        return self.editions

    def of_kind(self, kind: str) -> tuple[Edition, ...]:
        """The editions of one kind, newest first."""
        return tuple(e for e in self.editions if e.kind == kind)

    def edition(self, kind: str, code: str) -> Edition:
        """The edition of a stored report; LookupError with a sentence when its file is gone."""
        for edition in self.editions:
            if (edition.kind, edition.code) == (kind, code):
                return edition
        raise LookupError(f"Format {code} untuk {kind.upper()} tidak ada di reports_templates.")

    def for_year(self, kind: str, year: int) -> Edition:
        """The edition for a data year: the newest that applies; LookupError when there is none."""
        for edition in self.of_kind(kind):
            if edition.applies_from <= year and (
                edition.applies_to is None or year <= edition.applies_to
            ):
                return edition
        raise LookupError(f"Belum ada format {kind.upper()} yang berlaku untuk tahun {year}.")

    def digest(self, kind: str, code: str) -> str:
        """SHA-256 of the edition's canonical JSON, kept with every report and build."""
        return self.digests[kind, code]


def load_file(path: Path, catalogue: Groups | None = None) -> Edition:
    """Read one outline; the first OutlineError carries the rest in ``others``."""
    edition, errors = check_file(path, catalogue)
    if errors or edition is None:
        errors[0].others = tuple(errors[1:])
        raise errors[0]
    return edition


def check_file(
    path: Path, catalogue: Groups | None = None
) -> tuple[Edition | None, list[OutlineError]]:
    """Read one outline and list all that is wrong with it, in the order of the lines."""
    try:
        file = _read(path)
        data = _with_predecessor(path, file)
    except OutlineError as error:
        return None, [error]
    return _understand(path, file, data, catalogue)


def _read(path: Path) -> Located:
    """Data and lines of a file; OutlineError when it is no YAML of keys and values."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OutlineError(path, 1, f"berkas tidak dapat dibaca: {error}") from error
    if len(text) > MAX_BYTES:
        raise OutlineError(path, 1, "berkas lebih dari 2 MB.")
    try:
        found = _parsed(text, path.name)
    except FileError as error:
        raise OutlineError(path, error.line, error.reason) from error
    if found is None or not isinstance(found.data, dict):
        raise OutlineError(path, 1, "isi berkas harus berupa kunci dan nilai.")
    return found


@lru_cache(maxsize=8)
def _parsed(text: str, name: str) -> Located | None:
    """The data of a text; an edition that follows another reads that one's file a second time."""
    return yamlfile.parse(text, name)


#: Says how an edition came about; a book is the same with and without it.
LINEAGE = {"berlaku_sejak", "follows", "successions"}

#: What an edition says of itself and never takes from the one before.
OWN_WORDS = frozenset(
    {"code", "regulation", "applies_from", "applies_to", "berlaku_sejak", "follows", "successions",
     "uncertain", "notes", "shared"}
)  # fmt: skip


def _with_predecessor(path: Path, own: Located) -> dict[str, Any]:
    """The data with what the file leaves out, as it stands in the file of ``follows``.

    A new regulation whose annex is not read yet is then a short file: its name, its dates and
    what is known to differ.
    """
    # "shared" is a place for YAML anchors; nothing reads it
    data = {key: value for key, value in own.data.items() if key != "shared"}
    before = data.get("follows")
    if not isinstance(before, str) or not before or "chapters" in data:
        return data
    file = path.with_name(f"{before}.yaml")
    line = own.line(("follows",))
    if before == data.get("code") or not file.is_file():
        raise OutlineError(
            path, line, f"format “{before}” yang diikuti tidak ada di map ini. Tulis code sebuah "
            "format lain, atau tulis chapters sendiri.",
        )  # fmt: skip
    found = _read(file).data
    if "chapters" not in found:
        raise OutlineError(path, line, f"format “{before}” sendiri mengikuti format lain; "
                           "ikuti format yang memuat chapters.")  # fmt: skip
    return {
        key: value for key, value in found.items() if key not in (OWN_WORDS | {"shared"})
    } | data


def _understand(
    path: Path, file: Located, data: dict[str, Any], catalogue: Groups | None
) -> tuple[Edition | None, list[OutlineError]]:
    edition: Edition | None = None
    try:
        edition = Edition.model_validate(data)
    except ValidationError as error:
        found = [(tuple(e["loc"]), _reason(e)) for e in error.errors()]
    else:
        found = [(p.path, p.reason) for p in check(edition, catalogue)]
        found += _file_name(path, edition)
    if not found:
        return edition, []
    errors = [OutlineError(path, file.line(where), reason) for where, reason in found]
    return edition, sorted(errors, key=lambda e: e.line)


def _file_name(path: Path, edition: Edition) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if path.stem != edition.code:
        yield ("code",), f"code “{edition.code}” harus sama dengan nama berkas “{path.stem}”."
    if path.parent.name in KINDS and path.parent.name != edition.kind:
        yield ("kind",), f"kind “{edition.kind}” harus sama dengan nama map “{path.parent.name}”."


_REASONS = {
    "missing": "kunci “{key}” wajib ada.",
    "extra_forbidden": "kunci “{key}” tidak dikenal.",
    "string_pattern_mismatch": "“{input}” bukan kunci yang sah: huruf kecil, angka, garis bawah.",
    "literal_error": "“{input}” tidak dikenal; yang boleh: {expected}.",
    "enum": "“{input}” tidak dikenal; yang boleh: {expected}.",
    "union_tag_invalid": "kind “{tag}” tidak dikenal; yang boleh: {expected_tags}.",
    "union_tag_not_found": "bagian ini belum menyebut kind.",
    "string_type": "“{input}” harus berupa teks; beri tanda kutip.",
    "int_type": "“{input}” harus berupa bilangan bulat.",
    "int_parsing": "“{input}” harus berupa bilangan bulat.",
    "float_parsing": "“{input}” harus berupa angka.",
    "bool_parsing": "“{input}” harus true atau false.",
    "tuple_type": "di sini harus ada daftar.",
    "dict_type": "di sini harus ada kunci dan nilai.",
    "model_type": "di sini harus ada kunci dan nilai.",
}


def _reason(error: Any) -> str:
    """The technical error as a sentence, with pydantic's own words when there is none."""
    words = {"key": error["loc"][-1] if error["loc"] else "", "input": error.get("input")}
    words |= error.get("ctx") or {}
    pattern = _REASONS.get(error["type"])
    sentence = pattern.format(**words) if pattern else f"{error['msg']} ({error['type']})."
    return sentence if len(sentence) <= 300 else f"{sentence[:297]}..."


def load_all(path: Path, catalogue: Groups | None = None) -> Outlines:
    """Every outline under ``path``; raises OutlineError for the first wrong file."""
    files = tuple(sorted(file for kind in KINDS for file in (path / kind).glob("*.yaml")))
    stamp = tuple((str(f), f.stat().st_mtime_ns, f.stat().st_size) for f in files)
    if catalogue is not None and _met.get(stamp) is not catalogue:
        for file in files:
            load_file(file, catalogue)
        _met[stamp] = catalogue
    return _load(stamp)


#: Which catalogue the files were checked against, so that a test's every app does not ask again.
_met: dict[tuple[tuple[str, int, int], ...], Groups] = {}


@lru_cache(maxsize=8)
def _load(stamp: tuple[tuple[str, int, int], ...]) -> Outlines:
    editions: list[Edition] = []
    for name, _, _ in stamp:
        edition = load_file(Path(name))
        for other in editions:
            if (other.kind, other.applies_from) == (edition.kind, edition.applies_from):
                raise OutlineError(
                    Path(name), 1, f"tahun awal berlaku sama dengan format {other.code}."
                )
        editions.append(edition)
    editions.sort(key=lambda e: (KINDS.index(e.kind), -e.applies_from))
    return Outlines(
        tuple(editions), {(edition.kind, edition.code): digest_of(edition) for edition in editions}
    )


def digest_of(edition: Edition) -> str:
    """SHA-256 of the canonical JSON of what an edition asks for; not of where it comes from."""
    text = canonical_json(edition.model_dump(mode="json", exclude=LINEAGE))
    return hashlib.sha256(text.encode()).hexdigest()


def current() -> Outlines:
    """The outlines of the running app; read once, and again only when a file changed."""
    return load_all(current_app.config["SELARAS"].templates)
