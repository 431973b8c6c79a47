"""`train`: look the run up, or fit the baseline and a challenger and keep them as a bundle."""

import getpass
import json
import logging
import os
import platform
import subprocess
import time
from datetime import UTC, datetime
from importlib.metadata import distributions
from typing import Any

import numpy as np

from .bundle import Model, UserCode, write_bundle
from .comparison import METRICS, Comparison, corrected_t, evaluate
from .contract import Columns, Floats, take
from .data import Split, data_digest, load_rows, split_rows
from .drift import reference_profile
from .settings import OpsError, Workspace, log, read_json, sha256, write_json, write_text
from .tables import share

PACKAGES = ("lightgbm", "numpy", "onnxruntime", "pydantic", "scikit-learn", "skl2onnx")


def train(work: Workspace, *, again: bool = False) -> str:
    """Fit a challenger for the gate, or find the run that did it before; returns a sentence."""
    code, settings = UserCode(work.package_path), work.settings
    what = [data_digest(work), work.contract.digest(), code.digest, settings.train, settings.split]
    key = sha256("\n".join(map(repr, what)))
    found = None if again else find_run(work, key)
    record = found or _fit_and_keep(work, code, key)
    write_text(work.store_path / "challenger", record["bundle"] + "\n")
    name = record["bundle"][:12]
    if found:
        return f"{name}: already run by {record['by']} at {record['at']}"
    try:
        log_run(work, record)
    except Exception as error:  # such as two first runs at once: the bundle is the truth
        log.warning(f"MLflow has no log of this run: {str(error).partition(chr(10))[0]}")
    return f"{name}: trained in {record['seconds']} s"


def find_run(work: Workspace, key: str) -> dict[str, Any] | None:
    """The newest run of the same data, code, parameters and seed, by anyone sharing the store."""
    share(work, "runs", back=True)
    for record in (record for record in list_runs(work) if record["key"] == key):
        share(work, f"bundles/{record['bundle']}", back=True)
        if (work.store_path / "bundles" / record["bundle"]).is_dir():
            return record
    return None


def list_runs(work: Workspace) -> list[dict[str, Any]]:
    """Records of all runs in the local store, newest first."""
    paths = (work.store_path / "runs").glob("*/run.json")
    return sorted(map(read_json, paths), key=lambda record: str(record["id"]), reverse=True)


def _fit_and_keep(work: Workspace, code: UserCode, key: str) -> dict[str, Any]:
    began, contract, rows = time.monotonic(), work.contract, load_rows(work)
    split = split_rows(contract, rows, work.settings)
    learn, stop, held = (take(rows, mask) for mask in split[:3])
    model, budget = fit(code, work, learn, stop), work.settings.gate.budget_share
    scores = {"challenger": model.predict(stop), "baseline": linear_baseline(model, learn, stop)}
    target, answers = stop[contract.target], model.predict(held)
    found = {n: evaluate(contract.task, target, p, budget) for n, p in scores.items()}
    about = {**_about(work, split, model), "metrics": found}
    reference = reference_profile(contract, held, answers, held[contract.target])
    digest = write_bundle(work.store_path / "bundles", model, reference, about)
    now, seconds = datetime.now(UTC), round(time.monotonic() - began, 1)
    name = f"{now:%Y%m%dT%H%M%S%f}"[:18] + f"-{key[:8]}"
    record = {"id": name, "key": key, "bundle": digest, "by": author(work), "seconds": seconds}
    record |= {"at": now.isoformat(timespec="seconds"), **about}
    write_json(work.store_path / "runs" / name / "run.json", record)
    return record


def fit(code: UserCode, work: Workspace, learn: Columns, stop: Columns) -> Model:
    """Fit the user's model; `stop` are the rows for early stopping."""
    contract, target = work.contract, learn[work.contract.target]
    rows, labels = len(target), len(np.unique(target))
    if rows < 20 or labels < 2:
        hint = "Add rows until there are 20, with two labels at least; see `split` in `config` too."
        raise OpsError(f"{rows} rows with {labels} different labels are too few to train on.", hint)
    state = code.features.fit_state({c.name: learn[c.name] for c in contract.features})
    model = Model(code, contract, json.loads(json.dumps(state)), None)
    known, early = ((model.features(rows), rows[contract.target]) for rows in (learn, stop))
    how = work.settings.train.model_dump()  # params and seed
    how |= {"task": contract.task, "n_classes": len(contract.classes)}
    model.fitted = code.model.fit(*known, *early, **how)
    return model


def linear_baseline(model: Model, learn: Columns, rows: Columns) -> Floats:
    """Predictions for `rows` of the model that every other has to beat, fitted on `learn`.

    Ridge (Hoerl & Kennard 1970) or logistic regression with the same penalty, on the features of
    `model`: standardised, cut at five standard deviations, a missing value counts as the mean.
    """
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    contract = model.contract
    last = Ridge() if contract.task == "regression" else LogisticRegression(max_iter=1000)
    cut = FunctionTransformer(np.clip, kw_args={"a_min": -5.0, "a_max": 5.0})
    linear = make_pipeline(SimpleImputer(keep_empty_features=True), StandardScaler(), cut, last)
    known, asked = (model.features(part).astype(np.float64) for part in (learn, rows))
    known, asked = (np.where(np.isfinite(part), part, np.nan) for part in (known, asked))
    linear.fit(known, learn[contract.target])
    if contract.task == "regression":
        return np.asarray(linear.predict(asked))
    found = np.full((len(asked), len(contract.classes)), 1e-12)  # classes without a row
    found[:, linear.classes_.astype(int)] = linear.predict_proba(asked)
    return found[:, 1] if contract.task == "binary" else found


def cross_validate(code: UserCode, work: Workspace, rows: Columns) -> Comparison:
    """Challenger against baseline in 5x5 repeated cross-validation over entities."""
    rng = np.random.default_rng(work.settings.train.seed)
    contract, budget, values = work.contract, work.settings.gate.budget_share, []
    metric = METRICS[contract.task][0]
    entity = np.unique(rows[contract.entity].astype(str), return_inverse=True)[1]
    for _ in range(5):
        fold = rng.permutation(entity.max() + 1)[entity] % 5
        for part in range(5):
            tested, valid = fold == part, fold == (part + 1) % 5
            learn, stop, test = (take(rows, mask) for mask in (~tested & ~valid, valid, tested))
            model, target = fit(code, work, learn, stop), test[contract.target]
            scores = (model.predict(test), linear_baseline(model, learn, test))
            values.append([evaluate(contract.task, target, p, budget)[metric] for p in scores])
    challenger, baseline = np.array(values).T
    return corrected_t(metric, challenger, baseline, len(entity))


def _about(work: Workspace, split: Split, model: Model) -> dict[str, Any]:
    clean = git(work, "status", "--porcelain") == ""
    installed = {found.name: found.version for found in distributions()}
    return {
        "task": model.contract.task,
        "format": model.code.model.FORMAT,
        "data": data_digest(work),
        "contract": model.contract.digest(),
        "split": split.stamp,
        "rows": {"train": int(split.train.sum()), "valid": int(split.valid.sum())},
        "seed": work.settings.train.seed,
        "params": work.settings.train.params,
        "git": {"commit": git(work, "rev-parse", "HEAD"), "clean": clean},
        "packages": {name: installed[name] for name in PACKAGES if name in installed},
        "python": platform.python_version(),
    }


def log_run(work: Workspace, record: dict[str, Any]) -> None:
    """Log a run in MLflow, on one SQLite file; look with `mlflow ui`. The bundle is the truth."""
    os.environ.update(MLFLOW_ALLOW_PICKLE_DESERIALIZATION="false", MLFLOW_DISABLE_TELEMETRY="true")
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    import mlflow  # takes longer than most commands

    for noisy in ("alembic", "mlflow"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    mlflow.set_tracking_uri(f"sqlite:///{work.root / 'mlflow.db'}")
    mlflow.set_experiment(work.package_path.name)
    with mlflow.start_run(run_name=record["id"]):
        mlflow.log_params({"seed": record["seed"], **record["params"]})
        mlflow.set_tags({tag: record[tag] for tag in ("bundle", "data", "by")})
        for model, metrics in record["metrics"].items():
            mlflow.log_metrics({f"{model}_{metric}": value for metric, value in metrics.items()})


def git(work: Workspace, *arguments: str) -> str | None:
    """Output of a git command in the project; None without git or outside a repository."""
    command = ["git", "-C", str(work.root), *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def author(work: Workspace) -> str:
    """Who runs this: the name git knows, else the login."""
    return git(work, "config", "user.name") or getpass.getuser()
