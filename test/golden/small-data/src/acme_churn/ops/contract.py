"""The data contract: what each column must be, and what happens when it is not.

Batches and single rows of the service go through the same function.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from .settings import PROGRAM, Exit, Section

Columns = dict[str, NDArray[Any]]
MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "nat", "?", "-"})
TRUE, FALSE = frozenset({"true", "yes", "y", "t", "1"}), frozenset({"false", "no", "n", "f", "0"})
Type = Literal["number", "category", "boolean", "date", "text"]
Policy = Literal["refuse", "quarantine", "warn"]
OTHER = "other"
ROW = "__row__"  # identity of a row when the data have no entity column
GIVEN = ("feature", "entity", "time")  # roles of the columns that are there before the target


class Column(Section):
    """One column. `sensitive`, `protected` and `retention` (days) wait for a part that needs them.

    Policies: `refuse` fails the batch, `quarantine` sets the row aside, `warn` keeps it (a value
    of the wrong type becomes missing), `other` turns a new category into "other".
    """

    name: str
    type: Type
    role: Literal["feature", "target", "entity", "time", "ignored"] = "feature"
    nullable: bool = False
    min: float | None = None
    max: float | None = None
    categories: list[str] | None = None
    on_type: Policy = "refuse"
    on_missing: Policy = "refuse"
    on_range: Policy = "warn"
    on_new: Policy | Literal["other"] = "other"
    sensitive: bool | Literal["unset"] = "unset"
    protected: bool | Literal["unset"] = "unset"
    retention: int | Literal["unset"] = "unset"
    note: str = ""


class Contract(Section):
    """What the data are, and what is predicted from them."""

    source: Literal["sample", "own"] = "own"
    task: Literal["binary", "multiclass", "regression"]
    classes: list[str] = Field(default=[])
    label_delay_days: int = Field(0, ge=0)
    max_quarantine_share: float = Field(0.01, ge=0, le=1)
    columns: list[Column]

    @model_validator(mode="after")
    def _sound(self) -> "Contract":
        names = Counter(column.name for column in self.columns)
        roles: list[str] = [column.role for column in self.columns]
        for name in (name for name, count in names.items() if count > 1):
            raise ValueError(f"column {name!r} is described twice")
        for role in ("target", "feature"):
            if role not in roles:
                raise ValueError(f"no column has the role {role!r}")
        for role in ("target", "entity", "time"):
            if roles.count(role) > 1:
                raise ValueError(f"only one column may have the role {role!r}")
        count = len(self.classes)
        if not {"binary": count == 2, "multiclass": count > 2}.get(self.task, True):
            raise ValueError(f"task {self.task!r} does not fit {count} classes")
        return self

    @property
    def target(self) -> str:
        """Name of the column that is predicted."""
        return self._named("target") or ""

    @property
    def entity(self) -> str | None:
        """Name of the column that says whom a row is about."""
        return self._named("entity")

    @property
    def time(self) -> str | None:
        """Name of the column that says when a row was true."""
        return self._named("time")

    @property
    def features(self) -> list[Column]:
        """The columns that a model may use."""
        return [column for column in self.columns if column.role == "feature"]

    def _named(self, role: str) -> str | None:
        return next((column.name for column in self.columns if column.role == role), None)

    def digest(self) -> str:
        """SHA-256 of the contract's content."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def load_contract(path: Path) -> Contract:
    """Read conf/data.yaml (or a bundle's copy of it)."""
    hint = f"Correct it, or describe your file again with `{PROGRAM} use-data`."
    return Contract.read(path, hint, Exit.CONTRACT)


class Finding(NamedTuple):
    """A departure from the contract: where, what, what is done about it, how often, an example."""

    column: str
    problem: str
    action: str
    rows: int
    example: str = ""


def sentence(finding: Finding) -> str:
    """A finding in words."""
    example = f" (for example {finding.example!r})" if finding.example else ""
    count = f"{finding.rows:,} " if finding.problem.startswith("values") else ""
    return f"{finding.column}: {count}{finding.problem}{example} -> {finding.action}"


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


def check_columns(
    contract: Contract, columns: Columns, *, roles: Collection[str] = GIVEN
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
            checked.findings.append(Finding(column.name, "the column is missing", "refuse", rows))
    for name in columns.keys() - {ROW, *(column.name for column in contract.columns)}:
        told = Finding(name, "the column is not in the contract", "warn", rows)
        checked.findings.append(told)
    return checked


def _check(column: Column, raw: NDArray[Any], checked: Checked) -> NDArray[Any]:
    """The values in their type; what departs from the contract is noted in `checked`."""
    values, bad = convert(raw, column.type)
    tests: list[tuple[str, str, NDArray[np.bool_]]] = [("of the wrong type", column.on_type, bad)]
    if column.role != "target" and not column.nullable:
        tests.append(("missing", column.on_missing, is_missing(values) & ~bad))
    if column.type == "number":
        low, high = (np.nan if bound is None else bound for bound in (column.min, column.max))
        tests.append(("out of range", column.on_range, (values < low) | (values > high)))
    if column.role != "target" and column.categories is not None:
        known = {None, OTHER, *column.categories}
        new = np.array([value not in known for value in values.tolist()], dtype=np.bool_)
        tests.append(("of a new category", column.on_new, new))
        values = np.where(new, OTHER, values) if column.on_new == "other" else values
    for problem, action, found in tests:
        if found.any():
            example = "" if problem == "missing" else str(raw[found.argmax()])[:40]
            told = Finding(column.name, f"values {problem}", action, int(found.sum()), example)
            checked.findings.append(told)
            checked.kept &= ~found | (action != "quarantine")
    return values


def is_missing(values: NDArray[Any]) -> NDArray[np.bool_]:
    """True where a converted value is NaN, NaT or None."""
    return np.asarray(values == np.array(None) if values.dtype == object else values != values)


def convert(raw: NDArray[Any], type: str) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Values in a contract type, and a mask of those that cannot be (they become missing)."""
    if type == "date" and raw.dtype.kind == "M":
        return raw.astype("datetime64[s]"), np.zeros(len(raw), dtype=np.bool_)
    if type == "number" and raw.dtype.kind in "fiu":
        bad = np.isinf(raw)
        return np.where(bad, np.nan, raw).astype(np.float64), bad
    parse, dtype = PARSERS[type]
    words = raw.tolist()
    parsed = {word: _parsed(word, parse) for word in set(words)}
    found = [parsed[word] for word in words]
    bad = np.array([value is BAD for value in found], dtype=np.bool_)
    return np.array([None if value is BAD else value for value in found], dtype=dtype), bad


def _parsed(value: Any, parse: Callable[[Any], Any]) -> Any:
    """The value as its type, None if it is missing, `BAD` if it is not of the type."""
    if value is None or value != value or str(value).strip().lower() in MISSING:
        return None
    try:
        return parse(value)
    except (ValueError, TypeError, OverflowError):
        return BAD


def _number(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number) or "_" in str(value):
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
    return str(int(value)) if whole else str(value).strip()


def _moment(value: Any) -> datetime:
    """An ISO 8601 date or time in UTC; without dashes (20260101) it is more often a number."""
    if "-" not in str(value)[1:]:
        raise ValueError
    moment = datetime.fromisoformat(str(value).strip())
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


BAD = object()
PARSERS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "number": (_number, "float64"),
    "boolean": (_boolean, "float64"),
    "date": (_moment, "datetime64[s]"),
    "category": (_word, "object"),
    "text": (_word, "object"),
}
