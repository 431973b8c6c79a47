"""Your model: LightGBM. Change this file as you like, or replace it; keep the four functions.

A copy of this file travels with every model, so that an old champion still runs when the file
has changed. Settings of your own come in as `params`, from `train.params` in conf/pipeline.yaml.
"""

from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

FORMAT = "lightgbm"
OBJECTIVES = {"binary": "binary", "multiclass": "multiclass", "regression": "regression"}
DEFAULTS = {
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.8,
    "lambda_l2": 5.0,
    "rounds": 400,
    "patience": 30,
}


def fit(
    X: NDArray[np.float32],
    y: NDArray[np.float64],
    X_valid: NDArray[np.float32],
    y_valid: NDArray[np.float64],
    *,
    params: dict[str, Any],
    seed: int,
    task: str,
    n_classes: int,
) -> lgb.Booster:
    """Train on (n, k) rows and stop when the validation rows no longer gain."""
    settings = {**DEFAULTS, "num_threads": 1, **params}
    rounds, patience = int(settings.pop("rounds")), int(settings.pop("patience"))
    fixed = {"objective": OBJECTIVES[task], "seed": seed, "deterministic": True, "verbosity": -1}
    if task == "multiclass":
        fixed["num_class"] = n_classes
    if len(y) < 20 * int(settings["min_data_in_leaf"]):
        settings["min_data_in_leaf"] = max(2, len(y) // 40)
    train = lgb.Dataset(X, y)
    watched = [lgb.Dataset(X_valid, y_valid, reference=train)] if len(y_valid) else []
    stop: list[Any] = [lgb.early_stopping(patience, verbose=False)] if watched else []
    return lgb.train({**settings, **fixed}, train, rounds, valid_sets=watched, callbacks=stop)


def predict(model: lgb.Booster, X: NDArray[np.float32]) -> NDArray[np.float64]:
    """The probability (n,), the probability of each class (n, k), or the value (n,)."""
    return np.asarray(model.predict(X, num_threads=1), dtype=np.float64)


def save(model: lgb.Booster, folder: Path) -> None:
    """Write the model into `folder`."""
    (folder / "model.txt").write_text(model.model_to_string(), encoding="utf-8")


def load(folder: Path) -> lgb.Booster:
    """Read the model from `folder`."""
    return lgb.Booster(model_str=(folder / "model.txt").read_text(encoding="utf-8"))
