"""The verbs of reports: the only writers. Each flushes; the caller commits.

Opening is in flow_open.py, saving in flow_save.py, the way of an isian in flow_review.py, Dokumen
Jadi in flow_documents.py; this is the name by which other rooms know them. A verb that will not
act raises ``Refused`` with a sentence.
"""

from __future__ import annotations

from portal.reports.flow_carry import Carried, carry_over, confirm
from portal.reports.flow_documents import HandedIn, hand_in
from portal.reports.flow_history import (
    add_remark,
    answer_remark,
    close_obstacle,
    figures_kept,
    report_obstacle,
    resolve_remark,
    restore,
    set_verdict,
    use_last_year,
)
from portal.reports.flow_open import (
    Opened,
    close_filling,
    ensure_deadline,
    open_report,
    owners_of,
    set_deadline,
    set_verifiers,
    sync_waves,
)
from portal.reports.flow_review import Act, Blocked, Done, act, expire_reopened, mark_read
from portal.reports.flow_save import apply_op, lock
from portal.reports.ops import Answer, Op
from portal.reports.pictures import add_upload
from portal.reports.refusal import Refused

__all__ = [
    "Act", "Answer", "Blocked", "Carried", "Done", "HandedIn", "Op", "Opened", "Refused", "act",
    "add_remark", "add_upload", "answer_remark", "apply_op", "carry_over", "close_filling",
    "close_obstacle", "confirm", "ensure_deadline", "expire_reopened", "figures_kept", "hand_in",
    "lock", "mark_read", "open_report", "owners_of", "report_obstacle", "resolve_remark", "restore",
    "set_deadline", "set_verdict", "set_verifiers", "sync_waves", "tick", "use_last_year",
]  # fmt: skip


def tick() -> None:
    """What the passing of days asks of reports; doing it twice does no harm."""
    sync_waves()
    expire_reopened()
