"""What a model is judged by. Everything here is numpy: no model, no file, no setting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LOSSES: Final = {
    "binary": ("log_loss", "brier"),
    "multiclass": ("log_loss",),
    "regression": ("squared_error", "absolute_error"),
}
RANKINGS: Final = ("auc", "average_precision", "recall_at_budget")
DEFAULT_METRIC: Final = {"binary": "auc", "multiclass": "log_loss", "regression": "squared_error"}


def metric_names(task: str) -> tuple[str, ...]:
    """The metrics that the gate can use for a task."""
    return (RANKINGS if task == "binary" else ()) + LOSSES[task]


def row_losses(metric: str, target: Floats, prediction: Floats) -> Floats:
    """The loss of every row, shape (n,); lower is better.

    `target` is the class index or the value; `prediction` is (n,), or (n, k) for several classes.
    """
    if metric == "log_loss":
        if prediction.ndim == 2:
            chosen = prediction[np.arange(len(target)), target.astype(np.int64)]
        else:
            chosen = np.where(target == 1, prediction, 1 - prediction)
        return np.asarray(-np.log(np.clip(chosen, 1e-12, 1.0)), dtype=np.float64)
    if metric in ("brier", "squared_error"):
        return np.asarray((prediction - target) ** 2, dtype=np.float64)
    if metric == "absolute_error":
        return np.asarray(np.abs(prediction - target), dtype=np.float64)
    raise ValueError(f"{metric} is not the mean of a loss per row")


class Ranking:
    """A ranking metric of one model, sorted once and then computed under many row weights.

    Ties share their credit: a tied pair counts one half (Mann & Whitney 1947).
    """

    def __init__(self, metric: str, target: Floats, score: Floats, *, budget: float = 0.1) -> None:
        """Sort the rows by `score`, highest first; `budget` is the share that can be acted on."""
        self._formula, self._budget = _FORMULAS[metric], budget
        self._order = np.argsort(-score, kind="stable")
        ordered = score[self._order]
        new = np.r_[True, ordered[1:] != ordered[:-1]]
        positive = target[self._order] == 1
        tied = (np.cumsum(new) - 1)[positive]  # the group of equal scores of each positive row
        self._starts = np.flatnonzero(new)
        self._positive = self._order[positive]
        self._at, self._firsts = np.unique(tied, return_index=True)

    def __call__(self, weights: NDArray[np.float32]) -> Floats:
        """The metric under each row of `weights`, shape (replicates, n) -> (replicates,)."""
        if len(self._positive) in (0, len(self._order)):
            return np.full(len(weights), np.nan)
        rows = weights[:, self._order]
        if len(self._starts) < len(self._order):
            rows = np.add.reduceat(rows, self._starts, axis=1)
        positive = np.add.reduceat(weights[:, self._positive], self._firsts, axis=1)
        seen = np.cumsum(rows, axis=1, dtype=np.float64)
        here, above = rows[:, self._at].astype(np.float64), seen[:, self._at]
        with np.errstate(invalid="ignore", divide="ignore"):
            return self._formula(
                positive.astype(np.float64), here, above, seen[:, -1], self._budget
            )


# Each formula sees the groups of equal scores that hold a positive row, highest score first:
# weight of their positive rows, of all their rows, of all rows down to them, and of all rows.


def _auc(positive: Floats, here: Floats, seen: Floats, total: Floats, _: float) -> Floats:
    found = positive.sum(axis=1)
    negatives = total - found
    below = negatives[:, None] - (seen - np.cumsum(positive, axis=1)) + 0.5 * (here - positive)
    return np.asarray((positive * below).sum(axis=1) / (found * negatives))


def _average_precision(
    positive: Floats, here: Floats, seen: Floats, total: Floats, _: float
) -> Floats:
    precision = np.cumsum(positive, axis=1) / np.where(seen > 0, seen, 1.0)
    return np.asarray((positive * precision).sum(axis=1) / positive.sum(axis=1))


def _recall_at_budget(
    positive: Floats, here: Floats, seen: Floats, total: Floats, budget: float
) -> Floats:
    room = budget * total[:, None] - (seen - here)
    taken = np.clip(room / np.where(here > 0, here, 1.0), 0.0, 1.0)
    return np.asarray((positive * taken).sum(axis=1) / positive.sum(axis=1))


_FORMULAS: Final[dict[str, Callable[[Floats, Floats, Floats, Floats, float], Floats]]] = {
    "auc": _auc,
    "average_precision": _average_precision,
    "recall_at_budget": _recall_at_budget,
}


def evaluate(task: str, target: Floats, prediction: Floats, *, budget: float) -> dict[str, float]:
    """Every metric of the task on labelled rows; NaN where the rows cannot tell (one class)."""
    found = {name: float(row_losses(name, target, prediction).mean()) for name in LOSSES[task]}
    if task == "binary":
        once = np.ones((1, len(target)), dtype=np.float32)
        for name in RANKINGS:
            found[name] = float(Ranking(name, target, prediction, budget=budget)(once)[0])
    elif task == "multiclass":
        found["accuracy"] = float((prediction.argmax(axis=1) == target).mean())
    else:
        spread = float(((target - target.mean()) ** 2).mean())
        found["r2"] = 1 - found["squared_error"] / spread if spread > 0 else float("nan")
    return found


def calibration(
    target: Floats, probability: Floats, bins: int = 10
) -> list[tuple[float, float, int]]:
    """Mean probability, observed share and rows in bins of equal size, lowest first."""
    parts = np.array_split(np.argsort(probability, kind="stable"), min(bins, len(target)))
    return [
        (float(probability[p].mean()), float(target[p].mean()), len(p)) for p in parts if len(p)
    ]
