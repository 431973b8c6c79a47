"""The service: the same contract and the same answers as in a batch."""

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from acme_churn.ops import demo
from acme_churn.ops.bundle import Bundle, example_rows, rows_to_columns
from acme_churn.ops.cli import main
from acme_churn.ops.gate import gate
from acme_churn.ops.monitoring import outcomes, score_rows, watch
from acme_churn.ops.release import live_bundle, promote
from acme_churn.ops.serving import create_app
from acme_churn.ops.settings import Exit, Workspace

from conftest import Law, read_table, train_with


def client(work: Workspace) -> TestClient:
    return TestClient(create_app(Workspace(work.root)))


def rows(work: Workspace, count: int) -> list[dict[str, Any]]:
    found = example_rows(Workspace(work.root).contract, count, seed=3)
    return [{"customer_id": f"c{i}", "month": "2026-12-01", **row} for i, row in enumerate(found)]


def test_day_zero_lives_but_is_not_ready(work: Workspace) -> None:
    service = client(work)
    assert service.get("/livez").status_code == 200
    ready = service.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (503, "no-model")
    assert service.post("/predict", json={"plan": "basic"}).status_code == 503


def test_it_becomes_ready_with_the_first_champion(oracle: Workspace) -> None:
    pointer = oracle.pointer_path.read_text()
    oracle.pointer_path.unlink()
    service = client(oracle)
    assert service.get("/readyz").status_code == 503
    oracle.pointer_path.write_text(pointer)
    ready = service.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    assert ready.json()["bundle"] == json.loads(pointer)["champion"]


def test_a_damaged_bundle_is_never_served(oracle: Workspace) -> None:
    digest = json.loads(oracle.pointer_path.read_text())["champion"]
    path = oracle.store_path / "bundles" / digest / "model.py"
    path.write_text(path.read_text() + "\n")
    service = client(oracle)
    assert service.get("/livez").status_code == 200
    ready = service.get("/readyz")
    assert ready.status_code == 503
    assert "model.py" in ready.json()["status"]


def test_other_scores_on_golden_rows_are_never_served(
    oracle: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Bundle, "predict", lambda *_: np.full(16, 0.01))
    assert "Golden rows" in client(oracle).get("/readyz").json()["status"]


def test_one_row_a_batch_and_the_bundle_agree(oracle: Workspace) -> None:
    service, asked = client(oracle), rows(oracle, 30)
    answer = service.post("/predict", json={"rows": asked}).json()
    bundle = live_bundle(Workspace(oracle.root))
    assert bundle is not None
    expected = bundle.predict(rows_to_columns(bundle.contract, asked))
    assert answer["predictions"] == pytest.approx(expected.tolist(), abs=1e-9)
    assert answer["bundle"] == bundle.digest
    for row, score in list(zip(asked, expected, strict=True))[:5]:
        single = service.post("/predict", json=row).json()
        assert single["prediction"] == pytest.approx(float(score), abs=1e-9)


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"usage_hours": "many"}, "usage_hours"),
        ({"plan": None}, "plan"),
        ({"plan": ["basic"]}, "plan"),
        ({"tenure_months": {"a": 1}}, "tenure_months"),
        ({"support_tickets": None}, "support_tickets"),
    ],
)
def test_a_bad_value_is_422_with_the_name_of_the_column(
    oracle: Workspace, change: dict[str, Any], column: str
) -> None:
    answer = client(oracle).post("/predict", json={**rows(oracle, 1)[0], **change})
    assert answer.status_code == 422
    assert column in [problem["column"] for problem in answer.json()["detail"]]


@pytest.mark.parametrize(
    ("change", "status", "told"),
    [
        ('"plan": "\\ud800"', 422, '"plan"'),
        ('"customer_id": "c\\ud800"', 422, '"customer_id"'),
        ('"\\udfff": 1', 200, "?: the column is not in the contract"),
        ('"\\udfff": [1]', 422, "a value is nested"),
        ('["\\ud800"]', 422, "each of them an object"),
    ],
)
def test_half_a_letter_is_told(oracle: Workspace, change: str, status: int, told: str) -> None:
    bare = change.startswith("[")
    body = change if bare else json.dumps(rows(oracle, 1)[0])[:-1] + f", {change}}}"
    kind = {"content-type": "application/json"}
    answer = client(oracle).post("/predict", content=body, headers=kind)
    assert answer.status_code == status
    assert told in answer.text


@pytest.mark.parametrize("port", ["abc", "99999", "0"])
def test_a_port_that_cannot_be_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], port: str
) -> None:
    for name, arguments in ((port, []), ("8080", ["--port", port])):
        monkeypatch.setenv("PORT", name)
        with pytest.raises(SystemExit) as caught:
            main(["serve", *arguments])
        assert caught.value.code == Exit.USAGE
        assert "argument --port: " in capsys.readouterr().err


def test_an_absent_column_is_422_and_a_new_category_is_answered(oracle: Workspace) -> None:
    service, row = client(oracle), rows(oracle, 1)[0]
    absent = service.post("/predict", json={k: v for k, v in row.items() if k != "plan"})
    assert absent.status_code == 422
    assert absent.json()["detail"][0]["column"] == "plan"
    new = service.post("/predict", json={**row, "plan": "gold"})
    assert new.status_code == 200
    assert any("plan" in note for note in new.json()["notes"])


@pytest.mark.parametrize("body", ["[]", "7", "nonsense", '{"rows": []}', '{"rows": [1]}', "{}"])
def test_a_body_without_rows_is_422(oracle: Workspace, body: str) -> None:
    kind = {"content-type": "application/json"}
    assert client(oracle).post("/predict", content=body, headers=kind).status_code == 422


def test_too_many_rows_are_422(oracle: Workspace) -> None:
    oracle.overrides_path.write_text("serve: {max_rows: 3}\n")
    assert client(oracle).post("/predict", json={"rows": rows(oracle, 4)}).status_code == 422


def test_rows_in_quarantine_get_no_score_but_the_others_do(oracle: Workspace) -> None:
    text = oracle.contract_path.read_text().replace(
        "{name: support_tickets, ", "{name: support_tickets, on_range: quarantine, "
    )
    oracle.contract_path.write_text(text)
    oracle.pointer_path.unlink()
    digest = train_with(oracle, noise=0.1)
    gate(Workspace(oracle.root), digest)
    promote(Workspace(oracle.root), digest)
    asked = rows(oracle, 3)
    asked[1]["support_tickets"] = 10_000
    service = client(oracle)
    scores = service.post("/predict", json={"rows": asked}).json()["predictions"]
    assert [score is None for score in scores] == [False, True, False]
    assert service.post("/predict", json=asked[1]).status_code == 422


def test_every_request_is_one_line_of_json_without_sensitive_columns(
    oracle: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = live_bundle(Workspace(oracle.root))
    assert bundle is not None
    columns = [
        c.model_copy(update={"sensitive": True}) if c.name == "country" else c
        for c in bundle.contract.columns
    ]
    from acme_churn.ops import serving

    bundle.contract = bundle.contract.model_copy(update={"columns": columns})
    capsys.readouterr()
    serving.answer(bundle, rows(oracle, 2))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    line = json.loads(lines[0])
    assert line["log"] == "prediction"
    assert line["time"] > "2026"
    assert line["bundle"] == bundle.digest
    assert line["rows"]["customer_id"] == ["c0", "c1"]
    assert len(line["rows"]["prediction"]) == 2
    assert "country" not in line["rows"]
    assert "plan" in line["rows"]


def test_lines_of_the_service_are_predictions_too(
    sampled: Workspace, law: Law, caplog: pytest.LogCaptureFixture
) -> None:
    batch = read_table(score_rows(sampled, law)[0])
    names = [c.name for c in law.contract.columns if c.role != "target"]
    entry = {
        "log": "prediction",
        "time": "2026-12-02T08:00:00+00:00",
        "bundle": law.digest,
        "rows": {n: [str(v) for v in batch[n][:50]] for n in [*names, "prediction"]},
    }
    path = sampled.store_path / "predictions" / "2026" / "day.json"
    path.parent.mkdir()
    cut = json.dumps(entry)[:-40] + "\xe9"  # the service was killed, in the middle of a letter
    empty = json.dumps({**entry, "rows": {}})
    path.write_bytes(f"7\n{json.dumps(entry)}\n{empty}\n{cut}".encode()[:-1])
    path.with_name(".day.json.part").write_bytes(path.read_bytes())  # a fetch that was cut off
    for file in path.parent.parent.glob("*.parquet"):
        file.unlink()
    report = watch(sampled, law)
    assert report.lines[0].startswith("50 rows")
    assert "day.json: left out 2 lines" in caplog.text
    demo.write_sample(sampled, months=13, customers=600)
    assert outcomes(sampled).startswith("50 predictions")


def test_the_request_path_needs_no_training_library() -> None:
    code = (
        "import sys\n"
        "from acme_churn.ops import bundle, cli, serving\n"
        "heavy = {'pandas', 'sklearn', 'mlflow', 'pyarrow', 'matplotlib', 'fsspec'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
