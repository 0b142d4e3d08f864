"""The ways of a layer's units: copies go one way to the last bit, others part, and the plane is that of the principal directions."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_up_studies import study, written

from initbench.analyses import ANALYSES, Settings
from initbench.analyses.making import Sources, compute
from initbench.analyses.unit_paths import FRAMES, in_one_plane, shown_starts
from initbench.datasets.loading import prepare
from initbench.datasets.splits import write_splits
from initbench.study.cells import Training
from initbench.tables.views import Tables

TRAINING = Training(steps=30, learning_rates=(0.1,), batch_size=32)
STARTS = ("zeros", "constant(0.1)", "constant(1)", "small_normal", "xavier_tanh", "he_normal")


def runs_of(schemes=STARTS, activations=("tanh", "sigmoid"), rate=0.1, **keys):
    keys = {"dataset": "wine", "width": 6} | keys
    return study(schemes=schemes, seeds=2, depths=(1, 2), activations=activations, rates=(rate,), **keys)


@pytest.fixture(scope="module")
def wine(tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "wine" / "seeds-0-1.npz"
    path.parent.mkdir()
    write_splits(prepare("wine", range(2), 0), path)
    return str(path)


@pytest.fixture
def paths(wine, tmp_path):
    """The table for some runs."""

    def paths(runs, training=TRAINING):
        tables = Tables({"runs": written(runs, tmp_path)}, (wine,))
        return compute("unit_paths", tables, Settings(training=training)).to_pandas()

    return paths


def test_copies_stay_one_dot_to_the_last_bit_at_every_step_and_drawn_units_stay_apart(paths):
    found = paths(runs_of())
    assert list(dict.fromkeys(found["scheme"])) == ["zeros", "constant(0.1)", "small_normal", "xavier_tanh"]
    assert set(found["activation"]) == {"sigmoid"}  # φ(0) ≠ 0: zeros move
    for (scheme, _), units in found.groupby(["scheme", "step"]):
        places = len(units[["x", "y"]].drop_duplicates())
        assert places == units["distinct_units"].iloc[0] == (1 if scheme in ("zeros", "constant(0.1)") else 6)
    ends = found[(found["scheme"] == "zeros") & (found["unit"] == 0)].set_index("step")["x"]
    assert ends.iloc[0] == 0
    assert abs(ends.iloc[-1]) > 0


def test_twelve_steps_from_the_start_to_the_last_are_shown(paths):
    steps = sorted(paths(runs_of(), replace(TRAINING, steps=400))["step"].unique())
    assert len(steps) == FRAMES
    assert steps[:3] == [0, 1, 2]
    assert steps[-1] == 400


def test_the_same_study_has_the_same_paths(paths):
    assert paths(runs_of()).equals(paths(runs_of()))


@pytest.mark.parametrize(
    "runs",
    [
        runs_of(schemes=("xavier_tanh", "he_normal")),
        runs_of(schemes=("zeros",)),
        runs_of().iloc[:0],
        runs_of().assign(status="initial", learning_rate=np.nan, selected=False),
    ],
    ids=["no copies", "no random start", "no runs", "nothing trained"],
)
def test_a_study_without_both_kinds_of_start_has_no_paths(paths, runs):
    found = paths(runs)
    assert found.empty
    assert list(found.columns) == [column.name for column in ANALYSES["unit_paths"].columns]


def test_of_a_run_that_diverges_the_start_is_shown(paths):
    found = paths(runs_of(activations=("relu",), rate=1e30))
    assert set(found.loc[found["scheme"] == "xavier_tanh", "step"]) == {0}
    assert np.isfinite(found[["x", "y"]]).all(axis=None)


def test_starts_whose_squares_are_no_numbers_are_not_shown(paths):
    found = paths(runs_of(schemes=("zeros", "constant(1e300)", "xavier_tanh"), activations=("relu",)))
    assert set(found["scheme"]) == {"zeros", "xavier_tanh"}
    assert np.isfinite(found[["x", "y"]]).all(axis=None)


def test_the_block_with_most_starts_is_shown_then_the_shallowest():
    runs = runs_of()
    few = runs[(runs["depth"] == 2) | runs["scheme"].isin(("zeros", "he_normal"))]
    cells = [cell for cell, _ in shown_starts(runs).values()]
    assert {(cell.depth, cell.activation) for cell in cells} == {(1, "sigmoid")}
    assert {cell.depth for cell, _ in shown_starts(few).values()} == {2}


def test_the_plane_is_that_of_the_two_principal_directions_from_each_starts_mean():
    rng = np.random.default_rng(0)
    first = rng.standard_normal((5, 4)) * [3, 1, 0.2, 0.1]
    path, other = [first, first + rng.standard_normal((5, 4))], [rng.standard_normal((7, 4))]
    places, share = in_one_plane([*path, *other], [2, 1])
    rows = np.concatenate([*(each - first.mean(axis=0) for each in path), other[0] - other[0].mean(axis=0)])
    values, vectors = np.linalg.eigh(rows.T @ rows)
    assert share == pytest.approx(values[-2:].sum() / values.sum())
    for k, vector in enumerate((vectors[:, -1], vectors[:, -2])):
        expected = rows @ (vector * np.sign(vector[np.abs(vector).argmax()]))
        np.testing.assert_allclose(np.concatenate(places)[:, k], expected, atol=1e-12)


def test_equal_units_have_equal_places_whatever_stands_beside_them():
    rng = np.random.default_rng(1)
    weights = rng.standard_normal((64, 33)).astype(np.float32).astype(float)
    weights[[3, 17, 63]] = weights[0]
    places, _ = in_one_plane([weights], [1])
    assert (places[0][[3, 17, 63]] == places[0][0]).all()
    assert len(np.unique(places[0], axis=0)) == 61


def test_one_feature_has_one_direction_and_units_that_do_not_differ_none():
    places, share = in_one_plane([np.array([[1.0], [3.0]])], [1])
    np.testing.assert_allclose(places[0], [[-1, 0], [1, 0]])
    assert share == 1
    still, share = in_one_plane([np.ones((3, 2))], [1])
    assert (still[0] == 0).all()
    assert np.isnan(share)


def test_each_data_set_has_paths_of_its_own_as_if_it_were_alone(paths, wine, tmp_path):
    (tmp_path / "spirals").mkdir()
    write_splits(prepare("spirals", range(2), 0), tmp_path / "spirals/seeds-0-1.npz")
    runs = pd.concat([runs_of(dataset="spirals"), runs_of()])
    files = (str(tmp_path / "spirals/seeds-0-1.npz"), wine, wine)
    tables = Sources({"runs": written(runs, tmp_path)}, files).of(ANALYSES["unit_paths"])
    assert tables.splits == files[:2]
    found = compute("unit_paths", tables, Settings(training=TRAINING)).to_pandas()
    assert list(dict.fromkeys(found["dataset"])) == ["spirals", "wine"]
    pd.testing.assert_frame_equal(found[found["dataset"] == "wine"].reset_index(drop=True), paths(runs_of()))
