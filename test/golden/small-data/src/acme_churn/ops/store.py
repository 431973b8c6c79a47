"""Tables (CSV and Parquet, streamed as numpy columns) and the store that keeps and shares them."""

import glob
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from csv import reader
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray
from pyarrow import csv, types

from .contract import MISSING, Columns
from .settings import PROGRAM, Exit, OpsError, Project, Settings

TABLES = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt", ".parquet")
BLANKS = sorted({word for blank in MISSING for word in (blank, blank.upper(), blank.capitalize())})
BLOCK = 2 << 20  # bytes of text per batch
HOW_TO_SHARE = (
    "The store is local (./store). To share it, set store.uri in conf/pipeline.yaml to a "
    "shared folder or to a gs://, s3:// or az:// address."
)


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


class Store:
    """Copies files between ./store and the shared place `uri` (a folder, gs://, s3://, az://)."""

    def __init__(self, local: Path, uri: str) -> None:
        self.local = local
        self.uri = uri if "://" in uri else str((local.parent / uri).resolve())
        self.shared = self.uri != str(local.resolve())

    @cached_property
    def _remote(self) -> Any:
        """The shared place as a file system of its own."""
        from fsspec.core import url_to_fs
        from fsspec.implementations.dirfs import DirFileSystem

        try:
            filesystem, path = url_to_fs(self.uri)
        except (ImportError, ValueError) as error:
            raise OpsError(
                f"The store {self.uri} cannot be opened: {error}.",
                hint="Use a folder, gs://, s3:// or az:// as store.uri; these need "
                "`uv add --group train gcsfs`, s3fs or adlfs.",
            ) from error
        return DirFileSystem(path, filesystem)

    def _local_files(self, relative: str) -> set[str]:
        at = self.local / relative
        paths = (p for p in ([at] if at.is_file() else at.rglob("*")) if p.is_file())
        return {p.relative_to(self.local).as_posix() for p in paths if p.name[0] != "."}

    def push(self, relative: str, *, replace: bool = False) -> int:
        """Copy what the shared place does not have yet, or everything; returns the files."""
        if not self.shared:
            return 0
        there = set() if replace else set(self._remote.find(relative))
        missing = sorted(self._local_files(relative) - there)
        for name in missing:
            self._remote.makedirs(name.rpartition("/")[0], exist_ok=True)
            self._remote.put_file(str(self.local / name), name)
        return len(missing)

    def pull(self, relative: str) -> int:
        """Copy what ./store does not have yet; returns the number of files."""
        if not self.shared:
            return 0
        missing = sorted(set(self._remote.find(relative)) - self._local_files(relative))
        for name in missing:
            target = self.local / name
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(f".{target.name}.part")
            self._remote.get_file(name, str(part))
            part.replace(target)
        return len(missing)


def open_store(project: Project, settings: Settings) -> Store:
    """The store of a project."""
    return Store(project.store_path, settings.store.uri)


class Partition(NamedTuple):
    """A file of data, named by the SHA-256 of its bytes."""

    sha256: str
    rows: int

    @property
    def name(self) -> str:
        """Its place in the store."""
        return f"data/{self.sha256}.parquet"


def write_partitions(project: Project, parts: Iterable[Iterable[Columns]]) -> list[Partition]:
    """Stream each part into a content-addressed Parquet file, then write data.lock."""
    new, done = project.store_path / "data" / ".new.parquet", []
    for batches in parts:
        rows = write_table(new, batches)
        done.append(Partition(_digest(new), rows))
        new.replace(project.store_path / done[-1].name)
    lines = ",\n  ".join(json.dumps(partition._asdict()) for partition in done)
    text = f'{{"schema": 1, "partitions": [\n  {lines}\n]}}\n'
    project.lock_path.write_text(text, encoding="utf-8")
    return done


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_lock(project: Project) -> list[Partition]:
    """The partitions that data.lock names."""
    try:
        found = json.loads(project.lock_path.read_text(encoding="utf-8"))
        return [Partition(p["sha256"], p["rows"]) for p in found["partitions"]]
    except FileNotFoundError as error:
        raise OpsError(
            "There are no data yet: no data.lock.",
            hint=f"Run `{PROGRAM} data` for the sample, or `{PROGRAM} use-data` for your own file.",
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        hint = "Restore it from git, or solve its conflict."
        raise OpsError("data.lock cannot be read.", hint=hint) from error


def partition_paths(project: Project) -> list[Path]:
    """Local files of all partitions; an error names the command that fetches absent ones."""
    paths = [project.store_path / partition.name for partition in read_lock(project)]
    absent = sum(not path.is_file() for path in paths)
    if absent:
        raise OpsError(
            f"{absent} of {len(paths)} data files of data.lock are not in ./store.",
            hint=f"Run `{PROGRAM} data pull`, or make the data again.",
        )
    return paths


def push_data(project: Project, settings: Settings) -> str:
    """Copy the partitions of data.lock to the shared place; returns a sentence."""
    store = open_store(project, settings)
    if not store.shared:
        return HOW_TO_SHARE
    paths = partition_paths(project)
    copied = sum(store.push(f"data/{path.name}") for path in paths)
    return f"Copied {copied} of {len(paths)} data files to {store.uri}; the others are there."


def pull_data(project: Project, settings: Settings) -> str:
    """Fetch the partitions of data.lock and verify their bytes; returns a sentence."""
    store, partitions = open_store(project, settings), read_lock(project)
    if not store.shared:
        return HOW_TO_SHARE
    copied = sum(store.pull(partition.name) for partition in partitions)
    for path in partition_paths(project):
        if _digest(path) != path.stem:
            path.unlink()
            raise OpsError(
                f"data/{path.name} was damaged on the way or in {store.uri}.",
                hint="Push it again from a machine that has it, then pull.",
                exit=Exit.CONTRACT,
            )
    return f"Fetched {copied} of {len(partitions)} data files from {store.uri}."
