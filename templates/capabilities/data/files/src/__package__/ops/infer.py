"""`use-data`: a contract for a stranger's file, to look at before it is accepted."""

import hashlib
import logging
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import yaml
from numpy.typing import NDArray

from .contract import FALSE, ROW, TRUE, Column, Columns, Contract, convert, is_missing
from .data import Partition, write_partitions
from .settings import Exit, OpsError, nearest
from .tables import join_batches, read_batches
from .workspace import Workspace

log = logging.getLogger(__name__)
Type = Literal["number", "category", "boolean", "date", "text"]
LEVELS = 50  # a category with more levels is not listed in the contract
DISTINCT = 200_000  # distinct values counted per column
SAMPLE = 20_000  # rows looked at for leaks
LEAK = 0.95  # share of the target's variance that one column explains
LONG = 40  # letters of a value that is free text
ID = re.compile(r"(^|[^a-z])(id|uuid|guid|key)s?$|[a-z](ID|Id)$", re.I)
TIME = re.compile(r"(^|[_ ])(date|day|month|week|time|period|snapshot|created|as_of)", re.I)
POSITIVE = ("1", "true", "yes", "y", "t", "positive", "churned", "malignant")
HEADER = """\
# The data contract: what each column must be, and what happens when it is not. Yours to edit.
# Policies: on_type, on_missing, on_range, on_new: refuse | quarantine | warn (on_new also: other).
# Roles: feature | target | entity (whom a row is about) | time (when it was true) | ignored.
"""


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
        many = len(self.distinct) > max(LEVELS, 0.5 * self.filled)
        return "text" if many or self.letters > LONG * self.filled else "category"

    def useless(self) -> str:
        """Why a model cannot use the column; empty if it can."""
        counted = self.type == "number" and self.whole and self.unique
        named = counted and bool(ID.search(self.name))
        short = self.type == "text" and self.unique and self.letters < LONG * self.filled
        reasons = {
            "no values": not self.filled,
            "one value only": len(self.distinct) == 1 and not self.missing,
            "an identifier": named or short,
            "a row number": counted and self.high - self.low + 1 == self.filled,
            "free text": self.type == "text",
        }
        return next((reason for reason, holds in reasons.items() if holds), "")


def explained(values: NDArray[Any], target: NDArray[Any], task: str) -> float:
    """Share of the target's variance that a tree on one column explains, on rows not seen by it.

    `values` are converted, `target` is raw; near 1 the column gives the target away.
    """
    from sklearn.metrics import r2_score
    from sklearn.tree import DecisionTreeRegressor

    outcome = convert(target, "number" if task == "regression" else "category")[0]
    there = ~is_missing(outcome)
    outcome, column = outcome[there], values[there]
    if task != "regression":
        outcome = np.unique(outcome.astype(str), return_inverse=True)[1]
        outcome = np.eye(outcome.max() + 1)[outcome]
    if column.dtype == object:
        column = np.unique(column.astype(str), return_inverse=True)[1]
    column = np.where(is_missing(column), np.nan, column.astype(np.float64))[:, None]
    fit = np.random.default_rng(0).random(len(column)) < 0.5
    if fit.sum() < 20 or not outcome[~fit].std(axis=0).any():
        return 0.0
    tree = DecisionTreeRegressor(max_leaf_nodes=LEVELS, min_samples_leaf=5, random_state=0)
    found = tree.fit(column[fit], outcome[fit]).predict(column[~fit])
    return float(r2_score(outcome[~fit], found, multioutput="variance_weighted"))


@dataclass(frozen=True)
class Proposal:
    """A contract for a file, to be shown and then accepted."""

    source: Path
    contract: Contract
    rows: int
    notes: list[str]

    def table(self) -> str:
        """One line per column, for people."""
        columns, classes = self.contract.columns, ", ".join(self.contract.classes)
        head = f"{self.rows:,} rows, task {self.contract.task}"
        wide = max(len(column.name) for column in columns)
        lines = [f"  {c.name:<{wide}}  {c.role:<8} {c.type:<8} {c.note}".rstrip() for c in columns]
        return "\n".join([f"{head}, classes {classes}" if classes else head, *lines, *self.notes])


def inspect_file(
    source: Path,
    target: str,
    *,
    entity: str | None = None,
    time: str | None = None,
    task: str | None = None,
) -> Proposal:
    """Stream a file once and propose its contract; errors say what the file lacks."""
    profiles, head = _profiles(source, [name for name in (target, entity, time) if name])
    task = _task(profiles[target], task)
    classes = [] if task == "regression" else _classes(profiles[target], head[target])
    roles: dict[str | None, str] = {
        time or _time(profiles): "time",
        entity or _entity(profiles): "entity",
    }
    columns = _columns(profiles, roles | {target: "target"}, head, target, task)
    missing = profiles[target].missing
    notes = [f"{missing:,} rows have no {target} yet."] if missing else []
    if not any(column.role == "feature" for column in columns):
        why = "; ".join(f"{c.name} is ignored ({c.note})" for c in columns if c.note)
        raise OpsError(
            f"No column of {source} can explain {target}: {why[:300] or 'there is none'}.",
            hint="Give a table with at least one column that is known before the target.",
            exit=Exit.CONTRACT,
        )
    contract = Contract.model_validate({"task": task, "classes": classes, "columns": columns})
    if contract.time:
        notes.append("Set label_delay_days if labels come later than their rows.")
    return Proposal(source, contract, profiles[target].rows, notes)


def _profiles(source: Path, wanted: list[str]) -> tuple[dict[str, Profile], Columns]:
    """A profile of every column, and the first rows."""
    profiles: dict[str, Profile] = {}
    sample: list[Columns] = []
    rows = 0
    for batch in read_batches(source):
        for absent in (name for name in wanted if name not in batch):
            known = ", ".join([*batch][:12]) + (" and more" if len(batch) > 12 else "")
            raise OpsError(
                f"There is no column {absent!r} among {known}.",
                hint=f"Write {nearest(absent, [*batch])!r} if you meant that.",
            )
        if rows < SAMPLE:  # copies: a slice would keep the whole batch in memory
            sample.append({name: raw[: SAMPLE - rows].copy() for name, raw in batch.items()})
        for name, raw in batch.items():
            profiles.setdefault(name, Profile(name)).add(raw)
        rows = profiles[wanted[0]].rows
        log.info(f"use-data: {rows:,} rows read")
    if not rows:
        raise OpsError(f"{source} has no rows.", hint="Give a file with rows.")
    return profiles, join_batches(sample)


def _task(target: Profile, asked: str | None) -> str:
    kinds, numeric = len(target.distinct), target.type == "number"
    few = numeric and target.whole and kinds <= 20 and target.filled >= 10 * kinds
    guess = "binary" if kinds == 2 else "multiclass" if few or not numeric else "regression"
    task = asked or guess
    classes = task != "regression" and (kinds > 100 or (kinds > 2) != (task == "multiclass"))
    problems = {
        "is empty": kinds == 0,
        f"holds one value only ({min(target.distinct, default='')})": kinds == 1,
        "is no number, which does not fit regression": task == "regression" and not numeric,
        f"has {kinds:,} different values, which does not fit {task}": classes,
    }
    for problem in (name for name, found in problems.items() if found):
        raise OpsError(
            f"The target {target.name} {problem}.",
            hint="Name another column with --target, or group its values into 2 to 100 classes.",
        )
    return task


def _classes(target: Profile, head: NDArray[Any]) -> list[str]:
    """Classes in order; of two, the second is the one that is predicted: the rarer one."""
    if target.type == "number":
        return sorted(target.distinct, key=float)
    if len(target.distinct) > 2:
        return sorted(target.distinct)
    words = convert(head, "category")[0].tolist()
    return sorted(target.distinct, key=lambda w: (w.lower() in POSITIVE, -words.count(w), w))


def _entity(profiles: dict[str, Profile]) -> str | None:
    """A column named like an id: one that repeats (most distinct values), else a unique one."""
    named = [p for p in profiles.values() if ID.search(p.name) and not p.missing]
    found = [p for p in named if p.type != "number" or p.whole]
    repeated = [p for p in found if not p.unique and len(p.distinct) >= 0.02 * p.rows]
    repeated.sort(key=lambda p: -len(p.distinct))
    return next((p.name for p in [*repeated, *found] if p in repeated or p.unique), None)


def _time(profiles: dict[str, Profile]) -> str | None:
    """A complete date column named like a moment of observation."""
    dates = [p for p in profiles.values() if p.type == "date" and not p.missing | p.bad["date"]]
    names = [p.name for p in dates if TIME.search(p.name) and "birth" not in p.name.lower()]
    return next(iter(names), None)


def _columns(
    profiles: dict[str, Profile],
    roles: dict[str | None, str],
    head: Columns,
    target: str,
    task: str,
) -> list[Column]:
    types: dict[str, Type] = {"entity": "category", "time": "date"}
    types["target"] = "number" if task == "regression" else "category"
    twins: dict[bytes, str] = {}
    columns = []
    for name, profile in profiles.items():
        twin = twins.setdefault(profile.hash.digest(), name)
        role, note = roles.get(name, "feature"), ""
        if role == "feature":
            note = profile.useless() or (f"the same values as {twin}" if twin != name else "")
            share = (
                0.0 if note else explained(convert(head[name], profile.type)[0], head[target], task)
            )
            if share >= LEAK:  # such a column is often known only afterwards
                note = f"tells the target almost alone ({share:.0%}); role feature if known before"
            role = "ignored" if note else role
        columns.append(_column(profile, types.get(role, profile.type), role, note))
    return columns


def _column(profile: Profile, type: Type, role: str, note: str) -> Column:
    given: dict[str, Any] = {"name": profile.name, "type": type, "role": role, "note": note}
    if role in ("feature", "target"):
        given["nullable"] = profile.missing > 0
    if role == "feature" and type == "number":
        room = 0.1 * (profile.high - profile.low) or 1.0
        digits = 1 - math.floor(math.log10(room))  # rounding takes a twentieth of the room
        low = round(profile.low - room, digits)
        given["min"] = max(low, 0.0) if profile.low >= 0 else low
        given["max"] = round(profile.high + room, digits)
    if role == "feature" and type == "category" and len(profile.distinct) <= LEVELS:
        given["categories"] = sorted(profile.distinct)
    if profile.bad.get(type):
        given |= {"on_type": "warn", "nullable": True}
        given["note"] = note or f"{profile.bad[type]:,} values are no {type} and count as missing"
    return Column(**given)


def accept(work: Workspace, proposal: Proposal) -> list[Partition]:
    """Stream the file into the store, then write data.lock and conf/data.yaml."""
    contract = proposal.contract

    def typed() -> Iterator[Columns]:
        for raw in read_batches(proposal.source):
            columns = {c.name: convert(raw[c.name], c.type)[0] for c in contract.columns}
            yield columns if contract.entity else columns | {ROW: _identities(raw)}

    partitions = write_partitions(work, [typed()])
    work.contract_path.write_text(as_yaml(contract), encoding="utf-8")
    return partitions


def _identities(raw: Columns) -> NDArray[Any]:
    """A hash of each row's content: equal rows fall on the same side of the split."""
    words = zip(*(convert(values, "text")[0] for values in raw.values()), strict=True)
    texts = ("\x1f".join(map(str, row)).encode() for row in words)
    return np.array([hashlib.sha256(text).hexdigest()[:16] for text in texts], dtype=object)


def as_yaml(contract: Contract) -> str:
    """The text of conf/data.yaml: one line per column, defaults left out."""
    style: dict[str, Any] = {"allow_unicode": True, "sort_keys": False, "width": 10**6}
    head = yaml.safe_dump(contract.model_dump(mode="json", exclude={"columns"}), **style)
    columns = (c.model_dump(mode="json", exclude_defaults=True) for c in contract.columns)
    lines = (yaml.safe_dump(c, default_flow_style=True, **style) for c in columns)
    return f"{HEADER}{head}columns:\n" + "".join(f"  - {line}" for line in lines)
