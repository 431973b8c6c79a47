"""What is live: deploy/model.json in git. Promote, publish, roll back, and check a release."""

import re
from datetime import UTC, datetime
from typing import Any

from .bundle import PROMOTED, Bundle, changed_files, read_pointer
from .contract import Contract, load_contract
from .data import push_data
from .settings import PROGRAM, Exit, OpsError, Workspace, read_json, write_json
from .tables import share
from .training import author, git

PASSED = "passed"
NO_CHAMPION = f"No champion yet: `{PROGRAM} run`, then `{PROGRAM} publish`."


def chosen_digest(work: Workspace, asked: str | None = None) -> str:
    """The bundle that was asked for, by its digest or the start of it; else the latest `train`."""
    path = work.store_path / "challenger"
    if asked is None and not path.is_file():
        raise OpsError("There is no challenger yet.", "Run `train` first.")
    digest = path.read_text(encoding="utf-8").strip() if asked is None else asked
    if re.fullmatch("[0-9a-f]{6,63}", digest):
        found = [path.name for path in (work.store_path / "bundles").glob(f"{digest}*")]
        digest = found[0] if len(found) == 1 else digest
    if not re.fullmatch("[0-9a-f]{64}", digest):
        hint = "Give the 64 digits of its digest, or the first 6 or more of one in ./store."
        raise OpsError(f"{digest!r} names no bundle.", hint)
    return digest


def open_bundle(work: Workspace, digest: str) -> Bundle:
    """Load a bundle from the store and verify it, after fetching the files that are absent."""
    folder = work.store_path / "bundles" / digest
    if not all((folder / name).is_file() for name in changed_files(folder, digest)):
        share(work, f"bundles/{digest}", back=True)
    return Bundle(folder, digest)


def live_bundle(work: Workspace) -> Bundle | None:
    """The champion, or None before the first promotion."""
    digest = read_pointer(work)["champion"]
    return open_bundle(work, digest) if digest else None


def promote(work: Workspace, bundle: str | None = None) -> str:
    """Make a bundle the champion if the gate passed it against the present one. Idempotent."""
    digest, champion = chosen_digest(work, bundle), read_pointer(work)["champion"]
    if champion == digest:
        return f"{digest[:12]} is already champion."
    challenger = open_bundle(work, digest)
    evidence = challenger.part("gate")
    _check_evidence(evidence, digest, champion)
    write_json(challenger.folder / PROMOTED, evidence)  # a later gate does not change it
    _point(work, "promote", digest, evidence)
    return f"{digest[:12]} is champion now.\n  Commit deploy/model.json, then `{PROGRAM} publish`."


def rollback(work: Workspace) -> str:
    """Put the previous champion back, with the evidence that it was promoted with."""
    pointer = read_pointer(work)
    if not pointer["champion"]:
        return NO_CHAMPION
    before = pointer["champion"][:12]
    if not pointer["previous"]:
        message = f"{before} is the first champion, there is nothing before it."
        raise OpsError(message, "Train and gate another model instead.")
    target = open_bundle(work, pointer["previous"])
    evidence = target.part("promoted") or target.part("gate")
    _check_evidence(evidence, target.digest, evidence.get("champion"))
    _point(work, "rollback", target.digest, evidence)
    return f"{target.name} is champion again, {before} is not. Commit deploy/model.json and push."


def answers_another(work: Workspace, contract: Contract) -> bool:
    """Whether there is a champion that answers another question than `contract`."""
    champion = read_pointer(work)["champion"]
    path = work.store_path / "bundles" / str(champion) / "contract.yaml"
    if champion and not path.is_file():
        share(work, f"bundles/{champion}", back=True)
    same = path.is_file() and _question(load_contract(path)) == _question(contract)
    return bool(champion) and not same


def _question(contract: Contract) -> tuple[Any, ...]:
    features = sorted(f"{column.name} {column.type}" for column in contract.features)
    return contract.classes, contract.target, features


def publish(work: Workspace, *, check: bool = False) -> str:
    """Send the champion, its run and its data to the shared store, from a clean tree only."""
    pointer = read_pointer(work)
    if check or not pointer["champion"]:
        return check_release(work)
    if git(work, "status", "--porcelain") != "":
        hint = "Commit everything, then publish: else nobody could tell what was published."
        raise OpsError("This is not a git repository, or has changes that are not in git.", hint)
    check_release(work)
    kept = {pointer[name] for name in ("champion", "anchor", "previous")} - {None}
    kept |= {path.parent.name for path in work.store_path.glob(f"bundles/*/{PROMOTED}")}
    places = [*(f"bundles/{digest}" for digest in sorted(kept)), "runs", "audit"]
    copied = sum(share(work, place) for place in places)
    share(work, f"bundles/{pointer['champion']}/{PROMOTED}", replace=True)
    return push_data(work) + (f" Published {copied} files of models and runs." if copied else "")


def check_release(work: Workspace) -> str:
    """What a release checks before it builds: bytes, evidence and golden rows of the champion."""
    pointer, bundle = read_pointer(work), live_bundle(work)
    if bundle is None:
        return NO_CHAMPION
    _check_evidence(pointer.get("evidence", {}), bundle.digest, pointer["previous"])
    bundle.check_golden()
    return f"{bundle.name}: every byte, the evidence and the golden rows agree."


def _check_evidence(evidence: dict[str, Any], digest: str, champion: str | None) -> None:
    problems = {
        "was not judged yet": not evidence,
        "carries the evidence of another model": evidence.get("challenger") != digest,
        "did not pass the gate": evidence.get("verdict") != PASSED,
        "was judged against another champion": evidence.get("champion") != champion,
    }
    for problem in (problem for problem, found in problems.items() if found):
        hint = f"Run `{PROGRAM} gate` again; only a model that passes is promoted."
        raise OpsError(f"Model {digest[:12]} {problem}.", hint, Exit.REFUSED)


def retire(work: Workspace) -> None:
    """Take the champion down."""
    _note(work, "retire", None)
    work.pointer_path.unlink()


def _point(work: Workspace, verb: str, digest: str, evidence: dict[str, Any]) -> None:
    """Write deploy/model.json, after a note of it."""
    pointer = {"schema": 1, "champion": digest, "previous": evidence["champion"]}
    pointer |= {"anchor": evidence["anchor_next"], "evidence": evidence}
    _note(work, verb, digest)
    write_json(work.pointer_path, pointer | {"formats": _formats(work, pointer)})


def _note(work: Workspace, verb: str, digest: str | None) -> None:
    """Note in store/audit who changes what is live, when and at which commit."""
    before, now = read_pointer(work)["champion"], datetime.now(UTC)
    entry = {"at": now.isoformat(), "by": author(work), "did": verb, "champion": digest}
    entry |= {"before": before, "commit": git(work, "rev-parse", "HEAD")}
    write_json(work.store_path / "audit" / f"{now:%Y%m%dT%H%M%S%f}-{verb}.json", entry)


def _formats(work: Workspace, pointer: dict[str, Any]) -> list[str]:
    """How the models are kept that the gate, a rollback or the service may load."""
    kept = {pointer[name] for name in ("champion", "previous", "anchor")} - {None}
    manifests = [work.store_path / "bundles" / digest / "manifest.json" for digest in kept]
    return sorted({read_json(path)["format"] for path in manifests if path.is_file()})
