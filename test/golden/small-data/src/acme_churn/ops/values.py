"""Raw values, of JSON, CSV or Parquet, in the types of the contract."""

import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

Columns = dict[str, NDArray[Any]]
MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "nat", "?", "-"})
TRUE, FALSE = frozenset({"true", "yes", "y", "t", "1"}), frozenset({"false", "no", "n", "f", "0"})


def is_missing(values: NDArray[Any]) -> NDArray[np.bool_]:
    """True where a converted value is NaN, NaT or None."""
    if values.dtype == object:
        return np.fromiter((value is None for value in values), np.bool_, len(values))
    blank: NDArray[np.bool_] = np.isnat(values) if values.dtype.kind == "M" else np.isnan(values)
    return blank


def convert(raw: NDArray[Any], type: str) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Values in a contract type, and a mask of those that cannot be (they become missing)."""
    if raw.dtype.kind == "M" and type == "date":
        return raw.astype("datetime64[s]"), np.zeros(len(raw), dtype=np.bool_)
    if raw.dtype.kind in "fiub" and type == "number":
        values = raw.astype(np.float64)
        bad = np.isinf(values)
        return np.where(bad, np.nan, values) if bad.any() else values, bad
    if type == "number" and (quick := _quickly(raw)) is not None:
        return quick, np.zeros(len(raw), dtype=np.bool_)
    memo = _Memo(type)
    nested = (list, dict)  # they come in JSON, and no column holds them
    found = [_BAD if isinstance(value, nested) else memo[value] for value in raw.tolist()]
    bad = np.fromiter((value is _BAD for value in found), np.bool_, len(found))
    clean = [None if value is _BAD else value for value in found] if bad.any() else found
    if type in ("category", "text"):
        return np.fromiter(clean, object, len(clean)), bad
    if type == "date":
        return np.array(clean, dtype="datetime64[s]"), bad
    return np.array(clean, dtype=np.float64), bad


def _quickly(raw: NDArray[Any]) -> NDArray[np.float64] | None:
    """Numbers without a look at each; None if one of them needs it."""
    words = ["nan" if value is None else value for value in raw.tolist()]
    try:
        values = np.array(words, dtype=np.float64)
    except (ValueError, TypeError, OverflowError):
        return None
    odd = np.isinf(values).any() or any(isinstance(w, str) and "_" in w for w in words)
    return None if odd or values.shape != raw.shape else values


class _Memo(dict[Any, Any]):
    """Parses each distinct value once; `None` is missing, `_BAD` is not of the type."""

    def __init__(self, type: str) -> None:
        super().__init__()
        self.parse = _PARSERS[type]

    def __missing__(self, value: Any) -> Any:
        if value is None or value != value or str(value).strip().lower() in MISSING:
            return self.setdefault(value, None)
        try:
            return self.setdefault(value, self.parse(value))
        except (ValueError, TypeError, OverflowError):
            return self.setdefault(value, _BAD)


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
    return str(int(value)) if whole else str(value).strip()


def _moment(value: Any) -> datetime:
    """An ISO 8601 date or time, in UTC and without a zone; without a zone it counts as UTC."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(_dashed(value))
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _dashed(value: Any) -> str:
    """Only dates with dashes: 20260101 is more often a number."""
    if not isinstance(value, str) or "-" not in value[1:]:
        raise ValueError
    return value.strip()


_BAD = object()
_PARSERS: dict[str, Callable[[Any], Any]] = {
    "number": _number,
    "boolean": _boolean,
    "date": _moment,
    "category": _word,
    "text": _word,
}
