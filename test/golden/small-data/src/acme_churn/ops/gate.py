"""`gate`: judge a challenger against the champion, the baseline and the anchor.

A point estimate alone is a coin toss: equal models would fail half the time. So a challenger is
refused when harm is shown or large, passed when harm beyond a small margin is ruled out, and
otherwise the champion stays and we say how many rows would settle it.
"""

import logging
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .bundle import EVIDENCE, Bundle, read_pointer, write_json
from .comparison import METRICS, Comparison, Floats, calibration, compare, evaluate
from .contract import Columns, Contract
from .data import Dataset, Split, load_dataset, split_rows
from .release import PASSED, open_bundle
from .settings import OpsError
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
    pairs: Mapping[str, Comparison], slices: Mapping[str, Comparison], few: bool = False
) -> Verdict:
    """Apply the rule to the `pairs` with baseline and, once there are models, champion and anchor.

    Refused: U < 0 or delta <= -margin, or the bound against the baseline <= 0, or a slice is
    harmed, or the anchor is lost by 2 margins. Passed: L > -margin, and against the anchor, the
    best model ever approved, L > -2 margins: many small steps down add up (Feng, Emerson & Simon
    2021). Anything else is inconclusive, also with too `few` entities. A NaN never passes.
    """
    baseline, champion = pairs["baseline"], pairs.get("champion")
    if not all(pair.finite for pair in pairs.values()):
        return Verdict(REFUSED, ["a metric is missing, so nothing can be judged"])
    refusals, doubts = list(_harm(slices)), []
    if not baseline.lower > 0:
        refusals.append(f"it does not surely beat the linear baseline ({baseline}). {ADVICE}")
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


def _harm(slices: Mapping[str, Comparison]) -> Iterator[str]:
    for name, pair in slices.items():
        sure = pair.strict_upper(len(slices)) < 0
        if not pair.finite or (sure and pair.delta <= -2 * pair.margin):
            yield f"it harms the slice {name} ({pair})"


def rows_needed(pair: Comparison) -> int:
    """Rows with which a challenger that equals the champion passes four times in five.

    n (2.49 SE / margin)^2: 2.49 = 1.645 + 0.84, the normal quantiles of 95 % and 80 %.
    """
    return max(math.ceil(pair.rows * (2.49 * pair.se / pair.margin) ** 2), pair.rows + 1)


def rarer(task: str, target: NDArray[Any], entity: NDArray[Any] | None = None) -> int:
    """Rows (or entities) outside the commonest class; for a regression all rows."""
    if task == "regression" or len(target) == 0:
        return len(target)
    labels, counts = np.unique(target, return_counts=True)
    rare = target != labels[counts.argmax()]
    return int(rare.sum()) if entity is None else len(np.unique(entity[rare]))


def slice_masks(contract: Contract, columns: Columns) -> dict[str, NDArray[np.bool_]]:
    """The rows of every level of the booleans and of the categories with few levels."""
    found: dict[str, NDArray[np.bool_]] = {}
    for column in contract.features:
        name, values = column.name, columns[column.name]
        if column.type == "boolean":
            found |= {f"{name}=true": values == 1, f"{name}=false": values == 0}
        elif column.type == "category" and len(levels := sorted({*values} - {None})) <= LEVELS:
            found |= {f"{name}={level}": values == level for level in levels}
    return found


def judge_slices(
    work: Workspace, masks: Mapping[str, NDArray[np.bool_]], arrays: Sequence[NDArray[Any]]
) -> tuple[dict[str, Comparison], dict[str, int]]:
    """Compare on every slice with enough rows; of the others the number of rows.

    `arrays` are target, challenger, other and entity, as `compare` takes them.
    """
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
        log.debug("the gate failed", exc_info=True)
        evidence |= {"verdict": REFUSED, "reasons": [f"the gate could not judge it: {error}"]}
    folder = work.store_path / "bundles" / digest
    if digest != champion and folder.is_dir():  # the champion keeps what it was promoted with
        write_json(folder / EVIDENCE, evidence)
    return evidence


def _judge(work: Workspace, digest: str) -> dict[str, Any]:
    pointer, dataset = read_pointer(work), load_dataset(work)
    names = {"challenger": digest} | {name: pointer[name] for name in LIMITS if pointer[name]}
    models = {name: open_bundle(work, found) for name, found in names.items()}
    split = split_rows(dataset, work.settings.split, work.contract.label_delay_days)
    for model in models.values():
        _check_unseen(model, split, work.settings.split.holdout_share)
    rows, mine = dataset.take(split.holdout), models["challenger"]
    scores = {name: model.predict(rows.columns) for name, model in models.items()}
    scores["baseline"] = linear_baseline(mine, dataset.take(split.train), rows)
    pairs, slices, left, few = _compare(work, rows, scores)
    if weak := few and "champion" not in models:
        labelled = dataset.take(split.train | split.valid | split.holdout)
        pairs, slices = {"baseline": cross_validate(mine.code, work, labelled)}, {}
    risen = "anchor" not in pairs or pairs["anchor"].delta > 0
    task, budget = work.contract.task, work.settings.gate.budget_share
    shown = {name: scores[name] for name in scores if name != "anchor"}
    return {
        **decide(pairs, slices, few)._asdict(),
        "weak": weak,
        "anchor": pointer["anchor"],
        "anchor_next": digest if risen else pointer["anchor"],
        "data": dataset.digest,
        "holdout": {**split.stamp(), "rows": len(rows), "entities": len(set(rows.entity))},
        "comparisons": {name: asdict(pair) for name, pair in pairs.items()},
        "slices": {name: asdict(pair) for name, pair in slices.items()},
        "not_judged": left,
        "metrics": {n: evaluate(task, rows.target, p, budget) for n, p in shown.items()},
        "calibration": {n: calibration(rows.target, p) for n, p in shown.items()},
    }


def _compare(
    work: Workspace, rows: Dataset, scores: Mapping[str, Floats]
) -> tuple[dict[str, Comparison], dict[str, Comparison], dict[str, int], bool]:
    """Comparisons by model and by slice, slices that are too small, and whether all rows are."""
    task, settings, how = work.contract.task, work.settings.gate, method_of(work)
    log.info(f"gate: {len(rows):,} rows held out, {how['metric']}")
    entity = np.unique(rows.entity.astype(str), return_inverse=True)[1]
    arrays = {n: (rows.target, scores["challenger"], scores[n], entity) for n in scores}
    pairs = {n: compare(*arrays[n], **how) for n in ("baseline", *LIMITS) if n in scores}
    masks = slice_masks(work.contract, rows.columns)
    slices, left = judge_slices(work, masks, arrays.get("champion", arrays["baseline"]))
    needed = settings.min_rows if task == "regression" else settings.min_rarer
    return pairs, slices, left, rarer(task, rows.target, entity) < needed


def method_of(work: Workspace) -> dict[str, Any]:
    """How `compare` works by the settings; an OpsError for a metric of another task."""
    gate, task = work.settings.gate, work.contract.task
    if gate.metric not in (None, *METRICS[task]):
        raise OpsError(
            f"gate.metric {gate.metric!r} does not fit a {task} task.",
            hint=f"Choose one of {', '.join(METRICS[task])}.",
        )
    how = {"replicates": gate.replicates, "budget": gate.budget_share, "delta": gate.delta}
    return {"metric": gate.metric or METRICS[task][0], "seed": work.settings.train.seed, **how}


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
    if "slices" in evidence:
        judged, left = len(evidence["slices"]), len(evidence["not_judged"])
        lines.append(f"{judged} of {judged + left} slices judged")
    if evidence.get("weak"):
        lines.append("weak evidence: few rows, judged by cross-validation")
    if evidence.get("rows_needed"):
        lines.append(f"about {evidence['rows_needed']:,} held-out rows would settle it")
    return "\n  ".join(lines)
