"""Files: CSV and Parquet streamed as numpy columns, and the store that people share."""

import glob
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from pyarrow.csv import ConvertOptions, ParseOptions, ReadOptions

from .contract import Array, Columns
from .settings import OpsError, Workspace, replacing

TABLES = (".csv", ".csv.gz", ".tsv", ".txt", ".parquet")
BLOCKS = ReadOptions(block_size=2 << 20)  # bytes of text per batch
WORDS = ConvertOptions(default_column_type=pa.string())
QUOTED = re.compile(r'(?<![^,;\t|\r\n])"(?:[^"]|"")*"')  # a quote that opens a field
DECIMAL_COMMA = (r"^\s*([+-]?\d+),(\d+)\s*$", r"\1.\2")  # what it is, and with a point


def find_files(source: Path) -> list[Path]:
    """The CSV and Parquet files of a path, a folder or a glob, sorted."""
    pattern = glob.escape(str(source)) if source.exists() else str(source)
    found = glob.glob(f"{pattern}/**" if source.is_dir() else pattern, recursive=True)
    paths = [path for path in map(Path, sorted(found)) if path.is_file()]
    other = [path for path in paths if not path.name.lower().endswith(TABLES)]
    if other or not paths:  # to leave a file out in silence would lose its rows
        hint = "Give the path of a .csv or .parquet file, a folder of them or a glob."
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
            wanted = [n for n in table.schema.names if columns is None or n.strip() in columns]
            names = [name.strip() for name in wanted]
            if {*table.schema.names} != (expected or {*table.schema.names}):
                hint = "Bring the files to the same columns, or read them one by one."
                raise OpsError(f"{path} has other columns than the files before it.", hint)
            expected = {*table.schema.names}
            for batch in table.to_batches(columns=wanted, batch_size=rows, use_threads=False):
                arrays = batch.columns
                if comma:
                    arrays = [pc.replace_substring_regex(a, *DECIMAL_COMMA) for a in arrays]
                yield dict(zip(names, map(to_numpy, arrays), strict=True))
        except (pa.ArrowException, UnicodeDecodeError, OSError) as error:
            reason = " ".join(str(error).split()).rpartition("Invalid: ")[2][:160].rstrip(".")
            hint = "Save it again as CSV in UTF-8, with a header of different names, or as Parquet."
            raise OpsError(f"{path} cannot be read as a table: {reason}.", hint) from error


def _open(path: Path) -> tuple[Any, bool]:
    """A file as an arrow dataset, and whether a comma may part decimals in it."""
    if path.suffix.lower() == ".parquet":
        return ds.dataset(path), False
    with pa.input_stream(str(path), compression="detect") as stream:
        head = QUOTED.sub("", stream.read(1 << 16).decode("utf-8-sig", errors="replace"))
    delimiter = max(",;\t|", key=head.partition("\n")[0].count)
    parse = ParseOptions(delimiter=delimiter, newlines_in_values=True)
    text = ds.CsvFileFormat(parse, convert_options=WORDS, read_options=BLOCKS)
    return ds.dataset(path, format=text), delimiter == ";"


def to_numpy(array: Any) -> Array:
    """An arrow array as float64, datetime64[s] or an object array of `str | None`."""
    kind = array.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        array = array.cast(pa.timestamp("s"), safe=False)
        return np.asarray(array.to_numpy(zero_copy_only=False))
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        with suppress(pa.ArrowInvalid):  # integers that float64 cannot hold stay words
            return np.asarray(array.cast(pa.float64()).to_numpy(zero_copy_only=False))
    words = [None if value is None else str(value) for value in array.to_pylist()]
    return np.array(words, dtype=object)


def join_batches(batches: Iterable[Columns]) -> Columns:
    """The columns that all batches have, one batch after another; nothing for no batches."""
    parts = list(batches)
    names = [name for name in (parts or [{}])[0] if all(name in part for part in parts)]
    return {name: np.concatenate([part[name] for part in parts]) for name in names}


def write_table(path: Path, batches: Iterable[Columns]) -> int:
    """Write batches as one Parquet file, in one move; NaN and NaT become null. Returns the rows."""
    tables, rows = map(_arrow, batches), 0
    if (first := next(tables, None)) is None:
        return 0
    with replacing(path) as part, pq.ParquetWriter(part, first.schema, compression="zstd") as out:
        for table in chain([first], tables):
            out.write_table(table)
            rows += table.num_rows
    return rows


def _arrow(columns: Columns) -> Any:
    kinds = {n: pa.string() if v.dtype == object else None for n, v in columns.items()}
    return pa.table({n: pa.array(columns[n], kinds[n], from_pandas=True) for n in columns})


def share(work: Workspace, name: str, *, back: bool = False, replace: bool = False) -> int:
    """Copy what is absent (or all) from ./store to the shared place, or back; returns the files.

    The shared place is a folder, gs://, s3:// or az://, and may be ./store itself.
    """
    from fsspec.core import url_to_fs
    from fsspec.implementations.dirfs import DirFileSystem

    uri = work.settings.store.uri
    places = [str(work.store_path), uri if "://" in uri else str((work.root / uri).resolve())]
    try:
        here, there = (DirFileSystem(path, fs) for fs, path in map(url_to_fs, places))
    except (ImportError, ValueError) as error:
        hint = "Run `uv add --group train gcsfs` for gs://, s3fs for s3://, adlfs for az://."
        raise OpsError(f"The store {uri} cannot be opened: {error}.", hint) from error
    source, target = (there, here) if back else (here, there)
    if source.path == target.path:
        return 0
    missing = {found for found in source.find(name) if not found.endswith(".part")}
    missing -= set() if replace else {*target.find(name)}
    # The manifest last: a bundle that has one is whole.
    for found in sorted(missing, key=lambda path: path.endswith("/manifest.json")):
        folder, _, file = found.rpartition("/")
        part = f"{folder}/.{file}.part"
        target.makedirs(folder, exist_ok=True)
        with source.open(found, "rb") as reader, target.open(part, "wb") as writer:
            shutil.copyfileobj(reader, writer)
        target.mv(part, found)
    return len(missing)
