"""A small world: a project of its own, so that your features, model and contract do not matter."""

import json
import os
import shutil

os.environ["OMP_NUM_THREADS"] = "1"

from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from acme_churn.ops import demo, drift, gate, release, settings, training
from acme_churn.ops.bundle import Bundle
from acme_churn.ops.contract import Columns, Contract
from acme_churn.ops.settings import Workspace
from acme_churn.ops.tables import join_batches, read_batches

CONTRACT = """\
source: sample
task: binary
classes: ["0", "1"]
label_delay_days: 28
columns:
  - {name: customer_id, type: category, role: entity}
  - {name: month, type: date, role: time}
  - {name: plan, type: category, categories: [basic, family, premium]}
  - {name: channel, type: category, categories: [app, partner, shop, web]}
  - {name: country, type: category, categories: [AT, CH, DE, FR, IT]}
  - {name: monthly_price, type: number, min: 0, max: 50}
  - {name: auto_renew, type: boolean}
  - {name: tenure_months, type: number, min: 0, max: 400}
  - {name: usage_hours, type: number, nullable: true, min: 0, max: 160}
  - {name: support_tickets, type: number, min: 0, max: 20}
  - {name: payment_failures, type: number, min: 0, max: 12}
  - {name: churned, type: boolean, role: target}
"""
FEATURES = """\
import numpy as np


def fit_state(columns):
    return {"names": [n for n, v in columns.items() if v.dtype != object]}


def build(columns, state):
    return np.stack([np.nan_to_num(columns[n].astype(float)) for n in state["names"]], axis=1)
"""
MODEL = """\
import json

import numpy as np

FORMAT = "json"


def fit(X, y, X_valid, y_valid, *, params, seed, task, n_classes):
    Z = np.column_stack([np.ones(len(X)), X, np.minimum(X, np.median(X, axis=0))])
    weights = np.linalg.lstsq(Z.T @ Z + np.eye(Z.shape[1]), Z.T @ y, rcond=None)[0]
    return {"weights": weights.tolist(), "middle": np.median(X, axis=0).tolist()}


def predict(model, X):
    Z = np.column_stack([np.ones(len(X)), X, np.minimum(X, model["middle"])])
    return np.clip(Z @ np.array(model["weights"]), 1e-6, 1 - 1e-6)


def save(model, folder):
    (folder / "model.json").write_text(json.dumps(model))


def load(folder):
    return json.loads((folder / "model.json").read_text())
"""


class Law(Bundle):
    """A bundle in miniature: the true law of the sample, judged on three months."""

    def __init__(self, contract: Contract, digest: str = "f" * 64) -> None:
        self.contract, self.digest, self.name = contract, digest, digest[:12]

    def predict(self, columns: Columns) -> np.ndarray:
        return demo.churn_probability(columns)

    def learn(self, rows: Columns) -> "Law":
        scores = self.predict(rows)
        self.reference = drift.reference_profile(self.contract, rows, scores, rows["churned"])
        return self


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    files = {
        "conf/data.yaml": CONTRACT,
        "src/world/__init__.py": "",
        "src/world/features.py": FEATURES,
        "src/world/model.py": MODEL,
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Workspace(tmp_path)


@pytest.fixture
def contract(work: Workspace) -> Contract:
    return work.contract


@pytest.fixture
def sampled(work: Workspace) -> Workspace:
    demo.write_sample(work, customers=600)
    return work


@pytest.fixture
def law(work: Workspace) -> Law:
    months, law = list(demo.sample_months(customers=1_500)), Law(work.contract)
    settings.write_json(work.pointer_path, {"champion": law.digest})
    return law.learn(join_batches(months[8:11]))


@pytest.fixture(autouse=True)
def _here(work: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(work.root)


# A model whose quality is a parameter: the true law, blurred by `noise`, and by `blur_plan` more
# in one plan. Two models with other `salt` and the same noise are different and equally good.
ORACLE_FEATURES = """\
import numpy as np

NUMBERS = ["usage_hours", "payment_failures", "support_tickets", "monthly_price"]
NUMBERS += ["tenure_months", "auto_renew"]


def fit_state(columns):
    return {"names": [*NUMBERS, "partner", "family"]}


def build(columns, state):
    flags = [columns["channel"] == "partner", columns["plan"] == "family"]
    return np.stack([columns[n].astype(np.float32) for n in NUMBERS] + flags, axis=1)
"""
ORACLE_MODEL = """\
import json

import numpy as np
from acme_churn.ops.demo import churn_probability

FORMAT = "json"


def fit(X, y, X_valid, y_valid, *, params, seed, task, n_classes):
    return {"noise": 0.0, "salt": 0.0, "blur_plan": 0.0, **params}


def predict(model, X):
    names = ["usage_hours", "payment_failures", "support_tickets", "monthly_price"]
    names += ["tenure_months", "auto_renew"]
    columns = {name: X[:, i].astype(float) for i, name in enumerate(names)}
    columns["channel"] = np.where(X[:, 6] > 0, "partner", "app").astype(object)
    p = churn_probability(columns)
    mixed = np.nan_to_num(X[:, 0]) * 12.9898 + X[:, 4] * 78.233 + X[:, 3] * 3.7 + model["salt"]
    noise = (np.sin(mixed) * 43758.5453) % 1.0 - 0.5
    z = np.log(p / (1 - p)) + noise * (model["noise"] + model["blur_plan"] * X[:, 7])
    return 1 / (1 + np.exp(-z))


def save(model, folder):
    (folder / "model.json").write_text(json.dumps(model))


def load(folder):
    return json.loads((folder / "model.json").read_text())
"""


def read_table(source: Path) -> Columns:
    """All batches in one."""
    return join_batches(read_batches(source))


def overridden(work: Workspace, text: str) -> Workspace:
    """The workspace with these overrides."""
    work.overrides_path.write_text(text)
    return Workspace(work.root)


def train_with(work: Workspace, **params: float) -> str:
    """Train an oracle with these parameters; returns the digest of its bundle."""
    text = f"train: {{params: {json.dumps(params)}}}\ngate: {{replicates: 300}}\n"
    with mock.patch.object(training, "log_run"):  # it would take most of the time
        training.train(overridden(work, text))
    return release.chosen_digest(work)


@pytest.fixture(scope="session")
def _oracle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a champion, made once and copied for every test."""
    root = tmp_path_factory.mktemp("oracle")
    files = {
        "conf/data.yaml": CONTRACT,
        "src/world/features.py": ORACLE_FEATURES,
        "src/world/model.py": ORACLE_MODEL,
        ".gitignore": "/store/\n/reports/\n/mlflow.db\n",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    work = Workspace(root)
    demo.write_sample(work, customers=3_000)
    digest = train_with(work, noise=0.5)
    gate.gate(Workspace(root), digest)
    release.promote(work, digest)
    training.log_run(work, training.list_runs(work)[0])
    return root


@pytest.fixture
def oracle(_oracle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    shutil.copytree(_oracle, tmp_path / "oracle")
    monkeypatch.chdir(tmp_path / "oracle")
    return Workspace(tmp_path / "oracle")
