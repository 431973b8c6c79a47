"""The statistics of the gate: how sure are we that one model is better than another.

A difference is always challenger minus other, and higher is always better, so that losses are
turned round. Rows of one entity hang together, so entities are what is resampled.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, factorial
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .metrics import RANKINGS, Floats, Ranking, row_losses

Codes = NDArray[np.int64]
_CHUNK = 32_768  # weights in hand at once while resampling: they fit in the cache
# Poisson(1) by inversion of 16-bit uniforms: several times faster, and right to 1e-5.
_CUMULATIVE = np.cumsum([exp(-1) / factorial(k) for k in range(9)])
_POISSON = np.searchsorted(_CUMULATIVE, (np.arange(65536) + 0.5) / 65536).astype(np.float32)


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


class Bounds(NamedTuple):
    """A difference with its standard error and bounds, as in `Comparison`."""

    delta: float
    se: float
    lower: float
    upper: float
    strict_upper: float


@dataclass(frozen=True)
class Method:
    """How two models are compared: the metric, and how often the entities are resampled."""

    metric: str
    replicates: int = 2000
    seed: int = 0
    budget: float = 0.1


def compare(
    method: Method,
    target: Floats,
    challenger: Floats,
    other: Floats,
    entity: Codes,
    *,
    tests: int = 1,
) -> Comparison:
    """Compare two predictions of the same rows, (n,) or (n, k); `entity` holds codes, (n,).

    Rankings: paired cluster bootstrap with Poisson(1) weights per entity, the same weights on
    both models (Field & Welsh 2007; the pairing is that of DeLong et al. 1988). Mean losses:
    standard error that is robust to clusters (Liang & Zeger 1986). `tests` is how many
    comparisons are judged together (Bonferroni): it widens `strict_upper` only.
    """
    _, code = np.unique(entity, return_inverse=True)
    way = _bootstrap if method.metric in RANKINGS else _mean_loss
    return way(method, target, challenger, other, code.astype(np.int64), tests)


def _bootstrap(
    method: Method, target: Floats, challenger: Floats, other: Floats, code: Codes, tests: int
) -> Comparison:
    first = Ranking(method.metric, target, challenger, budget=method.budget)
    second = Ranking(method.metric, target, other, budget=method.budget)
    once = np.ones((1, len(target)), dtype=np.float32)
    a, b = float(first(once)[0]), float(second(once)[0])
    clusters = int(code.max()) + 1
    rng = np.random.default_rng(method.seed)
    size = max(1, _CHUNK // len(target))
    deltas: list[Floats] = []
    for start in range(0, method.replicates, size):
        shape = (min(size, method.replicates - start), clusters)
        weights = _POISSON[rng.integers(0, 65536, shape, dtype=np.uint16)][:, code]
        deltas.append(first(weights) - second(weights))
    drawn = np.concatenate(deltas)
    # A replicate without both classes says nothing; with more than a few of them nor do we.
    known = drawn[np.isfinite(drawn)]
    drawn = known if len(known) > 0.99 * len(drawn) else np.full(len(drawn), np.nan)
    lower, upper = (float(q) for q in np.quantile(drawn, (0.05, 0.95)))
    se = float(drawn.std(ddof=1))
    reached = Bounds(a - b, se, lower, upper, (a - b) + _z(tests) * se)
    return _comparison(method, a, b, reached, code, "paired cluster bootstrap")


def _mean_loss(
    method: Method, target: Floats, challenger: Floats, other: Floats, code: Codes, tests: int
) -> Comparison:
    a = row_losses(method.metric, target, challenger)
    b = row_losses(method.metric, target, other)
    delta = float((b - a).mean())
    clusters = int(code.max()) + 1
    sums = np.bincount(code, weights=(b - a) - delta, minlength=clusters)
    spread = float((sums**2).sum()) * clusters / max(clusters - 1, 1)
    se = float(np.sqrt(spread)) / len(code)
    reach = t_quantile(0.95, clusters - 1) * se
    reached = Bounds(delta, se, delta - reach, delta + reach, delta + _z(tests) * se)
    return _comparison(
        method, float(a.mean()), float(b.mean()), reached, code, "cluster-robust standard error"
    )


def _comparison(
    method: Method, challenger: float, other: float, reached: Bounds, code: Codes, name: str
) -> Comparison:
    rows, clusters = len(code), int(code.max()) + 1
    return Comparison(method.metric, challenger, other, *reached, rows, clusters, name)


def corrected_t(metric: str, challenger: Floats, other: Floats, rows: int) -> Comparison:
    """Compare values of 5x5 repeated cross-validation, each (25,); losses are turned round.

    t = d / sqrt((1/25 + 1/4) s^2) with 24 degrees of freedom: folds share their training rows,
    and 1/4 is test rows over training rows (Nadeau & Bengio 2003).
    """
    difference = challenger - other if metric in RANKINGS else other - challenger
    folds = len(difference)
    se = float(np.sqrt((1 / folds + 1 / 4) * difference.var(ddof=1)))
    delta, reach = float(difference.mean()), t_quantile(0.95, folds - 1) * se
    a, b = float(challenger.mean()), float(other.mean())
    reached = Bounds(delta, se, delta - reach, delta + reach, delta + reach)
    name = "5x5 repeated cross-validation, corrected t"
    return Comparison(metric, a, b, *reached, rows, folds, name)


def rows_needed(comparison: Comparison, delta: float) -> int:
    """Rows with which a challenger that equals the champion passes four times in five.

    n (2.49 SE / delta)^2: 2.49 = 1.645 + 0.84, the normal quantiles of 95 % and 80 %.
    """
    return int(np.ceil(comparison.rows * (2.49 * comparison.se / delta) ** 2))


def t_quantile(probability: float, freedom: int) -> float:
    """Quantile of Student's t by the expansion of Abramowitz & Stegun (1964), 26.7.5."""
    z, v = NormalDist().inv_cdf(probability), float(max(freedom, 1))
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    )


def _z(tests: int) -> float:
    return NormalDist().inv_cdf(1 - 0.05 / tests)
