"""`gate`: judge a challenger against the champion, the baseline and the anchor.

A point estimate alone is a coin toss: equal models would fail half the time. So a challenger is
refused when harm is shown or large, passed when harm beyond a small margin is ruled out, and
otherwise the champion stays and we say how many rows would settle it.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .bundle import EVIDENCE, Bundle, read_pointer, to_json
from .comparison import (
    METRICS,
    RANKINGS,
    Comparison,
    Floats,
    calibration,
    compare,
    evaluate,
    rows_needed,
)
from .contract import Contract
from .data import Dataset, Split, load_dataset, split_rows
from .release import PASSED, open_bundle
from .settings import GateSettings, OpsError
from .training import cross_validate, linear_baseline
from .workspace import Workspace

log = logging.getLogger(__name__)
REFUSED, INCONCLUSIVE = "refused", "inconclusive"
LEVELS = 12  # a category with more levels is not cut into slices
# How many margins may be lost, and against whom.
LIMITS = {"champion": (1, "the champion"), "anchor": (2, "the best model ever approved")}
ADVICE = (
    "Where a linear rule is enough, use `linear_baseline` in ops/training.py as it is; for a "
    "champion, give the model more: rows, columns, or features in features.py"
)


class Verdict(NamedTuple):
    """The outcome, why, and the rows that would settle an inconclusive one."""

    verdict: str
    reasons: list[str]
    rows_needed: int | None = None


def decide(
    pairs: Mapping[str, Comparison],
    slices: Mapping[str, Comparison] | None = None,
    *,
    few: bool = False,
    delta: float = 0.01,
) -> Verdict:
    """Apply the rule to the `pairs` with baseline and, once there are models, champion and anchor.

    Refused: U < 0 or delta <= -margin, or the bound against the baseline <= 0, or a slice is
    harmed, or the anchor is lost by 2 margins. Passed: L > -margin, and against the anchor, the
    best model ever approved, L > -2 margins: many small steps down add up (Feng, Emerson & Simon
    2021). Anything else is inconclusive, also with too `few` entities. A NaN never passes.
    """
    champion = pairs.get("champion")
    if not all(pair.finite for pair in pairs.values()):
        return Verdict(REFUSED, ["a metric is missing, so nothing can be judged"])
    if refusals := [*_refusals(pairs, delta), *_harm(slices or {}, delta)]:
        return Verdict(REFUSED, refusals)
    if champion is None:
        return Verdict(PASSED, [f"it beats the linear baseline ({_span(pairs['baseline'])})"])
    doubts = list(_doubts(pairs, delta))
    if few:
        doubts.append("the holdout has too few entities of the rarer class for a firm verdict")
    if doubts:
        needed = rows_needed(champion, margin(champion, delta))
        return Verdict(INCONCLUSIVE, doubts, max(needed, champion.rows + 1))
    return Verdict(PASSED, [f"it is not worse than the champion ({_span(champion)})"])


def margin(comparison: Comparison, delta: float) -> float:
    """How much worse still counts as equal: `delta` of a ranking, that share of a loss."""
    ranked = comparison.metric in RANKINGS
    return delta if ranked else max(delta * abs(comparison.other), 1e-12)


def _refusals(pairs: Mapping[str, Comparison], delta: float) -> Iterator[str]:
    baseline, champion = pairs["baseline"], pairs.get("champion")
    if not baseline.lower > 0:
        yield f"it does not surely beat the linear baseline ({_span(baseline)}). {ADVICE}"
    if champion and champion.upper < 0:
        yield f"it is surely worse than the champion ({_span(champion)})"
    for name, (times, whom) in LIMITS.items():
        if name in pairs and pairs[name].delta <= -times * margin(pairs[name], delta):
            yield f"it is worse than {whom} by more than the margin ({_span(pairs[name])})"


def _doubts(pairs: Mapping[str, Comparison], delta: float) -> Iterator[str]:
    for name, (times, whom) in LIMITS.items():
        if name in pairs and not pairs[name].lower > -times * margin(pairs[name], delta):
            yield f"it may be worse than {whom} by more than the margin ({_span(pairs[name])})"


def _harm(slices: Mapping[str, Comparison], delta: float) -> Iterator[str]:
    harmed = {
        name: pair
        for name, pair in slices.items()
        if not pair.finite or (pair.strict_upper < 0 and pair.delta <= -2 * margin(pair, delta))
    }
    if harmed:
        name, worst = min(harmed.items(), key=lambda item: item[1].delta)
        yield f"it harms {len(harmed)} of {len(slices)} slices, most {name} ({_span(worst)})"


def _span(c: Comparison) -> str:
    interval = f"90 % interval {c.lower:+.4f} to {c.upper:+.4f}"
    return f"{c.metric} {c.challenger:.4f} against {c.other:.4f}, {interval}"


def rarer(task: str, target: NDArray[Any], entity: NDArray[Any] | None = None) -> int:
    """Rows (or entities) outside the commonest class; for a regression all rows."""
    if task == "regression" or len(target) == 0:
        return len(target)
    labels, counts = np.unique(target, return_counts=True)
    rare = target != labels[counts.argmax()]
    return int(rare.sum()) if entity is None else len(np.unique(entity[rare]))


def slice_masks(contract: Contract, rows: Dataset) -> dict[str, NDArray[np.bool_]]:
    """The rows of every level of the booleans and of the categories with few levels."""
    found = {}
    for column in contract.features:
        values = rows.columns[column.name]
        if column.type == "boolean":
            found[f"{column.name}=true"], found[f"{column.name}=false"] = values == 1, values == 0
        elif column.type == "category":
            levels = sorted({value for value in values.tolist() if value is not None})
            few = levels if len(levels) <= LEVELS else []
            found |= {f"{column.name}={level}": values == level for level in few}
    return found


def judge_slices(
    task: str,
    masks: Mapping[str, NDArray[np.bool_]],
    arrays: tuple[NDArray[Any], ...],
    settings: GateSettings,
    **how: Any,
) -> tuple[dict[str, Comparison], dict[str, int]]:
    """Compare on every slice with enough rows; of the others the number of rows.

    `arrays` are target, challenger, other and entity, as `compare` takes them.
    """
    judged = {
        name: mask
        for name, mask in masks.items()
        if mask.sum() >= settings.slice_rows
        and rarer(task, arrays[0][mask]) >= settings.slice_rarer
    }
    left = {name: int(mask.sum()) for name, mask in masks.items() if name not in judged}
    how["tests"] = len(judged)
    found = {n: compare(*(a[mask] for a in arrays), **how) for n, mask in judged.items()}
    return found, left


def gate(work: Workspace, digest: str) -> dict[str, Any]:
    """Judge bundle `digest`, keep the evidence beside it and return it.

    Whatever goes wrong while judging is a refusal: a model that cannot be judged is not promoted.
    """
    champion = read_pointer(work.pointer_path).get("champion")
    evidence: dict[str, Any] = {"schema": 1, "challenger": digest, "champion": champion}
    try:
        evidence |= _judge(work, digest)
    except Exception as error:
        log.debug("the gate failed", exc_info=True)
        evidence |= {"verdict": REFUSED, "reasons": [f"the gate could not judge it: {error}"]}
    folder, text = work.store_path / "bundles" / digest, to_json(evidence)
    if digest != champion and folder.is_dir():  # the champion keeps what it was promoted with
        (folder / EVIDENCE).write_bytes(text)
    found: dict[str, Any] = json.loads(text)
    return found


def _judge(work: Workspace, digest: str) -> dict[str, Any]:
    settings, contract = work.settings, work.contract
    pointer = read_pointer(work.pointer_path)
    names = {"challenger": digest} | {name: pointer[name] for name in LIMITS if pointer}
    models = {name: open_bundle(work, found) for name, found in names.items()}
    dataset = load_dataset(work)
    split = split_rows(dataset, settings.split, contract.label_delay_days)
    for model in models.values():
        _check_unseen(model, split, settings.split.holdout_share)
    rows, learn, mine = dataset.take(split.holdout), dataset.take(split.train), models["challenger"]
    scores = {name: model.predict(rows.columns) for name, model in models.items()}
    scores["baseline"] = linear_baseline(mine, learn, mine.features(rows.columns))
    pairs, slices, left, few = _compare(work, rows, scores)
    if weak := few and not pointer:
        labelled = dataset.take(split.train | split.valid | split.holdout)
        pairs, slices = {"baseline": cross_validate(mine.code, work, labelled)}, {}
    shown, budget = [n for n in scores if n != "anchor"], settings.gate.budget_share
    return {
        **decide(pairs, slices, few=few, delta=settings.gate.delta)._asdict(),
        "weak": weak,
        "anchor": pointer.get("anchor"),
        "anchor_next": digest if not pointer or pairs["anchor"].delta > 0 else pointer["anchor"],
        "data": dataset.digest,
        "holdout": {**split.stamp(), "rows": len(rows), "entities": len(set(rows.entity))},
        "delta": settings.gate.delta,
        "comparisons": pairs,
        "slices": slices,
        "not_judged": left,
        "metrics": {n: evaluate(contract.task, rows.target, scores[n], budget) for n in shown},
        "calibration": {n: calibration(rows.target, scores[n]) for n in shown},
    }


def _compare(
    work: Workspace, rows: Dataset, scores: Mapping[str, Floats]
) -> tuple[dict[str, Comparison], dict[str, Comparison], dict[str, int], bool]:
    """Comparisons by model and by slice, slices that are too small, and whether all rows are."""
    how, gate, task = method_of(work), work.settings.gate, work.contract.task
    log.info(f"gate: {len(rows):,} rows held out, {how['metric']}")
    entity = np.unique(rows.entity.astype(str), return_inverse=True)[1]
    arrays = {
        name: (rows.target, scores["challenger"], scores[name], entity)
        for name in ("baseline", *LIMITS)
        if name in scores
    }
    pairs = {name: compare(*found, **how) for name, found in arrays.items()}
    other = arrays.get("champion", arrays["baseline"])
    slices, left = judge_slices(task, slice_masks(work.contract, rows), other, gate, **how)
    needed = gate.min_rows if task == "regression" else gate.min_rarer
    return pairs, slices, left, rarer(task, rows.target, entity) < needed


def method_of(work: Workspace) -> dict[str, Any]:
    """How `compare` works by the settings; an OpsError for a metric of another task."""
    gate, task = work.settings.gate, work.contract.task
    known = METRICS[task]
    if gate.metric and gate.metric not in known:
        raise OpsError(
            f"gate.metric {gate.metric!r} does not fit a {task} task.",
            hint=f"Choose one of {', '.join(known)}.",
        )
    how = {
        "replicates": gate.replicates,
        "seed": work.settings.train.seed,
        "budget": gate.budget_share,
    }
    return {"metric": gate.metric or known[0], **how}


def _check_unseen(model: Bundle, split: Split, share: float) -> None:
    stamp = model.manifest["split"]
    if split.kind == "time":
        unseen = stamp["kind"] == "time" and str(stamp["cutoff"]) <= str(split.cutoff)
    else:
        unseen = stamp["kind"] == "hash" and stamp["salt"] == split.salt and share <= stamp["share"]
    if not unseen:
        raise OpsError(
            f"Model {model.name} was trained on rows of this holdout.",
            hint="Put the split settings back; or train again and, if it is the champion, remove "
            "deploy/model.json to start over from the baseline.",
        )


def describe(evidence: Mapping[str, Any]) -> str:
    """The verdict for people: outcome, reasons, and the figures of every comparison."""
    same = evidence["challenger"] == evidence["champion"]
    lines = ["already champion" if same else evidence["verdict"], *evidence["reasons"]]
    for name, c in evidence.get("comparisons", {}).items():
        lines.append(f"{name:<9} {c['metric']} {c['challenger']:.4f} against {c['other']:.4f}")
    judged, left = evidence.get("slices", {}), evidence.get("not_judged", {})
    if judged or left:
        lines.append(f"{len(judged)} of {len(judged) + len(left)} slices judged")
    if evidence.get("weak"):
        lines.append("weak evidence: few rows, judged by cross-validation")
    if evidence.get("rows_needed"):
        lines.append(f"about {evidence['rows_needed']:,} held-out rows would settle it")
    return "\n  ".join(lines)
