"""The data that data.lock names: checked, loaded, and split into training and holdout."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .contract import ROW, Checked, Columns, Contract, Finding, check_columns, convert, sentence
from .settings import PROGRAM, Exit, OpsError, SplitSettings
from .tables import join_batches, read_batches, write_table
from .workspace import Workspace

BYTES_PER_VALUE = 40  # a column's array, its place in the matrix, LightGBM's bins, one copy
MEMORY_SHARE = 0.7  # of the free memory may be used


@dataclass(frozen=True)
class Dataset:
    """Kept rows in memory.

    `columns` holds the features only; `target` is the class index or the value, NaN while the
    label is not there; `digest` names the data (partitions and sampling).
    """

    columns: Columns
    target: NDArray[np.float64]
    entity: NDArray[Any]
    time: NDArray[np.datetime64] | None
    digest: str
    quarantined: int = 0

    def __len__(self) -> int:
        return len(self.target)

    def take(self, rows: NDArray[Any]) -> "Dataset":
        """The rows of a mask or of indices."""
        return replace(
            self,
            columns={name: values[rows] for name, values in self.columns.items()},
            target=self.target[rows],
            entity=self.entity[rows],
            time=None if self.time is None else self.time[rows],
        )


@dataclass
class Tally:
    """What a pass over the data found, added up over its batches."""

    rows: int = 0
    quarantined: int = 0
    found: dict[tuple[str, str, str], Finding] = field(default_factory=dict)

    @property
    def findings(self) -> list[Finding]:
        """One finding per column and problem."""
        return list(self.found.values())

    def add(self, checked: Checked) -> None:
        """Count one batch."""
        self.rows += len(checked.kept)
        self.quarantined += int((~checked.kept).sum())
        for finding in checked.findings:
            before = self.found.get(finding[:3], finding._replace(rows=0))
            self.found[finding[:3]] = before._replace(rows=before.rows + finding.rows)

    def judge(self, contract: Contract) -> None:
        """Raise (exit 12) if a finding refuses the data or too many rows are in quarantine."""
        message, hint = "", "change the column's policy"
        refused = [sentence(f) for f in self.findings if f.action == "refuse"]
        if refused:
            message = f"The data break the contract: {'; '.join(refused)}."
        elif self.quarantined > contract.max_quarantine_share * max(self.rows, 1):
            why = "; ".join(sentence(f) for f in self.findings if f.action == "quarantine")
            message = (
                f"{self.quarantined:,} of {self.rows:,} rows are in quarantine, more than "
                f"{contract.max_quarantine_share:.1%} ({why})."
            )
            hint = "raise max_quarantine_share"
        if message:
            hint = f"Mend the source, or {hint} in conf/data.yaml."
            raise OpsError(message, hint=hint, exit=Exit.CONTRACT)


def stream(
    contract: Contract, batches: Iterable[Columns], tally: Tally, *, labels: bool = False
) -> Iterator[tuple[Columns, Checked]]:
    """Check batch after batch, adding to `tally`; yields the raw and the checked columns."""
    roles = ("feature", "entity", "time") + (("target",) if labels else ())
    for raw in batches:
        checked = check_columns(contract, raw, roles=roles)
        tally.add(checked)
        yield raw, checked


HOW_TO_SHARE = (
    "The store is local (./store). To share it, set store.uri in conf/pipeline.yaml to a "
    "shared folder or to a gs://, s3:// or az:// address."
)


class Partition(NamedTuple):
    """A file of data, named by the SHA-256 of its bytes."""

    sha256: str
    rows: int

    @property
    def name(self) -> str:
        """Its place in the store."""
        return f"data/{self.sha256}.parquet"


def write_partitions(work: Workspace, parts: Iterable[Iterable[Columns]]) -> list[Partition]:
    """Stream each part into a content-addressed Parquet file, then write data.lock."""
    new, done = work.store_path / "data" / ".new.parquet", []
    for batches in parts:
        rows = write_table(new, batches)
        done.append(Partition(_digest(new), rows))
        new.replace(work.store_path / done[-1].name)
    lines = ",\n  ".join(json.dumps(partition._asdict()) for partition in done)
    text = f'{{"schema": 1, "partitions": [\n  {lines}\n]}}\n'
    work.lock_path.write_text(text, encoding="utf-8")
    return done


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_lock(work: Workspace) -> list[Partition]:
    """The partitions that data.lock names."""
    try:
        found = json.loads(work.lock_path.read_text(encoding="utf-8"))
        return [Partition(p["sha256"], p["rows"]) for p in found["partitions"]]
    except FileNotFoundError as error:
        raise OpsError(
            "There are no data yet: no data.lock.",
            hint=f"Run `{PROGRAM} data` for the sample, or `{PROGRAM} use-data` for your own file.",
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        hint = "Restore it from git, or solve its conflict."
        raise OpsError("data.lock cannot be read.", hint=hint) from error


def partition_paths(work: Workspace) -> list[Path]:
    """Local files of all partitions; an error names the command that fetches absent ones."""
    paths = [work.store_path / partition.name for partition in read_lock(work)]
    absent = sum(not path.is_file() for path in paths)
    if absent:
        raise OpsError(
            f"{absent} of {len(paths)} data files of data.lock are not in ./store.",
            hint=f"Run `{PROGRAM} data pull`, or make the data again.",
        )
    return paths


def push_data(work: Workspace) -> str:
    """Copy the partitions of data.lock to the shared place; returns a sentence."""
    store = work.store
    if not store.shared:
        return HOW_TO_SHARE
    paths = partition_paths(work)
    copied = sum(store.push(f"data/{path.name}") for path in paths)
    return f"Copied {copied} of {len(paths)} data files to {store.uri}; the others are there."


def pull_data(work: Workspace) -> str:
    """Fetch the partitions of data.lock and verify their bytes; returns a sentence."""
    store, partitions = work.store, read_lock(work)
    if not store.shared:
        return HOW_TO_SHARE
    copied = sum(store.pull(partition.name) for partition in partitions)
    for path in partition_paths(work):
        if _digest(path) != path.stem:
            path.unlink()
            raise OpsError(
                f"data/{path.name} was damaged on the way or in {store.uri}.",
                hint="Push it again from a machine that has it, then pull.",
                exit=Exit.CONTRACT,
            )
    return f"Fetched {copied} of {len(partitions)} data files from {store.uri}."


def data_batches(work: Workspace, columns: list[str] | None = None) -> Iterator[Columns]:
    """Raw batches of all partitions of data.lock."""
    for path in partition_paths(work):
        yield from read_batches(path, columns)


def class_index(contract: Contract, values: NDArray[Any]) -> NDArray[np.float64]:
    """The target as numbers: index of the class, or the value; NaN where there is no label."""
    if contract.task == "regression":
        return values.astype(np.float64)
    words = convert(values, "category")[0].tolist()
    places: dict[str | None, float] = {None: np.nan}
    places |= {name: float(i) for i, name in enumerate(contract.classes)}
    unknown = next((word for word in words if word not in places), None)
    if unknown is not None:
        raise OpsError(
            f"The target {contract.target} holds {unknown!r}, which is none of its classes.",
            hint="Correct the data, or add the class to conf/data.yaml and train again.",
            exit=Exit.CONTRACT,
        )
    return np.array([places[word] for word in words], dtype=np.float64)


def load_dataset(work: Workspace) -> Dataset:
    """Read the needed columns of all partitions; refuse before memory runs out."""
    contract = work.contract
    wanted = [column.name for column in contract.columns if column.role != "ignored"]
    total = sum(partition.rows for partition in read_lock(work))
    limit = work.settings.data.max_rows or total
    _refuse_if_too_large(min(total, limit) * len(wanted))
    tally, parts = Tally(), []
    for raw, checked in stream(contract, data_batches(work, [*wanted, ROW]), tally, labels=True):
        if any(f.action == "refuse" for f in tally.findings):
            continue  # count on, to tell everything at once
        rows = {ROW: raw[ROW]} | checked.columns if ROW in raw else checked.columns
        rows[contract.target] = class_index(contract, rows[contract.target])
        chosen = checked.kept
        if limit < total:
            entity = rows[contract.entity or ROW]
            chosen = chosen & _below(entity, "sample", limit / total, 10_000)
        parts.append({name: values[chosen] for name, values in rows.items()})
    tally.judge(contract)
    columns = join_batches(parts)
    return Dataset(
        columns={column.name: columns[column.name] for column in contract.features},
        target=columns[contract.target],
        entity=columns[contract.entity or ROW],
        time=columns[contract.time] if contract.time else None,
        digest=data_digest(work),
        quarantined=tally.quarantined,
    )


def data_digest(work: Workspace) -> str:
    """Digest of the data in use, without loading them."""
    names = [partition.sha256 for partition in read_lock(work)]
    return hashlib.sha256(",".join([*names, str(work.settings.data.max_rows)]).encode()).hexdigest()


def _refuse_if_too_large(values: int) -> None:
    need, have = values * BYTES_PER_VALUE, free_memory() * MEMORY_SHARE
    if need > have:
        raise OpsError(
            f"Training needs about {need / 1e9:.1f} GB of memory, {have / 1e9:.1f} GB may be used.",
            hint="Set data.max_rows in conf/pipeline.yaml to train on a sample, set columns to "
            "role ignored, or use a larger machine.",
        )


def free_memory() -> float:
    """Bytes that this process may still take: the machine's, or its container's limit."""
    amounts = [float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))]
    with suppress(OSError):  # not Linux, or no container
        lines = Path("/proc/meminfo").read_text().splitlines()
        amounts += [float(x.split()[1]) * 1024 for x in lines if x.startswith("MemAvailable")]
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()
        used = Path("/sys/fs/cgroup/memory.current").read_text()
        amounts += [float(limit) - float(used)] if limit != "max" else []
    return min(amounts)


def validate(work: Workspace, source: Path | None = None) -> Tally:
    """Stream the data (or the file `source`) through the contract; exit 12 when it fails.

    Rows in quarantine are kept in store/quarantine, with the columns as they came.
    """
    tally = Tally()
    batches = read_batches(source) if source else data_batches(work)
    checked = stream(work.contract, batches, tally, labels=source is None)
    aside = ({n: v[~c.kept] for n, v in raw.items()} for raw, c in checked if not c.kept.all())
    name = source.stem if source else "data"
    write_table(work.store_path / "quarantine" / f"{name}.parquet", aside)
    tally.judge(work.contract)
    return tally


@dataclass(frozen=True)
class Split:
    """Boolean masks over the rows of a dataset; rows without a usable label are in none.

    `kind` is "time" or "hash"; `cutoff` is the first time of the holdout (ISO) for "time".
    """

    train: NDArray[np.bool_]
    valid: NDArray[np.bool_]
    holdout: NDArray[np.bool_]
    kind: str
    cutoff: str | None
    salt: str

    def stamp(self) -> dict[str, str | None]:
        """What a bundle keeps, so that the gate can tell whether a model saw a holdout."""
        return {"kind": self.kind, "cutoff": self.cutoff, "salt": self.salt}


def split_rows(dataset: Dataset, settings: SplitSettings, label_delay_days: int = 0) -> Split:
    """Hold out the latest window whose labels are mature, or a stable fifth of the entities.

    With times, a label is mature when its row is at least `label_delay_days` older than the
    newest row; training uses only rows whose labels were known when the holdout began. Without,
    an entity is held out when sha256(salt + entity) mod 100 is below the share.
    """
    labelled = ~np.isnan(dataset.target)
    split = _by_time(dataset.time, labelled, settings, np.timedelta64(label_delay_days, "D"))
    split = split or _by_hash(dataset.entity, labelled, settings)
    for name in ("train", "valid", "holdout"):
        if not getattr(split, name).any():
            raise OpsError(
                f"The split leaves no labelled rows for {name} ({labelled.sum():,} in all).",
                hint="Add data, or change the split section of conf/pipeline.yaml.",
            )
    return split


def _by_time(
    time: NDArray[Any] | None,
    labelled: NDArray[np.bool_],
    settings: SplitSettings,
    delay: np.timedelta64,
) -> Split | None:
    """None if there are too few moments to cut them into three windows."""
    if time is None:
        return None
    mature = labelled & (time <= time.max() - delay)
    times = np.unique(time[mature])
    if len(times) < 3:
        return None
    if settings.holdout_days:
        cutoff = times[times > times[-1] - np.timedelta64(settings.holdout_days, "D")][0]
    else:
        cutoff = np.quantile(time[mature], 1 - settings.holdout_share, method="higher")
    cutoff = np.clip(cutoff, times[2], times[-1])
    before = mature & (time + delay <= cutoff) & (time < cutoff)
    known = np.unique(time[before])
    if len(known) < 2:
        return None
    start = np.quantile(time[before], 1 - settings.valid_share, method="higher")
    start = np.clip(start, known[1], known[-1])
    return Split(
        train=before & (time < start),
        valid=before & (time >= start),
        holdout=mature & (time >= cutoff),
        kind="time",
        cutoff=str(cutoff.astype("datetime64[s]")),
        salt=settings.salt,
    )


def _by_hash(entity: NDArray[Any], labelled: NDArray[np.bool_], settings: SplitSettings) -> Split:
    held = held_out(entity, settings)
    valid = _below(entity, f"{settings.salt}:valid:", settings.valid_share)
    return Split(
        train=labelled & ~held & ~valid,
        valid=labelled & ~held & valid,
        holdout=labelled & held,
        kind="hash",
        cutoff=None,
        salt=settings.salt,
    )


def held_out(entity: NDArray[Any], settings: SplitSettings) -> NDArray[np.bool_]:
    """True for entities whose hash puts them into the holdout."""
    return _below(entity, settings.salt, settings.holdout_share)


def _below(entity: NDArray[Any], salt: str, share: float, buckets: int = 100) -> NDArray[np.bool_]:
    """sha256(salt + entity) mod buckets is below the share: the same, however the data grow."""
    names, rows = np.unique(entity.astype(str), return_inverse=True)
    hashes = (hashlib.sha256((salt + name).encode()).hexdigest() for name in names.tolist())
    limit = round(share * buckets)
    return np.array([int(found, 16) % buckets < limit for found in hashes], dtype=np.bool_)[rows]
