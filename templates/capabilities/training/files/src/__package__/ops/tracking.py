"""The local log of runs: MLflow on one SQLite file. The bundle, not MLflow, is the truth."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

from .settings import Project

log = logging.getLogger(__name__)


def log_run(project: Project, record: dict[str, Any], bundle: Path) -> None:
    """Log parameters, metrics and the model card of a run; look with `mlflow ui`.

    MLflow is imported here, because that takes longer than most commands. No model is unpickled.
    """
    os.environ.setdefault("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    import mlflow

    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("mlflow").setLevel(logging.WARNING)
    mlflow.set_tracking_uri(f"sqlite:///{project.root / 'mlflow.db'}")
    if mlflow.get_experiment_by_name(project.package_path.name) is None:
        place = (project.store_path / "mlflow").as_uri()
        mlflow.create_experiment(project.package_path.name, artifact_location=place)
    mlflow.set_experiment(project.package_path.name)
    with mlflow.start_run(run_name=record["id"]):
        mlflow.log_params({"seed": record["seed"], **record["params"]})
        mlflow.set_tags({"bundle": record["bundle"], "data": record["data"], "by": record["by"]})
        for model, metrics in record["metrics"].items():
            mlflow.log_metrics({f"{model}_{name}": value for name, value in metrics.items()})
        mlflow.log_artifact(str(bundle / "card.md"))
