"""The data that data.lock names: shared, checked, loaded, and split into training and holdout."""

import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .contract import GIVEN, ROW, Array, Check, Columns, Contract, Floats, Mask, convert, take
from .settings import PROGRAM, Exit, OpsError, Settings, Workspace, read_json, sha256, write_json
from .tables import join_batches, read_batches, share, write_table

CONTAINER = Path("/sys/fs/cgroup/memory.max")
BYTES_PER_VALUE = 40  # a column's array, its place in the matrix, LightGBM's bins, one copy


def write_partitions(work: Workspace, parts: Iterable[Iterable[Columns]]) -> None:
    """Stream each part into a Parquet file named by its content, then write data.lock."""
    new, partitions = work.store_path / "data" / f".new-{os.getpid()}.parquet", []
    for batches in parts:
        rows, digest = write_table(new, batches), sha256(new)
        partitions.append({"sha256": digest, "rows": rows})
        new.replace(new.with_name(f"{digest}.parquet"))
    write_json(work.lock_path, {"schema": 1, "partitions": partitions})


def read_lock(work: Workspace) -> dict[str, int]:
    """The data in use: the rows of each partition by the SHA-256 of its bytes."""
    found = read_json(work.lock_path)
    if not isinstance(found, dict) or not found.get("partitions"):
        hint = f"Run `{PROGRAM} data` for the sample, or `{PROGRAM} use-data` for your own file."
        raise OpsError("There is no data.lock, or data.lock names no data.", hint)
    return {part["sha256"]: part["rows"] for part in found["partitions"]}


def push_data(work: Workspace) -> str:
    """Copy the partitions of data.lock to the shared place; returns a sentence."""
    if work.settings.store.uri == "./store":
        return "The store is local (./store). To share it, set store.uri in conf/pipeline.yaml."
    names = [f"data/{path.name}" for path in pull_data(work)]
    copied = sum(share(work, name) for name in names)
    return f"Copied {copied} of {len(names)} data files to {work.settings.store.uri}."


def pull_data(work: Workspace) -> list[Path]:
    """Local files of all partitions; absent ones are fetched, and refused if a byte differs."""
    paths = [work.store_path / "data" / f"{digest}.parquet" for digest in read_lock(work)]
    for path in (path for path in paths if not path.is_file()):
        name, hint = f"data/{path.name}", f"Ask whoever has it for `{PROGRAM} data push`."
        if not share(work, name, back=True):
            raise OpsError(f"{name} is neither in ./store nor in {work.settings.store.uri}.", hint)
        if sha256(path) != path.stem:
            path.unlink()
            raise OpsError(f"{name} was damaged on the way or in the store.", hint, Exit.CONTRACT)
    return paths


def data_batches(work: Workspace, columns: list[str] | None = None) -> Iterator[Columns]:
    """Raw batches of all partitions of data.lock."""
    for path in pull_data(work):
        yield from read_batches(path, columns)


def validate(work: Workspace, source: Path | None = None) -> Check:
    """Check the data or a file (exit 12); store/quarantine keeps rows set aside as they came."""
    check = Check(work.contract, GIVEN if source else (*GIVEN, "target"))

    def aside() -> Iterator[Columns]:
        for raw in read_batches(source) if source else data_batches(work):
            kept = check(raw)[1]
            if not kept.all():
                yield take(raw, ~kept)

    name = source.stem if source else "data"
    write_table(work.store_path / "quarantine" / f"{name}.parquet", aside())
    check.judge()
    return check


def load_rows(work: Workspace, more: Collection[str] = ()) -> Columns:
    """Features, keys and target (see `class_index`) of kept rows, unless memory would run out."""
    contract, total = work.contract, sum(read_lock(work).values())
    wanted = [ROW, *(c.name for c in contract.columns if c.role != "ignored" or c.name in more)]
    limit = min(work.settings.data.max_rows or total, total)
    share, need, have = limit / max(total, 1), limit * len(wanted) * BYTES_PER_VALUE, free_memory()
    if need > have:
        message = f"Training needs {need / 1e9:.1f} GB of memory, {have / 1e9:.1f} may be used."
        hint = "Set data.max_rows in conf/pipeline.yaml to train on a share of the entities."
        raise OpsError(message, hint)
    check, parts = Check(contract, (*GIVEN, "target")), []
    for raw in data_batches(work, wanted):
        columns, kept = check(raw)
        if not check.told("refuse"):  # else count on, to tell everything at once
            rows = raw | columns
            rows[contract.target] = class_index(contract, rows[contract.target])
            sampled = share == 1 or hashed(rows[contract.entity], "sample", share, 9_999)
            parts.append(take(rows, kept & sampled))
    check.judge()
    return join_batches(parts)


def free_memory() -> float:
    """Bytes that training may take: half of what the machine, or the container, has."""
    bytes = float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    with suppress(OSError, ValueError):  # no container, or one without a limit
        bytes = min(bytes, float(CONTAINER.read_text()))
    return 0.5 * bytes


def class_index(contract: Contract, values: Array) -> Floats:
    """The target as numbers: index of the class, or the value; NaN where there is no label."""
    if contract.task == "regression":
        return values.astype(np.float64)
    places = {None: np.nan} | {name: float(i) for i, name in enumerate(contract.classes)}
    try:
        return np.array([places[word] for word in convert(values, "category")[0]])
    except KeyError as unknown:
        message = f"The target {contract.target} holds {unknown}, which is none of its classes."
        raise OpsError(message, "Correct the data, or add the class.", Exit.CONTRACT) from unknown


def data_digest(work: Workspace) -> str:
    """Digest of the data in use, without loading them."""
    parts = [*read_lock(work), str(work.settings.data.max_rows)]
    return sha256(",".join(parts))


class Split(NamedTuple):
    """Masks over rows, without a usable label in none; `stamp` tells a gate what was held out."""

    train: Mask
    valid: Mask
    holdout: Mask
    stamp: dict[str, Any]


def split_rows(contract: Contract, rows: Columns, settings: Settings) -> Split:
    """Hold out the latest window whose labels are mature, or a stable fifth of the entities.

    With times, a label is mature when its row is at least `label_delay_days` older than the
    newest row; training uses only rows whose labels were known when the holdout began. Without,
    an entity is held out when sha256(salt + entity) mod 100 is below the share.
    """
    rule, usable, entity = settings.split, _usable(contract, rows), rows[contract.entity]
    held = hashed(entity, rule.salt, rule.holdout_share)
    valid, cutoff = hashed(entity, f"{rule.salt}:valid:", rule.valid_share), ""
    if contract.time:
        time, delay = rows[contract.time], np.timedelta64(contract.label_delay_days, "D")
        begin = _latest(time[usable], rule.holdout_share, 2)
        known = usable & (time < begin) & (time + delay <= begin)
        start = _latest(time[known], rule.valid_share, 1)
        if not np.isnat(start):  # else there are too few moments
            usable, held, valid = known | (usable & (time >= begin)), time >= begin, time >= start
            cutoff = str(begin.astype("datetime64[s]"))
    train, holdout = usable & ~held & ~valid, usable & held
    stamp: dict[str, Any] = {"kind": "time" if cutoff else "hash", "cutoff": cutoff}
    stamp |= {"salt": rule.salt, "share": rule.holdout_share}
    split = Split(train, usable & ~held & valid, holdout, stamp)
    if not all(mask.any() for mask in split[:3]):
        hint = "Add data, or change `split` in conf/pipeline.yaml."
        raise OpsError("The split leaves a part without labelled rows.", hint)
    return split


def _usable(contract: Contract, rows: Columns) -> Mask:
    """Rows with a label that is mature; an OpsError if there is none."""
    usable = ~np.isnan(rows[contract.target])
    if contract.time and usable.any():
        delay = np.timedelta64(contract.label_delay_days, "D")
        usable &= rows[contract.time] <= np.nanmax(rows[contract.time]) - delay
    if not usable.any():
        hint = "Add rows with labels, or correct label_delay_days in conf/data.yaml."
        raise OpsError("No row has a label that is mature.", hint, Exit.CONTRACT)
    return usable


def _latest(time: Array, share: float, spare: int) -> Any:
    """Where the latest window begins that leaves `spare` moments before it; NaT if it cannot."""
    moments = np.unique(time)
    if len(moments) <= spare:
        return np.datetime64("NaT")
    return np.clip(np.quantile(time, 1 - share, method="higher"), moments[spare], moments[-1])


def hashed(entity: Array, salt: str, share: float, buckets: int = 100) -> Mask:
    """sha256(salt + entity) mod buckets is below the share: the same, however the data grow."""
    names, rows = np.unique(entity.astype(str), return_inverse=True)
    hashes = (sha256(salt + name) for name in names.tolist())
    limit = round(share * buckets)
    return np.array([int(found, 16) % buckets < limit for found in hashes], dtype=np.bool_)[rows]
