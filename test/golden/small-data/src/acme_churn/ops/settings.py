"""Where things are, and every setting with its default, its value and its origin."""

import difflib
import logging
import os
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .errors import PROGRAM, OpsError

log = logging.getLogger(__name__)
Overrides = dict[tuple[str, str], Any]

# Sections that other kinds of projects have; here they are a warning, not an error.
FOREIGN = {"approval", "environments", "fairness", "monitoring", "orchestration", "platform"}
FOREIGN |= {"privacy", "registry", "retraining", "shadow", "spark", "stream"}


class Project:
    """A project folder and the places in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.contract_path = root / "conf" / "data.yaml"
        self.overrides_path = root / "conf" / "pipeline.yaml"
        self.pointer_path = root / "deploy" / "model.json"  # what is live
        self.lock_path = root / "data.lock"  # which data are in use
        self.store_path = root / "store"
        self.reports_path = root / "reports"

    @classmethod
    def find(cls, start: Path | None = None) -> "Project":
        """The nearest folder with conf/data.yaml, from `start` (or the current folder) upwards."""
        start = (start or Path.cwd()).resolve()
        for folder in (start, *start.parents):
            if (folder / "conf" / "data.yaml").is_file():
                return cls(folder)
        raise OpsError(
            f"No conf/data.yaml in {start} or above it.",
            hint="Change to the project's folder, or restore the file from git.",
        )

    @property
    def package_path(self) -> Path:
        """The package that holds features.py and model.py."""
        for path in sorted(self.root.glob("src/*/features.py")):
            return path.parent
        raise OpsError(f"No src/*/features.py in {self.root}.", hint="Restore it from git.")


class Section(BaseModel):
    """Base of a section: no unknown keys, no changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StoreSettings(Section):
    """Where data, bundles, runs and predictions are shared."""

    uri: str = "./store"


class DataSettings(Section):
    """How the data are loaded."""

    max_rows: int | None = Field(None, ge=100)
    memory_share: float = Field(0.7, gt=0, le=1)


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


class Effective(NamedTuple):
    """One setting as it is in force."""

    key: str
    value: Any
    origin: str


def load_settings(project: Project) -> Settings:
    """Read conf/pipeline.yaml over the defaults; environment variables win over both.

    The variable of `store.uri` is the program's name in capitals, then `_STORE_URI`.
    """
    return _load(_overrides(project), _environment())


def effective_settings(project: Project) -> list[Effective]:
    """Every setting with its value and where it comes from."""
    overrides, environment = _overrides(project), _environment()
    settings = _load(overrides, environment)
    rows = []
    for at in _keys():
        origin = "conf/pipeline.yaml" if at in overrides else "default"
        origin = f"environment {_variable(at)}" if at in environment else origin
        rows.append(Effective(".".join(at), getattr(getattr(settings, at[0]), at[1]), origin))
    return rows


def _load(*layers: Overrides) -> Settings:
    values: dict[str, dict[str, Any]] = {}
    for layer in layers:
        for (section, key), value in layer.items():
            values.setdefault(section, {})[key] = value
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise OpsError(
            f"Setting {key} is {first['input']!r}: {first['msg'].lower()}.",
            hint="Correct it in conf/pipeline.yaml or in the environment.",
        ) from error


def _keys() -> list[tuple[str, str]]:
    sections = Settings()
    return [(name, key) for name, section in sections for key in type(section).model_fields]


def _variable(at: tuple[str, str]) -> str:
    return "_".join((PROGRAM.replace("-", "_"), *at)).upper()


def _environment() -> Overrides:
    names = {at: _variable(at) for at in _keys()}
    return {a: yaml.safe_load(os.environ[n]) for a, n in names.items() if n in os.environ}


def _overrides(project: Project) -> Overrides:
    path = project.overrides_path
    try:
        found = (yaml.safe_load(path.read_text()) if path.is_file() else None) or {}
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise OpsError(
            f"conf/pipeline.yaml is not valid YAML (line {line}).", hint="Mend that line."
        ) from error
    if not isinstance(found, dict) or not all(isinstance(v, dict | None) for v in found.values()):
        raise OpsError(
            "conf/pipeline.yaml must hold sections with keys.",
            hint="Write for example `drift:` and, indented below it, `alpha: 0.01`.",
        )
    here = {str(name): keys or {} for name, keys in found.items() if _present(str(name))}
    for name, keys in here.items():
        for key in keys:
            _known(str(key), [k for s, k in _keys() if s == name], f", section {name!r},")
    return {(name, key): value for name, keys in here.items() for key, value in keys.items()}


def _present(name: str) -> bool:
    """False, with a warning, for a section whose part this project does not have."""
    absent = name == "serve" and not Path(__file__).with_name("serving.py").exists()
    if name in FOREIGN or absent:
        log.warning(f"conf/pipeline.yaml: section {name!r} is ignored: no such part here.")
        return False
    _known(name, list(Settings.model_fields), "")
    return True


def _known(name: str, known: list[str], where: str) -> None:
    if name not in known:
        near = difflib.get_close_matches(name, known, 1, 0.0)[0]
        raise OpsError(
            f"conf/pipeline.yaml{where} has no key {name!r}.",
            hint=f"Write {near!r} if you meant that, or remove the line.",
        )
