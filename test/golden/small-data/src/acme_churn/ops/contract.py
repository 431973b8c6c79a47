"""The data contract: what each column must be, and what happens when it is not.

Batches and single rows of the service go through the same function.
"""

import hashlib
import json
import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from .settings import PROGRAM, Exit, OpsError, read_yaml

Columns = dict[str, NDArray[Any]]
MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "nat", "?", "-"})
TRUE, FALSE = frozenset({"true", "yes", "y", "t", "1"}), frozenset({"false", "no", "n", "f", "0"})
Policy = Literal["refuse", "quarantine", "warn"]
Action = Policy | Literal["other"]
Problem = Literal["absent", "unknown", "type", "missing", "range", "new"]
Unset = Literal["unset"]
OTHER = "other"
ROW = "__row__"  # identity of a row when the data have no entity column


class Column(BaseModel):
    """One column. `sensitive`, `protected` and `retention` (days) wait for a part that needs them.

    Policies: `refuse` fails the batch, `quarantine` sets the row aside, `warn` keeps it (a value
    of the wrong type becomes missing), `other` turns a new category into "other".
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    type: Literal["number", "category", "boolean", "date", "text"]
    role: Literal["feature", "target", "entity", "time", "ignored"] = "feature"
    nullable: bool = False
    min: float | None = None
    max: float | None = None
    categories: list[str] | None = None
    on_type: Policy = "refuse"
    on_missing: Policy = "refuse"
    on_range: Policy = "warn"
    on_new: Action = "other"
    sensitive: bool | Unset = "unset"
    protected: bool | Unset = "unset"
    retention: int | Unset = "unset"
    note: str = ""


class Contract(BaseModel):
    """What the data are, and what is predicted from them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Literal["sample", "own"] = "own"
    task: Literal["binary", "multiclass", "regression"]
    classes: list[str] = []
    label_delay_days: int = Field(0, ge=0)
    max_quarantine_share: float = Field(0.01, ge=0, le=1)
    columns: list[Column]

    @model_validator(mode="after")
    def _sound(self) -> "Contract":
        names = [column.name for column in self.columns]
        roles = [column.role for column in self.columns]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"column {name!r} is described twice")
        for role in ("target", "entity", "time"):
            if roles.count(role) > 1:
                raise ValueError(f"only one column may have the role {role!r}")
        for role in ("target", "feature"):
            if role not in roles:
                raise ValueError(f"no column has the role {role!r}")
        count = len(self.classes)
        if not {"binary": count == 2, "multiclass": count > 2}.get(self.task, True):
            raise ValueError(f"task {self.task!r} does not fit {count} classes")
        return self

    @property
    def target(self) -> str:
        """Name of the column that is predicted."""
        return self.named("target") or ""

    @property
    def entity(self) -> str | None:
        """Name of the column that says whom a row is about."""
        return self.named("entity")

    @property
    def time(self) -> str | None:
        """Name of the column that says when a row was true."""
        return self.named("time")

    @property
    def features(self) -> list[Column]:
        """The columns that a model may use."""
        return [column for column in self.columns if column.role == "feature"]

    def named(self, role: str) -> str | None:
        """Name of the only column with this role."""
        return next((c.name for c in self.columns if c.role == role), None)

    def digest(self) -> str:
        """SHA-256 of the contract's content."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


class Finding(NamedTuple):
    """A departure from the contract: where, what, what is done about it, how often, an example."""

    column: str
    problem: Problem
    action: Action
    rows: int
    example: str


@dataclass
class Checked:
    """Columns in their contract types; `kept` is false for rows in quarantine."""

    columns: Columns
    kept: NDArray[np.bool_]
    findings: list[Finding] = field(default_factory=list)

    @property
    def refused(self) -> list[Finding]:
        """The findings that fail the whole batch."""
        return [finding for finding in self.findings if finding.action == "refuse"]


def load_contract(path: Path) -> Contract:
    """Read conf/data.yaml (or a bundle's copy of it)."""
    found = read_yaml(path)
    try:
        return Contract.model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        parts = [str(part) for part in first["loc"]]
        if parts[:1] == ["columns"] and len(parts) > 1:  # name the column instead of its position
            column = found["columns"][int(parts[1])]
            parts[:2] = ["column", str(column.get("name") if isinstance(column, dict) else column)]
        raise OpsError(
            f"{' '.join([path.name, *parts])}: {first['msg'].removeprefix('Value error, ')}.",
            hint=f"Correct it, or describe your file again with `{PROGRAM} use-data`.",
            exit=Exit.CONTRACT,
        ) from error


def check_columns(
    contract: Contract,
    columns: Columns,
    *,
    roles: Collection[str] = ("feature", "entity", "time"),
) -> Checked:
    """Convert raw columns to their types and apply each column's policies.

    `roles` are those that must be there; the target is checked when it is there.
    Numbers and booleans become float64 (NaN is missing), categories and text an object array of
    `str | None`, dates datetime64[s]. Nothing is raised: see `Checked.refused`.
    """
    rows = len(next(iter(columns.values()), ()))
    checked = Checked({}, np.ones(rows, dtype=np.bool_))
    for column in contract.columns:
        if column.role != "ignored" and column.name in columns:
            checked.columns[column.name] = _check(column, columns[column.name], checked)
        elif column.role in roles:
            checked.findings.append(Finding(column.name, "absent", "refuse", rows, ""))
    known = {ROW, *(column.name for column in contract.columns)}
    more = [name for name in columns if name not in known]
    checked.findings += [Finding(name, "unknown", "warn", rows, "") for name in more]
    return checked


def _check(column: Column, raw: NDArray[Any], checked: Checked) -> NDArray[Any]:
    values, bad = convert(raw, column.type)
    tests: list[tuple[Problem, Action, NDArray[np.bool_]]] = [("type", column.on_type, bad)]
    if not column.nullable and column.role != "target":
        tests.append(("missing", column.on_missing, is_missing(values) & ~bad))
    if column.type == "number":
        low, high = (np.nan if bound is None else bound for bound in (column.min, column.max))
        tests.append(("range", column.on_range, (values < low) | (values > high)))
    if column.categories is not None and column.role != "target":
        known = {None, OTHER, *column.categories}
        new = np.fromiter((value not in known for value in values), np.bool_, len(values))
        tests.append(("new", column.on_new, new))
        values = np.where(new, OTHER, values) if column.on_new == "other" else values
    for problem, action, found in tests:
        if found.any():
            example = "" if problem == "missing" else str(raw[found.argmax()])[:40]
            rows = int(found.sum())
            checked.findings.append(Finding(column.name, problem, action, rows, example))
            checked.kept &= ~found if action == "quarantine" else True
    return values


def sentence(finding: Finding) -> str:
    """A finding in words."""
    example = f" (for example {finding.example!r})" if finding.example else ""
    what = {
        "absent": "the column is missing",
        "unknown": "the column is not in the contract",
        "type": f"{finding.rows:,} values of the wrong type{example}",
        "missing": f"{finding.rows:,} values missing",
        "range": f"{finding.rows:,} values out of range{example}",
        "new": f"{finding.rows:,} values of a new category{example}",
    }[finding.problem]
    return f"{finding.column}: {what} -> {finding.action}"


def is_missing(values: NDArray[Any]) -> NDArray[np.bool_]:
    """True where a converted value is NaN, NaT or None."""
    if values.dtype == object:
        return np.array([value is None for value in values], dtype=np.bool_)
    return np.asarray(np.isnat(values) if values.dtype.kind == "M" else np.isnan(values))


def convert(raw: NDArray[Any], type: str) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Values in a contract type, and a mask of those that cannot be (they become missing)."""
    if raw.dtype.kind == "M" and type == "date":
        return raw.astype("datetime64[s]"), np.zeros(len(raw), dtype=np.bool_)
    if raw.dtype.kind in "fiub" and type == "number":
        values = raw.astype(np.float64)
        bad = np.isinf(values)
        return np.where(bad, np.nan, values), bad
    if type == "number" and (quick := _quickly(raw)) is not None:
        return quick, np.zeros(len(raw), dtype=np.bool_)
    nested = (list, dict)  # they come in JSON, and no column holds them
    words = [_BAD if isinstance(value, nested) else value for value in raw.tolist()]
    parsed = {word: _parse(word, _PARSERS[type]) for word in set(words)}
    found = [parsed[word] for word in words]
    bad = np.array([value is _BAD for value in found], dtype=np.bool_)
    dtype = {"date": "datetime64[s]", "category": "object", "text": "object"}.get(type, "float64")
    return np.array([None if v is _BAD else v for v in found], dtype=dtype), bad


def _quickly(raw: NDArray[Any]) -> NDArray[np.float64] | None:
    """Numbers without a look at each; None if one of them needs it."""
    words = ["nan" if value is None else value for value in raw.tolist()]
    try:
        values = np.array(words, dtype=np.float64)
    except (ValueError, TypeError, OverflowError):
        return None
    odd = np.isinf(values).any() or any(isinstance(w, str) and "_" in w for w in words)
    return None if odd or values.shape != raw.shape else values


def _parse(value: Any, parse: Callable[[Any], Any]) -> Any:
    """The value as its type, None if it is missing, `_BAD` if it is not of the type."""
    if value is None or value is _BAD or value != value:
        return _BAD if value is _BAD else None
    try:
        return parse(value)
    except (ValueError, TypeError, OverflowError):
        return None if str(value).strip().lower() in MISSING else _BAD


def _number(value: Any) -> float:
    number = float(value)
    if math.isinf(number) or (isinstance(value, str) and "_" in value):
        raise ValueError
    return number


def _boolean(value: Any) -> float:
    word = _word(value).lower()
    if word not in TRUE | FALSE:
        raise ValueError
    return float(word in TRUE)


def _word(value: Any) -> str:
    """The text of a value; 3 and 3.0 are the same level."""
    whole = isinstance(value, float) and value.is_integer()
    word = str(int(value)) if whole else str(value).strip()
    if word.lower() in MISSING:
        raise ValueError
    return word


def _moment(value: Any) -> datetime:
    """An ISO 8601 date or time in UTC; without dashes (20260101) it is more often a number."""
    if not isinstance(value, datetime | str) or "-" not in str(value)[1:]:
        raise ValueError
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value.strip())
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


_BAD = object()
_PARSERS: dict[str, Callable[[Any], Any]] = {
    "number": _number,
    "boolean": _boolean,
    "date": _moment,
    "category": _word,
    "text": _word,
}
