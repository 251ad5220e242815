"""Charts drawn from the numbers of a table: SVG for the PDF, PNG for Word, same bytes always."""

from __future__ import annotations

import hashlib
import io
import textwrap
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

from portal.db import canonical_json
from portal.documents import diagram
from portal.documents.diagram import Diagram
from portal.indonesian import number

WIDTH_MM, HEIGHT_MM, MOST_MM = 150.0, 85.0, 200.0
DPI = 200
_LETTERS = 34  # of a label beside a lying bar, before it takes another line
_LINE_MM = 3.5
#: Told apart also in grey print and by colour-blind readers.
COLOURS = ("#1f4e79", "#c55a11", "#548235", "#7f6000", "#7030a0", "#404040")
FILLS = ("#1f4e79", "#e8a33d", "#548235", "#d9d9d9", "#7030a0", "#ffffff")
HATCHES = ("", "////", "\\\\\\\\", "xxxx", "----", "++++")
_EDGE = "#262626"
_LOCK = threading.Lock()  # pyplot-free, but rcParams are process-wide


@dataclass(frozen=True)
class Spec:
    """What a chart shows; equal specs give equal bytes."""

    draw: Literal["bar", "line", "pie"]
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[Decimal | None, ...]], ...]  # name, values
    unit: str = ""

    def key(self) -> str:
        """SHA-256 of the spec, for caches."""
        body = [self.draw, self.labels, [[n, [None if v is None else str(v) for v in vs]]
                for n, vs in self.series], self.unit]  # fmt: skip
        return hashlib.sha256(canonical_json(body).encode()).hexdigest()


@dataclass(frozen=True)
class Drawn:
    """Hashes of the two pictures; the maker knows their bytes."""

    png: str
    svg: str


def height_mm(spec: Spec) -> float:
    """Height of a chart: one of many lying bars grows, so that no label covers another."""
    if not _lying(spec):
        return HEIGHT_MM
    rows = (
        max(len(textwrap.wrap(text, _LETTERS)) * _LINE_MM, len(spec.series) * 2.5) + 1.6
        for text in spec.labels
    )
    return min(MOST_MM, max(HEIGHT_MM, 18.0 + sum(rows)))


def _lying(spec: Spec) -> bool:
    """Many or long labels stand beside bars that lie."""
    if spec.draw != "bar":
        return False
    return len(spec.labels) > 8 or max((len(text) for text in spec.labels), default=0) > 14


class Maker(Protocol):
    """Draws a chart and keeps its bytes."""

    def chart(self, spec: Spec | Diagram) -> Drawn:
        """The hashes of the PNG and the SVG of ``spec``."""
        ...


class Memory:
    """A maker that keeps the bytes in memory: for tests, previews and the command line."""

    def __init__(self) -> None:
        self.bytes: dict[str, bytes] = {}
        self._known: dict[str, Drawn] = {}

    def chart(self, spec: Spec | Diagram) -> Drawn:
        """Draw once for each spec."""
        key = spec.key()
        if key not in self._known:
            svg, png = render(spec)
            self._known[key] = Drawn(self.put(png), self.put(svg))
        return self._known[key]

    def put(self, data: bytes) -> str:
        """Keep bytes under their hash."""
        sha = hashlib.sha256(data).hexdigest()
        self.bytes[sha] = data
        return sha


def render(spec: Spec | Diagram) -> tuple[bytes, bytes]:
    """SVG and PNG bytes; no clock, no random ids, no display."""
    if isinstance(spec, Diagram):
        return diagram.render(spec)
    import matplotlib  # noqa: PLC0415 - half a second that a process without charts saves
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    settings: Mapping[str, object] = {
        "svg.hashsalt": "selaras",
        "svg.fonttype": "path",
        "font.family": "DejaVu Sans",
        "font.size": 8,
        "axes.unicode_minus": True,
        "hatch.linewidth": 0.5,
    }
    with _LOCK, matplotlib.rc_context(settings):  # type: ignore[arg-type]  # keys are literals there
        figure = Figure(figsize=(WIDTH_MM / 25.4, height_mm(spec) / 25.4), layout="constrained")
        FigureCanvasAgg(figure)
        _draw(figure.add_subplot(), spec)
        svg, png = io.BytesIO(), io.BytesIO()
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        figure.savefig(png, format="png", dpi=DPI, metadata={"Software": None})
    return svg.getvalue(), png.getvalue()


def _draw(axes: object, spec: Spec) -> None:
    if spec.draw == "pie":
        _pie(axes, spec)
    elif spec.draw == "line":
        _line(axes, spec)
    else:
        _bars(axes, spec)


def _floats(values: tuple[Decimal | None, ...]) -> list[float]:
    return [float(value) if value is not None else float("nan") for value in values]


def _bars(axes, spec: Spec) -> None:  # type: ignore[no-untyped-def]  # matplotlib has no stubs
    count = len(spec.series)
    positions = range(len(spec.labels))
    wide = 0.8 / count
    lying = _lying(spec)
    for index, (name, values) in enumerate(spec.series):
        shifted = [p + (index - (count - 1) / 2) * wide for p in positions]
        draw = axes.barh if lying else axes.bar
        draw(shifted, _floats(values), wide * 0.92, label=name, **_look(index))
    if lying:
        labels = [textwrap.fill(text, _LETTERS) for text in spec.labels]
        axes.set_yticks(list(positions), labels)
        axes.set_ylim(len(labels) - 0.4, -0.6)
    else:
        axes.set_xticks(list(positions), spec.labels)
    _finish(axes, spec, lying)


def _look(index: int) -> dict[str, object]:
    """Colour and pattern of a series; the pattern tells it apart on a grey print."""
    return {"facecolor": FILLS[index % 6], "hatch": HATCHES[index % 6], "edgecolor": _EDGE,
            "linewidth": 0.4}  # fmt: skip


def _line(axes, spec: Spec) -> None:  # type: ignore[no-untyped-def]  # matplotlib has no stubs
    for index, (name, values) in enumerate(spec.series):
        axes.plot(
            list(range(len(spec.labels))), _floats(values), marker="osD^v*"[index % 6],
            label=name, color=COLOURS[index % 6],
        )  # fmt: skip
    axes.set_xticks(list(range(len(spec.labels))), spec.labels)
    _finish(axes, spec, False)


def _pie(axes, spec: Spec) -> None:  # type: ignore[no-untyped-def]  # matplotlib has no stubs
    _name, values = spec.series[0]
    found = [(t, float(v)) for t, v in zip(spec.labels, values, strict=True) if v and v > 0]
    total = sum(value for _, value in found) or 1.0
    texts = [f"{text} ({number(Decimal(v / total * 100), 1)} %)" for text, v in found]
    wedges, _ = axes.pie([value for _, value in found], startangle=90, counterclock=False)
    for index, wedge in enumerate(wedges):
        wedge.set(**_look(index))
    axes.legend(texts, loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)


def _scale(spec: Spec) -> tuple[float, str]:
    """Large numbers are written in juta, miliar or triliun on the axis."""
    most = max((abs(v) for _, vs in spec.series for v in vs if v is not None), default=Decimal(0))
    for size, word in ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta")):
        if most >= 10 * size or (size == 10**12 and most >= size):
            return float(size), word
    return 1.0, ""


def _finish(axes, spec: Spec, lying: bool) -> None:  # type: ignore[no-untyped-def]  # no stubs
    from matplotlib.ticker import FuncFormatter  # noqa: PLC0415

    axis = axes.xaxis if lying else axes.yaxis
    size, word = _scale(spec)
    axis.set_major_formatter(
        FuncFormatter(lambda value, _at: number(Decimal(f"{float(value) / size:.10g}")))
    )
    axes.grid(axis="x" if lying else "y", linewidth=0.4, color="#cccccc")
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    words = f"{word} {spec.unit}".strip()
    if words:
        (axes.set_xlabel if lying else axes.set_ylabel)(words)
    if len(spec.series) > 1:
        axes.legend(frameon=False, loc="lower right", bbox_to_anchor=(1, 1), ncols=2)
