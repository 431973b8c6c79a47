"""The rule of the gate: from comparisons to passed, refused or inconclusive.

A point estimate alone is a coin toss: equal models would fail half the time. So a challenger is
refused when harm is shown or large, passed when harm beyond a small margin is ruled out, and
otherwise the champion stays and we say how many rows would settle it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .comparison import Codes, Comparison, Method, compare, rows_needed
from .metrics import RANKINGS, Floats

PASSED, REFUSED, INCONCLUSIVE = "passed", "refused", "inconclusive"


def margin(comparison: Comparison, delta: float) -> float:
    """How much worse still counts as equal: `delta` of a ranking, that share of a loss."""
    if comparison.metric in RANKINGS:
        return delta
    return max(delta * abs(comparison.other), 1e-12)


@dataclass(frozen=True)
class Slice:
    """One part of the holdout; without a comparison it was too small to be judged."""

    column: str
    level: str
    rows: int
    comparison: Comparison | None = None


@dataclass(frozen=True)
class Seen:
    """Everything the verdict rests on; `champion` and `anchor` are None before the first model."""

    baseline: Comparison
    champion: Comparison | None = None
    anchor: Comparison | None = None
    slices: tuple[Slice, ...] = ()
    few: bool = False  # too few entities of the rarer class for a firm verdict
    delta: float = 0.01


@dataclass(frozen=True)
class Verdict:
    """The outcome, why, and the rows that would settle an inconclusive one."""

    outcome: str
    reasons: list[str]
    rows_needed: int | None = None


def decide(seen: Seen) -> Verdict:
    """Apply the rule. Whatever is not shown to be good enough does not pass; nor does a NaN.

    Refused: U < 0, or delta <= -margin, or the bound against the baseline <= 0, or a slice is
    harmed, or the anchor is lost by 2 margins. Passed: L > -margin, and against the anchor, the
    best model ever approved, L > -2 margins: many small steps down add up (Feng, Emerson & Simon
    2021). Anything else is inconclusive.
    """
    pairs = (seen.baseline, seen.champion, seen.anchor)
    if not all(pair.finite for pair in pairs if pair is not None):
        return Verdict(REFUSED, ["a metric is missing, so nothing can be judged"])
    if refusals := list(_refusals(seen)):
        return Verdict(REFUSED, refusals)
    if doubts := list(_doubts(seen)):
        return Verdict(INCONCLUSIVE, doubts, _needed(seen))
    return Verdict(PASSED, [_praise(seen)])


def _refusals(seen: Seen) -> Iterator[str]:
    champion, anchor = seen.champion, seen.anchor
    if not seen.baseline.lower > 0:
        yield f"it does not surely beat the linear baseline, so use that ({_span(seen.baseline)})"
    if champion is not None:
        if champion.upper < 0:
            yield f"it is surely worse than the champion ({_span(champion)})"
        elif champion.delta <= -margin(champion, seen.delta):
            yield f"it is worse than the champion by more than the margin ({_span(champion)})"
    if anchor is not None and anchor.delta <= -2 * margin(anchor, seen.delta):
        yield f"it is far below the best model ever approved ({_span(anchor)})"
    judged = [(part, part.comparison) for part in seen.slices if part.comparison is not None]
    harmed = [(part, found) for part, found in judged if _harmed(found, seen.delta)]
    if harmed:
        part, worst = min(harmed, key=lambda pair: pair[1].delta)
        name = f"{part.column}={part.level}"
        yield f"it harms {len(harmed)} of {len(judged)} slices, most {name} ({_span(worst)})"


def _harmed(comparison: Comparison, delta: float) -> bool:
    if not comparison.finite:
        return True
    return comparison.strict_upper < 0 and comparison.delta <= -2 * margin(comparison, delta)


def _doubts(seen: Seen) -> Iterator[str]:
    champion, anchor = seen.champion, seen.anchor
    if champion is not None and not champion.lower > -margin(champion, seen.delta):
        yield f"it may be worse than the champion by more than the margin ({_span(champion)})"
    if anchor is not None and not anchor.lower > -2 * margin(anchor, seen.delta):
        yield f"it may be far below the best model ever approved ({_span(anchor)})"
    if champion is not None and seen.few:
        yield "the holdout has too few entities of the rarer class for a firm verdict"


def _praise(seen: Seen) -> str:
    if seen.champion is None:
        return f"it beats the linear baseline ({_span(seen.baseline)})"
    return f"it is not worse than the champion ({_span(seen.champion)})"


def _needed(seen: Seen) -> int | None:
    if seen.champion is None:
        return None
    return max(
        rows_needed(seen.champion, margin(seen.champion, seen.delta)), seen.champion.rows + 1
    )


def _span(comparison: Comparison) -> str:
    c = comparison
    interval = f"90 % interval {c.lower:+.4f} to {c.upper:+.4f}"
    return f"{c.metric} {c.challenger:.4f} against {c.other:.4f}, {interval}"


@dataclass(frozen=True)
class Holdout:
    """Labelled rows that no model was trained on, n of each."""

    task: str
    target: Floats
    entity: Codes
    slices: Mapping[str, NDArray[Any]]

    def rarer(self, rows: NDArray[np.bool_] | None = None, *, entities: bool = False) -> int:
        """Rows (or entities) outside the commonest class; for a regression all rows."""
        kept = np.ones(len(self.target), dtype=bool) if rows is None else rows
        target = self.target[kept]
        if self.task == "regression" or len(target) == 0:
            return len(target)
        labels, counts = np.unique(target, return_counts=True)
        rare = target != labels[counts.argmax()]
        return len(np.unique(self.entity[kept][rare])) if entities else int(rare.sum())


@dataclass(frozen=True)
class Enough:
    """What a slice needs to be judged."""

    rows: int = 200
    rarer: int = 50


def judge_slices(
    holdout: Holdout, method: Method, challenger: Floats, other: Floats, enough: Enough
) -> tuple[Slice, ...]:
    """Compare on every slice with enough rows; the others are kept, marked not judged."""
    parts = [
        (column, str(level), values == level)
        for column, values in holdout.slices.items()
        for level in sorted({v for v in values if v is not None}, key=str)
    ]
    judged = [
        bool(mask.sum() >= enough.rows and holdout.rarer(mask) >= enough.rarer)
        for _, _, mask in parts
    ]
    tests = max(sum(judged), 1)

    def on(mask: NDArray[np.bool_]) -> Comparison:
        target, entity = holdout.target[mask], holdout.entity[mask]
        return compare(method, target, challenger[mask], other[mask], entity, tests=tests)

    return tuple(
        Slice(column, level, int(mask.sum()), on(mask) if able else None)
        for (column, level, mask), able in zip(parts, judged, strict=True)
    )
