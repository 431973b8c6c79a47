"""Where things are: the project's folders, its settings, its contract and the shared store."""

from functools import cached_property
from pathlib import Path
from typing import Any

from .contract import Contract, load_contract
from .settings import OpsError, load_settings


class Store:
    """Copies files between ./store and the shared place `uri` (a folder, gs://, s3://, az://)."""

    def __init__(self, local: Path, uri: str) -> None:
        self.local = local
        self.uri = uri if "://" in uri else str((local.parent / uri).resolve())
        self.shared = self.uri != str(local.resolve())

    @cached_property
    def _there(self) -> Any:
        """The shared place as a file system of its own."""
        from fsspec.core import url_to_fs
        from fsspec.implementations.dirfs import DirFileSystem

        try:
            filesystem, path = url_to_fs(self.uri)
        except (ImportError, ValueError) as error:
            hint = "Run `uv add --group train gcsfs` for gs://, s3fs for s3://, adlfs for az://."
            raise OpsError(f"The store {self.uri} cannot be opened: {error}.", hint) from error
        return DirFileSystem(path, filesystem)

    def _here(self, relative: str) -> set[str]:
        at = self.local / relative
        files = (path for path in [at, *at.rglob("*")] if path.is_file() and path.name[0] != ".")
        return {path.relative_to(self.local).as_posix() for path in files}

    def push(self, relative: str, *, replace: bool = False) -> int:
        """Copy what the shared place does not have yet, or everything; returns the files."""
        if not self.shared:
            return 0
        missing = self._here(relative) - (set() if replace else set(self._there.find(relative)))
        for name in missing:
            self._there.makedirs(name.rpartition("/")[0], exist_ok=True)
            self._there.put_file(str(self.local / name), name)
        return len(missing)

    def pull(self, relative: str) -> int:
        """Copy what ./store does not have yet; returns the number of files."""
        if not self.shared:
            return 0
        missing = set(self._there.find(relative)) - self._here(relative)
        for name in missing:
            target = self.local / name
            part = target.with_name(f".{target.name}.part")
            target.parent.mkdir(parents=True, exist_ok=True)
            self._there.get_file(name, str(part))
            part.replace(target)
        return len(missing)


class Workspace:
    """A project folder, the places in it, and what its files say (read once)."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.contract_path = root / "conf" / "data.yaml"
        self.overrides_path = root / "conf" / "pipeline.yaml"
        self.pointer_path = root / "deploy" / "model.json"  # what is live
        self.lock_path = root / "data.lock"  # which data are in use
        self.store_path = root / "store"
        self.reports_path = root / "reports"
        self.settings = load_settings(self.overrides_path)  # a wrong one stops every step

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
    def contract(self) -> Contract:
        """conf/data.yaml."""
        return load_contract(self.contract_path)

    @cached_property
    def store(self) -> Store:
        """What is shared with others."""
        return Store(self.store_path, self.settings.store.uri)
