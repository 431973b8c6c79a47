"""The program: one verb per step, and `run` for all of them in order."""

import argparse
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from .contract import ROW
from .settings import PROGRAM, Exit, OpsError, Workspace, log

EPILOG = f"""\
your own data   {PROGRAM} use-data customers.csv --target churned
what is live    deploy/model.json, in git; `promote` and `rollback` change it
exit codes      0 done, 2 usage, 10 gate refused, 11 drift, 12 contract broken, 13 inconclusive
"""
# Of each verb the function, its help, and what a step of the loop writes. The function is imported
# when it is called, so that a verb starts without the libraries of the others.
VERBS: dict[str, tuple[str, ...]] = {
    "run": ("cli.run", "the whole loop; the second time it compares with the champion"),
    "data": ("demo.data", "write the sample, or share data", "store/data, data.lock"),
    "use-data": ("infer.use_data", "describe your own file, and use it from now on"),
    "validate": ("data.validate", "check data against the contract", "conf/data.yaml"),
    "train": ("training.train", "fit a challenger, or find its run", "store/bundles, mlflow.db"),
    "gate": ("gate.judge", "judge it; only this verb exits 10 or 13", "gate.json of the bundle"),
    "promote": ("release.promote", "make it champion, if it passed the gate", "deploy/model.json"),
    "publish": ("release.publish", "send the champion and its data to the shared store"),
    "rollback": ("release.rollback", "put the previous champion back"),
    "score": ("monitoring.score", "predict with the champion", "store/predictions"),
    "outcomes": ("monitoring.outcomes", "join late labels to predictions", "store/outcomes"),
    "monitor": ("monitoring.monitor", "compare what was scored with the champion's holdout", ""),
    "report": ("report.report", "draw the data, the model and the drift", "reports/index.html"),
    "config": ("settings.config", "every setting with its value and where it comes from"),
    "serve": ("serving.serve", "answer over HTTP: /predict, /livez, /readyz"),
}


def call(verb: str, work: Workspace, **options: Any) -> tuple[str, Exit]:
    """What a verb says, and its exit code."""
    module, _, name = VERBS[verb][0].partition(".")
    found = getattr(import_module(f".{module}", __package__), name)(work, **options)
    return found if type(found) is tuple else (str(found), Exit.DONE)


def run(work: Workspace) -> str:
    """All steps of the loop, as a table of what was done and where things are."""
    began, passed, lines = time.monotonic(), True, ["", f"{'step':<9} {'done':<64} where"]
    for step, (_, _, *where) in VERBS.items():
        if not where or (step == "outcomes" and work.contract.entity == ROW):
            continue  # it is no step, or nothing tells whose label it is
        if step == "data" and work.lock_path.is_file():
            said, code = "already there", Exit.DONE
        elif step == "promote" and not passed:
            said = "champion kept" if work.pointer_path.is_file() else "no champion yet"
        else:
            said, code = call(step, work)
        passed = code == Exit.DONE
        first, *more = said.splitlines()
        log.info(f"{step}: {first}")
        lines += [f"{step:<9} {first:<64} {where[0]}", *(f"{'':<9} {line}" for line in more)]
    seconds = f"{time.monotonic() - began:.0f} s."
    lines += ["", f"{seconds} Look at reports/index.html; `{PROGRAM} --help` shows the steps."]
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a verb and return its exit code; bad input is one sentence, never a traceback."""
    logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stderr)
    asked = vars(_parser().parse_args(argv))
    try:
        work = Workspace.find(asked.pop("project"))
        said, code = call(asked.pop("verb"), work, **asked)
        print(said, flush=True)
        return code
    except OpsError as error:
        problem = error
    except ModuleNotFoundError as error:
        problem = OpsError(f"{error.name} is not installed.", "Run `uv sync`.")
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except OSError as error:
        if "libomp" not in str(error) and "libgomp" not in str(error):
            raise
        hint = "Run `brew install libomp` (Linux: install the package libgomp1)."
        problem = OpsError("LightGBM needs OpenMP.", hint)
    print(f"{PROGRAM}: {problem.message}\n  {problem.hint}", file=sys.stderr)
    return problem.exit


def _within(low: int, high: int) -> Callable[[str], int]:
    """What argparse calls for a whole number from `low` to `high`."""

    def whole_number(text: str) -> int:
        if not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"{text} is not from {low} to {high}")
        return int(text)

    return whole_number


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat()


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(PROGRAM, epilog=EPILOG, formatter_class=raw)
    parser.add_argument("--project", type=Path, help="project folder (default: found upwards)")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    add, unsaid = {}, argparse.SUPPRESS  # the step knows its own defaults
    for name, (_, says, *_) in VERBS.items():
        add[name] = verbs.add_parser(name, help=says, argument_default=unsaid).add_argument
    shifts = ("covariate", "prior", "concept", "schema", "quality")
    add["data"]("action", nargs="?", choices=("push", "pull"), default=None)
    add["data"]("--drift", choices=shifts, help="shift the newest part of the sample")
    add["data"]("--drift-day", metavar="DATE", type=_day, help="first day of the shift")
    add["data"]("--seed", type=_within(0, 2**32))
    add["data"]("--months", type=_within(1, 1_200))
    add["use-data"]("path", type=Path, help="CSV, Parquet, folder or pattern")
    add["use-data"]("--target", required=True, help="the column to predict")
    add["use-data"]("--entity", help="whom a row is about (default: inferred)")
    add["use-data"]("--time", help="when a row was true (default: inferred)")
    add["use-data"]("--task", choices=("binary", "multiclass", "regression"))
    add["use-data"]("--yes", action="store_true", help="accept what was inferred")
    for verb in ("validate", "score", "outcomes"):
        add[verb]("source", nargs="?", type=Path, default=None, help="a file, else the data in use")
    for verb in ("gate", "promote"):
        add[verb]("--bundle", metavar="DIGEST", help="default: that of the latest `train`")
    add["train"]("--again", action="store_true", help="train even if the run exists")
    add["publish"]("--check", action="store_true", help="only check what a release checks")
    add["serve"]("--host")
    # Platforms set PORT; it comes before the setting.
    add["serve"]("--port", type=_within(1, 65_535), default=os.environ.get("PORT"))
    return parser
