"""`serve`: the live model over HTTP. Only numpy and the model's library are on the request path."""

from __future__ import annotations

import json
import logging
import os
import uuid
from datetime import UTC, datetime
from typing import Any

import numpy as np
from fastapi import Body, FastAPI, Request, Response
from fastapi.responses import JSONResponse

from .bundle import Bundle, load_bundle, read_pointer
from .contract import Checked, Contract, check_columns, sentence
from .errors import OpsError
from .settings import Project, Settings
from .values import Columns

log = logging.getLogger(__name__)


class Live:
    """The champion in memory, loaded when there is one, and warmed up before it counts as ready."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._bundle: Bundle | None = None
        self.status = "no-model"

    def bundle(self) -> Bundle | None:
        """The champion; looked for again until there is one, never exchanged afterwards."""
        if self._bundle is None:
            try:
                self._bundle = self._load()
            except OpsError as error:
                self.status = str(error)
                log.warning(str(error))
        return self._bundle

    def _load(self) -> Bundle | None:
        pointer = read_pointer(self._project.pointer_path)
        if pointer is None:
            return None
        digest = pointer["champion"]
        bundle = load_bundle(self._project.store_path / "bundles" / digest, digest)
        if not bundle.golden_error() <= 1e-6:  # this is the warm-up as well
            raise OpsError(
                f"Golden rows of {bundle.name} give other scores here.",
                hint="Build the image again from the lock that the model was trained with.",
            )
        self.status = "ready"
        return bundle


class RequestError(Exception):
    """What is wrong with a request, by column; answered with 422."""

    def __init__(self, problems: list[dict[str, str]]) -> None:
        self.problems = problems


def create_app(project: Project, settings: Settings) -> FastAPI:
    """The application: /livez, /readyz and /predict (one row, or `{"rows": [...]}`)."""
    live = Live(project)
    app = FastAPI(title=project.root.name, redoc_url=None)

    @app.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz")
    async def readyz(response: Response) -> dict[str, str]:
        bundle = live.bundle()
        response.status_code = 200 if bundle else 503
        return {"status": live.status, "bundle": bundle.digest if bundle else ""}

    @app.post("/predict")
    async def predict(body: dict[str, Any] = Body()) -> Any:  # noqa: B008
        bundle = live.bundle()
        if bundle is None:
            return JSONResponse({"detail": live.status}, status_code=503)
        single = set(body) != {"rows"}
        return answer(bundle, [body] if single else body["rows"], single, settings.serve.max_rows)

    @app.exception_handler(RequestError)
    async def bad_request(_: Request, error: RequestError) -> JSONResponse:
        return JSONResponse({"detail": error.problems}, status_code=422)

    live.bundle()
    return app


def answer(bundle: Bundle, rows: Any, single: bool, max_rows: int) -> dict[str, Any]:
    """Check rows against the contract, predict, log, and shape the answer."""
    checked = check_columns(bundle.contract, _raw(rows, max_rows), roles=("feature",))
    failed = checked.refused
    if not checked.kept.any():  # nothing is left that could be answered
        failed = [f for f in checked.findings if f.action in ("refuse", "quarantine")]
    if failed:
        raise RequestError([{"column": f.column, "problem": sentence(f)} for f in failed])
    kept = {name: values[checked.kept] for name, values in checked.columns.items()}
    found = iter(_named(bundle.contract, bundle.predict(kept)))
    scores = [next(found) if keep else None for keep in checked.kept]
    request = uuid.uuid4().hex
    print(json.dumps(log_line(bundle, request, checked, scores)), flush=True)
    notes = [sentence(finding) for finding in checked.findings]
    about = {"id": request, "bundle": bundle.digest, "notes": notes}
    return {"prediction": scores[0], **about} if single else {"predictions": scores, **about}


def _raw(rows: Any, max_rows: int) -> Columns:
    if not isinstance(rows, list) or not 0 < len(rows) <= max_rows:
        raise RequestError([{"column": "", "problem": f"send 1 to {max_rows} rows"}])
    names: dict[str, None] = {}
    for row in rows:
        if not isinstance(row, dict):
            raise RequestError([{"column": "", "problem": "every row must be an object"}])
        for name, value in row.items():
            if isinstance(value, dict | list):
                raise RequestError([{"column": name, "problem": "the value must not be nested"}])
            names[name] = None
    found = {}
    for name in names:
        found[name] = np.empty(len(rows), dtype=object)
        found[name][:] = [row.get(name) for row in rows]
    return found or {"": np.empty(len(rows), dtype=object)}


def _named(contract: Contract, scores: np.ndarray[Any, Any]) -> list[Any]:
    if scores.ndim == 1:
        return list(scores.tolist())
    return [dict(zip(contract.classes, row, strict=True)) for row in scores.tolist()]


def log_line(bundle: Bundle, request: str, checked: Checked, scores: list[Any]) -> dict[str, Any]:
    """The log of one request: what was asked and answered, without sensitive columns."""
    contract = bundle.contract
    shown = [c.name for c in contract.columns if c.sensitive is not True and c.role != "target"]
    entity = contract.entity in shown and contract.entity in checked.columns
    return {
        "log": "prediction",
        "time": datetime.now(UTC).isoformat(),
        "id": request,
        "bundle": bundle.digest,
        "entity": _plain(checked.columns[contract.entity or ""]) if entity else None,
        "inputs": {n: _plain(v) for n, v in checked.columns.items() if n in shown},
        "predictions": scores,
    }


def _plain(values: np.ndarray[Any, Any]) -> list[Any]:
    if values.dtype.kind == "M":
        return [None if np.isnat(v) else str(v) for v in values]
    return [None if v is None or v != v else v for v in values.tolist()]


def serve(project: Project, settings: Settings, host: str | None, port: int | None) -> None:
    """Listen until stopped. $PORT, which platforms set, comes before the setting."""
    import uvicorn

    app = create_app(project, settings)
    host = host or settings.serve.host
    port = port or int(os.environ.get("PORT", settings.serve.port))
    log.info(f"serve: http://{host}:{port} (/livez, /readyz, /predict; try it at /docs)")
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)
