"""The baseline that every model has to beat: a regularised linear model, in numpy.

Ridge regression (Hoerl & Kennard 1970), or logistic regression with the same penalty fitted by
Newton's method, one class against the rest. Features are standardised and cut at five standard
deviations; a missing value counts as the mean.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .metrics import Floats

PENALTY = 1.0


@dataclass(frozen=True)
class Baseline:
    """A fitted linear model; `weights` has one row per class (or one row), intercept last."""

    task: str
    mean: list[float]
    scale: list[float]
    weights: list[list[float]]

    def predict(self, features: NDArray[np.float32]) -> Floats:
        """Probability (n,), class probabilities (n, k) or value (n,) of the rows (n, k)."""
        linear = (
            _design(features, np.array(self.mean), np.array(self.scale)) @ np.array(self.weights).T
        )
        if self.task == "regression":
            return np.asarray(linear[:, 0])
        share = _sigmoid(linear)
        if self.task == "binary":
            return np.asarray(share[:, 0])
        return np.asarray(share / share.sum(axis=1, keepdims=True))

    def to_json(self) -> dict[str, Any]:
        """A dictionary that `Baseline(**d)` turns back into the model."""
        return asdict(self)


def fit_baseline(
    features: NDArray[np.float32], target: Floats, *, task: str, n_classes: int
) -> Baseline:
    """Fit on the training rows, (n, k) and (n,)."""
    known = np.isfinite(features)
    count = np.maximum(known.sum(axis=0), 1)
    filled = np.where(known, features, 0.0)
    mean = filled.sum(axis=0, dtype=np.float64) / count
    scale = np.sqrt((np.where(known, features - mean, 0.0) ** 2).sum(axis=0) / count)
    scale[scale < 1e-9] = 1.0
    design = _design(features, mean, scale)
    if task == "regression":
        weights = [_solve(design, np.ones(len(target)), target)]
    elif task == "binary":
        weights = [_logistic(design, target)]
    else:
        weights = [_logistic(design, (target == k).astype(np.float64)) for k in range(n_classes)]
    return Baseline(task, mean.tolist(), scale.tolist(), [w.tolist() for w in weights])


def _design(features: NDArray[np.float32], mean: Floats, scale: Floats) -> Floats:
    standard = np.clip(np.nan_to_num((features - mean) / scale, nan=0.0), -5.0, 5.0)
    return np.concatenate([standard, np.ones((len(features), 1))], axis=1)


def _solve(design: Floats, weight: Floats, response: Floats) -> Floats:
    penalty = np.full(design.shape[1], PENALTY)
    penalty[-1] = 1e-6
    gram = (design * weight[:, None]).T @ design + np.diag(penalty)
    return np.asarray(np.linalg.solve(gram, design.T @ (weight * response)))


def _logistic(design: Floats, target: Floats) -> Floats:
    weights = np.zeros(design.shape[1])
    for _ in range(25):
        share = _sigmoid(design @ weights)
        curve = np.maximum(share * (1 - share), 1e-5)
        moved = _solve(design, curve, design @ weights + (target - share) / curve)
        step = float(np.abs(moved - weights).max())
        weights = moved
        if step < 1e-6:
            break
    return weights


def _sigmoid(linear: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(linear, -30, 30))))
