"""Every setting with its default, and how a step says that it cannot go on."""

import difflib
import logging
from enum import IntEnum
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .. import PROGRAM as PROGRAM

log = logging.getLogger(__name__)

# Sections that other kinds of projects have; here they are a warning, not an error.
FOREIGN = {"approval", "environments", "fairness", "monitoring", "orchestration", "platform"}
FOREIGN |= {"privacy", "registry", "retraining", "shadow", "spark", "stream"}


class Exit(IntEnum):
    """Exit codes of the program."""

    DONE = 0
    USAGE = 2
    REFUSED = 10
    DRIFT = 11
    CONTRACT = 12
    INCONCLUSIVE = 13


class OpsError(Exception):
    """One sentence about what is wrong, a hint that starts with a verb, and the exit code."""

    def __init__(self, message: str, *, hint: str, exit: Exit = Exit.USAGE) -> None:
        super().__init__(message)
        self.message, self.hint, self.exit = message, hint, exit

    def __str__(self) -> str:
        return f"{self.message} {self.hint}"


class Section(BaseModel):
    """Base of a section: no unknown keys, no changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StoreSettings(Section):
    """Where data, bundles, runs and predictions are shared."""

    uri: str = "./store"


class DataSettings(Section):
    """How the data are loaded."""

    max_rows: int | None = Field(None, ge=100)


class SplitSettings(Section):
    """What is held out. Changing the salt or the shares makes older models incomparable."""

    holdout_share: float = Field(0.2, gt=0, lt=1)
    holdout_days: int | None = Field(None, ge=1)
    valid_share: float = Field(0.15, gt=0, lt=1)
    salt: str = "1"


class TrainSettings(Section):
    """How models are fitted."""

    seed: int = 7
    params: dict[str, Any] = {}


class GateSettings(Section):
    """When a challenger passes."""

    metric: str | None = None  # auc, log_loss or squared_error, by the task
    delta: float = Field(0.01, gt=0)  # of a ranking; of a loss, this share of it
    replicates: int = Field(2000, ge=200)
    budget_share: float = Field(0.1, gt=0, lt=1)
    min_rarer: int = Field(100, ge=1)  # entities of the rarer class for a firm verdict
    min_rows: int = Field(200, ge=1)  # the same for a regression
    slice_rows: int = Field(200, ge=1)
    slice_rarer: int = Field(50, ge=1)


class DriftSettings(Section):
    """When the monitor alarms: `alpha` is the chance of a false alarm per run."""

    alpha: float = Field(0.01, gt=0, lt=0.5)
    window_days: int = Field(28, ge=1)  # one snapshot of monthly ones, in February too


class ServeSettings(Section):
    """Where the service listens."""

    host: str = "127.0.0.1"
    port: int = Field(8080, ge=1, le=65535)
    max_rows: int = Field(1000, ge=1)


class Settings(Section):
    """All settings."""

    store: StoreSettings = StoreSettings()
    data: DataSettings = DataSettings()
    split: SplitSettings = SplitSettings()
    train: TrainSettings = TrainSettings()
    gate: GateSettings = GateSettings()
    drift: DriftSettings = DriftSettings()
    serve: ServeSettings = ServeSettings()


def load_settings(path: Path) -> Settings:
    """Read conf/pipeline.yaml over the defaults; errors name the nearest key."""
    found = (read_yaml(path) if path.is_file() else None) or {}
    if not isinstance(found, dict) or not all(isinstance(v, dict | None) for v in found.values()):
        raise OpsError(
            "conf/pipeline.yaml must hold sections with keys.",
            hint="Write for example `drift:` and, indented below it, `alpha: 0.01`.",
        )
    try:
        return Settings.model_validate({n: keys or {} for n, keys in found.items() if _present(n)})
    except ValidationError as error:
        raise _explained(error) from error


def effective_settings(settings: Settings) -> list[tuple[str, Any, str]]:
    """Every setting: its key, its value and where that comes from."""
    origins = {True: "conf/pipeline.yaml", False: "default"}
    return [
        (f"{name}.{key}", value, origins[key in section.model_fields_set])
        for name, section in settings
        for key, value in section
    ]


def read_yaml(path: Path) -> Any:
    """The content of a YAML file; an OpsError if it is absent or tells where it is broken."""
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise OpsError(f"There is no {path}.", hint="Restore it from git.") from error
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise OpsError(
            f"{path.name} is not valid YAML (line {line}).", hint="Mend that line."
        ) from error


def nearest(name: str, known: list[str]) -> str:
    """What was probably meant by a name that is not known."""
    return difflib.get_close_matches(name, known, 1, 0.0)[0]


def _present(name: str) -> bool:
    """False, with a warning, for a section whose part this project does not have."""
    absent = name == "serve" and not Path(__file__).with_name("serving.py").exists()
    if name in FOREIGN or absent:
        log.warning(f"conf/pipeline.yaml: section {name!r} is ignored: no such part here.")
        return False
    return True


def _explained(error: ValidationError) -> OpsError:
    first = error.errors()[0]
    *section, key = (str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        owner = getattr(Settings(), section[0]) if section else Settings()
        near = nearest(key, list(type(owner).model_fields))
        return OpsError(
            f"conf/pipeline.yaml must not hold the key {'.'.join([*section, key])!r}.",
            hint=f"Write {near!r} if you meant that, or remove the line.",
        )
    return OpsError(
        f"Setting {'.'.join([*section, key])} is {first['input']!r}: {first['msg'].lower()}.",
        hint="Correct it in conf/pipeline.yaml.",
    )
