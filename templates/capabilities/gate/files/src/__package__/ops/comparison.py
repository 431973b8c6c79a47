"""The statistics of the gate: metrics, and how sure we are that one model is better than another.

A difference is always challenger minus other, and higher is always better, so that losses are
turned round. Rows of one entity hang together, so entities are what is resampled.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, pdtr, stdtrit

Floats = NDArray[np.float64]
Metric = Callable[[NDArray[Any]], Floats]  # of row weights, (replicates, n) -> (replicates,)

RANKINGS: Final = ("auc", "average_precision", "recall_at_budget")
LOSSES: Final = {
    "binary": ("log_loss", "brier"),
    "multiclass": ("log_loss",),
    "regression": ("squared_error", "absolute_error"),
}
# What the gate can judge by; the first is the default.
METRICS: Final = LOSSES | {"binary": RANKINGS + LOSSES["binary"]}

CHUNK = 32_768  # weights in hand at once while resampling: they fit in the cache
# Poisson(1) by inversion of 16-bit uniforms: several times faster, and right to 1e-5.
UNIFORM = (np.arange(65536) + 0.5) / 65536
POISSON = np.searchsorted(pdtr(np.arange(9), 1.0), UNIFORM).astype(np.float32)


def row_losses(metric: str, target: Floats, prediction: Floats) -> Floats:
    """The loss of every row, shape (n,); lower is better.

    `target` is the class index or the value; `prediction` is (n,), or (n, k) for several classes.
    """
    if metric == "absolute_error":
        return np.asarray(np.abs(prediction - target))
    if metric != "log_loss":
        return np.asarray((prediction - target) ** 2)
    if prediction.ndim == 2:
        chosen = prediction[np.arange(len(target)), target.astype(np.int64)]
    else:
        chosen = np.where(target == 1, prediction, 1 - prediction)
    return np.asarray(-np.log(np.clip(chosen, 1e-12, 1.0)))


def ranking(metric: str, target: Floats, score: Floats, budget: float = 0.1) -> Metric:
    """A ranking metric as a function of row weights; the rows are sorted once.

    It is the mean credit of a positive row: for `auc` the share of negatives below it, where a tie
    counts one half (Mann & Whitney 1947); for `average_precision` the precision down to it; for
    `recall_at_budget` whether it is in the top `budget`. Without both classes it is NaN.
    """
    order = np.argsort(-score, kind="stable")
    hit, ordered = target[order] == 1, score[order]
    new = np.r_[True, ordered[1:] != ordered[:-1]]
    starts = np.flatnonzero(new)  # groups of equal scores; `used` are those with a positive row
    used, firsts = np.unique((np.cumsum(new) - 1)[hit], return_index=True)
    positives = order[hit]

    def under(weights: NDArray[Any]) -> Floats:
        if len(positives) in (0, len(order)):
            return np.full(len(weights), np.nan)
        here = np.add.reduceat(weights[:, order], starts, axis=1)
        found = np.add.reduceat(weights[:, positives], firsts, axis=1).astype(np.float64)
        seen = np.cumsum(here, axis=1, dtype=np.float64)
        total, positive = seen[:, -1:], found.sum(axis=1, keepdims=True)
        positive = np.where((positive > 0) & (positive < total), positive, np.nan)
        here, seen, up = here[:, used], seen[:, used], np.cumsum(found, axis=1)
        if metric == "auc":
            credit = 1 - (seen - up - 0.5 * (here - found)) / (total - positive)
        elif metric == "average_precision":
            credit = up / np.maximum(seen, 1e-9)
        else:
            credit = np.clip((budget * total - (seen - here)) / np.maximum(here, 1e-9), 0.0, 1.0)
        return np.asarray((found * credit / positive).sum(axis=1))

    return under


def evaluate(
    task: str, target: Floats, prediction: Floats, budget: float = 0.1
) -> dict[str, float]:
    """Every metric of the task on labelled rows; NaN where the rows cannot tell (one class)."""
    found = {name: float(row_losses(name, target, prediction).mean()) for name in LOSSES[task]}
    if task == "binary":
        once = np.ones((1, len(target)))
        ranked = {n: ranking(n, target, prediction, budget)(once)[0] for n in RANKINGS}
        return {name: float(value) for name, value in ranked.items()} | found
    if task == "multiclass":
        found["accuracy"] = float((prediction.argmax(axis=1) == target).mean())
    else:
        spread = float(target.var())
        found["r2"] = 1 - found["squared_error"] / spread if spread > 0 else float("nan")
    return found


def calibration(target: Floats, prediction: Floats, bins: int = 10) -> list[tuple[float, float]]:
    """Mean prediction and mean target in bins of equal size, lowest first.

    Of several classes, (n, k): the probability of the likeliest one, and how often it was right.
    """
    if prediction.ndim == 2:
        target = (prediction.argmax(axis=1) == target).astype(np.float64)
        prediction = prediction.max(axis=1)
    parts = np.array_split(np.argsort(prediction, kind="stable"), min(bins, len(target)))
    return [(float(prediction[p].mean()), float(target[p].mean())) for p in parts]


@dataclass(frozen=True)
class Comparison:
    """One challenger against one other model on the same rows."""

    metric: str
    challenger: float
    other: float
    delta: float  # challenger - other, higher is better
    se: float
    lower: float  # one-sided 95 % bounds of delta
    upper: float
    strict_upper: float  # upper bound at 1 - .05/S, when S comparisons are judged together
    rows: int
    clusters: int
    method: str

    @property
    def finite(self) -> bool:
        """Whether every figure that a verdict rests on is a number."""
        used = (self.challenger, self.other, self.delta, self.se, self.lower, self.upper)
        return bool(np.isfinite(used).all())


def compare(
    target: Floats,
    challenger: Floats,
    other: Floats,
    entity: NDArray[Any],
    *,
    metric: str,
    replicates: int = 2000,
    seed: int = 0,
    budget: float = 0.1,
    tests: int = 1,
) -> Comparison:
    """Compare two predictions of the same rows, (n,) or (n, k); `entity` is (n,).

    Rankings: paired cluster bootstrap. Mean losses: cluster-robust standard error. `tests` is how
    many comparisons are judged together (Bonferroni): it widens `strict_upper` only.
    """
    _, code = np.unique(entity, return_inverse=True)
    if metric in RANKINGS:
        first, second = (ranking(metric, target, p, budget) for p in (challenger, other))
        a, b = (float(found(np.ones((1, len(code))))[0]) for found in (first, second))
        drawn = _resampled(first, second, code, replicates, seed)
        delta, se, method = a - b, float(drawn.std(ddof=1)), "paired cluster bootstrap"
        lower, upper = np.quantile(drawn, (0.05, 0.95)).tolist()
    else:
        mine, theirs = (row_losses(metric, target, p) for p in (challenger, other))
        a, b, method = float(mine.mean()), float(theirs.mean()), "cluster-robust standard error"
        delta, se, clusters = clustered_mean(theirs - mine, code)
        reach = float(stdtrit(max(clusters - 1, 1), 0.95)) * se
        lower, upper = delta - reach, delta + reach
    strict, clusters = delta + float(ndtri(1 - 0.05 / tests)) * se, int(code.max()) + 1
    return Comparison(metric, a, b, delta, se, lower, upper, strict, len(code), clusters, method)


def _resampled(
    first: Metric, second: Metric, code: NDArray[Any], replicates: int, seed: int
) -> Floats:
    """Differences under Poisson(1) weights per entity, the same weights on both models.

    Field & Welsh (2007); the pairing is that of DeLong et al. (1988).
    """
    rng, deltas = np.random.default_rng(seed), []
    size = max(1, CHUNK // len(code))
    for start in range(0, replicates, size):
        shape = (min(size, replicates - start), int(code.max()) + 1)
        weights = POISSON[rng.integers(0, 65536, shape, dtype=np.uint16)][:, code]
        deltas.append(first(weights) - second(weights))
    drawn = np.concatenate(deltas)
    # A replicate without both classes says nothing; with more than a few of them nor do we.
    known = drawn[np.isfinite(drawn)]
    return known if len(known) > 0.99 * len(drawn) else np.full(len(drawn), np.nan)


def clustered_mean(values: Floats, entity: NDArray[Any] | None) -> tuple[float, float, int]:
    """Mean, its standard error when rows of one entity hang together, and the entities.

    The squared sums of deviations per entity take the place of those per row (Liang & Zeger 1986).
    """
    names = np.arange(len(values)) if entity is None else entity
    _, code = np.unique(names, return_inverse=True)
    mean, count = float(values.mean()), int(code.max()) + 1
    sums = np.bincount(code, values - mean)
    se = float(np.sqrt((sums**2).sum() * count / max(count - 1, 1))) / len(values)
    return mean, se, count


def corrected_t(metric: str, challenger: Floats, other: Floats, rows: int) -> Comparison:
    """Compare values of 5x5 repeated cross-validation, each (25,); losses are turned round.

    t = d / sqrt((1/25 + 1/4) s^2) with 24 degrees of freedom: folds share their training rows,
    and 1/4 is test rows over training rows (Nadeau & Bengio 2003).
    """
    difference = challenger - other if metric in RANKINGS else other - challenger
    folds = len(difference)
    se = float(np.sqrt((1 / folds + 1 / 4) * difference.var(ddof=1)))
    delta, reach = float(difference.mean()), float(stdtrit(folds - 1, 0.95)) * se
    a, b = float(challenger.mean()), float(other.mean())
    bounds = (delta - reach, delta + reach, delta + reach)
    name = "5x5 repeated cross-validation, corrected t"
    return Comparison(metric, a, b, delta, se, *bounds, rows, folds, name)


def rows_needed(comparison: Comparison, delta: float) -> int:
    """Rows with which a challenger that equals the champion passes four times in five.

    n (2.49 SE / delta)^2: 2.49 = 1.645 + 0.84, the normal quantiles of 95 % and 80 %.
    """
    return int(np.ceil(comparison.rows * (2.49 * comparison.se / delta) ** 2))
