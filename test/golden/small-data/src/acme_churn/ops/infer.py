"""`use-data`: a contract for a stranger's file, to look at before it is accepted."""

import math
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from .contract import FLAGS, ROW, Array, Column, Columns, Contract, Type, convert, is_missing
from .data import write_partitions
from .release import answers_another, retire
from .settings import PROGRAM, Exit, OpsError, Workspace, nearest, sha256, write_text
from .tables import join_batches, read_batches

SAMPLE = 100_000  # rows, evenly spaced, that are looked at closely
LEVELS = 50  # a category with more levels is not listed in the contract
LEAK = 0.95  # share of the target's variance that one column explains
LONG = 40  # letters of a value that is free text
ID = re.compile(r"(^|[^a-z])(id|uuid|guid|key)s?$|[a-z](ID|Id)$", re.I)
TIME = re.compile(r"(^|[_ ])(date|day|month|week|time|period|snapshot|created|as_of)", re.I)
HEADER = """\
# The data contract: what each column must be, and what happens when it is not. Yours to edit.
# Policies: on_type, on_missing, on_range, on_new: refuse | quarantine | warn (on_new also: other).
# Roles: feature | target | entity (whom a row is about) | time (when it was true) | ignored.
"""


class Profile:
    """What the sample says about one column: the type that nearly all its values have."""

    def __init__(self, name: str, raw: Array) -> None:
        self.name, self.values = name, convert(raw, "text")[0]  # None is missing
        there = self.values[~is_missing(self.values)]
        self.levels, count = np.unique(there.astype(str)).tolist(), len(there)
        bad = {kind: int(convert(there, kind)[1].sum()) for kind in ("boolean", "number", "date")}
        padded = any(re.match(r"0\d+$", word) for word in self.levels)  # a code such as 01234
        long = sum(map(len, there)) > LONG * count or len(self.levels) > max(LEVELS, 0.5 * count)
        types: dict[Type, bool] = {
            "boolean": not bad["boolean"] and not {*self.levels} <= {"0", "1"},
            "number": bad["number"] <= 0.01 * count and not padded,
            "date": bad["date"] <= 0.01 * count,
            "text": long,
            "category": True,
        }
        self.type = next(kind for kind, fits in types.items() if fits)
        self.bad, self.missing = bad.get(self.type, 0), len(self.values) - count
        numbers = convert(there, "number")[0]
        self.numbers = numbers[~np.isnan(numbers)]
        self.unique = len(self.levels) >= 0.98 * count  # nearly every value occurs once
        self.whole = self.type == "number" and not (self.numbers % 1).any()


def useless(column: Profile) -> str:
    """Why a model cannot use a column; empty if it can."""
    counter, text = column.whole and column.unique, column.type == "text"
    short = text and column.unique and sum(map(len, column.levels)) < LONG * len(column.levels)
    reasons = {
        "no values": not column.levels,
        "one value only": len(column.levels) == 1 and not column.missing,
        "an identifier": short or (counter and ID.search(column.name)),
        "a row number": counter and len(np.unique(np.diff(column.numbers))) == 1,
        "free text": text,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def explained(values: Array, target: Array) -> float:
    """Share of the target's variance that a tree on one column explains, on rows not seen by it.

    Near 1 the column gives the target away: often it is known only afterwards.
    """
    from sklearn.tree import DecisionTreeRegressor

    there = ~is_missing(target)
    column, outcome = _codes(values[there])[:, None], _codes(target[there])
    fit = np.random.default_rng(0).random(len(outcome)) < 0.5
    if fit.sum() < 20 or not outcome[~fit].std():
        return 0.0
    tree = DecisionTreeRegressor(max_leaf_nodes=LEVELS, min_samples_leaf=5, random_state=0)
    return float(tree.fit(column[fit], outcome[fit]).score(column[~fit], outcome[~fit]))


def _codes(values: Array) -> Array:
    """Numbers as they are, words by their place in the alphabet."""
    if values.dtype == object:
        return np.unique(values.astype(str), return_inverse=True)[1].astype(np.float64)
    largest = float(np.finfo(np.float32).max)
    return np.where(is_missing(values), np.nan, values.astype(np.float64).clip(-largest, largest))


def inspect_file(
    source: Path, target: str, *, entity: str = "", time: str = "", task: str = ""
) -> Contract:
    """Stream a file once and propose its contract; errors say what the file lacks."""
    columns, labels = _sample(source, [name for name in (target, entity, time) if name])
    profiles = [Profile(name, raw) for name, raw in columns.items()]
    label = next(found for found in profiles if found.name == target)
    task, classes = _task(label, labels, task)
    who, when = _keys([found for found in profiles if found is not label])
    roles = {time or when: "time", entity or who: "entity", target: "target"}
    outcome = convert(label.values, "number" if task == "regression" else "category")[0]
    found = [_column(p, roles.get(p.name, "feature"), outcome) for p in profiles]
    if not any(column.role == "feature" for column in found):
        why = "; ".join(f"{c.name} is ignored ({c.note})" for c in found if c.note)
        message = f"No column of {source} can explain {target} ({why[:300]})."
        raise OpsError(message, "Give at least one that is known before it.", Exit.CONTRACT)
    return Contract.model_validate({"task": task, "classes": classes, "columns": found})


def _sample(source: Path, needed: list[str]) -> tuple[Columns, Counter[str | None]]:
    """Evenly spaced rows, and how often each label (of `needed[0]`) occurs in the whole file."""
    parts: list[Columns] = []
    labels: Counter[str | None] = Counter()
    step = 1
    for batch in read_batches(source):
        for absent in (name for name in needed if name not in batch):
            message = f"There is no column {absent!r} among {', '.join([*batch][:12])}."
            raise OpsError(message, f"Write {nearest(absent, [*batch])!r} if you meant that.")
        labels.update(convert(batch[needed[0]], "text")[0].tolist())
        parts.append({name: raw[::step].copy() for name, raw in batch.items()})
        if sum(len(part[needed[0]]) for part in parts) > SAMPLE:
            step *= 2
            parts = [{name: raw[::2].copy() for name, raw in part.items()} for part in parts]
    if not labels:
        raise OpsError(f"{source} has no rows.", "Give a file with rows.")
    return join_batches(parts), labels


def _task(target: Profile, labels: Counter[str | None], asked: str) -> tuple[str, list[str]]:
    """The task and its classes; of two, the second is the one that is predicted: the rarer one."""
    names, number = [name for name in labels if name], target.type == "number"
    kinds = len(names)
    few = target.whole and kinds <= 20 and sum(labels[name] for name in names) >= 10 * kinds
    guess = "binary" if kinds == 2 else "multiclass" if few or not number else "regression"
    task = asked or guess
    fits = {"binary": kinds == 2, "multiclass": 2 < kinds <= 100, "regression": number}[task]
    if kinds < 2 or not fits:
        words = {0: "is empty", 1: f"holds one value only ({''.join(names[:1])})"}
        told = words.get(kinds, f"has {kinds:,} different values")
        hint = "Name another column with --target, or group its values into 2 to 100 classes."
        raise OpsError(f"The target {target.name} {told}, which does not fit {task}.", hint)
    names.sort()
    if number:  # up to 1 % may be words: they come last
        size = convert(np.array(names, object), "number")[0]
        names = [names[i] for i in np.argsort(size, kind="stable")]
    if task == "binary" and not number:
        names.sort(key=lambda name: (FLAGS.get(name.lower(), 0.0), -labels[name]))
    return task, [] if task == "regression" else names


def _keys(profiles: list[Profile]) -> tuple[str | None, str | None]:
    """Columns named like an id (if any repeats, the finest of those) and like an observation."""
    ids = [p for p in profiles if ID.search(p.name) and not p.missing]
    ids = [p for p in ids if p.whole or p.type in ("category", "text")]
    ids = [p for p in ids if p.unique or len(p.levels) >= 0.02 * len(p.values)]
    ids.sort(key=lambda p: (p.unique, -len(p.levels)))
    times = [p for p in profiles if p.type == "date" and not p.missing + p.bad]
    times = [p for p in times if TIME.search(p.name) and "birth" not in p.name.lower()]
    return ids[0].name if ids else None, times[0].name if times else None


def _column(found: Profile, role: str, outcome: Array) -> Column:
    given: dict[str, Any] = {"name": found.name, "type": found.type, "role": role}
    if role != "feature":
        label = "category" if outcome.dtype == object else "number"
        types = {"entity": "category", "time": "date", "target": label}
        return Column.model_validate(given | {"type": types[role]})
    note = useless(found)
    if not note and (share := explained(convert(found.values, found.type)[0], outcome)) >= LEAK:
        note = f"tells the target almost alone ({share:.0%}); role feature if known before"
    if note:
        return Column.model_validate(given | {"role": "ignored", "note": note})
    given["nullable"] = found.missing + found.bad > 0
    if found.type == "number":
        numbers = found.numbers.clip(-1e300, 1e300)
        low, high = numbers.min(), numbers.max()
        room = 0.1 * (high - low) or 1.0
        digits = 1 - math.floor(math.log10(room))  # rounding takes a twentieth of the room
        given["min"] = max(round(low - room, digits), 0.0 if low >= 0 else -math.inf)
        given["max"] = round(high + room, digits)
    if found.type == "category" and len(found.levels) <= LEVELS:
        given["categories"] = found.levels
    if found.bad:
        given["on_type"] = "warn"
        given["note"] = f"{found.bad:,} values are no {found.type} and count as missing"
    return Column.model_validate(given)


def accept(work: Workspace, source: Path, contract: Contract) -> None:
    """Stream the file into the store, then write data.lock and conf/data.yaml."""
    gaps: set[str] = set()

    def typed() -> Iterator[Columns]:
        for raw in read_batches(source):
            columns = {c.name: convert(raw[c.name], c.type)[0] for c in contract.columns}
            gaps.update(name for name, values in columns.items() if is_missing(values).any())
            if contract.entity == ROW:  # a hash of the content: equal rows fall on the same side
                told = (raw[c.name] for c in contract.columns if c.role != "target")
                words = zip(*(convert(values, "text")[0] for values in told), strict=True)
                hashes = [sha256(repr(row)) for row in words]
                columns[ROW] = np.array(hashes, dtype=object)
            yield columns

    write_partitions(work, [typed()])
    gaps &= {column.name for column in contract.features}
    columns = [c.model_copy(update={"nullable": c.name in gaps}) for c in contract.columns]
    text = as_yaml(contract.model_copy(update={"columns": columns}))
    write_text(work.contract_path, text)
    (work.store_path / "challenger").unlink(missing_ok=True)


def as_yaml(contract: Contract) -> str:
    """The text of conf/data.yaml: one line per column, defaults left out."""
    style: dict[str, Any] = {"allow_unicode": True, "sort_keys": False, "width": 10**6}
    head = yaml.safe_dump(contract.model_dump(mode="json", exclude={"columns"}), **style)
    columns = (c.model_dump(mode="json", exclude_defaults=True) for c in contract.columns)
    lines = (yaml.safe_dump(c, default_flow_style=True, **style) for c in columns)
    return f"{HEADER}{head}columns:\n" + "".join(f"  - {line}" for line in lines)


def use_data(work: Workspace, path: Path, target: str, *, yes: bool = False, **said: str) -> str:
    """Describe a file, show that, and use the file from now on."""
    contract = inspect_file(path, target, **said)
    print(as_yaml(contract))
    if not yes and not sys.stdin.isatty():
        raise OpsError("Nobody is there to accept this.", "Add --yes to accept it.")
    if not yes and input("Use it? [y/N] ").strip().lower() not in ("y", "yes"):
        return "Nothing was changed."
    other = answers_another(work, contract)
    accept(work, path, contract)
    if other:
        retire(work)
    told = "\n  The champion answers another question: it was taken down." if other else ""
    return f"conf/data.yaml and data.lock describe it now. Next: `{PROGRAM} run`.{told}"
