"""`score` predicts; `outcomes` joins late labels; `monitor` judges drift of data and of the law."""

import json
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from .comparison import LOSSES, row_losses
from .contract import ROW, Columns, Contract, convert, is_missing, sentence
from .data import Tally, class_index, data_batches, held_out, stream
from .drift import LABEL, ColumnDrift, DriftReport, judge_concept, judge_drift, newest_rows
from .settings import PROGRAM, Exit, OpsError
from .tables import join_batches, read_batches, read_table, write_table
from .workspace import Workspace

log = logging.getLogger(__name__)
PREDICTION, BUNDLE = "prediction", "bundle"


class Predictor(Protocol):
    """What scoring and monitoring need of a bundle."""

    digest: str
    contract: Contract
    reference: dict[str, object]

    def predict(self, columns: Columns) -> NDArray[np.float64]:
        """Probability (n,), class probabilities (n, k) or value (n,)."""


class Scored(NamedTuple):
    """Where the predictions are, and how many rows were scored or set aside."""

    path: Path
    rows: int
    quarantined: int


class Outcomes(NamedTuple):
    """How many predictions have their label now, and how many wait for it."""

    joined: int
    waiting: int


class MonitorReport(NamedTuple):
    """What was judged, in words and as data; `exit` is 11 when something alarms."""

    lines: list[str]
    exit: Exit = Exit.DONE
    rows: int = 0
    drift: DriftReport | None = None


def score(work: Workspace, bundle: Predictor, source: Path | None = None) -> Scored:
    """Score a file, or the newest rows of the data; writes Parquet into store/predictions.

    The output holds entity, time, the inputs that are not sensitive, prediction and bundle: it is
    also the log that `monitor` and `outcomes` read. A second run writes the same file again.
    """
    tally = Tally()
    if source:
        window, batches = source.stem, read_batches(source)
    else:
        window, batches = _unseen(work, bundle.contract)
    path = work.store_path / "predictions" / f"{window}-{bundle.digest[:12]}.parquet"
    rows = write_table(path, scored_batches(bundle, batches, tally))
    for finding in tally.findings:
        log.warning(sentence(finding))
    work.store.push(f"predictions/{path.name}", replace=True)
    return Scored(path, rows, tally.quarantined)


def scored_batches(
    bundle: Predictor, batches: Iterable[Columns], tally: Tally
) -> Iterator[Columns]:
    """Rows that keep the contract, with their prediction; exit 12 as `validate` does."""
    contract = bundle.contract
    shown = {c.name for c in contract.columns if c.role != "target" and c.sensitive is not True}
    for _, checked in stream(contract, batches, tally):
        if checked.refused:
            break
        if checked.kept.any():
            kept = {name: values[checked.kept] for name, values in checked.columns.items()}
            rows = {name: values for name, values in kept.items() if name in shown}
            yield rows | _answers(contract, bundle.predict(kept), bundle.digest)
    tally.judge(contract)


def _unseen(work: Workspace, contract: Contract) -> tuple[str, Iterator[Columns]]:
    """The newest rows; without times those without a label, or else the held-out entities.

    Rows that trained the model would get answers that are too sure, and look like drift.
    """
    names = [column.name for column in contract.columns if column.role != "ignored"]
    name, type = (contract.time, "date") if contract.time else (contract.target, "category")
    first = (convert(batch[name], type)[0] for batch in data_batches(work, [name]))
    newest = max(np.nanmax(values) for values in first if len(values)) if contract.time else None
    unlabelled = newest is None and any(is_missing(values).any() for values in first)

    def chosen(batch: Columns) -> NDArray[np.bool_]:
        values = convert(batch[name], type)[0]
        if newest is not None:
            return np.asarray(values == newest)
        if unlabelled:
            return is_missing(values)
        return held_out(convert(batch[contract.entity or ROW], "category")[0], work.settings.split)

    batches = ((batch, chosen(batch)) for batch in data_batches(work, [*names, ROW]))
    return str(newest or "data")[:10], ({n: v[rows] for n, v in b.items()} for b, rows in batches)


def _answers(contract: Contract, scores: NDArray[np.float64], digest: str) -> Columns:
    """Scores as columns, `prediction` or one per class, with the hash of the bundle."""
    names = [f"{PREDICTION}:{name}" for name in contract.classes]
    found = {PREDICTION: scores} if scores.ndim == 1 else dict(zip(names, scores.T, strict=True))
    return found | {BUNDLE: np.full(len(scores), digest, dtype=object)}


def _scores(contract: Contract, columns: Columns) -> NDArray[np.float64]:
    if PREDICTION in columns:
        return columns[PREDICTION]
    return np.stack([columns[f"{PREDICTION}:{name}"] for name in contract.classes], axis=1)


def collect_served(work: Workspace, contract: Contract) -> None:
    """Turn the service's log lines in store/predictions (*.json, *.jsonl) into Parquet.

    Clouds carry them there; some wrap each line in `jsonPayload`.
    """
    folder = work.store_path / "predictions"
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
    kept = np.array([answer is not None for answer in entry["predictions"]], dtype=np.bool_)
    given = {name: np.array(values, dtype=object) for name, values in entry["inputs"].items()}
    known = [column for column in contract.columns if column.name in given]
    rows = {c.name: convert(given[c.name], c.type)[0][kept] for c in known}
    if contract.time:
        moment = np.datetime64(entry["time"][:19])
        rows.setdefault(contract.time, np.full(int(kept.sum()), moment))
    there = [answer for answer in entry["predictions"] if answer is not None]
    if contract.task == "multiclass":
        there = [[answer[name] for name in contract.classes] for answer in there]
    return rows | _answers(contract, np.array(there, dtype=np.float64), entry["bundle"])


def outcomes(work: Workspace, source: Path | None = None) -> Outcomes:
    """Join labels (of a file, or of the data) to predictions by entity and time.

    Without a time column the entity alone joins. Writes one file in store/outcomes per file of
    predictions; joining again gives the same files.
    """
    contract = work.contract
    if contract.entity is None:
        raise OpsError(
            "Labels cannot be joined to predictions: the contract has no entity column.",
            hint="Give the column that identifies a row the role entity in conf/data.yaml.",
        )
    store = work.store
    store.pull("predictions")
    collect_served(work, contract)
    labels, joined, waiting = _labels(work, source), 0, 0
    for file in sorted((work.store_path / "predictions").glob("*.parquet")):
        rows = read_table(file)
        if contract.entity not in rows:  # it is sensitive, so it was not logged
            continue
        rows[LABEL] = np.array([labels.get(key, np.nan) for key in _keys(contract, rows)])
        there = ~np.isnan(rows[LABEL])
        joined, waiting = joined + int(there.sum()), waiting + int((~there).sum())
        if there.any():
            unused = {column.name for column in contract.features}
            kept = {name: values[there] for name, values in rows.items() if name not in unused}
            write_table(work.store_path / "outcomes" / file.name, [kept])
            store.push(f"outcomes/{file.name}", replace=True)
    return Outcomes(joined, waiting)


def _labels(work: Workspace, source: Path | None) -> dict[Any, float]:
    contract = work.contract
    names = [name for name in (contract.entity, contract.time, contract.target) if name]
    type = next(column.type for column in contract.columns if column.role == "target")
    found: dict[Any, float] = {}
    for batch in read_batches(source, names) if source else data_batches(work, names):
        for absent in (name for name in names if name not in batch):
            raise OpsError(
                f"{source or 'The data'} have no column {absent!r}.",
                hint=f"Give a table with the columns {', '.join(names)}.",
                exit=Exit.CONTRACT,
            )
        values = class_index(contract, convert(batch[contract.target], type)[0]).tolist()
        pairs = zip(_keys(contract, batch), values, strict=True)
        found.update((key, value) for key, value in pairs if value == value)
    return found


def _keys(contract: Contract, columns: Columns) -> Iterator[Any]:
    entity = convert(columns[contract.entity or ""], "category")[0].tolist()
    if contract.time is None:
        return iter(entity)
    times = convert(columns[contract.time], "date")[0].astype(np.int64).tolist()
    return zip(entity, times, strict=True)


def monitor(work: Workspace, bundle: Predictor | None, source: Path | None = None) -> MonitorReport:
    """Judge the newest predictions (or a file) of the live bundle against its holdout.

    Concept drift is judged from matured outcomes only; until then it is "unknown until DATE".
    """
    if bundle is None:
        return MonitorReport(["no model, nothing judged"])
    contract, days = bundle.contract, work.settings.drift.window_days
    if source:
        rows = join_batches(scored_batches(bundle, read_batches(source), Tally()))
    else:
        for folder in ("predictions", "outcomes"):
            work.store.pull(folder)
        collect_served(work, contract)
        rows = _window(work, "predictions", bundle, days)
    if not rows:
        hint = f"nothing scored by {bundle.digest[:12]} yet: run `{PROGRAM} score`"
        return MonitorReport([hint])
    seen = {c.name: convert(rows[c.name], c.type)[0] for c in contract.features if c.name in rows}
    entity, labels, concept = rows.get(contract.entity or ""), None, None
    if late := _window(work, "outcomes", bundle, days):
        entities, scores = late[contract.entity or ""], _scores(contract, late)
        labels = late[LABEL][newest_rows(entities, None, days, len(entities))]
        losses = row_losses(LOSSES[contract.task][0], late[LABEL], scores)
        concept = judge_concept(bundle.reference, losses, entities)
    scores = _scores(contract, rows)
    drift = judge_drift(
        contract, bundle.reference, seen, scores, work.settings.drift, entity=entity, labels=labels
    )
    alarm = "alarm" in (drift.verdict, concept and concept.verdict)
    lines = _lines(contract, rows, drift, concept)
    return MonitorReport(lines, Exit.DRIFT if alarm else Exit.DONE, len(scores), drift)


def _window(work: Workspace, folder: str, bundle: Predictor, days: int) -> Columns:
    """The rows of this bundle in the newest `days`, the newest last; all without a time column."""
    files = sorted((work.store_path / folder).glob(f"*-{bundle.digest[:12]}.parquet"))
    rows = join_batches(read_table(file) for file in files)
    if bundle.contract.time is None or not rows:
        return rows
    time = convert(rows[bundle.contract.time], "date")[0]
    kept = newest_rows(None, time, days, len(time))
    return {name: values[kept] for name, values in rows.items()}


def _lines(
    contract: Contract, rows: Columns, drift: DriftReport, concept: ColumnDrift | None
) -> list[str]:
    window, until = "", f"labels are joined with `{PROGRAM} outcomes`"
    if contract.time and contract.time in rows:
        time = convert(rows[contract.time], "date")[0].astype("datetime64[D]")
        window = f" {time.min()} to {time.max()}"
        until = str(time.max() + np.timedelta64(contract.label_delay_days, "D"))
    last = f"unknown until {until}"
    if concept and concept.verdict == "too-few":
        last = f"too few labels ({concept.rows:,}, needs {concept.needed:,})"
    elif concept:
        change = f"loss {concept.psi:+.1%} against the holdout (limit {concept.critical:+.1%})"
        last = f"{concept.verdict}, {change}, {concept.rows:,} entities"
    columns = [_line(column) for column in drift.columns]
    return [f"{len(rows[BUNDLE]):,} rows{window}", *columns, f"concept: {last}"]


def _line(column: ColumnDrift) -> str:
    if column.verdict == "too-few":
        more = f"needs {column.needed:,}" if column.needed else "needs a larger holdout"
        return f"{column.column}: too few rows to judge ({column.rows:,}, {more})"
    return f"{column.column}: {column.verdict}, PSI {column.psi:.3f} (chance {column.critical:.3f})"
