"""Your tests. Nothing here is ever overwritten; change or remove this example."""

import numpy as np

from acme_churn import features


def test_a_category_that_was_never_seen_counts_as_other() -> None:
    columns = {"plan": np.array(["basic", "basic", "family"], dtype=object)}
    state = features.fit_state(columns)
    built = features.build({"plan": np.array(["gold"], dtype=object)}, state)
    assert state["names"][int(built[0].argmax())] == "plan=(other)"
