"""Settings, contract, tables, what is found in strangers' files, store, split and sample."""

import datetime as dt
import hashlib
import logging
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow.csv import ReadOptions

from acme_churn.ops import data, demo, infer, monitoring, tables
from acme_churn.ops.cli import main
from acme_churn.ops.comparison import ranking
from acme_churn.ops.contract import (
    ROW,
    Check,
    Column,
    Columns,
    Contract,
    convert,
    load_contract,
)
from acme_churn.ops.data import (
    Split,
    data_digest,
    load_rows,
    pull_data,
    push_data,
    read_lock,
    split_rows,
    validate,
)
from acme_churn.ops.infer import accept, explained, inspect_file
from acme_churn.ops.settings import (
    PROGRAM,
    Exit,
    OpsError,
    Settings,
    SplitSettings,
    Workspace,
    write_text,
)
from acme_churn.ops.tables import join_batches, read_batches, share, write_table

from conftest import Law, overridden, read_table

# Settings


def test_project_is_found_from_below(work: Workspace) -> None:
    assert Workspace.find(work.root / "src" / "world").root == work.root
    assert work.package_path.name == "world"
    with pytest.raises(OpsError, match=r"No conf/data\.yaml"):
        Workspace.find(Path("/"))


def test_every_setting_has_a_default_and_tells_its_origin(
    work: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    work.overrides_path.write_text("drift: {alpha: 0.02}\nstore:\n")
    assert main(["config"]) == Exit.DONE
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["drift.alpha", "0.02", "conf/pipeline.yaml"] in rows
    assert ["gate.delta", "0.01", "default"] in rows
    assert ["store.uri", '"./store"', "default"] in rows


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("drift: {alfa: 0.1}", "Write 'alpha'"),
        ("drfit: {alpha: 0.1}", "Write 'drift'"),
        ("drift: {alpha: 7}", r"drift.alpha 7: Input should be less than 0.5"),
        ("drift: {alpha: often}", r"drift.alpha often: Input should be a valid number"),
        ("drift: [", "not valid YAML"),
        ("- drift", "pipeline.yaml"),
        ("drift: 3", "pipeline.yaml"),
    ],
)
def test_wrong_setting_is_named(
    work: Workspace, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    work.overrides_path.write_text(text)
    assert main(["config"]) == Exit.USAGE
    assert message in capsys.readouterr().err


def test_section_of_an_absent_part_is_a_warning(
    work: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    work.overrides_path.write_text("stream: {topic: x}\n")
    with caplog.at_level(logging.WARNING):
        assert Workspace(work.root).settings == Settings()
    assert "'stream' is ignored" in caplog.text


# The contract


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
    arrays = {"age": np.array([1.0, 2.0]), "plan": np.array(["a", None], object)}
    typed, _ = Check(make())(arrays)
    texts, _ = Check(make())(raw(age=["1", "2"], plan=["a", ""]))
    np.testing.assert_array_equal(typed["age"], texts["age"])
    assert typed["plan"].tolist() == texts["plan"].tolist() == ["a", None]


def test_defaults_refuse_types_and_nulls_warn_of_ranges_and_turn_new_into_other() -> None:
    check = Check(make())
    columns, kept = check(raw(age=["x", None, 130, 5], plan=["a", "b", "z", "a"]))
    assert check.found == {
        ("age", "values of the wrong type", "refuse"): 1,
        ("age", "values missing", "refuse"): 1,
        ("age", "values out of range", "warn"): 1,
        ("plan", "values of a new category", "other"): 1,
    }
    assert columns["plan"].tolist() == ["a", "b", "other", "a"]
    assert kept.all()
    assert len(check.told("refuse")) == 2


def test_quarantine_sets_aside_only_its_rows() -> None:
    contract = make(
        on_type="quarantine", on_missing="quarantine", on_range="quarantine", on_new="quarantine"
    )
    check = Check(contract)
    _, kept = check(raw(age=["x", 1, 130, 5], plan=["a", "z", "a", "b"]))
    assert kept.tolist() == [False, False, False, True]
    assert not check.told("refuse")


def test_too_many_rows_in_quarantine_fail_the_run() -> None:
    check = Check(make(on_range="quarantine"))
    for bad in (0, 1):
        rows = 100
        batch = raw(age=[999] * bad + [5] * (rows - bad), plan=["a"] * rows)
        check(batch)
    check.judge()  # 1 of 200
    check(raw(age=[999] * 9, plan=["a"] * 9))
    with pytest.raises(OpsError, match="10 of 209 rows are in quarantine") as caught:
        check.judge()
    assert caught.value.exit == Exit.CONTRACT


def test_one_row_is_judged_like_a_batch() -> None:
    rng = np.random.default_rng(0)
    ages = rng.choice(np.array(["1", 50, None, "x", 500.0], object), 60)
    plans = rng.choice(np.array(["a", "b", "new", None], object), 60)
    contract = make(on_type="quarantine", on_missing="quarantine", on_new="quarantine")
    batch, kept = Check(contract)({"age": ages, "plan": plans})
    for i in range(60):
        one, alone = Check(contract)({"age": ages[i : i + 1], "plan": plans[i : i + 1]})
        assert alone[0] == kept[i]
        assert str(one["age"][0]) == str(batch["age"][i])
        assert one["plan"][0] == batch["plan"][i]


def test_absent_column_is_refused_and_unknown_column_is_told() -> None:
    check = Check(make())
    check(raw(age=[1], more=[1]))
    assert list(check.found) == [
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


def test_names_of_scored_columns_are_taken(contract: Contract) -> None:
    for name in ("bundle", "prediction", "prediction:old"):
        column = contract.features[0].model_copy(update={"name": name})
        with pytest.raises(ValueError, match="the program's own"):
            Contract(task="regression", columns=[column, *contract.columns])


@pytest.mark.parametrize("values", [[1, True], [True, 1]])
def test_a_flag_is_no_number_beside_which_number_it_may_stand(values: list[Any]) -> None:
    bad = convert(np.array(values, dtype=object), "number")[1]
    assert bad.tolist() == [value is True for value in values]


# Tables


def test_csv_dialects(tmp_path: Path) -> None:
    for name, content in {
        "comma.csv": 'a,"b c",d\n1.5,"x, y",NA\n',
        "semicolon.csv": "a;b c;d\n1,5;x, y;\n",
        "tab.tsv": "\ufeffa\tb c\td\n1.5\tx, y\t?\n",
    }.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
        rows = read_table(tmp_path / name)
        found = {n: convert(values, "text")[0].tolist() for n, values in rows.items()}
        assert found == {"a": ["1.5"], "b c": ["x, y"], "d": [None]}


def test_what_stands_in_quotes_parts_no_columns(tmp_path: Path) -> None:
    header = 'a,"b; in EUR;\n ""net""; per year",c'
    (tmp_path / "t.csv").write_text(f'{header}\n1,2,"x;y;z;u;v;w"\n')
    rows = read_table(tmp_path / "t.csv")
    assert [values.tolist() for values in rows.values()] == [["1"], ["2"], ["x;y;z;u;v;w"]]


def test_blanks_around_a_header_are_not_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id, age , churned\n1,2,3\n")
    assert list(read_table(tmp_path / "t.csv")) == ["id", "age", "churned"]
    assert list(next(read_batches(tmp_path / "t.csv", ["age"]))) == ["age"]


def test_parquet_types(tmp_path: Path) -> None:
    pq.write_table(
        pa.table(
            {
                "big": pa.array([2**60 + 1, None]),
                "small": pa.array([1, None]),
                "flag": pa.array([True, None]),
                "level": pa.array(["x", None]).dictionary_encode(),
                "long": pa.array(["x", None], pa.large_string()),  # what pandas 3 writes
                "day": pa.array([dt.date(2026, 1, 2), None]),
                "list": pa.array([[1], None]),
                "nothing": pa.nulls(2),
            }
        ),
        tmp_path / "t.parquet",
    )
    rows = read_table(tmp_path / "t.parquet")
    assert rows["big"].tolist() == [str(2**60 + 1), None]
    assert rows["small"][0] == 1.0
    assert np.isnan(rows["small"][1])
    assert rows["flag"].tolist() == ["True", None]
    assert rows["level"].tolist() == rows["long"].tolist() == ["x", None]
    assert rows["day"].astype(str).tolist() == ["2026-01-02T00:00:00", "NaT"]
    assert rows["list"].tolist() == ["[1]", None]


def test_reading_streams_and_takes_only_the_columns_asked_for(tmp_path: Path) -> None:
    write_table(tmp_path / "t.parquet", [{"a": np.arange(10.0), "b": np.arange(10.0)}])
    batches = list(read_batches(tmp_path / "t.parquet", ["a"], rows=4))
    assert [len(batch["a"]) for batch in batches] == [4, 4, 2]
    assert list(batches[0]) == ["a"]


def test_an_inch_is_no_quote(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('id;width (");c\n1;"2,5";x\n')
    assert [*read_table(tmp_path / "t.csv")] == ["id", 'width (")', "c"]


def test_a_file_is_replaced_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new" / "t.txt"
    write_text(path, "old")
    monkeypatch.setattr(Path, "replace", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_text(path, "new")
    assert path.read_text() == "old"
    assert list(path.parent.iterdir()) == [path]


def test_failed_write_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Any:
        yield {"a": np.ones(3)}
        raise OpsError("No.", hint="Stop.")

    with pytest.raises(OpsError):
        write_table(tmp_path / "t.parquet", broken())
    assert list(tmp_path.glob("*.parquet*")) + list(tmp_path.glob(".t*")) == []


BAD_FILES = {
    "empty.csv": (b"", "Empty CSV file"),
    "blank.csv": (b"\n\n", "Empty CSV file"),
    "header.csv": (b"a,y\n", "no rows"),
    "image.csv": (b"\x89PNG\r\n\0\0", "cannot be read as a table"),
    "json.csv": (b'{"a": 1}\n', "no column 'y' among {"),
    "prose.csv": (b"one text\nno table\n", "no column 'y' among one text"),
    "latin.csv": ("a,y\n1,Zürich\n".encode("latin-1"), "UTF8"),
    "ragged.csv": (b"a,y\n1,0\n1\n2,1\n", "Expected 2 columns, got 1"),
    "twice.csv": (b"a,a,y\n1,2,0\n", "multiple columns named a"),
    "sheet.xlsx": (b"PK\x03\x04", "no CSV or Parquet file"),
    "fake.parquet": (b"PK\x03\x04", "cannot be read"),
    "constant.csv": (b"a,y\n" + b"1,1\n2,1\n" * 30, "one value only"),
    "unlabelled.csv": (b"a,y\n" + b"1,\n2,NA\n" * 30, "The target y is empty"),
    "texts.csv": (
        b"a,y\n" + b"".join(b"%d,t%d\n" % (i % 7, i) for i in range(300)),
        "300 different",
    ),
    "target.csv": (b"a,why\n1,2\n2,3\n", "Write 'why'"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_file_gives_one_sentence_and_what_to_do(tmp_path: Path, name: str) -> None:
    content, message = BAD_FILES[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(OpsError, match=message) as caught:
        inspect_file(tmp_path / name, "y")
    assert caught.value.exit in (Exit.USAGE, Exit.CONTRACT)
    assert caught.value.hint.endswith(".")
    assert "\n" not in str(caught.value)


def test_absent_and_mixed_sources_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    with pytest.raises(OpsError, match="no CSV or Parquet file at"):
        inspect_file(folder / "none.csv", "y")
    write_table(folder / "b.parquet", [{"a": np.ones(1)}])
    (folder / "a.csv").write_text("a,y\n1,0\n")
    with pytest.raises(OpsError, match="other columns"):
        inspect_file(folder, "y")
    (folder / "b.parquet").unlink()
    (folder / "c.csv").write_text("b,y\n1,0\n")
    with pytest.raises(OpsError, match="other columns"):
        inspect_file(folder / "*.csv", "y")
    (folder / "c.csv").rename(folder / "c.xlsx")  # not left out in silence
    with pytest.raises(OpsError, match=r"no CSV or Parquet file at .*c\.xlsx"):
        inspect_file(folder, "y")


# use-data


def messy(path: Path, rows: int = 600) -> Path:
    rng = np.random.default_rng(3)
    lines = [
        "nr,customer_id,day,Zip,amount,copy,member,segment,story,nothing,same,refund,born,left"
    ]
    for i in range(rows):
        left = rng.random() < 0.3
        amount = "unknown" if i == 50 else "" if i % 20 == 7 else f"{rng.lognormal(3):.2f}"
        lines.append(
            f"{i + 1},c{rng.integers(90):03d},2026-{i % 12 + 1:02d}-{i % 28 + 1:02d},"
            f"0{rng.integers(1000, 1009)},{amount},{amount},{'yes' if i % 3 else 'no'},"
            f"{'abc'[rng.integers(3)]},a rather long remark about case number {i} in full,,x,"
            f"{rng.random() * 9 + 1 if left else 0:.2f},1970-01-{i % 28 + 1:02d},"
            + ("yes" if left else "no")
        )
    path.write_text("\n".join(lines) + "\n")
    return path


def take_in(work: Workspace, path: Path, target: str) -> None:
    accept(work, path, inspect_file(path, target))


def test_messy_file_is_understood(tmp_path: Path) -> None:
    contract = inspect_file(messy(tmp_path / "messy.csv"), "left")
    found = {c.name: (c.role, c.type, c.note) for c in contract.columns}
    assert found["nr"] == ("ignored", "number", "a row number")
    assert found["customer_id"][:2] == ("entity", "category")
    assert found["day"][:2] == ("time", "date")
    assert found["Zip"][:2] == ("feature", "category")
    assert found["amount"] == ("feature", "number", "1 values are no number and count as missing")
    assert found["member"][:2] == ("feature", "boolean")
    assert found["segment"][:2] == ("feature", "category")
    assert found["story"][::2] == ("ignored", "free text")
    assert found["nothing"][::2] == ("ignored", "no values")
    assert found["same"][::2] == ("ignored", "one value only")
    assert found["refund"][0] == "ignored"
    assert "tells the target almost alone" in found["refund"][2]
    assert found["born"][:2] == ("feature", "date")
    assert contract.classes == ["no", "yes"]


def test_accepted_file_loads_validates_and_splits(work: Workspace, tmp_path: Path) -> None:
    take_in(work, messy(tmp_path / "messy.csv"), "left")
    assert work.contract.source == "own"
    assert validate(work).rows == 600
    rows = load_rows(work)
    assert set(np.unique(rows["left"])) == {0.0, 1.0}
    features = {"Zip", "amount", "copy", "member", "segment", "born"}
    assert {name for name, values in rows.items() if len(values) == 600} == features | {
        "customer_id", "day", "left",
    }  # fmt: skip
    assert split_rows(work.contract, rows, work.settings).stamp["kind"] == "time"
    with pytest.raises(OpsError, match="your own data"):
        demo.write_sample(work)


def test_a_column_without_a_name_has_no_role_of_its_own(tmp_path: Path) -> None:
    numbers, labels = np.random.default_rng(4).normal(size=(300, 2)), [0, 1, 1] * 100
    rows = (f"{a:.3f},{b:.3f},{y}" for (a, b), y in zip(numbers, labels, strict=True))
    (tmp_path / "t.csv").write_text(",a,y\n" + "\n".join(rows) + "\n")
    contract = inspect_file(tmp_path / "t.csv", "y")
    assert [(c.name, c.role) for c in contract.columns][:2] == [("", "feature"), ("a", "feature")]


@pytest.mark.parametrize(
    ("values", "task", "classes"),
    [
        (["0", "1"], "binary", ["0", "1"]),
        (["True", "False"], "binary", ["False", "True"]),
        (["good", "good", "bad"], "binary", ["good", "bad"]),
        (["1", "2", "3"], "multiclass", ["1", "2", "3"]),
        (["red", "blue", "green"], "multiclass", ["blue", "green", "red"]),
        ([f"{i * 0.37:.2f}" for i in range(90)], "regression", []),
        ([str(i) for i in range(60)], "regression", []),
    ],
)
def test_task_is_inferred(tmp_path: Path, values: list[str], task: str, classes: list[str]) -> None:
    lines = [f"{i * 7 % 31},{values[i % len(values)]}" for i in range(300)]
    (tmp_path / "t.csv").write_text("a,y\n" + "\n".join(lines) + "\n")
    contract = inspect_file(tmp_path / "t.csv", "y")
    assert (contract.task, contract.classes) == (task, classes)


def test_classes_are_the_same_with_and_without_missing_labels(tmp_path: Path) -> None:
    for name, flags in (("all", [True, False]), ("some", [True, None, False])):
        column = pa.array(flags * 40)
        found = pa.table({"a": np.arange(len(column)) * 7 % 31, "y": column})
        pq.write_table(found, tmp_path / f"{name}.parquet")
    assert inspect_file(tmp_path / "*.parquet", "y").classes == ["False", "True"]


def test_same_rows_without_ids_fall_on_one_side(work: Workspace, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    rows = [
        f"{a:.3f},{y}" for a, y in zip(rng.normal(size=200), rng.integers(0, 2, 200), strict=True)
    ]
    (tmp_path / "t.csv").write_text("a,y\n" + "\n".join(rows * 2) + "\n")
    take_in(work, tmp_path / "t.csv", "y")
    rows_there = load_rows(work)
    assert ROW not in {column.name for column in work.contract.features}
    held = split_rows(work.contract, rows_there, work.settings).holdout
    assert np.array_equal(held[:200], held[200:])


def test_leak_is_told_from_a_strong_column() -> None:
    rng = np.random.default_rng(1)
    target = rng.integers(0, 2, 2_000)
    words = target.astype(str).astype(object)
    assert explained(target + rng.normal(0, 1e-3, 2_000), words) > 0.95
    assert explained(target + rng.normal(0, 0.5, 2_000), words) < 0.8
    assert explained(rng.normal(size=2_000), words) < 0.1
    names = np.array([f"n{i}" for i in range(2_000)], object)
    assert explained(names, words) < 0.1
    one_class = np.array(["0"] * 2_000, object)  # the head of a file that is sorted by its target
    assert explained(names, one_class) == 0.0


# Loading and validating


def test_quarantined_rows_are_kept_and_counted(work: Workspace) -> None:
    text = work.contract_path.read_text()
    work.contract_path.write_text(
        text.replace("type: number,", "type: number, on_range: quarantine,")
    )
    rows = next(iter(demo.sample_months(months=1, customers=400)))
    rows["tenure_months"][:3] = 9_999
    write_table(work.root / "new.parquet", [rows])
    found = validate(work, work.root / "new.parquet")
    assert (found.rows, found.quarantined) == (400, 3)
    aside = read_table(work.store_path / "quarantine" / "new.parquet")
    assert aside["tenure_months"].tolist() == [9_999] * 3


def test_all_refusals_are_told_at_once(work: Workspace) -> None:
    path = work.root / "new.csv"
    path.write_text("customer_id,month,plan,usage_hours\nc1,soon,basic,many\n")
    with pytest.raises(OpsError) as caught:
        validate(work, path)
    assert caught.value.exit == Exit.CONTRACT
    for part in (
        "month: values of the wrong type (1 rows)",
        "usage_hours: values of the wrong type (1 rows)",
        "channel: the column",
    ):
        assert part in caught.value.message


def test_training_refuses_before_memory_runs_out(
    sampled: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "free_memory", lambda: 1e6)
    with pytest.raises(OpsError, match="of memory") as caught:
        load_rows(sampled)
    assert "data.max_rows" in caught.value.hint


@pytest.mark.parametrize("text", ["null", "{}", '{"partitions": []}'])
def test_a_lock_without_data_is_one_sentence(work: Workspace, text: str) -> None:
    work.lock_path.write_text(text)
    with pytest.raises(OpsError, match=r"data\.lock names no data"):
        read_lock(work)


def test_rows_that_differ_in_their_label_alone_fall_on_the_same_side(
    work: Workspace, tmp_path: Path
) -> None:
    rows = "".join(f"{n % 7},{n % 3},{n % 2}\n" for n in range(420))
    (tmp_path / "t.csv").write_text("a,b,y\n" + rows)
    accept(work, tmp_path / "t.csv", inspect_file(tmp_path / "t.csv", "y"))
    found = join_batches(data.data_batches(Workspace(work.root)))
    assert len({*found[ROW]}) == 21


def test_a_container_has_the_memory_of_its_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "CONTAINER", tmp_path / "memory.max")
    machine = data.free_memory()
    (tmp_path / "memory.max").write_text("max\n")
    assert data.free_memory() == machine
    (tmp_path / "memory.max").write_text("1000000\n")
    assert data.free_memory() == 0.5e6


def test_max_rows_takes_whole_entities_and_changes_the_digest(sampled: Workspace) -> None:
    fewer = overridden(sampled, "data: {max_rows: 2000}")
    whole, part = (load_rows(work)["customer_id"] for work in (sampled, fewer))
    assert 1_500 < len(part) < 2_500
    assert data_digest(fewer) != data_digest(sampled)
    taken = set(part)
    assert len(part) == sum(name in taken for name in whole)


def test_absent_data_name_the_command(work: Workspace) -> None:
    with pytest.raises(OpsError, match=f"{PROGRAM} data"):
        load_rows(work)


# The store


def test_data_travel_through_a_shared_folder(sampled: Workspace, tmp_path: Path) -> None:
    shared = overridden(sampled, f"store: {{uri: {tmp_path / 'shared'}}}")
    assert "Copied 12 of 12" in push_data(shared)
    assert "Copied 0 of 12" in push_data(shared)
    names = read_lock(sampled).keys()
    for path in (sampled.store_path / "data").iterdir():
        path.unlink()
    assert len(pull_data(shared)) == 12
    for path in (sampled.store_path / "data").iterdir():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.stem
        assert path.stem in names


def test_damaged_partition_is_refused(sampled: Workspace, tmp_path: Path) -> None:
    shared = overridden(sampled, f"store: {{uri: {tmp_path / 'shared'}}}")
    push_data(shared)
    name = f"data/{next(iter(read_lock(sampled)))}.parquet"
    (tmp_path / "shared" / name).write_bytes(b"other bytes")
    (sampled.store_path / name).unlink()
    with pytest.raises(OpsError, match="was damaged") as caught:
        pull_data(shared)
    assert caught.value.exit == Exit.CONTRACT
    assert not (sampled.store_path / name).exists()


def test_local_store_says_how_to_share(sampled: Workspace) -> None:
    assert share(sampled, "data") == 0
    assert "set store.uri" in push_data(sampled)


def test_store_of_a_cloud_without_its_package_gives_one_sentence(work: Workspace) -> None:
    for uri, message in {
        "gs://b/x": "uv add --group train gcsfs",
        "nix://b": "Protocol not known",
    }.items():
        with pytest.raises(OpsError, match=message):
            share(overridden(work, f"store: {{uri: '{uri}'}}"), "runs")


# The split


def table(entity: list[str], days: list[int] | None, labelled: list[bool] | None = None) -> Columns:
    target = np.zeros(len(entity))
    target[~np.array(labelled if labelled else [True] * len(entity))] = np.nan
    time = np.datetime64("2026-01-01", "s") + np.array(days or [0] * len(entity)) * 86_400
    return {"who": np.array(entity, object), "when": time, "y": target}


def split(rows: Columns, times: bool = False, delay: int = 0, **how: Any) -> Split:
    columns = [
        Column(name="who", type="category", role="entity"),
        Column(name="when", type="date", role="time" if times else "ignored"),
        Column(name="x", type="number"),
        Column(name="y", type="number", role="target"),
    ]
    contract = Contract(task="regression", columns=columns, label_delay_days=delay)
    return split_rows(contract, rows, Settings(split=SplitSettings(**how)))


def test_holdout_is_the_latest_window_with_mature_labels(sampled: Workspace) -> None:
    rows = load_rows(sampled)
    found, time = split_rows(sampled.contract, rows, sampled.settings), rows["month"]
    assert found.stamp["kind"] == "time"
    assert set(time[found.holdout].astype("datetime64[M]").astype(str)) == {
        "2026-09", "2026-10", "2026-11",
    }  # fmt: skip
    assert time[found.train].max() < time[found.valid].min()
    assert time[found.valid].max() < time[found.holdout].min()
    assert str(time[found.holdout].min()) == found.stamp["cutoff"]
    assert not np.isnan(rows["churned"][found.train | found.valid | found.holdout]).any()


def test_training_uses_no_label_that_was_unknown_when_the_holdout_began() -> None:
    found = split(
        table([str(i) for i in range(100)], list(range(100))), True, 20, holdout_share=0.125
    )
    days = np.arange(100)
    assert days[found.holdout].tolist() == list(range(70, 80))  # 80 and later are not mature
    assert days[found.valid].max() == 50
    assert found.train.sum() + found.valid.sum() == 51


def test_split_by_hash_is_stable_as_data_grow() -> None:
    names = [f"c{i % 500}" for i in range(1_000)]
    few, many = table(names, None), table(names + [f"d{i}" for i in range(3_000)], None)
    before, after = split(few), split(many)
    assert before.stamp["kind"] == "hash"
    assert np.array_equal(before.holdout, after.holdout[:1_000])
    parts = np.stack([after.train, after.valid, after.holdout]).astype(int)
    assert (parts.sum(axis=0) == 1).all()  # every row is in one part only
    assert 0.17 < after.holdout.mean() < 0.23
    expected = int(hashlib.sha256(b"1c0").hexdigest(), 16) % 100 < 20
    assert before.holdout[0] == before.holdout[500] == expected
    other = split(few, salt="2")
    assert other.stamp != before.stamp
    assert not np.array_equal(other.holdout, before.holdout)


def test_one_moment_in_time_is_split_by_hash() -> None:
    rows = table([str(i) for i in range(200)], [0] * 200)
    assert split(rows, times=True).stamp["kind"] == "hash"


def test_split_without_labels_is_told() -> None:
    rows = table(["a", "b", "c"], None, [True, True, False])
    with pytest.raises(OpsError, match="without labelled rows"):
        split(rows)


@pytest.mark.parametrize(("times", "empty"), [(False, True), (True, True), (True, False)])
def test_a_split_without_a_usable_row_says_what_to_do(times: bool, empty: bool) -> None:
    rows = table([str(i) for i in range(100)], list(range(100)), [not empty] * 100)
    with pytest.raises(OpsError, match="label_delay_days") as caught:
        split(rows, times, 200)
    assert caught.value.exit == Exit.CONTRACT


# The sample


def test_sample_is_the_same_for_a_seed_and_its_labels_are_late() -> None:
    first, again = list(demo.sample_months(3, 4, 300)), list(demo.sample_months(3, 4, 300))
    for a, b in zip(first, again, strict=True):
        for name in a:
            np.testing.assert_array_equal(a[name], b[name])
    assert np.isnan(first[-1]["churned"]).all()
    assert not any(np.isnan(month["churned"]).any() for month in first[:-1])
    other = next(iter(demo.sample_months(4, 1, 300)))
    assert other["usage_hours"].tolist() != first[0]["usage_hours"].tolist()


def test_a_month_more_brings_the_late_labels_and_keeps_the_rest() -> None:
    short, long = list(demo.sample_months(3, 4, 300)), list(demo.sample_months(3, 5, 300))
    np.testing.assert_array_equal(short[2]["churned"], long[2]["churned"])
    np.testing.assert_array_equal(short[3]["usage_hours"], long[3]["usage_hours"])
    assert not np.isnan(long[3]["churned"]).any()


def test_labels_follow_the_known_law() -> None:
    rows = join_batches(list(demo.sample_months(months=11, customers=8_000))[:-1])
    chance = demo.churn_probability(rows)
    deviation = (rows["churned"] - chance).sum() / np.sqrt((chance * (1 - chance)).sum())
    assert abs(deviation) < 4
    once = np.ones(len(chance))
    assert 0.78 < ranking("auc", rows["churned"], chance)(once) < 0.84


@pytest.mark.parametrize(("drift", "column"), [("covariate", "usage_hours"), ("prior", "(chance)")])
def test_injected_shift_is_at_least_six_tenths_of_a_deviation(drift: str, column: str) -> None:
    def value(month: dict[str, np.ndarray]) -> np.ndarray:
        if column == "(chance)":
            chance = demo.churn_probability(month)
            return np.asarray(np.log(chance / (1 - chance)))
        return month[column]

    before, after = (value(m) for m in list(demo.sample_months(1, 2, 8_000, drift)))
    assert abs(np.nanmean(after) - np.nanmean(before)) / np.nanstd(before) >= 0.6


def test_drift_begins_at_the_newest_month() -> None:
    months = list(demo.sample_months(1, 4, 400, "schema"))
    assert ["hours_used" in month for month in months] == [False, False, False, True]


def test_drift_begins_on_the_day_that_is_asked_for() -> None:
    months = list(demo.sample_months(1, 4, 400, "schema", "2026-02-15"))
    assert ["hours_used" in month for month in months] == [False, False, True, True]


def test_concept_drift_changes_labels_and_nothing_else() -> None:
    clean = list(demo.sample_months(1, 3, 4_000))[1]
    moved = list(demo.sample_months(1, 3, 4_000, "concept"))[1]
    np.testing.assert_array_equal(clean["usage_hours"], moved["usage_hours"])
    assert abs(clean["churned"].mean() - moved["churned"].mean()) > 0.1


@pytest.mark.parametrize("step", ["use-data", "validate", "score"])
def test_step_streams(
    work: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, law: Law
) -> None:
    """Of about forty batches, never more than a few are in memory at the same time."""
    read, seen, most = tables.read_batches, [], 0

    def watched(*arguments: Any) -> Iterator[Columns]:
        nonlocal most
        for found in read(*arguments):
            batch = {name: values.copy() for name, values in found.items()}
            del found
            seen.append(weakref.ref(next(iter(batch.values()))))
            most = max(most, sum(array() is not None for array in seen))
            yield batch

    for module in (data, infer, monitoring):
        monkeypatch.setattr(module, "read_batches", watched)
    monkeypatch.setattr(infer, "SAMPLE", 100)
    monkeypatch.setattr(tables, "BLOCKS", ReadOptions(block_size=4_096))
    path = messy(tmp_path / "messy.csv", 1_500)
    if step == "use-data":
        take_in(work, path, "left")
    else:
        demo.write_sample(work, customers=200, months=40)
        if step == "score":
            source = tmp_path / "new"
            for number, month in enumerate(demo.sample_months(months=40, customers=200)):
                write_table(source / f"{number:02d}.parquet", [month])
            monitoring.score_rows(work, law, source)
        else:
            validate(work)
    assert len(seen) >= 40
    assert most <= 4
