"""Rates of the emitted gate and drift alarm over seeds, as JSON: `python simulation.py SEEDS`.

Run in the environment of an emitted project called acme-churn; test/emitted/statistics.full.test.ts does.
"""

import json
import sys
from collections import Counter
from typing import Any

import numpy as np
from acme_churn.ops.comparison import compare
from acme_churn.ops.contract import Column, Contract
from acme_churn.ops.drift import judge_drift, reference_profile
from acme_churn.ops.gate import decide

ENTITIES, ROWS_EACH, REPLICATES = 2500, 2, 300


def sigmoid(value: Any) -> Any:
    return 1 / (1 + np.exp(-value))


def world(seed: int) -> dict[str, Any]:
    """Labels of a known law, a champion near it, and challengers of known worth."""
    rng = np.random.default_rng(seed)
    entity = np.repeat(np.arange(ENTITIES), ROWS_EACH)
    person = rng.normal(size=ENTITIES)[entity]
    law = -2 + 1.2 * (person + rng.normal(size=len(entity)))
    noise = lambda size: size * rng.normal(size=len(entity))  # noqa: E731
    slice_a = rng.random(len(entity)) < 0.3
    equal = sigmoid(law + noise(0.25))
    return {
        "target": (rng.random(len(entity)) < sigmoid(law)).astype(float),
        "entity": entity,
        "slice": slice_a,
        "champion": sigmoid(law + noise(0.25)),
        "baseline": sigmoid(-2 + 0.9 * person),
        "equal": equal,
        "worse": sigmoid(law + noise(0.9)),
        "better": sigmoid(law),
        "broken slice": np.where(slice_a, rng.permutation(equal), equal),
    }


def gate_rates(metric: str, challenger: str, seeds: int) -> dict[str, float]:
    outcomes: Counter[str] = Counter()
    for seed in range(seeds):
        w = world(seed)
        champion = w["worse"] if challenger == "better" else w["champion"]
        how: dict[str, Any] = {"metric": metric, "replicates": REPLICATES, "seed": seed}
        judged = {
            "baseline": compare(w["target"], w[challenger], w["baseline"], w["entity"], **how),
            "champion": compare(w["target"], w[challenger], champion, w["entity"], **how),
        }
        parts = {"a": w["slice"], "b": ~w["slice"]}
        slices = {
            name: compare(w["target"][m], w[challenger][m], champion[m], w["entity"][m], **how)
            for name, m in parts.items()
        }
        outcomes[decide(judged, slices).verdict] += 1
    return {name: count / seeds for name, count in outcomes.items()}


COLUMNS = [Column(name=f"n{i}", type="number") for i in range(8)]
COLUMNS += [Column(name=f"c{i}", type="category") for i in range(3)]
CONTRACT = Contract(
    task="regression", columns=[*COLUMNS, Column(name="y", type="number", role="target")]
)


def draw(rng: Any, rows: int, shift: float = 0.0) -> tuple[dict[str, Any], Any]:
    numbers = {f"n{i}": rng.normal(size=rows) for i in range(8)}
    numbers["n0"] = numbers["n0"] + shift
    levels, shares = np.array(["a", "b", "c", "d"], dtype=object), [0.6, 0.25, 0.1, 0.05]
    return numbers | {f"c{i}": rng.choice(levels, rows, p=shares) for i in range(3)}, rng.normal(
        size=rows
    )


def alarm_rate(reference: int, window: int, shift: float, seeds: int) -> float:
    alarms = 0
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        before, scores = draw(rng, reference)
        profile = reference_profile(CONTRACT, before, scores)
        now, fresh = draw(rng, window, shift)
        found = judge_drift(CONTRACT, profile, now, fresh)
        alarms += any(column.verdict == "alarm" for column in found)
    return alarms / seeds


def main(seeds: int) -> None:
    kinds = ("equal", "worse", "better", "broken slice")
    gate = {m: {k: gate_rates(m, k, seeds) for k in kinds} for m in ("auc", "log_loss")}
    sizes = ((300, 100), (1000, 1000), (8000, 2000))
    drift = {
        f"{n}/{m}": {"same": alarm_rate(n, m, 0, 5 * seeds), "0.6 sd": alarm_rate(n, m, 0.6, seeds)}
        for n, m in sizes
    }
    print(json.dumps({"seeds": seeds, "gate": gate, "drift": drift}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
