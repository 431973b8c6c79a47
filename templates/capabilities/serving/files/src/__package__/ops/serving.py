"""`serve`: the live model over HTTP. Only numpy and the model's library are on the request path."""

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
from .contract import Checked, Columns, check_columns, sentence
from .settings import OpsError
from .workspace import Workspace

log = logging.getLogger(__name__)


class Live:
    """The champion in memory, loaded when there is one, and warmed up before it counts as ready."""

    def __init__(self, work: Workspace) -> None:
        self._project, self.status = work, "no-model"
        self._bundle: Bundle | None = None

    def bundle(self) -> Bundle | None:
        """The champion; looked for again until there is one, never exchanged afterwards."""
        try:
            self._bundle = self._bundle or self._load()
        except OpsError as error:
            self.status = str(error)
            log.warning(self.status)
        return self._bundle

    def _load(self) -> Bundle | None:
        digest = read_pointer(self._project.pointer_path).get("champion")
        if digest is None:
            return None
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

    def __init__(self, *problems: tuple[str, str]) -> None:
        self.detail = [{"column": column, "problem": problem} for column, problem in problems]


def create_app(work: Workspace) -> FastAPI:
    """The application: /livez, /readyz and /predict (one row, or `{"rows": [...]}`)."""
    live = Live(work)
    app = FastAPI(title=work.root.name, redoc_url=None)

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
        return answer(
            bundle, [body] if single else body["rows"], single, work.settings.serve.max_rows
        )

    @app.exception_handler(RequestError)
    async def bad_request(_: Request, error: RequestError) -> JSONResponse:
        return JSONResponse({"detail": error.detail}, status_code=422)

    live.bundle()
    return app


def answer(bundle: Bundle, rows: Any, single: bool, max_rows: int) -> dict[str, Any]:
    """Check rows against the contract, predict, log, and shape the answer."""
    checked = check_columns(bundle.contract, _raw(rows, max_rows), roles=("feature",))
    failed = checked.refused
    if not checked.kept.any():  # nothing is left that could be answered
        failed = [f for f in checked.findings if f.action in ("refuse", "quarantine")]
    if failed:
        raise RequestError(*((finding.column, sentence(finding)) for finding in failed))
    kept = {name: values[checked.kept] for name, values in checked.columns.items()}
    found = bundle.predict(kept).tolist()
    if bundle.contract.task == "multiclass":
        found = [dict(zip(bundle.contract.classes, row, strict=True)) for row in found]
    answers = iter(found)
    scores = [next(answers) if keep else None for keep in checked.kept]
    about: dict[str, Any] = {"id": uuid.uuid4().hex, "bundle": bundle.digest}
    print(json.dumps({**_log_line(bundle, checked), **about, "predictions": scores}), flush=True)
    about |= {"notes": [sentence(finding) for finding in checked.findings]}
    return {"prediction": scores[0], **about} if single else {"predictions": scores, **about}


def _raw(rows: Any, max_rows: int) -> Columns:
    if not isinstance(rows, list) or not 0 < len(rows) <= max_rows:
        raise RequestError(("", f"send 1 to {max_rows} rows"))
    if not all(isinstance(row, dict) for row in rows):
        raise RequestError(("", "every row must be an object"))
    names = {name: None for row in rows for name in row} or {"": None}
    found = {}
    for name in names:
        values = [row.get(name) for row in rows]
        if any(isinstance(value, dict | list) for value in values):
            raise RequestError((name, "the value must not be nested"))
        found[name] = np.array(values, dtype=object)
    return found


def _log_line(bundle: Bundle, checked: Checked) -> dict[str, Any]:
    """What was asked, without sensitive columns; `entity` is whom it was about."""
    contract = bundle.contract
    hidden = {c.name for c in contract.columns if c.sensitive is True or c.role == "target"}
    inputs = {n: _plain(v) for n, v in checked.columns.items() if n not in hidden}
    now, entity = datetime.now(UTC).isoformat(), inputs.get(contract.entity or "")
    return {"log": "prediction", "time": now, "entity": entity, "inputs": inputs}


def _plain(values: np.ndarray[Any, Any]) -> list[Any]:
    if values.dtype.kind == "M":
        return [None if np.isnat(value) else str(value) for value in values]
    return [None if value != value else value for value in values.tolist()]


def serve(work: Workspace, host: str | None, port: int | None) -> None:
    """Listen until stopped. $PORT, which platforms set, comes before the setting."""
    import uvicorn

    app = create_app(work)
    host = host or work.settings.serve.host
    port = port or int(os.environ.get("PORT", work.settings.serve.port))
    log.info(f"serve: http://{host}:{port} (/livez, /readyz, /predict; try it at /docs)")
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)
