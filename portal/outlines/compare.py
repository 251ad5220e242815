"""Two formats of one kind side by side: what is new, gone, renamed, moved or asks something else.

Pure. The answer also says from which part of the older format a part of the newer one may take
last year's content over (``Compared.carries``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from portal.outlines.parts import Indicators, Matrix, Measures, Part
from portal.outlines.schema import Edition, Succession
from portal.outlines.stands import Difference, Pairs, Stand, moved, stands

#: In this order a page tells them: what can go wrong first.
WHAT: dict[str, str] = {
    "meaning": "Makna berubah",
    "added": "Baru",
    "removed": "Tidak ada lagi",
    "renamed": "Berganti nama",
    "moved": "Berpindah tempat",
    "columns": "Kolom berubah",
}


class Incomparable(Exception):
    """These two cannot be compared; the message is a sentence with what to do."""


@dataclass(frozen=True)
class Match:
    """Where a part of the newer format takes its content from; ``columns``: there -> here."""

    key: str
    was: str
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Compared:
    """The older and the newer format, their differences, and what may be carried over."""

    old: Edition
    new: Edition
    differences: tuple[Difference, ...]
    carries: dict[str, Match]  # part key here -> where its content comes from
    refused: dict[str, str]  # part key here -> why its content stays behind
    items: dict[str, str] = field(default_factory=dict)  # item here -> key it had
    dropped: frozenset[str] = frozenset()  # items here whose key asks for something else now

    def of(self, what: str) -> list[Difference]:
        """The differences of one kind, in the order of the book."""
        return [d for d in self.differences if d.what == what]

    @property
    def same_outline(self) -> bool:
        """True when both ask for exactly the same."""
        return not self.differences


def compare(one: Edition, other: Edition) -> Compared:
    """Compare two formats of one kind, whichever comes first; the older one is the base.

    Raises Incomparable for two kinds of report, and for a format with itself.
    """
    if one.kind != other.kind:
        raise Incomparable(
            f"{one.short} ({one.code}) dan {other.short} ({other.code}) adalah dua jenis laporan "
            "yang berbeda, jadi sistematikanya tidak dapat dibandingkan. Pilih dua format dari "
            f"jenis yang sama, misalnya dua format {one.short}."
        )
    if one.code == other.code:
        raise Incomparable(
            f"Kedua pilihan adalah format yang sama ({one.code}). Pilih format lain sebagai "
            "pembanding."
        )
    old, new = sorted((one, other), key=lambda e: e.applies_from)
    before, after = list(stands(old)), list(stands(new))
    said = new.successions if new.follows == old.code else ()
    pairs, lineage = _pairs(said, before, after)
    found = [
        *_meaning(pairs, lineage),
        *_gone_and_new(before, after, pairs),
        *_renamed(pairs, lineage),
        *moved(before, after, pairs),
        *_columns(pairs, lineage),
        *_items(old, new, said),
    ]
    order = {name: n for n, name in enumerate(WHAT)}
    found.sort(key=lambda d: order[d.what])
    changed = {d.key: d.sentence for d in found if d.what == "meaning" and "." not in d.key}
    carries = {
        b.key: Match(b.key, a.key, _column_map(a.part, b.part, lineage))
        for a, b in pairs if a.part is not None and b.part is not None and b.key not in changed
    }  # fmt: skip
    listed = [one for one in said if one.what == "item"]
    return Compared(
        old, new, tuple(found), carries, changed,
        {one.key: one.was for one in listed if one.meaning == "same"},
        frozenset(one.key for one in listed if one.meaning == "changed"),
    )  # fmt: skip


def same_format(edition: Edition) -> Compared:
    """A format beside itself: everything may be carried over (two years under one format)."""
    parts = [s for s in stands(edition) if s.part is not None]
    carries = {s.key: Match(s.key, s.key, _column_map(s.part, s.part, {})) for s in parts}
    return Compared(edition, edition, (), carries, {})


# --- what stands where ----------------------------------------------------------------------


Lineage = dict[tuple[str, str], Succession]


#: How the key of a chapter or section begins in a Stand; parts have theirs as it is.
_BEGIN = {"part": "", "section": "sub:", "chapter": "bab:"}


def _pairs(
    said: Sequence[Succession], before: Sequence[Stand], after: Sequence[Stand]
) -> tuple[Pairs, Lineage]:
    """What is the same thing in both: by key, or by the key that the newer format names.

    What a format says of its predecessor counts only for that predecessor.
    """
    told = [one for one in said if one.what in _BEGIN]
    lineage = {(_BEGIN[one.what] + one.key, one.column): one for one in told}
    there = {stand.key: stand for stand in before}
    taken = {_BEGIN[one.what] + one.was for one in told if one.was and not one.column}
    pairs: Pairs = []
    for stand in after:
        one = lineage.get((stand.key, ""))
        was = _BEGIN[one.what] + one.was if one is not None and one.was else stand.key
        reused = was == stand.key and was in taken  # the old key now names another thing
        if was in there and not reused:
            pairs.append((there[was], stand))
    return pairs, lineage


# --- the differences ------------------------------------------------------------------------


def _meaning(pairs: Pairs, lineage: Lineage) -> Iterator[Difference]:
    """The same key, but another question: said by the format, or seen from its nature."""
    for a, b in pairs:
        one = lineage.get((b.key, ""))
        why = one.note if one is not None and one.meaning == "changed" else _other(a.part, b.part)
        if why:
            yield Difference(
                "meaning", b.level, b.key, a.title, b.title, b.place,
                f"Kunci “{b.key}” ({b.title}) berubah makna: {_stop(why)}",
                "Isi tahun lalu tidak dibawa. Isi baru menurut format ini; bandingkan dengan isi "
                "lama di laporan tahun lalu bila perlu.",
            )  # fmt: skip
            continue
        yield from _column_meanings(a, b, lineage)


def _column_meanings(a: Stand, b: Stand, lineage: Lineage) -> Iterator[Difference]:
    there = {c.key: c for c in getattr(a.part, "columns", ())}
    for column in getattr(b.part, "columns", ()):
        one = lineage.get((b.key, column.key))
        was = there.get(one.was if one is not None and one.was else column.key)
        if was is None:
            continue
        why = one.note if one is not None and one.meaning == "changed" else ""
        if not why and was.type != column.type:
            why = f"isinya dahulu {_TYPES[was.type]}, sekarang {_TYPES[column.type]}"
        if not why and was.unit and column.unit and was.unit != column.unit:
            why = f"satuannya dahulu {was.unit}, sekarang {column.unit}"
        if why:
            yield Difference(
                "meaning", "Kolom", f"{b.key}.{column.key}", was.label, column.label, b.place,
                f"Kolom “{column.label}” pada {b.title} berubah makna: {_stop(why)}",
                "Isi kolom ini tidak dibawa; kolom lain tetap. Isi baru menurut format ini.",
            )  # fmt: skip


def _other(a: Part | None, b: Part | None) -> str:
    """Why two parts of one key do not ask for the same, "" when they do."""
    if a is None or b is None:
        return ""
    if a.kind != b.kind:
        return f"dahulu {_KINDS[a.kind]}, sekarang {_KINDS[b.kind]}"
    if isinstance(a, Indicators | Matrix) and isinstance(b, Indicators | Matrix):
        if a.level != b.level:
            return f"dahulu IKK {a.level}, sekarang IKK {b.level}"
    elif isinstance(a, Measures) and isinstance(b, Measures) and a.of != b.of:
        return f"dahulu mengukur {a.of}, sekarang {b.of}"
    return ""


def _gone_and_new(
    before: Sequence[Stand], after: Sequence[Stand], pairs: Pairs
) -> Iterator[Difference]:
    kept_there = {a.key for a, _ in pairs}
    kept_here = {b.key for _, b in pairs}
    for stand in after:
        if stand.key not in kept_here:
            advice = (
                "Tidak ada isi tahun lalu untuk bagian ini. Pastikan pengampunya tahu dan mulai "
                "mengumpulkan datanya."
                if stand.part is not None
                else "Periksa isi di dalamnya."
            )
            yield Difference("added", stand.level, stand.key, "", stand.title, stand.place,
                             f"{stand.level} “{stand.title}” baru.", advice)  # fmt: skip
    for stand in before:
        if stand.key not in kept_there:
            yield Difference(
                "removed", stand.level, stand.key, stand.title, "", stand.place,
                f"{stand.level} “{stand.title}” tidak diminta lagi.",
                "Isi tahun lalu tidak dibawa dan tetap tersimpan pada laporan lama.",
            )  # fmt: skip


def _renamed(pairs: Pairs, lineage: Lineage) -> Iterator[Difference]:
    for a, b in pairs:
        one = lineage.get((b.key, ""))
        if a.title == b.title and a.key == b.key:
            continue
        was, now = (key.rpartition(":")[2] for key in (a.key, b.key))
        key = f" (kunci “{was}” menjadi “{now}”)" if was != now else ""
        words = f"“{a.title}” menjadi “{b.title}”" if a.title != b.title else f"“{b.title}”"
        note = f" {_stop(one.note)}" if one is not None and one.note else ""
        yield Difference(
            "renamed", b.level, b.key, a.title, b.title, b.place, f"{b.level} {words}{key}.{note}",
            "Isi tahun lalu dibawa. Periksa apakah judul barunya masih meminta hal yang sama."
            if b.part is not None else "Isi di dalamnya tetap.",
        )  # fmt: skip


def _columns(pairs: Pairs, lineage: Lineage) -> Iterator[Difference]:
    for a, b in pairs:
        there = {c.key: c for c in getattr(a.part, "columns", ())}
        here = {c.key: c for c in getattr(b.part, "columns", ())}
        if a.part is None or b.part is None or a.part.kind != b.part.kind or not (there or here):
            continue
        was = {k: _was(lineage, b.key, k) for k in here}
        new = [here[k].label for k in here if was[k] not in there]
        gone = [there[k].label for k in there if k not in was.values()]
        names = [
            f"“{there[was[k]].label}” menjadi “{here[k].label}”"
            for k in here if was[k] in there and there[was[k]].label != here[k].label
        ]  # fmt: skip
        said = [
            *([f"kolom baru: {', '.join(new)}"] if new else []),
            *([f"kolom yang hilang: {', '.join(gone)}"] if gone else []),
            *([f"kolom berganti nama: {', '.join(names)}"] if names else []),
        ]
        if said:
            yield Difference(
                "columns", "Bagian", b.key, "", "", b.place, f"Tabel “{b.title}”: "
                f"{'; '.join(said)}.",
                "Kolom yang tetap dibawa; kolom baru kosong dan diisi pengampunya.",
            )  # fmt: skip


def _was(lineage: Lineage, part: str, column: str) -> str:
    one = lineage.get((part, column))
    return one.was if one is not None and one.was else column


def _items(old: Edition, new: Edition, said: Sequence[Succession]) -> Iterator[Difference]:
    """Urusan and other things that sections repeat over."""
    told = {(one.list, one.key): one for one in said if one.what == "item"}
    for name in sorted(old.lists.keys() | new.lists.keys()):
        there = {item.key: item.title for item in old.lists.get(name, ())}
        here = {item.key: item.title for item in new.lists.get(name, ())}
        place = f"daftar {name.replace('_', ' ')}"
        for key, title in here.items():
            yield from _item(name, key, title, there, told.get((name, key)), place)
        heirs = {one.was for (where, _), one in told.items() if where == name}
        for key, title in there.items():
            if key not in here and key not in heirs:
                yield Difference("removed", "Butir", f"{name}:{key}", title, "", place,
                                 f"Butir “{title}” tidak ada lagi pada {place}.",
                                 "Isi tahun lalu tetap tersimpan pada laporan lama.")  # fmt: skip


def _item(
    name: str, key: str, title: str, there: dict[str, str], one: Succession | None, place: str
) -> Iterator[Difference]:
    """One item of the newer list beside what it was."""
    was = one.was if one is not None else key
    shown = f"{name}:{key}"
    if one is not None and one.meaning == "changed":
        yield Difference("meaning", "Butir", shown, there.get(was, ""), title, place,
                         f"Butir “{title}” pada {place} berubah makna: {_stop(one.note)}",
                         "Isi tahun lalu di bawah butir ini tidak dibawa. Isi baru.")  # fmt: skip
    elif was not in there:
        yield Difference("added", "Butir", shown, "", title, place,
                         f"Butir “{title}” baru pada {place}.",
                         "Tetapkan pengampunya pada halaman Pengampu.")  # fmt: skip
    elif there[was] != title or was != key:
        note = f" {_stop(one.note)}" if one is not None and one.note else ""
        words = f"“{there[was]}” menjadi “{title}”" if there[was] != title else f"“{title}”"
        renamed = f" (kunci “{was}” menjadi “{key}”)" if was != key else ""
        yield Difference("renamed", "Butir", shown, there[was], title, place,
                         f"Butir {words}{renamed} pada {place}.{note}",
                         "Isi tahun lalu dibawa.")  # fmt: skip


def _column_map(a: Part | None, b: Part | None, lineage: Lineage) -> dict[str, str]:
    """Columns whose cells may be carried over: key there -> key here."""
    there = {c.key: c for c in getattr(a, "columns", ())}
    found: dict[str, str] = {}
    for column in getattr(b, "columns", ()):
        one = lineage.get((b.key, column.key)) if b is not None else None
        key = one.was if one is not None and one.was else column.key
        was = there.get(key)
        if was is None or was.type != column.type or column.formula or column.share_of:
            continue
        if was.unit and column.unit and was.unit != column.unit:
            continue
        if one is None or one.meaning == "same":
            found[key] = column.key
    return found


def _stop(text: str) -> str:
    text = text.strip()
    return text if text.endswith(".") else f"{text}."


_TYPES = {
    "text": "teks", "whole": "bilangan bulat", "decimal": "bilangan", "percent": "persen",
    "rupiah": "rupiah", "date": "tanggal", "choice": "pilihan",
}  # fmt: skip
_KINDS = {
    "narrative": "uraian", "table": "tabel", "budget": "tabel anggaran",
    "programs": "tabel program dan kegiatan", "accounts": "tabel akun APBD",
    "tree_table": "tabel cetakan dari isian lain", "tree_recap": "rekap dari isian lain",
    "borrowed": "bagian laporan lain", "recommendations": "tindak lanjut rekomendasi DPRD",
    "indicators": "tabel IKK", "matrix": "matriks IKK", "measures": "tabel capaian SPM",
    "picture": "gambar", "chart": "grafik", "computed": "kalimat hitungan", "list": "daftar",
}  # fmt: skip
