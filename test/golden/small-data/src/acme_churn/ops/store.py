"""The store: a local working copy, and a shared place that it is exchanged with."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from .errors import PROGRAM, Exit, OpsError
from .settings import Project, Settings
from .tables import write_table
from .values import Columns

PACKAGES = {"gs": "gcsfs", "gcs": "gcsfs", "s3": "s3fs", "az": "adlfs", "abfs": "adlfs"}
HOW_TO_SHARE = (
    "The store is local (./store). To share it, set store.uri in conf/pipeline.yaml to a "
    "shared folder or to a gs://, s3:// or az:// address."
)


class Store:
    """Copies files between ./store and the shared place `uri` (a folder, gs://, s3://, az://)."""

    def __init__(self, local: Path, uri: str) -> None:
        self.local = local
        self.uri = uri if "://" in uri else str((local.parent / uri).resolve())
        self.shared = self.uri != str(local.resolve())

    def _remote(self) -> tuple[Any, str]:
        import fsspec

        kind = self.uri.split(":")[0]
        try:
            filesystem, path = fsspec.core.url_to_fs(self.uri)
        except (ImportError, ValueError) as error:
            package = PACKAGES.get(kind)
            raise OpsError(
                f"The store {self.uri} needs {package or 'a driver that is not known'}.",
                hint=f"Run `uv add --group train {package}`."
                if package
                else "Use a folder, gs://, s3:// or az:// as store.uri.",
            ) from error
        return filesystem, path.rstrip("/")

    def _shared_files(self, relative: str) -> set[str]:
        if not self.shared:
            return set()
        filesystem, base = self._remote()
        return {name[len(base) + 1 :] for name in filesystem.find(f"{base}/{relative}")}

    def _local_files(self, relative: str) -> set[str]:
        at = self.local / relative
        paths = (p for p in ([at] if at.is_file() else at.rglob("*")) if p.is_file())
        return {p.relative_to(self.local).as_posix() for p in paths if p.name[0] != "."}

    def push(self, relative: str, *, replace: bool = False) -> int:
        """Copy what the shared place does not have yet, or everything; returns the files."""
        if not self.shared:
            return 0
        filesystem, base = self._remote()
        there = set() if replace else self._shared_files(relative)
        missing = sorted(self._local_files(relative) - there)
        for name in missing:
            filesystem.makedirs(f"{base}/{name}".rpartition("/")[0], exist_ok=True)
            filesystem.put_file(str(self.local / name), f"{base}/{name}")
        return len(missing)

    def pull(self, relative: str) -> int:
        """Copy what ./store does not have yet; returns the number of files."""
        missing = sorted(self._shared_files(relative) - self._local_files(relative))
        for name in missing:
            filesystem, base = self._remote()
            target = self.local / name
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(f".{target.name}.part")
            filesystem.get_file(f"{base}/{name}", str(part))
            part.replace(target)
        return len(missing)

    def names(self, relative: str) -> list[str]:
        """Names directly under a folder, here or in the shared place."""
        depth = relative.count("/") + 1
        files = self._shared_files(relative) | self._local_files(relative)
        return sorted({name.split("/")[depth] for name in files})


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


def write_partitions(
    project: Project, batches: Iterable[Columns], rows_per_file: int = 1_000_000
) -> list[Partition]:
    """Stream batches into content-addressed Parquet files and write data.lock."""
    part = project.store_path / "data" / ".new.parquet"
    stream, done = iter(batches), []
    for first in stream:
        rows = write_table(part, _take(chain([first], stream), rows_per_file))
        done.append(Partition(_digest(part), rows))
        part.replace(project.store_path / done[-1].name)
    lines = ",\n  ".join(json.dumps(partition._asdict()) for partition in done)
    text = f'{{"schema": 1, "partitions": [\n  {lines}\n]}}\n'
    project.lock_path.write_text(text, encoding="utf-8")
    return done


def _take(batches: Iterator[Columns], limit: int) -> Iterator[Columns]:
    rows = 0
    for batch in batches:
        yield batch
        rows += len(next(iter(batch.values())))
        if rows >= limit:
            return


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
    store, partitions = open_store(project, settings), read_lock(project)
    if not store.shared:
        return HOW_TO_SHARE
    partition_paths(project)
    copied = sum(store.push(partition.name) for partition in partitions)
    return f"Copied {copied} of {len(partitions)} data files to {store.uri}; the others are there."


def pull_data(project: Project, settings: Settings) -> str:
    """Fetch the partitions of data.lock and verify their bytes; returns a sentence."""
    store, partitions = open_store(project, settings), read_lock(project)
    if not store.shared:
        return HOW_TO_SHARE
    copied = sum(store.pull(partition.name) for partition in partitions)
    for partition, path in zip(partitions, partition_paths(project), strict=True):
        if _digest(path) != partition.sha256:
            path.unlink()
            raise OpsError(
                f"{partition.name} was damaged on the way or in {store.uri}.",
                hint="Push it again from a machine that has it, then pull.",
                exit=Exit.CONTRACT,
            )
    return f"Fetched {copied} of {len(partitions)} data files from {store.uri}."
