"""`gate`: judge a challenger against the champion, the baseline and the anchor."""

from __future__ import annotations

import json
import logging
import math
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bundle import EVIDENCE, Bundle, read_pointer
from .comparison import Comparison, Method, compare
from .contract import Contract
from .data import Dataset, load_dataset
from .errors import OpsError
from .metrics import DEFAULT_METRIC, Floats, metric_names
from .release import live_bundle, open_bundle
from .settings import Project, Settings
from .split import Split, split_rows
from .training import cross_validate
from .verdict import REFUSED, Enough, Holdout, Seen, decide, judge_slices

log = logging.getLogger(__name__)


def challenger_digest(project: Project) -> str:
    """The bundle of the latest `train`."""
    path = project.store_path / "challenger"
    if not path.is_file():
        raise OpsError("There is no challenger yet.", hint="Run `train` first.")
    return path.read_text(encoding="utf-8").strip()


def gate(project: Project, settings: Settings, contract: Contract, digest: str) -> dict[str, Any]:
    """Judge bundle `digest`, keep the evidence beside it and return it.

    Whatever goes wrong while judging is a refusal: a model that cannot be judged is not promoted.
    """
    pointer = read_pointer(project.pointer_path)
    champion = pointer["champion"] if pointer else None
    evidence: dict[str, Any] = {"schema": 1, "challenger": digest, "champion": champion}
    try:
        evidence |= _judge(project, settings, contract, digest)
    except Exception as error:
        log.debug("the gate failed", exc_info=True)
        evidence |= {"verdict": REFUSED, "reasons": [f"the gate could not judge it: {error}"]}
    evidence = _without_nan(evidence)
    if digest != champion:  # the champion keeps the evidence that it was promoted with
        path = project.store_path / "bundles" / digest / EVIDENCE
        if path.parent.is_dir():
            path.write_text(json.dumps(evidence, indent=1) + "\n", encoding="utf-8")
    return evidence


def describe(evidence: dict[str, Any]) -> str:
    """The verdict for people: outcome, reasons, and the figures of every comparison."""
    same = evidence["challenger"] == evidence["champion"]
    outcome = "already champion" if same else evidence["verdict"]
    lines = [outcome, *(f"  {reason}" for reason in evidence["reasons"])]
    for name, c in evidence.get("comparisons", {}).items():
        lines.append(f"  {name:<9} {c['metric']} {c['challenger']:.4f} against {c['other']:.4f}")
    slices = evidence.get("slices", [])
    if slices:
        judged = sum(part["comparison"] is not None for part in slices)
        lines.append(f"  {judged} of {len(slices)} slices judged")
    if evidence.get("weak"):
        lines.append("  weak evidence: few rows, judged by cross-validation")
    if evidence.get("rows_needed"):
        lines.append(f"  about {evidence['rows_needed']:,} held-out rows would settle it")
    return "\n".join(lines)


def _judge(project: Project, settings: Settings, contract: Contract, digest: str) -> dict[str, Any]:
    challenger = open_bundle(project, settings, digest)
    champion = live_bundle(project, settings)
    pointer = read_pointer(project.pointer_path)
    anchor = open_bundle(project, settings, pointer["anchor"]) if pointer else None
    dataset = load_dataset(project, settings, contract)
    split = split_rows(dataset, settings.split, contract.label_delay_days)
    for model in (challenger, champion, anchor):
        if model is not None:
            _check_unseen(model, split, settings.split.holdout_share)
    rows = dataset.take(split.holdout)
    holdout = Holdout(contract.task, rows.target, _codes(rows.entity), _slices(contract, rows))
    seen = _compare(settings, contract, holdout, rows, (challenger, champion, anchor))
    weak = seen.few and champion is None
    if weak:
        labelled = dataset.take(split.train | split.valid | split.holdout)
        trial = cross_validate(challenger.code, contract, settings, labelled)
        seen = Seen(trial, few=True, delta=seen.delta)
    verdict = decide(seen)
    ahead = seen.anchor is None or seen.anchor.delta > 0
    found = {
        "verdict": verdict.outcome,
        "weak": weak,
        "reasons": verdict.reasons,
        "rows_needed": verdict.rows_needed,
        "anchor": pointer["anchor"] if pointer else None,
        "anchor_next": digest if ahead or pointer is None else pointer["anchor"],
        "data": dataset.digest,
        "holdout": {
            **split.stamp(),
            "rows": len(rows),
            "entities": len(np.unique(holdout.entity)),
            "rarer": holdout.rarer(entities=True),
        },
        "delta": settings.gate.delta,
        "comparisons": {n: asdict(c) for n, c in _pairs(seen) if c is not None},
        "slices": [asdict(part) for part in seen.slices],
    }
    return found


def _pairs(seen: Seen) -> list[tuple[str, Comparison | None]]:
    return [("baseline", seen.baseline), ("champion", seen.champion), ("anchor", seen.anchor)]


def _compare(
    settings: Settings,
    contract: Contract,
    holdout: Holdout,
    rows: Dataset,
    models: tuple[Bundle, Bundle | None, Bundle | None],
) -> Seen:
    challenger, champion, anchor = models
    method = method_of(settings, contract)
    features = challenger.features(rows.columns)
    mine, linear = challenger.predict_features(features), challenger.baseline.predict(features)

    def against(other: Floats) -> Comparison:
        return compare(method, holdout.target, mine, other, holdout.entity)

    theirs = champion.predict(rows.columns) if champion else None
    best = anchor.predict(rows.columns) if anchor else None
    log.info(f"gate: {len(rows):,} rows held out, {method.metric}")
    enough = Enough(settings.gate.slice_rows, settings.gate.slice_rarer)
    needed = settings.gate.min_rows if contract.task == "regression" else settings.gate.min_rarer
    return Seen(
        baseline=against(linear),
        champion=None if theirs is None else against(theirs),
        anchor=None if best is None else against(best),
        slices=judge_slices(holdout, method, mine, linear if theirs is None else theirs, enough),
        few=holdout.rarer(entities=True) < needed,
        delta=settings.gate.delta,
    )


def method_of(settings: Settings, contract: Contract) -> Method:
    """The metric and resampling that the settings ask for; an OpsError for a foreign metric."""
    metric = settings.gate.metric or DEFAULT_METRIC[contract.task]
    if metric not in metric_names(contract.task):
        known = ", ".join(metric_names(contract.task))
        raise OpsError(
            f"gate.metric {metric!r} does not fit a {contract.task} task.",
            hint=f"Choose one of {known}.",
        )
    gate = settings.gate
    return Method(metric, gate.replicates, settings.train.seed, gate.budget_share)


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


def _codes(entity: NDArray[Any]) -> NDArray[np.int64]:
    return np.unique(entity.astype(str), return_inverse=True)[1].astype(np.int64)


def _slices(contract: Contract, rows: Dataset, most: int = 12) -> dict[str, NDArray[Any]]:
    found = {}
    for column in contract.features:
        values = rows.columns[column.name]
        if column.type == "boolean":
            named = {0.0: "false", 1.0: "true"}
            found[column.name] = np.array([named.get(v) for v in values.tolist()], dtype=object)
        elif column.type == "category" and len(set(values.tolist())) <= most:
            found[column.name] = values
    return found


def _without_nan(value: Any) -> Any:
    """JSON knows no NaN: it becomes null."""
    if isinstance(value, dict):
        return {k: _without_nan(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
