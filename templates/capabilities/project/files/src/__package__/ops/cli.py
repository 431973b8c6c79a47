"""The program: one verb per step, and `run` for all of them in order."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from .contract import Contract, load_contract
from .errors import PROGRAM, Exit, OpsError
from .settings import Project, Settings, effective_settings, load_settings

# Steps are imported where they are called: `serve` must start without the training libraries.

EPILOG = f"""\
the loop        {PROGRAM} run        data -> validate -> train -> gate -> promote -> score ->
                                     outcomes -> monitor -> report
your own data   {PROGRAM} use-data customers.csv --target churned
what is live    deploy/model.json, in git; `promote` and `rollback` change it

exit codes      0 done, 2 usage, 10 gate refused, 11 drift, 12 contract broken, 13 inconclusive
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a verb and return its exit code; bad input is one sentence, never a traceback."""
    logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stderr)
    arguments = _parser().parse_args(argv)
    try:
        project = Project.find(arguments.project)
        logging.getLogger("fsspec").setLevel(logging.WARNING)
        code = int(arguments.verb(Call(project, arguments)) or Exit.DONE)
        sys.stdout.flush()
        return code
    except OpsError as error:
        print(f"{PROGRAM}: {error.message}\n  {error.hint}", file=sys.stderr)
        return int(error.exit)
    except ModuleNotFoundError as error:
        print(f"{PROGRAM}: {error.name} is not installed.\n  Run `uv sync`.", file=sys.stderr)
        return int(Exit.USAGE)
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except OSError as error:
        if "libomp" in str(error) or "libgomp" in str(error):
            hint = "Run `brew install libomp` (Linux: install the package libgomp1)."
            print(f"{PROGRAM}: LightGBM needs OpenMP.\n  {hint}", file=sys.stderr)
            return int(Exit.USAGE)
        raise
    except KeyboardInterrupt:
        print(f"{PROGRAM}: stopped.", file=sys.stderr)
        return 130


class Call:
    """One call of the program: the project, its settings and contract, and the arguments."""

    def __init__(self, project: Project, arguments: argparse.Namespace) -> None:
        self.project, self.arguments = project, arguments
        self.settings: Settings = load_settings(project)

    @property
    def contract(self) -> Contract:
        """The contract as it is now; `use-data` changes it."""
        return load_contract(self.project.contract_path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        PROGRAM,
        description="Train, judge, release and watch a model.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--project", type=Path, help="project folder (default: found upwards)")
    verbs = parser.add_subparsers(metavar="VERB", required=True)

    def add(name: str, verb: Callable[[Call], int | None], help: str) -> argparse.ArgumentParser:
        found = verbs.add_parser(name, help=help, description=help)
        found.set_defaults(verb=verb)
        return found

    add("run", _run, "the whole loop; the second time it compares with the champion")
    _data_options(add("data", _data, "write the sample; or exchange data with the shared store"))
    use = add("use-data", _use_data, "describe your own file, take it in, and use it from now on")
    _use_data_options(use)
    source: dict[str, Any] = {
        "nargs": "?",
        "type": Path,
        "help": "a file (default: the data in use)",
    }
    add("validate", _validate, "check data against conf/data.yaml").add_argument("source", **source)
    train = add("train", _train, "fit a challenger, or find the run that did it before")
    train.add_argument("--again", action="store_true", help="train even if the run exists")
    bundle: dict[str, Any] = {
        "metavar": "DIGEST",
        "help": "which bundle (default: that of the latest `train`)",
    }
    gate = "judge the challenger; only this verb exits 10 or 13"
    add("gate", _gate, gate).add_argument("--bundle", **bundle)
    promote = "make the challenger champion, if it passed the gate"
    add("promote", _promote, promote).add_argument("--bundle", **bundle)
    publish = add("publish", _publish, "send the champion and its data to the shared store")
    publish.add_argument("--check", action="store_true", help="only check what a release checks")
    add("rollback", _rollback, "put the previous champion back")
    add("score", _score, "predict with the champion").add_argument("source", **source)
    outcomes = "join labels that came in to predictions"
    add("outcomes", _outcomes, outcomes).add_argument("source", **source)
    monitor = "compare what was scored with the champion's holdout"
    add("monitor", _monitor, monitor).add_argument("source", **source)
    if Path(__file__).with_name("serving.py").exists():
        serve = add("serve", _serve, "answer over HTTP: /predict, /livez, /readyz")
        serve.add_argument("--host")
        serve.add_argument("--port", type=int)
    add("report", _report, "write reports/: what the data, the model and the drift look like")
    add("config", _config, "every setting with its value and where it comes from")
    return parser


def _data_options(data: argparse.ArgumentParser) -> None:
    data.add_argument("action", nargs="?", choices=("push", "pull"))
    shifts = ("covariate", "prior", "concept", "schema", "quality")
    data.add_argument("--drift", choices=shifts, help="shift the newest part of the sample")
    data.add_argument("--drift-day", metavar="DATE", help="first day of the shift")
    data.add_argument("--seed", type=int, default=7)
    data.add_argument("--months", type=int, default=12)


def _use_data_options(use: argparse.ArgumentParser) -> None:
    use.add_argument("path", type=Path, help="CSV, Parquet, folder or pattern")
    use.add_argument("--target", required=True, help="the column to predict")
    use.add_argument("--entity", help="whom a row is about (default: inferred)")
    use.add_argument("--time", help="when a row was true (default: inferred)")
    use.add_argument("--task", choices=("binary", "multiclass", "regression"))
    use.add_argument("--yes", action="store_true", help="accept what was inferred")


def _data(call: Call) -> None:
    from .demo import write_sample
    from .store import pull_data, push_data

    options = call.arguments
    if options.action == "pull" and not call.project.lock_path.is_file():
        return print("There is no data.lock yet, so there is nothing to pull.")
    if options.action:
        exchange = {"push": push_data, "pull": pull_data}[options.action]
        return print(exchange(call.project, call.settings))
    shift = {"drift": options.drift, "drift_day": options.drift_day}
    written = write_sample(call.project, options.seed, options.months, **shift)
    print(f"{sum(p.rows for p in written):,} rows of the sample in store/data.")


def _use_data(call: Call) -> None:
    from .infer import accept, inspect_file
    from .release import retire

    asked = call.arguments
    proposal = inspect_file(
        asked.path, asked.target, entity=asked.entity, time=asked.time, task=asked.task
    )
    print(proposal.table())
    if not asked.yes:
        if not sys.stdin.isatty():
            raise OpsError("Nobody is there to accept this.", hint="Add --yes to accept it.")
        if input("Use it? [y/N] ").strip().lower() not in ("y", "yes"):
            return print("Nothing was changed.")
    accept(call.project, proposal)
    retire(call.project, proposal.contract)
    print(f"conf/data.yaml and data.lock describe it now. Next: `{PROGRAM} run`.")


def _validate(call: Call) -> None:
    from .contract import sentence
    from .data import validate

    found = validate(call.project, call.contract, call.arguments.source)
    for finding in found.findings:
        print(sentence(finding))
    print(f"{found.rows:,} rows keep the contract, {found.quarantined:,} of them in quarantine.")


def _train(call: Call) -> None:
    from .loop import trained

    print(trained(call.project, call.settings, call.contract, again=call.arguments.again))


def _gate(call: Call) -> int:
    from .gate import challenger_digest, describe, gate
    from .verdict import INCONCLUSIVE, PASSED

    digest = call.arguments.bundle or challenger_digest(call.project)
    evidence = gate(call.project, call.settings, call.contract, digest)
    print(describe(evidence))
    codes = {PASSED: Exit.DONE, INCONCLUSIVE: Exit.INCONCLUSIVE}
    if evidence["challenger"] == evidence["champion"]:
        return Exit.DONE
    return codes.get(evidence["verdict"], Exit.REFUSED)


def _promote(call: Call) -> None:
    from .gate import challenger_digest
    from .release import promote

    digest = call.arguments.bundle or challenger_digest(call.project)
    print(promote(call.project, call.settings, digest))


def _publish(call: Call) -> None:
    from .release import check_release, publish

    print((check_release if call.arguments.check else publish)(call.project, call.settings))


def _rollback(call: Call) -> None:
    from .release import rollback

    print(rollback(call.project, call.settings))


def _score(call: Call) -> None:
    from .release import NO_CHAMPION, live_bundle
    from .scoring import score

    bundle = live_bundle(call.project, call.settings)
    if bundle is None:
        return print(NO_CHAMPION)
    done = score(call.project, call.settings, bundle, call.arguments.source)
    print(
        f"{done.rows:,} rows scored by {bundle.name}, {done.quarantined:,} set aside: {done.path}"
    )


def _outcomes(call: Call) -> None:
    from .bundle import read_pointer
    from .monitoring import outcomes
    from .release import NO_CHAMPION

    if read_pointer(call.project.pointer_path) is None:
        return print(NO_CHAMPION)
    done = outcomes(call.project, call.settings, call.contract, call.arguments.source)
    print(f"{done.joined:,} predictions have their label now, {done.waiting:,} wait for it.")


def _monitor(call: Call) -> int:
    from .monitoring import monitor
    from .release import live_bundle

    bundle = live_bundle(call.project, call.settings)
    found = monitor(call.project, call.settings, bundle, call.arguments.source)
    print("\n".join(found.lines))
    return found.exit


def _serve(call: Call) -> None:
    from .serving import serve

    serve(call.project, call.settings, call.arguments.host, call.arguments.port)


def _report(call: Call) -> None:
    from .report import write_reports

    for path in write_reports(call.project, call.settings, call.contract):
        print(path.relative_to(call.project.root))


def _config(call: Call) -> None:
    for key, value, origin in effective_settings(call.project):
        print(f"{key:<22} {json.dumps(value):<12} {origin}")


def _run(call: Call) -> None:
    from .loop import run

    run(call.project, call.settings)
