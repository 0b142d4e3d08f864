"""The exponents of the first update are those that Tensor Programs IV and V count, and those of linearised networks."""

import numpy as np
import pytest

from initbench.theory.widths import first_update

STANDARD = -0.5  # of the deviation of weights with n inputs
DEPTH = 3


def stds(output=STANDARD, depth=DEPTH):
    return [0.0, *[STANDARD] * (depth - 1), output] if depth else [0.0]


@pytest.mark.parametrize(
    ("by_sign", "change"),
    [(False, (-0.5, 0.5, 0.5, 1.0)), (True, (0.0, 1.0, 1.0, 1.5))],
)
def test_under_the_standard_parametrisation_logits_move_more_the_wider_the_network(by_sign, change):
    """One rate for all: SGD moves logits by n (Tensor Programs IV, section 5), Adam by more."""
    found = first_update(stds(), [0.0] * 4, by_sign)
    assert found.size == (0, 0, 0, 0)
    assert found.change == change


@pytest.mark.parametrize(("by_sign", "rates"), [(False, [1, 0, 0, -1]), (True, [0, -1, -1, -1])])
def test_under_mup_every_layer_moves_alike(by_sign, rates):
    found = first_update(stds(output=-1), rates, by_sign)
    assert found.size == (0, 0, 0, -0.5)
    assert found.change == (0, 0, 0, 0)


def test_the_neural_tangent_regime_moves_logits_and_no_activation():
    """Standard variances and a rate of 1/n by SGD: logits move by 1, hidden layers by 1/√n (Jacot et al. 2018)."""
    found = first_update(stds(), [-1.0] * 4, by_sign=False)
    assert found.change == (-1.5, -0.5, -0.5, 0)


def test_without_hidden_layers_nothing_grows():
    assert first_update([0.0], [0.0], by_sign=False).change == (0,)


def test_with_one_hidden_layer_adam_moves_logits_by_the_width():
    assert first_update(stds(depth=1), [0.0] * 2, by_sign=True).change == (0, 1)


@pytest.mark.parametrize(
    "wrong", [[0.0, 0.0, 0.0, STANDARD], stds(output=0.0), stds(output=-np.inf), [-0.5, *stds()[1:]]]
)
def test_where_sizes_are_not_kept_nothing_is_predicted(wrong):
    assert first_update(wrong, [0.0] * 4, by_sign=False) is None


@pytest.mark.parametrize("by_sign", [False, True])
@pytest.mark.parametrize("name", ["standard", "mup"])
def test_linear_networks_grow_so(by_sign, name):
    """Two hidden layers of the identity, one sample and one logit, over many draws: sums that the counting stands for."""
    widths, draws, features = np.array([64, 128, 256, 512]), 400, 8
    output, rates = (-0.5, [0, 0, 0]) if name == "standard" else (-1, [0, -1, -1] if by_sign else [1, 0, -1])
    rng, rows = np.random.default_rng(0), []
    for n in widths:
        total = np.zeros(3)
        for _ in range(draws // (n // 64)):
            x = rng.standard_normal(features)
            first, second = rng.standard_normal((features, n)) / features**0.5, rng.standard_normal((n, n)) / n**0.5
            last = rng.standard_normal(n) * float(n) ** output
            a, b = x @ first, x @ first @ second
            gradients = np.outer(x, second @ last), np.outer(a, last), b
            step = [
                1e-6 * float(n) ** rate * (np.sign(g) if by_sign else g)
                for rate, g in zip(rates, gradients, strict=True)
            ]
            moved = x @ (first - step[0]), x @ (first - step[0]) @ (second - step[1])
            changes = moved[0] - a, moved[1] - b, [moved[1] @ (last - step[2]) - b @ last]
            total += [np.mean(np.square(change)) for change in changes]
        rows.append(np.log(total / (draws // (n // 64))) / 2)
    found = np.polyfit(np.log(widths), np.array(rows), 1)[0]
    np.testing.assert_allclose(found, first_update(stds(output, 2), rates, by_sign).change, atol=0.12)
