"""`score` predicts; `outcomes` joins late labels; `monitor` judges drift of data and of the law."""

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .bundle import BUNDLE, Bundle, scores_of
from .comparison import LOSSES, row_losses
from .contract import ROW, Columns, Contract, check_columns, convert, is_missing, sentence
from .data import Tally, class_index, data_batches, held_out, stream
from .drift import LABEL, Drift, judge_concept, judge_drift, newest
from .settings import PROGRAM, Exit, OpsError
from .tables import join_batches, read_batches, read_table, write_table
from .workspace import Workspace

log = logging.getLogger(__name__)


class MonitorReport(NamedTuple):
    """What was judged, in words and as data; `exit` is 11 when something alarms."""

    lines: list[str]
    exit: Exit = Exit.DONE
    drift: Sequence[Drift] = ()


def score(work: Workspace, bundle: Bundle, source: Path | None = None) -> tuple[Path, int, int]:
    """Score a file, or the newest rows of the data, into a file of store/predictions.

    That is also the log which `monitor` and `outcomes` read. Again writes the same file again.
    Returns its path, and how many rows were scored and set aside.
    """
    tally = Tally()
    if source:
        window, batches = source.stem, read_batches(source)
    else:
        window, batches = _unseen(work, bundle.contract)
    path = work.store_path / "predictions" / f"{window}-{bundle.name}.parquet"
    rows = write_table(path, scored_batches(bundle, batches, tally))
    for finding in tally.findings:
        log.warning(sentence(finding))
    work.store.push(f"predictions/{path.name}", replace=True)
    return path, rows, tally.quarantined


def scored_batches(bundle: Bundle, batches: Iterable[Columns], tally: Tally) -> Iterator[Columns]:
    """Rows that keep the contract, with their prediction; exit 12 as `validate` does."""
    for _, checked in stream(bundle.contract, batches, tally):
        if checked.refused:
            break
        if checked.kept.any():
            yield bundle.scored({n: v[checked.kept] for n, v in checked.columns.items()})
    tally.judge(bundle.contract)


def _unseen(work: Workspace, contract: Contract) -> tuple[str, Iterator[Columns]]:
    """The newest rows; without times those without a label, or else the held-out entities.

    Rows that trained the model would get answers that are too sure, and look like drift.
    """
    key, entity = contract.time or contract.target, contract.entity or ROW
    type = "date" if contract.time else "category"
    seen = [convert(batch[key], type)[0] for batch in data_batches(work, [key])]
    latest = max(np.nanmax(values) for values in seen if len(values)) if contract.time else None
    unlabelled = any(is_missing(values).any() for values in seen)

    def chosen(batch: Columns) -> NDArray[np.bool_]:
        values = convert(batch[key], type)[0]
        if contract.time:
            return np.asarray(values == latest)
        held = held_out(convert(batch[entity], "category")[0], work.settings.split)
        return is_missing(values) if unlabelled else held

    names = [column.name for column in contract.columns if column.role != "ignored"]
    batches = ((batch, chosen(batch)) for batch in data_batches(work, [*names, ROW]))
    return str(latest or "data")[:10], ({n: v[rows] for n, v in b.items()} for b, rows in batches)


def predictions(work: Workspace) -> Iterator[tuple[str, Columns]]:
    """Scored rows by file: those of `score`, and the lines of JSON that the service logged."""
    folder = work.store_path / "predictions"
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = "-".join(path.relative_to(folder).parts)
        if path.suffix == ".parquet":
            yield name, read_table(path)
        elif ".json" in path.name:
            lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
            yield name, join_batches(_served(work.contract, lines))


def _served(contract: Contract, lines: Iterable[Any]) -> Iterator[Columns]:
    types = {column.name: column.type for column in contract.columns}
    for line in lines:
        entry = line.get("jsonPayload", line)  # so some clouds wrap it
        if entry.get("log") == "prediction":
            raw = {name: np.array(values, object) for name, values in entry["rows"].items()}
            rows = {n: convert(values, types.get(n, "number"))[0] for n, values in raw.items()}
            count = len(next(iter(rows.values())))
            if contract.time:
                moment = np.datetime64(entry["time"][:19])
                rows.setdefault(contract.time, np.full(count, moment))
            yield rows | {BUNDLE: np.full(count, entry["bundle"], dtype=object)}


def outcomes(work: Workspace, source: Path | None = None) -> tuple[int, int]:
    """Join labels (of a file, or of the data) to predictions by entity and, if there is one, time.

    Writes one file in store/outcomes per file of predictions; joining again gives the same files.
    Returns how many predictions have their label now, and how many wait for it.
    """
    contract, joined, waiting = work.contract, 0, 0
    if contract.entity is None:
        raise OpsError(
            "Labels cannot be joined to predictions: the contract has no entity column.",
            hint="Give the column that identifies a row the role entity in conf/data.yaml.",
        )
    work.store.pull("predictions")
    labels, unused = _labels(work, source), {column.name for column in contract.features}
    for name, rows in predictions(work):
        if contract.entity not in rows:  # it is sensitive, so it was not logged
            continue
        rows[LABEL] = np.array([labels.get(key, np.nan) for key in _keys(contract, rows)])
        there = ~np.isnan(rows[LABEL])
        joined, waiting = joined + int(there.sum()), waiting + int((~there).sum())
        if there.any():
            path = work.store_path / "outcomes" / f"{Path(name).stem}.parquet"
            write_table(path, [{n: v[there] for n, v in rows.items() if n not in unused}])
            work.store.push(f"outcomes/{path.name}", replace=True)
    return joined, waiting


def _labels(work: Workspace, source: Path | None) -> dict[Any, float]:
    contract, tally, found = work.contract, Tally(), dict[Any, float]()
    names = [name for name in (contract.entity, contract.time, contract.target) if name]
    for batch in read_batches(source, names) if source else data_batches(work, names):
        checked = check_columns(contract, batch, roles=("entity", "time", "target"))
        tally.add(checked)
        tally.judge(contract)
        values = class_index(contract, checked.columns[contract.target]).tolist()
        pairs = zip(_keys(contract, checked.columns), values, strict=True)
        found.update((key, value) for key, value in pairs if value == value)
    return found


def _keys(contract: Contract, columns: Columns) -> Iterator[Any]:
    names = [name for name in (contract.entity, contract.time) if name]
    return zip(*(columns[name].tolist() for name in names), strict=True)


def monitor(work: Workspace, bundle: Bundle | None) -> MonitorReport:
    """Judge the newest predictions of the live bundle against its holdout.

    Concept drift is judged from matured outcomes only; until then it is "unknown until DATE".
    """
    if bundle is None:
        return MonitorReport(["no model, nothing judged"])
    contract, settings = bundle.contract, work.settings.drift
    for folder in ("predictions", "outcomes"):
        work.store.pull(folder)
    rows = _window(bundle, (rows for _, rows in predictions(work)), settings.window_days)
    files = sorted((work.store_path / "outcomes").glob("*.parquet"))
    late = _window(bundle, map(read_table, files), settings.window_days)
    if not rows:
        return MonitorReport([f"nothing scored by {bundle.name} yet: run `{PROGRAM} score`"])
    scores, labels, concept = scores_of(contract, rows), late.get(LABEL), None
    drift = judge_drift(contract, bundle.reference, rows, scores, labels, alpha=settings.alpha)
    if labels is not None:
        losses = row_losses(LOSSES[contract.task][0], labels, scores_of(contract, late))
        concept = judge_concept(bundle.reference, losses)
    lines = _lines(contract, rows, drift, concept)
    alarm = "alarm" in [found.verdict for found in (*drift, concept) if found]
    return MonitorReport(lines, Exit.DRIFT if alarm else Exit.DONE, drift)


def _window(bundle: Bundle, parts: Iterable[Columns], days: int) -> Columns:
    """What the bundle scored in the newest days, one row per entity."""
    mine = ({n: v[part[BUNDLE] == bundle.digest] for n, v in part.items()} for part in parts)
    rows = join_batches(part for part in mine if part and len(part[BUNDLE]))
    return newest(bundle.contract, rows, days)


def _lines(
    contract: Contract, rows: Columns, drift: Iterable[Drift], concept: Drift | None
) -> list[str]:
    window, last = "", f"unknown until labels are joined with `{PROGRAM} outcomes`"
    if contract.time and contract.time in rows:
        days = rows[contract.time].astype("datetime64[D]")
        window = f" {days.min()} to {days.max()}"
        last = f"unknown until {days.max() + np.timedelta64(contract.label_delay_days, 'D')}"
    if concept and concept.verdict == "too-few":
        last = f"too few labels ({concept.rows:,}, needs {concept.needed:,})"
    elif concept:
        change = f"loss {concept.psi:+.1%} against the holdout (limit {concept.critical:+.1%})"
        last = f"{concept.verdict}, {change}, {concept.rows:,} entities"
    return [f"{len(rows[BUNDLE]):,} rows{window}", *map(_line, drift), f"concept: {last}"]


def _line(found: Drift) -> str:
    if found.verdict == "too-few":
        more = f"needs {found.needed:,}" if found.needed else "needs a larger holdout"
        return f"{found.column}: too few rows to judge ({found.rows:,}, {more})"
    return f"{found.column}: {found.verdict}, PSI {found.psi:.3f} (chance {found.critical:.3f})"
