# %% [markdown]
# # Explore
# Open this file in an editor that knows `# %%` cells, or run it with `uv run python`.
# It is yours; nothing depends on it. What proves useful belongs in `src/*/features.py`.

# %%
import numpy as np

from acme_churn import features
from acme_churn.ops.data import load_rows
from acme_churn.ops.settings import Workspace

work = Workspace.find()
contract = work.contract
rows = load_rows(work)
labelled = np.isfinite(rows[contract.target])
target = rows[contract.target][labelled]
print(f"{len(labelled):,} rows, {labelled.sum():,} with a label")
print(f"mean of the target: {target.mean():.3f}")

# %% How the target differs by the level of a category, or by the quarter of a number
for column in contract.features:
    values = rows[column.name][labelled]
    if values.dtype == object:
        groups = {level: values == level for level in sorted({v for v in values if v is not None})}
    elif values.dtype.kind == "f":
        cuts = np.unique(np.nanquantile(values, (0, 0.25, 0.5, 0.75)))
        place = np.searchsorted(cuts, values, side="right")
        groups = {f"from {cut:.4g}": place == i + 1 for i, cut in enumerate(cuts)}
    else:
        continue
    parts = [f"{name}: {target[rows].mean():.3f}" for name, rows in list(groups.items())[:8]]
    print(f"{column.name:<20} {'  '.join(parts)}")

# %% What the model sees
columns = {column.name: rows[column.name] for column in contract.features}
state = features.fit_state(columns)
matrix = features.build(columns, state)
print(matrix.shape, state["names"])
