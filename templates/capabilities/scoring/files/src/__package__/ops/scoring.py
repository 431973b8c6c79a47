"""Scoring: rows stream through a bundle, and every scored row carries the bundle's hash."""

import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .contract import ROW, Contract, sentence
from .data import Tally, data_batches, stream
from .settings import Project, Settings
from .split import held_out
from .store import open_store
from .tables import read_batches, write_table
from .values import Columns, convert, is_missing

log = logging.getLogger(__name__)
PREDICTION, BUNDLE = "prediction", "bundle"


class Predictor(Protocol):
    """What scoring and monitoring need of a bundle."""

    digest: str
    contract: Contract
    reference: dict[str, object]

    def predict(self, columns: Columns) -> NDArray[np.float64]:
        """Probability (n,), class probabilities (n, k) or value (n,)."""


@dataclass(frozen=True)
class Scored:
    """Where the predictions are, and how many rows were scored or set aside."""

    path: Path
    rows: int
    quarantined: int


def score(
    project: Project, settings: Settings, bundle: Predictor, source: Path | None = None
) -> Scored:
    """Score a file, or the newest rows of the data; writes Parquet into store/predictions.

    The output holds entity, time, the inputs that are not sensitive, prediction and bundle: it is
    also the log that `monitor` and `outcomes` read. A second run writes the same file again.
    """
    contract, tally = bundle.contract, Tally()
    newest = None if source else newest_time(project, contract)
    window = source.stem if source else str(newest or "data")[:10]
    path = project.store_path / "predictions" / f"{window}-{bundle.digest[:12]}.parquet"
    batches = read_batches(source) if source else _unseen(project, settings, contract, newest)
    rows = write_table(path, scored_batches(bundle, batches, tally))
    for finding in tally.findings:
        log.warning(sentence(finding))
    open_store(project, settings).push(f"predictions/{path.name}", replace=True)
    return Scored(path, rows, tally.quarantined)


def scored_batches(
    bundle: Predictor, batches: Iterable[Columns], tally: Tally
) -> Iterator[Columns]:
    """Rows that keep the contract, with their prediction; exit 12 as `validate` does."""
    contract = bundle.contract
    shown = {c.name for c in contract.columns if c.role != "target" and c.sensitive is not True}
    for _, checked in stream(contract, batches, tally):
        if checked.refused:
            tally.judge(contract)
        if checked.kept.any():
            kept = {name: values[checked.kept] for name, values in checked.columns.items()}
            digest = np.full(int(checked.kept.sum()), bundle.digest, dtype=object)
            rows = {name: values for name, values in kept.items() if name in shown}
            yield rows | predictions(contract, bundle.predict(kept)) | {BUNDLE: digest}
    tally.judge(contract)


def collect_served(project: Project, contract: Contract) -> None:
    """Turn the service's log lines in store/predictions (*.json, *.jsonl) into Parquet.

    Clouds carry them there; some wrap each line in `jsonPayload`.
    """
    folder = project.store_path / "predictions"
    for path in sorted(p for p in folder.rglob("*.json*") if p.is_file()):
        found: dict[str, list[Columns]] = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            entry = entry.get("jsonPayload", entry)
            if entry.get("log") == "prediction":
                found.setdefault(entry["bundle"], []).append(_served(contract, entry))
        name = "-".join(path.relative_to(folder).with_suffix("").parts)
        for digest, batches in found.items():
            write_table(folder / f"{name}-{digest[:12]}.parquet", batches)


def _served(contract: Contract, entry: dict[str, Any]) -> Columns:
    answers = entry["predictions"]
    kept = np.array([answer is not None for answer in answers], dtype=np.bool_)
    types = {c.name: c.type for c in contract.columns}
    given = {name: np.array(v, dtype=object) for name, v in entry["inputs"].items()}
    rows = {n: convert(v, types[n])[0][kept] for n, v in given.items() if n in types}
    if contract.time:
        moment = np.datetime64(entry["time"][:19])
        rows.setdefault(contract.time, np.full(int(kept.sum()), moment))
    there = [answer for answer in answers if answer is not None]
    if contract.task == "multiclass":
        there = [[answer[name] for name in contract.classes] for answer in there]
    digest = np.full(len(there), entry["bundle"], dtype=object)
    return rows | predictions(contract, np.array(there, dtype=np.float64)) | {BUNDLE: digest}


def predictions(contract: Contract, scores: NDArray[np.float64]) -> Columns:
    """Scores as columns: `prediction`, or one column per class."""
    if scores.ndim == 1:
        return {PREDICTION: scores}
    return {f"{PREDICTION}:{name}": scores[:, i] for i, name in enumerate(contract.classes)}


def scores_of(contract: Contract, columns: Columns) -> NDArray[np.float64]:
    """The inverse of `predictions`."""
    if contract.task != "multiclass":
        return columns[PREDICTION]
    return np.stack([columns[f"{PREDICTION}:{name}"] for name in contract.classes], axis=1)


def newest_time(project: Project, contract: Contract) -> np.datetime64 | None:
    """The newest time in the data; None without a time column."""
    if contract.time is None:
        return None
    times = (
        convert(batch[contract.time], "date")[0] for batch in data_batches(project, [contract.time])
    )
    return max((np.nanmax(values) for values in times if len(values)), default=None)


def _unseen(
    project: Project, settings: Settings, contract: Contract, newest: np.datetime64 | None
) -> Iterator[Columns]:
    """The newest rows; without times those without a label, or else the held-out entities.

    Rows that trained the model would get answers that are too sure, and look like drift.
    """
    names = [column.name for column in contract.columns if column.role != "ignored"]
    unlabelled = newest is None and any(
        is_missing(convert(batch[contract.target], "category")[0]).any()
        for batch in data_batches(project, [contract.target])
    )
    for batch in data_batches(project, [*names, ROW]):
        if newest is not None:
            rows = convert(batch[contract.time or ""], "date")[0] == newest
        elif unlabelled:
            rows = is_missing(convert(batch[contract.target], "category")[0])
        else:
            entity = convert(batch[contract.entity or ROW], "category")[0]
            rows = held_out(entity, settings.split)
        yield {name: values[rows] for name, values in batch.items()}
