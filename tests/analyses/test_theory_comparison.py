"""Theory against networks that are drawn and measured."""

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import initbench
from initbench import theory
from initbench.activations import ACTIVATIONS
from initbench.analyses.image_predictions import seen_by
from initbench.analyses.normalized_predictions import LAYERNORM_NOTE
from initbench.analyses.stated_variances import ESTIMATION_DRAWS
from initbench.analyses.theory import COLUMNS, _judged, compare, probe_squares
from initbench.architectures import build
from initbench.base.catalogue import LANGUAGES, Words
from initbench.base.extensions import load_extension
from initbench.datasets.loading import prepare
from initbench.study.cells import Cell, Training
from initbench.tables.schema import arrow_table
from initbench.theory.images import propagate_images
from initbench.theory.samples import propagate_samples

SEEDS = 30
START = Training(steps=0, learning_rates=())


def layers(
    activation, scheme, *, seeds=SEEDS, width=256, depth=6, normalization="none", architecture="mlp"
) -> pd.DataFrame:
    cell = Cell("digits", width, depth, activation, normalization, scheme, architecture)
    return initbench.train(cell, range(seeds), START)["layers"].to_pandas()


@pytest.fixture(scope="module")
def lengths():
    found = probe_squares(prepare("digits", range(SEEDS), 0))
    return {("digits", seed): values for seed, values in found.items()}


@pytest.fixture(scope="module")
def tanh_he():
    return layers("tanh", "he_normal")


# --- images ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("architecture", "activation", "scheme"),
    [("convnet", "relu", "he_normal"), ("convnet_circular", "tanh", "gaussian(1.5,0.1)")],
)
def test_wide_convolutions_do_what_theory_says(architecture, activation, scheme, lengths):
    cell = Cell("digits", 32, 4, activation, "none", scheme, architecture=architecture)
    table = compare(initbench.train(cell, range(8), START)["layers"].to_pandas(), lengths)
    assert table["within_tolerance"].all()
    assert table["second_moment_relative_error"].abs().max() < 0.15
    assert table["gradient_relative_error"].abs().max() < 0.15
    if architecture == "convnet":  # zeros around the image take from the signal what He gives
        assert table["predicted_second_moment"].iloc[-1] < 0.6 * table["predicted_second_moment"].iloc[0]


def test_circular_images_of_equal_positions_follow_the_recursion_of_dense_layers():
    network = build("convnet_circular", (64,), 10, 8, 5, "tanh", "none")
    _, *seen = seen_by(network)
    q, gradient = propagate_images("tanh", 1.4, 0.1, seen, np.full((1, 64), 0.7))
    dense = theory.propagate("tanh", 1.4, 0.1, 5, 0.7)
    np.testing.assert_allclose(q[:, 0], dense.q, rtol=1e-6)
    np.testing.assert_allclose(gradient[:, 0] / gradient[-1, 0], dense.gradient, rtol=1e-6)


def test_zeros_around_an_image_take_the_share_of_taps_that_see_them():
    """He and ReLU on 4 × 4 positions: ten in twelve taps of a row see the image, in a uniform one; (10/12)² in both directions."""
    _, *seen = seen_by(build("convnet", (16,), 10, 8, 2, "relu", "none"))
    q, _ = propagate_images("relu", 2.0, 0.0, seen, np.ones((1, 16)))
    assert q[1, 0] == pytest.approx((10 / 12) ** 2, rel=1e-6)


# --- networks -------------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("architecture", ["residual_mlp", "residual_mlp_preact"])
@pytest.mark.parametrize(("activation", "scheme"), [("relu", "he_normal"), ("tanh", "skipinit(0.5)")])
def test_so_do_residual_ones(activation, scheme, architecture, lengths):
    table = compare(layers(activation, scheme, architecture=architecture), lengths)
    assert table["layer"].tolist() == [1, 2, 3, 4, 5, 6]
    assert table["within_tolerance"].all()
    assert table["second_moment_standard_error"].max() < 0.07
    assert table["gradient_standard_error"].max() < 0.07


@pytest.mark.parametrize("architecture", ["residual_mlp", "residual_mlp_preact"])
def test_layers_inside_of_silent_branches_have_no_gradient_and_are_not_judged(architecture, lengths):
    table = compare(layers("tanh", "rezero", architecture=architecture, width=16, seeds=3), lengths)
    inside = table["layer"].isin([3, 5])
    assert (table.loc[inside, ["predicted_gradient", "measured_gradient"]] == 0).all(axis=None)
    assert table.loc[inside, "within_tolerance"].isna().all()
    assert table.loc[~inside, "within_tolerance"].notna().all()


@pytest.mark.parametrize("architecture", ["mlp", "residual_mlp", "residual_mlp_preact"])
@pytest.mark.parametrize(("activation", "scheme"), [("relu", "he_normal"), ("tanh", "gaussian(1.7,0.3)")])
def test_layer_normalised_networks_are_judged_and_agree(activation, scheme, architecture, lengths):
    table = compare(layers(activation, scheme, architecture=architecture, normalization="layer", depth=5), lengths)
    assert table["within_tolerance"].all()
    assert table["gradient_relative_error"].abs().max() < 0.1
    sums = architecture == "residual_mlp"  # φ is given a sum there, whose length is a prediction
    assert table["note"].fillna("").str.contains(LAYERNORM_NOTE, regex=False).all() != sums
    assert (table["predicted_second_moment"].iloc[-1] > 1.3) == sums
    assert table["bias_variance"].isna().all()


@pytest.mark.parametrize("architecture", ["residual_mlp", "residual_mlp_preact"])
@pytest.mark.parametrize("depth", [5, 6])
def test_batch_normalised_residual_networks_are_shown_and_not_judged(architecture, depth, lengths):
    """64 samples of digits: δ² lies above the limit of large batches, by some per cent a layer, and E z² where theory says."""
    table = compare(layers("relu", "he_normal", architecture=architecture, normalization="batch", depth=depth), lengths)
    assert table["within_tolerance"].isna().all()
    assert table["second_moment_relative_error"].abs().max() < 0.03
    assert (1 + table["gradient_relative_error"]).min() > 0.95
    assert (1 + table["gradient_relative_error"]).max() < 1.4


@pytest.mark.parametrize("architecture", ["residual_mlp", "residual_mlp_preact"])
@pytest.mark.parametrize("normalization", ["none", "layer"])
@pytest.mark.parametrize("scheme", ["fixup", "zero_last"])
def test_branches_that_end_in_zeros_leave_the_stream_as_it_is(scheme, normalization, architecture, lengths):
    """And fixup's output layer lets no gradient in: what theory says of δ² is what there is once that has moved."""
    table = compare(
        layers("relu", scheme, architecture=architecture, normalization=normalization, seeds=4, width=64, depth=5),
        lengths,
    )
    inside, stream = table["layer"].isin([2, 4]), table["layer"].isin([3, 5])
    assert table.loc[stream, "weight_variance"].eq(0).all()
    assert table.loc[inside, "weight_variance"].eq(1.0 if scheme == "fixup" else 2.0).all()
    assert table.loc[stream, "second_moment_relative_error"].abs().max() < 0.03
    assert table.loc[inside, "predicted_gradient"].eq(0).all()
    assert table["measured_gradient"].isna().all() == (scheme == "fixup")
    if normalization == "none":
        assert table["predicted_second_moment"][2] == pytest.approx(table["predicted_second_moment"][4], rel=1e-3)


def test_what_gamma_starts_at_counts(lengths):
    table = compare(
        layers("sigmoid", "zero_gamma", architecture="residual_mlp", normalization="layer", seeds=4, depth=5), lengths
    )
    stream = table["layer"].isin([1, 3, 5])
    assert table.loc[stream, "within_tolerance"].all()
    assert table["predicted_gradient"][0] < 0.01  # the stream is φ of φ, whose slope is below ¼


@pytest.mark.parametrize("architecture", ["convnet", "convnet_circular"])
def test_layer_normalised_convolutions_are_as_dense_layers_rim_or_not(architecture, lengths):
    table = compare(
        layers("tanh", "he_normal", architecture=architecture, normalization="layer", seeds=8, width=64, depth=4),
        lengths,
    )
    assert table["predicted_gradient"][0] == pytest.approx(theory.batchnorm_rate("tanh") ** 3, rel=1e-3)
    assert table["within_tolerance"].all()
    assert table["gradient_relative_error"].abs().max() < 0.15


def test_of_batch_normalised_images_with_zeros_around_them_theory_says_nothing(lengths):
    def found(architecture):
        table = layers("relu", "he_normal", architecture=architecture, normalization="batch", seeds=2, width=8, depth=3)
        return compare(table, lengths)

    assert found("convnet").empty
    assert found("convnet_circular")["within_tolerance"].isna().all()


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


# --- many samples ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if not name.startswith("test_")])
def test_splines_agree_with_quadrature_to_six_digits(name):
    q0 = np.array([3e-20, 1e-3, 0.7, 42.0])
    q, chi = propagate_samples(name, 1.4, 0.01, 5, q0)
    for k, start in enumerate(q0):
        exact = theory.propagate(name, 1.4, 0.01, 5, start)
        np.testing.assert_allclose(q[:, k], exact.q, rtol=1e-6)
        np.testing.assert_allclose(chi[:, k], exact.chi, rtol=1e-6)


def test_lengths_outside_the_table_are_integrated():
    q, chi = propagate_samples("relu", 1e60, 0.0, 8, np.array([0.0, 1e-200, 1.0]))
    assert q[:, 0].tolist() == chi[:, 0].tolist() == [0.0] * 8
    assert q[-1, 2] == np.inf
    np.testing.assert_allclose(chi[:, 1:], 5e59)


def test_batchnorm_recursion_becomes_yangs_rate_as_epsilon_goes_to_0():
    for name in ("tanh", "relu", "gelu"):
        q, factors = theory.propagate_batchnorm(name, 1.3, 5, 1e-12)
        np.testing.assert_allclose(q, 1, rtol=1e-9)
        np.testing.assert_allclose(factors, theory.batchnorm_rate(name), rtol=1e-9)
    q, factors = theory.propagate_batchnorm("tanh", 0.0, 3, 1e-5)
    assert q.tolist() == [1, 0, 0]
    assert factors.tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="constant"):
        theory.propagate_batchnorm("tanh", 0.0, 3, 0.0)


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
