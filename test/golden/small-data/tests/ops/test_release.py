"""Bundles, the pointer, and moving them: promote, publish, roll back."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from acme_churn.ops.bundle import (
    Bundle,
    UserCode,
    example_rows,
    read_pointer,
    rows_to_columns,
)
from acme_churn.ops.cli import main
from acme_churn.ops.gate import gate
from acme_churn.ops.release import (
    answers_another,
    check_release,
    live_bundle,
    promote,
    publish,
    rollback,
)
from acme_churn.ops.settings import Exit, OpsError, Workspace
from acme_churn.ops.training import list_runs

from conftest import train_with


def champion(work: Workspace) -> str:
    return str(read_pointer(work)["champion"])


def folder(work: Workspace) -> Path:
    return work.store_path / "bundles" / champion(work)


def promote_new(work: Workspace, **params: float) -> str:
    digest = train_with(work, **params)
    gate(Workspace(work.root), digest)
    promote(work, digest)
    return digest


def commit(work: Workspace) -> None:
    for command in (
        ("init", "-q"),
        ("add", "-A"),
        ("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "all"),
    ):
        subprocess.run(["git", "-C", str(work.root), *command], check=True)


# --- bundles


def test_a_bundle_holds_all_that_a_model_needs(oracle: Workspace) -> None:
    names = {p.relative_to(folder(oracle)).as_posix() for p in folder(oracle).rglob("*.*")}
    assert names == {
        "contract.yaml", "features.py", "gate.json", "golden.json", "manifest.json",
        "model.py", "model/model.json", "promoted.json", "reference.json", "state.json",
    }  # fmt: skip
    manifest = json.loads((folder(oracle) / "manifest.json").read_text())
    assert manifest["split"]["kind"] == "time"
    assert {"data", "contract", "git", "packages", "python", "seed", "metrics"} <= manifest.keys()


@pytest.mark.parametrize(
    "change",
    [
        lambda f: (f / "features.py").write_text("# nothing\n"),
        lambda f: (f / "model" / "model.json").write_text("{}"),
        lambda f: (f / "state.json").unlink(),
        lambda f: (f / "extra.py").write_text("print('hello')\n"),
        lambda f: (f / "manifest.json").write_text((f / "manifest.json").read_text() + " "),
        lambda f: (f / "reference.json").write_bytes((f / "reference.json").read_bytes() + b" "),
    ],
)
def test_a_byte_that_differs_is_found(oracle: Workspace, change: Callable[[Path], Any]) -> None:
    Bundle(folder(oracle), champion(oracle))
    change(folder(oracle))
    with pytest.raises(OpsError, match=champion(oracle)[:12]):
        Bundle(folder(oracle), champion(oracle))
    assert main(["score"]) == Exit.USAGE
    assert main(["publish", "--check"]) == Exit.USAGE


def test_an_old_champion_still_runs_after_features_and_model_changed(oracle: Workspace) -> None:
    before = live_bundle(Workspace(oracle.root))
    (oracle.package_path / "features.py").write_text("raise RuntimeError('new')\n")
    (oracle.package_path / "model.py").write_text("raise RuntimeError('new')\n")
    after = live_bundle(Workspace(oracle.root))
    assert before is not None
    assert after is not None
    after.check_golden()
    assert main(["score"]) == Exit.DONE


def test_one_row_gets_the_same_answer_as_in_a_batch(oracle: Workspace) -> None:
    bundle = live_bundle(Workspace(oracle.root))
    assert bundle is not None
    rows = example_rows(bundle.contract, 40, seed=5)
    together = bundle.predict(rows_to_columns(bundle.contract, rows))
    alone = [bundle.predict(rows_to_columns(bundle.contract, [row]))[0] for row in rows]
    assert together == pytest.approx(alone, abs=1e-12)


def test_the_same_training_gives_the_same_bundle_and_is_looked_up(oracle: Workspace) -> None:
    first = champion(oracle)
    assert train_with(oracle, noise=0.5) == first
    assert len(list_runs(oracle)) == 1
    assert main(["train", "--again"]) == Exit.DONE
    assert len(list_runs(oracle)) == 2
    assert {record["bundle"] for record in list_runs(oracle)} == {first}
    assert train_with(oracle, noise=0.4) != first


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("features.py", "import a_package_that_is_not_there"),
        ("features.py", "from .other import thing"),
        ("model.py", "from . import helpers"),
        ("model.py", "import a_package_that_is_not_there"),
        ("features.py", "def broken(:"),
    ],
)
def test_code_that_could_not_travel_is_refused_with_a_hint(
    oracle: Workspace, name: str, line: str
) -> None:
    path = oracle.package_path / name
    path.write_text(f"{line}\n{path.read_text()}")
    with pytest.raises(OpsError, match=name):
        UserCode(oracle.package_path)


def test_golden_rows_notice_another_answer(
    oracle: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "agree" in check_release(oracle)
    bundle = live_bundle(oracle)
    assert bundle is not None
    monkeypatch.setattr(Bundle, "predict", lambda *_: np.full(16, 0.01))
    with pytest.raises(OpsError, match="Golden rows") as caught:
        check_release(oracle)
    assert caught.value.exit == Exit.REFUSED


def test_a_model_without_an_answer_is_an_error(oracle: Workspace) -> None:
    bundle = live_bundle(Workspace(oracle.root))
    assert bundle is not None
    columns = rows_to_columns(bundle.contract, example_rows(bundle.contract, 3))
    assert np.isfinite(bundle.predict(columns)).all()
    columns["tenure_months"][1] = np.nan
    with pytest.raises(OpsError, match="without a number"):
        bundle.predict(columns)


# --- the pointer


def test_promote_is_idempotent_and_audited(oracle: Workspace) -> None:
    before = oracle.pointer_path.read_bytes()
    assert main(["promote"]) == Exit.DONE
    assert oracle.pointer_path.read_bytes() == before
    entries = [json.loads(p.read_text()) for p in (oracle.store_path / "audit").iterdir()]
    assert [(e["did"], e["champion"]) for e in entries] == [("promote", champion(oracle))]


def test_promotion_needs_evidence_of_this_model_against_this_champion(oracle: Workspace) -> None:
    first = champion(oracle)
    second = train_with(oracle, noise=0.0)
    with pytest.raises(OpsError, match="was not judged yet"):
        promote(oracle, second)
    gate(Workspace(oracle.root), second)
    path = oracle.store_path / "bundles" / second / "gate.json"
    passed = json.loads(path.read_text())
    for changed, problem in (
        ({"verdict": "refused"}, "did not pass"),
        ({"verdict": "inconclusive"}, "did not pass"),
        ({"challenger": first}, "another model"),
        ({"champion": None}, "another champion"),
    ):
        path.write_text(json.dumps({**passed, **changed}))
        with pytest.raises(OpsError, match=problem) as caught:
            promote(oracle, second)
        assert caught.value.exit == Exit.REFUSED
        assert champion(oracle) == first
    path.write_text(json.dumps(passed))
    assert "is champion now" in promote(oracle, second)
    assert champion(oracle) == second


def test_rollback_is_whole_and_audited(oracle: Workspace) -> None:
    first = champion(oracle)
    before = json.loads(oracle.pointer_path.read_text())
    promote_new(oracle, noise=0.0)
    assert "is champion again" in rollback(oracle)
    after = json.loads(oracle.pointer_path.read_text())
    assert champion(oracle) == first
    for key in ("champion", "previous", "anchor", "evidence", "formats"):
        assert after[key] == before[key]
    assert "agree" in check_release(oracle)
    done = sorted((oracle.store_path / "audit").iterdir())
    assert [json.loads(p.read_text())["did"] for p in done] == ["promote", "promote", "rollback"]
    assert main(["rollback"]) == Exit.USAGE  # the first champion has none before it


def test_a_later_gate_does_not_change_what_a_rollback_restores(oracle: Workspace) -> None:
    first, before = champion(oracle), json.loads(oracle.pointer_path.read_text())
    second = promote_new(oracle, noise=0.0)
    assert gate(Workspace(oracle.root), first)["champion"] == second
    (oracle.store_path / "bundles" / second / "gate.json").write_text("{}")
    rollback(oracle)
    assert json.loads(oracle.pointer_path.read_text()) == before
    assert "agree" in check_release(Workspace(oracle.root))


def test_a_rollback_needs_evidence(oracle: Workspace) -> None:
    first = champion(oracle)
    second = promote_new(oracle, noise=0.0)
    before = oracle.store_path / "bundles" / first
    (before / "promoted.json").unlink()
    evidence = (before / "gate.json").read_text()
    (before / "gate.json").unlink()
    with pytest.raises(OpsError, match="not judged yet"):
        rollback(oracle)
    assert champion(oracle) == second
    (before / "gate.json").write_text(evidence)
    rollback(oracle)
    assert champion(oracle) == first


def test_a_rollback_goes_on_to_the_first_champion(oracle: Workspace) -> None:
    first = champion(oracle)
    second, third = (promote_new(oracle, noise=noise) for noise in (0.4, 0.0))
    rollback(oracle)
    pointer = oracle.pointer_path.read_bytes()
    assert "already champion" in promote(oracle, second)
    assert oracle.pointer_path.read_bytes() == pointer
    gate(Workspace(oracle.root), third)
    promote(oracle, third)
    assert (champion(oracle), read_pointer(oracle)["previous"]) == (third, second)
    for before in (second, first):
        rollback(oracle)
        assert champion(oracle) == before
        assert "agree" in check_release(Workspace(oracle.root))
    with pytest.raises(OpsError, match="is the first champion"):
        rollback(oracle)


@pytest.mark.parametrize("verb", ["gate", "promote"])
def test_a_bundle_is_named_by_its_digest_or_the_start_of_it(
    oracle: Workspace, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    (oracle.root / "gate.json").write_text("{}")
    for wrong in ("../..", str(oracle.root), champion(oracle)[:5], "0" * 12, "*" * 64, ""):
        assert main([verb, "--bundle", wrong]) == Exit.USAGE
        assert "names no bundle" in capsys.readouterr().err
    assert (oracle.root / "gate.json").read_text() == "{}"
    assert main([verb, "--bundle", champion(oracle)[:6]]) == Exit.DONE
    assert main([verb, "--bundle", champion(oracle)]) == Exit.DONE
    assert "already champion" in capsys.readouterr().out


def test_the_pointer_names_the_format_of_each_model_that_may_be_loaded(oracle: Workspace) -> None:
    code = oracle.package_path / "model.py"
    code.write_text(code.read_text().replace('FORMAT = "json"', 'FORMAT = "text"'))
    promote_new(oracle, noise=0.0)
    assert read_pointer(oracle)["formats"] == ["json", "text"]


def test_a_pointer_that_names_nothing_is_one_sentence(oracle: Workspace) -> None:
    oracle.pointer_path.write_text("null")
    with pytest.raises(OpsError, match="names no model"):
        read_pointer(oracle)


def test_a_pointer_with_a_conflict_is_one_sentence(
    oracle: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    oracle.pointer_path.write_text("<<<<<<< ours\n{}\n=======\n")
    assert main(["score"]) == Exit.USAGE
    assert "deploy/model.json cannot be read" in capsys.readouterr().err


def test_a_release_checks_the_evidence_in_the_pointer(oracle: Workspace) -> None:
    pointer = json.loads(oracle.pointer_path.read_text())
    changes: tuple[dict[str, Any], ...] = (
        {"evidence": {}},
        {"evidence": {**pointer["evidence"], "verdict": "refused"}},
        {"previous": "0" * 64},
    )
    for changed in changes:
        oracle.pointer_path.write_text(json.dumps({**pointer, **changed}))
        with pytest.raises(OpsError, match="Model"):
            check_release(Workspace(oracle.root))


# --- publish


def share(work: Workspace, place: Path) -> None:
    work.overrides_path.write_text(f"store: {{uri: '{place}'}}\ngate: {{replicates: 300}}\n")


def test_publish_refuses_a_dirty_tree_and_a_folder_without_git(oracle: Workspace) -> None:
    with pytest.raises(OpsError, match="not a git repository"):
        publish(Workspace(oracle.root))
    commit(oracle)
    (oracle.root / "notes.txt").write_text("new")
    with pytest.raises(OpsError, match="not in git"):
        publish(Workspace(oracle.root))
    assert main(["publish"]) == Exit.USAGE


def test_a_local_store_says_how_to_share_it(oracle: Workspace) -> None:
    commit(oracle)
    assert "store.uri" in publish(Workspace(oracle.root))


def test_what_was_published_serves_a_colleague(oracle: Workspace, tmp_path: Path) -> None:
    first, contract = champion(oracle), oracle.contract
    for noise in (0.4, 0.0):
        promote_new(oracle, noise=noise)
    share(oracle, tmp_path / "shared")
    commit(oracle)
    assert "Published" in publish(Workspace(oracle.root))
    colleague = Workspace(tmp_path / "colleague")
    command = ["git", "clone", "-q", str(oracle.root), str(colleague.root)]
    subprocess.run(command, check=True)
    assert not colleague.store_path.exists()
    bundle = live_bundle(Workspace(colleague.root))
    assert bundle is not None
    assert bundle.digest == champion(oracle)
    run = ["--project", str(colleague.root)]
    assert main([*run, "data", "pull"]) == Exit.DONE
    assert main([*run, "score"]) == Exit.DONE
    assert main([*run, "publish", "--check"]) == Exit.DONE
    shutil.rmtree(colleague.store_path / "bundles")
    assert not answers_another(Workspace(colleague.root), contract)
    for _ in range(2):
        assert main([*run, "rollback"]) == Exit.DONE
    assert champion(colleague) == first


def test_a_fetch_that_was_cut_off_is_made_good(oracle: Workspace, tmp_path: Path) -> None:
    share(oracle, tmp_path / "shared")
    commit(oracle)
    publish(Workspace(oracle.root))
    for absent in ("features.py", "manifest.json", "model/model.json", "promoted.json"):
        path = folder(oracle) / absent
        path.rename(path.with_name(f".{path.name}.part"))
        (folder(oracle) / "manifest.json").unlink(missing_ok=True)  # it comes last
        bundle = live_bundle(Workspace(oracle.root))
        assert bundle is not None
        assert path.is_file()
        bundle.check_golden()


def test_a_whole_bundle_is_opened_without_the_shared_place(
    oracle: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share(oracle, tmp_path / "absent")
    monkeypatch.setattr("acme_churn.ops.release.share", lambda *_, **__: pytest.fail("asked"))
    assert live_bundle(Workspace(oracle.root)) is not None


def test_a_colleague_is_told_that_the_run_exists(
    oracle: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    share(oracle, tmp_path / "shared")
    settings = "train: {params: {noise: 0.5}}\n" + oracle.overrides_path.read_text()
    oracle.overrides_path.write_text(settings)
    commit(oracle)
    publish(Workspace(oracle.root))
    for name in ("runs", "bundles"):
        (oracle.store_path / name).rename(tmp_path / name)
    capsys.readouterr()
    assert main(["train"]) == Exit.DONE
    assert "already run by" in capsys.readouterr().out
