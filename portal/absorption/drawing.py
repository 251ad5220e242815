"""Pictures of boards as SVG from the server, each with its words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup, escape

from portal.indonesian import MONTHS, number

ZERO = Decimal(0)


def _pct(value: Decimal | None) -> float:
    return float(min(max(value or ZERO, ZERO), Decimal(100)))


def bar(name: str, value: Decimal | None, mark: Decimal | None = None, band: str = "") -> Markup:
    """A bar of 100 percent with a line where it should stand."""
    words = f"{name}: {'belum ada data' if value is None else number(value, 1) + ' %'}"
    if mark is not None:
        words += f", rencana {number(mark, 1)} %"
    out = [
        f'<svg class="bar {escape(band)}" viewBox="0 0 100 10" preserveAspectRatio="none" '
        f'role="img" aria-label="{escape(words)}">',
        '<rect class="all" width="100" height="10"/>',
        f'<rect class="part" width="{_pct(value):.1f}" height="10"/>',
    ]
    if mark is not None:
        out.append(f'<rect class="mark" x="{min(_pct(mark), 99):.1f}" width="1" height="10"/>')
    return Markup("".join([*out, "</svg>"]))  # noqa: S704 - numbers of our own; text is escaped


WIDTH, HEIGHT = 640, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 18, 12, 28


def course_words(
    plan: Sequence[Decimal], spent: Sequence[Decimal], pagu: Decimal, month: int
) -> str:
    """The curve in a sentence."""
    if not pagu:
        return "Belum ada pagu."
    return (
        f"Sampai {MONTHS[month - 1]}: RAK {number(plan[month - 1] / pagu * 100, 1)} % dan SP2D "
        f"{number(spent[month - 1] / pagu * 100, 1)} % dari pagu."
    )


def course(plan: Sequence[Decimal], spent: Sequence[Decimal], pagu: Decimal, month: int) -> Markup:
    """RAK and SP2D of a year in percent of the pagu, month by month."""
    if not pagu:
        return Markup()

    def at(n: int, amount: Decimal) -> str:
        x = _LEFT + (WIDTH - _LEFT - _RIGHT) * n / 12
        y = _TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - _pct(amount / pagu * 100) / 100)
        return f"{x:.1f},{y:.1f}"

    words = escape(course_words(plan, spent, pagu, month))
    out = [f'<svg class="curve" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{words}">']
    for percent in (0, 25, 50, 75, 100):
        y = _TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - percent / 100)
        out.append(f'<path class="grid" d="M{_LEFT} {y:.0f}H{WIDTH - _RIGHT}"/>')
        out.append(f'<text x="{_LEFT - 5}" y="{y:.0f}" dy="4" text-anchor="end">{percent}</text>')
    for n in range(1, 13):
        x = _LEFT + (WIDTH - _LEFT - _RIGHT) * n / 12
        out.append(f'<text x="{x:.0f}" y="{HEIGHT - 8}" text-anchor="middle">'
                   f"{MONTHS[n - 1][:3]}</text>")  # fmt: skip
    line = " ".join([at(0, ZERO), *(at(n, a) for n, a in enumerate(plan, 1))])
    real = " ".join([at(0, ZERO), *(at(n, a) for n, a in enumerate(spent[:month], 1))])
    out.append(f'<polyline class="plan" points="{line}"/>')
    out.append(f'<polyline class="real" points="{real}"/></svg>')
    return Markup("".join(out))  # noqa: S704 - numbers of our own; text is escaped
