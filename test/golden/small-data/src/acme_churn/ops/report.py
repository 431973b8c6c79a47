"""`report`: pages for people, laid out in report.html. No network; a phone, light and dark."""

from collections import namedtuple
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader

from .bundle import EVIDENCE, read_pointer
from .contract import Array, is_missing
from .data import load_rows
from .drift import ALARM
from .gate import LIMITS
from .monitoring import watch
from .release import chosen_digest, live_bundle, open_bundle
from .settings import PROGRAM, Workspace, read_json, write_text
from .training import list_runs

# A named line of a plot: from start to end with a dot, and a tick at the limit.
Span = namedtuple("Span", ("name", "start", "end", "dot", "limit", "bad"))
PAGES = {"index": "Model report", "experiments": "Experiments", "model-card": "Model card"}


class Scale:
    """Places values on a line from 0 to 250, with ticks."""

    def __init__(self, values: Iterable[float]) -> None:
        found = [*values]
        self.low, self.length = min(found), (max(found) - min(found)) or 1.0
        self.ticks = np.linspace(self.low, self.low + self.length, 4)

    def __call__(self, value: float) -> float:
        return round(250 * (value - self.low) / self.length, 1)


def report(work: Workspace) -> str:
    """Write index.html, experiments.html and model-card.html into reports/; says where."""
    bundle, bundles = open_bundle(work, chosen_digest(work)), work.store_path / "bundles"
    evidence, watched = bundle.part("gate"), watch(work, live_bundle(work))
    gains = evidence.get("comparisons", {})
    margins = {f"against {name}": (gains[name], LIMITS.get(name, (0,))[0]) for name in gains}
    slices = {name: (pair, 2) for name, pair in evidence.get("slices", {}).items()}
    rows = load_rows(work)
    drift = [(d, max(d.critical, ALARM)) for d in watched.drift]
    facts = {
        "bundle": bundle,
        "evidence": evidence,
        "live": read_pointer(work)["champion"],
        "gains": _gains(margins),
        "slices": _gains(slices),
        "watched": watched,
        "drift": [Span(d.column, 0, d.psi, d.psi, x, d.verdict == "alarm") for d, x in drift],
        "columns": [_profile(column.name, rows[column.name]) for column in work.contract.features],
        "runs": [(run, read_json(bundles / run["bundle"] / EVIDENCE)) for run in list_runs(work)],
    }
    pages = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
    pages.globals |= {"Scale": Scale, "program": PROGRAM, "project": work.root.name, "pages": PAGES}
    for page in PAGES:
        text = pages.get_template("report.html").render(page=page, **facts)
        write_text(work.reports_path / f"{page}.html", text)
    return "\n".join(f"reports/{page}.html" for page in PAGES)


def _gains(pairs: Mapping[str, tuple[Mapping[str, Any], int]]) -> list[Span]:
    """Differences with their intervals, and the limit of the gate in margins."""
    return [
        Span(n, c["lower"], c["upper"], c["delta"], -times * c["margin"], c["upper"] < 0)
        for n, (c, times) in pairs.items()
        if None not in (c["delta"], c["lower"], c["upper"])
    ]


def _profile(name: str, values: Array) -> dict[str, Any]:
    """A column's missing share, its range or commonest levels, and the heights of a histogram."""
    there = values[~is_missing(values)]
    levels, counts = np.unique(there, return_counts=True)
    if values.dtype == object or len(levels) < 3:
        order = np.argsort(-counts, kind="stable")[:12]
        counts, says = counts[order], ", ".join(f"{level}"[:10] for level in levels[order][:4])
    else:
        says = f"{levels[0]:.4g} to {levels[-1]:.4g}" if there.dtype.kind == "f" else "dates"
        numbers = there.astype(np.float64)
        low, high = np.quantile(numbers, (0.005, 0.995))  # one outlier would flatten the rest
        counts = np.histogram(np.clip(numbers, low, high), 20)[0]
    heights = (counts / max(int(counts.max(initial=0)), 1)).round(3).tolist()
    return {"name": name, "missing": 1 - len(there) / len(values), "says": says, "bars": heights}
