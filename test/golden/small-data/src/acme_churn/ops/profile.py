"""What one column of a stranger's file holds, and whether it gives the target away."""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .values import FALSE, TRUE, convert, is_missing

LEVELS = 50  # a category with more levels is not listed in the contract
DISTINCT = 200_000  # distinct values counted per column
ID = re.compile(r"(^|[^a-z])(id|uuid|guid|key)s?$|[a-z](ID|Id)$", re.I)
Type = Literal["number", "category", "boolean", "date", "text"]


@dataclass
class Profile:
    """One column, seen once from top to bottom; `bad` counts values that are not of a type."""

    name: str
    rows: int = 0
    missing: int = 0
    letters: int = 0
    low: float = np.inf
    high: float = -np.inf
    whole: bool = True
    zeros: bool = False  # codes such as 00123
    bad: dict[str, int] = field(default_factory=lambda: {"number": 0, "date": 0})
    distinct: set[str] = field(default_factory=set)
    hash: Any = field(default_factory=hashlib.sha256)

    def add(self, raw: NDArray[Any]) -> None:
        """Look at one batch."""
        words = convert(raw, "text")[0].tolist()
        there = [word for word in words if word is not None]
        self.rows, self.missing = self.rows + len(words), self.missing + len(words) - len(there)
        self.letters += sum(map(len, there))
        self.hash.update("\x1f".join(map(str, words)).encode())
        new = set(there)
        if len(self.distinct) < DISTINCT:
            self.distinct |= new
        self.zeros |= any(len(word) > 1 and word[0] == "0" and word.isdigit() for word in new)
        numbers, bad = convert(raw, "number")
        self.bad["number"] += int(bad.sum())
        dates = bad.any() or raw.dtype.kind == "M"
        self.bad["date"] += int(convert(raw, "date")[1].sum()) if dates else len(there)
        numbers = numbers[~np.isnan(numbers)]
        if len(numbers):
            self.low, self.high = min(self.low, numbers.min()), max(self.high, numbers.max())
            self.whole = self.whole and bool((numbers == np.floor(numbers)).all())

    @property
    def filled(self) -> int:
        """Rows with a value."""
        return self.rows - self.missing

    @property
    def unique(self) -> bool:
        """Nearly every value occurs once, as far as they were counted."""
        return len(self.distinct) >= min(0.98 * self.filled, DISTINCT)

    @property
    def type(self) -> Type:
        """The contract type that nearly all values have."""
        few, some = 0.01 * self.filled, self.distinct if len(self.distinct) <= 20 else {""}
        if {word.lower() for word in some} <= TRUE | FALSE and not self.distinct <= {"0", "1"}:
            return "boolean"
        if self.bad["number"] <= few and not self.zeros:
            return "number"
        if self.bad["date"] <= few:
            return "date"
        long = self.letters > 40 * self.filled
        return "text" if long or len(self.distinct) > max(LEVELS, 0.5 * self.filled) else "category"

    def useless(self) -> str:
        """Why a model cannot use the column; empty if it can."""
        named = bool(ID.search(self.name))
        counts = self.type == "number" and self.whole and self.unique
        if not self.filled:
            return "no values"
        if len(self.distinct) == 1 and not self.missing:
            return "one value only"
        if counts and (named or self.high - self.low + 1 == self.filled):
            return "an identifier" if named else "a row number"
        if self.type != "text":
            return ""
        return "an identifier" if self.unique and self.letters < 40 * self.filled else "free text"


def explained(values: NDArray[Any], target: NDArray[Any], task: str) -> float:
    """Share of the target's variance that bins of one column explain, on rows not used for it.

    `values` are converted, `target` is raw; near 1 the column gives the target away.
    """
    outcome = _outcome(target, task)
    there = ~np.isnan(outcome).any(axis=1)
    codes, outcome = _codes(values)[there], outcome[there]
    fit = np.random.default_rng(0).random(len(codes)) < 0.5
    if fit.sum() < 20:
        return 0.0
    overall = outcome[fit].mean(axis=0)
    counts = np.bincount(codes[fit], minlength=codes.max() + 1)[:, None]
    sums = np.zeros((len(counts), outcome.shape[1]))
    np.add.at(sums, codes[fit], outcome[fit])
    means = np.where(counts > 0, sums / np.maximum(counts, 1), overall)
    rest = ((outcome[~fit] - means[codes[~fit]]) ** 2).sum()
    total = ((outcome[~fit] - overall) ** 2).sum()
    return float(1 - rest / total) if total else 0.0


def _codes(values: NDArray[Any]) -> NDArray[np.intp]:
    """Bin 0 is missing; numbers fall into up to 50 bins, categories into their levels."""
    missing = is_missing(values)
    there = values[~missing]
    if values.dtype == object:
        codes = np.unique(there.astype(str), return_inverse=True)[1]
    else:
        there = there.astype(np.float64)
        edges = np.unique(np.quantile(there, np.arange(1, 50) / 50)) if len(there) else there
        codes = np.searchsorted(edges, there)
    found = np.zeros(len(values), dtype=np.intp)
    found[~missing] = codes + 1
    return found


def _outcome(target: NDArray[Any], task: str) -> NDArray[np.float64]:
    """The target as columns: its value, or one indicator per class; NaN without a label."""
    if task == "regression":
        return convert(target, "number")[0][:, None]
    words = convert(target, "category")[0]
    there = ~is_missing(words)
    names, codes = np.unique(words[there].astype(str), return_inverse=True)
    found = np.full((len(words), len(names)), np.nan)
    found[there] = np.eye(len(names))[codes]
    return found
