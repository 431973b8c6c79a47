"""`use-data`: a contract for a stranger's file, to look at before it is accepted."""

import difflib
import hashlib
import logging
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from .contract import ROW, Column, Contract
from .errors import Exit, OpsError
from .profile import ID, LEVELS, Profile, Type, explained
from .settings import Project
from .store import Partition, write_partitions
from .tables import join_batches, read_batches
from .values import Columns, convert

log = logging.getLogger(__name__)
SAMPLE = 20_000  # rows looked at for leaks
LEAK = 0.95  # share of the target's variance that one column explains
TIME = re.compile(
    r"(^|[_ ])(date|day|month|week|time|timestamp|period|snapshot|created|as_of)", re.I
)
POSITIVE = ("1", "true", "yes", "y", "t", "positive", "churned", "malignant")
HEADER = """\
# The data contract: what each column must be, and what happens when it is not. Yours to edit.
# Policies: on_type, on_missing, on_range, on_new: refuse | quarantine | warn (on_new also: other).
# Roles: feature | target | entity (whom a row is about) | time (when it was true) | ignored.
"""


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
    profiles: dict[str, Profile] = {}
    sample: list[Columns] = []
    for batch in read_batches(source):
        for name in filter(None, (target, entity, time)):
            _must_have(name, list(batch))
        profiles = profiles or {name: Profile(name) for name in batch}
        room = SAMPLE - profiles[target].rows
        if room > 0:  # copies: a slice would keep the whole batch in memory
            sample.append({name: raw[:room].copy() for name, raw in batch.items()})
        for name, raw in batch.items():
            profiles[name].add(raw)
        log.info(f"use-data: {profiles[target].rows:,} rows read")
    if not profiles:
        raise OpsError(f"{source} has no rows.", hint="Give a file with rows.")
    head = join_batches(sample)
    task = _task(profiles[target], task)
    classes = [] if task == "regression" else _classes(profiles[target], head[target])
    roles = {target: "target"}
    for role, column in {
        "entity": entity or _entity(profiles),
        "time": time or _time(profiles),
    }.items():
        if column:
            roles.setdefault(column, role)
    columns = _columns(profiles, roles, head, target, task)
    return _proposal(source, profiles[target], task, classes, columns)


def _must_have(name: str, names: list[str]) -> None:
    if name not in names:
        near = difflib.get_close_matches(name, names, 1, 0.4)
        known = ", ".join(names[:12]) + (" and more" if len(names) > 12 else "")
        hint = f"Write {near[0]!r} if you meant that." if near else "Name one of them."
        raise OpsError(f"There is no column {name!r} among {known}.", hint=hint)


def _task(target: Profile, asked: str | None) -> str:
    kinds, numeric = len(target.distinct), target.type == "number"
    few = numeric and target.whole and kinds <= 20 and target.filled >= 10 * kinds
    guess = "binary" if kinds == 2 else "multiclass" if few or not numeric else "regression"
    task = asked or guess
    problem = ""
    if kinds < 2:
        problem = "is empty" if kinds == 0 else f"holds one value only ({min(target.distinct)})"
    elif task == "regression" and not numeric:
        problem = "is no number, which does not fit regression"
    elif task != "regression" and (kinds > 100 or (kinds > 2) != (task == "multiclass")):
        problem = f"has {kinds:,} different values, which does not fit {task}"
    if problem:
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
    best = max(repeated, key=lambda p: len(p.distinct), default=None)
    return best.name if best else next((p.name for p in found if p.unique), None)


def _time(profiles: dict[str, Profile]) -> str | None:
    """A complete date column named like a moment of observation."""
    dates = [p for p in profiles.values() if p.type == "date" and not p.missing | p.bad["date"]]
    names = [p.name for p in dates if TIME.search(p.name) and "birth" not in p.name.lower()]
    return next(iter(names), None)


def _columns(
    profiles: dict[str, Profile], roles: dict[str, str], head: Columns, target: str, task: str
) -> list[Column]:
    types: dict[str, Type] = {"entity": "category", "time": "date"}
    types["target"] = "number" if task == "regression" else "category"
    seen: dict[bytes, str] = {}
    columns = []
    for name, profile in profiles.items():
        twin = seen.setdefault(profile.hash.digest(), name)
        if name in roles:
            columns.append(_column(profile, types[roles[name]], roles[name]))
            continue
        note = profile.useless() or (f"the same values as {twin}" if twin != name else "")
        if not note:
            share = explained(convert(head[name], profile.type)[0], head[target], task)
            if share >= LEAK:  # such a column is often known only afterwards
                note = f"tells the target almost alone ({share:.0%}); role feature if known before"
        columns.append(_column(profile, profile.type, "ignored" if note else "feature", note))
    return columns


def _column(profile: Profile, type: Type, role: str, note: str = "") -> Column:
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


def _proposal(
    source: Path, target: Profile, task: str, classes: list[str], columns: list[Column]
) -> Proposal:
    if not any(column.role == "feature" for column in columns):
        why = "; ".join(f"{c.name} is ignored ({c.note})" for c in columns if c.note)
        raise OpsError(
            f"No column of {source} can explain {target.name}: {why[:300] or 'there is none'}.",
            hint="Give a table with at least one column that is known before the target.",
            exit=Exit.CONTRACT,
        )
    contract = Contract.model_validate({"task": task, "classes": classes, "columns": columns})
    notes = [f"{target.missing:,} rows have no {target.name} yet."] if target.missing else []
    if contract.time:
        notes.append("Set label_delay_days if labels come later than their rows.")
    return Proposal(source, contract, target.rows, notes)


def accept(project: Project, proposal: Proposal) -> list[Partition]:
    """Stream the file into the store, then write data.lock and conf/data.yaml."""
    contract = proposal.contract

    def typed() -> Iterator[Columns]:
        for raw in read_batches(proposal.source):
            columns = {c.name: convert(raw[c.name], c.type)[0] for c in contract.columns}
            yield columns if contract.entity else columns | {ROW: _identities(raw)}

    partitions = write_partitions(project, typed())
    project.contract_path.write_text(as_yaml(contract), encoding="utf-8")
    return partitions


def _identities(raw: Columns) -> NDArray[Any]:
    """A hash of each row's content: equal rows fall on the same side of the split."""
    words = zip(*(convert(values, "text")[0] for values in raw.values()), strict=True)
    texts = ("\x1f".join(map(str, row)).encode() for row in words)
    return np.array([hashlib.sha256(text).hexdigest()[:16] for text in texts], dtype=object)


def as_yaml(contract: Contract) -> str:
    """The text of conf/data.yaml: one line per column, defaults left out."""

    def dump(content: dict[str, Any], flow: bool | None) -> str:
        options: dict[str, Any] = {"allow_unicode": True, "sort_keys": False, "width": 10**6}
        return str(yaml.safe_dump(content, default_flow_style=flow, **options))

    top = dump(contract.model_dump(mode="json", exclude={"columns"}), None)
    columns = (c.model_dump(mode="json", exclude_defaults=True) for c in contract.columns)
    return HEADER + top + "columns:\n" + "".join(f"  - {dump(c, True)}" for c in columns)
