"""Drift, scoring, late labels and the monitor. Reference and windows follow the known law."""

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from acme_churn.ops import demo
from acme_churn.ops.comparison import clustered_mean, row_losses
from acme_churn.ops.contract import Column, Contract
from acme_churn.ops.drift import (
    DriftReport,
    judge_concept,
    judge_counts,
    judge_drift,
    reference_profile,
)
from acme_churn.ops.monitoring import monitor, outcomes, score
from acme_churn.ops.settings import DriftSettings, Exit, OpsError, Project, Settings
from acme_churn.ops.store import join_batches, read_table, write_table

from conftest import Law


def window(law: Law, seed: int, drift: demo.Drift | None, customers: int = 1_500) -> DriftReport:
    """Three months to judge on, the last of them drifted; the labels of the one before."""
    day = "2026-02-01" if drift == "concept" else None
    first, now = list(demo.sample_months(seed, 3, customers, drift, day))[1:]
    return judge_drift(
        law.contract,
        law.reference,
        {c.name: now[c.name] for c in law.contract.features},
        law.predict(now),
        DriftSettings(),
        entity=now["customer_id"],
        labels=first["churned"],
    )


def test_drift_alarms_at_most_five_times_in_a_hundred_clean_runs(contract: Contract) -> None:
    alarms = 0
    for seed in range(100):
        months = list(demo.sample_months(seed, 3, 500))
        law = Law(contract).learn(join_batches(months[:1]))
        alarms += window(law, seed + 1_000, None, 500).verdict == "alarm"
    assert alarms <= 5


@pytest.mark.parametrize("drift", ["covariate", "prior", "concept", "quality"])
def test_drift_alarms_on_each_injected_shift(law: Law, drift: demo.Drift) -> None:
    for seed in range(3):
        assert window(law, seed, drift, 8_000).verdict == "alarm"


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
    above, alarms = 0, 0
    for _ in range(100):
        x, now = rng.normal(size=1_000), rng.normal(size=50)
        profile = reference_profile(contract, {"x": x}, x)
        report = judge_drift(contract, profile, {"x": now}, None, DriftSettings())
        above += report.columns[0].psi > 0.2
        alarms += report.verdict == "alarm"
    assert above > 20
    assert alarms <= 3


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
    assert judge_drift(contract, profile, columns, np.ones(100), DriftSettings()).verdict == "ok"
    filled = columns | {"empty": np.ones(100)}
    report = judge_drift(contract, profile, filled, np.ones(100), DriftSettings())
    assert report.columns[0].column == "empty"
    assert report.verdict == "alarm"


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
    assert judge_drift(contract, profile, {"x": was}, None, DriftSettings()).verdict == "ok"
    assert judge_drift(contract, profile, {"x": now}, None, DriftSettings()).verdict == "alarm"


def test_repeated_rows_of_an_entity_are_no_evidence(law: Law) -> None:
    now = next(iter(demo.sample_months(5, 2, 400)))
    columns = {c.name: now[c.name] for c in law.contract.features}
    once = judge_drift(
        law.contract, law.reference, columns, None, DriftSettings(), entity=now["customer_id"]
    )
    again = judge_drift(
        law.contract,
        law.reference,
        {n: np.tile(v, 9) for n, v in columns.items()},
        None,
        DriftSettings(),
        entity=np.tile(now["customer_id"], 9),
    )
    assert once == again


def test_reference_holds_one_row_per_entity_of_its_newest_window(contract: Contract) -> None:
    months = list(demo.sample_months(5, 4, 300))
    one = Law(contract).learn(months[2]).reference["columns"]
    twice = Law(contract).learn(join_batches([*months[:3], months[2]])).reference["columns"]
    assert one == twice


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


def test_score_takes_the_newest_month_and_stamps_every_row(
    sampled: Project, settings: Settings, law: Law
) -> None:
    scored = score(sampled, settings, law)
    rows = read_table(scored.path)
    assert scored.rows == len(rows["month"]) == 600
    assert set(rows["month"].astype(str)) == {"2026-12-01T00:00:00"}
    assert set(rows["bundle"]) == {law.digest}
    assert "churned" not in rows
    first = scored.path.read_bytes()
    assert score(sampled, settings, law).path.read_bytes() == first


def test_score_of_one_row_equals_the_batch(
    sampled: Project, settings: Settings, law: Law, tmp_path: Path
) -> None:
    batch = read_table(score(sampled, settings, law).path)
    names = [c.name for c in law.contract.columns if c.role != "target"]
    for i in (0, 17, 599):
        write_table(tmp_path / "one.parquet", [{n: batch[n][i : i + 1] for n in names}])
        one = read_table(score(sampled, settings, law, tmp_path / "one.parquet").path)
        assert one["prediction"][0] == batch["prediction"][i]


def test_sensitive_columns_are_never_logged(
    sampled: Project, settings: Settings, contract: Contract
) -> None:
    columns = [c.model_copy(update={"sensitive": c.name == "country"}) for c in contract.columns]
    law = Law(contract.model_copy(update={"columns": columns}))
    names = pq.read_schema(score(sampled, settings, law).path).names
    assert "country" not in names
    assert "plan" in names


def test_score_quarantines_like_validate_and_fails_above_the_share(
    sampled: Project, settings: Settings, contract: Contract, tmp_path: Path
) -> None:
    columns = [c.model_copy(update={"on_range": "quarantine"}) for c in contract.columns]
    law = Law(contract.model_copy(update={"columns": columns}))
    rows = next(iter(demo.sample_months(months=1, customers=400)))
    rows["tenure_months"][:2] = 9_999
    write_table(tmp_path / "new.parquet", [rows])
    scored = score(sampled, settings, law, tmp_path / "new.parquet")
    assert (scored.rows, scored.quarantined) == (398, 2)
    rows["tenure_months"][:20] = 9_999
    write_table(tmp_path / "new.parquet", [rows])
    with pytest.raises(OpsError, match="20 of 400 rows are in quarantine") as caught:
        score(sampled, settings, law, tmp_path / "new.parquet")
    assert caught.value.exit == Exit.CONTRACT


def test_monitor_without_a_model_judges_nothing(project: Project, settings: Settings) -> None:
    report = monitor(project, settings, None)
    assert report.lines == ["no model, nothing judged"]
    assert report.exit == Exit.DONE


def test_monitor_before_any_score_says_what_to_run(
    project: Project, settings: Settings, law: Law
) -> None:
    report = monitor(project, settings, law)
    assert "nothing scored" in report.lines[0]
    assert report.exit == Exit.DONE


def test_monitor_is_quiet_on_the_same_law_and_dates_the_verdict_on_the_concept(
    project: Project, settings: Settings, law: Law
) -> None:
    demo.write_sample(project, seed=11, customers=1_500)
    score(project, settings, law)
    report = monitor(project, settings, law)
    assert report.exit == Exit.DONE
    assert report.lines[-1] == "concept: unknown until 2026-12-29"
    assert report.rows == 1_500


def test_monitor_alarms_on_a_shift(project: Project, settings: Settings, law: Law) -> None:
    demo.write_sample(project, customers=1_500, drift="covariate")
    score(project, settings, law)
    report = monitor(project, settings, law)
    assert report.exit == Exit.DRIFT
    assert report.lines[1].startswith("usage_hours: alarm")


def test_schema_shift_breaks_the_contract(project: Project, settings: Settings, law: Law) -> None:
    demo.write_sample(project, customers=400, drift="schema")
    with pytest.raises(OpsError, match="usage_hours: the column is missing") as caught:
        score(project, settings, law)
    assert caught.value.exit == Exit.CONTRACT
    assert not list((project.store_path / "predictions").glob("*"))


def test_outcomes_join_late_labels_by_entity_and_time(
    sampled: Project, settings: Settings, law: Law
) -> None:
    score(sampled, settings, law)
    before = outcomes(sampled, settings, law.contract)
    assert (before.joined, before.waiting) == (0, 600)
    demo.write_sample(sampled, months=13, customers=600)
    after = outcomes(sampled, settings, law.contract)
    assert (after.joined, after.waiting) == (600, 0)
    rows = read_table(sampled.store_path / "outcomes")
    months = list(demo.sample_months(months=13, customers=600))
    assert np.array_equal(rows["(label)"], months[11]["churned"])
    assert set(rows["bundle"]) == {law.digest}


def test_outcomes_of_a_file(sampled: Project, settings: Settings, law: Law, tmp_path: Path) -> None:
    score(sampled, settings, law)
    path = tmp_path / "labels.csv"
    path.write_text("customer_id,month,churned\nnobody,2026-12-01,1\n")
    assert outcomes(sampled, settings, law.contract, path).joined == 0
    path.write_text("customer_id,churned\nnobody,1\n")
    with pytest.raises(OpsError, match="no column 'month'"):
        outcomes(sampled, settings, law.contract, path)


def test_concept_drift_is_found_once_labels_arrive(
    project: Project, settings: Settings, law: Law
) -> None:
    demo.write_sample(project, customers=1_500)
    score(project, settings, law)
    demo.write_sample(project, months=13, customers=1_500, drift="concept", drift_day="2026-12-01")
    outcomes(project, settings, law.contract)
    report = monitor(project, settings, law)
    assert report.exit == Exit.DRIFT
    assert report.lines[-1].startswith("concept: alarm")


def test_loss_of_the_reference_is_that_of_the_law(law: Law) -> None:
    rows = join_batches(list(demo.sample_months(customers=1_500))[8:11])
    losses = row_losses("log_loss", rows["churned"], law.predict(rows))
    assert law.reference["loss"]["mean"] == pytest.approx(losses.mean())  # type: ignore[index]


@pytest.mark.parametrize("wrapped", [False, True])
def test_lines_of_the_service_are_predictions_too(
    sampled: Project, settings: Settings, law: Law, wrapped: bool
) -> None:
    batch = read_table(score(sampled, settings, law).path)
    names = [c.name for c in law.contract.columns if c.role != "target"]
    entry = {
        "log": "prediction",
        "time": "2026-12-02T08:00:00+00:00",
        "bundle": law.digest,
        "inputs": {n: [str(v) for v in batch[n][:50]] for n in names},
        "predictions": [None, *batch["prediction"][1:50].tolist()],
    }
    path = sampled.store_path / "predictions" / "2026" / "day.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"jsonPayload": entry} if wrapped else entry) + "\n")
    for file in path.parent.parent.glob("*.parquet"):
        file.unlink()
    report = monitor(sampled, settings, law)
    assert report.rows == 49
    demo.write_sample(sampled, months=13, customers=600)
    assert outcomes(sampled, settings, law.contract).joined == 49


def test_a_few_bad_losses_are_not_concept_drift() -> None:
    reference = {"loss": {"mean": 0.2, "error": 0.01, "entities": 1_000}}
    spread = np.where(np.arange(4_000) % 2 == 0, 0.0, 0.48)  # a fifth more than before
    few, many = spread[:40], spread
    assert judge_concept(reference, few, None).verdict == "ok"
    assert judge_concept(reference, many, None).verdict == "alarm"
