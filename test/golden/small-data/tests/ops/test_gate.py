"""The gate: its statistics, its rule, and that nothing slips through."""

import json
import re
from collections import Counter
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from acme_churn.ops import gate as gate_module
from acme_churn.ops.cli import main
from acme_churn.ops.comparison import (
    Comparison,
    calibration,
    compare,
    corrected_t,
    evaluate,
    ranking,
    row_losses,
)
from acme_churn.ops.data import load_rows, split_rows
from acme_churn.ops.gate import Verdict, decide, gate, judge_slices, rarer
from acme_churn.ops.release import promote
from acme_churn.ops.settings import Exit, Workspace

from conftest import train_with

Floats = NDArray[np.float64]


def one(metric: str, target: Floats, score: Floats, weights: Any = None, **more: Any) -> float:
    drawn = np.ones(len(target)) if weights is None else weights
    return ranking(metric, target, score, **more)(drawn)


# --- metrics


def test_auc_is_the_share_of_pairs_in_order_and_a_tie_counts_half() -> None:
    target, score = np.array([0.0, 0, 1, 1]), np.array([0.1, 0.4, 0.4, 0.8])
    assert one("auc", target, score) == pytest.approx((1 + 1 + 0.5 + 1) / 4)


def test_average_precision_and_recall_at_budget_by_hand() -> None:
    target, score = np.array([1.0, 0, 1, 0, 0]), np.array([0.9, 0.8, 0.7, 0.2, 0.1])
    assert one("average_precision", target, score) == pytest.approx((1 + 2 / 3) / 2)
    assert one("recall_at_budget", target, score, budget=0.4) == pytest.approx(0.5)
    assert one("recall_at_budget", target, score, budget=0.6) == pytest.approx(1.0)


@pytest.mark.parametrize("metric", ["auc", "average_precision", "recall_at_budget"])
def test_a_weight_is_a_repeated_row(metric: str) -> None:
    rng = np.random.default_rng(3)
    target = (rng.random(60) < 0.4).astype(float)
    score, weights = rng.random(60).round(1), rng.integers(0, 4, 60)
    repeated = one(metric, target.repeat(weights), score.repeat(weights))
    assert one(metric, target, score, weights) == pytest.approx(repeated)


def test_one_class_gives_no_number_instead_of_a_good_one() -> None:
    assert np.isnan(one("auc", np.ones(5), np.arange(5.0)))


def test_losses_are_those_of_the_textbook() -> None:
    y = np.array([1.0, 0.0])
    assert row_losses("log_loss", y, np.array([0.8, 0.8])) == pytest.approx(-np.log([0.8, 0.2]))
    assert row_losses("squared_error", y, np.array([0.8, 0.8])) == pytest.approx([0.04, 0.64])
    wide = np.array([[0.2, 0.8], [0.9, 0.1]])
    assert row_losses("log_loss", y, wide) == pytest.approx(-np.log([0.8, 0.9]))


def test_every_task_is_evaluated() -> None:
    y = np.array([0.0, 1, 2, 1])
    several = np.eye(3)[[0, 1, 2, 2]] * 0.7 + 0.1
    assert evaluate("multiclass", y, several, budget=0.1)["accuracy"] == 0.75
    assert evaluate("regression", y, y, budget=0.1)["r2"] == 1.0
    assert set(evaluate("binary", y % 2, y / 3, budget=0.1)) >= {"auc", "log_loss"}
    assert calibration(np.array([0.0, 1]), np.array([0.1, 0.9]), 2) == [(0.1, 0), (0.9, 1)]


# --- comparison


def scores(seed: int, rows: int = 600, noise: float = 0.4) -> tuple[Floats, Floats, Floats]:
    """Labels and two different, equally good scores."""
    rng = np.random.default_rng(seed)
    z = rng.normal(0, 1.2, rows)
    target = (rng.random(rows) < 1 / (1 + np.exp(1.5 - z))).astype(float)
    return target, z + rng.normal(0, noise, rows), z + rng.normal(0, noise, rows)


def delong(target: Floats, first: Floats, second: Floats) -> float:
    """Standard error of a difference of two AUCs (DeLong et al. 1988), written out."""
    parts = []
    for score in (first, second):
        wins = np.sign(score[target == 1][:, None] - score[target == 0][None]) / 2 + 0.5
        parts.append((wins.mean(axis=1), wins.mean(axis=0)))
    up, down = (parts[0][i] - parts[1][i] for i in (0, 1))
    return float(np.sqrt(up.var(ddof=1) / len(up) + down.var(ddof=1) / len(down)))


def test_the_bootstrap_agrees_with_delong_when_rows_are_independent() -> None:
    target, first, second = scores(1, 1_500)
    found = compare(target, first, second, np.arange(1_500), metric="auc", replicates=1_000)
    assert found.se == pytest.approx(delong(target, first, second), rel=0.1)
    assert found.upper - found.lower == pytest.approx(2 * 1.645 * found.se, rel=0.1)


@pytest.mark.parametrize("metric", ["auc", "log_loss"])
def test_repeating_the_rows_of_an_entity_adds_no_certainty(metric: str) -> None:
    target, first, second = scores(2)
    first, second = 1 / (1 + np.exp(-first)), 1 / (1 + np.exp(-second))
    entity = np.arange(len(target))
    once = compare(target, first, second, entity, metric=metric, replicates=800)
    wide: list[NDArray[Any]] = [values.repeat(4) for values in (target, first, second, entity)]
    fourfold = compare(*wide, metric=metric, replicates=800)
    assert fourfold.delta == pytest.approx(once.delta)
    assert fourfold.se == pytest.approx(once.se, rel=0.01)


@pytest.mark.parametrize("metric", ["auc", "log_loss"])
def test_the_interval_covers_the_truth_as_often_as_it_says(metric: str) -> None:
    covered = []
    for seed in range(100):
        target, first, second = scores(seed, 400)
        first, second = 1 / (1 + np.exp(1.5 - first)), 1 / (1 + np.exp(1.5 - second))
        how: dict[str, Any] = {"metric": metric, "replicates": 200, "seed": seed}
        found = compare(target, first, second, np.arange(400), **how)
        covered.append(found.lower <= 0 <= found.upper)
    assert 0.82 <= np.mean(covered) <= 0.97  # 90 % in the long run


def test_losses_are_turned_round_so_that_higher_is_better() -> None:
    target = np.array([0.0, 1.0] * 50)
    good, bad = np.where(target == 1, 0.9, 0.1), np.full(100, 0.5)
    assert compare(target, good, bad, np.arange(100), metric="log_loss").lower > 0
    assert compare(target, bad, good, np.arange(100), metric="squared_error").upper < 0


def test_the_same_seed_gives_the_same_figures() -> None:
    how: dict[str, Any] = {"metric": "auc", "replicates": 200, "seed": 9}
    a, b = (compare(*scores(5), np.arange(600), **how) for _ in "ab")
    assert a == b


def test_bounds_are_those_of_students_t() -> None:
    rng = np.random.default_rng(6)
    for entities, quantile in {10: 1.8331, 25: 1.7109, 121: 1.6577}.items():
        target, first, second = rng.random((3, entities))
        found = compare(target, first, second, np.arange(entities), metric="squared_error")
        assert (found.upper - found.delta) / found.se == pytest.approx(quantile, abs=1e-3)
        assert (found.delta - found.lower) / found.se == pytest.approx(quantile, abs=1e-3)


def test_cross_validation_uses_the_corrected_variance() -> None:
    gain = np.linspace(-0.01, 0.05, 25)
    found = corrected_t("auc", 0.7 + gain, np.full(25, 0.7), 300)
    assert found.se == pytest.approx(np.sqrt((1 / 25 + 1 / 4) * gain.var(ddof=1)))
    assert found.lower == pytest.approx(0.02 - 1.7109 * found.se, abs=1e-4)
    loss = corrected_t("log_loss", 0.7 + gain, np.full(25, 0.7), 300)
    assert (loss.delta, loss.upper) == pytest.approx((-found.delta, -found.lower))


# --- the rule


def pair(delta: float, lower: float, upper: float, se: float = 0.004) -> Comparison:
    """A comparison around an AUC of 0.8."""
    figures = (0.8 + delta, 0.8, delta, se, lower, upper, 0.01)
    return Comparison("auc", *figures, 1000, "by hand")


GOOD = pair(0.05, 0.04, 0.06)


def rule(baseline: Comparison, *others: Comparison, **more: Any) -> Verdict:
    """The verdict from the pairs with baseline, champion and anchor, as far as they are given."""
    names = ("baseline", "champion", "anchor")
    pairs = dict(zip(names, (baseline, *others), strict=False))
    return decide(pairs, **{"slices": {}, **more})


@pytest.mark.parametrize(
    ("delta", "lower", "upper", "outcome"),
    [
        (0.02, 0.01, 0.03, "passed"),
        (0.0, -0.005, 0.005, "passed"),
        (-0.002, -0.006, 0.002, "passed"),
        (0.0, -0.011, 0.011, "inconclusive"),
        (0.005, -0.02, 0.03, "inconclusive"),
        (-0.009, -0.03, 0.01, "inconclusive"),
        (-0.003, -0.005, -0.001, "refused"),
        (-0.011, -0.04, 0.02, "refused"),
        (-0.05, -0.06, -0.04, "refused"),
    ],
)
def test_the_verdict_against_the_champion(
    delta: float, lower: float, upper: float, outcome: str
) -> None:
    assert rule(GOOD, pair(delta, lower, upper)).verdict == outcome


@pytest.mark.parametrize(
    ("lower", "outcome"), [(0.001, "passed"), (0.0, "refused"), (-0.01, "refused")]
)
def test_a_model_must_surely_beat_the_baseline(lower: float, outcome: str) -> None:
    first = rule(pair(0.02, lower, 0.04))
    assert first.verdict == outcome
    assert outcome == "passed" or "linear_baseline" in first.reasons[0]  # says what to do
    assert rule(pair(0.02, lower, 0.04), GOOD).verdict == outcome


@pytest.mark.parametrize("hole", ["challenger", "other", "delta", "se", "lower", "upper"])
@pytest.mark.parametrize("place", ["baseline", "champion", "anchor"])
def test_a_missing_metric_is_refused(place: str, hole: str) -> None:
    broken = Comparison(**{**GOOD.__dict__, hole: float("nan")})
    parts = {"baseline": GOOD, "champion": GOOD, "anchor": GOOD, place: broken}
    assert decide(parts, {}).verdict == "refused"


@pytest.mark.parametrize(
    ("delta", "lower", "outcome"),
    [
        (-0.008, -0.019, "passed"),
        (-0.015, -0.021, "inconclusive"),
        (-0.021, -0.03, "refused"),
    ],
)
def test_many_small_steps_down_are_stopped_by_the_anchor(
    delta: float, lower: float, outcome: str
) -> None:
    champion = pair(-0.001, -0.003, 0.001)
    assert rule(GOOD, champion, pair(delta, lower, 0.0)).verdict == outcome


@pytest.mark.parametrize(
    ("delta", "strict_upper", "outcome"),
    [
        (-0.03, -0.005, "refused"),
        (-0.03, 0.001, "passed"),  # large, but it may be chance
        (-0.019, -0.005, "passed"),  # surely worse, but little
        (float("nan"), -0.005, "refused"),
    ],
)
def test_a_harmed_slice_is_refused_only_if_harm_is_sure_and_large(
    delta: float, strict_upper: float, outcome: str
) -> None:
    part = pair(delta, -0.06, 0.0, se=(strict_upper - delta) / 1.6448536)
    assert rule(GOOD, GOOD, slices={"plan=family": part}).verdict == outcome


def test_many_slices_are_judged_together() -> None:
    part = pair(-0.03, -0.06, 0.0, se=0.015)  # sure enough alone (1.645 SE), not as one of ten
    assert rule(GOOD, slices={"plan=a": part}).verdict == "refused"
    assert rule(GOOD, slices={f"plan={i}": part for i in range(10)}).verdict == "passed"


def test_with_few_rows_a_challenger_does_at_most_not_lose() -> None:
    assert rule(GOOD, GOOD, few=True).verdict == "inconclusive"
    assert rule(GOOD, few=True).verdict == "passed"  # a first model, cross-validated


def test_an_inconclusive_verdict_says_how_many_rows_would_settle_it() -> None:
    open_pair = pair(0.0, -0.02, 0.02, se=0.012)
    assert rule(GOOD, open_pair).rows_needed == int(np.ceil(1000 * (2.49 * 1.2) ** 2))


def test_the_margin_of_a_loss_is_relative() -> None:
    target, first, second = scores(3)
    found = compare(target, first, second, np.arange(600), metric="squared_error", delta=0.03)
    assert found.margin == pytest.approx(0.03 * found.other)

    def loss(lower: float) -> Comparison:
        return Comparison("log_loss", 0.2, 0.2, 0.0, 0.001, lower, 0.004, 0.002, 900, "m")

    assert rule(GOOD, loss(-0.0019)).verdict == "passed"
    assert rule(GOOD, loss(-0.0021)).verdict == "inconclusive"


def test_a_broken_slice_is_found_and_a_small_one_is_not_judged(work: Workspace) -> None:
    target, challenger, champion = scores(4, 3_000, 0.2)
    rng, rows = np.random.default_rng(0), np.arange(3_000)
    plan = np.array(["basic", "family", "tiny", "rare"])[
        rng.choice(4, 3_000, p=(0.5, 0.3, 0.01, 0.19))
    ]
    target[plan == "rare"] = 0.0
    challenger[plan == "family"] = rng.permutation(challenger[plan == "family"])
    masks = {f"plan={level}": plan == level for level in ("basic", "family", "tiny", "rare")}
    judged, left = judge_slices(work, masks, (target, challenger, champion, rows))
    assert list(judged) == ["plan=basic", "plan=family"]
    for part in judged.values():  # two are judged together: 1 - .05 / 2
        assert part.strict_upper(2) == pytest.approx(part.delta + 1.95996 * part.se, abs=1e-6)
    assert left == {f"plan={level}": int((plan == level).sum()) for level in ("tiny", "rare")}
    good = compare(target, champion, np.zeros(3_000), rows, metric="auc", replicates=300)
    assert rule(good, slices={"plan=basic": judged["plan=basic"]}).verdict == "passed"
    assert "plan=family" in rule(good, slices=judged).reasons[0]


def test_the_rarer_class_is_counted_by_entity() -> None:
    target, entity = np.array([0.0, 0, 0, 1, 1]), np.array([1, 2, 3, 4, 4])
    assert (rarer("binary", target), rarer("binary", target, entity)) == (2, 1)
    assert rarer("binary", target[target == 1]) == 0
    assert rarer("regression", target, entity) == 5


def rates(kind: str, seeds: int = 40) -> Counter[str]:
    """Verdicts on samples from one law; `kind` says how the challenger differs."""
    found: Counter[str] = Counter()
    for seed in range(seeds):
        target, champion, equal = scores(seed, 3_000, 0.3)
        blurred = equal + np.random.default_rng(1_000 + seed).normal(0, 1.0, 3_000)
        challenger, other = {
            "equal": (equal, champion),
            "worse": (blurred, champion),
            "better": (equal, blurred),
        }[kind]
        how: dict[str, Any] = {"metric": "auc", "replicates": 200, "seed": seed}
        baseline, against_champion = (
            compare(target, challenger, score, np.arange(3_000) // 2, **how)
            for score in (np.zeros(3_000), other)
        )
        found[rule(baseline, against_champion).verdict] += 1
    return found


def test_a_truly_worse_model_is_refused_in_at_least_95_of_100() -> None:
    assert rates("worse")["refused"] >= 38


def test_an_equal_model_is_refused_in_at_most_10_of_100() -> None:
    assert rates("equal")["refused"] <= 4


def test_a_clearly_better_model_passes_in_at_least_95_of_100() -> None:
    assert rates("better")["passed"] >= 38


# --- the verb


def judged(work: Workspace, digest: str) -> dict[str, Any]:
    found = gate(Workspace(work.root), digest)
    return json.loads(json.dumps(found, allow_nan=False))  # type: ignore[no-any-return]


def test_the_sample_can_be_learned_and_the_first_model_passes(oracle: Workspace) -> None:
    evidence = json.loads(oracle.pointer_path.read_text())["evidence"]
    assert evidence["verdict"] == "passed"
    assert evidence["champion"] is None
    assert set(evidence["comparisons"]) == {"baseline"}


def test_a_worse_challenger_is_refused_and_the_verb_exits_10(
    oracle: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    digest = train_with(oracle, noise=6.0)
    assert main(["gate"]) == Exit.REFUSED
    assert "worse than the champion" in capsys.readouterr().out
    assert main(["promote"]) == Exit.REFUSED
    assert json.loads(oracle.pointer_path.read_text())["champion"] != digest


def test_a_better_challenger_passes_and_the_verb_exits_0(oracle: Workspace) -> None:
    train_with(oracle, noise=0.0)
    assert main(["gate"]) == Exit.DONE
    assert main(["promote"]) == Exit.DONE


def test_a_doubtful_challenger_is_inconclusive_and_the_verb_exits_13(
    oracle: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    train_with(oracle, noise=0.5, salt=1.0)
    oracle.overrides_path.write_text("gate: {replicates: 300, min_rarer: 100000}\n")
    assert main(["gate"]) == Exit.INCONCLUSIVE
    assert "rows would settle it" in capsys.readouterr().out


def test_a_challenger_that_breaks_one_plan_is_refused(oracle: Workspace) -> None:
    digest = train_with(oracle, noise=0.5, blur_plan=14.0)
    evidence = judged(oracle, digest)
    assert evidence["verdict"] == "refused"
    assert any("plan=family" in reason for reason in evidence["reasons"])


def test_an_exception_while_judging_is_a_refusal(
    oracle: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = train_with(oracle, noise=0.0)

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("no rows")

    monkeypatch.setattr(gate_module, "compare", fail)
    evidence = judged(oracle, digest)
    assert evidence["verdict"] == "refused"
    assert "no rows" in evidence["reasons"][0]
    assert main(["gate"]) == Exit.REFUSED


def test_a_model_that_saw_the_holdout_is_refused(oracle: Workspace) -> None:
    digest = train_with(oracle, noise=0.0)
    held = "split: {holdout_share: 0.5}\ngate: {replicates: 300}\n"
    oracle.overrides_path.write_text(held)
    evidence = judged(oracle, digest)
    assert evidence["verdict"] == "refused"
    assert "trained on rows of this holdout" in evidence["reasons"][0]


def test_hash_splits_are_compared_by_salt_and_share(oracle: Workspace) -> None:
    text = oracle.contract_path.read_text()
    oracle.contract_path.write_text(text.replace("role: time", "role: ignored"))
    oracle.pointer_path.unlink()
    digest = train_with(oracle, noise=0.0)
    assert judged(oracle, digest)["verdict"] == "passed"
    for changed in ("{salt: other}", "{holdout_share: 0.4}"):
        oracle.overrides_path.write_text(f"split: {changed}\ngate: {{replicates: 300}}\n")
        assert "this holdout" in judged(oracle, digest)["reasons"][0]


def test_a_first_model_on_few_rows_is_cross_validated_and_marked_weak(oracle: Workspace) -> None:
    oracle.pointer_path.unlink()
    digest = train_with(oracle, noise=0.0)
    oracle.overrides_path.write_text("gate: {replicates: 300, min_rarer: 100000}\n")
    evidence = judged(oracle, digest)
    assert evidence["weak"]
    assert evidence["verdict"] == "passed"
    assert evidence["comparisons"]["baseline"]["method"].startswith("5x5")


def test_the_anchor_stays_the_best_model_ever_approved(oracle: Workspace) -> None:
    first = json.loads(oracle.pointer_path.read_text())["anchor"]
    digest = train_with(oracle, noise=0.7, salt=3.0)
    evidence = judged(oracle, digest)
    assert evidence["verdict"] == "passed"
    promote(Workspace(oracle.root), digest)
    assert json.loads(oracle.pointer_path.read_text())["anchor"] == first
    assert judged(oracle, train_with(oracle, noise=0.0))["anchor"] == first


def test_slices_that_are_too_small_are_said_to_be_not_judged(
    oracle: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    oracle.overrides_path.write_text("gate: {replicates: 300, slice_rows: 1000000}\n")
    digest = json.loads(oracle.pointer_path.read_text())["champion"]
    assert judged(oracle, digest)["not_judged"]["plan=family"] > 0
    assert main(["gate", "--bundle", digest]) == Exit.DONE
    assert re.search(r"\b0 of \d+ slices judged", capsys.readouterr().out)


def test_a_foreign_metric_is_named(oracle: Workspace) -> None:
    oracle.overrides_path.write_text("gate: {metric: r2}\n")
    digest = json.loads(oracle.pointer_path.read_text())["champion"]
    assert "Choose one of auc" in judged(oracle, digest)["reasons"][0]


def test_no_entity_is_in_two_parts_of_a_hash_split(oracle: Workspace) -> None:
    text = oracle.contract_path.read_text()
    oracle.contract_path.write_text(text.replace("role: time", "role: ignored"))
    data, entity = load_rows(oracle), oracle.contract.entity
    split = split_rows(oracle.contract, data, oracle.settings)
    parts = [set(data[entity][rows]) for rows in (split.train, split.valid, split.holdout)]
    assert all(parts)
    assert sum(map(len, parts)) == len(set.union(*parts))
