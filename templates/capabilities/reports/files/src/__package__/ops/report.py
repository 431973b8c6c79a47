"""`report`: pages for people, laid out in report.html. No network; a phone, light and dark."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jinja2 import Environment, FileSystemLoader
from numpy.typing import NDArray

from .bundle import EVIDENCE, read_json, read_pointer
from .contract import is_missing
from .data import load_dataset
from .drift import ALARM, Drift
from .gate import LIMITS
from .monitoring import monitor
from .release import challenger_digest, live_bundle, open_bundle
from .settings import PROGRAM
from .training import list_runs
from .workspace import Workspace

PAGES = {"index": "Model report", "experiments": "Experiments", "model-card": "Model card"}


class Span(NamedTuple):
    """A named line of a plot: from start to end with a dot, and a tick at the limit."""

    name: str
    start: float
    end: float
    dot: float
    limit: float
    bad: bool


class Scale:
    """Places values on a line from 0 to 250, with round numbers as ticks."""

    def __init__(self, values: Iterable[float]) -> None:
        found = [*values]
        self.low, high = min(found), max(found)
        self.length = (high - self.low) or 1.0
        rough = self.length / 4
        power = 10 ** np.floor(np.log10(rough))
        step = power * min(factor for factor in (1, 2, 5, 10) if factor * power >= rough)
        self.ticks = step * np.arange(np.ceil(self.low / step), high // step + 1) + 0.0

    def __call__(self, value: float) -> float:
        return round(250 * (value - self.low) / self.length, 1)


def write_reports(work: Workspace) -> list[Path]:
    """Write index.html, experiments.html and model-card.html into reports/."""
    bundle, bundles = open_bundle(work, challenger_digest(work)), work.store_path / "bundles"
    evidence, watched = bundle.part("gate"), monitor(work, live_bundle(work))
    gains = evidence.get("comparisons", {})
    margins = {f"against {name}": (gains[name], LIMITS.get(name, (0,))[0]) for name in gains}
    slices = {name: (pair, 2) for name, pair in evidence.get("slices", {}).items()}
    facts = {
        "bundle": bundle,
        "evidence": evidence,
        "live": read_pointer(work)["champion"],
        "gains": _gains(margins),
        "slices": _gains(slices),
        "watched": watched,
        "drift": [_drift(found) for found in watched.drift],
        "columns": [_profile(*column) for column in load_dataset(work).columns.items()],
        "runs": [(run, read_json(bundles / run["bundle"] / EVIDENCE)) for run in list_runs(work)],
    }
    pages = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
    pages.globals |= {"Scale": Scale, "program": PROGRAM, "project": work.root.name, "pages": PAGES}
    work.reports_path.mkdir(parents=True, exist_ok=True)
    paths = [work.reports_path / f"{page}.html" for page in PAGES]
    for path in paths:
        text = pages.get_template("report.html").render(page=path.stem, **facts)
        path.write_text(text, encoding="utf-8")
    return paths


def _gains(pairs: Mapping[str, tuple[Mapping[str, Any], int]]) -> list[Span]:
    """Differences with their intervals, and the limit of the gate in margins."""
    return [
        Span(n, c["lower"], c["upper"], c["delta"], -times * c["margin"], c["upper"] < 0)
        for n, (c, times) in pairs.items()
        if None not in (c["delta"], c["lower"], c["upper"])
    ]


def _drift(found: Drift) -> Span:
    limit, bad = max(found.critical, ALARM), found.verdict == "alarm"
    return Span(found.column, 0.0, found.psi, found.psi, limit, bad)


def _profile(name: str, values: NDArray[Any]) -> dict[str, Any]:
    """A column's missing share, its range or commonest levels, and the heights of a histogram."""
    there = values[~is_missing(values)]
    levels, counts = np.unique(there, return_counts=True)
    if values.dtype == object or len(levels) < 3:
        order = np.argsort(-counts, kind="stable")
        levels, counts = levels[order], counts[order][:12]
        says = ", ".join(map(_short, levels[:4]))
        says += f" and {len(levels) - 4:,} more" if len(levels) > 4 else ""
    else:
        says = f"{_short(levels[0])} to {_short(levels[-1])}"
        numbers = there.astype(np.float64)
        low, high = np.quantile(numbers, (0.005, 0.995))  # one outlier would flatten the rest
        counts = np.histogram(np.clip(numbers, low, high), 20)[0]
    heights = (counts / max(int(counts.max(initial=0)), 1)).round(3).tolist()
    return {"name": name, "missing": 1 - len(there) / len(values), "says": says, "bars": heights}


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)[:10]
