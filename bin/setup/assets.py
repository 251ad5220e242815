"""htmx 2.0.11 for portal/static/vendor/: fetched as a package, checked by hash, never committed.

The wheel of django-htmx 1.29.0 says htmx 2 and holds 2.0.10, so the file comes from the package
of htmx itself.
"""

from __future__ import annotations

from pathlib import Path

from . import npm

HTMX = npm.Packed(
    "htmx.org@2.0.11", "package/dist/htmx.min.js",
    "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717",
)  # fmt: skip
TARGET = Path("portal/static/vendor/htmx.min.js")


def ready(root: Path) -> bool:
    """Whether the right bytes are in place."""
    target = root / TARGET
    return target.exists() and HTMX.is_in(target.read_bytes())


def ensure(root: Path, venv: Path) -> None:
    """Fetch htmx when it is missing or its bytes are wrong; raises StopError."""
    if not ready(root):
        npm.place(root / TARGET, npm.obtain(HTMX, root, venv))
