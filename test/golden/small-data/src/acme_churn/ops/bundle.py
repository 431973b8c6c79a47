"""Bundles: a model with all that it needs, in a folder named by the SHA-256 of its manifest.

The manifest holds that of every other file, but for gate.json, the evidence, which comes later,
and promoted.json, the evidence with which it went live.
"""

import shutil
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from .contract import Array, Check, Column, Columns, Contract, Floats, load_contract
from .settings import Exit, OpsError, Workspace, read_json, sha256, write_json

EVIDENCE, PROMOTED, MANIFEST = "gate.json", "promoted.json", "manifest.json"
BUNDLE = "bundle"


class UserCode:
    """features.py and model.py of a folder, run from their text, which goes into the bundle too."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.features, self.model = (_module(folder / name) for name in ("features.py", "model.py"))
        self.digest = sha256(folder / "features.py") + sha256(folder / "model.py")


def _module(path: Path) -> ModuleType:
    """A module run from its text: an import would leave a compiled file in the bundle."""
    module = ModuleType(f"bundled_{path.stem}_{sha256(path)[:12]}")
    sys.modules[module.__name__] = module  # dataclasses look their module up
    try:
        exec(compile(path.read_bytes(), str(path), "exec"), module.__dict__)
    except (SyntaxError, ImportError) as error:
        hint = "Import only what is installed, not neighbour files: a copy travels with the model."
        raise OpsError(f"{path.name} cannot be loaded: {error}.", hint) from error
    return module


class Model:
    """The user's code with what it learned: from checked columns to predictions."""

    def __init__(self, code: UserCode, contract: Contract, state: Any, fitted: Any) -> None:
        self.code, self.contract, self.state, self.fitted = code, contract, state, fitted

    def features(self, columns: Columns) -> Array:
        """The feature matrix (n, k)."""
        wanted = {column.name: columns[column.name] for column in self.contract.features}
        return np.asarray(self.code.features.build(wanted, self.state), dtype=np.float32)

    def predict(self, columns: Columns) -> Floats:
        """Probability (n,), class probabilities (n, k) or value (n,); an OpsError for a NaN."""
        features = self.features(columns)
        found = np.asarray(self.code.model.predict(self.fitted, features), dtype=np.float64)
        if len(found) != len(features) or not np.isfinite(found).all():
            raise OpsError("The model left a row without a number.", "See predict() in model.py.")
        return found


class Bundle(Model):
    """A model as it was when it was trained; an OpsError if a byte differs."""

    def __init__(self, folder: Path, digest: str) -> None:
        if changed := changed_files(folder, digest):
            hint = "Delete its folder in store/bundles to fetch it again, or train again."
            raise OpsError(f"{changed[0]} of bundle {digest[:12]} is absent or changed.", hint)
        self.folder, self.digest, self.name = folder, digest, digest[:12]
        self.manifest, self.reference = self.part("manifest"), self.part("reference")
        code, contract = UserCode(folder), load_contract(folder / "contract.yaml")
        super().__init__(code, contract, self.part("state"), code.model.load(folder / "model"))

    def part(self, name: str) -> Any:
        """The content of one of the JSON files; empty for the evidence before the gate."""
        return read_json(self.folder / f"{name}.json")

    def check_golden(self) -> None:
        """Raise unless the golden rows get the scores that they got in training."""
        golden = self.part("golden")
        found = self.predict(rows_to_columns(self.contract, golden["rows"]))
        error = float(np.abs(found - np.array(golden["predictions"])).max())
        if not error <= 1e-6:
            hint = "Use the lock that it was trained with; versions are in its manifest."
            raise OpsError(f"Golden rows of {self.name} differ by {error:.2g}.", hint, Exit.REFUSED)

    def scored(self, columns: Columns) -> Columns:
        """What is kept of scored rows: inputs that are not sensitive, prediction, bundle."""
        described, scores = self.contract.columns, self.predict(columns)
        hidden = {c.name for c in described if c.sensitive is True or c.role == "target"}
        kept = {name: values for name, values in columns.items() if name not in hidden}
        kept[BUNDLE] = np.full(len(scores), self.digest, dtype=object)
        if scores.ndim == 1:
            return kept | {"prediction": scores}
        names = (f"prediction:{name}" for name in self.contract.classes)
        return kept | dict(zip(names, scores.T, strict=True))


def scores_of(rows: Columns) -> Floats:
    """The predictions of rows that `Bundle.scored` returned, (n,) or (n, k)."""
    several = [values for name, values in rows.items() if name.startswith("prediction:")]
    return rows["prediction"] if "prediction" in rows else np.stack(several, axis=1)


def write_bundle(bundles: Path, model: Model, reference: Any, about: dict[str, Any]) -> str:
    """Write a bundle, with `about` in its manifest, into `bundles`; return its digest."""
    bundles.mkdir(parents=True, exist_ok=True)
    rows = example_rows(model.contract, 16)
    golden = model.predict(rows_to_columns(model.contract, rows)).tolist()
    with tempfile.TemporaryDirectory(dir=bundles, prefix=".new-") as scratch:
        folder = Path(scratch) / "bundle"
        (folder / "model").mkdir(parents=True)
        model.code.model.save(model.fitted, folder / "model")
        for name in ("features.py", "model.py"):
            shutil.copyfile(model.code.folder / name, folder / name)
        write_json(folder / "state.json", model.state)
        write_json(folder / "reference.json", reference)
        write_json(folder / "golden.json", {"rows": rows, "predictions": golden})
        write_json(folder / "contract.yaml", model.contract)  # JSON is YAML too
        write_json(folder / MANIFEST, {"schema": 1, **about, "files": _hashes(folder)})
        digest = sha256(folder / MANIFEST)
        if not (bundles / digest).exists():
            folder.rename(bundles / digest)
    return digest


def changed_files(folder: Path, digest: str) -> list[str]:
    """Files that are absent or differ: the manifest from the name, the others from the manifest."""
    path = folder / MANIFEST
    if not path.is_file() or sha256(path) != digest:
        return [MANIFEST]
    expected, found = read_json(path)["files"], _hashes(folder)
    names = sorted(expected.keys() | found.keys())
    return [name for name in names if expected.get(name) != found.get(name)]


def _hashes(folder: Path) -> dict[str, str]:
    paths = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    names = (name for name in paths if not name.endswith(".part"))  # a copy that was cut off
    return {name: sha256(paths[name]) for name in sorted({*names} - {MANIFEST, EVIDENCE, PROMOTED})}


def read_pointer(work: Workspace) -> dict[str, Any]:
    """The content of deploy/model.json; no champion before the first promotion."""
    found = read_json(work.pointer_path)
    if not isinstance(found, dict):
        raise OpsError("deploy/model.json names no model.", "Restore it from git.")
    return {"champion": None, "previous": None, "anchor": None, **found}


def example_rows(contract: Contract, count: int, seed: int = 0) -> list[dict[str, Any]]:
    """Rows drawn from the contract, so of no real person, with missing and unseen values too."""
    rng = np.random.default_rng(seed)
    return [{c.name: _example(c, rng) for c in contract.features} for _ in range(count)]


def _example(column: Column, rng: np.random.Generator) -> Any:
    low = column.min or 0.0
    high = low + 1.0 if column.max is None else max(low, column.max)
    level = str(rng.choice(column.categories or ["some text"]))
    unseen = column.on_new == "other" and rng.random() < 0.1
    drawn = {
        "number": round(float(rng.uniform(low, high)), 3),
        "boolean": bool(rng.integers(2)),
        "date": str(np.datetime64("2026-01-01") + np.timedelta64(int(rng.integers(300)), "D")),
    }.get(column.type, "never seen before" if unseen else level)
    return None if column.nullable and rng.random() < 0.2 else drawn


def rows_to_columns(contract: Contract, rows: list[dict[str, Any]]) -> Columns:
    """Rows that are known to be good, as checked columns."""
    raw = {c.name: np.array([r.get(c.name) for r in rows], object) for c in contract.features}
    return Check(contract, ("feature",))(raw)[0]
