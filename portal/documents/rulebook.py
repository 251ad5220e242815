"""The catalogue of figures as it was when a book was ordered: an old year keeps its formulas.

The files are kept once, by their hash, beside the first build that used them; a book that is
built again computes with them although the catalogue has gone on since.
"""

from __future__ import annotations

import json
import tempfile
from functools import lru_cache
from pathlib import Path

from portal import store
from portal.db import canonical_json
from portal.documents import snapshot
from portal.documents.models import Build
from portal.figures import catalogue, services
from portal.figures.catalogue import FOLDER, Catalogue

MEDIA = "application/json"


def keep() -> str:
    """Keep today's files in the store; returns their SHA-256. StoreError when the disk refuses."""
    files = {path.name: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.yaml"))}
    if services.FILE.exists():
        files[services.FILE.name] = services.FILE.read_text("utf-8")
    return store.put(canonical_json(files).encode(), MEDIA).sha256


def of_build(build: Build, catalogue_sha: str) -> Catalogue:
    """The catalogue that a build was ordered with; today's when it is the same or was not kept.

    ``catalogue_sha`` is the one that the build's snapshot names.
    """
    if not build.rules_sha or catalogue_sha == snapshot.catalogue_sha():
        return catalogue.current()
    return _read(build.rules_sha, str(store.root()))


@lru_cache(maxsize=4)
def _read(sha: str, base: str) -> Catalogue:
    files = json.loads(store.path_of(sha, Path(base)).read_bytes())
    with tempfile.TemporaryDirectory(prefix="katalog-") as folder:
        for name, text in files.items():
            Path(folder, Path(name).name).write_text(text, "utf-8")
        beside = Path(folder, services.FILE.name)
        apart = Path(folder).with_suffix(".layanan")
        if beside.exists():  # it lies beside the folder of the groups, not in it
            beside.rename(apart)
        try:
            return services.extend(catalogue.load(Path(folder)), apart)
        finally:
            apart.unlink(missing_ok=True)
