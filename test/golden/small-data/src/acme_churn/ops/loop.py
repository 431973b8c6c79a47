"""`run`: the loop in order, and a table of what was done and where things are."""

from __future__ import annotations

import logging
import time
from typing import Any

from .contract import Contract, load_contract
from .data import validate
from .demo import write_sample
from .errors import PROGRAM
from .gate import challenger_digest, describe, gate
from .monitoring import monitor, outcomes
from .release import live_bundle, promote
from .report import write_reports
from .scoring import score
from .settings import Project, Settings
from .store import read_lock
from .tracking import log_run
from .training import train
from .verdict import PASSED

log = logging.getLogger(__name__)


def trained(project: Project, settings: Settings, contract: Contract, *, again: bool) -> str:
    """Train, log the run when it is new, and say what happened."""
    record, new = train(project, settings, contract, again=again)
    name = record["bundle"][:12]
    if not new:
        return f"{name}: already run by {record['by']} at {record['at']}"
    log_run(project, record, project.store_path / "bundles" / record["bundle"])
    return f"{name}: trained in {record['seconds']} s"


def run(project: Project, settings: Settings) -> None:
    """Do every step and print the table. A model that does not pass leaves the champion live."""
    began = time.monotonic()
    table: list[tuple[str, str, str]] = []

    def note(step: str, what: str, where: str = "") -> None:
        log.info(f"{step}: {what}")
        table.append((step, what, where))

    note("data", _data(project), "store/data, data.lock")
    contract = load_contract(project.contract_path)
    checked = validate(project, contract)
    note(
        "validate",
        f"{checked.rows:,} rows, {checked.quarantined:,} in quarantine",
        "conf/data.yaml",
    )
    note("train", trained(project, settings, contract, again=False), "store/bundles, mlflow.db")
    digest = challenger_digest(project)
    evidence = gate(project, settings, contract, digest)
    note("gate", describe(evidence), f"store/bundles/{digest[:12]}.../gate.json")
    note("promote", _promote(project, settings, evidence), "deploy/model.json")
    _watch(project, settings, contract, note)
    note("report", "written", "reports/index.html")
    _show(table, time.monotonic() - began)


def _data(project: Project) -> str:
    contract = load_contract(project.contract_path)
    if contract.source == "sample" and not project.lock_path.is_file():
        written = write_sample(project)
        return f"{sum(part.rows for part in written):,} rows of the sample written"
    return f"{sum(part.rows for part in read_lock(project)):,} rows are there"


def _promote(project: Project, settings: Settings, evidence: dict[str, Any]) -> str:
    if evidence["challenger"] == evidence["champion"]:
        return "already champion"
    if evidence["verdict"] != PASSED:
        return "champion kept" if evidence["champion"] else "no champion yet"
    return promote(project, settings, evidence["challenger"]).split(".")[0]


def _watch(project: Project, settings: Settings, contract: Contract, note: Any) -> None:
    bundle = live_bundle(project, settings)
    if bundle is not None:
        scored = score(project, settings, bundle)
        where = scored.path.relative_to(project.root).as_posix()
        note("score", f"{scored.rows:,} rows, {scored.quarantined:,} set aside", where)
        if contract.entity:
            joined = outcomes(project, settings, contract)
            note(
                "outcomes",
                f"{joined.joined:,} labels, {joined.waiting:,} to come",
                "store/outcomes",
            )
    watched = monitor(project, settings, bundle)
    verdict = watched.drift.verdict if watched.drift else watched.lines[0]
    note("monitor", f"drift: {verdict}; {watched.lines[-1]}" if watched.drift else verdict)
    write_reports(project, settings, contract, watched)


def _show(table: list[tuple[str, str, str]], seconds: float) -> None:
    print(f"\n{'step':<9} {'done':<64} where")
    for step, what, where in table:
        lines = what.splitlines()
        print(f"{step:<9} {lines[0]:<64} {where}")
        for line in lines[1:]:
            print(f"{'':<9} {line}")
    print(f"\n{seconds:.0f} s. Look at reports/index.html; `{PROGRAM} --help` shows the steps.")
