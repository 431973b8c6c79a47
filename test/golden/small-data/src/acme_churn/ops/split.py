"""Which rows train a model and which only judge it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .data import Dataset, entity_bucket
from .errors import OpsError
from .settings import SplitSettings


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
    split = None
    if dataset.time is not None:
        split = _by_time(dataset.time, labelled, settings, label_delay_days)
    split = split or _by_hash(dataset, labelled, settings)
    for name in ("train", "valid", "holdout"):
        if not getattr(split, name).any():
            raise OpsError(
                f"The split leaves no labelled rows for {name} ({labelled.sum():,} in all).",
                hint="Add data, or change the split section of conf/pipeline.yaml.",
            )
    return split


def _by_time(
    time: NDArray[np.datetime64],
    labelled: NDArray[np.bool_],
    settings: SplitSettings,
    label_delay_days: int,
) -> Split | None:
    delay = np.timedelta64(label_delay_days, "D")
    mature = labelled & (time <= time.max() - delay)
    times = np.unique(time[mature])
    if len(times) < 3:
        return None  # one or two moments cannot be cut into three windows
    if settings.holdout_days:
        cutoff = times[times > times[-1] - np.timedelta64(settings.holdout_days, "D")][0]
    else:
        place = 1 - settings.holdout_share
        cutoff = np.quantile(time[mature], place, method="higher")
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


def _by_hash(dataset: Dataset, labelled: NDArray[np.bool_], settings: SplitSettings) -> Split:
    held = held_out(dataset.entity, settings)
    valid = _below(dataset.entity, f"{settings.salt}:valid:", settings.valid_share)
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


def _below(entity: NDArray[Any], salt: str, share: float) -> NDArray[np.bool_]:
    names, rows = np.unique(entity.astype(str), return_inverse=True)
    limit = round(share * 100)
    below = (entity_bucket(name, salt, 100) < limit for name in names.tolist())
    return np.fromiter(below, np.bool_, len(names))[rows]
