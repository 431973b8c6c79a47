"""What people write at first, around the model of an emitted repository; for the benchmark only.

`save PROJECT FOLDER` saves the raw model for MLflow and prints requests with their predictions,
`naive PROJECT PORT` serves it with a DataFrame per request, `floor PROJECT PORT` serves nothing.
"""

import json
import sys
from pathlib import Path
from typing import Any

import lightgbm as lgb
import pandas as pd

VERB, PROJECT, LAST = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
CHAMPION = json.loads((PROJECT / "deploy/model.json").read_text())["champion"]
BUNDLE = PROJECT / "store/bundles" / CHAMPION
STATE = json.loads((BUNDLE / "state.json").read_text())
MODEL = lgb.Booster(model_file=BUNDLE / "model/model.txt")


def features(frame: pd.DataFrame) -> pd.DataFrame:
    """The same matrix as features.py makes, in the pandas that a notebook would have."""
    categories = []
    for name, plan in STATE["columns"].items():
        if plan["kind"] == "levels":
            categories.append(name)
            known = frame[name].isin(plan["levels"]) | frame[name].isna()
            frame[name] = frame[name].where(known, "(other)").fillna("(missing)")
    wide = pd.get_dummies(frame, columns=categories, prefix_sep="=")
    return wide.reindex(columns=STATE["names"], fill_value=0).astype("float32")


def save() -> None:
    import mlflow.lightgbm

    mlflow.lightgbm.save_model(MODEL, LAST, pip_requirements=[])
    golden = json.loads((BUNDLE / "golden.json").read_text())
    cases = []
    for row, prediction in zip(golden["rows"], golden["predictions"], strict=True):
        matrix = features(pd.DataFrame([row])).to_numpy().tolist()
        texts = {"row": json.dumps(row), "matrix": json.dumps({"inputs": matrix})}
        cases.append({**texts, "prediction": prediction})
    print(json.dumps(cases))


def serve() -> None:
    import uvicorn
    from fastapi import Body, FastAPI

    app = FastAPI()

    @app.get("/ping")
    async def ping() -> dict[str, str]:
        return {}

    # `async` and no log: the figures are to be those of pandas, not of a thread pool or a log.
    @app.post("/predict")
    async def predict(body: dict[str, Any] = Body()) -> dict[str, float]:  # noqa: B008
        if VERB == "floor":
            return {"prediction": 0.0}
        return {"prediction": float(MODEL.predict(features(pd.DataFrame([body])))[0])}

    uvicorn.run(app, host="127.0.0.1", port=int(LAST), log_level="warning", access_log=False)


save() if VERB == "save" else serve()
