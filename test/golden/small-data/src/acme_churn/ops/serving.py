"""`serve`: the live model over HTTP. Only numpy and the model's library are on the request path."""

import uuid
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pydantic_core
from fastapi import Body, FastAPI, HTTPException, Response

from .bundle import BUNDLE, Bundle, read_pointer, scores_of
from .contract import Check, take
from .settings import OpsError, Workspace, log


def load(work: Workspace) -> tuple[Bundle | None, str]:
    """The champion, warmed up, and "ready"; or why there is none."""
    try:
        if not (digest := read_pointer(work)["champion"]):
            return None, "no-model"
        bundle = Bundle(work.store_path / "bundles" / digest, digest)
        bundle.check_golden()  # this is the warm-up as well
        return bundle, "ready"
    except OpsError as error:
        log.warning(error)
        return None, str(error)


def create_app(work: Workspace) -> FastAPI:
    """The application: /livez, /readyz and /predict (one row, or `{"rows": [...]}`)."""
    app, live = FastAPI(title=work.root.name, redoc_url=None), load(work)

    def loaded() -> tuple[Bundle | None, str]:
        """What is live; looked for again until there is a model, never exchanged afterwards."""
        nonlocal live
        live = live if live[0] else load(work)
        return live

    @app.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz")
    async def readyz(response: Response) -> dict[str, str]:
        bundle, status = loaded()
        response.status_code = 200 if bundle else 503
        return {"status": status, "bundle": bundle.digest if bundle else ""}

    @app.post("/predict")
    async def predict(body: Any = Body()) -> dict[str, Any]:  # noqa: B008
        (bundle, status), limit = loaded(), work.settings.serve.max_rows
        if bundle is None:
            raise HTTPException(503, status)
        single = not isinstance(body, dict) or set(body) != {"rows"}
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
        if any(isinstance(row.get(name), dict | list) for row in rows):
            raise HTTPException(422, [{"column": _plain(name), "problem": "a value is nested"}])
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
    return {"predictions": predictions, **about, "notes": [*map(_plain, check.told())]}


def _plain(text: str) -> str:
    """Without half letters (lone surrogates), which no answer can hold."""
    return text.encode(errors="replace").decode()


def serve(work: Workspace, host: str = "", port: int | None = None) -> str:
    """Listen until stopped."""
    import uvicorn

    host, port = host or work.settings.serve.host, port or work.settings.serve.port
    log.info(f"serve: http://{host}:{port} (/livez, /readyz, /predict; try it at /docs)")
    uvicorn.run(create_app(work), host=host, port=port, log_level="warning", access_log=False)
    return "stopped"
