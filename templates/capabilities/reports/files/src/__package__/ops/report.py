"""`report`: pages for people. They need no network, fit a phone, and follow light and dark."""

import html
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from .bundle import EVIDENCE, Bundle, read_json, read_pointer
from .comparison import RANKINGS
from .contract import Columns, is_missing
from .data import load_dataset
from .drift import ALARM
from .monitoring import MonitorReport, monitor
from .release import challenger_digest, live_bundle, open_bundle
from .settings import PROGRAM
from .training import list_runs
from .workspace import Workspace

# Drawn in these colours, then replaced by the variables of the page's style sheet.
INK, FAINT, FIRST, SECOND, BAD = "#102030", "#a0b0c0", "#2060c0", "#c08020", "#c02040"
VARIABLES = {INK: "ink", FAINT: "faint", FIRST: "first", SECOND: "second", BAD: "bad"}
mpl.rcParams.update(
    {
        "svg.fonttype": "none",
        "svg.hashsalt": "report",
        "font.size": 9,
        "axes.spines.top": False,
        "axes.spines.right": False,
        **dict.fromkeys(("text.color", "axes.labelcolor", "xtick.labelcolor"), INK),
        **dict.fromkeys(("ytick.labelcolor", "axes.titlecolor"), INK),
        **dict.fromkeys(("axes.edgecolor", "xtick.color", "ytick.color"), FAINT),
    }
)
STYLE = """
:root{--ink:#1c2733;--faint:#8a97a5;--first:#2f6fde;--second:#b7791f;--bad:#c62840;--good:#1a7f4b;
--page:#f6f7f9;--card:#fff;--line:#e2e6eb}
@media(prefers-color-scheme:dark){:root{--ink:#e4e9ef;--faint:#8d99a7;--first:#6ea3ff;
--second:#e0a94a;--bad:#ff6b7d;--good:#4fc48a;--page:#12171d;--card:#1a2129;--line:#2b343f}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:68rem;padding:1rem;background:var(--page);color:var(--ink);
font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin:0 0 .5rem}a{color:var(--first);margin-right:1rem}
main{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr))}
section{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem;
min-width:0;overflow-wrap:anywhere}
.note{color:var(--faint);font-size:.9rem}.verdict{font-size:1.3rem;font-weight:600}
.passed{color:var(--good)}.refused{color:var(--bad)}.inconclusive{color:var(--second)}
svg{display:block;width:100%;max-width:34rem;height:auto;font-family:inherit}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.88rem}
th,td{text-align:left;padding:.3rem .7rem .3rem 0;border-bottom:1px solid var(--line);
vertical-align:top;font-variant-numeric:tabular-nums}th{color:var(--faint);font-weight:500}
"""


def write_reports(work: Workspace) -> list[Path]:
    """Write index.html, experiments.html and model-card.html into reports/."""
    bundle = open_bundle(work, challenger_digest(work))
    evidence = bundle.part("gate")
    live = read_pointer(work.pointer_path).get("champion", "")
    judged = _verdict(bundle, evidence)
    if evidence.get("metrics"):
        judged += _evaluation(evidence) + _calibration(evidence) + _slices(evidence)
    watched = monitor(work, live_bundle(work))
    columns = load_dataset(work).columns
    pages = {
        "index.html": ("Model report", judged + _drift(watched) + _data(columns)),
        "experiments.html": ("Experiments", _experiments(work, live)),
        "model-card.html": ("Model card", _card(bundle, live) + judged),
    }
    work.reports_path.mkdir(parents=True, exist_ok=True)
    for name, (title, body) in pages.items():
        text = _page(f"{title} - {work.root.name}", body)
        (work.reports_path / name).write_text(text, encoding="utf-8")
    return [work.reports_path / name for name in pages]


def _verdict(bundle: Bundle, evidence: Mapping[str, Any]) -> str:
    outcome, weak = evidence.get("verdict", "not judged"), evidence.get("weak")
    reasons = [f"{reason[:1].upper()}{reason[1:]}." for reason in evidence.get("reasons", [])]
    about = f"Model {bundle.name}"
    if held := evidence.get("holdout"):
        since = f", from {held['cutoff'][:10]} on" if held["cutoff"] else ""
        about += f" on {held['rows']:,} held-out rows of {held['entities']:,} entities{since}"
    body = [*map(_p, reasons), _p("Weak evidence: there are few rows.") if weak else ""]
    return _section("Verdict", _p(f"Gate: {outcome}", f"verdict {outcome}"), *body, _p(f"{about}."))


def _evaluation(evidence: Mapping[str, Any]) -> str:
    metrics, compared = evidence["metrics"], evidence["comparisons"]
    head = ["on the holdout", *("this model" if n == "challenger" else n for n in metrics)]
    names = metrics["challenger"]
    rows = [[name, *(_figure(found[name]) for found in metrics.values())] for name in names]
    metric = compared["baseline"]["metric"]
    limit = evidence["delta"] if metric in RANKINGS else 0.0
    spans = {f"against {name}": pair for name, pair in compared.items()}
    plot = _intervals(spans, limit, f"gain in {metric}")
    return _section("Evaluation", _table(head, rows), plot)


def _calibration(evidence: Mapping[str, Any]) -> str:
    figure, axis = _axes(3.2)
    for (name, bins), colour in zip(
        evidence["calibration"].items(), (FIRST, FAINT, SECOND), strict=False
    ):
        axis.plot(*zip(*bins, strict=True), "o-", color=colour, label=name, markersize=4)
    start = evidence["calibration"]["challenger"][0][0]
    axis.axline((start, start), slope=1, color=FAINT, linewidth=0.8, linestyle="--")
    axis.set(xlabel="mean prediction", ylabel="mean of what happened")
    axis.legend(frameon=False)
    note = _p("Ten groups of equal size; on the dashed line all is as predicted.", "note")
    return _section("Calibration", _svg(figure, "Calibration: predicted against observed."), note)


def _slices(evidence: Mapping[str, Any]) -> str:
    judged, small = evidence["slices"], evidence["not_judged"]
    other = "champion" if evidence["champion"] else "baseline"
    body = [_p(f"Every part of the holdout with enough rows, against the {other}.")]
    if judged:
        body.append(_intervals(judged, 2 * evidence["delta"], "gain"))
    if left := ", ".join(f"{name} (n = {rows:,})" for name, rows in small.items()):
        body.append(_p(f"Not judged: {left}.", "note"))
    return _section("Slices", *body)


def _intervals(rows: Mapping[str, Mapping[str, Any]], limit: float, label: str) -> str:
    """Differences with 90 % intervals, one per line; the dashed line is the limit of the gate."""
    figure, axis = _named_lines(list(rows), f"{label}, 90 % interval")
    for place, found in enumerate(rows.values()):
        colour = BAD if found["upper"] < 0 else FIRST
        axis.plot([found["lower"], found["upper"]], [place, place], color=colour, linewidth=2)
        axis.plot([found["delta"]], [place], "o", color=colour, markersize=4)
    axis.axvline(0, color=INK, linewidth=0.8)
    axis.axvline(-limit, color=BAD, linewidth=0.8, linestyle="--")
    spans = "; ".join(f"{name} {found['delta']:+.4f}" for name, found in rows.items())
    return _svg(figure, f"{label}: {spans}.")


def _drift(watched: MonitorReport) -> str:
    if watched.drift is None:
        return _section("Drift", _p(f"{watched.lines[0]}."))
    columns = watched.drift.columns
    names = {v: [c.column for c in columns if c.verdict == v] for v in ("alarm", "too-few")}
    alarms, few = (", ".join(found) or "none" for found in names.values())
    figure, axis = _named_lines([c.column for c in columns], "PSI (line: limit of the alarm)")
    for place, found in enumerate(columns):
        axis.barh(place, found.psi, color=BAD if found.verdict == "alarm" else FIRST, height=0.6)
        axis.plot([max(found.critical, ALARM)] * 2, [place - 0.4, place + 0.4], color=INK)
    text = f"Alarms: {alarms}. Too few rows to judge: {few}. {watched.lines[-1]}."
    plot = _svg(figure, f"Population stability index by column. Alarms: {alarms}.")
    return _section("Drift", _p(f"{watched.lines[0]}."), plot, _p(text))


def _data(columns: Columns) -> str:
    rows, shown = [], dict(list(columns.items())[:12])
    for name, values in columns.items():
        there = values[~is_missing(values)]
        span = f"{len(set(there.tolist())):,} levels"
        if values.dtype != object and len(there):
            span = f"{_figure(there.min())} to {_figure(there.max())}"
        rows.append([name, f"{1 - len(there) / len(values):.1%}", span])
    lines = -(-len(shown) // 2)
    figure = Figure(figsize=(4.4, 1.25 * lines), layout="constrained")
    axes = figure.subplots(lines, 2, squeeze=False).ravel()
    for axis in axes[len(shown) :]:
        axis.set_axis_off()
    for axis, (name, values) in zip(axes, shown.items(), strict=False):
        axis.set_title(name[:24], fontsize=8)
        axis.tick_params(labelsize=7)
        axis.set_yticks([])
        _histogram(axis, values[~is_missing(values)])
    table = _table(["column", "missing", "values"], rows)
    return _section("Data", table, _svg(figure, f"Histograms of {', '.join(shown)}."))


def _histogram(axis: Any, values: NDArray[Any]) -> None:
    if values.dtype.kind == "M":
        values = 1970 + values.astype("datetime64[D]").astype(np.float64) / 365.25
    if values.dtype == object or len(np.unique(values)) < 3:
        levels, counts = np.unique(values.astype(str), return_counts=True)
        top = np.argsort(-counts, kind="stable")[:6]
        names = [level[:9] for level in levels[top]]
        axis.bar(range(len(top)), counts[top], tick_label=names, color=FIRST)
    else:
        low, high = np.quantile(values, (0.005, 0.995))  # one outlier would flatten the rest
        edges = np.unique(np.linspace(low, np.nextafter(high, np.inf), 21))
        axis.hist(np.clip(values, low, high), bins=edges, color=FIRST)


def _experiments(work: Workspace, live: str) -> str:
    rows = []
    for run in list_runs(work):
        gate = read_json(work.store_path / "bundles" / run["bundle"] / EVIDENCE)
        name = run["bundle"][:8] + (" (live)" if run["bundle"] == live else "")
        metric, value = next(iter(run["metrics"]["challenger"].items()))
        about = f"{name}: {_words(run['params']) or 'defaults'}"
        rows.append([f"{run['at'][:16]}, {run['by']}", about, f"{metric} {_figure(value)}"])
        rows[-1].append(gate.get("verdict", ""))
    text = _p("Every run in the store. The same run is found again, not repeated.")
    return _section("Runs", text, _table(["UTC, who", "model", "on validation", "gate"], rows))


def _card(bundle: Bundle, live: str) -> str:
    contract, manifest = bundle.contract, bundle.manifest
    what = {
        "bundle": bundle.digest,
        "status": "live" if live == bundle.digest else "not live",
        "predicts": contract.target,
        "from": ", ".join(column.name for column in contract.features),
        **{name: manifest[name] for name in ("task", "format", "rows", "data", "git", "packages")},
    }
    use = (
        "Use it for the rows that the contract describes. It says what is likely, not why; "
        "acting on a prediction changes what it predicts."
    )
    table = _table(["", ""], [[name, _words(value)] for name, value in what.items()])
    return _section("What it is", table) + _section("Use and limits", _p(use))


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {found}" for name, found in value.items())
    return str(value)


def _figure(value: Any) -> str:
    if isinstance(value, np.datetime64):
        return str(value)[:10]
    return "-" if value is None else f"{value:.4g}"


def _axes(height: float) -> tuple[Figure, Any]:
    figure = Figure(figsize=(4.4, height), layout="constrained")
    return figure, figure.subplots()


def _named_lines(names: Sequence[str], label: str) -> tuple[Figure, Any]:
    """Axes with one named line per row, the first on top."""
    figure, axis = _axes(0.9 + 0.24 * len(names))
    axis.set_yticks(range(len(names)), [name[:26] for name in names])
    axis.set_ylim(len(names) - 0.5, -0.5)
    axis.locator_params(axis="x", nbins=5)
    axis.set_xlabel(label)
    return figure, axis


def _svg(figure: Figure, says: str) -> str:
    """The figure as an accessible inline SVG; `says` is what a reader who cannot see it hears."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    found = buffer.getvalue()
    found = re.sub(r"<metadata>.*?</metadata>", "", found[found.index("<svg") :], flags=re.S)
    found = re.sub(r' (width|height)="[\d.]+pt"', "", found, count=2)
    found = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font-size: \1px", found)
    for colour, name in VARIABLES.items():
        found = found.replace(colour, f"var(--{name})")
    words = html.escape(says, quote=True)
    return found.replace("<svg ", f'<svg role="img" aria-label="{words}" ', 1)


def _p(text: str, kind: str = "") -> str:
    return f'<p class="{kind}">{html.escape(text)}</p>'


def _section(title: str, *parts: str) -> str:
    return f"<section><h2>{title}</h2>{''.join(parts)}</section>"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def line(tag: str, cells: Sequence[str]) -> str:
        return "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells)

    body = "".join(f"<tr>{line('td', row)}</tr>" for row in rows)
    return f'<div class="scroll"><table><tr>{line("th", head)}</tr>{body}</table></div>'


def _page(title: str, body: str) -> str:
    links = {"index.html": "Report", "experiments.html": "Experiments", "model-card.html": "Card"}
    nav = "".join(f'<a href="{path}">{name}</a>' for path, name in links.items())
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{STYLE}</style></head><body>"
        f"<nav>{nav}</nav><h1>{html.escape(title)}</h1><main>{body}</main>"
        f'<p class="note">Written by <code>{PROGRAM} report</code>.</p></body></html>\n'
    )
