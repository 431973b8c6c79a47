"""`report`: pages for people. They need no network, fit a phone, and follow light and dark."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from . import plots
from .bundle import EVIDENCE, Bundle, read_pointer
from .contract import Column, Contract
from .data import Dataset, load_dataset
from .errors import PROGRAM
from .gate import challenger_digest
from .metrics import Floats, evaluate
from .monitoring import MonitorReport, monitor
from .release import live_bundle, open_bundle
from .settings import Project, Settings
from .split import split_rows
from .training import list_runs

STYLE = """
:root{--ink:#1c2733;--faint:#8a97a5;--first:#2f6fde;--second:#b7791f;--bad:#c62840;--good:#1a7f4b;
--page:#f6f7f9;--card:#fff;--line:#e2e6eb}
@media(prefers-color-scheme:dark){:root{--ink:#e4e9ef;--faint:#8d99a7;--first:#6ea3ff;
--second:#e0a94a;--bad:#ff6b7d;--good:#4fc48a;--page:#12171d;--card:#1a2129;--line:#2b343f}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:68rem;padding:1rem;background:var(--page);color:var(--ink);
font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.1rem;margin:0 0 .5rem}
nav a,a{color:var(--first)}nav a{margin-right:1rem}
main,.pair{display:grid;gap:1rem;align-items:start;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr))}
section{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem;
min-width:0}
section.wide{grid-column:1/-1}p{margin:.4rem 0}.note{color:var(--faint);font-size:.9rem}
.verdict{font-size:1.3rem;font-weight:600}.passed{color:var(--good)}.refused{color:var(--bad)}
.inconclusive{color:var(--second)}
svg{display:block;width:100%;max-width:34rem;height:auto;font-family:inherit}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.88rem}
th,td{text-align:left;padding:.3rem .7rem .3rem 0;border-bottom:1px solid var(--line);
vertical-align:top}.break{overflow-wrap:anywhere}
th{color:var(--faint);font-weight:500}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
"""


@dataclass(frozen=True)
class Judged:
    """What the pages show: data, the challenger with its evidence, and the live models."""

    contract: Contract
    rows: Dataset
    holdout: Dataset
    bundle: Bundle
    evidence: dict[str, Any]
    predictions: dict[str, Floats]


def write_reports(
    project: Project, settings: Settings, contract: Contract, watched: MonitorReport | None = None
) -> list[Path]:
    """Write index.html, experiments.html and model-card.html into reports/."""
    judged = _judged(project, settings, contract)
    watched = watched or monitor(project, settings, live_bundle(project, settings))
    pages = {
        "index.html": _index(settings, judged, watched),
        "experiments.html": _experiments(project),
        "model-card.html": _card(project, settings, judged),
    }
    project.reports_path.mkdir(parents=True, exist_ok=True)
    for name, (title, sections) in pages.items():
        text = _page(f"{title} - {project.root.name}", sections)
        (project.reports_path / name).write_text(text, encoding="utf-8")
    return [project.reports_path / name for name in pages]


def _judged(project: Project, settings: Settings, contract: Contract) -> Judged:
    bundle = open_bundle(project, settings, challenger_digest(project))
    champion = live_bundle(project, settings)
    rows = load_dataset(project, settings, contract)
    holdout = rows.take(split_rows(rows, settings.split, contract.label_delay_days).holdout)
    features = bundle.features(holdout.columns)
    found = {"challenger": bundle.predict_features(features)}
    if champion is not None and champion.digest != bundle.digest:
        found["champion"] = champion.predict(holdout.columns)
    found["baseline"] = bundle.baseline.predict(features)
    if champion is not None and champion.digest == bundle.digest:
        found["champion"] = found.pop("challenger")
        found = {name: found[name] for name in ("champion", "baseline")}
    path = bundle.folder / EVIDENCE
    evidence = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return Judged(contract, rows, holdout, bundle, evidence, found)


def _index(settings: Settings, judged: Judged, watched: MonitorReport) -> tuple[str, list[str]]:
    sections = [_verdict(judged), _evaluation(settings, judged), _calibration(judged)]
    sections += [_slices(settings, judged), _drift(watched), _data(judged)]
    return "Model report", sections


def _verdict(judged: Judged) -> str:
    outcome = judged.evidence.get("verdict", "not judged")
    reasons = [r[:1].upper() + r[1:] + "." for r in judged.evidence.get("reasons", [])]
    held = judged.evidence.get("holdout", {})
    about = f"Model {judged.bundle.name} on {len(judged.holdout):,} held-out rows"
    about += f" of {held['entities']:,} entities" if held else ""
    about += f", from {held['cutoff'][:10]} on." if held.get("cutoff") else "."
    weak = "<p>Weak evidence: there are few rows.</p>" if judged.evidence.get("weak") else ""
    head = f'<p class="verdict {outcome}">Gate: {outcome}</p>'
    body = head + "".join(f"<p>{html.escape(r)}</p>" for r in reasons)
    return _section("Verdict", f'{body}{weak}<p class="note">{about}</p>', wide=True)


def _evaluation(settings: Settings, judged: Judged) -> str:
    budget = settings.gate.budget_share
    found = {
        name: evaluate(judged.contract.task, judged.holdout.target, p, budget=budget)
        for name, p in judged.predictions.items()
    }
    names = list(next(iter(found.values())))
    rows = [[n.replace("_", " "), *(f"{found[m][n]:.4f}" for m in found)] for n in names]
    table = _table(["on the holdout", *found], rows)
    compared = judged.evidence.get("comparisons", {})
    if not compared:
        return _section("Evaluation", table)
    spans = [_span(f"against {n}", c) for n, c in compared.items()]
    metric = next(iter(compared.values()))["metric"].replace("_", " ")
    delta = judged.evidence["delta"] if metric in ("auc", "average precision") else 0.0
    plot = plots.intervals(spans, delta, f"gain in {metric}, 90 % interval")
    return _section("Evaluation", table + plot)


def _calibration(judged: Judged) -> str:
    task = judged.contract.task
    bins = {
        name: plots.mean_bins(judged.holdout.target, p, task)
        for name, p in judged.predictions.items()
    }
    label = "value" if task == "regression" else "share"
    note = '<p class="note">Ten groups of equal size; on the dashed line all is as predicted.</p>'
    return _section("Calibration", plots.calibration_plot(bins, label) + note)


def _slices(settings: Settings, judged: Judged) -> str:
    slices = judged.evidence.get("slices", [])
    seen = [s for s in slices if s["comparison"]]
    other = "champion" if judged.evidence.get("champion") else "baseline"
    body = f"<p>Every part of the holdout with enough rows, against the {other}.</p>"
    if seen:
        spans = [_span(f"{s['column']}={s['level']}", s["comparison"]) for s in seen]
        body += plots.intervals(spans, 2 * settings.gate.delta, "gain, 90 % interval")
    left = [
        f"{s['column']}={s['level']} (n = {s['rows']:,})" for s in slices if not s["comparison"]
    ]
    if left:
        body += f'<p class="note">Not judged: {html.escape(", ".join(left))}.</p>'
    return _section("Slices", body)


def _span(name: str, c: dict[str, Any]) -> tuple[str, float, float, float]:
    return name, c["delta"], c["lower"], c["upper"]


def _drift(watched: MonitorReport) -> str:
    if watched.drift is None:
        return _section("Drift", f"<p>{html.escape(watched.lines[0])}.</p>")
    shown = [c for c in watched.drift.columns if np.isfinite(c.psi)]
    rows = [(c.column, c.psi, max(c.critical, 0.2), c.verdict == "alarm") for c in shown]
    body = f"<p>{html.escape(watched.lines[0])}. {html.escape(watched.lines[-1].capitalize())}.</p>"
    few = [c.column for c in watched.drift.columns if c.verdict == "too-few"]
    body += plots.drift_plot(rows) if rows else ""
    body += (
        f'<p class="note">Too few rows to judge: {html.escape(", ".join(few))}.</p>' if few else ""
    )
    return _section("Drift", body)


def _data(judged: Judged) -> str:
    columns = {c.name: judged.rows.columns[c.name] for c in judged.contract.features}
    shown = dict(list(columns.items())[:12])
    rows = [_profile(c, columns[c.name]) for c in judged.contract.features]
    body = f"<p>{len(judged.rows):,} rows, {judged.rows.quarantined:,} in quarantine.</p>"
    table = _table(["column", "type", "missing", "values"], rows)
    both = f'<div class="pair">{table}{plots.histograms(shown)}</div>'
    return _section("Data", body + both, wide=True)


def _profile(column: Column, values: Any) -> list[str]:
    if values.dtype.kind == "O":
        there = [v for v in values.tolist() if v is not None]
        span = f"{len(set(there)):,} levels"
    else:
        there = values[~np.isnan(values)] if values.dtype.kind == "f" else values[~np.isnat(values)]
        span = f"{_short(there.min())} to {_short(there.max())}" if len(there) else "none"
    return [column.name, column.type, f"{1 - len(there) / max(len(values), 1):.1%}", span]


def _short(value: Any) -> str:
    return str(value)[:10] if isinstance(value, np.datetime64) else f"{value:.5g}"


def _experiments(project: Project) -> tuple[str, list[str]]:
    runs, pointer = list_runs(project), read_pointer(project.pointer_path)
    live = pointer["champion"] if pointer else ""
    rows = []
    for run in runs:
        path = project.store_path / "bundles" / run["bundle"] / EVIDENCE
        gate = json.loads(path.read_text(encoding="utf-8"))["verdict"] if path.is_file() else ""
        metrics = run["metrics"]["challenger"]
        best = f"{next(iter(metrics))} {next(iter(metrics.values())):.4f}" if metrics else ""
        if "auc" in metrics:
            best = f"auc {metrics['auc']:.4f}"
        name = run["bundle"][:8] + (" (live)" if run["bundle"] == live else "")
        params = ", ".join(f"{k}={v}" for k, v in run["params"].items()) or "defaults"
        when = f"{run['at'][:16].replace('T', ' ')}, {run['by']}"
        rows.append([when, f"{name}: {params}", best, gate])
    text = "<p>Every run in the store. The same run is found again, not repeated.</p>"
    table = _table(["when (UTC) and who", "model", "on validation", "gate"], rows)
    return "Experiments", [_section("Runs", text + table, wide=True)]


def _card(project: Project, settings: Settings, judged: Judged) -> tuple[str, list[str]]:
    manifest, contract = judged.bundle.manifest, judged.contract
    pointer = read_pointer(project.pointer_path)
    live = bool(pointer and pointer["champion"] == judged.bundle.digest)
    what = [
        ["bundle", judged.bundle.digest],
        ["status", "live" if live else "not live"],
        ["predicts", f"{contract.target} ({contract.task})"],
        ["kind of model", manifest["format"]],
        ["trained on", f"{manifest['rows']['train']:,} rows of data {manifest['data'][:12]}"],
        ["code", f"commit {manifest['git']['commit'] or 'none yet'}"],
        ["packages", ", ".join(f"{n} {v}" for n, v in manifest["packages"].items())],
    ]
    used = ", ".join(column.name for column in contract.features)
    use = (
        f"<p>Inputs: {html.escape(used)}.</p><p>Use it for the rows that the contract describes. "
        "It says what is likely, not why; acting on a prediction changes what it predicts.</p>"
    )
    return "Model card", [
        _section("What it is", _table(["", ""], what)),
        _section("Use and limits", use),
        _verdict(judged),
        _evaluation(settings, judged),
        _slices(settings, judged),
    ]


def _section(title: str, body: str, *, wide: bool = False) -> str:
    kind = ' class="wide"' if wide else ""
    return f"<section{kind}><h2>{html.escape(title)}</h2>{body}</section>"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    numeric = [all(_is_figure(row[i]) for row in rows) for i in range(len(head))]

    def line(tag: str, row: Sequence[str]) -> str:
        kinds = [
            "n" if n else "break" if len(v) > 40 else "" for v, n in zip(row, numeric, strict=True)
        ]
        cells = zip(row, kinds, strict=True)
        return "".join(f'<{tag} class="{kind}">{_words(text)}</{tag}>' for text, kind in cells)

    body = "".join(f"<tr>{line('td', row)}</tr>" for row in rows)
    top = f"<thead><tr>{line('th', head)}</tr></thead>" if any(head) else ""
    return f'<div class="scroll"><table>{top}<tbody>{body}</tbody></table></div>'


def _is_figure(text: str) -> bool:
    return text.rstrip("%").replace(",", "").replace(".", "", 1).lstrip("-").isdigit()


def _words(text: str) -> str:
    """Escaped, and allowed to break after an underscore."""
    return html.escape(text).replace("_", "_<wbr>")


def _page(title: str, sections: Iterable[str]) -> str:
    links = {"index.html": "Report", "experiments.html": "Experiments", "model-card.html": "Card"}
    nav = "".join(f'<a href="{path}">{name}</a>' for path, name in links.items())
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{STYLE}</style></head><body>"
        f"<nav>{nav}</nav><h1>{html.escape(title)}</h1><main>{''.join(sections)}</main>"
        f'<p class="note">Written by <code>{PROGRAM} report</code>.</p></body></html>\n'
    )
