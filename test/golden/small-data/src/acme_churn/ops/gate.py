"""`gate`: judge a challenger against the champion, the baseline and the anchor."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import numpy as np

from .bundle import EVIDENCE, Bundle, read_pointer
from .comparison import METRICS, Comparison, calibration, compare, evaluate
from .contract import Array, Check, Columns, Contract, Mask, is_missing, take
from .data import load_rows, split_rows
from .release import PASSED, chosen_digest, open_bundle
from .settings import Exit, OpsError, Workspace, write_json
from .training import cross_validate, linear_baseline

REFUSED, INCONCLUSIVE = "refused", "inconclusive"
LEVELS = 12  # a category with more levels is not cut into slices
# How many margins may be lost, and against whom.
LIMITS = {"champion": (1, "the champion"), "anchor": (2, "the best model ever approved")}


Pairs = Mapping[str, Comparison]  # against whom, or in which slice


class Verdict(NamedTuple):
    """The outcome, why, and the rows that would settle an inconclusive one."""

    verdict: str
    reasons: list[str]
    rows_needed: int | None = None


def decide(pairs: Pairs, slices: Pairs, few: bool = False) -> Verdict:
    """Apply the rule to the `pairs` with baseline and, once there are models, champion and anchor.

    Refused: U < 0 or delta <= -margin, or the bound against the baseline <= 0, or a slice is
    harmed, or the anchor is lost by 2 margins. Passed: L > -margin, and against the anchor, the
    best model ever approved, L > -2 margins: many small steps down add up (Feng, Emerson & Simon
    2021). Anything else is inconclusive, also with too `few` entities. A NaN never passes.
    """
    baseline, champion = pairs["baseline"], pairs.get("champion")
    if not all(pair.finite for pair in pairs.values()):
        return Verdict(REFUSED, ["a metric is missing, so nothing can be judged"])
    refusals, doubts = _harm(slices), []
    if not baseline.lower > 0:
        told = "a linear rule may be enough (`linear_baseline`), or the model needs more data"
        refusals.append(f"it does not surely beat the linear baseline ({baseline}): {told}")
    if champion and champion.upper < 0:
        refusals.append(f"it is surely worse than the champion ({champion})")
    for name, (times, whom) in LIMITS.items():
        pair = pairs.get(name, baseline)
        if name in pairs and pair.delta <= -times * pair.margin:
            refusals.append(f"it is worse than {whom} by more than the margin ({pair})")
        if name in pairs and not pair.lower > -times * pair.margin:
            doubts.append(f"it may be worse than {whom} by more than the margin ({pair})")
    if refusals:
        return Verdict(REFUSED, refusals)
    if champion is None:
        return Verdict(PASSED, [f"it beats the linear baseline ({baseline})"])
    if few:
        doubts.append("the holdout has too few entities of the rarer class for a firm verdict")
    if doubts:
        return Verdict(INCONCLUSIVE, doubts, rows_needed(champion))
    return Verdict(PASSED, [f"it is not worse than the champion ({champion})"])


def _harm(slices: Pairs) -> list[str]:
    found = []
    for name, pair in slices.items():
        sure = pair.strict_upper(len(slices)) < 0
        if not pair.finite or (sure and pair.delta <= -2 * pair.margin):
            found.append(f"it harms the slice {name} ({pair})")
    return found


def rows_needed(pair: Comparison) -> int:
    """Rows with which a challenger that equals the champion passes four times in five.

    n (2.49 SE / margin)^2: 2.49 = 1.645 + 0.84, the normal quantiles of 95 % and 80 %.
    """
    return max(math.ceil(pair.rows * (2.49 * pair.se / pair.margin) ** 2), pair.rows + 1)


def rarer(task: str, target: Array, entity: Array | None = None) -> int:
    """Rows (or entities) outside the commonest class; for a regression all rows."""
    if task == "regression" or len(target) == 0:
        return len(target)
    labels, counts = np.unique(target, return_counts=True)
    rare = target != labels[counts.argmax()]
    return int(rare.sum()) if entity is None else len(np.unique(entity[rare]))


def slice_masks(contract: Contract, columns: Columns) -> dict[str, Mask]:
    """The rows of every level of the booleans and of the categories with few levels."""
    found: dict[str, Mask] = {}
    for column in (c for c in contract.features if c.type in ("boolean", "category")):
        values = columns[column.name]
        levels, flags = np.unique(values[~is_missing(values)]).tolist(), {0.0: "false", 1.0: "true"}
        if len(levels) <= LEVELS:
            found |= {f"{column.name}={flags.get(v, v)}": values == v for v in levels}
    return found


def judge_slices(
    work: Workspace, masks: Mapping[str, Mask], arrays: Sequence[Array]
) -> tuple[dict[str, Comparison], dict[str, int]]:
    """`compare` (with these arrays) on slices with enough rows; of the others the rows."""
    settings, judged, left = work.settings.gate, {}, {}
    for name, mask in masks.items():
        target, *more = (values[mask] for values in arrays)
        rare = rarer(work.contract.task, target)
        if mask.sum() >= settings.slice_rows and rare >= settings.slice_rarer:
            judged[name] = compare(target, *more, **method_of(work))
        else:
            left[name] = int(mask.sum())
    return judged, left


def gate(work: Workspace, digest: str) -> dict[str, Any]:
    """Judge bundle `digest`, keep the evidence beside it and return it.

    Whatever goes wrong while judging is a refusal: a model that cannot be judged is not promoted.
    """
    champion = read_pointer(work)["champion"]
    evidence: dict[str, Any] = {"schema": 1, "challenger": digest, "champion": champion}
    try:
        evidence |= _judge(work, digest)
    except Exception as error:
        evidence |= {"verdict": REFUSED, "reasons": [f"the gate could not judge it: {error}"]}
    folder = work.store_path / "bundles" / digest
    if digest != champion and folder.is_dir():  # the champion keeps what it was promoted with
        write_json(folder / EVIDENCE, evidence)
    return evidence


def _judge(work: Workspace, digest: str) -> dict[str, Any]:
    pointer, contract = read_pointer(work), work.contract
    names = {"challenger": digest} | {name: pointer[name] for name in LIMITS if pointer[name]}
    models = {name: open_bundle(work, found) for name, found in names.items()}
    data = load_rows(work, {c.name for m in models.values() for c in m.contract.features})
    split = split_rows(contract, data, work.settings)
    for model in models.values():
        _check_unseen(model, split.stamp)
    rows, task, how = take(data, split.holdout), contract.task, method_of(work)
    target = rows[contract.target]
    scores = {n: m.predict(Check(m.contract, ())(rows)[0]) for n, m in models.items()}
    scores["baseline"] = linear_baseline(models["challenger"], take(data, split.train), rows)
    entity = np.unique(rows[contract.entity].astype(str), return_inverse=True)[1]
    arrays = {n: (target, scores["challenger"], scores[n], entity) for n in scores}
    pairs = {n: compare(*arrays[n], **how) for n in ("baseline", *LIMITS) if n in scores}
    against = arrays.get("champion", arrays["baseline"])
    slices, left = judge_slices(work, slice_masks(contract, rows), against)
    settings = work.settings.gate
    needed = settings.min_rows if task == "regression" else settings.min_rarer
    few = rarer(task, target, entity) < needed
    if weak := few and "champion" not in models:
        labelled = take(data, split.train | split.valid | split.holdout)
        pairs, slices = {"baseline": cross_validate(models["challenger"].code, work, labelled)}, {}
    risen = "anchor" not in pairs or pairs["anchor"].delta > 0
    shown = {name: scores[name] for name in scores if name != "anchor"}
    return {
        **decide(pairs, slices, few)._asdict(),
        "weak": weak,
        "anchor": pointer["anchor"],
        "anchor_next": digest if risen else pointer["anchor"],
        "holdout": {**split.stamp, "rows": len(target), "entities": int(entity.max()) + 1},
        "comparisons": {name: asdict(pair) for name, pair in pairs.items()},
        "slices": {name: asdict(pair) for name, pair in slices.items()},
        "not_judged": left,
        "metrics": {n: evaluate(task, target, p, how["budget"]) for n, p in shown.items()},
        "calibration": {n: calibration(target, p) for n, p in shown.items()},
    }


def method_of(work: Workspace) -> dict[str, Any]:
    """How `compare` works by the settings; an OpsError for a metric of another task."""
    gate, task = work.settings.gate, work.contract.task
    if gate.metric not in (None, *METRICS[task]):
        hint = f"Choose one of {', '.join(METRICS[task])}."
        raise OpsError(f"gate.metric {gate.metric!r} does not fit a {task} task.", hint)
    how = {"replicates": gate.replicates, "budget": gate.budget_share, "delta": gate.delta}
    return {"metric": gate.metric or METRICS[task][0], "seed": work.settings.train.seed, **how}


def _check_unseen(model: Bundle, now: dict[str, Any]) -> None:
    then = model.manifest["split"]
    if now["kind"] == "time":
        unseen = str(then["cutoff"]) <= str(now["cutoff"])
    else:
        unseen = then["salt"] == now["salt"] and now["share"] <= then["share"]
    if then["kind"] != now["kind"] or not unseen:
        message = f"Model {model.name} was trained on rows of this holdout."
        raise OpsError(message, "Put the split settings back, or see docs/operate.md.")


def judge(work: Workspace, bundle: str | None = None) -> tuple[str, Exit]:
    """The verdict on a bundle (the latest challenger) in words, and 10 or 13 if it is no pass."""
    evidence = gate(work, chosen_digest(work, bundle))
    same = evidence["challenger"] == evidence["champion"]
    lines = ["already champion" if same else evidence["verdict"], *evidence["reasons"]]
    for name, c in evidence.get("comparisons", {}).items():
        lines.append(f"{name:<9} {c['metric']} {c['challenger']:.4f} against {c['other']:.4f}")
    judged, left = (evidence.get(key, ()) for key in ("slices", "not_judged"))
    lines.append(f"{len(judged)} of {len(judged) + len(left)} slices judged")
    if evidence.get("weak"):
        lines.append("weak evidence: few rows, judged by cross-validation")
    if evidence.get("rows_needed"):
        lines.append(f"about {evidence['rows_needed']:,} held-out rows would settle it")
    codes = {PASSED: Exit.DONE, INCONCLUSIVE: Exit.INCONCLUSIVE}
    code = Exit.DONE if same else codes.get(evidence["verdict"], Exit.REFUSED)
    return "\n  ".join(lines), code
