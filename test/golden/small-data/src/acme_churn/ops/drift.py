"""Has the world moved away from what the model was judged on?

Population stability index on the reference's quantile bins, with critical values, so that the
chance of a false alarm is `alpha` per run whatever the number of rows and columns.
"""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri

from .comparison import clustered_mean
from .contract import Columns, Contract, is_missing
from .settings import DriftSettings

Verdict = Literal["ok", "warn", "alarm", "too-few"]
WARN, ALARM = 0.1, 0.2
SCORE, LABEL = "(score)", "(label)"
LEVELS = 12  # of a category; rarer ones share a bin
MINIMUM = 30  # with fewer rows the critical value itself is not to be trusted


class ColumnDrift(NamedTuple):
    """The judgement on one column; `needed` rows would allow one where there are too few."""

    column: str
    psi: float
    critical: float
    verdict: Verdict
    rows: int
    needed: int | None = None


class DriftReport(NamedTuple):
    """The judgements on all columns; the worst one counts."""

    columns: list[ColumnDrift]

    @property
    def verdict(self) -> Verdict:
        """The worst verdict: alarm, warn, too-few, ok."""
        found = {column.verdict for column in self.columns}
        worst: tuple[Verdict, ...] = ("alarm", "warn", "too-few")
        return next((verdict for verdict in worst if verdict in found), "ok")


def newest_rows(
    entity: NDArray[Any] | None, time: NDArray[Any] | None, days: int, count: int
) -> NDArray[np.intp]:
    """Indices of one row per entity, the latest, in the newest `days`.

    Repeated rows would pass for more evidence.
    """
    rows = np.arange(count)
    if time is not None:
        rows = rows[time > time.max() - np.timedelta64(days, "D")]
        rows = rows[np.argsort(time[rows], kind="stable")]
    if entity is not None:
        last = dict(zip(entity[rows].tolist(), rows.tolist(), strict=True))
        rows = np.array(list(last.values()), dtype=np.intp)
    return rows


def _observed(
    contract: Contract,
    columns: Columns,
    scores: NDArray[np.float64] | None,
    labels: NDArray[np.float64] | None,
) -> Columns:
    """What is compared: features, the model's answer (score or likeliest class), the label."""
    kinds = {column.name: column.type for column in contract.features}
    seen = {n: v for n, v in columns.items() if kinds.get(n) in ("number", "category", "boolean")}
    if scores is not None:
        several = scores.ndim == 2
        seen[SCORE] = scores.argmax(axis=1).astype(str).astype(object) if several else scores
    if labels is not None:
        number = contract.task == "regression"
        seen[LABEL] = labels if number else labels.astype(str).astype(object)
    return seen


def reference_profile(
    contract: Contract,
    columns: Columns,
    scores: NDArray[np.float64],
    *,
    target: NDArray[np.float64] | None = None,
    loss: NDArray[np.float64] | None = None,
    entity: NDArray[Any] | None = None,
    time: NDArray[np.datetime64] | None = None,
) -> dict[str, Any]:
    """What the holdout looks like, JSON-able: bins and counts per column, and the mean loss.

    `loss` is that of each row (`LOSSES[task][0]`). With `time`, the bins are those of the newest
    four weeks, because one row per entity of a longer window would hold too many of those who
    left early.
    """
    rows = newest_rows(entity, time, DriftSettings().window_days, len(scores))
    seen = _observed(contract, columns, scores, target)
    bins = {name: _bins(values[rows]) for name, values in seen.items()}
    profile: dict[str, Any] = {"rows": len(rows), "columns": bins}
    if loss is not None:
        mean, error, count = clustered_mean(loss, entity)
        profile["loss"] = {"mean": mean, "error": error, "entities": count}
    return profile


def _bins(values: NDArray[Any]) -> dict[str, Any]:
    """Quantile bins of numbers (10; 5 under 1,000 rows), the commonest levels of categories."""
    there = values[~is_missing(values)]
    if values.dtype == object:
        levels, counts = np.unique(there.astype(str), return_counts=True)
        common = levels[np.argsort(-counts, kind="stable")][:LEVELS].tolist()
        plan: dict[str, Any] = {"levels": common}
    else:
        plan = {"edges": _edges(there, 10 if len(values) >= 1_000 else 5)}
    return plan | {"counts": count_bins(plan, values).tolist()}


def _edges(values: NDArray[np.float64], bins: int) -> list[float]:
    """Upper edges of the bins but the last one, so that no bin holds everything.

    A rare value beside a common one (a flag that is nearly always set) gets a bin of its own.
    """
    if not len(values):
        return []
    top, edges = values.max(), np.unique(np.quantile(values, np.arange(1, bins) / bins))
    edges, below = edges[edges < top], values[values < top]
    if len(below):
        return list(edges.tolist()) or [float(below.max())]
    return [float(np.nextafter(top, -np.inf)), float(top)]  # constant: less, the same, more


def count_bins(plan: Mapping[str, Any], values: NDArray[Any]) -> NDArray[np.int64]:
    """Rows per bin; the last bin counts missing values, the one before it rarer levels."""
    missing = is_missing(values)
    there = values[~missing]
    if "levels" in plan:
        place = {level: i for i, level in enumerate(plan["levels"])}
        bins = len(place) + 1
        codes = np.array([place.get(value, bins - 1) for value in there], dtype=np.int64)
    else:
        bins = len(plan["edges"]) + 1
        codes = np.searchsorted(np.array(plan["edges"]), there, side="left")
    return np.append(np.bincount(codes, minlength=bins), missing.sum())


def psi(reference: NDArray[np.int64], current: NDArray[np.int64]) -> float:
    """Sum of (p - q) ln(p / q) over the bins, one half added to each count."""
    p, q = reference + 0.5, current + 0.5
    p, q = p / p.sum(), q / q.sum()
    return float(((p - q) * np.log(p / q)).sum())


def judge_counts(
    name: str, reference: NDArray[np.int64], current: NDArray[np.int64], alpha: float
) -> ColumnDrift:
    """Alarm if PSI >= max(c, 0.2), warn if >= max(c, 0.1) (Yurdakul & Naranjo 2020).

    c = (1/N + 1/M) chi2(1 - alpha; B - 1) is what chance alone exceeds with probability `alpha`.
    Where c > 0.2 a moderate shift cannot be told from chance: then "too-few" instead of "ok".
    """
    used = (reference > 0) | (current > 0)
    reference, current = reference[used], current[used]
    n, m = int(reference.sum()), int(current.sum())
    if len(reference) < 2:
        return ColumnDrift(name, 0.0, 0.0, "ok" if m else "too-few", m, None if m else 1)
    quantile = float(chdtri(len(reference) - 1, alpha))
    critical, value = quantile * (1 / n + 1 / max(m, 1)), psi(reference, current)
    if value >= max(critical, ALARM) and m >= MINIMUM:
        return ColumnDrift(name, value, critical, "alarm", m)
    if critical > ALARM or m < MINIMUM:
        room = ALARM / quantile - 1 / n
        needed = max(MINIMUM, int(1 / room) + 1) if room > 0 else None
        return ColumnDrift(name, value, critical, "too-few", m, needed)
    return ColumnDrift(name, value, critical, "warn" if value >= max(critical, WARN) else "ok", m)


def judge_drift(
    contract: Contract,
    reference: Mapping[str, Any],
    columns: Columns,
    scores: NDArray[np.float64] | None,
    settings: DriftSettings,
    *,
    entity: NDArray[Any] | None = None,
    labels: NDArray[np.float64] | None = None,
) -> DriftReport:
    """Compare a window with the reference, one row per entity, `alpha` shared by the columns.

    `labels` are those of another window: they come later.
    """
    seen = _observed(contract, columns, scores, labels)
    if entity is not None:
        rows = newest_rows(entity, None, 0, len(entity))
        seen = {name: values if name == LABEL else values[rows] for name, values in seen.items()}
    plans = {name: plan for name, plan in reference["columns"].items() if name in seen}
    alpha = settings.alpha / max(len(plans), 1)
    found = [
        judge_counts(name, np.array(plan["counts"]), count_bins(plan, seen[name]), alpha)
        for name, plan in plans.items()
    ]
    return DriftReport(sorted(found, key=lambda column: -column.psi))


def judge_concept(
    reference: Mapping[str, Any], losses: NDArray[np.float64], entity: NDArray[Any] | None
) -> ColumnDrift:
    """Concept drift: (L_now - L_ref) / sqrt(SE^2 + SE^2) > 2.33 and L_now >= 1.1 L_ref.

    `psi` of the answer is the ratio of the losses minus 1, `critical` what it had to reach.
    """
    before, (now, error, count) = reference["loss"], clustered_mean(losses, entity)
    noise = 2.33 * float(np.hypot(error, before["error"]))
    limit = max(noise / before["mean"], 0.1)
    ratio = now / before["mean"] - 1
    if count < MINIMUM:
        return ColumnDrift("(loss)", ratio, limit, "too-few", count, MINIMUM)
    return ColumnDrift("(loss)", ratio, limit, "alarm" if ratio > limit else "ok", count)
