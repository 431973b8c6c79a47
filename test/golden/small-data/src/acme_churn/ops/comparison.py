"""Metrics, and how surely one model is better: challenger minus other, higher is better."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, stdtrit

from .contract import Array, Floats

Metric = Callable[[Array], float]  # of the weight of every row

RANKINGS = ("auc", "average_precision", "recall_at_budget")
# What the gate can judge by: the first is the default, the last is a mean loss.
METRICS = {
    "binary": (*RANKINGS, "log_loss"),
    "multiclass": ("log_loss",),
    "regression": ("squared_error",),
}


def row_losses(metric: str, target: Floats, prediction: Floats) -> Floats:
    """The loss of every row, (n,); `prediction` is (n,), or (n, k) for several classes."""
    if metric == "squared_error":
        return np.asarray((prediction - target) ** 2)
    if prediction.ndim == 1:
        prediction = np.stack([1 - prediction, prediction], axis=1)
    chosen = prediction[np.arange(len(target)), target.astype(np.int64)]
    return np.asarray(-np.log(np.clip(chosen, 1e-12, 1.0)))


def ranking(metric: str, target: Floats, score: Floats, budget: float = 0.1) -> Metric:
    """A ranking metric as a function of row weights; the rows are sorted once.

    It is the mean credit of a positive row: for `auc` the share of negatives below it, where a tie
    counts one half (Mann & Whitney 1947); for `average_precision` the precision down to it; for
    `recall_at_budget` whether it is in the top `budget`. Without both classes it is NaN.
    """
    order = np.argsort(-score, kind="stable")
    hits = order[target[order] == 1]
    # Where the ties of a positive row begin and end, among all rows and among the positive ones.
    first, last = (np.searchsorted(-score[order], -score[hits], side) for side in ("left", "right"))
    above = np.searchsorted(-score[hits], -score[hits], "left")
    downto = np.searchsorted(-score[hits], -score[hits], "right")

    def under(weights: Array) -> float:
        every, own = (np.r_[0.0, np.cumsum(weights[rows])] for rows in (order, hits))
        total, positive = every[-1], own[-1]
        if not 0 < positive < total:
            return float("nan")
        if metric == "auc":
            better, tied = every[first] - own[above], every[last] - own[downto]
            credit = 1 - (better + tied) / 2 / (total - positive)
        elif metric == "average_precision":
            credit = own[downto] / np.maximum(every[last], 1)
        else:
            room, needed = budget * total - every[first], every[last] - every[first]
            credit = np.clip(room / np.maximum(needed, 1), 0.0, 1.0)
        return float(weights[hits] @ credit / positive)

    return under


def evaluate(task: str, target: Floats, prediction: Floats, budget: float) -> dict[str, float]:
    """Every metric of the task on labelled rows; NaN where the rows cannot tell (one class)."""
    *ranked, loss = METRICS[task]
    found = {n: ranking(n, target, prediction, budget)(np.ones(len(target))) for n in ranked}
    found[loss] = float(row_losses(loss, target, prediction).mean())
    if task == "multiclass":
        found["accuracy"] = float((prediction.argmax(axis=1) == target).mean())
    if task == "regression":
        found["r2"] = 1 - found["squared_error"] / max(float(target.var()), 1e-12)
    return found


def calibration(target: Floats, prediction: Floats, bins: int = 10) -> list[tuple[float, float]]:
    """Mean prediction (of the likeliest class) and mean target (hits) in bins of equal size."""
    if prediction.ndim == 2:
        target = (prediction.argmax(axis=1) == target).astype(np.float64)
        prediction = prediction.max(axis=1)
    parts = np.array_split(np.argsort(prediction, kind="stable"), min(bins, len(target)))
    return [(float(prediction[p].mean()), float(target[p].mean())) for p in parts]


@dataclass(frozen=True)
class Comparison:
    """A challenger against another model on the same rows, with one-sided 95 % bounds."""

    metric: str
    challenger: float
    other: float
    delta: float
    se: float
    lower: float
    upper: float
    margin: float  # so much worse still counts as equal
    rows: int
    method: str

    @property
    def finite(self) -> bool:
        """Whether every figure that a verdict rests on is a number."""
        used = (self.challenger, self.other, self.delta, self.se, self.lower, self.upper)
        return bool(np.isfinite(used).all())

    def strict_upper(self, tests: int) -> float:
        """The upper bound at 1 - .05/S, when S comparisons are judged together (Bonferroni)."""
        return self.delta + float(ndtri(1 - 0.05 / tests)) * self.se

    def __str__(self) -> str:
        interval = f"90 % interval {self.lower:+.4f} to {self.upper:+.4f}"
        return f"{self.metric} {self.challenger:.4f} against {self.other:.4f}, {interval}"


def compare(
    target: Floats,
    challenger: Floats,
    other: Floats,
    entity: Array,
    *,
    metric: str,
    replicates: int = 2000,
    seed: int = 0,
    budget: float = 0.1,
    delta: float = 0.01,
) -> Comparison:
    """Compare two predictions of the same rows, (n,) or (n, k); `entity` is (n,).

    The margin is `delta` for a ranking, and that share of the other's loss for a mean loss.
    """
    _, code = np.unique(entity, return_inverse=True)
    if metric in RANKINGS:
        first, second = (ranking(metric, target, p, budget) for p in (challenger, other))
        a, b = (metric_of(np.ones(len(code))) for metric_of in (first, second))
        drawn = _resampled(first, second, code, replicates, seed)
        lower, upper = np.quantile(drawn, (0.05, 0.95)).tolist()
        figures = (a, b, a - b, float(drawn.std(ddof=1)), lower, upper, delta)
        return Comparison(metric, *figures, len(code), "paired cluster bootstrap")
    mine, theirs = (row_losses(metric, target, p) for p in (challenger, other))
    gain, se, clusters = clustered_mean(theirs - mine, code)
    reach = float(stdtrit(max(clusters - 1, 1), 0.95)) * se
    a, b = float(mine.mean()), float(theirs.mean())
    figures = (a, b, gain, se, gain - reach, gain + reach, max(delta * b, 1e-12))
    return Comparison(metric, *figures, len(code), "cluster-robust standard error")


def _resampled(first: Metric, second: Metric, code: Array, replicates: int, seed: int) -> Floats:
    """Differences under Poisson(1) weights per entity, the same weights on both models.

    Field & Welsh (2007); the pairing is that of DeLong et al. (1988).
    """
    rng, drawn = np.random.default_rng(seed), np.empty(replicates)
    for i in range(replicates):
        weights = rng.poisson(1.0, code.max() + 1)[code]
        drawn[i] = first(weights) - second(weights)
    # A replicate without both classes says nothing; with more than a few of them nor do we.
    known = drawn[np.isfinite(drawn)]
    return known if len(known) > 0.99 * len(drawn) else np.full(len(drawn), np.nan)


def clustered_mean(values: Floats, entity: Array | None) -> tuple[float, float, int]:
    """Mean, its standard error when rows of one entity hang together, and the entities.

    The squared sums of deviations per entity take the place of those per row (Liang & Zeger 1986).
    """
    names = np.arange(len(values)) if entity is None else entity
    code = np.unique(names, return_inverse=True)[1]
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
    folds, a, b = len(difference), float(challenger.mean()), float(other.mean())
    se = float(np.sqrt((1 / folds + 1 / 4) * difference.var(ddof=1)))
    gain, reach = float(difference.mean()), float(stdtrit(folds - 1, 0.95)) * se
    figures = (a, b, gain, se, gain - reach, gain + reach, 0.0)
    return Comparison(metric, *figures, rows, "5x5 repeated cross-validation, corrected t")
