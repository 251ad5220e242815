"""What the walks over all pages share."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.documents import papers
from portal.documents.tree import Document
from portal.public import making


@pytest.fixture
def quick_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each paper has tests of its own; a walk that opens it a hundred times lays no page out.

    What comes instead is every word of the paper, unpacked: what must not be in it is seen.
    """

    def words_alone(document: Document, path: Path, *_: object, **__: object) -> None:
        path.write_bytes(b"%PDF-1.7\n" + repr(document.units).encode())

    monkeypatch.setattr(papers, "build_pdf", words_alone)
    monkeypatch.setattr(making, "build_pdf", words_alone)
