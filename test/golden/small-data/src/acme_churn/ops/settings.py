"""Every setting with its default, and how a step says that it cannot go on."""

import difflib
import logging
from enum import IntEnum
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from .. import PROGRAM as PROGRAM

log = logging.getLogger(__name__)

# Sections of parts that this project does not have are a warning, not an error.
ABSENT = {"approval", "environments", "fairness", "monitoring", "orchestration", "platform"}
ABSENT |= {"privacy", "registry", "retraining", "shadow", "spark", "stream"}
if not Path(__file__).with_name("serving.py").exists():
    ABSENT.add("serve")


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

    def __init__(self, message: str, hint: str, exit: Exit = Exit.USAGE) -> None:
        super().__init__(f"{message} {hint}")
        self.message, self.hint, self.exit = message, hint, exit


class Section(BaseModel):
    """Base of what is read from a file: no unknown keys, no changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def read(cls, path: Path, hint: str, exit: Exit = Exit.USAGE) -> Self:
        """A YAML file as this model; if it is broken, one sentence says where."""
        try:
            found = yaml.safe_load(path.read_text(encoding="utf-8"))
            return cls.model_validate({} if found is None else found)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            message = f"is not valid YAML (line {mark.line + 1 if mark else 1})"
        except ValidationError as error:
            problem = error.errors()[0]
            place, value = ".".join(map(str, problem["loc"])), str(problem["input"])[:40]
            said = problem["msg"].removeprefix("Value error, ")
            message = f"has {place} {value}: {said}" if place else f"is wrong: {said}"
            if problem["type"] == "extra_forbidden":
                hint = f"Write {nearest(str(problem['loc'][-1]), _keys(cls))!r} if you meant that."
        raise OpsError(f"{path.name} {message}.", hint=hint, exit=exit)


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
    """All settings; conf/pipeline.yaml holds those that differ from the defaults."""

    store: StoreSettings = StoreSettings()
    data: DataSettings = DataSettings()
    split: SplitSettings = SplitSettings()
    train: TrainSettings = TrainSettings()
    gate: GateSettings = GateSettings()
    drift: DriftSettings = DriftSettings()
    serve: ServeSettings = ServeSettings()

    @model_validator(mode="before")
    @classmethod
    def _without_absent(cls, found: Any) -> Any:
        if not isinstance(found, dict):
            return found
        for name in ABSENT & found.keys():
            log.warning(f"conf/pipeline.yaml: section {name!r} is ignored: no such part here.")
        return {name: keys or {} for name, keys in found.items() if name not in ABSENT}


def load_settings(path: Path) -> Settings:
    """The file's settings over the defaults."""
    return Settings.read(path, "Correct it.") if path.is_file() else Settings()


def nearest(name: str, known: list[str]) -> str:
    """What was probably meant by a name that is not known."""
    return difflib.get_close_matches(name, known, 1, 0.0)[0]


def _keys(model: type[BaseModel]) -> list[str]:
    schema = model.model_json_schema()
    parts = [schema, *schema["$defs"].values()]
    return [key for part in parts for key in part["properties"]]
