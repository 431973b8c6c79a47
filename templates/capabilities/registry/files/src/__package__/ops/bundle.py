"""Bundles: a model with everything that it needs, in a folder named by its content.

The name is the SHA-256 of manifest.json, and the manifest holds the SHA-256 of every other file.
Only gate.json, the evidence of the gate, comes later and is not part of the name.
"""

import ast
import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pydantic_core
from numpy.typing import NDArray

from .contract import Column, Columns, Contract, check_columns, load_contract
from .settings import OpsError
from .workspace import Workspace

EVIDENCE, MANIFEST = "gate.json", "manifest.json"
PREDICTION, BUNDLE = "prediction", "bundle"
GOLDEN_ROWS = 16


class UserCode:
    """features.py and model.py of a folder, run from their text, which goes into the bundle too."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.features = _module(folder / "features.py", only=("numpy",))
        self.model = _module(folder / "model.py")
        texts = [(folder / name).read_bytes() for name in ("features.py", "model.py")]
        self.digest = _sha(b"\0".join(texts))


def _module(path: Path, only: tuple[str, ...] = ()) -> ModuleType:
    try:
        tree = ast.parse(path.read_bytes())
        for name in _imports(tree):
            if not name or (only and name not in {*only, *sys.stdlib_module_names}):
                raise OpsError(
                    f"{path.name} imports {name or 'a neighbour file'}, but a copy of it travels "
                    "with every model.",
                    hint=f"Import only {' and '.join(only) or 'installed packages'} there.",
                )
        module = ModuleType(f"bundled_{path.stem}_{_sha(path.read_bytes())[:12]}")
        sys.modules[module.__name__] = module  # dataclasses look their module up
        exec(compile(tree, str(path), "exec"), module.__dict__)
    except (SyntaxError, ImportError) as error:
        raise OpsError(
            f"{path.name} cannot be loaded: {error}.", hint="Mend the file, or run `uv sync`."
        ) from error
    return module


def _imports(tree: ast.Module) -> Iterator[str]:
    """The packages that a file imports; empty for a relative import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "" if node.level else str(node.module).split(".")[0]


class Model:
    """The user's code with what it learned: from checked columns to predictions."""

    def __init__(
        self, code: UserCode, contract: Contract, state: dict[str, Any], fitted: Any
    ) -> None:
        self.code, self.contract, self.state, self.fitted = code, contract, state, fitted

    def features(self, columns: Columns) -> NDArray[np.float32]:
        """The feature matrix (n, k)."""
        wanted = {column.name: columns[column.name] for column in self.contract.features}
        return np.asarray(self.code.features.build(wanted, self.state), dtype=np.float32)

    def predict(self, columns: Columns) -> NDArray[np.float64]:
        """Probability (n,), class probabilities (n, k) or value (n,); an OpsError for a NaN."""
        features = self.features(columns)
        found = np.asarray(self.code.model.predict(self.fitted, features), dtype=np.float64)
        if len(found) != len(features) or not np.isfinite(found).all():
            raise OpsError(
                "The model did not give a number for every row.",
                hint="Look at predict() in model.py.",
            )
        return found


class Bundle(Model):
    """A model as it was when it was trained; an OpsError if a byte differs."""

    def __init__(self, folder: Path, digest: str) -> None:
        verify(folder, digest)
        self.folder, self.digest, self.name = folder, digest, digest[:12]
        self.manifest, self.reference = self.part("manifest"), self.part("reference")
        code, contract = UserCode(folder), load_contract(folder / "contract.yaml")
        super().__init__(code, contract, self.part("state"), code.model.load(folder / "model"))

    def part(self, name: str) -> Any:
        """The content of one of the JSON files; empty for the evidence before the gate."""
        return read_json(self.folder / f"{name}.json")

    def golden_error(self) -> float:
        """Largest difference between the golden predictions and those computed here and now."""
        golden = self.part("golden")
        found = self.predict(rows_to_columns(self.contract, golden["rows"]))
        return float(np.abs(found - np.array(golden["predictions"])).max())

    def scored(self, columns: Columns) -> Columns:
        """What is kept of scored rows: inputs that are not sensitive, prediction, bundle."""
        scores, columns_of = self.predict(columns), self.contract.columns
        hidden = {c.name for c in columns_of if c.sensitive is True or c.role == "target"}
        kept = {name: values for name, values in columns.items() if name not in hidden}
        names = [f"{PREDICTION}:{name}" for name in self.contract.classes]
        several = scores.ndim == 2
        kept |= dict(zip(names, scores.T, strict=True)) if several else {PREDICTION: scores}
        return kept | {BUNDLE: np.full(len(scores), self.digest, dtype=object)}


def scores_of(contract: Contract, rows: Columns) -> NDArray[np.float64]:
    """The predictions of rows that `Bundle.scored` returned, (n,) or (n, k)."""
    if PREDICTION in rows:
        return rows[PREDICTION]
    return np.stack([rows[f"{PREDICTION}:{name}"] for name in contract.classes], axis=1)


def write_bundle(
    bundles: Path, model: Model, reference: dict[str, Any], about: dict[str, Any]
) -> str:
    """Write a bundle, with `about` in its manifest, into `bundles`; return its digest."""
    bundles.mkdir(parents=True, exist_ok=True)
    rows = example_rows(model.contract, GOLDEN_ROWS)
    golden = model.predict(rows_to_columns(model.contract, rows)).tolist()
    contents = {
        "state.json": model.state,
        "reference.json": reference,
        "golden.json": {"rows": rows, "predictions": golden},
        "contract.yaml": model.contract,  # JSON is YAML too
    }
    with tempfile.TemporaryDirectory(dir=bundles, prefix=".new-") as scratch:
        folder = Path(scratch) / "bundle"
        (folder / "model").mkdir(parents=True)
        model.code.model.save(model.fitted, folder / "model")
        for name in ("features.py", "model.py"):
            shutil.copyfile(model.code.folder / name, folder / name)
        for name, content in contents.items():
            write_json(folder / name, content)
        write_json(folder / MANIFEST, {"schema": 1, **about, "files": _hashes(folder)})
        digest = _sha((folder / MANIFEST).read_bytes())
        if not (bundles / digest).exists():
            folder.rename(bundles / digest)
    return digest


def read_json(path: Path) -> Any:
    """The content of a JSON file; empty when there is none."""
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def write_json(path: Path, content: Any) -> None:
    """Write a file whole or not at all; NaN, which JSON does not know, becomes null."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(pydantic_core.to_json(content, indent=1, inf_nan_mode="null") + b"\n")
    part.replace(path)


def read_pointer(work: Workspace) -> dict[str, Any]:
    """The content of deploy/model.json; no champion before the first promotion."""
    try:
        return {"champion": None, "previous": None, "anchor": None, **read_json(work.pointer_path)}
    except (ValueError, TypeError) as error:
        raise OpsError(
            "deploy/model.json cannot be read.", hint="Restore it from git, or solve its conflict."
        ) from error


def verify(folder: Path, digest: str) -> None:
    """Check the manifest against the name and every file against the manifest."""
    hint = "Fetch it again, or train again; a bundle is never edited."
    if not (folder / MANIFEST).is_file():
        raise OpsError(f"There is no bundle {digest[:12]} in {folder.parent}.", hint=hint)
    manifest = (folder / MANIFEST).read_bytes()
    if _sha(manifest) != digest:
        raise OpsError(f"The manifest of bundle {digest[:12]} was changed.", hint=hint)
    expected, found = json.loads(manifest)["files"], _hashes(folder)
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            raise OpsError(f"File {name} of bundle {digest[:12]} was changed.", hint=hint)


def _hashes(folder: Path) -> dict[str, str]:
    files = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    kept = sorted(files.keys() - {MANIFEST, EVIDENCE})
    return {name: _sha(files[name].read_bytes()) for name in kept}


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def example_rows(contract: Contract, count: int, seed: int = 0) -> list[dict[str, Any]]:
    """Rows drawn from the contract alone, with missing values and unseen categories among them.

    No row of a real person: they serve as golden rows, to warm the service up, and in tests.
    """
    rng = np.random.default_rng(seed)
    return [{c.name: _example(c, rng, i) for c in contract.features} for i in range(count)]


def _example(column: Column, rng: np.random.Generator, place: int) -> Any:
    if column.nullable and place % 5 == 3:
        return None
    if column.type == "number":
        low = column.min or 0.0
        high = low + 1.0 if column.max is None else max(low, column.max)
        return round(float(rng.uniform(low, high)), 3)
    if column.type == "boolean":
        return bool(rng.integers(2))
    if column.type == "date":
        return str(np.datetime64("2026-01-01") + np.timedelta64(int(rng.integers(300)), "D"))
    if place % 7 == 5 and column.on_new == "other":
        return "never seen before"
    return str(rng.choice(column.categories or ["some text"]))


def rows_to_columns(contract: Contract, rows: list[dict[str, Any]]) -> Columns:
    """Rows that are known to be good, as checked columns."""
    raw = {c.name: np.array([r.get(c.name) for r in rows], object) for c in contract.features}
    return check_columns(contract, raw, roles=("feature",)).columns
