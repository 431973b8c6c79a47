"""Tables: CSV and Parquet, streamed as numpy columns."""

import csv
import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from numpy.typing import NDArray
from pyarrow import types
from pyarrow.csv import ParseOptions, ReadOptions

from .contract import Columns
from .settings import OpsError

TABLES = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt", ".parquet")
BLOCK = 2 << 20  # bytes of text per batch
DECIMAL_COMMA = (r"^\s*([+-]?\d+),(\d+)\s*$", r"\1.\2")  # what it is, and with a point


def find_files(source: Path) -> list[Path]:
    """The CSV and Parquet files of a path, a folder or a glob, sorted."""
    pattern = glob.escape(str(source)) if source.exists() else str(source)
    found = glob.glob(f"{pattern}/**" if source.is_dir() else pattern, recursive=True)
    paths = [path for path in map(Path, sorted(found)) if path.is_file()]
    other = [path for path in paths if not path.name.lower().endswith(TABLES)]
    if other or not paths:  # to leave a file out in silence would lose its rows
        hint = "Give the path of a .csv, .tsv or .parquet file, a folder of them or a glob."
        raise OpsError(f"There is no CSV or Parquet file at {[*other, source][0]}.", hint)
    return paths


def read_batches(
    source: Path, columns: Sequence[str] | None = None, rows: int = 65_536
) -> Iterator[Columns]:
    """Stream raw columns: text from CSV, typed arrays from Parquet. Absent columns are left out."""
    expected: set[str] = set()
    for path in find_files(source):
        try:
            table, comma = _open(path)
            names = table.schema.names
            if {*names} != (expected or {*names}):
                hint = "Bring the files to the same columns, or read them one by one."
                raise OpsError(f"{path} has other columns than the files before it.", hint)
            expected = {*names}
            wanted = [name for name in names if columns is None or name in columns]
            for batch in table.to_batches(columns=wanted, batch_size=rows, use_threads=False):
                arrays = batch.columns
                if comma:
                    arrays = [pc.replace_substring_regex(a, *DECIMAL_COMMA) for a in arrays]
                yield dict(zip(wanted, map(to_numpy, arrays), strict=True))
        except (pa.ArrowInvalid, pa.ArrowTypeError, OSError) as error:
            reason = " ".join(str(error).split()).rpartition("Invalid: ")[2][:160].rstrip(".")
            hint = "Save it again as CSV in UTF-8 or as Parquet."
            raise OpsError(f"{path} cannot be read as a table: {reason}.", hint) from error


def read_table(source: Path) -> Columns:
    """All batches in one."""
    return join_batches(read_batches(source))


def join_batches(batches: Iterable[Columns]) -> Columns:
    """The columns that all batches have, one batch after another; nothing for no batches."""
    parts = list(batches)
    names = [name for name in (parts or [{}])[0] if all(name in part for part in parts)]
    return {name: np.concatenate([part[name] for part in parts]) for name in names}


def _open(path: Path) -> tuple[Any, bool]:
    """A file as an arrow dataset, and whether a comma may part decimals in it."""
    if path.suffix.lower() == ".parquet":
        return ds.dataset(path), False
    names, delimiter = _head(path)
    how = ReadOptions(column_names=names, skip_rows=1, block_size=BLOCK)
    part = ParseOptions(delimiter=delimiter, newlines_in_values=True)
    schema = pa.schema([(name, pa.string()) for name in names])
    text = ds.CsvFileFormat(part, read_options=how)
    return ds.dataset(path, schema, format=text), delimiter == ";"


def _head(path: Path) -> tuple[list[str], str]:
    """Column names and delimiter from the first line of a file."""
    with pa.input_stream(str(path), compression="detect") as stream:
        head: bytes = stream.read(1 << 16)
    text = head.decode("utf-8-sig", errors="replace")
    line = text.partition("\n")[0]
    delimiter = max(",;\t|", key=line.count)
    names = [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])]
    problem = "is not a table of comma-separated values" if "\0" in text else ""
    problem = problem if text.strip() else "is empty"
    for name in (name for name in names if names.count(name) > 1):
        problem = f"has two columns called {name!r}"
    if problem:
        hint = "Save it as CSV: a header of different names, then rows."
        raise OpsError(f"{path} {problem}.", hint)
    return names, delimiter


def to_numpy(array: Any) -> NDArray[Any]:
    """An arrow array as float64, datetime64[s] or an object array of `str | None`."""
    array = array.dictionary_decode() if types.is_dictionary(array.type) else array
    kind = array.type
    number = types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)
    if number or types.is_null(kind):
        with suppress(pa.ArrowInvalid):  # integers that float64 cannot hold stay words
            return np.asarray(array.cast(pa.float64()).to_numpy(zero_copy_only=False))
    if types.is_timestamp(kind) or types.is_date(kind):
        array = array.cast(pa.timestamp("s"), safe=False)
    elif not (types.is_string(kind) or types.is_large_string(kind)):
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
