"""Official wordings of indicators on the screen: what was recorded counts before a guess."""

from __future__ import annotations

from typing import Any

from flask import Flask, g

from portal.outlines import queries
from portal.reports.models import Report


def _recorded() -> dict[str, str]:
    """Indicator key -> the newest recorded wording of any format; one query a request."""
    if "wordings" not in g:
        g.wordings = queries.indicator_titles()
    return g.wordings  # type: ignore[no-any-return]


def official(indicator: Any) -> str:
    """The official title where it is known or was recorded, else what is guessed."""
    return indicator.title or _recorded().get(indicator.key) or str(indicator.shown_title)


def guessed(indicator: Any) -> bool:
    """True while nobody has recorded the official title."""
    return not indicator.title and indicator.key not in _recorded()


def of_report(report: Report) -> dict[str, str]:
    """Indicator key -> wording recorded for the report's own format."""
    return queries.indicator_titles(report.kind, report.edition)


def init_app(app: Flask) -> None:
    """``{{ i|resmi }}`` and ``{% if i is dugaan %}`` in templates."""
    app.add_template_filter(official, "resmi")
    app.add_template_test(guessed, "dugaan")
