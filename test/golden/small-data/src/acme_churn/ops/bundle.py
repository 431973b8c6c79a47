"""Bundles: a model with everything that it needs, in a folder named by its content.

The name is the SHA-256 of manifest.json, and the manifest holds the SHA-256 of every other file.
Only gate.json, the evidence of the gate, comes later and is not part of the name.
"""

from __future__ import annotations

import ast
import hashlib
import json
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .baseline import Baseline
from .contract import Contract, check_columns, load_contract
from .errors import OpsError
from .metrics import Floats
from .values import Columns

EVIDENCE = "gate.json"
MANIFEST = "manifest.json"
GOLDEN_ROWS = 16


class UserCode:
    """features.py and model.py, run from their text; the same text goes into the bundle."""

    def __init__(self, folder: Path) -> None:
        """Load both from `folder`: the package in a project, or a bundle."""
        self.features = _module(folder / "features.py", only=("numpy",))
        self.model = _module(folder / "model.py")
        self.folder = folder
        self.digest = _sha(_read(folder / "features.py") + b"\0" + _read(folder / "model.py"))


def _module(path: Path, only: tuple[str, ...] | None = None) -> ModuleType:
    source = _read(path)
    try:
        tree = ast.parse(source)
        for name in _imports(tree):
            if name == "" or (only and name not in {*only, *sys.stdlib_module_names}):
                what = f"{name!r}" if name else "a neighbour file"
                raise OpsError(
                    f"{path.name} imports {what}, but a copy of it travels with every model.",
                    hint=f"Import only {' and '.join(only or ('installed packages',))} there.",
                )
        module = ModuleType(f"bundled_{path.stem}_{_sha(source)[:12]}")
        module.__file__ = str(path)
        sys.modules[module.__name__] = module  # dataclasses look their module up
        exec(compile(tree, str(path), "exec"), module.__dict__)
    except (SyntaxError, ImportError) as error:
        raise OpsError(
            f"{path.name} cannot be loaded: {error}.", hint="Mend the file, or run `uv sync`."
        ) from error
    return module


def _imports(tree: ast.Module) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name.split(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append("" if node.level else (node.module or "").split(".")[0])
    return found


class Bundle:
    """A loaded model: contract, features, state and predictor as they were when it was trained."""

    def __init__(self, folder: Path, digest: str) -> None:
        """Load what `load_bundle` has verified."""
        self.folder, self.digest = folder, digest
        self.manifest: dict[str, Any] = _json(folder / MANIFEST)
        self.contract: Contract = load_contract(folder / "contract.yaml")
        self.state: dict[str, Any] = _json(folder / "state.json")
        self.reference: dict[str, Any] = _json(folder / "reference.json")
        self.baseline = Baseline(**_json(folder / "baseline.json"))
        self.code = UserCode(folder)
        self._model = self.code.model.load(folder / "model")

    @property
    def name(self) -> str:
        """The digest, short enough for people."""
        return self.digest[:12]

    def features(self, columns: Columns) -> NDArray[np.float32]:
        """The feature matrix (n, k) of checked columns."""
        wanted = {column.name: columns[column.name] for column in self.contract.features}
        return np.asarray(self.code.features.build(wanted, self.state), dtype=np.float32)

    def predict(self, columns: Columns) -> Floats:
        """Probability (n,), class probabilities (n, k) or value (n,) of checked columns."""
        return self.predict_features(self.features(columns))

    def predict_features(self, features: NDArray[np.float32]) -> Floats:
        """The same from the feature matrix; an OpsError when the model answers with no number."""
        found = np.asarray(self.code.model.predict(self._model, features), dtype=np.float64)
        if len(found) != len(features) or not np.isfinite(found).all():
            raise OpsError(
                f"Model {self.name} did not give a number for every row.",
                hint="Look at predict() in model.py.",
            )
        return found

    def golden_error(self) -> float:
        """Largest difference between the golden predictions and those computed here and now."""
        golden = _json(self.folder / "golden.json")
        found = self.predict(rows_to_columns(self.contract, golden["rows"]))
        return float(np.abs(found - np.array(golden["predictions"])).max())


@dataclass(frozen=True)
class Parts:
    """What a bundle is made of."""

    code: UserCode
    model: Any
    contract: Contract
    state: dict[str, Any]
    baseline: Baseline
    reference: dict[str, Any]
    card: str
    about: dict[str, Any]  # data, split, git, packages ...: goes into the manifest


def write_bundle(bundles: Path, parts: Parts) -> str:
    """Write a bundle into the folder `bundles` and return its digest."""
    bundles.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=bundles, prefix=".new-") as scratch:
        folder = Path(scratch) / "bundle"
        (folder / "model").mkdir(parents=True)
        for name in ("features.py", "model.py"):
            shutil.copyfile(parts.code.folder / name, folder / name)
        parts.code.model.save(parts.model, folder / "model")
        contents = {
            "state.json": parts.state,
            "baseline.json": parts.baseline.to_json(),
            "reference.json": parts.reference,
            "golden.json": _golden(parts),
            "contract.yaml": parts.contract.model_dump(mode="json"),  # JSON is YAML too
        }
        for name, content in contents.items():
            (folder / name).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        (folder / "card.md").write_text(parts.card, encoding="utf-8")
        manifest = {"schema": 1, **parts.about, "files": _hashes(folder)}
        text = json.dumps(manifest, indent=1, sort_keys=True) + "\n"
        (folder / MANIFEST).write_text(text, encoding="utf-8")
        digest = _sha(text.encode())
        if not (bundles / digest).exists():
            folder.rename(bundles / digest)
    return digest


def read_pointer(path: Path) -> dict[str, Any] | None:
    """The content of deploy/model.json, or None before the first promotion."""
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not all(isinstance(found[key], str) for key in ("champion", "anchor")):
            raise TypeError
        return {"previous": None, "evidence": {}, **found}
    except (ValueError, KeyError, TypeError) as error:
        raise OpsError(
            "deploy/model.json cannot be read.", hint="Restore it from git, or solve its conflict."
        ) from error


def load_bundle(folder: Path, digest: str) -> Bundle:
    """Load the bundle `digest` from `folder`; an OpsError if a byte differs."""
    verify(folder, digest)
    return Bundle(folder, digest)


def verify(folder: Path, digest: str) -> None:
    """Check the manifest against the name and every file against the manifest."""
    hint = "Fetch it again, or train again; a bundle is never edited."
    if not (folder / MANIFEST).is_file():
        raise OpsError(f"There is no bundle {digest[:12]} in {folder.parent}.", hint=hint)
    if _sha(_read(folder / MANIFEST)) != digest:
        raise OpsError(f"The manifest of bundle {digest[:12]} was changed.", hint=hint)
    expected, found = _json(folder / MANIFEST)["files"], _hashes(folder)
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            raise OpsError(f"File {name} of bundle {digest[:12]} was changed.", hint=hint)


def example_rows(contract: Contract, count: int, seed: int = 0) -> list[dict[str, Any]]:
    """Rows drawn from the contract alone, with missing values and unseen categories among them.

    No row of a real person: they serve as golden rows, to warm the service up, and in tests.
    """
    rng = np.random.default_rng(seed)
    return [
        {c.name: _example(c.model_dump(), rng, i) for c in contract.features} for i in range(count)
    ]


def _example(column: dict[str, Any], rng: np.random.Generator, place: int) -> Any:
    if column["nullable"] and place % 5 == 3:
        return None
    low = column["min"] if column["min"] is not None else 0.0
    high = column["max"] if column["max"] is not None else low + 1.0
    if column["type"] == "number":
        return round(float(rng.uniform(low, max(low, high))), 3)
    if column["type"] == "boolean":
        return bool(rng.integers(2))
    if column["type"] == "date":
        return str(np.datetime64("2026-01-01") + np.timedelta64(int(rng.integers(300)), "D"))
    if place % 7 == 5 and column["on_new"] == "other":
        return "never seen before"
    return str(rng.choice(column["categories"] or ["some text"]))


def rows_to_columns(contract: Contract, rows: list[dict[str, Any]]) -> Columns:
    """Rows that are known to be good, as checked columns."""
    raw = {c.name: np.array([r.get(c.name) for r in rows], object) for c in contract.features}
    return check_columns(contract, raw, roles=("feature",)).columns


def _golden(parts: Parts) -> dict[str, Any]:
    rows = example_rows(parts.contract, GOLDEN_ROWS)
    features = parts.code.features.build(rows_to_columns(parts.contract, rows), parts.state)
    found = np.asarray(parts.code.model.predict(parts.model, features), dtype=np.float64)
    return {"rows": rows, "predictions": found.tolist()}


def _hashes(folder: Path) -> dict[str, str]:
    files = [p for p in sorted(folder.rglob("*")) if p.is_file()]
    names = {p.relative_to(folder).as_posix(): p for p in files}
    return {n: _sha(_read(p)) for n, p in names.items() if n not in (MANIFEST, EVIDENCE)}


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read(path: Path) -> bytes:
    return path.read_bytes()


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
