"""CSV and Parquet, streamed as numpy columns."""

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
from pyarrow import csv

from .errors import OpsError
from .values import MISSING, Columns

CSV = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt")
BLANKS = sorted({word for blank in MISSING for word in (blank, blank.upper(), blank.capitalize())})
BLOCK = 2 << 20  # bytes of text per batch


def find_files(source: Path) -> list[Path]:
    """The CSV or Parquet files of a path, a folder or a glob, sorted; all of one kind."""
    if source.is_dir():
        paths = sorted(p for p in source.rglob("*") if p.is_file() and not p.name.startswith("."))
    elif source.exists():
        paths = [source]
    else:
        paths = [Path(name) for name in sorted(glob.glob(str(source), recursive=True))]
    kinds = {kind(path) for path in paths}
    if not paths or kinds == {""}:
        raise OpsError(
            f"{source} is no CSV or Parquet file." if paths else f"There is nothing at {source}.",
            hint="Give the path of a .csv, .tsv or .parquet file, a folder of them or a glob.",
        )
    if len(kinds) > 1:
        raise OpsError(
            f"{source} holds files of several kinds.",
            hint=f"Name one kind, for example '{source}/*.parquet'.",
        )
    return paths


def kind(path: Path) -> str:
    """The word "csv" or "parquet", or nothing for a file that is neither by its name."""
    name = path.name.lower()
    return "parquet" if name.endswith(".parquet") else "csv" if name.endswith(CSV) else ""


def read_batches(
    source: Path, columns: Sequence[str] | None = None, rows: int = 65_536
) -> Iterator[Columns]:
    """Stream raw columns: text from CSV, typed arrays from Parquet. Absent columns are left out."""
    expected: set[str] | None = None
    for path in find_files(source):
        try:
            for batch in _parquet(path, columns, rows) if kind(path) == "parquet" else _csv(path):
                if set(batch.schema.names) != (expected or set(batch.schema.names)):
                    raise OpsError(
                        f"{path} has other columns than the files before it.",
                        hint="Bring the files to the same columns, or read them one by one.",
                    )
                expected = set(batch.schema.names)
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
        yield _decimal_points(batch) if delimiter == ";" else batch


def _decimal_points(batch: Any) -> Any:
    """Where a semicolon parts the columns, a comma parts the decimals."""
    arrays = [
        pc.replace_substring_regex(array, r"^\s*([+-]?\d+),(\d+)\s*$", r"\1.\2")
        for array in batch.columns
    ]
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def _sniff(path: Path) -> tuple[list[str], str, str]:
    """Column names, delimiter and encoding from the head of a file."""
    with pa.input_stream(str(path), compression="detect") as stream:
        head: bytes = stream.read(1 << 16)
    if not head.strip():
        raise OpsError(f"{path} is empty.", hint="Give a file with a header line and rows.")
    if b"\0" in head or head.lstrip()[:1] in b"{[<":
        raise OpsError(
            f"{path} is not a table of comma-separated values.",
            hint="Save it as CSV in UTF-8 or as Parquet.",
        )
    encoding = "utf-8"
    try:
        text = head[: head.rfind(b"\n") + 1 or None].decode("utf-8-sig")
    except UnicodeDecodeError:
        text, encoding = head.decode("latin-1"), "latin-1"
    lines = text.splitlines()
    delimiter = max(",;\t|", key=lines[0].count)
    names = [name.strip() for name in next(reader([lines[0]], delimiter=delimiter))]
    names = [name or f"unnamed_{i + 1}" for i, name in enumerate(names)]
    problem = ""
    if len(names) < 2:
        problem, hint = "one column only", "Separate the columns by comma, semicolon, tab or bar."
    elif len(lines) < 2:
        problem, hint = "a header but no rows", "Give a file with rows."
    elif twice := [name for name in names if names.count(name) > 1]:
        problem, hint = f"two columns called {twice[0]!r}", "Rename one of them."
    if problem:
        raise OpsError(f"{path} has {problem}.", hint=hint)
    return names, delimiter, encoding


def to_numpy(array: Any) -> NDArray[Any]:
    """An arrow array as numbers, bool, datetime64[s] or an object array of `str | None`."""
    array = array.dictionary_decode() if pa.types.is_dictionary(array.type) else array
    type = array.type
    if pa.types.is_timestamp(type) or pa.types.is_date(type):
        return np.asarray(array.cast(pa.timestamp("us"), safe=False)).astype("datetime64[s]")
    if array.null_count and (pa.types.is_boolean(type) or _large(array)):
        array = array.cast(pa.string())
    elif pa.types.is_decimal(type) or (array.null_count and not pa.types.is_string(type)):
        try:
            array = array.cast(pa.float64())
        except pa.ArrowNotImplementedError:
            array = pa.array([None if v is None else str(v) for v in array.to_pylist()])
    elif pa.types.is_nested(type) or pa.types.is_binary(type) or pa.types.is_time(type):
        array = pa.array([None if v is None else str(v) for v in array.to_pylist()], pa.string())
    return np.asarray(array.to_numpy(zero_copy_only=False))


def _large(array: Any) -> bool:
    """True for integers that float64 cannot hold exactly."""
    return pa.types.is_integer(array.type) and (pc.max(pc.abs(array)).as_py() or 0) > 2**53


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
