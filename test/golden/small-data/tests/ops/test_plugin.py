"""Your features.py and model.py, on rows drawn from your contract: what every other part needs."""

import ast
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from acme_churn.ops.bundle import UserCode, example_rows, rows_to_columns
from acme_churn.ops.comparison import evaluate
from acme_churn.ops.contract import Contract
from acme_churn.ops.demo import churn_probability, sample_months
from acme_churn.ops.settings import Workspace

YOURS = Workspace.find(Path(__file__).parent)
ROWS = 400


@pytest.fixture(scope="module")
def yours() -> Contract:
    return YOURS.contract


@pytest.fixture(scope="module")
def code() -> UserCode:
    return UserCode(YOURS.package_path)


@pytest.fixture(scope="module")
def columns(yours: Contract) -> dict[str, NDArray[Any]]:
    return rows_to_columns(yours, example_rows(yours, ROWS, seed=1))


@pytest.fixture(scope="module")
def state(code: UserCode, columns: dict[str, NDArray[Any]]) -> dict[str, Any]:
    return json.loads(json.dumps(code.features.fit_state(columns)))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def features(
    code: UserCode, columns: dict[str, NDArray[Any]], state: dict[str, Any]
) -> NDArray[np.float32]:
    return np.asarray(code.features.build(columns, state))


def target(contract: Contract, features: NDArray[np.float32]) -> NDArray[np.float64]:
    """A target of the contract's task that depends on the features."""
    filled = np.nan_to_num(features.astype(np.float64))
    spread = filled.std(axis=0)
    linear = (
        (filled - filled.mean(axis=0))
        / np.where(spread > 0, spread, 1)
        @ np.arange(1, filled.shape[1] + 1)
    )
    if contract.task == "regression":
        return np.asarray(linear)
    levels = max(len(contract.classes), 2)
    cuts = np.quantile(linear, np.arange(1, levels) / levels)
    return np.asarray(np.searchsorted(cuts, linear), dtype=np.float64)


def fitted(code: UserCode, contract: Contract, features: NDArray[np.float32]) -> Any:
    y, half = target(contract, features), ROWS // 2
    return code.model.fit(
        features[:half],
        y[:half],
        features[half:],
        y[half:],
        params=dict(YOURS.settings.train.params),
        seed=1,
        task=contract.task,
        n_classes=max(len(contract.classes), 2) if contract.task != "regression" else 0,
    )


@pytest.fixture(scope="module")
def model(code: UserCode, yours: Contract, features: NDArray[np.float32]) -> Any:
    return fitted(code, yours, features)


def test_features_import_only_numpy_since_the_service_has_no_more() -> None:
    tree = ast.parse((YOURS.package_path / "features.py").read_text())
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [n.module if isinstance(n, ast.ImportFrom) else n.names[0].name for n in nodes]
    assert {str(name).split(".")[0] for name in names} <= {"numpy", *sys.stdlib_module_names}


def test_features_are_a_matrix_of_numbers_with_a_row_for_every_row(
    features: NDArray[np.float32],
) -> None:
    assert features.shape[0] == ROWS
    assert features.ndim == 2
    assert features.dtype == np.float32
    assert not np.isinf(features).any()


def test_one_row_gives_the_same_features_as_in_a_batch(
    code: UserCode,
    columns: dict[str, NDArray[Any]],
    state: dict[str, Any],
    features: NDArray[np.float32],
) -> None:
    for i in range(25):
        one = code.features.build({n: v[i : i + 1] for n, v in columns.items()}, state)
        np.testing.assert_array_equal(one[0], features[i])


def test_missing_values_and_an_unseen_category_are_features_too(
    code: UserCode, yours: Contract, columns: dict[str, NDArray[Any]], state: dict[str, Any]
) -> None:
    odd = {name: values[:2].copy() for name, values in columns.items()}
    for values in odd.values():
        if values.dtype == object:
            values[:] = [None, "never seen before"]
        elif values.dtype.kind == "M":
            values[:] = np.datetime64("NaT")
        else:
            values[:] = np.nan
    wide = code.features.build(columns, state).shape[1]
    assert code.features.build(odd, state).shape == (2, wide)


def test_the_model_answers_in_the_shape_of_its_task(
    code: UserCode, yours: Contract, model: Any, features: NDArray[np.float32]
) -> None:
    found = code.model.predict(model, features)
    several = yours.task == "multiclass"
    assert found.shape == ((ROWS, len(yours.classes)) if several else (ROWS,))
    assert np.isfinite(found).all()
    if yours.task != "regression":
        assert found.min() >= 0
        assert found.max() <= 1
    if several:
        assert found.sum(axis=1) == pytest.approx(np.ones(ROWS), abs=1e-5)


def test_the_model_is_the_same_for_the_same_seed(
    code: UserCode, yours: Contract, model: Any, features: NDArray[np.float32]
) -> None:
    again = fitted(code, yours, features)
    np.testing.assert_array_equal(
        code.model.predict(model, features), code.model.predict(again, features)
    )


def test_a_saved_model_answers_as_before_and_row_by_row(
    code: UserCode, model: Any, features: NDArray[np.float32], tmp_path: Path
) -> None:
    code.model.save(model, tmp_path)
    loaded, found = code.model.load(tmp_path), code.model.predict(model, features)
    np.testing.assert_allclose(code.model.predict(loaded, features), found, atol=1e-6)
    for i in range(10):
        one = code.model.predict(loaded, features[i : i + 1])
        np.testing.assert_allclose(one[0], found[i], atol=1e-6)


def test_the_model_learns_something(
    code: UserCode, yours: Contract, model: Any, features: NDArray[np.float32]
) -> None:
    y, found = target(yours, features), code.model.predict(model, features)
    score = found @ np.arange(found.shape[1]) if found.ndim == 2 else found
    assert np.corrcoef(score, y)[0, 1] > 0.2
    assert isinstance(code.model.FORMAT, str)


def test_on_the_sample_it_is_within_two_hundredths_of_the_best_possible(
    code: UserCode, yours: Contract
) -> None:
    if yours.source != "sample":
        pytest.skip("conf/data.yaml describes your own data, whose law nobody knows")
    months = list(sample_months(seed=11))[:11]
    parts = [
        {name: np.concatenate([m[name] for m in months[a:b]]) for name in months[0]}
        for a, b in ((0, 7), (7, 9), (9, 11))
    ]
    names = [column.name for column in yours.features]
    learn, stop, test = ({n: part[n] for n in names} for part in parts)
    labels = [part["churned"] for part in parts]
    state = code.features.fit_state(learn)
    model = code.model.fit(
        code.features.build(learn, state),
        labels[0],
        code.features.build(stop, state),
        labels[1],
        params=dict(YOURS.settings.train.params),
        seed=7,
        task="binary",
        n_classes=2,
    )
    found = code.model.predict(model, code.features.build(test, state))
    reached = evaluate("binary", labels[2], found, budget=0.1)["auc"]
    best = evaluate("binary", labels[2], churn_probability(test), budget=0.1)["auc"]
    assert best - 0.02 <= reached <= best + 0.01
