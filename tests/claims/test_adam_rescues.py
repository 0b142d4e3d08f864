"""Whether Adam trains what SGD cannot is judged start by start, on networks that both have trained."""

import numpy as np
import pandas as pd
import pytest
from test_further_claims import made_up

from initbench.claims import CLAIMS
from initbench.claims.verdicts import verdict_of

RESCUES, ROBUST = (CLAIMS[name].function for name in ("adam-rescues", "adam-robust"))
STALLED = {"zeros": "stalled", "gaussian(8)": "diverged"}  # by SGD


def by_both(by_adam):
    """Runs and starts by SGD, of which two learn nothing, and by Adam with other statuses."""
    sgd = made_up(status=STALLED, accuracy=dict.fromkeys(STALLED, 0.1))
    adam = made_up(status=by_adam or "trained")
    frames = {name: [sgd[name], adam[name].assign(optimizer="adam")] for name in ("runs", "signal")}
    both = {name: pd.concat(parts, ignore_index=True) for name, parts in frames.items()}
    return both | {"signal": both["signal"].assign(gradient_factor=2.0, gradient_ratio=64.0)}


@pytest.mark.parametrize(
    ("by_adam", "verdict"),
    [({}, "supported"), (STALLED, "refuted"), ({"zeros": "stalled"}, "supported only when")],
)
def test_the_verdict_is_on_starts_that_sgd_does_not_train(as_tables, by_adam, verdict):
    found = RESCUES(as_tables(by_both(by_adam)))
    assert {cell.cell["scheme"] for cell in found} == set(STALLED)
    assert "optimizer" not in found[0].cell
    assert {cell.cell["gradient_ratio"] for cell in found} == {64.0}, "of the start, which both optimisers have"
    assert verdict_of(found).name == verdict


def test_a_run_in_ten_may_fail_and_not_more(as_tables):
    frames = by_both({})
    adam = frames["runs"]["optimizer"].eq("adam") & frames["runs"]["scheme"].eq("zeros")
    frames["runs"].loc[adam & frames["runs"]["seed"].eq(0), "status"] = "stalled"  # one of six
    assert [cell.holds for cell in RESCUES(as_tables(frames)) if cell.cell["scheme"] == "zeros"] == [False]


def test_networks_that_one_optimiser_alone_has_trained_are_no_cells(as_tables):
    frames = by_both({})
    for name in ("sgd", "adam"):
        alone = {table: frame[frame["optimizer"] == name] for table, frame in frames.items()}
        assert RESCUES(as_tables(alone)) == []
        assert ROBUST(as_tables(alone)) == []


def test_the_gain_is_paired_by_seed_and_has_an_interval(as_tables):
    frames = by_both({})
    frames["runs"]["test_accuracy"] += 0.01 * frames["runs"]["seed"] * frames["runs"]["optimizer"].eq("adam")
    (cell,) = [cell for cell in RESCUES(as_tables(frames)) if cell.cell["scheme"] == "zeros"]
    gain = next(quantity for quantity in cell.measured if quantity.name == "gain_with_adam")
    assert cell.number == gain.value == pytest.approx(0.8 + 0.025)
    assert 0.8 < gain.low < gain.value < gain.high < 0.86


@pytest.mark.parametrize(("spread_by", "verdict"), [("sgd", "supported"), ("adam", "refuted")])
def test_the_start_matters_less_where_its_variance_is_smaller(as_tables, spread_by, verdict):
    """Random starts a tenth apart by one optimiser and alike by the other; equal ones by both are no cell."""
    runs = by_both({})["runs"]
    runs = runs[runs["normalization"] == "none"].assign(status="trained")
    by_start = {name: 0.1 * place for place, name in enumerate(sorted(runs["scheme"].unique()))}
    less = runs["scheme"].map(by_start) * runs["optimizer"].eq(spread_by)
    rng = np.random.default_rng(0)
    noise = 0.002 * rng.normal(size=len(runs))
    found = ROBUST(as_tables({"runs": runs.assign(test_accuracy=0.9 + noise - 0.5 * less)}))
    assert verdict_of(found).name == verdict
    assert "optimizer" not in found[0].cell
    assert ROBUST(as_tables({"runs": runs.assign(test_accuracy=0.9 + noise)})) == []
