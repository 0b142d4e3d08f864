"""Every registered optimiser through one battery, and each against its formula."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from initbench.base.registry import UnknownNameError
from initbench.optimizers import OPTIMIZERS, build
from initbench.optimizers.sgd import momentum_step

MEMBERS, SIZE = 3, 10
SPLIT = (0, 4, SIZE)  # two layers


def stepped(name, parameters, gradients, rate, layers=SPLIT):
    """(parameters, what each step subtracted by its own account) after steps with these gradients, layer by layer."""
    optimizer = build(name, {})
    parameters, accounts = parameters.copy(), []
    state = optimizer.init(parameters)
    for step, gradient in enumerate(gradients, start=1):
        for start, stop in pairwise(layers):
            part = np.ascontiguousarray(gradient[:, start:stop])
            optimizer.update(parameters, part, state, rate, step, start)
        accounts.append(optimizer.last_update(state, rate, step).copy())
    return parameters, accounts


def case(dtype=np.float64, steps=5):
    rng = np.random.default_rng(0)
    rate = np.array([[0.1], [0.01], [0.0]], dtype)
    return rng.normal(size=(MEMBERS, SIZE)).astype(dtype), rng.normal(size=(steps, MEMBERS, SIZE)).astype(dtype), rate


@pytest.mark.parametrize("name", list(OPTIMIZERS))
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_layers_may_be_updated_one_by_one_and_members_apart(name, dtype):
    parameters, gradients, rate = case(dtype)
    whole, _ = stepped(name, parameters, gradients, rate, (0, SIZE))
    layered, _ = stepped(name, parameters, gradients, rate)
    np.testing.assert_array_equal(layered, whole)
    assert whole.dtype == dtype
    for m in range(MEMBERS):
        alone, _ = stepped(name, parameters[m : m + 1], gradients[:, m : m + 1], rate[m : m + 1])
        np.testing.assert_array_equal(alone[0], whole[m])


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_a_member_of_rate_zero_stays_and_the_others_move(name):
    parameters, gradients, rate = case()
    moved, _ = stepped(name, parameters, gradients, rate)
    np.testing.assert_array_equal(moved[2], parameters[2])
    assert (moved[:2] != parameters[:2]).all()


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_the_last_update_is_what_the_parameters_lost(name):
    parameters, gradients, rate = case()
    before, _ = stepped(name, parameters, gradients[:-1], rate)
    after, accounts = stepped(name, parameters, gradients, rate)
    np.testing.assert_allclose(accounts[-1], before - after, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_a_parabola_is_descended(name):
    scales = np.array([0.5, 1.0, 2.0])
    optimizer, theta = build(name, {}), np.ones((1, 3))
    state, rate = optimizer.init(theta), np.array([[0.05]])
    for step in range(1, 400):
        optimizer.update(theta, scales * theta, state, rate, step, 0)
    assert np.abs(theta).max() < 0.05


def test_sgd_is_the_heavy_ball():
    """θ_{t+1} = θ_t − rate g + μ (θ_t − θ_{t−1})."""
    parameters, gradients, rate = case()
    path = [parameters, parameters]
    for gradient in gradients:
        path.append(path[-1] - rate * gradient + 0.9 * (path[-1] - path[-2]))
    np.testing.assert_allclose(stepped("sgd", parameters, gradients, rate)[0], path[-1], rtol=1e-12)


def test_an_unknown_optimizer_is_refused_with_those_that_there_are():
    with pytest.raises(UnknownNameError, match=r"unknown optimizer .adagrad.; there are: .*sgd"):
        build("adagrad", {})


@given(
    st.integers(0, 2**32 - 1),
    st.tuples(st.integers(1, 3), st.integers(1, 40)),
    st.integers(0, 3),
    st.sampled_from([np.float32, np.float64]),
)
def test_the_compiled_momentum_step_gives_the_bits_of_numpys_passes(seed, shape, start, dtype):
    rng = np.random.default_rng(seed)
    parameters, velocity, gradient = (rng.normal(size=shape).astype(dtype) for _ in range(3))
    start = min(start, shape[1] - 1)
    gradient = np.ascontiguousarray(gradient[:, start:])
    rate = np.linspace(0.01, 0.3, len(gradient), dtype=dtype)[:, None]
    moved, left = velocity.copy(), parameters.copy()
    moved[:, start:] = moved[:, start:] * dtype(0.9) + gradient
    left[:, start:] -= moved[:, start:] * rate
    momentum_step(parameters, velocity, start, gradient, rate, 0.9)
    np.testing.assert_array_equal(velocity, moved)
    np.testing.assert_array_equal(parameters, left)
