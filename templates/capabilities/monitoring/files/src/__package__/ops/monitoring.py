"""`outcomes` joins late labels to predictions; `monitor` judges drift of data and of the law."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .contract import Contract
from .data import Tally, class_index, data_batches
from .drift import (
    LABEL,
    ColumnDrift,
    DriftReport,
    judge_concept,
    judge_drift,
    latest_per_entity,
)
from .errors import PROGRAM, Exit, OpsError
from .metrics import LOSSES, row_losses
from .scoring import BUNDLE, PREDICTION, Predictor, collect_served, scored_batches, scores_of
from .settings import Project, Settings
from .store import open_store
from .tables import join_batches, read_batches, read_table, write_table
from .values import Columns, convert


@dataclass(frozen=True)
class MonitorReport:
    """What was judged, in words and as data; `exit` is 11 when something alarms."""

    lines: list[str]
    exit: Exit
    window: str
    rows: int
    drift: DriftReport | None = None
    concept: ColumnDrift | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return asdict(self)


@dataclass(frozen=True)
class OutcomesReport:
    """How many predictions have their label now, and how many wait for it."""

    joined: int
    waiting: int
    paths: list[Path]


def outcomes(
    project: Project, settings: Settings, contract: Contract, source: Path | None = None
) -> OutcomesReport:
    """Join labels (of a file, or of the data) to predictions by entity and time.

    Without a time column the entity alone joins. Writes one file in store/outcomes per file of
    predictions; joining again gives the same files.
    """
    if contract.entity is None:
        raise OpsError(
            "Labels cannot be joined to predictions: the contract has no entity column.",
            hint="Give the column that identifies a row the role entity in conf/data.yaml.",
        )
    store = open_store(project, settings)
    store.pull("predictions")
    collect_served(project, contract)
    labels = _labels(project, contract, source)
    joined, waiting, paths = 0, 0, []
    for file in sorted((project.store_path / "predictions").glob("*.parquet")):
        rows = read_table(file)
        if contract.entity not in rows:  # it is sensitive, so it was not logged
            continue
        found = np.array([labels.get(key, np.nan) for key in _keys(contract, rows)], np.float64)
        there = ~np.isnan(found)
        joined, waiting = joined + int(there.sum()), waiting + int((~there).sum())
        if there.any():
            names = {contract.entity, contract.time, BUNDLE}
            kept = {n: v for n, v in rows.items() if n in names or n.startswith(PREDICTION)}
            kept[LABEL] = found
            path = project.store_path / "outcomes" / file.name
            write_table(path, [{name: values[there] for name, values in kept.items()}])
            store.push(f"outcomes/{file.name}", replace=True)
            paths.append(path)
    return OutcomesReport(joined, waiting, paths)


def _labels(project: Project, contract: Contract, source: Path | None) -> dict[Any, float]:
    names = [name for name in (contract.entity, contract.time, contract.target) if name]
    found: dict[Any, float] = {}
    for batch in read_batches(source, names) if source else data_batches(project, names):
        absent = [name for name in names if name not in batch]
        if absent:
            raise OpsError(
                f"{source or 'The data'} have no column {absent[0]!r}.",
                hint=f"Give a table with the columns {', '.join(names)}.",
                exit=Exit.CONTRACT,
            )
        type = next(c.type for c in contract.columns if c.role == "target")
        values = class_index(contract, convert(batch[contract.target], type)[0])
        there = ~np.isnan(values)
        kept = {name: column[there] for name, column in batch.items()}
        found.update(zip(_keys(contract, kept), values[there].tolist(), strict=True))
    return found


def _keys(contract: Contract, columns: Columns) -> Iterator[Any]:
    entity = convert(columns[contract.entity or ""], "category")[0].tolist()
    if contract.time is None:
        return iter(entity)
    times = convert(columns[contract.time], "date")[0].astype(np.int64).tolist()
    return zip(entity, times, strict=True)


def monitor(
    project: Project, settings: Settings, bundle: Predictor | None, source: Path | None = None
) -> MonitorReport:
    """Judge the newest predictions (or a file) of the live bundle against its holdout.

    Concept drift is judged from matured outcomes only; until then it is "unknown until DATE".
    """
    if bundle is None:
        return MonitorReport(["no model, nothing judged"], Exit.DONE, "", 0)
    contract = bundle.contract
    if source:
        rows = join_batches(scored_batches(bundle, read_batches(source), Tally()))
    else:
        for folder in ("predictions", "outcomes"):
            open_store(project, settings).pull(folder)
        collect_served(project, contract)
        rows = _window(project, "predictions", bundle, settings.drift.window_days)
    if not rows:
        hint = f"nothing scored by {bundle.digest[:12]} yet: run `{PROGRAM} score`"
        return MonitorReport([hint], Exit.DONE, "", 0)
    seen = {c.name: convert(rows[c.name], c.type)[0] for c in contract.features if c.name in rows}
    labelled = _window(project, "outcomes", bundle, settings.drift.window_days)
    labels = (
        labelled[LABEL][latest_per_entity(labelled[contract.entity or ""])] if labelled else None
    )
    drift = judge_drift(
        contract,
        bundle.reference,
        seen,
        scores_of(contract, rows),
        settings.drift,
        entity=rows.get(contract.entity or ""),
        labels=labels,
    )
    return _report(contract, rows, drift, _concept(bundle, labelled) if labelled else None)


def _window(project: Project, folder: str, bundle: Predictor, days: int) -> Columns:
    """The rows of this bundle in the newest `days`; all of them without a time column."""
    files = sorted((project.store_path / folder).glob(f"*-{bundle.digest[:12]}.parquet"))
    rows = join_batches(read_table(file) for file in files)
    if bundle.contract.time is None or not rows:
        return rows
    time = convert(rows[bundle.contract.time], "date")[0]
    kept = time > time.max() - np.timedelta64(days, "D")
    order = np.argsort(time[kept], kind="stable")
    return {name: values[kept][order] for name, values in rows.items()}


def _concept(bundle: Predictor, rows: Columns) -> ColumnDrift:
    contract = bundle.contract
    metric = LOSSES[contract.task][0]
    losses = row_losses(metric, rows[LABEL], scores_of(contract, rows))
    return judge_concept(bundle.reference, losses, rows[contract.entity or ""])


def _report(
    contract: Contract, rows: Columns, drift: DriftReport, concept: ColumnDrift | None
) -> MonitorReport:
    count, window = len(rows[BUNDLE]), ""
    if contract.time and contract.time in rows:
        time = convert(rows[contract.time], "date")[0].astype("datetime64[D]")
        window = f"{time.min()} to {time.max()}"
    lines = [f"{count:,} rows {window}".strip(), *(_line(column) for column in drift.columns)]
    lines.append(_concept_line(contract, rows, concept))
    alarm = drift.verdict == "alarm" or (concept is not None and concept.verdict == "alarm")
    return MonitorReport(lines, Exit.DRIFT if alarm else Exit.DONE, window, count, drift, concept)


def _line(column: ColumnDrift) -> str:
    if column.verdict == "too-few":
        more = f"needs {column.needed:,}" if column.needed else "needs a larger holdout"
        return f"{column.column}: too few rows to judge ({column.rows:,}, {more})"
    return f"{column.column}: {column.verdict}, PSI {column.psi:.3f} (chance {column.critical:.3f})"


def _concept_line(contract: Contract, rows: Columns, concept: ColumnDrift | None) -> str:
    if concept is None and contract.time and contract.time in rows:
        newest = convert(rows[contract.time], "date")[0].max().astype("datetime64[D]")
        return f"concept: unknown until {newest + np.timedelta64(contract.label_delay_days, 'D')}"
    if concept is None:
        return f"concept: unknown until labels are joined with `{PROGRAM} outcomes`"
    if concept.verdict == "too-few":
        return f"concept: too few labels ({concept.rows:,}, needs {concept.needed:,})"
    change = f"loss {concept.psi:+.1%} against the holdout (limit {concept.critical:+.1%})"
    return f"concept: {concept.verdict}, {change}, {concept.rows:,} entities"
