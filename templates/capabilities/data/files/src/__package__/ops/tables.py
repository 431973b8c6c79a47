"""Tables: CSV and Parquet, streamed as numpy columns."""

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from csv import reader
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray
from pyarrow import csv, types

from .contract import MISSING, Columns
from .settings import OpsError

TABLES = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt", ".parquet")
BLANKS = sorted({word for blank in MISSING for word in (blank, blank.upper(), blank.capitalize())})
BLOCK = 2 << 20  # bytes of text per batch


def find_files(source: Path) -> list[Path]:
    """The CSV and Parquet files of a path, a folder or a glob, sorted."""
    if source.is_dir():
        found: Iterable[Path] = source.rglob("*")
    else:
        found = [source] if source.exists() else map(Path, glob.glob(str(source), recursive=True))
    paths = sorted(p for p in found if p.is_file() and not p.name.startswith("."))
    other = [path for path in paths if not path.name.lower().endswith(TABLES)]
    if other or not paths:  # to leave a file out in silence would lose its rows
        raise OpsError(
            f"There is no CSV or Parquet file at {[*other, source][0]}.",
            hint="Give the path of a .csv, .tsv or .parquet file, a folder of them or a glob.",
        )
    return paths


def read_batches(
    source: Path, columns: Sequence[str] | None = None, rows: int = 65_536
) -> Iterator[Columns]:
    """Stream raw columns: text from CSV, typed arrays from Parquet. Absent columns are left out."""
    expected: set[str] | None = None
    for path in find_files(source):
        try:
            parquet = path.suffix.lower() == ".parquet"
            for batch in _parquet(path, columns, rows) if parquet else _csv(path):
                found = set(batch.schema.names)
                if found != (expected or found):
                    raise OpsError(
                        f"{path} has other columns than the files before it.",
                        hint="Bring the files to the same columns, or read them one by one.",
                    )
                expected = found
                names = [n for n in batch.schema.names if columns is None or n in columns]
                yield {name: to_numpy(batch.column(name)) for name in names}
        except (pa.ArrowInvalid, pa.ArrowTypeError, OSError) as error:
            reason = " ".join(str(error).split())[:160].rstrip(".")
            raise OpsError(
                f"{path} cannot be read as a table: {reason}.",
                hint="Save it again as CSV in UTF-8 or as Parquet.",
            ) from error


def read_table(source: Path) -> Columns:
    """All batches in one."""
    return join_batches(read_batches(source))


def join_batches(batches: Iterable[Columns]) -> Columns:
    """The columns that all batches have, one batch after another; nothing for no batches."""
    parts = list(batches)
    names = [name for name in (parts or [{}])[0] if all(name in part for part in parts)]
    return {name: np.concatenate([part[name] for part in parts]) for name in names}


def _parquet(path: Path, columns: Sequence[str] | None, rows: int) -> Iterator[Any]:
    with pq.ParquetFile(path) as file:
        names = [n for n in file.schema_arrow.names if columns is None or n in columns]
        yield from file.iter_batches(batch_size=rows, columns=names)


def _csv(path: Path) -> Iterator[Any]:
    names, delimiter, encoding = _sniff(path)
    batches = csv.open_csv(
        path,
        csv.ReadOptions(column_names=names, skip_rows=1, block_size=BLOCK, encoding=encoding),
        csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=BLANKS,
            strings_can_be_null=True,
        ),
    )
    for batch in batches:
        arrays = batch.columns
        if delimiter == ";":  # then a comma parts the decimals
            number, point = r"^\s*([+-]?\d+),(\d+)\s*$", r"\1.\2"
            arrays = [pc.replace_substring_regex(array, number, point) for array in arrays]
        yield pa.RecordBatch.from_arrays(arrays, names=names)


def _sniff(path: Path) -> tuple[list[str], str, str]:
    """Column names, delimiter and encoding from the head of a file."""
    with pa.input_stream(str(path), compression="detect") as stream:
        head: bytes = stream.read(1 << 16)
    encoding = "utf-8"
    try:
        text = head[: head.rfind(b"\n") + 1 or None].decode("utf-8-sig")
    except UnicodeDecodeError:
        text, encoding = head.decode("latin-1"), "latin-1"
    lines = text.splitlines() or [""]
    delimiter = max(",;\t|", key=lines[0].count)
    names = [name.strip() for name in next(reader([lines[0]], delimiter=delimiter), [])]
    names = [name or f"unnamed_{i + 1}" for i, name in enumerate(names)]
    twice = [name for name in names if names.count(name) > 1]
    problems = {
        "is empty": not text.strip(),
        "is not a table of comma-separated values": b"\0" in head or text.lstrip()[:1] in "{[<",
        "has one column only": len(names) < 2,
        "has a header but no rows": len(lines) < 2,
        f"has two columns called {twice[0] if twice else ''!r}": twice,
    }
    for problem in (name for name, found in problems.items() if found):
        raise OpsError(
            f"{path} {problem}.",
            hint="Save it as CSV: a header of different names, then rows, parted by a comma, "
            "semicolon, tab or bar.",
        )
    return names, delimiter, encoding


def to_numpy(array: Any) -> NDArray[Any]:
    """An arrow array as numbers, bool, datetime64[s] or an object array of `str | None`."""
    array = array.dictionary_decode() if types.is_dictionary(array.type) else array
    kind, whole = array.type, types.is_integer(array.type)
    if types.is_timestamp(kind) or types.is_date(kind):
        return np.asarray(array.cast(pa.timestamp("us"), safe=False)).astype("datetime64[s]")
    exact = whole and (pc.max(pc.abs(array)).as_py() or 0) <= 2**53  # so that float64 holds it
    plain = types.is_floating(kind) or types.is_string(kind) or types.is_large_string(kind)
    if types.is_decimal(kind) or types.is_null(kind) or (exact and array.null_count):
        array = array.cast(pa.float64())
    elif not plain and (array.null_count or not (whole or types.is_boolean(kind))):
        words = [None if value is None else str(value) for value in array.to_pylist()]
        array = pa.array(words, pa.string())
    return np.asarray(array.to_numpy(zero_copy_only=False))


def write_table(path: Path, batches: Iterable[Columns]) -> int:
    """Write batches as one Parquet file, in one move; NaN and NaT become null. Returns the rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    writer, rows = None, 0
    try:
        for batch in batches:
            table = pa.table({name: _arrow(values) for name, values in batch.items()})
            writer = writer or pq.ParquetWriter(part, table.schema, compression="zstd")
            writer.write_table(table)
            rows += table.num_rows
        if writer is not None:
            writer.close()
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return rows


def _arrow(values: NDArray[Any]) -> Any:
    kind = pa.string() if values.dtype == object else None
    return pa.array(values, type=kind, from_pandas=True)
