"""Loading and validating the data that data.lock names."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .contract import ROW, Checked, Contract, Finding, check_columns, sentence
from .errors import Exit, OpsError
from .settings import Project, Settings
from .store import partition_paths, read_lock
from .tables import join_batches, read_batches, write_table
from .values import Columns

BYTES_PER_VALUE = 40  # a column's array, its place in the matrix, LightGBM's bins, one copy


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
    findings: list[Finding] = field(default_factory=list)

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
            key = finding[:3]
            before = self.found.get(key)
            rows = finding.rows + (before.rows if before else 0)
            self.found[key] = (before or finding)._replace(rows=rows)

    def judge(self, contract: Contract) -> None:
        """Raise (exit 12) if a finding refuses the data or too many rows are in quarantine."""
        refused = [sentence(f) for f in self.findings if f.action == "refuse"]
        if refused:
            raise OpsError(
                f"The data break the contract: {'; '.join(refused)}.",
                hint="Mend the source, or change the column's policy in conf/data.yaml.",
                exit=Exit.CONTRACT,
            )
        if self.quarantined > contract.max_quarantine_share * max(self.rows, 1):
            why = "; ".join(sentence(f) for f in self.findings if f.action == "quarantine")
            raise OpsError(
                f"{self.quarantined:,} of {self.rows:,} rows are in quarantine, more than "
                f"{contract.max_quarantine_share:.1%} ({why}).",
                hint="Mend the source, or raise max_quarantine_share in conf/data.yaml.",
                exit=Exit.CONTRACT,
            )


def stream(
    contract: Contract, batches: Iterable[Columns], tally: Tally, *, labels: bool = False
) -> Iterator[tuple[Columns, Checked]]:
    """Check batch after batch, adding to `tally`; yields the raw and the checked columns."""
    roles = ("feature", "entity", "time") + (("target",) if labels else ())
    for raw in batches:
        checked = check_columns(contract, raw, roles=roles)
        tally.add(checked)
        yield raw, checked


def data_batches(project: Project, columns: list[str] | None = None) -> Iterator[Columns]:
    """Raw batches of all partitions of data.lock."""
    for path in partition_paths(project):
        yield from read_batches(path, columns)


def class_index(contract: Contract, values: NDArray[Any]) -> NDArray[np.float64]:
    """The target as numbers: index of the class, or the value; NaN where there is no label."""
    if contract.task == "regression":
        return values.astype(np.float64)
    if values.dtype != object:  # a boolean or number: 0.0 is the class "0"
        words = [None if value != value else f"{value:g}" for value in values.tolist()]
    else:
        words = values.tolist()
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


def load_dataset(project: Project, settings: Settings, contract: Contract) -> Dataset:
    """Read the needed columns of all partitions; refuse before memory runs out."""
    roles = {column.name for column in contract.columns if column.role != "ignored"}
    total = sum(partition.rows for partition in read_lock(project))
    limit = settings.data.max_rows or total
    _refuse_if_too_large(min(total, limit) * len(roles), settings)
    tally, parts = Tally(), []
    for raw, checked in stream(contract, data_batches(project, [*roles, ROW]), tally, labels=True):
        if any(f.action == "refuse" for f in tally.findings):
            continue  # count on, to tell everything at once
        kept = checked.columns | {ROW: _identity(contract, raw, checked)}
        kept[contract.target] = class_index(contract, kept[contract.target])
        chosen = checked.kept & _sampled(kept[ROW], limit / max(total, 1))
        parts.append({name: values[chosen] for name, values in kept.items()})
    tally.judge(contract)
    columns = join_batches(parts)
    return Dataset(
        columns={column.name: columns[column.name] for column in contract.features},
        target=columns[contract.target],
        entity=columns[ROW],
        time=columns[contract.time] if contract.time else None,
        digest=data_digest(project, settings),
        quarantined=tally.quarantined,
        findings=tally.findings,
    )


def _identity(contract: Contract, raw: Columns, checked: Checked) -> NDArray[Any]:
    return checked.columns[contract.entity] if contract.entity else raw[ROW]


def entity_bucket(entity: str, salt: str, buckets: int) -> int:
    """sha256(salt + entity) mod buckets: the same for ever, however the data grow."""
    return int(hashlib.sha256((salt + entity).encode()).hexdigest(), 16) % buckets


def _sampled(entity: NDArray[Any], share: float) -> NDArray[np.bool_]:
    if share >= 1:
        return np.ones(len(entity), dtype=np.bool_)
    limit = share * 10_000
    return np.array([entity_bucket(name, "sample", 10_000) < limit for name in entity], np.bool_)


def _refuse_if_too_large(values: int, settings: Settings) -> None:
    need, have = values * BYTES_PER_VALUE, free_memory() * settings.data.memory_share
    if need > have:
        raise OpsError(
            f"Training needs about {need / 1e9:.1f} GB of memory, {have / 1e9:.1f} GB may be used.",
            hint="Set data.max_rows in conf/pipeline.yaml to train on a sample, set columns to "
            "role ignored, or use a larger machine.",
        )


def free_memory() -> float:
    """Bytes that this process may still take: the machine's, or its container's limit."""
    amounts = [float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))]
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        amounts += [float(x.split()[1]) * 1024 for x in lines if x.startswith("MemAvailable")]
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()
        used = Path("/sys/fs/cgroup/memory.current").read_text()
        amounts += [float(limit) - float(used)] if limit != "max" else []
    except OSError:
        return min(amounts)
    return min(amounts)


def data_digest(project: Project, settings: Settings) -> str:
    """Digest of the data in use, without loading them."""
    names = [partition.sha256 for partition in read_lock(project)]
    text = ",".join([*names, str(settings.data.max_rows)])
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Validation:
    """What a pass over the data found."""

    rows: int
    quarantined: int
    findings: list[Finding]
    quarantine_path: Path | None


def validate(project: Project, contract: Contract, source: Path | None = None) -> Validation:
    """Stream the data (or the file `source`) through the contract; exit 12 when it fails.

    Rows in quarantine are kept in store/quarantine, with the columns as they came.
    """
    tally = Tally()
    batches = read_batches(source) if source else data_batches(project)
    checked = stream(contract, batches, tally, labels=source is None)
    aside = ({n: v[~c.kept] for n, v in raw.items()} for raw, c in checked if not c.kept.all())
    path = project.store_path / "quarantine" / f"{source.stem if source else 'data'}.parquet"
    kept = write_table(path, aside)
    tally.judge(contract)
    return Validation(tally.rows, tally.quarantined, tally.findings, path if kept else None)
