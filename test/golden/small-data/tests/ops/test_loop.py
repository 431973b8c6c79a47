"""The program: the loop, its second time, day zero, your own data, and errors in words."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from acme_churn.ops import demo
from acme_churn.ops.cli import main
from acme_churn.ops.settings import PROGRAM, Exit, Workspace

from conftest import CONTRACT, ORACLE_FEATURES, ORACLE_MODEL, train_with


@pytest.fixture(scope="module")
def looped(tmp_path_factory: pytest.TempPathFactory, _oracle: Path) -> Workspace:
    """A project after its first `run`."""
    root = tmp_path_factory.mktemp("looped")
    files = {
        "conf/data.yaml": CONTRACT,
        "conf/pipeline.yaml": "gate: {replicates: 300}\n",
        "src/world/features.py": ORACLE_FEATURES,
        "src/world/model.py": ORACLE_MODEL,
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    demo.write_sample(Workspace(root), customers=1_500)
    shutil.copy(_oracle / "mlflow.db", root)  # a migrated database: making one takes seconds
    assert main(["--project", str(root), "run"]) == Exit.DONE
    return Workspace(root)


def test_the_first_run_does_every_step(looped: Workspace) -> None:
    assert json.loads(looped.pointer_path.read_text())["evidence"]["verdict"] == "passed"
    for place in ("bundles", "runs", "predictions", "audit", "data"):
        assert any((looped.store_path / place).iterdir())
    names = {path.name for path in looped.reports_path.iterdir()}
    assert names == {"index.html", "experiments.html", "model-card.html"}


def test_the_second_run_compares_with_the_champion(
    looped: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    before = looped.pointer_path.read_bytes()
    assert main(["--project", str(looped.root), "run"]) == Exit.DONE
    table = capsys.readouterr().out
    assert "already run by" in table
    assert "already champion" in table
    assert re.search(r"champion +auc 0\.\d{4} against 0\.\d{4}", table)
    assert looped.pointer_path.read_bytes() == before
    steps = re.findall(r"^([a-z]+) ", table, flags=re.M)
    assert steps == ["step", "data", "validate", "train", "gate", "promote", "score", "outcomes",
                     "monitor", "report"]  # fmt: skip


def test_run_exits_0_when_the_gate_refuses_and_keeps_the_champion(
    oracle: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    before = oracle.pointer_path.read_bytes()
    text = "train: {params: {noise: 9.0}}\ngate: {replicates: 300}\n"
    oracle.overrides_path.write_text(text)
    assert main(["run"]) == Exit.DONE
    assert "champion kept" in capsys.readouterr().out
    assert oracle.pointer_path.read_bytes() == before


def test_runs_are_in_the_local_log(looped: Workspace) -> None:
    champion = json.loads(looped.pointer_path.read_text())["champion"]
    with sqlite3.connect(looped.root / "mlflow.db") as log:
        found = log.execute(
            "select metrics.key from metrics join tags on metrics.run_uuid = tags.run_uuid "
            "where tags.key = 'bundle' and tags.value = ?",
            [champion],
        )
        assert {"challenger_auc", "baseline_auc"} <= {key for (key,) in found}


def test_a_log_that_fails_is_a_warning(oracle: Workspace, caplog: pytest.LogCaptureFixture) -> None:
    (oracle.root / "mlflow.db").write_text("no database")
    assert main(["train", "--again"]) == Exit.DONE
    assert "MLflow has no log of this run: " in caplog.text


def test_a_page_or_a_contract_is_never_half_written(
    looped: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = [looped.reports_path / "index.html", looped.store_path / "challenger"]
    before = [path.read_bytes() for path in kept]
    monkeypatch.setattr(Path, "replace", lambda *_: 1 / 0)
    for verb in ("report", "train"):
        with pytest.raises(ZeroDivisionError):
            main(["--project", str(looped.root), verb])
    assert [path.read_bytes() for path in kept] == before


class Page(HTMLParser):
    """Collects what a page loads, and whether its figures speak."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.figures: list[dict[str, str | None]] = []
        self.attributes: dict[str, dict[str, str | None]] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.attributes[tag] = found
        if tag == "svg":
            self.figures.append(found)
        if tag in ("script", "link", "img", "iframe"):
            self.loads.append(tag)


def test_reports_need_no_network_and_can_be_read_by_everyone(looped: Workspace) -> None:
    for path in looped.reports_path.glob("*.html"):
        text = path.read_text()
        page = Page(text)
        assert page.loads == []
        assert "url(http" not in text
        assert "@import" not in text
        assert page.attributes["html"]["lang"] == "en"
        assert "<title>" in text
        assert "width=device-width" in str(page.attributes["meta"])
        assert all(figure["role"] == "img" and figure["aria-label"] for figure in page.figures)
        assert "prefers-color-scheme:dark" in text
    index = (looped.reports_path / "index.html").read_text()
    for title in ("Verdict", "Evaluation", "Calibration", "Slices", "Drift", "Data"):
        assert f"<h2>{title}</h2>" in index
    assert len(Page(index).figures) == 4 + len(looped.contract.features)
    assert "(live)" in (looped.reports_path / "experiments.html").read_text()
    card = (looped.reports_path / "model-card.html").read_text()
    assert json.loads(looped.pointer_path.read_text())["champion"] in card


@pytest.mark.parametrize(
    ("verb", "says"),
    [
        ("data pull", "nothing to pull"),
        ("monitor", "no model, nothing judged"),
        ("score", "No champion yet"),
        ("outcomes", "No champion yet"),
        ("publish", "No champion yet"),
        ("publish --check", "No champion yet"),
        ("rollback", "No champion yet"),
    ],
)
def test_day_zero_every_verb_answers(
    work: Workspace, capsys: pytest.CaptureFixture[str], verb: str, says: str
) -> None:
    assert main(verb.split()) == Exit.DONE
    assert says in capsys.readouterr().out


@pytest.mark.parametrize("verb", ["train", "gate", "promote", "report", "validate"])
def test_a_step_that_comes_too_early_says_what_to_do_first(
    work: Workspace, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    assert main([verb]) == Exit.USAGE
    message, hint = capsys.readouterr().err.strip().splitlines()[-2:]
    assert message.startswith(f"{PROGRAM}: ")
    assert hint.strip().startswith("Run ")


def strangers_file(path: Path) -> Path:
    rng = np.random.default_rng(2)
    x, y = rng.normal(0, 1, (2, 3_000))
    label = (x * y + rng.normal(0, 0.5, 3_000) > 0).astype(int)
    lines = ["Customer ID,Size,Weight,Region,Outcome"]
    for i in range(3_000):
        weight = "" if i % 40 == 0 else f"{y[i]:.3f}"
        word = "yes" if label[i] else "no"
        lines.append(f"u-{i},{x[i]:.3f},{weight},{'NS'[i % 2]}orth,{word}")
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_strangers_file_takes_the_place_of_the_sample(
    oracle: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = strangers_file(tmp_path / "stranger.csv")
    live = json.loads(oracle.pointer_path.read_text())["champion"]
    for name, text in (("features.py", GENERIC_FEATURES), ("model.py", GENERIC_MODEL)):
        (oracle.package_path / name).write_text(text)
    oracle.overrides_path.write_text("gate: {replicates: 300}\n")
    assert main(["use-data", str(file), "--target", "Outcome"]) == Exit.USAGE  # nobody agreed
    shown = capsys.readouterr().out
    assert "name: Customer ID, type: category, role: entity" in shown
    assert "name: Weight, type: number, nullable: true" in shown
    assert Workspace(oracle.root).contract.source == "sample"
    assert main(["use-data", str(file), "--target", "Outcome", "--yes"]) == Exit.DONE
    assert not oracle.pointer_path.exists()  # the sample's champion answers another question
    entry = json.loads(max((oracle.store_path / "audit").iterdir()).read_text())
    assert (entry["did"], entry["champion"], entry["before"]) == ("retire", None, live)
    assert main(["run"]) == Exit.DONE
    assert json.loads(oracle.pointer_path.read_text())["evidence"]["verdict"] == "passed"
    assert main(["data"]) == Exit.USAGE  # the sample would replace it
    assert "Traceback" not in capsys.readouterr().err


GENERIC_FEATURES = """\
import numpy as np


def fit_state(columns):
    return {"names": [n for n, v in columns.items() if v.dtype.kind == "f"]}


def build(columns, state):
    return np.stack([columns[n].astype(np.float32) for n in state["names"]], axis=1)
"""
GENERIC_MODEL = """\
import json

import numpy as np

FORMAT = "json"


def _pairs(X):
    X = np.nan_to_num(X.astype(float))
    pairs = [X[:, i] * X[:, j] for i in range(X.shape[1]) for j in range(i + 1)]
    return np.column_stack([np.ones(len(X)), X, *pairs])


def fit(X, y, X_valid, y_valid, *, params, seed, task, n_classes):
    Z = _pairs(X)
    return np.linalg.solve(Z.T @ Z + np.eye(Z.shape[1]), Z.T @ y).tolist()


def predict(model, X):
    return np.clip(_pairs(X) @ np.array(model), 0.01, 0.99)


def save(model, folder):
    (folder / "model.json").write_text(json.dumps(model))


def load(folder):
    return json.loads((folder / "model.json").read_text())
"""


def test_training_refuses_before_memory_runs_out(
    oracle: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("acme_churn.ops.data.free_memory", lambda: 1e5)
    text = "train: {params: {noise: 3.0}}\n"
    oracle.overrides_path.write_text(text)
    assert main(["train"]) == Exit.USAGE
    assert "memory" in capsys.readouterr().err


def test_config_shows_every_value_with_its_origin(
    oracle: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    oracle.overrides_path.write_text("gate: {delta: 0.02}\n")
    assert main(["config"]) == Exit.DONE
    lines = capsys.readouterr().out.splitlines()
    assert any(re.match(r"gate\.delta +0\.02 +conf/pipeline\.yaml", line) for line in lines)
    assert any(re.match(r"train\.seed +7 +default", line) for line in lines)


def test_the_sample_of_the_verb_is_that_of_the_loop(
    work: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo.sample_months, "__defaults__", (7, 12, 300, "", ""))
    demo.write_sample(work)
    first = work.lock_path.read_bytes()
    assert main(["data"]) == Exit.DONE
    assert work.lock_path.read_bytes() == first
    assert main(["data", "--seed", "8"]) == Exit.DONE
    assert work.lock_path.read_bytes() != first


def test_a_reader_that_has_seen_enough_is_no_error(work: Workspace) -> None:
    program = "import sys; from acme_churn.ops.cli import main; sys.exit(main(['config']))"
    running = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=work.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdout is not None
    running.stdout.close()
    assert running.communicate()[1] == b""
    assert running.returncode == Exit.DONE


def test_who_stops_it_sees_no_traceback(
    work: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("acme_churn.ops.settings.config", stopped)
    assert main(["config"]) == 130
    assert capsys.readouterr().err == ""


def test_without_features_one_sentence_says_so(
    oracle: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    (oracle.package_path / "features.py").unlink()
    assert main(["train"]) == Exit.USAGE
    assert "No src/*/features.py" in capsys.readouterr().err


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    for word in ("use-data", "exit codes", "deploy/model.json", "rollback", "monitor"):
        assert word in text


def test_outside_a_project_one_sentence_says_so(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path_factory.mktemp("empty")
    assert main(["--project", str(empty), "run"]) == Exit.USAGE
    assert "No conf/data.yaml" in capsys.readouterr().err


def test_too_few_labels_are_one_sentence(
    oracle: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    demo.write_sample(oracle, customers=3)
    oracle.overrides_path.write_text("train: {params: {noise: 4.0}}\n")
    assert main(["train"]) == Exit.USAGE
    assert "Traceback" not in capsys.readouterr().err


def test_the_reference_of_a_bundle_is_its_holdout(oracle: Workspace) -> None:
    digest = train_with(oracle, noise=0.5)
    reference = json.loads((oracle.store_path / "bundles" / digest / "reference.json").read_text())
    assert 0 < reference["rows"] <= 3_000
    assert reference["loss"]["mean"] > 0
