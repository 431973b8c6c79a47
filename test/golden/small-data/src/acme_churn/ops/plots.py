"""Plots as inline SVG that follows the page's colours, in light and in dark."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from .metrics import Floats, calibration

# Drawn in these colours, then replaced by the variables of the page's style sheet.
INK, FAINT, FIRST, SECOND, BAD = "#102030", "#a0b0c0", "#2060c0", "#c08020", "#c02040"
_VARIABLES = {INK: "ink", FAINT: "faint", FIRST: "first", SECOND: "second", BAD: "bad"}
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "report",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    **dict.fromkeys(("text.color", "axes.labelcolor", "xtick.labelcolor", "ytick.labelcolor"), INK),
    **dict.fromkeys(("axes.edgecolor", "xtick.color", "ytick.color"), FAINT),
}


def _svg(figure: Figure, says: str) -> str:
    """The figure as an accessible inline SVG; `says` is what a reader who cannot see it hears."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    found = buffer.getvalue()
    found = found[found.index("<svg") :]
    found = re.sub(r"<metadata>.*?</metadata>", "", found, flags=re.S)
    found = re.sub(r' (width|height)="[\d.]+pt"', "", found, count=2)
    found = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font-size: \1px", found)
    for colour, name in _VARIABLES.items():
        found = found.replace(colour, f"var(--{name})")
    words = html.escape(says, quote=True)
    return found.replace("<svg ", f'<svg role="img" aria-label="{words}" ', 1)


def _figure(height: float) -> tuple[Figure, Any]:
    figure = Figure(figsize=(4.4, height), layout="constrained")
    return figure, figure.subplots()


def histograms(columns: dict[str, NDArray[Any]]) -> str:
    """One small histogram per column, two side by side."""
    with mpl.rc_context(_STYLE):
        lines = max(-(-len(columns) // 2), 1)
        figure = Figure(figsize=(4.4, 1.25 * lines), layout="constrained")
        axes = np.atleast_1d(figure.subplots(lines, 2)).ravel()
        for axis, (name, values) in zip(axes, columns.items(), strict=False):
            _one_histogram(axis, values)
            axis.set_title(name[:24], fontsize=8)
            axis.tick_params(labelsize=7)
            axis.set_yticks([])
        for axis in axes[len(columns) :]:
            axis.set_axis_off()
        return _svg(figure, f"Histograms of {', '.join(columns)}.")


def _one_histogram(axis: Any, values: NDArray[Any]) -> None:
    if values.dtype.kind == "O":
        there = [str(v) for v in values if v is not None]
        levels, counts = np.unique(there, return_counts=True)
        top = np.argsort(-counts, kind="stable")[:6]
        axis.bar([level[:9] for level in levels[top]], counts[top], color=FIRST)
        return
    there = values[~np.isnan(values)] if values.dtype.kind == "f" else values[~np.isnat(values)]
    if there.dtype.kind == "M":
        there = 1970 + there.astype("datetime64[D]").astype(np.float64) / 365.25
    if len(there):
        low, high = np.quantile(there, (0.005, 0.995))  # one outlier would flatten the rest
        if high - low <= 1e-9 * max(abs(low), abs(high)):
            axis.bar([f"{low:.5g}"], [len(there)], width=0.2, color=FIRST)
            return
        axis.hist(np.clip(there, low, high), bins=20, color=FIRST)


def intervals(rows: Sequence[tuple[str, float, float, float]], margin: float, label: str) -> str:
    """Differences with 90 % intervals, one per line; the dashed line is the margin of the gate."""
    with mpl.rc_context(_STYLE):
        figure, axis = _figure(0.9 + 0.24 * len(rows))
        for place, (_, delta, lower, upper) in enumerate(rows):
            colour = BAD if upper < 0 else FIRST
            axis.plot([lower, upper], [place, place], color=colour, linewidth=2)
            axis.plot([delta], [place], "o", color=colour, markersize=4)
        axis.axvline(0, color=INK, linewidth=0.8)
        axis.axvline(-margin, color=BAD, linewidth=0.8, linestyle="--")
        axis.set_yticks(range(len(rows)), [name[:26] for name, *_ in rows])
        axis.set_ylim(len(rows) - 0.5, -0.5)
        axis.locator_params(axis="x", nbins=5)
        axis.set_xlabel(label)
        spans = "; ".join(f"{name} {delta:+.4f}" for name, delta, *_ in rows)
        return _svg(figure, f"{label}: {spans}.")


def calibration_plot(series: dict[str, list[tuple[float, float, int]]], label: str) -> str:
    """Mean prediction against what happened, in bins of equal size."""
    with mpl.rc_context(_STYLE):
        figure, axis = _figure(3.2)
        for (name, bins), colour in zip(series.items(), (FIRST, SECOND, FAINT), strict=False):
            x, y = [b[0] for b in bins], [b[1] for b in bins]
            axis.plot(x, y, "o-", color=colour, label=name, markersize=4, linewidth=1.4)
        seen = [value for bins in series.values() for b in bins for value in b[:2]]
        ends = [min(seen), max(seen)]
        axis.plot(ends, ends, color=FAINT, linewidth=0.8, linestyle="--")
        axis.set_xlabel(f"predicted {label}")
        axis.set_ylabel(f"observed {label}")
        axis.legend(frameon=False)
        return _svg(figure, f"Calibration of {' and '.join(series)}: predicted against observed.")


def drift_plot(rows: Sequence[tuple[str, float, float, bool]]) -> str:
    """PSI per column beside its limit; columns that alarm are red."""
    with mpl.rc_context(_STYLE):
        figure, axis = _figure(0.9 + 0.24 * len(rows))
        names = [name[:26] for name, *_ in rows]
        values = np.array([psi for _, psi, *_ in rows], dtype=np.float64)
        axis.barh(names, values, color=[BAD if alarm else FIRST for *_, alarm in rows], height=0.6)
        for place, (_, _, limit, _) in enumerate(rows):
            axis.plot([limit, limit], [place - 0.4, place + 0.4], color=INK, linewidth=1.2)
        axis.set_ylim(len(rows) - 0.5, -0.5)
        axis.set_xlabel("PSI (line: limit of the alarm)")
        alarms = [name for name, *_, alarm in rows if alarm]
        return _svg(figure, f"Population stability index. Alarms: {', '.join(alarms) or 'none'}.")


def mean_bins(target: Floats, prediction: Floats, task: str) -> list[tuple[float, float, int]]:
    """Calibration bins for any task; several classes: of the class that was chosen."""
    if task == "multiclass":
        chosen = prediction.argmax(axis=1)
        return calibration((chosen == target).astype(np.float64), prediction.max(axis=1))
    return calibration(target, prediction)
