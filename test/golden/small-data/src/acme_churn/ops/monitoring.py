"""`score` predicts; `outcomes` joins late labels; `monitor` judges drift of data and of the law."""

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .bundle import BUNDLE, Bundle, scores_of
from .comparison import METRICS, row_losses
from .contract import ROW, Check, Columns, Contract, convert, is_missing, take
from .data import class_index, data_batches, hashed
from .drift import LABEL, Drift, judge_concept, judge_drift, newest
from .release import NO_CHAMPION, live_bundle
from .settings import PROGRAM, Exit, OpsError, Workspace
from .tables import join_batches, read_batches, share, write_table

DAY = "datetime64[D]"


class MonitorReport(NamedTuple):
    """What was judged, in words and as data; `exit` is 11 when something alarms."""

    lines: list[str]
    exit: Exit = Exit.DONE
    drift: Sequence[Drift] = ()


def score(work: Workspace, source: Path | None = None) -> str:
    """Score a file, or the newest rows of the data, with the champion."""
    bundle = live_bundle(work)
    if bundle is None:
        return NO_CHAMPION
    path, check = score_rows(work, bundle, source)
    said = f"{check.rows - check.quarantined:,} rows scored by {bundle.name}, "
    said += f"{check.quarantined:,} set aside\n  {path.relative_to(work.root).as_posix()}"
    return "\n  ".join([said, *check.told()])


def score_rows(work: Workspace, bundle: Bundle, source: Path | None = None) -> tuple[Path, Check]:
    """Score into store/predictions, which `monitor` and `outcomes` read; again, the same file."""
    check, contract = Check(bundle.contract), bundle.contract
    latest: Any = None
    if contract.time and not source:
        days = (convert(b[contract.time], "date")[0] for b in data_batches(work, [contract.time]))
        latest = max(np.nanmax(times.astype(DAY)) for times in days if len(times))
    window = source.stem if source else str(latest or "data")[:10]

    def scored() -> Iterator[Columns]:
        for raw in read_batches(source) if source else _unseen(work, contract, latest):
            columns, kept = check(raw)
            if check.told("refuse"):
                break
            if kept.any():
                yield bundle.scored(take(columns, kept))
        check.judge()

    path = work.store_path / "predictions" / f"{window}-{bundle.name}.parquet"
    write_table(path, scored())
    share(work, f"predictions/{path.name}", replace=True)
    return path, check


def _unseen(work: Workspace, contract: Contract, latest: Any) -> Iterator[Columns]:
    """The newest rows; without times, rows that did not train the model: they look like drift."""
    names = [column.name for column in contract.columns if column.role != "ignored"]
    for batch in data_batches(work, [*names, ROW]):
        if contract.time:
            chosen = convert(batch[contract.time], "date")[0].astype(DAY) == latest
        else:
            entity, split = convert(batch[contract.entity], "category")[0], work.settings.split
            held = hashed(entity, split.salt, split.holdout_share)
            chosen = held | is_missing(convert(batch[contract.target], "category")[0])
        yield take(batch, chosen)


def predictions(work: Workspace) -> Iterator[tuple[str, Columns]]:
    """Scored rows by file."""
    folder = work.store_path / "predictions"
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = "-".join(path.relative_to(folder).parts)
        if path.suffix == ".parquet":
            yield name, join_batches(read_batches(path))
        elif ".json" in path.name and path.suffix != ".part":
            yield name, join_batches(_served(work.contract, path))


def _served(contract: Contract, path: Path) -> Iterator[Columns]:
    """The predictions that the service logged; a line that was cut off is left out."""
    types = {column.name: column.type for column in contract.columns}
    lines = [*map(_parsed, path.read_bytes().splitlines())]
    if broken := lines.count(None):
        logging.getLogger(PROGRAM).warning(f"{path.name}: left out {broken} lines, no JSON.")
    used = (line for line in lines if line and line.get("log") == "prediction")
    for line in (line for line in used if line.get("rows")):
        raw = {name: np.array(values, object) for name, values in line["rows"].items()}
        rows = {n: convert(values, types.get(n, "number"))[0] for n, values in raw.items()}
        count = len(next(iter(rows.values())))
        if contract.time:
            rows.setdefault(contract.time, np.full(count, np.datetime64(line["time"][:19])))
        yield rows | {BUNDLE: np.full(count, line["bundle"], dtype=object)}


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        return dict(json.loads(line))
    except (ValueError, TypeError):
        return None


def outcomes(work: Workspace, source: Path | None = None) -> str:
    """Join labels of a file, or of the data, to predictions by entity and time; again, the same."""
    contract, joined, waiting = work.contract, 0, 0
    if not work.pointer_path.is_file():
        return NO_CHAMPION
    if contract.entity == ROW:
        hint = "Give the column that identifies a row the role entity in conf/data.yaml."
        raise OpsError("Labels cannot be joined: the contract has no entity column.", hint)
    share(work, "predictions", back=True)
    labels, unused = _labels(work, source), {column.name for column in contract.features}
    for name, rows in predictions(work):
        if contract.entity not in rows:  # it is sensitive, so it was not logged
            continue
        rows[LABEL] = np.array([labels.get(key, np.nan) for key in _keys(contract, rows)])
        there = ~np.isnan(rows[LABEL])
        joined, waiting = joined + int(there.sum()), waiting + int((~there).sum())
        if there.any():
            path = work.store_path / "outcomes" / f"{Path(name).stem}.parquet"
            write_table(path, [take({n: v for n, v in rows.items() if n not in unused}, there)])
            share(work, f"outcomes/{path.name}", replace=True)
    return f"{joined:,} predictions have their label now, {waiting:,} wait for it."


def _labels(work: Workspace, source: Path | None) -> dict[Any, float]:
    contract, found = work.contract, dict[Any, float]()
    check, names = Check(contract, ("entity", "time", "target")), [*contract.keys, contract.target]
    for batch in read_batches(source, names) if source else data_batches(work, names):
        columns, _ = check(batch)
        check.judge()
        values = class_index(contract, columns[contract.target]).tolist()
        pairs = zip(_keys(contract, columns), values, strict=True)
        found.update((key, value) for key, value in pairs if value == value)
    return found


def _keys(contract: Contract, columns: Columns) -> Iterator[Any]:
    return zip(*(columns[name].tolist() for name in contract.keys), strict=True)


def monitor(work: Workspace) -> tuple[str, Exit]:
    """What `watch` finds about the champion, in words; exit 11 when something alarms."""
    found = watch(work, live_bundle(work))
    return "\n".join(found.lines), found.exit


def watch(work: Workspace, bundle: Bundle | None) -> MonitorReport:
    """Judge the newest predictions against the holdout; the concept once outcomes matured."""
    if bundle is None:
        return MonitorReport(["no model, nothing judged"])
    contract, alpha = bundle.contract, work.settings.drift.alpha
    for folder in ("predictions", "outcomes"):
        share(work, folder, back=True)
    rows = _window(bundle, (rows for _, rows in predictions(work)))
    files = sorted((work.store_path / "outcomes").glob("*.parquet"))
    late = _window(bundle, chain.from_iterable(map(read_batches, files)))
    if not rows:
        return MonitorReport([f"nothing scored by {bundle.name} yet: run `{PROGRAM} score`"])
    scores, labels, concept = scores_of(rows), late.get(LABEL), None
    drift = judge_drift(contract, bundle.reference, rows, scores, labels, alpha=alpha)
    if labels is not None:
        losses = row_losses(METRICS[contract.task][-1], labels, scores_of(late))
        concept = judge_concept(bundle.reference, losses)
    alarm = "alarm" in [found.verdict for found in (*drift, concept) if found]
    until, seen = f"labels are joined with `{PROGRAM} outcomes`", f"{len(rows[BUNDLE]):,} rows"
    if contract.time and contract.time in rows:
        days = rows[contract.time].astype(DAY)
        seen += f" {days.min()} to {days.max()}"
        until = str(days.max() + np.timedelta64(contract.label_delay_days, "D"))
    lines = [seen, *map(str, drift), str(concept or f"concept: unknown until {until}")]
    return MonitorReport(lines, Exit.DRIFT if alarm else Exit.DONE, drift)


def _window(bundle: Bundle, parts: Iterable[Columns]) -> Columns:
    """What the bundle scored in the newest days, one row per entity."""
    mine = (take(part, part[BUNDLE] == bundle.digest) for part in parts if part)
    rows = join_batches(part for part in mine if len(part[BUNDLE]))
    return newest(bundle.contract, rows)
