"""`serve`: the live model over HTTP. Only numpy and the model's library are on the request path."""

import logging
import re
import uuid
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pydantic_core
from fastapi import Body, FastAPI, HTTPException, Response

from .bundle import BUNDLE, Bundle, read_pointer, scores_of
from .contract import Check, take
from .settings import OpsError, Workspace

HALF_LETTER = re.compile("[\ud800-\udfff]")  # it could not be written into an answer
log = logging.getLogger(__name__)


class Live:
    """The champion in memory, loaded when there is one, and warmed up before it counts as ready."""

    def __init__(self, work: Workspace) -> None:
        self._work, self.status = work, "no-model"
        self._bundle: Bundle | None = None

    def bundle(self) -> Bundle | None:
        """The champion; looked for again until there is one, never exchanged afterwards."""
        try:
            if self._bundle is None and (digest := read_pointer(self._work)["champion"]):
                bundle = Bundle(self._work.store_path / "bundles" / digest, digest)
                bundle.check_golden()  # this is the warm-up as well
                self._bundle, self.status = bundle, "ready"
        except OpsError as error:
            self.status = str(error)
            log.warning(self.status)
        return self._bundle


def create_app(work: Workspace) -> FastAPI:
    """The application: /livez, /readyz and /predict (one row, or `{"rows": [...]}`)."""
    app, live = FastAPI(title=work.root.name, redoc_url=None), Live(work)
    live.bundle()

    @app.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz")
    async def readyz(response: Response) -> dict[str, str]:
        bundle = live.bundle()
        response.status_code = 200 if bundle else 503
        return {"status": live.status, "bundle": bundle.digest if bundle else ""}

    @app.post("/predict")
    async def predict(body: dict[str, Any] = Body()) -> dict[str, Any]:  # noqa: B008
        bundle, single, limit = live.bundle(), set(body) != {"rows"}, work.settings.serve.max_rows
        if bundle is None:
            raise HTTPException(503, live.status)
        rows = [body] if single else body["rows"]
        known = isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
        if not known or not 0 < len(rows) <= limit:
            problem = f"send 1 to {limit} rows, each of them an object"
            raise HTTPException(422, [{"column": "", "problem": problem}])
        found = answer(bundle, rows)
        return {"prediction": found.pop("predictions")[0], **found} if single else found

    return app


def answer(bundle: Bundle, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Check rows against the contract, predict and log; a row in quarantine gets no prediction."""
    contract, names = bundle.contract, {name: None for row in rows for name in row}
    for name in names:
        if problem := _unusable([name, *(row.get(name) for row in rows)]):
            column = name.encode(errors="replace").decode()
            raise HTTPException(422, [{"column": column, "problem": problem}])
    raw = {name: np.array([row.get(name) for row in rows], dtype=object) for name in names}
    check = Check(contract, ("feature",))
    columns, kept = check(raw)
    bad = ("refuse",) if kept.any() else ("refuse", "quarantine")
    failed = [{"column": n, "problem": said} for n, said, action in check.found if action in bad]
    if failed:
        raise HTTPException(422, failed)
    scored = bundle.scored(take(columns, kept))
    scores = scores_of(scored).tolist()
    if contract.task == "multiclass":
        scores = [dict(zip(contract.classes, row, strict=True)) for row in scores]
    about = {"id": uuid.uuid4().hex, "bundle": bundle.digest}
    logged = {name: values.tolist() for name, values in scored.items() if name != BUNDLE}
    line = {"log": "prediction", "time": datetime.now(UTC), **about, "rows": logged}
    print(pydantic_core.to_json(line, inf_nan_mode="null").decode(), flush=True)
    left = iter(scores)
    predictions = [next(left) if keep else None for keep in kept]
    return {"predictions": predictions, **about, "notes": check.told()}


def _unusable(values: list[Any]) -> str:
    """Why values cannot be looked at; empty if they can."""
    if any(isinstance(value, dict | list) for value in values):
        return "a value must not be nested"
    half = any(isinstance(value, str) and HALF_LETTER.search(value) for value in values)
    return "a text must be valid Unicode" if half else ""


def serve(work: Workspace, host: str | None, port: int | None) -> str:
    """Listen until stopped."""
    import uvicorn

    host, port = host or work.settings.serve.host, port or work.settings.serve.port
    log.info(f"serve: http://{host}:{port} (/livez, /readyz, /predict; try it at /docs)")
    uvicorn.run(create_app(work), host=host, port=port, log_level="warning", access_log=False)
    return "stopped"
