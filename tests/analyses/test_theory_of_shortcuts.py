"""Theory of residual and of layer normalised networks against those that are drawn and measured."""

import pytest
from start_layers import layers

from initbench.analyses.normalized_predictions import LAYERNORM_NOTE
from initbench.analyses.theory import compare


@pytest.mark.parametrize("architecture", ["residual_mlp", "residual_mlp_preact"])
@pytest.mark.parametrize(("activation", "scheme"), [("relu", "he_normal"), ("tanh", "skipinit(0.5)")])
def test_wide_residual_networks_do_what_theory_says(activation, scheme, architecture, lengths):
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
