"""Which part of a book is built: all of it, one bab, one urusan, one Perangkat Daerah."""

from __future__ import annotations

from dataclasses import dataclass

from portal.outlines.schema import Chapter, Edition, Placed

KINDS = ("bab", "urusan", "unit")


class ScopeError(ValueError):
    """A part of a book that does not exist; the message is a sentence."""


@dataclass(frozen=True)
class Scope:
    """``kind`` "" is the whole book; else bab, urusan or unit with its ``name``."""

    kind: str = ""
    name: str = ""

    @property
    def whole(self) -> bool:
        """True for the whole book."""
        return not self.kind

    def wants(self, chapter: Chapter, placed: Placed | None, unit: str = "") -> bool:
        """True when a part (of the isian of ``unit``) belongs to this scope."""
        if self.whole:
            return True
        if self.kind == "bab":
            return chapter.label == self.name
        if placed is None:
            return False
        return unit == self.name if self.kind == "unit" else self._of_urusan(placed)

    def _of_urusan(self, placed: Placed) -> bool:
        if placed.item is not None and placed.item.key == self.name:
            return True
        names = {placed.part.supplier.duty, getattr(placed.part, "group", "")}
        return bool(names & {self.name, f"urusan_{self.name}"})


def parse(text: str) -> Scope:
    """``""``, ``bab:II``, ``urusan:kesehatan``, ``unit:DINKES``; else ScopeError."""
    if not text:
        return Scope()
    kind, _, name = text.partition(":")
    if kind not in KINDS or not name or len(text) > 100:
        raise ScopeError(
            f"Bagian “{text}” tidak dikenal. Contoh: bab:II, urusan:kesehatan, unit:DINKES."
        )
    return Scope(kind, name)


def label(text: str, edition: Edition, units: dict[str, str]) -> str:
    """How a scope is called on screens: ``Seluruh dokumen``, ``Bab II``, the urusan, the unit."""
    scope = parse(text)
    if scope.whole:
        return "Seluruh dokumen"
    if scope.kind == "bab":
        return "Lampiran" if scope.name.startswith("LAMPIRAN") else f"Bab {scope.name}"
    if scope.kind == "unit":
        return units.get(scope.name, scope.name)
    for items in edition.lists.values():
        for item in items:
            if item.key == scope.name:
                return f"Urusan {item.title}".replace("Urusan Urusan", "Urusan")
    return f"Urusan {scope.name}"


def check(scope: Scope, edition: Edition, units: dict[str, str]) -> None:
    """ScopeError when the edition has no such bab or urusan, or the region no such unit."""
    if scope.kind == "bab" and scope.name not in {c.label for c in edition.chapters}:
        known = ", ".join(c.label for c in edition.chapters)
        raise ScopeError(f"Bab “{scope.name}” tidak ada dalam format ini. Yang ada: {known}.")
    if scope.kind == "unit" and scope.name not in units:
        raise ScopeError(f"Perangkat daerah dengan kode “{scope.name}” tidak ada.")
    if scope.kind == "urusan":
        items = {i.key for many in edition.lists.values() for i in many}
        if scope.name not in items:
            raise ScopeError(f"Urusan “{scope.name}” tidak ada dalam format ini.")
