"""Your features: what the model sees. Change this file as you like; training, the gate, scoring
and the service all call it, so a feature exists once.

`columns` maps a column's name to an array of n rows: numbers and booleans are float64 (NaN is
missing), categories and text are object arrays of str or None, dates are datetime64[s].
Import only numpy here: a copy of this file travels with every model.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Columns = dict[str, NDArray[Any]]

LEVELS = 20  # at most so many levels of a category get a feature of their own
MANY = 50  # with more levels than this, a category becomes the share of its level instead


def fit_state(columns: Columns) -> dict[str, Any]:
    """Learn from the training rows what `build` needs; everything in it must fit into JSON."""
    state: dict[str, Any] = {"columns": {}, "names": []}
    for name, values in columns.items():
        plan = _plan(values)
        state["columns"][name] = plan
        state["names"] += _names(name, plan)
    return state


def build(columns: Columns, state: dict[str, Any]) -> NDArray[np.float32]:
    """The feature matrix, (n, k): the same call for one row and for a million."""
    parts = [_encode(columns[name], plan) for name, plan in state["columns"].items()]
    return np.concatenate(parts, axis=1)


def _plan(values: NDArray[Any]) -> dict[str, Any]:
    if values.dtype.kind == "M":
        return {"kind": "date"}
    if values.dtype.kind != "O":
        return {"kind": "number"}
    levels, counts = np.unique([v for v in values if v is not None], return_counts=True)
    if len(levels) > MANY:
        return {
            "kind": "share",
            "share": dict(zip(levels.tolist(), (counts / len(values)).tolist(), strict=True)),
        }
    common = levels[np.argsort(-counts, kind="stable")][:LEVELS]
    return {"kind": "levels", "levels": common.tolist()}


def _names(name: str, plan: dict[str, Any]) -> list[str]:
    if plan["kind"] != "levels":
        return [name]
    return [f"{name}={level}" for level in [*plan["levels"], "(other)", "(missing)"]]


def _encode(values: NDArray[Any], plan: dict[str, Any]) -> NDArray[np.float32]:
    if plan["kind"] == "number":
        return values.astype(np.float32)[:, None]
    if plan["kind"] == "date":
        days = values.astype("datetime64[D]").astype(np.float64)
        return np.where(np.isnat(values), np.nan, days).astype(np.float32)[:, None]
    if plan["kind"] == "share":
        share = plan["share"]
        return np.array([share.get(v, np.nan if v is None else 0.0) for v in values], np.float32)[
            :, None
        ]
    place = {level: i for i, level in enumerate(plan["levels"])} | {None: len(plan["levels"]) + 1}
    other = len(plan["levels"])
    one_hot = np.zeros((len(values), other + 2), dtype=np.float32)
    one_hot[np.arange(len(values)), [place.get(v, other) for v in values]] = 1.0
    return one_hot
