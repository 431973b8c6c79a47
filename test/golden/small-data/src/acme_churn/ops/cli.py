"""The program: one verb per step, and `run` for all of them in order."""

import argparse
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from .contract import Contract, load_contract, sentence
from .settings import PROGRAM, Exit, OpsError, Project, effective_settings, load_settings

# Steps are imported where they are called: a verb starts without the libraries of the others.

log = logging.getLogger(__name__)
EPILOG = f"""\
the loop        {PROGRAM} run        data -> validate -> train -> gate -> promote -> score ->
                                     outcomes -> monitor -> report
your own data   {PROGRAM} use-data customers.csv --target churned
what is live    deploy/model.json, in git; `promote` and `rollback` change it

exit codes      0 done, 2 usage, 10 gate refused, 11 drift, 12 contract broken, 13 inconclusive
"""


class Call:
    """One call of the program: the project, its settings and contract, and the arguments."""

    def __init__(self, project: Project, options: argparse.Namespace) -> None:
        self.project, self.options, self.exit = project, options, Exit.DONE
        self.settings = load_settings(project)

    @property
    def contract(self) -> Contract:
        """The contract as it is now; `use-data` changes it."""
        return load_contract(self.project.contract_path)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a verb and return its exit code; bad input is one sentence, never a traceback."""
    logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stderr)
    logging.getLogger("fsspec").setLevel(logging.WARNING)
    options = _parser().parse_args(argv)
    try:
        call = Call(Project.find(options.project), options)
        print(options.verb(call), flush=True)
        return call.exit
    except OpsError as error:
        return _complain(error.message, error.hint, error.exit)
    except ModuleNotFoundError as error:
        return _complain(f"{error.name} is not installed.", "Run `uv sync`.")
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except OSError as error:
        if "libomp" in str(error) or "libgomp" in str(error):
            hint = "Run `brew install libomp` (Linux: install the package libgomp1)."
            return _complain("LightGBM needs OpenMP.", hint)
        raise
    except KeyboardInterrupt:
        return 130


def _complain(message: str, hint: str, code: Exit = Exit.USAGE) -> int:
    print(f"{PROGRAM}: {message}\n  {hint}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        PROGRAM,
        description="Train, judge, release and watch a model.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--project", type=Path, help="project folder (default: found upwards)")
    steps = {"source": None, "bundle": None, "again": False}  # what `run` gives to its steps
    parser.set_defaults(**steps, action=None, drift=None, drift_day=None, seed=7, months=12)
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    for verb, options in VERBS.items():
        name, text = verb.__name__.replace("_", "-"), verb.__doc__
        found = verbs.add_parser(name, help=text, description=text)
        found.set_defaults(verb=verb)
        for option, given in options.items():
            found.add_argument(option, **given)
    return parser


# Every verb below returns what it has to say; its docstring is its help.


def run(call: Call) -> str:
    """the whole loop; the second time it compares with the champion"""
    began, lines = time.monotonic(), [f"{'step':<9} {'done':<64} where"]
    for step, where in LOOP.items():
        if step is outcomes and not call.contract.entity:
            continue  # nothing tells whose label it is
        if step is data and call.project.lock_path.is_file():
            said = "already there"
        elif step is promote and call.exit != Exit.DONE:  # the gate did not pass it
            said = "champion kept" if call.project.pointer_path.is_file() else "no champion yet"
        else:
            said = step(call)
        first, *more = said.splitlines()
        log.info(f"{step.__name__}: {first}")
        lines += [f"{step.__name__:<9} {first:<64} {where}", *(f"{'':<9} {line}" for line in more)]
    call.exit = Exit.DONE
    seconds = f"{time.monotonic() - began:.0f} s."
    end = f"{seconds} Look at reports/index.html; `{PROGRAM} --help` shows the steps."
    return "\n".join(["", *lines, "", end])


def data(call: Call) -> str:
    """write the sample; or exchange data with the shared store"""
    from .demo import write_sample
    from .store import pull_data, push_data

    project, asked = call.project, call.options
    if asked.action == "push":
        return push_data(project, call.settings)
    if asked.action == "pull" and project.lock_path.is_file():
        return pull_data(project, call.settings)
    if asked.action == "pull":
        return "There is no data.lock yet, so there is nothing to pull."
    shift = {"drift": asked.drift, "drift_day": asked.drift_day}
    written = write_sample(project, asked.seed, asked.months, **shift)
    return f"{sum(p.rows for p in written):,} rows of the sample in store/data."


def use_data(call: Call) -> str:
    """describe your own file, take it in, and use it from now on"""
    from .infer import accept, inspect_file
    from .release import retire

    asked = call.options
    given = {"entity": asked.entity, "time": asked.time, "task": asked.task}
    proposal = inspect_file(asked.path, asked.target, **given)
    print(proposal.table())
    if not asked.yes:
        if not sys.stdin.isatty():
            raise OpsError("Nobody is there to accept this.", hint="Add --yes to accept it.")
        if input("Use it? [y/N] ").strip().lower() not in ("y", "yes"):
            return "Nothing was changed."
    accept(call.project, proposal)
    retire(call.project, proposal.contract)
    return f"conf/data.yaml and data.lock describe it now. Next: `{PROGRAM} run`."


def validate(call: Call) -> str:
    """check data against conf/data.yaml"""
    from . import data as steps

    found = steps.validate(call.project, call.contract, call.options.source)
    kept = f"{found.rows:,} rows keep the contract, {found.quarantined:,} of them in quarantine."
    return "\n".join([kept, *(f"  {sentence(finding)}" for finding in found.findings)])


def train(call: Call) -> str:
    """fit a challenger, or find the run that did it before"""
    from . import training

    again = call.options.again
    record, new = training.train(call.project, call.settings, call.contract, again=again)
    name = record["bundle"][:12]
    if not new:
        return f"{name}: already run by {record['by']} at {record['at']}"
    training.log_run(call.project, record)
    return f"{name}: trained in {record['seconds']} s"


def gate(call: Call) -> str:
    """judge the challenger; only this verb exits 10 or 13"""
    from . import gate as steps
    from .release import PASSED, challenger_digest

    digest = call.options.bundle or challenger_digest(call.project)
    evidence = steps.gate(call.project, call.settings, call.contract, digest)
    codes = {PASSED: Exit.DONE, steps.INCONCLUSIVE: Exit.INCONCLUSIVE}
    if evidence["challenger"] != evidence["champion"]:
        call.exit = codes.get(evidence["verdict"], Exit.REFUSED)
    return steps.describe(evidence)


def promote(call: Call) -> str:
    """make the challenger champion, if it passed the gate"""
    from . import release

    digest = call.options.bundle or release.challenger_digest(call.project)
    return release.promote(call.project, call.settings, digest)


def publish(call: Call) -> str:
    """send the champion and its data to the shared store"""
    from . import release

    send = release.check_release if call.options.check else release.publish
    return send(call.project, call.settings)


def rollback(call: Call) -> str:
    """put the previous champion back"""
    from . import release

    return release.rollback(call.project, call.settings)


def score(call: Call) -> str:
    """predict with the champion"""
    from . import monitoring, release

    bundle = release.live_bundle(call.project, call.settings)
    if bundle is None:
        return release.NO_CHAMPION
    done = monitoring.score(call.project, call.settings, bundle, call.options.source)
    where = done.path.relative_to(call.project.root).as_posix()
    said = f"{done.rows:,} rows scored by {bundle.name}, {done.quarantined:,} set aside"
    return f"{said}\n  {where}"


def outcomes(call: Call) -> str:
    """join labels that came in to predictions"""
    from . import monitoring, release

    if not call.project.pointer_path.is_file():
        return release.NO_CHAMPION
    done = monitoring.outcomes(call.project, call.settings, call.contract, call.options.source)
    return f"{done.joined:,} predictions have their label now, {done.waiting:,} wait for it."


def monitor(call: Call) -> str:
    """compare what was scored with the champion's holdout"""
    from . import monitoring, release

    bundle = release.live_bundle(call.project, call.settings)
    found = monitoring.monitor(call.project, call.settings, bundle, call.options.source)
    call.exit = found.exit
    return "\n".join(found.lines)


def report(call: Call) -> str:
    """write reports/: what the data, the model and the drift look like"""
    from .report import write_reports

    paths = write_reports(call.project, call.settings, call.contract)
    return "\n".join(str(path.relative_to(call.project.root)) for path in paths)


def config(call: Call) -> str:
    """every setting with its value and where it comes from"""
    found = effective_settings(call.project)
    return "\n".join(f"{key:<22} {json.dumps(value):<12} {origin}" for key, value, origin in found)


def serve(call: Call) -> str:
    """answer over HTTP: /predict, /livez, /readyz"""
    from . import serving

    serving.serve(call.project, call.settings, call.options.host, call.options.port)
    return "stopped"


SHIFTS = ("covariate", "prior", "concept", "schema", "quality")
SOURCE = {"source": {"nargs": "?", "type": Path, "help": "a file (default: the data in use)"}}
BUNDLE = {"--bundle": {"metavar": "DIGEST", "help": "default: that of the latest `train`"}}
VERBS: dict[Callable[[Call], str], dict[str, dict[str, Any]]] = {
    run: {},
    data: {
        "action": {"nargs": "?", "choices": ("push", "pull")},
        "--drift": {"choices": SHIFTS, "help": "shift the newest part of the sample"},
        "--drift-day": {"metavar": "DATE", "help": "first day of the shift"},
        "--seed": {"type": int, "default": 7},
        "--months": {"type": int, "default": 12},
    },
    use_data: {
        "path": {"type": Path, "help": "CSV, Parquet, folder or pattern"},
        "--target": {"required": True, "help": "the column to predict"},
        "--entity": {"help": "whom a row is about (default: inferred)"},
        "--time": {"help": "when a row was true (default: inferred)"},
        "--task": {"choices": ("binary", "multiclass", "regression")},
        "--yes": {"action": "store_true", "help": "accept what was inferred"},
    },
    validate: SOURCE,
    train: {"--again": {"action": "store_true", "help": "train even if the run exists"}},
    gate: BUNDLE,
    promote: BUNDLE,
    publish: {"--check": {"action": "store_true", "help": "only check what a release checks"}},
    rollback: {},
    score: SOURCE,
    outcomes: SOURCE,
    monitor: SOURCE,
    report: {},
    config: {},
    serve: {"--host": {}, "--port": {"type": int}},
}

LOOP = {
    data: "store/data, data.lock",
    validate: "conf/data.yaml",
    train: "store/bundles, mlflow.db",
    gate: "gate.json of the bundle",
    promote: "deploy/model.json",
    score: "store/predictions",
    outcomes: "store/outcomes",
    monitor: "",
    report: "reports/index.html",
}
