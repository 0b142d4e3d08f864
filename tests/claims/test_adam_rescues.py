"""Whether Adam trains what SGD cannot is judged start by start, on networks that both have trained."""

import pandas as pd
import pytest
from test_further_claims import made_up

from initbench.claims import CLAIMS
from initbench.claims.verdicts import verdict_of

RESCUES = CLAIMS["adam-rescues"].function
STALLED = {"zeros": "stalled", "gaussian(8)": "diverged"}  # by SGD


def by_both(by_adam):
    """Runs by SGD, of which two starts learn nothing, and by Adam with other statuses."""
    sgd = made_up(status=STALLED, accuracy=dict.fromkeys(STALLED, 0.1))["runs"]
    adam = made_up(status=by_adam or "trained")["runs"].assign(optimizer="adam")
    return {"runs": pd.concat([sgd, adam], ignore_index=True)}


@pytest.mark.parametrize(
    ("by_adam", "verdict"),
    [({}, "supported"), (STALLED, "refuted"), ({"zeros": "stalled"}, "supported only when")],
)
def test_the_verdict_is_on_starts_that_sgd_does_not_train(as_tables, by_adam, verdict):
    found = RESCUES(as_tables(by_both(by_adam)))
    assert {cell.cell["scheme"] for cell in found} == set(STALLED)
    assert "optimizer" not in found[0].cell
    assert verdict_of(found).name == verdict


def test_a_run_in_ten_may_fail_and_not_more(as_tables):
    frames = by_both({})
    adam = frames["runs"]["optimizer"].eq("adam") & frames["runs"]["scheme"].eq("zeros")
    frames["runs"].loc[adam & frames["runs"]["seed"].eq(0), "status"] = "stalled"  # one of six
    assert [cell.holds for cell in RESCUES(as_tables(frames)) if cell.cell["scheme"] == "zeros"] == [False]


def test_networks_that_one_optimiser_alone_has_trained_are_no_cells(as_tables):
    frames = by_both({})
    assert RESCUES(as_tables({"runs": frames["runs"][frames["runs"]["optimizer"] == "sgd"]})) == []
    assert RESCUES(as_tables({"runs": frames["runs"][frames["runs"]["optimizer"] == "adam"]})) == []
