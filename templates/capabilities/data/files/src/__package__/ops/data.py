"""The data that data.lock names: shared, checked, loaded, and split into training and holdout."""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .contract import ROW, Checked, Columns, Contract, Finding, check_columns, convert, sentence
from .settings import PROGRAM, Exit, OpsError, SplitSettings
from .tables import join_batches, read_batches, write_table
from .workspace import Workspace

BYTES_PER_VALUE = 40  # a column's array, its place in the matrix, LightGBM's bins, one copy
MEMORY_SHARE = 0.7  # of the free memory may be used
CONTAINER = Path("/sys/fs/cgroup")


def write_partitions(work: Workspace, parts: Iterable[Iterable[Columns]]) -> None:
    """Stream each part into a Parquet file named by its content, then write data.lock."""
    new, lines = work.store_path / "data" / ".new.parquet", []
    for batches in parts:
        rows = write_table(new, batches)
        digest = _digest(new)
        lines.append(json.dumps({"sha256": digest, "rows": rows}))
        new.replace(_path(work, digest))
    text = '{"schema": 1, "partitions": [\n  ' + ",\n  ".join(lines) + "\n]}\n"
    work.lock_path.write_text(text, encoding="utf-8")


def read_lock(work: Workspace) -> dict[str, int]:
    """The data in use: the rows of each partition by the SHA-256 of its bytes."""
    try:
        found = json.loads(work.lock_path.read_text(encoding="utf-8"))
        return {part["sha256"]: part["rows"] for part in found["partitions"]}
    except FileNotFoundError as error:
        hint = f"Run `{PROGRAM} data` for the sample, or `{PROGRAM} use-data` for your own file."
        raise OpsError("There are no data yet: no data.lock.", hint) from error
    except (ValueError, KeyError, TypeError) as error:
        hint = "Restore it from git, or solve its conflict."
        raise OpsError("data.lock cannot be read.", hint) from error


def _path(work: Workspace, digest: str) -> Path:
    return work.store_path / "data" / f"{digest}.parquet"


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def push_data(work: Workspace) -> str:
    """Copy the partitions of data.lock to the shared place; returns a sentence."""
    if not work.store.shared:
        return "The store is local (./store). To share it, set store.uri in conf/pipeline.yaml."
    names = [f"data/{path.name}" for path in pull_data(work)]
    copied = sum(work.store.push(name) for name in names)
    return f"Copied {copied} of {len(names)} data files to {work.store.uri}."


def pull_data(work: Workspace) -> list[Path]:
    """Local files of all partitions; absent ones are fetched, and refused if a byte differs."""
    paths = [_path(work, digest) for digest in read_lock(work)]
    for path in (path for path in paths if not path.is_file()):
        name, hint = f"data/{path.name}", f"Ask whoever has it for `{PROGRAM} data push`."
        if not work.store.pull(name):
            raise OpsError(f"{name} is neither in ./store nor in {work.store.uri}.", hint)
        if _digest(path) != path.stem:
            path.unlink()
            message = f"{name} was damaged on the way or in {work.store.uri}."
            raise OpsError(message, hint, Exit.CONTRACT)
    return paths


def data_batches(work: Workspace, columns: list[str] | None = None) -> Iterator[Columns]:
    """Raw batches of all partitions of data.lock."""
    for path in pull_data(work):
        yield from read_batches(path, columns)


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
        message, limit = "", contract.max_quarantine_share
        if self.quarantined > contract.max_quarantine_share * max(self.rows, 1):
            why = f"more than {limit:.1%} ({self._told('quarantine')})"
            message = f"{self.quarantined:,} of {self.rows:,} rows are in quarantine, {why}."
        if refused := self._told("refuse"):
            message = f"The data break the contract: {refused}."
        if message:
            hint = "Mend the source, or change the policy or the share in conf/data.yaml."
            raise OpsError(message, hint, Exit.CONTRACT)

    def _told(self, action: str) -> str:
        return "; ".join(sentence(found) for found in self.findings if found.action == action)


def stream(
    contract: Contract, batches: Iterable[Columns], tally: Tally, *, labels: bool = False
) -> Iterator[tuple[Columns, Checked]]:
    """Check batch after batch, adding to `tally`; yields the raw and the checked columns."""
    roles = ("feature", "entity", "time") + (("target",) if labels else ())
    for raw in batches:
        checked = check_columns(contract, raw, roles=roles)
        tally.add(checked)
        yield raw, checked


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


def load_dataset(work: Workspace) -> Dataset:
    """Read the needed columns of all partitions; refuse before memory runs out."""
    contract, total = work.contract, sum(read_lock(work).values())
    wanted = [column.name for column in contract.columns if column.role != "ignored"]
    limit = min(work.settings.data.max_rows or total, total)
    _refuse_if_too_large(limit * len(wanted))
    tally, parts, entity = Tally(), [], contract.entity or ROW
    for raw, checked in stream(contract, data_batches(work, [*wanted, ROW]), tally, labels=True):
        if any(finding.action == "refuse" for finding in tally.findings):
            continue  # count on, to tell everything at once
        rows = {name: raw[name] for name in (ROW,) if name in raw} | checked.columns
        rows[contract.target] = class_index(contract, rows[contract.target])
        sampled = limit == total or _below(rows[entity], "sample", limit / total, 10_000)
        parts.append({name: values[checked.kept & sampled] for name, values in rows.items()})
    tally.judge(contract)
    columns = join_batches(parts)
    return Dataset(
        {column.name: columns[column.name] for column in contract.features},
        columns[contract.target],
        columns[entity],
        columns[contract.time] if contract.time else None,
        data_digest(work),
    )


def class_index(contract: Contract, values: NDArray[Any]) -> NDArray[np.float64]:
    """The target as numbers: index of the class, or the value; NaN where there is no label."""
    if contract.task == "regression":
        return values.astype(np.float64)
    places = {None: np.nan} | {name: float(i) for i, name in enumerate(contract.classes)}
    try:
        return np.array([places[word] for word in convert(values, "category")[0]])
    except KeyError as unknown:
        message = f"The target {contract.target} holds {unknown}, which is none of its classes."
        hint = "Correct the data, or add the class to conf/data.yaml and train again."
        raise OpsError(message, hint, Exit.CONTRACT) from unknown


def data_digest(work: Workspace) -> str:
    """Digest of the data in use, without loading them."""
    parts = [*read_lock(work), str(work.settings.data.max_rows)]
    return hashlib.sha256(",".join(parts).encode()).hexdigest()


def _refuse_if_too_large(values: int) -> None:
    need, have = values * BYTES_PER_VALUE / 1e9, free_memory() * MEMORY_SHARE / 1e9
    if need > have:
        message = f"Training needs about {need:.1f} GB of memory, {have:.1f} GB may be used."
        hint = "Set data.max_rows in conf/pipeline.yaml to train on a share of the entities."
        raise OpsError(message, hint)


def free_memory() -> float:
    """Bytes that this process may still take; where that is unknown, all that the machine has."""
    free = float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    with suppress(OSError):
        found = re.search(r"MemAvailable: *(\d+)", Path("/proc/meminfo").read_text())
        free = float(found[1]) * 1024 if found else free
    with suppress(OSError, ValueError):  # a container may have less
        limit, used = (CONTAINER / f"memory.{name}" for name in ("max", "current"))
        free = min(free, float(limit.read_text()) - float(used.read_text()))
    return free


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
    usable, cutoff = ~np.isnan(dataset.target), None
    held = held_out(dataset.entity, settings)
    valid = _below(dataset.entity, f"{settings.salt}:valid:", settings.valid_share)
    if dataset.time is not None and (
        windows := _windows(dataset.time, usable, settings, np.timedelta64(label_delay_days, "D"))
    ):
        usable, held, valid, cutoff = windows
    train, holdout = usable & ~held & ~valid, usable & held
    masks = {"train": train, "valid": usable & ~held & valid, "holdout": holdout}
    for name, rows in masks.items():
        if not rows.any():
            message = f"The split leaves no labelled rows for {name} ({usable.sum():,} in all)."
            raise OpsError(message, "Add data, or change `split` in conf/pipeline.yaml.")
    kind = "time" if cutoff else "hash"
    return Split(**masks, kind=kind, cutoff=cutoff, salt=settings.salt)


def _windows(
    time: NDArray[Any], usable: NDArray[np.bool_], settings: SplitSettings, delay: np.timedelta64
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_], str] | None:
    """Usable, held-out and validating rows, and the cutoff; None if there are too few moments."""
    mature = usable & (time <= time.max() - delay)
    cutoff = _latest(time[mature], settings.holdout_share, settings.holdout_days, 2)
    held = time >= cutoff
    known = mature & ~held & (time + delay <= cutoff)
    start = _latest(time[known], settings.valid_share, None, 1)
    if np.isnat(start):
        return None
    return known | (mature & held), held, time >= start, str(cutoff.astype("datetime64[s]"))


def _latest(time: NDArray[Any], share: float, days: int | None, spare: int) -> Any:
    """Where the latest window begins that leaves `spare` moments before it; NaT if it cannot."""
    moments = np.unique(time)
    if len(moments) <= spare:
        return np.datetime64("NaT")
    start = np.quantile(time, 1 - share, method="higher")
    if days:
        start = moments[moments > moments[-1] - np.timedelta64(days, "D")][0]
    return np.clip(start, moments[spare], moments[-1])


def held_out(entity: NDArray[Any], settings: SplitSettings) -> NDArray[np.bool_]:
    """True for entities whose hash puts them into the holdout."""
    return _below(entity, settings.salt, settings.holdout_share)


def _below(entity: NDArray[Any], salt: str, share: float, buckets: int = 100) -> NDArray[np.bool_]:
    """sha256(salt + entity) mod buckets is below the share: the same, however the data grow."""
    names, rows = np.unique(entity.astype(str), return_inverse=True)
    hashes = (hashlib.sha256((salt + name).encode()).hexdigest() for name in names.tolist())
    limit = round(share * buckets)
    return np.array([int(found, 16) % buckets < limit for found in hashes], dtype=np.bool_)[rows]
