"""Facts of the field and of the contracts, on real training."""

import dataclasses

import numpy as np
import pytest

from initbench.datasets.loading import prepare
from initbench.engine.ensemble import Ensemble
from initbench.engine.recording import run
from initbench.engine.schedule import batch_order, recorded_steps, seed_groups
from initbench.engine.start import draw_parameters
from initbench.engine.training import Start, train_shard, train_starts
from initbench.network.layer import grouped
from initbench.optimizers import build
from initbench.probes.batch import ProbeBatch
from initbench.study.cells import Cell, Training

SHORT = Training(steps=12, learning_rates=(0.03, 0.3), records=4)


def final_parameters(cell, training, splits, seed=0):
    data = splits.of(seed)
    probe = ProbeBatch.of([data], [seed], training.study_seed)
    network = cell.build(splits.features.shape[1], len(splits.classes))
    start = draw_parameters(cell, network, seed, training, probe.inputs[0])[None]
    rates = np.array([training.learning_rates])
    groups = seed_groups([data], [seed], training, rates.size)
    optimizer = build(cell.optimizer, vars(training))
    ensemble = Ensemble(network, optimizer, start, rates, groups[0].batches.shape[1], training.dtype)
    run(ensemble, groups, training)
    return grouped(ensemble.parameters, network)


def same(a, b):
    assert a.keys() == b.keys()
    for name in a:
        np.testing.assert_array_equal(a[name], b[name], err_msg=name)


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
def test_results_do_not_depend_on_the_seeds_trained_beside(digits, normalization):
    cell = Cell("digits", 64, 2, "relu", normalization, "he_normal")
    together = train_shard(cell, [0, 1, 2], SHORT, digits)
    alone = train_shard(cell, [1], SHORT, digits)
    for part in ("history", "signal", "layers", "final"):
        same({k: v[2:4] for k, v in getattr(together, part).items()}, getattr(alone, part))


@pytest.mark.parametrize("steps", [0, 12])
@pytest.mark.parametrize("normalization", ["none", "batch"])
def test_results_do_not_depend_on_the_cells_trained_beside(digits, normalization, steps):
    training = dataclasses.replace(SHORT, steps=steps)
    cells = [Cell("digits", 16, 2, "tanh", normalization, scheme) for scheme in ("he_normal", "zeros", "constant(0.1)")]
    rates = training.learning_rates if steps else ()
    starts = [Start(cell, seed, rates) for cell in cells for seed in (0, 2)]
    for cell, beside in train_starts(starts, training, digits).items():
        alone = train_shard(cell, [0, 2], training, digits)
        assert alone.runs == beside.runs
        for part in ("history", "signal", "layers", "final"):
            same(getattr(beside, part), getattr(alone, part))


def test_cells_of_other_shapes_are_not_trained_together(digits):
    cells = [Cell("digits", 16, depth, "tanh", "none", "he_normal") for depth in (1, 2)]
    with pytest.raises(ValueError, match="schemes only"):
        train_starts([Start(cell, 0, (0.1,)) for cell in cells], SHORT, digits)


def test_starts_trained_together_have_equally_many_learning_rates_of_their_own(digits):
    cells = [Cell("digits", 16, 2, "tanh", "none", scheme) for scheme in ("he_normal", "zeros")]
    with pytest.raises(ValueError, match="equally many learning rates"):
        train_starts([Start(cells[0], 0, (0.1,)), Start(cells[1], 0, (0.1, 0.2))], SHORT, digits)
    starts = [Start(cells[0], 1, (0.3,)), Start(cells[1], 0, (0.1,)), Start(cells[0], 0, (0.03,))]
    found = train_starts(starts, SHORT, digits)
    assert found[cells[0]].runs == [(0, 0.03), (1, 0.3)]
    for cell, seed, rate, row in ((cells[0], 1, 0.3, 1), (cells[0], 0, 0.03, 0), (cells[1], 0, 0.1, 0)):
        alone = train_shard(cell, [seed], dataclasses.replace(SHORT, learning_rates=(rate,)), digits)
        for part in ("history", "signal", "layers", "final"):
            same(
                {name: values[row : row + 1] for name, values in getattr(found[cell], part).items()},
                getattr(alone, part),
            )


def test_results_do_not_depend_on_the_other_learning_rates(digits):
    cell = Cell("digits", 48, 2, "tanh", "batch", "xavier_tanh")
    both = train_shard(cell, [0], SHORT, digits)
    one = train_shard(cell, [0], dataclasses.replace(SHORT, learning_rates=(0.3,)), digits)
    same({k: v[1:] for k, v in both.layers.items()}, one.layers)
    same({k: v[1:] for k, v in both.final.items()}, one.final)


@pytest.mark.parametrize("activation", ["tanh", "relu", "linear", "elu", "gelu"])
def test_zeros_stay_zeros_for_ever_where_phi_of_zero_is_zero(digits, activation):
    training = Training(steps=20, learning_rates=(0.1,), dtype="float64", batch_size=0)
    *hidden, (output, bias) = final_parameters(Cell("digits", 16, 2, activation, "none", "zeros"), training, digits)
    assert not any(p.any() for layer in hidden for p in layer)
    assert not output.any()
    assert bias.any()


def test_zero_sigmoid_columns_stay_identical_while_output_columns_differ(digits):
    training = Training(steps=20, learning_rates=(0.1,), dtype="float64", batch_size=0)
    parameters = final_parameters(Cell("digits", 16, 2, "sigmoid", "none", "zeros"), training, digits)
    (first, _), _, (output, _) = parameters
    assert first.any()
    assert np.ptp(first, axis=2).max() <= 1e-12 * np.abs(first).max()
    assert np.ptp(output, axis=1).max() <= 1e-12 * np.abs(output).max()
    assert np.ptp(output, axis=2).max() > 0.1 * np.abs(output).max()


def test_one_constant_keeps_one_unit_and_random_starts_have_all(digits):
    for scheme, units in (("constant(0.1)", 1), ("he_normal", 64)):
        result = train_shard(Cell("digits", 64, 2, "tanh", "none", scheme), [0, 1], SHORT, digits)
        assert (result.layers["distinct_weights"][:, :, :2] == units).all()


def test_a_network_that_is_not_trained_has_no_loss(digits):
    result = train_shard(
        Cell("digits", 8, 1, "tanh", "batch", "he_normal"), [0, 1], Training(steps=0, learning_rates=()), digits
    )
    for part in ("train", "valid"):
        assert np.isnan(result.history[f"{part}_loss"]).all()
        assert np.isnan(result.history[f"{part}_accuracy"]).all()
    assert np.isnan([result.final["test_loss"], result.final["test_accuracy"]]).all()
    assert (result.final["diverged_step"] == -1).all()
    assert np.isfinite(result.layers["delta_rms"]).all()


@pytest.mark.parametrize("activation", ["linear", "relu"])
def test_the_factor_of_a_constant_start_is_n_times_c_squared(digits, activation):
    start = dataclasses.replace(SHORT, steps=0, learning_rates=())
    for value in (0.005, 0.02, 0.1):
        cell = Cell("digits", 64, 6, activation, "none", f"constant({value:g})")
        factor = train_shard(cell, [0, 1], start, digits).signal["gradient_factor"]
        np.testing.assert_allclose(factor, (64 * value) ** 2, rtol=1e-6)


def test_he_keeps_the_second_moment_of_relu_layers_on_average(digits):
    start = Training(steps=0, learning_rates=())
    splits = prepare("digits", range(24), 0)
    result = train_shard(Cell("digits", 256, 6, "relu", "none", "he_normal"), range(24), start, splits)
    moment = result.layers["preactivation_second_moment"][:, 0, :6]
    error = 2 * moment.std(axis=0) / np.sqrt(24) / moment[:, 0].mean()
    assert (np.abs(moment.mean(axis=0) / moment[:, 0].mean() - 1) < 0.02 + error).all()


def test_a_run_that_diverges_is_marked_and_harms_no_other(digits):
    cell = Cell("digits", 32, 3, "relu", "none", "he_normal")
    wild = dataclasses.replace(SHORT, learning_rates=(0.03, 1e6))
    result = train_shard(cell, [0], wild, digits)
    assert result.final["diverged_step"][0] == -1
    assert 0 <= result.final["diverged_step"][1] < 12
    assert np.isnan(result.final["test_loss"][1])
    calm = train_shard(cell, [0], dataclasses.replace(SHORT, learning_rates=(0.03,)), digits)
    same({k: v[:1] for k, v in result.history.items()}, calm.history)


@pytest.mark.parametrize(("scheme", "dtype"), [("constant(1e300)", "float32"), ("constant(1e200)", "float64")])
def test_starts_and_rates_beyond_the_precision_of_training_diverge_without_a_warning(digits, scheme, dtype):
    training = dataclasses.replace(SHORT, learning_rates=(0.03, 1e300), dtype=dtype)
    huge = train_shard(Cell("digits", 16, 2, "relu", "none", scheme), [0], training, digits)
    assert huge.final["diverged_step"].tolist() == [0, 0]
    small = train_shard(Cell("digits", 16, 2, "relu", "none", "he_normal"), [0], training, digits)
    assert small.final["diverged_step"][0] == -1
    assert small.final["diverged_step"][1] >= 0


def test_depth_zero_learns_from_zeros(digits):
    training = Training(steps=100, learning_rates=(0.03,))
    result = train_shard(Cell("digits", 64, 0, "linear", "none", "zeros"), [0], training, digits)
    assert result.final["test_accuracy"][0] > 0.9


def test_an_epoch_visits_every_sample_at_most_once_and_depends_on_the_seed_alone():
    training = Training(steps=40, batch_size=10)
    order = batch_order(3, 95, training)
    assert len(np.unique(order[:9])) == 90
    np.testing.assert_array_equal(order, batch_order(3, 95, training))
    assert not np.array_equal(order, batch_order(4, 95, training))
    with pytest.raises(ValueError, match="exceeds the training split"):
        batch_order(0, 9, training)


def test_recorded_steps_hold_the_start_the_first_and_the_last():
    steps = recorded_steps(Training(steps=300))
    assert {0, 1, 300} <= set(steps.tolist())
    assert recorded_steps(Training(steps=0)).tolist() == [0]


def test_splits_are_disjoint_stratified_and_scaled_by_training_data_alone(digits):
    for k in range(2):
        parts = [set(part[k].tolist()) for part in (digits.train, digits.valid, digits.test)]
        assert sum(map(len, parts)) == len(set.union(*parts)) == 1797
    inputs = digits.of(0).train_inputs
    np.testing.assert_allclose(inputs.mean(axis=0), 0, atol=1e-12)
    assert np.all(np.isclose(inputs.std(axis=0), 1) | (inputs.std(axis=0) == 0))


def test_the_same_seed_draws_the_same_numbers_for_every_scheme(digits):
    probe = np.zeros((2, 64))
    cells = [Cell("digits", 32, 2, "relu", "none", name) for name in ("he_normal", "lecun_normal")]
    he, lecun = (draw_parameters(cell, cell.build(64, 10), 1, SHORT, probe) for cell in cells)
    np.testing.assert_allclose(he, np.sqrt(2) * lecun, rtol=1e-14)
