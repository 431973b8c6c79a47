"""Drift, scoring, late labels and the monitor. Reference and windows follow the known law."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from acme_churn.ops import demo
from acme_churn.ops.cli import main
from acme_churn.ops.comparison import clustered_mean, row_losses
from acme_churn.ops.contract import Column, Columns, Contract
from acme_churn.ops.drift import (
    Drift,
    judge_concept,
    judge_counts,
    judge_drift,
    newest,
    reference_profile,
)
from acme_churn.ops.monitoring import outcomes, score_rows, watch
from acme_churn.ops.settings import Exit, OpsError, Workspace
from acme_churn.ops.tables import join_batches, write_table

from conftest import Law, read_table


def alarms(found: Iterable[Drift]) -> int:
    return sum(column.verdict == "alarm" for column in found)


def window(law: Law, seed: int, drift: str, customers: int = 1_500) -> list[Drift]:
    """Three months to judge on, the last of them drifted; the labels of the one before."""
    first, now = list(demo.sample_months(seed, 3, customers, drift))[1:]
    scores = law.predict(now)
    return judge_drift(law.contract, law.reference, now, scores, first["churned"])


def test_drift_alarms_at_most_five_times_in_a_hundred_clean_runs(contract: Contract) -> None:
    clean = 0
    for seed in range(100):
        months = list(demo.sample_months(seed, 3, 500))
        law = Law(contract).learn(join_batches(months[:1]))
        clean += not alarms(window(law, seed + 1_000, "", 500))
    assert clean >= 95


@pytest.mark.parametrize("drift", ["covariate", "prior", "concept", "quality"])
def test_drift_alarms_on_each_injected_shift(law: Law, drift: str) -> None:
    for seed in range(3):
        assert alarms(window(law, seed, drift, 8_000))


def test_critical_value_is_a_quantile_of_chi_squared() -> None:
    for alpha, bins, expected in ((0.05, 10, 16.919), (0.001, 2, 10.828), (0.001, 5, 18.467)):
        counts = np.full(bins, 1_000)
        found = judge_counts("x", counts, counts, alpha).critical
        assert found == pytest.approx(expected * 2 / counts.sum(), rel=1e-4)


def test_fixed_threshold_alone_would_alarm_on_noise() -> None:
    """At n = 50, PSI above 0.2 is common although nothing changed; the critical value is not."""
    rng = np.random.default_rng(0)
    contract = Contract(
        task="regression",
        columns=[Column(name="x", type="number"), Column(name="y", type="number", role="target")],
    )
    above, alarmed = 0, 0
    for _ in range(100):
        x, now = rng.normal(size=1_000), rng.normal(size=50)
        profile = reference_profile(contract, {"x": x}, x)
        found = judge_drift(contract, profile, {"x": now}, now)
        above += found[0].psi > 0.2
        alarmed += alarms(found) > 0
    assert above > 20
    assert alarmed <= 3


@pytest.mark.parametrize(
    "option", ["--drift-day NaT", "--drift-day 2026-02-30", "--seed -1", "--months 0"]
)
def test_a_sample_that_cannot_be_is_one_sentence(
    work: Workspace, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["data", *option.split()])
    assert caught.value.code == Exit.USAGE
    assert f"argument {option.split()[0]}: " in capsys.readouterr().err
    assert not work.lock_path.exists()


def test_too_few_rows_give_no_verdict_but_the_number_needed() -> None:
    reference = np.full(10, 500)
    few = judge_counts("x", reference, np.full(10, 4), 0.001)
    assert few.verdict == "too-few"
    assert few.needed is not None
    enough = judge_counts("x", reference, np.full(10, few.needed // 10 + 1), 0.001)
    assert enough.verdict == "ok"


def test_gross_shift_alarms_even_with_few_rows() -> None:
    assert (
        judge_counts("x", np.full(10, 500), np.eye(10, dtype=int)[0] * 60, 0.001).verdict == "alarm"
    )


def test_constant_and_missing_columns_do_not_break_the_profile() -> None:
    contract = Contract(
        task="regression",
        columns=[
            Column(name="flat", type="number"),
            Column(name="empty", type="number", nullable=True),
            Column(name="y", type="number", role="target"),
        ],
    )
    columns = {"flat": np.ones(100), "empty": np.full(100, np.nan)}
    profile = reference_profile(contract, columns, np.ones(100))
    assert {d.verdict for d in judge_drift(contract, profile, columns, np.ones(100))} == {"ok"}
    found = judge_drift(contract, profile, columns | {"empty": np.ones(100)}, np.ones(100))
    assert (found[0].column, found[0].verdict) == ("empty", "alarm")


@pytest.mark.parametrize(("before", "after"), [(0.9, 0.4), (0.1, 0.6), (1.0, 0.5), (0.0, 0.5)])
def test_shift_of_a_flag_is_seen_although_one_value_is_nearly_all(
    before: float, after: float
) -> None:
    contract = Contract(
        task="regression",
        columns=[Column(name="x", type="number"), Column(name="y", type="number", role="target")],
    )
    was, now = ((np.arange(500) < share * 500).astype(float) for share in (before, after))
    profile = reference_profile(contract, {"x": was}, was)
    assert {d.verdict for d in judge_drift(contract, profile, {"x": was}, was)} == {"ok"}
    assert alarms(judge_drift(contract, profile, {"x": now}, was)) == 1


def test_repeated_and_old_rows_of_an_entity_are_no_evidence(law: Law) -> None:
    first, now = demo.sample_months(5, 2, 400)
    many = newest(law.contract, join_batches([*[first] * 3, *[now] * 9]))
    assert {name: len(values) for name, values in many.items()} == dict.fromkeys(now, 400)
    once = judge_drift(law.contract, law.reference, now, law.predict(now))
    assert judge_drift(law.contract, law.reference, many, law.predict(many)) == once


def test_reference_holds_one_row_per_entity_of_its_newest_window(contract: Contract) -> None:
    *_, before, now = demo.sample_months(5, 3, 300)
    left = {name: values[:200] for name, values in now.items()}  # 100 are gone since

    def learned(*parts: Columns) -> dict[str, Any]:
        rows = join_batches(parts)
        return reference_profile(contract, rows, Law(contract).predict(rows))

    assert learned(before, left, left) == learned(left)
    assert learned(before, left)["rows"] == 200


def test_standard_error_of_the_loss_is_clustered() -> None:
    rng = np.random.default_rng(1)
    losses = rng.normal(size=400)
    _, alone, _ = clustered_mean(losses, None)
    _, repeated, entities = clustered_mean(np.repeat(losses, 4), np.repeat(np.arange(400), 4))
    assert entities == 400
    assert repeated == pytest.approx(alone)


def test_concept_needs_a_significant_and_a_tenth_larger_loss() -> None:
    reference = {"loss": {"mean": 1.0, "error": 0.001, "entities": 1000}}
    rng = np.random.default_rng(2)
    noise = rng.normal(0, 0.1, 2_000)
    noise -= noise.mean()
    assert judge_concept(reference, 1.05 + noise, None).verdict == "ok"  # significant, small
    assert judge_concept(reference, 1.15 + noise, None).verdict == "alarm"
    assert judge_concept(reference, 1.15 + 30 * noise, None).verdict == "ok"  # large, noise
    assert judge_concept(reference, 2 + noise[:10], None).verdict == "too-few"


def test_score_takes_the_newest_month_and_stamps_every_row(sampled: Workspace, law: Law) -> None:
    path, check = score_rows(sampled, law)
    rows = read_table(path)
    assert check.rows == len(rows["month"]) == 600
    assert set(rows["month"].astype(str)) == {"2026-12-01T00:00:00"}
    assert set(rows["bundle"]) == {law.digest}
    assert "churned" not in rows
    first = path.read_bytes()
    assert score_rows(sampled, law)[0].read_bytes() == first


def test_score_of_one_row_equals_the_batch(sampled: Workspace, law: Law, tmp_path: Path) -> None:
    batch = read_table(score_rows(sampled, law)[0])
    names = [c.name for c in law.contract.columns if c.role != "target"]
    for i in (0, 17, 599):
        write_table(tmp_path / "one.parquet", [{n: batch[n][i : i + 1] for n in names}])
        one = read_table(score_rows(sampled, law, tmp_path / "one.parquet")[0])
        assert one["prediction"][0] == batch["prediction"][i]


def test_sensitive_columns_are_never_logged(sampled: Workspace, contract: Contract) -> None:
    columns = [c.model_copy(update={"sensitive": c.name == "country"}) for c in contract.columns]
    law = Law(contract.model_copy(update={"columns": columns}))
    names = pq.read_schema(score_rows(sampled, law)[0]).names
    assert "country" not in names
    assert "plan" in names


def test_score_quarantines_like_validate_and_fails_above_the_share(
    sampled: Workspace, contract: Contract, tmp_path: Path
) -> None:
    columns = [c.model_copy(update={"on_range": "quarantine"}) for c in contract.columns]
    law = Law(contract.model_copy(update={"columns": columns}))
    rows = next(iter(demo.sample_months(months=1, customers=400)))
    rows["tenure_months"][:2] = 9_999
    write_table(tmp_path / "new.parquet", [rows])
    path, check = score_rows(sampled, law, tmp_path / "new.parquet")
    assert (len(read_table(path)["month"]), check.quarantined) == (398, 2)
    rows["tenure_months"][:20] = 9_999
    write_table(tmp_path / "new.parquet", [rows])
    with pytest.raises(OpsError, match="20 of 400 rows are in quarantine") as caught:
        score_rows(sampled, law, tmp_path / "new.parquet")
    assert caught.value.exit == Exit.CONTRACT


def test_monitor_without_a_model_judges_nothing(work: Workspace) -> None:
    report = watch(work, None)
    assert report.lines == ["no model, nothing judged"]
    assert report.exit == Exit.DONE


def test_monitor_before_any_score_says_what_to_run(work: Workspace, law: Law) -> None:
    report = watch(work, law)
    assert "nothing scored" in report.lines[0]
    assert report.exit == Exit.DONE


def test_monitor_is_quiet_on_the_same_law_and_dates_the_verdict_on_the_concept(
    work: Workspace, law: Law
) -> None:
    demo.write_sample(work, seed=11, customers=1_500)
    score_rows(work, law)
    report = watch(work, law)
    assert report.exit == Exit.DONE
    assert report.lines[-1] == "concept: unknown until 2026-12-29"
    assert report.lines[0] == "1,500 rows 2026-12-01 to 2026-12-01"


def test_monitor_alarms_on_a_shift(work: Workspace, law: Law) -> None:
    demo.write_sample(work, customers=1_500, drift="covariate")
    score_rows(work, law)
    report = watch(work, law)
    assert report.exit == Exit.DRIFT
    assert report.lines[1].startswith("usage_hours: alarm")


def test_schema_shift_breaks_the_contract(work: Workspace, law: Law) -> None:
    demo.write_sample(work, customers=400, drift="schema")
    with pytest.raises(OpsError, match="usage_hours: the column is missing") as caught:
        score_rows(work, law)
    assert caught.value.exit == Exit.CONTRACT
    assert not list((work.store_path / "predictions").glob("*"))


def test_outcomes_join_late_labels_by_entity_and_time(sampled: Workspace, law: Law) -> None:
    score_rows(sampled, law)
    assert outcomes(sampled).startswith("0 predictions have their label now, 600 wait")
    demo.write_sample(sampled, months=13, customers=600)
    assert outcomes(sampled).startswith("600 predictions have their label now, 0 wait")
    rows = read_table(sampled.store_path / "outcomes")
    months = list(demo.sample_months(months=13, customers=600))
    assert np.array_equal(rows["(label)"], months[11]["churned"])
    assert set(rows["bundle"]) == {law.digest}


def test_outcomes_of_a_file(sampled: Workspace, law: Law, tmp_path: Path) -> None:
    score_rows(sampled, law)
    path = tmp_path / "labels.csv"
    path.write_text("customer_id,month,churned\nnobody,2026-12-01,1\n")
    assert outcomes(sampled, path).startswith("0 predictions")
    path.write_text("customer_id,churned\nnobody,1\n")
    with pytest.raises(OpsError, match="month: the column is missing"):
        outcomes(sampled, path)


def test_concept_drift_is_found_once_labels_arrive(work: Workspace, law: Law) -> None:
    demo.write_sample(work, customers=1_500)
    score_rows(work, law)
    demo.write_sample(work, months=13, customers=1_500, drift="concept", drift_day="2026-12-01")
    outcomes(work)
    report = watch(work, law)
    assert report.exit == Exit.DRIFT
    assert report.lines[-1].startswith("concept: alarm")


def test_loss_of_the_reference_is_that_of_the_law(law: Law) -> None:
    rows = join_batches(list(demo.sample_months(customers=1_500))[8:11])
    losses = row_losses("log_loss", rows["churned"], law.predict(rows))
    assert law.reference["loss"]["mean"] == pytest.approx(losses.mean())


def test_a_few_bad_losses_are_not_concept_drift() -> None:
    reference = {"loss": {"mean": 0.2, "error": 0.01, "entities": 1_000}}
    spread = np.where(np.arange(4_000) % 2 == 0, 0.0, 0.48)  # a fifth more than before
    few, many = spread[:40], spread
    assert judge_concept(reference, few, None).verdict == "ok"
    assert judge_concept(reference, many, None).verdict == "alarm"
