"""Has the world moved? With a false alarm in `alpha` of runs, however many rows and columns."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import numpy as np
from scipy.special import chdtri

from .comparison import METRICS, clustered_mean, row_losses
from .contract import ROW, Array, Columns, Contract, Floats, is_missing, take

WARN, ALARM = 0.1, 0.2
SCORE, LABEL, LOSS = "(score)", "(label)", "concept"
LEVELS = 12  # of a category; rarer ones share a bin
WINDOW = np.timedelta64(28, "D")  # one snapshot of monthly ones, in February too
MINIMUM = 30  # with fewer rows the critical value itself is not to be trusted


class Drift(NamedTuple):
    """The judgement on one column; `needed` rows would allow one where there are too few."""

    column: str
    psi: float
    critical: float
    verdict: Literal["ok", "warn", "alarm", "too-few"]
    rows: int
    needed: int | None = None

    def __str__(self) -> str:
        if self.verdict == "too-few":
            more = f"needs {self.needed:,}" if self.needed else "needs a larger holdout"
            return f"{self.column}: too few rows to judge ({self.rows:,}, {more})"
        what = "loss up by" if self.column == LOSS else "PSI"
        return f"{self.column}: {self.verdict}, {what} {self.psi:.3f} (chance {self.critical:.3f})"


def newest(contract: Contract, rows: Columns) -> Columns:
    """The latest row of every entity in the newest 28 days: repeats would pass for evidence."""
    kept = np.arange(len(next(iter(rows.values()), ())))
    if contract.time and contract.time in rows:
        time = rows[contract.time]
        kept = kept[time > time.max() - WINDOW]
        kept = kept[np.argsort(time[kept], kind="stable")]
    if contract.entity in rows:
        last = dict(zip(rows[contract.entity][kept].tolist(), kept.tolist(), strict=True))
        kept = np.array(list(last.values()), dtype=np.intp)
    return take(rows, kept)


def _observed(contract: Contract, rows: Columns, scores: Floats, labels: Floats | None) -> Columns:
    """What is compared: features, the model's answer (score or likeliest class), the label."""
    used = [c.name for c in contract.features if c.type not in ("date", "text")]
    seen = {name: rows[name] for name in used if name in rows}
    seen[SCORE] = scores if scores.ndim == 1 else scores.argmax(axis=1).astype(str).astype(object)
    if labels is not None:
        number = contract.task == "regression"
        seen[LABEL] = labels if number else labels.astype(str).astype(object)
    return seen


def reference_profile(
    contract: Contract, rows: Columns, scores: Floats, target: Floats | None = None
) -> dict[str, Any]:
    """What the holdout looks like: bins and counts of its `newest` rows, and the mean loss."""
    where = {name: rows[name] for name in contract.keys if name in rows and name != ROW}
    seen = newest(contract, where | _observed(contract, rows, scores, target))
    bins = {name: _bins(values) for name, values in seen.items() if name not in where}
    profile: dict[str, Any] = {"rows": len(seen[SCORE]), "columns": bins}
    if target is not None:
        losses = row_losses(METRICS[contract.task][-1], target, scores)
        figures = clustered_mean(losses, rows.get(contract.entity))
        profile["loss"] = dict(zip(("mean", "error", "entities"), figures, strict=True))
    return profile


def _bins(values: Array) -> dict[str, Any]:
    """Quantile bins (10; 5 under 1,000 rows), or a bin per level of categories and of few values.

    No bin holds everything: a value that nearly all have is parted from those below it.
    """
    bins, there = 10 if len(values) >= 1_000 else 5, values[~is_missing(values)]
    levels, counts = np.unique(there, return_counts=True)
    if values.dtype == object or len(levels) <= bins:
        plan = {"levels": levels[np.argsort(-counts, kind="stable")][:LEVELS].tolist()}
    else:
        edges = np.unique(np.quantile(there, np.arange(1, bins) / bins))
        plan = {"edges": edges[edges < levels[-1]].tolist() or [float(levels[-2])]}
    return plan | {"counts": count_bins(plan, values).tolist()}


def count_bins(plan: Mapping[str, Any], values: Array) -> Array:
    """Rows per bin; the last bin counts missing values, the one before it rarer levels."""
    missing, bins = is_missing(values), len(plan.get("levels", plan.get("edges"))) + 1
    if "levels" in plan:
        place = {level: i for i, level in enumerate(plan["levels"])}
        codes = [place.get(value, bins - 1) for value in values[~missing].tolist()]
    else:
        codes = np.searchsorted(plan["edges"], values[~missing], side="left").tolist()
    return np.append(np.bincount(np.array(codes, dtype=np.int64), minlength=bins), missing.sum())


def judge_counts(name: str, reference: Array, current: Array, alpha: float) -> Drift:
    """Alarm if PSI >= max(c, 0.2), warn if >= max(c, 0.1) (Yurdakul & Naranjo 2020).

    PSI is the sum of (p - q) ln(p / q) over the bins, one half added to each count, and
    c = (1/N + 1/M) chi2(1 - alpha; B - 1) is what chance alone exceeds with probability `alpha`.
    Where c > 0.2 a moderate shift cannot be told from chance: then "too-few" instead of "ok".
    """
    used = (reference > 0) | (current > 0)
    reference, current = reference[used], current[used]
    n, m = int(reference.sum()), int(current.sum())
    quantile = float(chdtri(max(len(reference) - 1, 1), alpha))
    critical = quantile * (1 / n + 1 / max(m, 1))
    p, q = ((counts + 0.5) / (counts + 0.5).sum() for counts in (reference, current))
    value = float(((p - q) * np.log(p / q)).sum())
    if value >= max(critical, ALARM) and m >= MINIMUM:
        return Drift(name, value, critical, "alarm", m)
    if critical > ALARM or m < MINIMUM:
        room = ALARM / quantile - 1 / n
        needed = max(MINIMUM, int(1 / room) + 1) if room > 0 else None
        return Drift(name, value, critical, "too-few", m, needed)
    return Drift(name, value, critical, "warn" if value >= max(critical, WARN) else "ok", m)


def judge_drift(
    contract: Contract,
    reference: Mapping[str, Any],
    rows: Columns,
    scores: Floats,
    labels: Floats | None = None,
    *,
    alpha: float = 0.01,
) -> list[Drift]:
    """Compare `newest` rows, and late labels, with the reference, worst first; sharing `alpha`."""
    seen, plans = _observed(contract, rows, scores, labels), reference["columns"]
    names = [name for name in plans if name in seen]
    alpha = alpha / max(len(names), 1)
    counts = [(n, np.array(plans[n]["counts"]), count_bins(plans[n], seen[n])) for n in names]
    return sorted((judge_counts(*given, alpha) for given in counts), key=lambda drift: -drift.psi)


def judge_concept(reference: Any, losses: Floats, entity: Array | None = None) -> Drift:
    """Concept drift: (L_now - L_ref) / sqrt(SE^2 + SE^2) > 2.33 and L_now >= 1.1 L_ref.

    `psi` of the answer is the ratio of the losses minus 1, `critical` what it had to reach.
    """
    before, (now, error, count) = reference["loss"], clustered_mean(losses, entity)
    noise = 2.33 * float(np.hypot(error, before["error"]))
    limit, ratio = max(noise / before["mean"], 0.1), now / before["mean"] - 1
    if count < MINIMUM:
        return Drift(LOSS, ratio, limit, "too-few", count, MINIMUM)
    return Drift(LOSS, ratio, limit, "alarm" if ratio > limit else "ok", count)
