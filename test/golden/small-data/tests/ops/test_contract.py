"""The contract: types and policies, the same for one row and for a batch."""

from typing import Any

import numpy as np
import pytest

from acme_churn.ops.contract import Column, Contract, check_columns, convert, load_contract
from acme_churn.ops.data import Tally
from acme_churn.ops.settings import Exit, OpsError
from acme_churn.ops.workspace import Workspace


def make(**policies: Any) -> Contract:
    columns = [
        Column(name="age", type="number", min=0, max=120, **policies),
        Column(name="plan", type="category", categories=["a", "b"], **policies),
        Column(name="y", type="number", role="target"),
    ]
    return Contract(task="regression", columns=columns)


def raw(**values: list[Any]) -> dict[str, np.ndarray]:
    return {name: np.array(found, dtype=object) for name, found in values.items()}


@pytest.mark.parametrize(
    ("type", "value", "expected"),
    [
        ("number", "1.5", 1.5),
        ("number", 7, 7.0),
        ("number", "NA", None),
        ("boolean", "Yes", 1.0),
        ("boolean", False, 0.0),
        ("boolean", 1.0, 1.0),
        ("category", 3.0, "3"),
        ("category", 3, "3"),
        ("category", " ", None),
        ("date", "2026-03-01", np.datetime64("2026-03-01T00:00:00")),
        ("date", "2026-03-01T12:00:00+02:00", np.datetime64("2026-03-01T10:00:00")),
    ],
)
def test_value_is_converted(type: str, value: Any, expected: Any) -> None:
    values, bad = convert(np.array([value], dtype=object), type)
    assert not bad.any()
    if expected is None:
        assert values[0] is None or np.isnan(values[0])
    else:
        assert values[0] == expected


@pytest.mark.parametrize(
    ("type", "value"),
    [("number", "many"), ("number", "inf"), ("number", "1_0"), ("boolean", "2"), ("date", "soon"),
     ("date", 20260301), ("date", "31-12-2026")],
)  # fmt: skip
def test_value_of_the_wrong_type_is_found(type: str, value: Any) -> None:
    column = np.empty(1, dtype=object)
    column[0] = value
    values, bad = convert(column, type)
    assert bad.tolist() == [True]
    assert str(values[0]) in ("nan", "NaT")


def test_arrays_of_parquet_and_texts_of_csv_give_the_same() -> None:
    typed = check_columns(
        make(), {"age": np.array([1.0, 2.0]), "plan": np.array(["a", None], object)}
    )
    texts = check_columns(make(), raw(age=["1", "2"], plan=["a", ""]))
    np.testing.assert_array_equal(typed.columns["age"], texts.columns["age"])
    assert typed.columns["plan"].tolist() == texts.columns["plan"].tolist() == ["a", None]


def test_defaults_refuse_types_and_nulls_warn_of_ranges_and_turn_new_into_other() -> None:
    found = check_columns(make(), raw(age=["x", None, 130, 5], plan=["a", "b", "z", "a"]))
    assert {(f.column, f.problem, f.action, f.rows) for f in found.findings} == {
        ("age", "values of the wrong type", "refuse", 1),
        ("age", "values missing", "refuse", 1),
        ("age", "values out of range", "warn", 1),
        ("plan", "values of a new category", "other", 1),
    }
    assert found.columns["plan"].tolist() == ["a", "b", "other", "a"]
    assert found.kept.all()
    assert len(found.refused) == 2


def test_quarantine_sets_aside_only_its_rows() -> None:
    contract = make(
        on_type="quarantine", on_missing="quarantine", on_range="quarantine", on_new="quarantine"
    )
    found = check_columns(contract, raw(age=["x", 1, 130, 5], plan=["a", "z", "a", "b"]))
    assert found.kept.tolist() == [False, False, False, True]
    assert not found.refused


def test_too_many_rows_in_quarantine_fail_the_run() -> None:
    contract = make(on_range="quarantine")
    tally = Tally()
    for bad in (0, 1):
        rows = 100
        batch = raw(age=[999] * bad + [5] * (rows - bad), plan=["a"] * rows)
        tally.add(check_columns(contract, batch))
    tally.judge(contract)  # 1 of 200
    tally.add(check_columns(contract, raw(age=[999] * 9, plan=["a"] * 9)))
    with pytest.raises(OpsError, match="10 of 209 rows are in quarantine") as caught:
        tally.judge(contract)
    assert caught.value.exit == Exit.CONTRACT


def test_one_row_is_judged_like_a_batch() -> None:
    rng = np.random.default_rng(0)
    ages = rng.choice(np.array(["1", 50, None, "x", 500.0], object), 60)
    plans = rng.choice(np.array(["a", "b", "new", None], object), 60)
    contract = make(on_type="quarantine", on_missing="quarantine", on_new="quarantine")
    batch = check_columns(contract, {"age": ages, "plan": plans})
    for i in range(60):
        one = check_columns(contract, {"age": ages[i : i + 1], "plan": plans[i : i + 1]})
        assert one.kept[0] == batch.kept[i]
        assert str(one.columns["age"][0]) == str(batch.columns["age"][i])
        assert one.columns["plan"][0] == batch.columns["plan"][i]


def test_absent_column_is_refused_and_unknown_column_is_told() -> None:
    found = check_columns(make(), raw(age=[1], more=[1]))
    assert [(f.column, f.problem, f.action) for f in found.findings] == [
        ("plan", "the column is missing", "refuse"),
        ("more", "the column is not in the contract", "warn"),
    ]


NUMBER = "task: regression\ncolumns:\n  - {name: a, type: number"
TARGET = "\n  - {name: y, type: number, role: target}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("task: binary\ncolumns: [", "not valid YAML"),
        ("task: regression\ncolumns:\n  - {name: a, type: numbr}", "columns.0.type numbr"),
        (NUMBER + "}", "no column has the role 'target'"),
        (NUMBER.replace("regression", "binary") + "}" + TARGET, "does not fit 0 classes"),
        (NUMBER + ", on_range: other}" + TARGET, "columns.0.on_range other"),
        (NUMBER + "}" + TARGET * 2, "'y' is described twice"),
        ("just text", "data.yaml"),
        ("", "data.yaml"),
        (NUMBER + ", on_rnage: warn}" + TARGET, "Write 'on_range'"),
    ],
)
def test_broken_contract_gives_one_sentence(work: Workspace, text: str, message: str) -> None:
    work.contract_path.write_text(text)
    with pytest.raises(OpsError, match=message) as caught:
        load_contract(work.contract_path)
    assert "\n" not in str(caught.value)


def test_new_needs_of_a_column_are_unset_by_default(contract: Contract) -> None:
    column = contract.features[0]
    assert (column.sensitive, column.protected, column.retention) == ("unset", "unset", "unset")
