"""`train`: look the run up, or fit the baseline and a challenger and keep them as a bundle."""

from __future__ import annotations

import getpass
import hashlib
import json
import logging
import platform
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import metrics
from .baseline import Baseline, fit_baseline
from .bundle import Parts, UserCode, write_bundle
from .comparison import Comparison, corrected_t
from .contract import Contract
from .data import Dataset, data_digest, load_dataset
from .drift import reference_profile
from .errors import OpsError
from .metrics import DEFAULT_METRIC, LOSSES, Floats
from .settings import Project, Settings
from .split import Split, split_rows
from .store import open_store

log = logging.getLogger(__name__)
PACKAGES = ("lightgbm", "numpy", "onnxruntime", "pydantic", "scikit-learn", "skl2onnx")


@dataclass(frozen=True)
class Fitted:
    """A challenger and its baseline, fitted on the same features."""

    code: UserCode
    contract: Contract
    state: dict[str, Any]
    model: Any
    baseline: Baseline

    def predict(self, columns: dict[str, NDArray[Any]]) -> tuple[Floats, Floats]:
        """Predictions of the challenger and of the baseline."""
        features = self.code.features.build(columns, self.state)
        found = np.asarray(self.code.model.predict(self.model, features), dtype=np.float64)
        return found, self.baseline.predict(features)


def train(
    project: Project, settings: Settings, contract: Contract, *, again: bool = False
) -> tuple[dict[str, Any], bool]:
    """Return the run's record and whether it is new; it becomes the challenger of the gate."""
    code = UserCode(project.package_path)
    key = _run_key(project, settings, contract, code)
    record = None if again else find_run(project, settings, key)
    new = record is None
    if record is None:
        record = _fit_and_keep(project, settings, contract, code, key)
    (project.store_path / "challenger").write_text(record["bundle"] + "\n", encoding="utf-8")
    return record, new


def find_run(project: Project, settings: Settings, key: str) -> dict[str, Any] | None:
    """The newest run of the same data, code, parameters and seed, by anyone sharing the store."""
    store = open_store(project, settings)
    if store.shared:
        store.pull("runs")
    for record in list_runs(project):
        if record["key"] == key:
            if store.shared:
                store.pull(f"bundles/{record['bundle']}")
            if (project.store_path / "bundles" / record["bundle"]).is_dir():
                return record
    return None


def list_runs(project: Project) -> list[dict[str, Any]]:
    """Records of all runs in the local store, newest first."""
    paths = (project.store_path / "runs").glob("*/run.json")
    found = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    return sorted(found, key=lambda record: str(record["id"]), reverse=True)


def _run_key(project: Project, settings: Settings, contract: Contract, code: UserCode) -> str:
    what = [data_digest(project, settings), contract.digest(), code.digest]
    what += [settings.train.model_dump_json(), settings.split.model_dump_json()]
    return hashlib.sha256("\n".join(what).encode()).hexdigest()


def _fit_and_keep(
    project: Project, settings: Settings, contract: Contract, code: UserCode, key: str
) -> dict[str, Any]:
    began = time.monotonic()
    dataset = load_dataset(project, settings, contract)
    split = split_rows(dataset, settings.split, contract.label_delay_days)
    log.info(f"train: {split.train.sum():,} rows to learn from, {split.valid.sum():,} to stop by")
    fitted = fit(code, contract, settings, dataset.take(split.train), dataset.take(split.valid))
    log.info("train: fitted; measuring it and its reference distribution")
    metrics = _measure(fitted, settings, dataset.take(split.valid))
    reference = _reference(fitted, dataset.take(split.holdout))
    about = _about(project, settings, fitted, dataset, split)
    card = _card(about, metrics)
    parts = Parts(
        code, fitted.model, contract, fitted.state, fitted.baseline, reference, card, about
    )
    digest = write_bundle(project.store_path / "bundles", parts)
    now = datetime.now(UTC)
    record: dict[str, Any] = {
        "id": f"{now:%Y%m%dT%H%M%S%f}"[:18] + f"-{key[:8]}",
        "key": key,
        "bundle": digest,
        "by": author(project),
        "at": now.isoformat(timespec="seconds"),
        "seconds": round(time.monotonic() - began, 1),
        "data": dataset.digest,
        "seed": settings.train.seed,
        "params": settings.train.params,
        "metrics": metrics,
    }
    folder = project.store_path / "runs" / record["id"]
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return record


def fit(
    code: UserCode, contract: Contract, settings: Settings, learn: Dataset, stop: Dataset
) -> Fitted:
    """Fit the user's model and the linear baseline; `stop` are the rows for early stopping."""
    classes = max(len(contract.classes), 2) if contract.task != "regression" else 0
    if len(learn) < 20 or len(np.unique(learn.target)) < 2:
        raise OpsError(
            f"There are {len(learn)} labelled rows to train on, or all labels are the same.",
            hint="Add data, or look at the target and the split with `validate` and `config`.",
        )
    state = json.loads(json.dumps(code.features.fit_state(learn.columns)))
    features = code.features.build(learn.columns, state)
    model = code.model.fit(
        features,
        learn.target,
        code.features.build(stop.columns, state),
        stop.target,
        params=dict(settings.train.params),
        seed=settings.train.seed,
        task=contract.task,
        n_classes=classes,
    )
    baseline = fit_baseline(features, learn.target, task=contract.task, n_classes=classes)
    return Fitted(code, contract, state, model, baseline)


def cross_validate(
    code: UserCode, contract: Contract, settings: Settings, rows: Dataset
) -> Comparison:
    """Challenger against baseline in 5x5 repeated cross-validation over entities."""
    rng = np.random.default_rng(settings.train.seed)
    _, entity = np.unique(rows.entity.astype(str), return_inverse=True)
    metric = DEFAULT_METRIC[contract.task]
    values = []
    for repeat in range(5):
        fold = rng.permutation(entity.max() + 1)[entity] % 5
        for part in range(5):
            log.info(f"gate: few rows, cross-validation {5 * repeat + part + 1} of 25")
            tested, valid = fold == part, fold == (part + 1) % 5
            fitted = fit(code, contract, settings, rows.take(~tested & ~valid), rows.take(valid))
            test = rows.take(tested)
            both = [
                metrics.evaluate(contract.task, test.target, p, budget=0.1)[metric]
                for p in fitted.predict(test.columns)
            ]
            values.append(both)
    challenger, baseline = np.array(values).T
    return corrected_t(metric, challenger, baseline, len(rows))


def _measure(fitted: Fitted, settings: Settings, rows: Dataset) -> dict[str, dict[str, float]]:
    task, budget = fitted.contract.task, settings.gate.budget_share
    names = ("challenger", "baseline")
    if not len(rows):
        return {name: {} for name in names}
    return {
        name: metrics.evaluate(task, rows.target, prediction, budget=budget)
        for name, prediction in zip(names, fitted.predict(rows.columns), strict=True)
    }


def _reference(fitted: Fitted, rows: Dataset) -> dict[str, Any]:
    scores, _ = fitted.predict(rows.columns)
    loss = metrics.row_losses(LOSSES[fitted.contract.task][0], rows.target, scores)
    profile: dict[str, Any] = reference_profile(
        fitted.contract,
        rows.columns,
        scores,
        target=rows.target,
        loss=loss,
        entity=rows.entity,
        time=rows.time,
    )
    return profile


def _about(
    project: Project, settings: Settings, fitted: Fitted, dataset: Dataset, split: Split
) -> dict[str, Any]:
    return {
        "task": fitted.contract.task,
        "format": fitted.code.model.FORMAT,
        "data": dataset.digest,
        "contract": fitted.contract.digest(),
        "split": {**split.stamp(), "share": settings.split.holdout_share},
        "rows": {"train": int(split.train.sum()), "valid": int(split.valid.sum())},
        "seed": settings.train.seed,
        "params": settings.train.params,
        "features": fitted.state.get("names", []),
        "git": {
            "commit": git(project, "rev-parse", "HEAD"),
            "clean": git(project, "status", "--porcelain") == "",
        },
        "packages": {n: v for n in PACKAGES if (v := _version(n))},
        "python": platform.python_version(),
    }


def _card(about: dict[str, Any], metrics: dict[str, dict[str, float]]) -> str:
    lines = [
        "# Model card",
        "",
        f"Task: {about['task']}. Format: {about['format']}. Features: {len(about['features'])}.",
        f"Trained on {about['rows']['train']:,} rows of data {about['data'][:12]}, "
        f"split {about['split']}, seed {about['seed']}.",
        "",
        "| validation metric | challenger | linear baseline |",
        "|---|---|---|",
    ]
    for name, value in metrics["challenger"].items():
        lines.append(f"| {name} | {value:.4f} | {metrics['baseline'][name]:.4f} |")
    lines += ["", "The judgement on the holdout is in gate.json.", ""]
    return "\n".join(lines)


def git(project: Project, *arguments: str) -> str | None:
    """Output of a git command in the project; None without git or outside a repository."""
    command = ["git", "-C", str(project.root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def author(project: Project) -> str:
    """Who runs this: the name git knows, else the login."""
    return git(project, "config", "user.name") or getpass.getuser()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
