"""What is live: deploy/model.json in git. Promote, publish, roll back, and check a release."""

from datetime import UTC, datetime
from typing import Any

from .bundle import Bundle, load_bundle, read_pointer, write_json
from .contract import Contract, load_contract
from .settings import PROGRAM, Exit, OpsError, Project, Settings
from .store import open_store, push_data
from .training import author, git

PASSED = "passed"
NO_CHAMPION = f"No champion yet: `{PROGRAM} run`, then `{PROGRAM} publish`."


def challenger_digest(project: Project) -> str:
    """The bundle of the latest `train`."""
    path = project.store_path / "challenger"
    if not path.is_file():
        raise OpsError("There is no challenger yet.", hint="Run `train` first.")
    return path.read_text(encoding="utf-8").strip()


def open_bundle(project: Project, settings: Settings, digest: str) -> Bundle:
    """Load a bundle from the store and verify it, fetching it first when it is only shared."""
    folder = project.store_path / "bundles" / digest
    if not folder.is_dir():
        open_store(project, settings).pull(f"bundles/{digest}")
    if not folder.is_dir():
        raise OpsError(
            f"Bundle {digest[:12]} is not in the store.",
            hint="Ask whoever trained it to `publish`, or set store.uri to the shared store.",
        )
    return load_bundle(folder, digest)


def live_bundle(project: Project, settings: Settings) -> Bundle | None:
    """The champion, or None before the first promotion."""
    pointer = read_pointer(project.pointer_path)
    return open_bundle(project, settings, pointer["champion"]) if pointer else None


def promote(project: Project, settings: Settings, digest: str) -> str:
    """Make a bundle the champion if the gate passed it against the present one. Idempotent."""
    champion = read_pointer(project.pointer_path).get("champion")
    if champion == digest:
        return f"{digest[:12]} is already champion."
    evidence = open_bundle(project, settings, digest).part("gate")
    _check_evidence(evidence, digest, champion)
    _point(project, "promote", digest, evidence)
    return f"{digest[:12]} is champion now.\n  Commit deploy/model.json, then `{PROGRAM} publish`."


def rollback(project: Project, settings: Settings) -> str:
    """Put the previous champion back, with the evidence that it was promoted with."""
    pointer = read_pointer(project.pointer_path)
    if not pointer:
        return NO_CHAMPION
    before = pointer["champion"][:12]
    if pointer["previous"] is None:
        raise OpsError(
            f"{before} is the first champion, there is nothing before it.",
            hint="Train and gate another model instead.",
        )
    target = open_bundle(project, settings, pointer["previous"])
    _point(project, "rollback", target.digest, target.part("gate"))
    return f"{target.name} is champion again, {before} is not. Commit deploy/model.json and push."


def retire(project: Project, contract: Contract) -> None:
    """Take down a champion that answers another question than `contract` (after use-data)."""
    (project.store_path / "challenger").unlink(missing_ok=True)
    pointer = read_pointer(project.pointer_path)
    if not pointer:
        return
    path = project.store_path / "bundles" / pointer["champion"] / "contract.yaml"
    if not path.is_file() or _question(load_contract(path)) != _question(contract):
        project.pointer_path.unlink()
        _audit(project, "retire", pointer["champion"], None)


def _question(contract: Contract) -> tuple[str, str, list[str], set[str]]:
    names = {f"{column.name} {column.type}" for column in contract.features}
    return contract.task, contract.target, contract.classes, names


def publish(project: Project, settings: Settings) -> str:
    """Send the champion, its run and its data to the shared store, from a clean tree only."""
    pointer = read_pointer(project.pointer_path)
    if not pointer:
        return NO_CHAMPION
    changed = git(project, "status", "--porcelain")
    if changed is None or changed:
        what = "is not a git repository" if changed is None else "has changes not in git"
        raise OpsError(
            f"This folder {what}, so nobody could tell what was published.",
            hint="Commit everything, then publish.",
        )
    check_release(project, settings)
    store = open_store(project, settings)
    kept = {pointer["champion"], pointer["anchor"], pointer["previous"]} - {None}
    places = [*(f"bundles/{digest}" for digest in sorted(kept)), "runs", "audit"]
    copied = sum(store.push(place) for place in places)
    shared = f" Published {copied} files of models and runs." if store.shared else ""
    return push_data(project, settings) + shared


def check_release(project: Project, settings: Settings) -> str:
    """What a release checks before it builds: bytes, evidence and golden rows of the champion."""
    pointer = read_pointer(project.pointer_path)
    if not pointer:
        return NO_CHAMPION
    bundle = open_bundle(project, settings, pointer["champion"])
    _check_evidence(pointer["evidence"], bundle.digest, pointer["previous"])
    error = bundle.golden_error()
    if not error <= 1e-6:
        raise OpsError(
            f"Golden rows of {bundle.name} differ by {error:.2g} on this machine.",
            hint="Compare the package versions in its manifest with `uv pip list`.",
            exit=Exit.REFUSED,
        )
    return f"{bundle.name}: every byte, the evidence and the golden rows agree."


def _check_evidence(evidence: dict[str, Any], digest: str, champion: str | None) -> None:
    problem = None
    if not evidence:
        problem = "was not judged yet"
    elif evidence.get("challenger") != digest:
        problem = "carries the evidence of another model"
    elif evidence.get("verdict") != PASSED:
        problem = f"did not pass the gate ({evidence.get('verdict')})"
    elif evidence.get("champion") != champion:
        problem = "was judged against another champion"
    if problem:
        raise OpsError(
            f"Model {digest[:12]} {problem}.",
            hint=f"Run `{PROGRAM} gate` again; only a model that passes is promoted.",
            exit=Exit.REFUSED,
        )


def _point(project: Project, verb: str, digest: str, evidence: dict[str, Any]) -> None:
    """Write deploy/model.json and note who did it."""
    before = read_pointer(project.pointer_path).get("champion")
    content = {
        "schema": 1,
        "champion": digest,
        "previous": evidence["champion"],
        "anchor": evidence["anchor_next"],
        "by": author(project),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "evidence": evidence,
    }
    write_json(project.pointer_path, content)
    _audit(project, verb, digest, before)


def _audit(project: Project, verb: str, digest: str, before: str | None) -> None:
    now, commit = datetime.now(UTC), git(project, "rev-parse", "HEAD")
    entry = {"at": now.isoformat(), "by": author(project), "did": verb, "champion": digest}
    name = f"{now:%Y%m%dT%H%M%S%f}-{verb}-{digest[:12]}.json"
    path = project.store_path / "audit" / name
    write_json(path, {**entry, "before": before or "", "commit": commit or ""})
