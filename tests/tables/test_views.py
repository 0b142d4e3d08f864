"""Views of the tables: a start once whatever its rates, the chosen runs, a factor from one layer to the next, a crossing."""

import numpy as np
import pandas as pd
import pytest

import initbench
from initbench.base.parquet import write_parquet
from initbench.study.cells import CELL, START, Cell, Training
from initbench.tables.grids import of_the_grid, of_whole_grids
from initbench.tables.views import (
    Tables,
    hidden,
    layer_factor,
    lowest_loss_runs,
    mean_squares,
    runs_at_every_rate,
    step_reaching,
)


@pytest.fixture(scope="module")
def tables(tmp_path_factory) -> Tables:
    """Two hidden layers, two seeds, two learning rates."""
    folder = tmp_path_factory.mktemp("tables")
    cell, training = Cell("digits", 16, 2, "tanh", "none", "he_normal"), Training(steps=2, learning_rates=(0.1, 0.3))
    made = initbench.train(cell, [0, 1], training)
    for name, table in made.items():
        write_parquet(table, folder / f"{name}.parquet")
    return Tables({name: str(folder / f"{name}.parquet") for name in made if name != "history"})


def test_a_start_is_seen_once_whatever_its_learning_rates(tables):
    layers = tables.layers_at_start(["weight_norm"])
    assert len(layers) == 2 * 3
    assert not layers.duplicated([*START, "layer"]).any()
    assert hidden(layers)["layer"].tolist() == [1, 2] * 2
    assert len(tables.signal_at_start(["gradient_factor"])) == 2
    assert tables.layers_at_start(["weight_norm"], scheme="zeros").empty


def test_a_cell_has_one_chosen_run_a_seed(tables):
    chosen = tables.chosen_runs
    assert sorted(chosen["seed"]) == [0, 1]
    assert chosen["learning_rate"].nunique() == 1


def tuning_as_well(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of a study, and the same for tuning runs, of which no run scores the cell."""
    tuning = frame.assign(role="tuning", seed=frame["seed"] + 1_000_000)
    if "selected" in frame:
        return pd.concat([frame[frame["selected"]], tuning.assign(selected=False)], ignore_index=True)
    return pd.concat([frame, tuning], ignore_index=True)


def test_scoring_runs_are_the_chosen_ones_and_tuning_runs_those_at_every_rate(tables, as_tables):
    both = as_tables({name: tuning_as_well(tables.read(name)) for name in tables.paths})
    pd.testing.assert_frame_equal(both.chosen_runs, tables.chosen_runs.reset_index(drop=True))
    assert set(both.runs_at_every_rate["role"]) == {"tuning"}
    assert len(both.runs_at_every_rate) == len(tables.runs_at_every_rate) == 4
    pd.testing.assert_frame_equal(both.layers_at_start(["weight_norm"]), tables.layers_at_start(["weight_norm"]))
    every, alone = (t.at_every_step("layers", t.runs_at_every_rate, ["weight_norm"]) for t in (both, tables))
    assert every["weight_norm"].tolist() == alone["weight_norm"].tolist()
    assert set(every["seed"]) == {1_000_000, 1_000_001}


def test_a_cell_that_was_not_tuned_has_its_own_runs_at_every_rate(tables):
    runs = pd.concat([tables.runs.assign(scheme="untrained", status="initial"), tuning_as_well(tables.runs)])
    found = runs_at_every_rate(runs)
    assert found.groupby("scheme")["role"].unique().map(list).to_dict() == {
        "untrained": ["scoring"],
        "he_normal": ["tuning"],
    }


def test_one_run_that_diverges_does_not_cost_a_rate_the_lowest_loss(tables):
    """Three seeds: at 0.3 two learn and one diverges, at 0.1 none learns. Where a run of every rate diverges losses decide too."""
    (row,) = tables.runs.query("seed == 0 and learning_rate == 0.1").to_dict("records")

    def runs(losses):
        made = [
            row | {"learning_rate": rate, "seed": seed, "train_loss": loss, "status": "slow" if loss < np.inf else "diverged"}
            for rate, seeds in losses.items() for seed, loss in enumerate(seeds)
        ]  # fmt: skip
        return pd.DataFrame(made).replace({"train_loss": {np.inf: None}})

    for learns in ([0.1, 0.2, np.inf], [np.inf, 0.2, 0.1]):
        found = lowest_loss_runs(runs({0.1: [2.3, 2.3, 2.3], 0.3: learns, 1.0: [np.inf] * 3}))
        assert found["learning_rate"].tolist() == [0.3] * 3
        assert found["seed"].tolist() == [0, 1, 2]
        found = lowest_loss_runs(runs({0.1: [2.3, 2.3, np.inf], 0.3: learns}))
        assert set(found["learning_rate"]) == {0.3}
    assert set(lowest_loss_runs(runs({0.1: [1.0] * 3, 0.3: [1.0] * 3}))["learning_rate"]) == {0.1}


def test_a_table_that_was_not_asked_for_is_refused_with_those_that_were(tables):
    with pytest.raises(KeyError, match="'history' was not asked for; there are: layers, runs, signal"):
        tables.read("history")


def test_mean_squares_and_factors_are_taken_before_and_after_the_logarithm():
    frame = pd.DataFrame({"layer": [1, 2, 1, 2], "delta": [1.0, 2.0, 3.0, 6.0]})
    squares = mean_squares(frame, "delta", by=["layer"])
    assert squares.tolist() == [5.0, 20.0]
    assert layer_factor(squares) == pytest.approx(4.0)
    assert np.isnan(layer_factor(squares.iloc[:1]))
    assert np.isnan(layer_factor(squares * [1, 0]))


def test_the_step_at_which_a_loss_is_reached_is_linear_in_the_logarithm_of_time():
    steps, losses = [0, 1, 3, 7], [2.0, 1.0, 1.0, 0.0]
    assert step_reaching(steps, losses, 2.0) == 0
    assert step_reaching(steps, losses, 1.5) == pytest.approx(np.sqrt(2) - 1)
    assert step_reaching(steps, losses, 0.5) == pytest.approx(np.sqrt(32) - 1)
    assert step_reaching(steps, losses, -1.0) == np.inf


def grid(**axes) -> pd.DataFrame:
    """A row a cell and seed of a cross product of axes."""
    axes = {key: ["x"] for key in CELL} | axes | {"seed": range(3)}
    return pd.MultiIndex.from_product(axes.values(), names=axes).to_frame(index=False)


def test_networks_of_a_grid_are_shown_and_those_of_another_experiment_are_not():
    whole, wider = (
        grid(width=[64], depth=[1, 3, 10], scheme=list("abc")),
        grid(width=[128], depth=[1, 3], scheme=list("abc")),
    )
    narrow, other = grid(width=[1, 2], depth=[1], scheme=list("ab")), grid(dataset=["y"], width=[8], depth=[1])
    found = of_whole_grids(pd.concat([whole, wider, narrow, other], ignore_index=True))
    pd.testing.assert_frame_equal(found.reset_index(drop=True), pd.concat([whole, wider, other], ignore_index=True))
    assert of_whole_grids(whole[:0]).empty


def test_schemes_tried_in_a_few_blocks_are_not_of_the_grid():
    whole = grid(width=[64], depth=[1, 3, 10, 20], scheme=list("abc"))
    half, few = grid(width=[64], depth=[1, 3], scheme=["h"]), grid(width=[64], depth=[3], scheme=["f"])
    narrow = grid(width=[2], depth=[1], scheme=["f"])
    found = of_the_grid(pd.concat([whole, half, few, narrow], ignore_index=True))
    pd.testing.assert_frame_equal(found.reset_index(drop=True), pd.concat([whole, half], ignore_index=True))
