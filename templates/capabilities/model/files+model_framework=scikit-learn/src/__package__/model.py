"""Your model: scikit-learn's gradient boosting, kept as ONNX. Change or replace this file as you
like; keep the four functions.

A copy of this file travels with every model, so that an old champion still runs when the file
has changed. Settings of your own come in as `params`, from `train.params` in conf/pipeline.yaml.
scikit-learn is imported only to train: scoring and the service need onnxruntime alone.
"""

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

FORMAT = "onnx"
MISSING = -1e6  # trees have no NaN in ONNX; a number far below all others takes its place
DEFAULTS = {
    "learning_rate": 0.1,
    "max_depth": 4,
    "min_samples_leaf": 40,
    "subsample": 0.7,
    "max_features": 0.5,
    "rounds": 150,
}


class Model:
    """The bytes of an ONNX model and a session that runs them."""

    def __init__(self, content: bytes) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.content = content
        self.session = ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])


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
) -> Model:
    """Train on (n, k) rows and keep as many trees as the validation rows want."""
    from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor

    settings = {**DEFAULTS, **params}
    settings["n_estimators"] = int(settings.pop("rounds"))
    settings["min_samples_leaf"] = max(2, min(int(settings["min_samples_leaf"]), len(y) // 40))
    kind = GradientBoostingRegressor if task == "regression" else GradientBoostingClassifier
    model = kind(random_state=seed, **settings).fit(_filled(X), y)
    best = _best_rounds(model, _filled(X_valid), y_valid, task) if len(y_valid) else 0
    if 0 < best < settings["n_estimators"]:
        model.estimators_ = model.estimators_[:best]
        model.n_estimators_ = model.n_estimators = best
    return Model(_converted(model, X.shape[1], task))


def predict(model: Model, X: NDArray[np.float32]) -> NDArray[np.float64]:
    """The probability (n,), the probability of each class (n, k), or the value (n,)."""
    found = model.session.run(None, {"X": _filled(X)})[-1]
    found = np.asarray(found, dtype=np.float64)
    if found.shape[1] == 1:
        return found[:, 0]
    return found[:, 1] if found.shape[1] == 2 else found / found.sum(axis=1, keepdims=True)


def save(model: Model, folder: Path) -> None:
    """Write the model into `folder`."""
    (folder / "model.onnx").write_bytes(model.content)


def load(folder: Path) -> Model:
    """Read the model from `folder`."""
    return Model((folder / "model.onnx").read_bytes())


def _filled(X: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.where(np.isnan(X), np.float32(MISSING), X).astype(np.float32)


def _best_rounds(model: Any, X: NDArray[np.float32], y: NDArray[np.float64], task: str) -> int:
    if task == "regression":
        losses = [((p - y) ** 2).mean() for p in model.staged_predict(X)]
    else:
        rows, classes = np.arange(len(y)), y.astype(int)
        stages = model.staged_predict_proba(X)
        losses = [-np.log(np.clip(p[rows, classes], 1e-12, 1)).mean() for p in stages]
    return int(np.argmin(losses)) + 1


def _converted(model: Any, width: int, task: str) -> bytes:
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType

    options = None if task == "regression" else {id(model): {"zipmap": False}}
    shape = [("X", FloatTensorType([None, width]))]
    content: bytes = to_onnx(model, initial_types=shape, options=options).SerializeToString()
    return content
