"""Theory of plain networks against those that are drawn and measured, and what the table says of the two."""

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from start_layers import SEEDS, layers

from initbench import theory
from initbench.analyses.stated_variances import ESTIMATION_DRAWS
from initbench.analyses.theory import COLUMNS, _judged, compare
from initbench.base.catalogue import LANGUAGES, Words
from initbench.base.extensions import load_extension
from initbench.tables.schema import arrow_table


@pytest.fixture(scope="module")
def tanh_he():
    return layers("tanh", "he_normal")


@pytest.mark.parametrize(
    ("activation", "scheme"),
    [("sigmoid", "xavier_tanh"), ("relu", "he_normal"), ("tanh", "gaussian(1.7,0.3)"), ("gelu", "critical")],
)
def test_wide_networks_do_what_theory_says(activation, scheme, lengths):
    table = compare(layers(activation, scheme), lengths)
    assert table["layer"].tolist() == [1, 2, 3, 4, 5, 6]
    assert table["within_tolerance"].all()
    # and the draws could have told: standard errors are near the tolerance itself. Where the length map has slope 1 (relu,
    # gelu at its critical point), nothing pulls a draw's length back, and its second moment strays further
    assert table["second_moment_standard_error"].max() < (0.05 if activation in ("relu", "gelu") else 0.02)
    assert table["gradient_standard_error"].max() < 0.025
    assert table["predicted_second_moment"][0] == pytest.approx(table["measured_second_moment"][0], rel=1e-9)


def test_samples_of_different_length_matter(tanh_he, lengths):
    """The mean of a concave map lies below the map of the mean: one q¹ for all digits is off by far more than 2 %."""
    each, alike = compare(tanh_he, lengths), compare(tanh_he)
    assert each["within_tolerance"].all()
    assert each["gradient_relative_error"].abs().max() < 0.03
    assert alike["second_moment_relative_error"][1] < -0.05
    assert alike["gradient_relative_error"][0] > 0.1
    assert not alike["within_tolerance"].all()
    assert alike["note"].str.contains("equally long").all()


def test_without_a_spread_of_lengths_it_is_the_plain_recursion(tanh_he):
    one = compare(tanh_he[tanh_he["seed"] == 3])
    q1 = one["measured_second_moment"][0]
    plain = theory.propagate("tanh", 2.0, 0.0, 6, q1)
    np.testing.assert_allclose(one["predicted_second_moment"], plain.q, rtol=1e-6)
    np.testing.assert_allclose(one["predicted_gradient"], plain.gradient, rtol=1e-6)
    np.testing.assert_allclose(one["predicted_factor"][:5], plain.chi[:5], rtol=1e-6)


def test_measured_columns_are_means_over_draws(tanh_he, lengths):
    table = compare(tanh_he, lengths)
    start = tanh_he[tanh_he["layer"] <= 6]
    q = start.groupby("layer")["preactivation_second_moment"].mean()
    delta = (start["delta_rms_gaussian"] ** 2).groupby(start["layer"]).mean()
    np.testing.assert_allclose(table["measured_second_moment"], q)
    np.testing.assert_allclose(table["measured_gradient"], delta / delta[6])
    assert table["seeds"].eq(SEEDS).all()


def test_xavier_uses_the_variance_of_the_hidden_layers_not_of_the_first(lengths):
    table = compare(layers("tanh", "glorot_normal", seeds=2, width=32, depth=2), lengths)
    assert table["weight_variance"].tolist() == [1.0, 1.0]  # the first layer's, 64 → 32, is 4/3


def test_batch_normalisation_explodes_whatever_the_scale_of_the_weights(lengths):
    """Yang et al. 2019. Linear: no growth at all in large batches, 1.05 a layer in the probe's 64 samples."""
    for scheme, epsilon_matters in [("he_normal", False), ("small_normal", True)]:
        table = compare(layers("sigmoid", scheme, seeds=6, width=64, depth=6, normalization="batch"), lengths)
        assert table["within_tolerance"].isna().all(), "E[z²] agrees by construction: no success of theory"
        assert (table["measured_second_moment"].min() < 0.97) == epsilon_matters
        assert table["predicted_factor"][2] == pytest.approx(theory.batchnorm_rate("sigmoid"), rel=0.05)
        assert (table["measured_factor"][:5] > 1).all()
    relu = compare(layers("relu", "he_normal", seeds=10, width=128, depth=10, normalization="batch"), lengths)
    assert relu["predicted_factor"][4] == pytest.approx(math.pi / (math.pi - 1), rel=1e-3)
    assert relu["measured_factor"][5:8].mean() == pytest.approx(math.pi / (math.pi - 1), rel=0.05)


def test_only_what_theory_speaks_of_is_in_the_table(lengths):
    parts = [
        layers("tanh", scheme, seeds=2, width=16, depth=depth, normalization=normalization)
        for scheme, depth, normalization in [
            ("constant(0.1)", 2, "none"), ("zeros", 2, "none"), ("orthogonal", 2, "none"), ("lsuv", 2, "none"),
            ("he_normal", 1, "none"), ("he_normal", 2, "layer"), ("he_normal", 2, "none"), ("he_normal", 3, "batch"),
        ]
    ]  # fmt: skip
    table = compare(pd.concat(parts), lengths)
    assert set(zip(table["scheme"], table["depth"], table["normalization"], strict=True)) == {
        ("he_normal", 2, "layer"),
        ("he_normal", 2, "none"),
        ("he_normal", 3, "batch"),
    }
    typed = arrow_table(table, COLUMNS)
    assert typed["bias_variance"].null_count == 5
    empty = compare(parts[0], lengths)
    assert arrow_table(empty, COLUMNS).num_rows == 0


def test_what_cannot_be_judged_is_null_with_a_note(tanh_he, lengths):
    one = compare(tanh_he[tanh_he["seed"] == 0], lengths)
    assert one["within_tolerance"].isna().all()
    assert one["note"].str.contains("one seed").all()
    broken = tanh_he.copy()
    broken.loc[broken["seed"] == 1, "preactivation_second_moment"] = None
    gone = compare(broken, lengths)
    assert gone["within_tolerance"].isna().all()
    assert gone["measured_second_moment"].isna().all()
    assert gone["note"].str.contains("not judged").all()
    silent = tanh_he.assign(delta_rms_gaussian=0.0)
    assert compare(silent, lengths)["measured_gradient"].isna().all()


def test_a_users_iid_scheme_is_predicted_without_stating_variances(tmp_path, lengths):
    file = tmp_path / "mine.py"
    file.write_text(
        "import numpy as np\nfrom initbench.schemes import scheme\n\n"
        '@scheme("test_laplace", iid=True)\ndef test_laplace(rng, fan_in, fan_out):\n'
        "    return rng.laplace(0, (0.75 / fan_in) ** 0.5, (fan_in, fan_out)), rng.normal(0, 0.5, fan_out)\n"
    )
    load_extension(file)
    table = compare(layers("tanh", "test_laplace", seeds=10, width=128, depth=3), lengths)
    # a Laplace variable of scale s has variance 2 s²
    assert table["weight_variance"][0] == pytest.approx(1.5, rel=0.01)
    assert table["bias_variance"][0] == pytest.approx(0.25, rel=0.05)
    assert table["note"].str.contains("estimated").all()


@pytest.mark.parametrize("normalization", ["none", "batch"])
def test_of_weights_beyond_its_own_numbers_theory_says_nothing(normalization):
    keys = {"dataset": "wine", "architecture": "mlp", "width": 8, "depth": 2, "activation": "relu", "optimizer": "sgd"}
    rows = [
        keys | {"normalization": normalization, "scheme": "gaussian(1e+300)", "seed": seed, "layer": layer}
        | {"preactivation_second_moment": 1e301, "delta_rms_gaussian": 1e200}
        for seed in (0, 1) for layer in (1, 2)
    ]  # fmt: skip
    assert compare(pd.DataFrame(rows)).empty


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_words_for_what_keeps_a_layer_from_being_judged(language):
    words = Words(language, "sections.theory.notes")
    row = {"layer": 2, "second_moment_relative_error": None, "gradient_relative_error": None}
    row |= {"second_moment_standard_error": None, "gradient_standard_error": None}
    found = SimpleNamespace(judged=True, notes=())
    for seeds in (1, 2):
        assert words.has(_judged(row | {"seeds": seeds}, found)["note"])
    assert words.has(f"variances estimated from {ESTIMATION_DRAWS} drawn layers")
