"""The program: one verb per step, and `run` for all of them in order."""

import argparse
import json
import logging
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .contract import sentence
from .settings import PROGRAM, Exit, OpsError
from .workspace import Workspace

log = logging.getLogger(__name__)
EPILOG = f"""\
the loop        {PROGRAM} run        data -> validate -> train -> gate -> promote -> score ->
                                     outcomes -> monitor -> report
your own data   {PROGRAM} use-data customers.csv --target churned
what is live    deploy/model.json, in git; `promote` and `rollback` change it

exit codes      0 done, 2 usage, 10 gate refused, 11 drift, 12 contract broken, 13 inconclusive
"""


class Call:
    """One call of the program. Its verbs return what they have to say; their docstrings are help.

    Steps are imported by their verbs: each starts without the libraries of the others.
    """

    def __init__(self, work: Workspace, asked: argparse.Namespace) -> None:
        self.work, self.asked, self.exit = work, asked, Exit.DONE

    def run(self) -> str:
        """the whole loop; the second time it compares with the champion"""
        began, lines = time.monotonic(), ["", f"{'step':<9} {'done':<64} where"]
        for step, where in LOOP.items():
            if step == "outcomes" and not self.work.contract.entity:
                continue  # nothing tells whose label it is
            if step == "data" and self.work.lock_path.is_file():
                said = "already there"
            elif step == "promote" and self.exit != Exit.DONE:  # the gate did not pass it
                said = "champion kept" if self.work.pointer_path.is_file() else "no champion yet"
            else:
                said = str(getattr(self, step)())
            first, *more = said.splitlines()
            log.info(f"{step}: {first}")
            lines += [f"{step:<9} {first:<64} {where}", *(f"{'':<9} {line}" for line in more)]
        self.exit = Exit.DONE
        seconds = f"{time.monotonic() - began:.0f} s."
        lines += ["", f"{seconds} Look at reports/index.html; `{PROGRAM} --help` shows the steps."]
        return "\n".join(lines)

    def data(self) -> str:
        """write the sample; or exchange data with the shared store"""
        from .data import pull_data, push_data, read_lock
        from .demo import write_sample

        work, asked = self.work, self.asked
        if asked.action == "push":
            return push_data(work)
        if asked.action == "pull" and not work.lock_path.is_file():
            return "There is no data.lock yet, so there is nothing to pull."
        if asked.action == "pull":
            return f"{len(pull_data(work))} data files of data.lock are in ./store."
        shift = {"drift": asked.drift, "drift_day": asked.drift_day}
        write_sample(work, seed=asked.seed, months=asked.months, **shift)
        return f"{sum(read_lock(work).values()):,} rows of the sample in store/data."

    def use_data(self) -> str:
        """describe your own file, take it in, and use it from now on"""
        from .infer import accept, as_yaml, inspect_file
        from .release import retire

        asked = self.asked
        contract = inspect_file(asked.path, asked.target, asked.entity, asked.time, asked.task)
        print(as_yaml(contract))
        if not asked.yes and not sys.stdin.isatty():
            raise OpsError("Nobody is there to accept this.", hint="Add --yes to accept it.")
        if not asked.yes and input("Use it? [y/N] ").strip().lower() not in ("y", "yes"):
            return "Nothing was changed."
        accept(self.work, asked.path, contract)
        retire(self.work, contract)
        return f"conf/data.yaml and data.lock describe it now. Next: `{PROGRAM} run`."

    def validate(self) -> str:
        """check data against conf/data.yaml"""
        from .data import validate as check

        found = check(self.work, self.asked.source)
        said = f"{found.rows:,} rows keep the contract, {found.quarantined:,} are in quarantine."
        return "\n  ".join([said, *map(sentence, found.findings)])

    def train(self) -> str:
        """fit a challenger, or find the run that did it before"""
        from .training import log_run, train

        record, new = train(self.work, again=self.asked.again)
        if not new:
            return f"{record['bundle'][:12]}: already run by {record['by']} at {record['at']}"
        log_run(self.work, record)
        return f"{record['bundle'][:12]}: trained in {record['seconds']} s"

    def gate(self) -> str:
        """judge the challenger; only this verb exits 10 or 13"""
        from .gate import INCONCLUSIVE, describe, gate
        from .release import PASSED, challenger_digest

        evidence = gate(self.work, self.asked.bundle or challenger_digest(self.work))
        codes = {PASSED: Exit.DONE, INCONCLUSIVE: Exit.INCONCLUSIVE}
        if evidence["challenger"] != evidence["champion"]:
            self.exit = codes.get(evidence["verdict"], Exit.REFUSED)
        return describe(evidence)

    def promote(self) -> str:
        """make the challenger champion, if it passed the gate"""
        from .release import challenger_digest, promote

        return promote(self.work, self.asked.bundle or challenger_digest(self.work))

    def publish(self) -> str:
        """send the champion and its data to the shared store"""
        from .release import check_release, publish

        return (check_release if self.asked.check else publish)(self.work)

    def rollback(self) -> str:
        """put the previous champion back"""
        from .release import rollback

        return rollback(self.work)

    def score(self) -> str:
        """predict with the champion"""
        from .monitoring import score
        from .release import NO_CHAMPION, live_bundle

        bundle = live_bundle(self.work)
        if bundle is None:
            return NO_CHAMPION
        path, rows, aside = score(self.work, bundle, self.asked.source)
        where = path.relative_to(self.work.root).as_posix()
        return f"{rows:,} rows scored by {bundle.name}, {aside:,} set aside\n  {where}"

    def outcomes(self) -> str:
        """join labels that came in to predictions"""
        from .monitoring import outcomes
        from .release import NO_CHAMPION

        if not self.work.pointer_path.is_file():
            return NO_CHAMPION
        joined, waiting = outcomes(self.work, self.asked.source)
        return f"{joined:,} predictions have their label now, {waiting:,} wait for it."

    def monitor(self) -> str:
        """compare what was scored with the champion's holdout"""
        from .monitoring import monitor
        from .release import live_bundle

        found = monitor(self.work, live_bundle(self.work))
        self.exit = found.exit
        return "\n".join(found.lines)

    def report(self) -> str:
        """write reports/: what the data, the model and the drift look like"""
        from .report import write_reports

        return "\n".join(str(path.relative_to(self.work.root)) for path in write_reports(self.work))

    def config(self) -> str:
        """every setting with its value and where it comes from"""
        lines = []
        for name, section in self.work.settings:
            for key, value in section:
                origin = "conf/pipeline.yaml" if key in section.model_fields_set else "default"
                lines.append(f"{f'{name}.{key}':<22} {json.dumps(value):<12} {origin}")
        return "\n".join(lines)

    def serve(self) -> str:
        """answer over HTTP: /predict, /livez, /readyz"""
        from . import serving

        serving.serve(self.work, self.asked.host, self.asked.port)
        return "stopped"


SHIFTS = ("covariate", "prior", "concept", "schema", "quality")
SOURCE = {"source": {"nargs": "?", "type": Path, "help": "a file (default: the data in use)"}}
BUNDLE = {"--bundle": {"metavar": "DIGEST", "help": "default: that of the latest `train`"}}
VERBS: dict[str, dict[str, dict[str, Any]]] = {
    "run": {},
    "data": {
        "action": {"nargs": "?", "choices": ("push", "pull")},
        "--drift": {"choices": SHIFTS, "help": "shift the newest part of the sample"},
        "--drift-day": {"metavar": "DATE", "help": "first day of the shift"},
        "--seed": {"type": int, "default": 7},
        "--months": {"type": int, "default": 12},
    },
    "use-data": {
        "path": {"type": Path, "help": "CSV, Parquet, folder or pattern"},
        "--target": {"required": True, "help": "the column to predict"},
        "--entity": {"help": "whom a row is about (default: inferred)"},
        "--time": {"help": "when a row was true (default: inferred)"},
        "--task": {"choices": ("binary", "multiclass", "regression")},
        "--yes": {"action": "store_true", "help": "accept what was inferred"},
    },
    "validate": SOURCE,
    "train": {"--again": {"action": "store_true", "help": "train even if the run exists"}},
    "gate": BUNDLE,
    "promote": BUNDLE,
    "publish": {"--check": {"action": "store_true", "help": "only check what a release checks"}},
    "rollback": {},
    "score": SOURCE,
    "outcomes": SOURCE,
    "monitor": {},
    "report": {},
    "config": {},
    "serve": {"--host": {}, "--port": {"type": int}},
}

LOOP = {
    "data": "store/data, data.lock",
    "validate": "conf/data.yaml",
    "train": "store/bundles, mlflow.db",
    "gate": "gate.json of the bundle",
    "promote": "deploy/model.json",
    "score": "store/predictions",
    "outcomes": "store/outcomes",
    "monitor": "",
    "report": "reports/index.html",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a verb and return its exit code; bad input is one sentence, never a traceback."""
    logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stderr)
    logging.getLogger("fsspec").setLevel(logging.WARNING)
    asked = _parser().parse_args(argv)
    try:
        call = Call(Workspace.find(asked.project), asked)
        print(asked.verb(call), flush=True)
        return call.exit
    except OpsError as error:
        return _complain(error.message, error.hint, error.exit)
    except ModuleNotFoundError as error:
        return _complain(f"{error.name} is not installed.", "Run `uv sync`.")
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if "libomp" not in str(error) and "libgomp" not in str(error):
            raise
        hint = "Run `brew install libomp` (Linux: install the package libgomp1)."
        return _complain("LightGBM needs OpenMP.", hint)


def _complain(message: str, hint: str, code: Exit = Exit.USAGE) -> int:
    print(f"{PROGRAM}: {message}\n  {hint}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(PROGRAM, epilog=EPILOG, formatter_class=raw)
    parser.add_argument("--project", type=Path, help="project folder (default: found upwards)")
    steps = {"source": None, "bundle": None, "again": False}  # what `run` gives to its steps
    parser.set_defaults(**steps, action=None, drift=None, drift_day=None, seed=7, months=12)
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    for name, options in VERBS.items():
        verb = getattr(Call, name.replace("-", "_"))
        found = verbs.add_parser(name, help=verb.__doc__)
        found.set_defaults(verb=verb)
        for option, given in options.items():
            found.add_argument(option, **given)
    return parser
