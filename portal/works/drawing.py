"""Kurva-S as SVG from the server: plan, actual, deviation; read by eye and by screen readers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup, escape

from portal.indonesian import number
from portal.works.queries import Standing

WIDTH, HEIGHT = 640, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 12, 14, 34


def words(found: Standing) -> str:
    """The curve in one sentence."""
    if not found.week:
        return "Belum ada realisasi mingguan yang dilaporkan."
    return (
        f"Minggu ke-{found.week} dari {found.weeks}: rencana {number(found.planned, 2)} %, "
        f"realisasi {number(found.actual, 2)} %, deviasi {number(found.deviation, 2)} poin persen."
    )


def curve(found: Standing) -> Markup:
    """The picture; empty while there is no plan."""
    if not found.plan:
        return Markup()
    weeks = max(found.weeks, len(found.plan))

    def x(week: int) -> str:
        return f"{_LEFT + (WIDTH - _LEFT - _RIGHT) * week / weeks:.1f}"

    def y(percent: Decimal) -> str:
        return f"{_TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - float(percent) / 100):.1f}"

    plan = [(0, Decimal(0)), *enumerate(found.plan, start=1)]
    real = [(0, Decimal(0)), *found.reals] if found.reals else []
    out = [
        f'<svg class="curve" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="ks ksd">',
        '<title id="ks">Kurva-S</title>', f'<desc id="ksd">{escape(words(found))}</desc>',
    ]  # fmt: skip
    for percent in (0, 25, 50, 75, 100):
        level = y(Decimal(percent))
        out.append(f'<path class="grid" d="M{_LEFT} {level}H{WIDTH - _RIGHT}"/>')
        out.append(f'<text x="{_LEFT - 6}" y="{level}" dy="4" text-anchor="end">{percent}</text>')
    for week in range(0, weeks + 1, max(1, -(-weeks // 12))):
        out.append(f'<text x="{x(week)}" y="{HEIGHT - 14}" text-anchor="middle">{week}</text>')
    out.append(f'<text x="{WIDTH - _RIGHT}" y="{HEIGHT - 2}" text-anchor="end">minggu</text>')
    out.append(f'<polyline class="plan" points="{_points(plan, x, y)}"/>')
    if real:
        out.append(f'<polyline class="real" points="{_points(real, x, y)}"/>')
        out += [f'<circle class="real" cx="{x(w)}" cy="{y(p)}" r="3"/>' for w, p in real[1:]]
    out.append("</svg>")
    return Markup("".join(out))  # noqa: S704 - numbers of our own; the one text is escaped above


def _points(points: Sequence[tuple[int, Decimal]], x, y) -> str:  # type: ignore[no-untyped-def]  # two closures
    return " ".join(f"{x(week)},{y(percent)}" for week, percent in points)
