"""The data contract: the same `Check` for batches and for single rows of the service."""

import math
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from .settings import PROGRAM, Exit, OpsError, Section, sha256

Array = NDArray[Any]
Floats = NDArray[np.float64]
Columns = dict[str, Array]
Mask = NDArray[np.bool_]
MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "nat", "?", "-"})
FLAGS = dict.fromkeys(("true", "yes", "y", "t", "1"), 1.0)
FLAGS |= dict.fromkeys(("false", "no", "n", "f", "0"), 0.0)
DTYPES = {"number": "float64", "boolean": "float64", "date": "datetime64[s]"}
Type = Literal["number", "category", "boolean", "date", "text"]
Policy = Literal["refuse", "quarantine", "warn"]
OTHER = "other"
RESERVED = re.compile(r"(bundle|prediction|prediction:.*)$")  # columns of scored rows
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
    def _sound(self) -> Self:
        names = [column.name for column in self.columns]
        roles = [str(column.role) for column in self.columns]
        count = len(self.classes)
        fits = {"binary": count == 2, "multiclass": count > 2}.get(self.task, True)
        wrong = [f"column {name!r} is described twice" for name in names if names.count(name) > 1]
        wrong += [f"no column has the role {r!r}" for r in ("target", "feature") if r not in roles]
        once = ("target", "entity", "time")
        wrong += [f"only one column may have the role {r!r}" for r in once if roles.count(r) > 1]
        wrong += [f"the name {n!r} is the program's own" for n in names if RESERVED.match(n)]
        wrong += [] if fits else [f"task {self.task!r} does not fit {count} classes"]
        for problem in wrong:
            raise ValueError(problem)
        return self

    @property
    def target(self) -> str:
        """The column that is predicted."""
        return next(column.name for column in self.columns if column.role == "target")

    @property
    def entity(self) -> str:
        """The column that says whom a row is about; ROW if there is none."""
        return next((column.name for column in self.columns if column.role == "entity"), ROW)

    @property
    def time(self) -> str | None:
        """The column that says when a row was true, if there is one."""
        return next((column.name for column in self.columns if column.role == "time"), None)

    @property
    def keys(self) -> list[str]:
        """The columns that identify a row: the entity and, if there is one, the time."""
        return [self.entity, self.time] if self.time else [self.entity]

    @property
    def features(self) -> list[Column]:
        """The columns that a model may use."""
        return [column for column in self.columns if column.role == "feature"]

    def digest(self) -> str:
        """SHA-256 of the contract's content."""
        return sha256(self.model_dump_json())


def load_contract(path: Path) -> Contract:
    """Read conf/data.yaml (or a bundle's copy of it)."""
    hint = f"Correct it, or describe your file again with `{PROGRAM} use-data`."
    return Contract.read(path, hint, Exit.CONTRACT)


@dataclass
class Check:
    """Checks batch after batch, adding up; `roles` must be there, the target is optional."""

    contract: Contract
    roles: Collection[str] = GIVEN
    rows: int = 0
    quarantined: int = 0
    found: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # column, problem, action

    def __call__(self, raw: Columns) -> tuple[Columns, Mask]:
        """The columns in their contract types, see `convert`; false are rows in quarantine."""
        kept = np.ones(len(next(iter(raw.values()), ())), dtype=np.bool_)
        columns: Columns = {}
        for column in self.contract.columns:
            if column.role != "ignored" and column.name in raw:
                columns[column.name] = self._checked(column, raw[column.name], kept)
            elif column.role in self.roles:
                self.found[column.name, "the column is missing", "refuse"] += len(kept)
        for name in raw.keys() - {ROW, *(column.name for column in self.contract.columns)}:
            self.found[name, "the column is not in the contract", "warn"] += len(kept)
        self.rows += len(kept)
        self.quarantined += int((~kept).sum())
        return columns, kept

    def _checked(self, column: Column, raw: Array, kept: Mask) -> Array:
        values, bad = convert(raw, column.type)
        tests: list[tuple[str, str, Mask]] = [("of the wrong type", column.on_type, bad)]
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
        for problem, action, wrong in tests:
            if wrong.any():
                self.found[column.name, f"values {problem}", action] += int(wrong.sum())
                kept &= ~wrong | (action != "quarantine")
        return values

    def told(self, *actions: str) -> list[str]:
        """A sentence for every problem of a column; all, or those with one of these actions."""
        keys = [key for key in self.found if not actions or key[2] in actions]
        return [f"{n}: {said} ({self.found[n, said, do]:,} rows) -> {do}" for n, said, do in keys]

    def judge(self) -> None:
        """Raise (exit 12) if a finding refuses the data or too many rows are in quarantine."""
        message, limit = "", self.contract.max_quarantine_share
        if self.quarantined > limit * max(self.rows, 1):
            why = f"more than {limit:.1%} ({'; '.join(self.told('quarantine'))})"
            message = f"{self.quarantined:,} of {self.rows:,} rows are in quarantine, {why}."
        if refused := "; ".join(self.told("refuse")):
            message = f"The data break the contract: {refused}."
        if message:
            hint = "Mend the source, or change the policy or the share in conf/data.yaml."
            raise OpsError(message, hint, Exit.CONTRACT)

    def __str__(self) -> str:
        said = f"{self.rows:,} rows keep the contract, {self.quarantined:,} are in quarantine."
        return "\n  ".join([said, *self.told()])


def take(columns: Columns, rows: Array) -> Columns:
    """The rows of a mask or of indices."""
    return {name: values[rows] for name, values in columns.items()}


def is_missing(values: Array) -> Mask:
    """True where a converted value is NaN, NaT or None."""
    return np.asarray(values == np.array(None) if values.dtype == object else values != values)


def convert(raw: Array, type: str) -> tuple[Array, Mask]:
    """Values in a contract type, and a mask of those that cannot be (they become missing).

    Numbers and booleans become float64 (NaN is missing), categories and text an object array of
    `str | None`, dates datetime64[s].
    """
    if type == "date" and raw.dtype.kind == "M":
        return raw.astype("datetime64[s]"), np.zeros(len(raw), dtype=np.bool_)
    if type == "number" and raw.dtype.kind in "fiu":
        bad = np.isinf(raw)
        return np.where(bad, np.nan, raw).astype(np.float64), bad
    words, found, wrong = raw.tolist(), dict[Any, Any](), set[Any]()
    words = [str(word) if isinstance(word, bool) else word for word in words]  # True is not 1
    for word in {*words}:
        try:
            found[word] = _value(word, type)
        except (ValueError, KeyError, OverflowError):
            wrong.add(word)
    values = np.array([found.get(word) for word in words], dtype=DTYPES.get(type, "object"))
    return values, np.array([word in wrong for word in words], dtype=np.bool_)


def _value(value: Any, type: str) -> Any:
    """One value in its type, None if it is missing; an error if it is not of the type."""
    whole = isinstance(value, float) and value.is_integer()  # 3 and 3.0 are the same level
    word = str(int(value) if whole else value).strip()
    word.encode()  # half a letter (a lone surrogate) is an error: nobody could write it down
    if word.lower() in MISSING:
        return None
    if type == "boolean":
        return FLAGS[word.lower()]
    if type == "number" and ("_" in word or not math.isfinite(float(word))):
        raise ValueError(word)
    if type == "date":
        if "-" not in word[1:]:  # 20260101 is more often a number
            raise ValueError(word)
        moment = datetime.fromisoformat(word)
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    return float(word) if type == "number" else word
