"""A scheme may state a learning rate a layer: each array of the network follows its own, whatever it is stacked with."""

import numpy as np
import pytest

from initbench.engine.ensemble import Ensemble
from initbench.engine.training import Start, train_shard, train_starts
from initbench.network.layer import split
from initbench.optimizers import OPTIMIZERS, Optimizer, build, optimizer
from initbench.schemes import SCHEMES, scheme
from initbench.schemes.check import check
from initbench.schemes.label import parse_scheme
from initbench.schemes.rates import array_factors, rate_factors
from initbench.schemes.variance_scaling import lecun_normal
from initbench.study.cells import Cell, Training
from initbench.study.grid import ConfigError, load_study

HOW = Training(steps=6, records=4, learning_rates=(0.01, 0.1))
FEATURES, CLASSES, BATCH = 64, 10, 8


def cell(label, normalization="none", optimizer="sgd"):
    return Cell("digits", 12, 2, "tanh", normalization, label, optimizer=optimizer)


@pytest.fixture
def frozen_first():
    """A scheme whose first layer is not trained, and whose biases, gains and shifts are trained at half the rate."""

    @scheme("test_frozen_first", rates=lambda layer, optimizer: (float(layer.index > 1), 0.5))
    def drawn(rng, fan_in, fan_out):
        return lecun_normal(rng, fan_in, fan_out)

    yield "test_frozen_first"
    SCHEMES.forget(["test_frozen_first"])


def stepped(which, label, dtype="float64", steps=3, rates=((0.1, 0.01),)):
    """An ensemble of one start after some updates on random samples, its parameters before the last, and the samples."""
    network, rng = which.build(FEATURES, CLASSES), np.random.default_rng(0)
    start = rng.normal(0, 0.2, (1, network.size))
    factors = array_factors(parse_scheme(label), network, which.optimizer)
    found = Ensemble(
        network, build(which.optimizer, {}), start, np.array(rates), BATCH, dtype,
        factors=None if factors is None else factors[None],
    )  # fmt: skip
    samples = [
        (rng.normal(size=(1, BATCH, FEATURES)).astype(dtype), rng.integers(CLASSES, size=BATCH)) for _ in range(steps)
    ]
    for step, (inputs, labels) in enumerate(samples, 1):
        before = found.flat.copy()
        found.update(
            step, np.repeat(inputs, 2, axis=0), np.repeat(np.eye(CLASSES, dtype=dtype)[labels][None], 2, axis=0)
        )
    return found, before, start, samples


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
def test_factors_are_those_of_each_array(frozen_first, normalization):
    network = cell(frozen_first, normalization).build(FEATURES, CLASSES)
    found = array_factors(parse_scheme(frozen_first), network, "sgd")
    hidden = 2 if normalization == "none" else 3  # W and b, or W, γ and β
    assert found.tolist() == [0] + [0.5] * (hidden - 1) + [1] + [0.5] * (hidden - 1) + [1, 0.5]
    assert array_factors(parse_scheme("he_normal"), network, "sgd") is None
    assert rate_factors("he_normal", object()) == (1.0, 1.0)


@pytest.mark.parametrize("normalization", ["none", "batch"])
def test_a_factor_of_zero_leaves_weights_as_they_are_drawn(digits, frozen_first, normalization):
    record = train_shard(cell(frozen_first, normalization), [0], HOW, digits)
    assert (record.layers["update_ratio"][:, 1:, 0] == 0).all()
    assert (record.layers["update_ratio"][:, 1:, 1:] > 0).all()
    assert (np.diff(record.layers["weight_norm"][:, :, 0]) < 1e-5).all()


@pytest.mark.parametrize("name", ["sgd", "adam", "adamw"])
def test_the_last_update_is_what_the_parameters_lost(name):
    ensemble, before, *_ = stepped(cell("mup(3)", optimizer=name), "mup(3)")
    np.testing.assert_allclose(ensemble.last_update(3), before - ensemble.flat, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("name", ["sgd", "adam"])
def test_runs_do_not_depend_on_the_schemes_that_they_are_stacked_with(digits, name):
    cells = [cell(label, optimizer=name) for label in ("he_normal", "mup(3)", "constant(0.1)", "constant(1e300)")]
    starts = [Start(each, seed, HOW.learning_rates) for each in cells for seed in (0, 1)]
    together = train_starts(starts, HOW, digits)
    for each in cells:
        alone = train_shard(each, [1], HOW, digits)
        for part in ("history", "layers", "signal", "final"):
            for column, values in getattr(alone, part).items():
                np.testing.assert_array_equal(getattr(together[each], part)[column][2:], values, err_msg=column)


def test_a_rate_beyond_the_range_of_numbers_harms_no_neighbour(digits):
    wild = cell("mup(1e-300)")
    starts = [Start(each, 0, HOW.learning_rates) for each in (wild, cell("he_normal"))]
    together = train_starts(starts, HOW, digits)
    assert (together[wild].final["diverged_step"] > 0).all()
    alone = train_shard(cell("he_normal"), [0], HOW, digits)
    for column, values in alone.final.items():
        np.testing.assert_array_equal(together[starts[1].cell].final[column], values)


@pytest.mark.parametrize("name", ["sgd", "adam", "adamw"])
def test_the_first_steps_are_those_of_pytorchs_parameter_groups(name):
    torch = pytest.importorskip("torch")
    which, rate = cell("mup(3)", optimizer=name), 0.1
    ensemble, _, start, samples = stepped(which, "mup(3)")
    network = which.build(FEATURES, CLASSES)
    arrays = [torch.tensor(a[0], requires_grad=True) for layer in split(start, network) for a in layer]
    factors = array_factors(parse_scheme("mup(3)"), network, name)
    groups = [{"params": [a], "lr": rate * factor} for a, factor in zip(arrays, factors.tolist(), strict=True)]
    theirs = {
        "sgd": lambda: torch.optim.SGD(groups, lr=rate, momentum=0.9),
        "adam": lambda: torch.optim.Adam(groups, lr=rate),
        "adamw": lambda: torch.optim.AdamW(groups, lr=rate, weight_decay=0.01),
    }[name]()
    for inputs, labels in samples:
        x = torch.tensor(inputs[0])
        for k in range(0, 4, 2):
            x = torch.tanh(x @ arrays[k] + arrays[k + 1])
        theirs.zero_grad()
        torch.nn.functional.cross_entropy(x @ arrays[4] + arrays[5], torch.tensor(labels)).backward()
        theirs.step()
    found = np.concatenate([array.detach().numpy().ravel() for array in arrays])
    np.testing.assert_allclose(ensemble.flat[0], found, rtol=1e-9, atol=1e-13)


def test_an_optimizer_without_known_rates_stops_the_study_before_any_job():
    @optimizer("test_other")
    def other():
        return Optimizer(lambda theta: (), lambda *arguments: None, lambda *arguments: None)

    try:
        with pytest.raises(ConfigError, match=r"mup\(64\) with test_other: .* knows rates for sgd, adam and adamw"):
            load_study({"schemes": ["mup(64)", "zeros"], "reference": "zeros", "optimizers": ["sgd", "test_other"]})
    finally:
        OPTIMIZERS.forget(["test_other"])


@pytest.mark.parametrize("stated", [-1.0, np.inf, np.nan, (1.0, -2.0)])
def test_rates_that_are_no_factors_are_refused(stated):
    @scheme("test_wrong_rates", rates=lambda layer, optimizer: stated)
    def drawn(rng, fan_in, fan_out):
        return lecun_normal(rng, fan_in, fan_out)

    try:
        with pytest.raises(ValueError, match="finite factors from 0"):
            check("test_wrong_rates", SCHEMES["test_wrong_rates"])
    finally:
        SCHEMES.forget(["test_wrong_rates"])
