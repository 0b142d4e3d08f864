"""μP's variances and rates are those of Tensor Programs V, table 3; at the base width it is a standard start."""

import numpy as np
import pytest

import initbench
from initbench.advice.code import code
from initbench.engine.training import train_shard
from initbench.schemes import Layer
from initbench.schemes.label import parse_scheme
from initbench.study.cells import Cell, Training
from initbench.study.grid import ConfigError, load_study

WIDTH, DEPTH = 16, 2


def layers(width):
    """An input, a hidden and an output layer, of 64 features and 10 classes."""
    fans = (64, width), (width, width), (width, 10)
    return [Layer(*each, index, DEPTH, "relu" if index <= DEPTH else "linear") for index, each in enumerate(fans, 1)]


@pytest.mark.parametrize(
    ("optimizer", "weights", "rest"),
    [("sgd", [4, 1, 1 / 4], [4, 4, 1]), ("adam", [1, 1 / 4, 1 / 4], [1] * 3), ("adamw", [1, 1 / 4, 1 / 4], [1] * 3)],
)
def test_rates_scale_with_the_width_as_in_table_3(optimizer, weights, rest):
    found = [initbench.rate_factors("mup(16)", layer, optimizer) for layer in layers(64)]
    assert [*zip(*found, strict=True)] == [tuple(weights), tuple(rest)]


def test_variances_scale_with_the_width_as_in_table_3():
    narrow, wide = ([parse_scheme("mup(16)").variances(layer)[0] for layer in layers(width)] for width in (16, 64))
    assert narrow == [1 / 64, 1 / 16, 1 / 16]
    np.testing.assert_allclose(wide, [1 / 64, 1 / 64, 1 / 16 / 16])


def test_the_output_layer_may_start_at_zero_or_with_a_variance_of_its_own():
    *hidden, output = layers(64)
    rng = np.random.default_rng(0)
    assert not initbench.draw("mup(16,output_variance=0)", rng, output)[0].any()
    assert parse_scheme("mup(16,output_variance=0)").variances(hidden[1])[0] == 1 / 64
    assert parse_scheme("mup(16,2,3)").variances(output)[0] == pytest.approx(3 / 64 / 4)


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw"])
@pytest.mark.parametrize(
    ("ours", "standard"), [(f"mup({WIDTH})", "lecun_normal"), (f"mup({WIDTH},weight_variance=2)", "he_normal")]
)
def test_at_the_base_width_it_is_the_standard_parametrisation(digits, optimizer, ours, standard):
    how = Training(steps=5, records=3, learning_rates=(0.003, 0.03))
    one, other = (
        train_shard(Cell("digits", WIDTH, DEPTH, "relu", "batch", label, optimizer=optimizer), [0], how, digits)
        for label in (ours, standard)
    )
    for part in ("history", "layers", "signal", "final"):
        for name, values in getattr(one, part).items():
            np.testing.assert_array_equal(getattr(other, part)[name], values, err_msg=name)


@pytest.mark.parametrize(
    "label", ["mup", "mup(0)", "mup(-4)", "mup(16,weight_variance=-1)", "mup(16,output_variance=-1)"]
)
def test_values_out_of_range_stop_the_study_before_any_job(label):
    with pytest.raises(ConfigError, match=r"mup.*(base|negative)"):
        load_study({"schemes": [label, "zeros"], "reference": "zeros"})


def test_code_for_a_library_says_that_the_rates_belong_to_it():
    assert 'initbench.rate_factors("mup(64)", place, "adam")' in code("mup(64)", "torch", "relu")
