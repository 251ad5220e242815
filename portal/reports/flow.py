"""The verbs of reports: the only writers. Each flushes; the caller commits.

Opening is in flow_open.py, saving in flow_save.py, the way of an isian in flow_review.py, Dokumen
Jadi in flow_documents.py; this is the name by which other rooms know them. A verb that will not
act raises ``Refused`` with a sentence.
"""

from __future__ import annotations

from portal.reports.flow_open import (
    Opened,
    ensure_deadline,
    open_report,
    owners_of,
    set_deadline,
    sync_waves,
)
from portal.reports.flow_save import apply_op, lock
from portal.reports.ops import Answer, Op
from portal.reports.pictures import add_upload
from portal.reports.refusal import Refused

__all__ = [
    "Answer", "Op", "Opened", "Refused", "add_upload", "apply_op", "ensure_deadline", "lock",
    "open_report", "owners_of", "set_deadline", "sync_waves",
]  # fmt: skip
