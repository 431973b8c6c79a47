"""The sample: a subscription service whose law of churn is known; labels come a month later."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from .contract import Columns, Floats
from .data import pull_data, push_data, read_lock, write_partitions
from .settings import PROGRAM, OpsError, Workspace

PLANS, PLAN_SHARES = np.array(["basic", "family", "premium"], object), (0.5, 0.2, 0.3)
CHANNELS = np.array(["app", "partner", "shop", "web"], object)
COUNTRIES = np.array(["AT", "CH", "DE", "FR", "IT"], object)
PRICES = np.array([9.0, 19.0, 15.0])
BURN_IN = 72  # months until tenure and survivors have settled


def churn_probability(columns: Columns, shift: float = 0.0) -> Floats:
    """The law of the label: probability, shape (n,), of leaving within four weeks.

    It has thresholds and interactions, which a linear model cannot follow. Missing usage counts
    as 20 hours. `shift` turns the effect of usage around (concept drift).
    """
    usage = np.nan_to_num(columns["usage_hours"], nan=20.0)
    failures, tickets = columns["payment_failures"], columns["support_tickets"]
    price, tenure = columns["monthly_price"], columns["tenure_months"]
    dear = price > 14
    z = -2.7 + 0.9 * (columns["channel"] == "partner")
    z = z + np.where(dear, 2.4, -0.6) * (usage < 12)  # dear and hardly used
    z = z + np.where(dear, 0.0, 2.2) * (usage > 32)  # cheap and outgrown
    z = z + 1.6 * ((failures >= 1) & (tenure < 12)) + 0.4 * failures
    z = z + np.where(columns["auto_renew"] > 0, -0.8, 0.5 + 0.9 * (tickets >= 2))
    z = z + shift * ((usage > 12) & (usage < 32)) - shift * (usage < 12)
    return np.asarray(1 / (1 + np.exp(-z)))


def sample_months(
    seed: int = 7, months: int = 12, customers: int = 8_000, drift: str = "", drift_day: str = ""
) -> Iterator[Columns]:
    """Yield one snapshot of all customers per month, from 2026-01-01 on.

    Who leaves is replaced. Drift starts in the first month from `drift_day` on (default: the newest
    month; concept drift one earlier, so that labels, which the newest lacks, can show it).
    """
    rng, first = np.random.default_rng(seed), np.datetime64("2026-01")
    newest = first + np.timedelta64(months - 1, "M")
    begin = np.datetime64(drift_day or str(newest - int(drift == "concept")), "D")
    people, born = _customers(rng, customers), customers
    for month in first + np.arange(-BURN_IN, months).astype("timedelta64[M]"):
        shifted = drift if month >= begin else ""
        seen = _snapshot(rng, people, month, shifted)
        chance = churn_probability(seen, 2.5 if shifted == "concept" else 0.0)
        left = rng.random(customers) < chance
        if month >= first:
            seen["churned"] = left.astype(np.float64)
            yield _delivered(rng, seen, shifted, late=month == newest)
        people["tenure_months"] += 1
        for name, values in _customers(rng, int(left.sum())).items():
            people[name][left] = values
        people["customer_id"][left] += born
        people["tenure_months"][left] = 1
        born += int(left.sum())


def _customers(rng: np.random.Generator, count: int) -> Columns:
    plan = rng.choice(3, count, p=PLAN_SHARES)
    return {
        "customer_id": np.arange(count),
        "plan": PLANS[plan],
        "channel": CHANNELS[rng.choice(4, count, p=(0.3, 0.15, 0.2, 0.35))],
        "country": COUNTRIES[rng.choice(5, count)],
        "monthly_price": PRICES[plan] * np.where(rng.random(count) < 0.2, 0.8, 1.0),
        "auto_renew": (rng.random(count) < 0.6).astype(np.float64),
        "habit": rng.gamma(5.0, 4.0, count),
        "tenure_months": rng.geometric(0.05, count).astype(np.float64),
    }


def _snapshot(rng: np.random.Generator, people: Columns, month: Any, drift: str) -> Columns:
    seen, count = {name: values.copy() for name, values in people.items()}, len(people["plan"])
    usage = np.maximum(seen.pop("habit") * rng.gamma(16.0, 1 / 16.0, count), 0.1)
    if drift == "covariate":
        usage = np.maximum(usage - 9.0, 0.1)  # about one standard deviation
    return seen | {
        "customer_id": np.array([f"c{number:06d}" for number in people["customer_id"]], object),
        "month": np.full(count, month, dtype="datetime64[s]"),
        "usage_hours": np.where(rng.random(count) < 0.03, np.nan, usage.round(1)),
        "support_tickets": rng.poisson(0.5, count).astype(np.float64),
        "payment_failures": rng.poisson(0.2, count).astype(np.float64),
    }


def _delivered(rng: np.random.Generator, seen: Columns, drift: str, late: bool) -> Columns:
    """Labels come late, and shifts that are not in how customers behave."""
    draws, usage = rng.random(len(seen["month"])), seen["usage_hours"]
    if drift == "prior":  # the same customers among leavers and stayers, other shares
        kept = (seen["churned"] > 0) | (draws < 0.06)
        seen = {name: values[kept] for name, values in seen.items()}
    elif drift == "quality":  # a sensor fails, and a source counts minutes
        seen["usage_hours"] = np.select([draws < 0.3, draws > 0.8], [np.nan, usage * 60], usage)
    elif drift == "schema":
        seen["hours_used"] = seen.pop("usage_hours")
    if late:
        seen["churned"] = np.full(len(seen["churned"]), np.nan)
    return seen


def write_sample(work: Workspace, **how: Any) -> None:
    """Write `sample_months(**how)`, one partition per month, unless you have your own data."""
    if work.contract.source != "sample":
        hint = f"Run `{PROGRAM} run`, or restore the sample's conf/data.yaml from git."
        raise OpsError("conf/data.yaml describes your own data, not the sample.", hint)
    write_partitions(work, ([month] for month in sample_months(**how)))


def data(work: Workspace, action: str | None = None, **how: Any) -> str:
    """Write the sample, or exchange the data of data.lock with the shared store."""
    if action == "push":
        return push_data(work)
    if action == "pull" and not work.lock_path.is_file():
        return "There is no data.lock yet, so there is nothing to pull."
    if action == "pull":
        return f"{len(pull_data(work))} data files of data.lock are in ./store."
    write_sample(work, **how)
    return f"{sum(read_lock(work).values()):,} rows of the sample in store/data."
