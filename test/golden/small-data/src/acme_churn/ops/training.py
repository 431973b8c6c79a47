"""`train`: look the run up, or fit the baseline and a challenger and keep them as a bundle."""

import getpass
import hashlib
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

from .bundle import Model, UserCode, read_json, write_bundle, write_json
from .comparison import METRICS, Comparison, Floats, corrected_t, evaluate
from .data import Dataset, Split, data_digest, load_dataset, split_rows
from .drift import reference_profile
from .settings import OpsError
from .workspace import Workspace

log = logging.getLogger(__name__)
PACKAGES = ("lightgbm", "numpy", "onnxruntime", "pydantic", "scikit-learn", "skl2onnx")


def train(work: Workspace, *, again: bool = False) -> tuple[dict[str, Any], bool]:
    """Return the run's record and whether it is new; it becomes the challenger of the gate."""
    code, settings = UserCode(work.package_path), work.settings
    what = [data_digest(work), work.contract.digest(), code.digest, settings.train, settings.split]
    what.append(settings.drift.window_days)  # of the reference in the bundle
    key = hashlib.sha256("\n".join(map(repr, what)).encode()).hexdigest()
    found = None if again else find_run(work, key)
    record = found or _fit_and_keep(work, code, key)
    (work.store_path / "challenger").write_text(record["bundle"] + "\n", encoding="utf-8")
    return record, found is None


def find_run(work: Workspace, key: str) -> dict[str, Any] | None:
    """The newest run of the same data, code, parameters and seed, by anyone sharing the store."""
    work.store.pull("runs")
    for record in list_runs(work):
        if record["key"] == key:
            work.store.pull(f"bundles/{record['bundle']}")
            if (work.store_path / "bundles" / record["bundle"]).is_dir():
                return record
    return None


def list_runs(work: Workspace) -> list[dict[str, Any]]:
    """Records of all runs in the local store, newest first."""
    paths = (work.store_path / "runs").glob("*/run.json")
    return sorted(map(read_json, paths), key=lambda record: str(record["id"]), reverse=True)


def _fit_and_keep(work: Workspace, code: UserCode, key: str) -> dict[str, Any]:
    began = time.monotonic()
    dataset = load_dataset(work)
    split = split_rows(dataset, work.settings.split, work.contract.label_delay_days)
    learn, stop, held = (dataset.take(r) for r in (split.train, split.valid, split.holdout))
    log.info(f"train: {len(learn):,} rows to learn from, {len(stop):,} to stop by")
    model = fit(code, work, learn, stop)
    task, budget = work.contract.task, work.settings.gate.budget_share
    scores = {"challenger": model.predict(stop.columns)}
    scores["baseline"] = linear_baseline(model, learn, stop)
    metrics = {name: evaluate(task, stop.target, p, budget) for name, p in scores.items()}
    about = {**_about(work, dataset, split, model), "metrics": metrics}
    keys = ((work.contract.entity, held.entity), (work.contract.time, held.time))
    rows = held.columns | {n: values for n, values in keys if n and values is not None}
    answers, days = model.predict(held.columns), work.settings.drift.window_days
    reference = reference_profile(work.contract, rows, answers, held.target, days)
    digest = write_bundle(work.store_path / "bundles", model, reference, about)
    now, seconds = datetime.now(UTC), round(time.monotonic() - began, 1)
    name = f"{now:%Y%m%dT%H%M%S%f}"[:18] + f"-{key[:8]}"
    record = {"id": name, "key": key, "bundle": digest, "by": author(work), "seconds": seconds}
    record |= {"at": now.isoformat(timespec="seconds"), **about}
    write_json(work.store_path / "runs" / name / "run.json", record)
    return record


def fit(code: UserCode, work: Workspace, learn: Dataset, stop: Dataset) -> Model:
    """Fit the user's model; `stop` are the rows for early stopping."""
    if len(learn) < 20 or len(np.unique(learn.target)) < 2:
        raise OpsError(
            f"There are {len(learn)} labelled rows to train on, or all labels are the same.",
            hint="Add data, or look at the target and the split with `validate` and `config`.",
        )
    state = json.loads(json.dumps(code.features.fit_state(learn.columns)))
    model = Model(code, work.contract, state, None)
    known, early = ((model.features(part.columns), part.target) for part in (learn, stop))
    how = work.settings.train.model_dump()  # params and seed
    how |= {"task": work.contract.task, "n_classes": len(work.contract.classes)}
    model.fitted = code.model.fit(*known, *early, **how)
    return model


def linear_baseline(model: Model, learn: Dataset, rows: Dataset) -> Floats:
    """Predictions for `rows` of the model that every other has to beat, fitted on `learn`.

    Ridge (Hoerl & Kennard 1970) or logistic regression with the same penalty, on the features of
    `model`: standardised, cut at five standard deviations, a missing value counts as the mean.
    """
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    task, classes = model.contract.task, model.contract.classes
    linear = make_pipeline(
        SimpleImputer(keep_empty_features=True),
        StandardScaler(),
        FunctionTransformer(np.clip, kw_args={"a_min": -5.0, "a_max": 5.0}),
        Ridge() if task == "regression" else LogisticRegression(max_iter=1000),
    )
    known, asked = (model.features(part.columns).astype(np.float64) for part in (learn, rows))
    known, asked = (np.where(np.isfinite(part), part, np.nan) for part in (known, asked))
    linear.fit(known, learn.target)
    if task == "regression":
        return np.asarray(linear.predict(asked))
    found = np.full((len(rows), len(classes)), 1e-12)  # classes without a row
    found[:, linear.classes_.astype(int)] = linear.predict_proba(asked)
    return found[:, 1] if task == "binary" else found


def cross_validate(code: UserCode, work: Workspace, rows: Dataset) -> Comparison:
    """Challenger against baseline in 5x5 repeated cross-validation over entities."""
    rng = np.random.default_rng(work.settings.train.seed)
    _, entity = np.unique(rows.entity.astype(str), return_inverse=True)
    task, values = work.contract.task, []
    metric = METRICS[task][0]
    for repeat in range(5):
        log.info(f"gate: few rows, cross-validation {repeat + 1} of 5")
        fold = rng.permutation(entity.max() + 1)[entity] % 5
        for part in range(5):
            tested, valid = fold == part, fold == (part + 1) % 5
            learn, stop, test = (rows.take(r) for r in (~tested & ~valid, valid, tested))
            model = fit(code, work, learn, stop)
            scores = (model.predict(test.columns), linear_baseline(model, learn, test))
            values.append([evaluate(task, test.target, found)[metric] for found in scores])
    challenger, baseline = np.array(values).T
    return corrected_t(metric, challenger, baseline, len(rows))


def _about(work: Workspace, dataset: Dataset, split: Split, model: Model) -> dict[str, Any]:
    versions = sorted((d.name, d.version) for d in distributions() if d.name in PACKAGES)
    clean = git(work, "status", "--porcelain") == ""
    return {
        "task": model.contract.task,
        "format": model.code.model.FORMAT,
        "data": dataset.digest,
        "contract": model.contract.digest(),
        "split": {**split.stamp(), "share": work.settings.split.holdout_share},
        "rows": {"train": int(split.train.sum()), "valid": int(split.valid.sum())},
        "seed": work.settings.train.seed,
        "params": work.settings.train.params,
        "git": {"commit": git(work, "rev-parse", "HEAD"), "clean": clean},
        "packages": dict(versions),
        "python": platform.python_version(),
    }


def log_run(work: Workspace, record: dict[str, Any]) -> None:
    """Log a run in MLflow, on one SQLite file; look with `mlflow ui`. The bundle is the truth.

    MLflow is imported here, because that takes longer than most commands. No model is unpickled.
    """
    os.environ.update(MLFLOW_ALLOW_PICKLE_DESERIALIZATION="false", MLFLOW_DISABLE_TELEMETRY="true")
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    import mlflow

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
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def author(work: Workspace) -> str:
    """Who runs this: the name git knows, else the login."""
    return git(work, "config", "user.name") or getpass.getuser()
