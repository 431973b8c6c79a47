"""Every setting with its default, where a project's files are, and how a step says no."""

import difflib
import hashlib
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pydantic_core
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from .. import PROGRAM as PROGRAM

if TYPE_CHECKING:
    from .contract import Contract

log = logging.getLogger(PROGRAM)
# Sections of parts that other projects have: a warning here, not an error.
ELSEWHERE = {"approval", "environments", "fairness", "monitoring", "orchestration", "platform"}
ELSEWHERE |= {"privacy", "registry", "retraining", "serve", "shadow", "spark", "stream"}


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
        """A YAML file (an absent one is empty) as this model; one sentence says what is wrong."""
        try:
            text = path.read_text(encoding="utf-8") if path.is_file() else ""
            return cls.model_validate(yaml.safe_load(text) or {})
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            said = f"is not valid YAML ({' '.join(str(error).split())})"
        except ValidationError as error:
            problem = error.errors()[0]
            where = ".".join(map(str, problem["loc"]))
            where = f"has {where} {str(problem['input'])[:40]}" if where else "is wrong"
            said = f"{where}: {problem['msg'].removeprefix('Value error, ')}"
            if problem["type"] == "extra_forbidden":
                parts = [schema := cls.model_json_schema(), *schema["$defs"].values()]
                keys = [key for part in parts for key in part["properties"]]
                hint = f"Write {nearest(str(problem['loc'][-1]), keys)!r} if you meant that."
        raise OpsError(f"{path.name} {said}.", hint, exit)


def nearest(name: str, known: list[str]) -> str:
    """What was probably meant by a name that is not known."""
    return difflib.get_close_matches(name, known, 1, 0.0)[0]


class StoreSettings(Section):
    """Where data, bundles, runs and predictions are shared."""

    uri: str = "./store"


class DataSettings(Section):
    """How the data are loaded."""

    max_rows: int | None = Field(None, ge=100)


class SplitSettings(Section):
    """What is held out. Changing the salt or the shares makes older models incomparable."""

    holdout_share: float = Field(0.2, gt=0, lt=1)
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
        absent = (ELSEWHERE - cls.model_fields.keys()) & found.keys()
        for name in absent:
            log.warning(f"conf/pipeline.yaml: section {name!r} is ignored: no such part here.")
        return {name: keys or {} for name, keys in found.items() if name not in absent}


def sha256(content: str | Path) -> str:
    """SHA-256 of a text, or of the bytes of a file."""
    if isinstance(content, str):
        return hashlib.sha256(content.encode()).hexdigest()
    with content.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_json(path: Path) -> Any:
    """The content of a JSON file; empty when there is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except ValueError as error:
        where = path.relative_to(path.parent.parent).as_posix()
        raise OpsError(f"{where} cannot be read.", "Restore it, or solve its conflict.") from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file to write that takes the place of `path` in one move, unless something fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def write_json(path: Path, content: Any) -> None:
    """Write a file whole or not at all; NaN, which JSON does not know, becomes null."""
    write_text(path, f"{pydantic_core.to_json(content, indent=1, inf_nan_mode='null').decode()}\n")


class Workspace:
    """A project folder, the places in it, and what its files say."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.contract_path = root / "conf" / "data.yaml"
        self.overrides_path = root / "conf" / "pipeline.yaml"
        self.pointer_path = root / "deploy" / "model.json"  # what is live
        self.lock_path = root / "data.lock"  # which data are in use
        self.store_path = root / "store"
        self.reports_path = root / "reports"
        self.settings = Settings.read(self.overrides_path, "Correct it.")

    @classmethod
    def find(cls, start: Path | None = None) -> "Workspace":
        """The nearest folder with conf/data.yaml, from `start` (or the current folder) upwards."""
        start = (start or Path.cwd()).resolve()
        for folder in (start, *start.parents):
            if (folder / "conf" / "data.yaml").is_file():
                return cls(folder)
        hint = "Change to the project's folder, or restore the file from git."
        raise OpsError(f"No conf/data.yaml in {start} or above it.", hint)

    @property
    def package_path(self) -> Path:
        """The package that holds features.py and model.py."""
        for path in self.root.glob("src/*/features.py"):
            return path.parent
        raise OpsError(f"No src/*/features.py in {self.root}.", "Restore it from git.")

    @cached_property
    def contract(self) -> "Contract":
        """conf/data.yaml."""
        from .contract import load_contract

        return load_contract(self.contract_path)


def config(work: Workspace) -> str:
    """Every setting with its value and where it comes from."""
    origins = {True: "conf/pipeline.yaml", False: "default"}
    return "\n".join(
        f"{f'{name}.{key}':<22} {json.dumps(value):<12} {origins[key in section.model_fields_set]}"
        for name, section in work.settings
        for key, value in section
    )
