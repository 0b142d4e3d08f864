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


def stepped(name, parameters, gradients, rate, layers=SPLIT, settings=None):
    """(parameters, what each step subtracted by its own account) after steps with these gradients, layer by layer."""
    optimizer = build(name, settings or {})
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


def test_nesterovs_momentum_looks_ahead():
    """θ ← θ + μ v − rate g(θ + μ v), v ← μ v − rate g: the same path as seen from θ + μ v (Sutskever et al. 2013, eq. 3)."""
    scales, rate, mu = np.array([0.5, 1.0, 2.0]), 0.1, 0.9
    optimizer, theta = build("sgd", {"nesterov": True}), np.ones((1, 3))
    state, ahead, v = optimizer.init(theta), np.ones(3), np.zeros(3)
    for step in range(1, 8):
        optimizer.update(theta, scales * theta, state, np.array([[rate]]), step, 0)
        before, v = v, mu * v - rate * scales * ahead
        ahead = ahead + v + mu * (v - before)
        np.testing.assert_allclose(theta[0], ahead, rtol=1e-12)


def by_the_paper(parameters, gradients, rate, decay=0.0, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Kingma & Ba 2015, algorithm 1, with Loshchilov & Hutter's decay (2019, algorithm 2, λ times the rate)."""
    m = v = np.zeros_like(parameters)
    for t, g in enumerate(gradients, start=1):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        parameters = parameters - rate * decay * parameters - rate * m_hat / (np.sqrt(v_hat) + epsilon)
    return parameters


@pytest.mark.parametrize(("name", "decay"), [("adam", 0.0), ("adamw", 0.01)])
def test_adam_and_adamw_follow_their_papers(name, decay):
    parameters, gradients, rate = case(steps=9)
    np.testing.assert_allclose(
        stepped(name, parameters, gradients, rate)[0], by_the_paper(parameters, gradients, rate, decay), rtol=1e-12
    )


@given(st.floats(1e-6, 1e6), st.integers(0, 2**32 - 1))
def test_adam_does_not_feel_the_scale_of_gradients(scale, seed):
    """Up to ε (section 2.1): its first step is the rate, in the sign of the gradient."""
    rng = np.random.default_rng(seed)
    gradient = scale * rng.uniform(0.5, 1.5, (1, 6)) * rng.choice([-1, 1], (1, 6))
    optimizer, theta = build("adam", {"epsilon": 1e-20}), np.zeros((1, 6))
    optimizer.update(theta, gradient, optimizer.init(theta), np.array([[0.01]]), 1, 0)
    np.testing.assert_allclose(theta, -0.01 * np.sign(gradient), rtol=1e-9)


@pytest.mark.parametrize("name", list(OPTIMIZERS))
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_equal_parameters_of_equal_gradients_stay_equal_to_the_last_bit(name, dtype):
    """No optimiser breaks the symmetry of equal units: whatever it does to one it does to all, and to a zero of gradient 0 nothing."""
    rng = np.random.default_rng(3)
    gradients = np.repeat(rng.normal(size=(20, 2, 1)), 37, axis=2).astype(dtype)
    rate = np.full((2, 1), 0.01, dtype)
    moved, _ = stepped(name, np.full((2, 37), 0.1, dtype), gradients, rate, (0, 37))
    assert (moved == moved[:, :1]).all()
    assert (moved != dtype(0.1)).all()
    still, _ = stepped(name, np.zeros((2, 37), dtype), np.zeros_like(gradients), rate, (0, 37))
    assert not still.any()


@pytest.mark.parametrize("scale", [1e-4, 1e-8, 1e-12])
def test_adam_feels_the_scale_of_gradients_below_epsilon(scale):
    """The first step is rate g/(|g| + ε): nearly the rate far above ε = 1e-8, half of it at ε, a ten-thousandth at ε/10,000."""
    optimizer, theta = build("adam", {}), np.zeros((1, 1))
    optimizer.update(theta, np.full((1, 1), scale), optimizer.init(theta), np.array([[0.01]]), 1, 0)
    np.testing.assert_allclose(theta, -0.01 * scale / (scale + 1e-8), rtol=1e-9)


@pytest.mark.parametrize(
    ("name", "settings"), [("sgd", {}), ("sgd", {"nesterov": True}), ("adam", {}), ("adamw", {"weight_decay": 0.1})]
)
def test_the_first_steps_are_those_of_pytorch(name, settings):
    torch = pytest.importorskip("torch")
    theirs = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[name]
    parameters, gradients, rate = case(steps=6)
    ours = build(name, settings)
    theta, weights = parameters[:1].copy(), torch.nn.Parameter(torch.tensor(parameters[0]))
    more = {"momentum": 0.9} if name == "sgd" else {}
    state, other = ours.init(theta), theirs([weights], lr=0.1, **more, **settings)
    for step, gradient in enumerate(gradients[:, :1], start=1):
        ours.update(theta, gradient, state, rate[:1], step, 0)
        weights.grad = torch.tensor(gradient[0])
        other.step()
        np.testing.assert_allclose(theta[0], weights.detach().numpy(), rtol=1e-13, atol=1e-15)


def test_adamw_makes_every_parameter_decay():
    """By rate λ θ an update, whatever it is: AdamW is not told which are weights, biases, gains or shifts."""
    theta, still = np.linspace(-2, 2, 12)[None], np.zeros((1, 1, 12))
    moved, _ = stepped("adamw", theta, still, np.array([[0.5]]), (0, 12), {"weight_decay": 0.1})
    np.testing.assert_allclose(moved, 0.95 * theta, rtol=1e-14)


def test_so_does_pytorchs_when_nothing_is_said():
    torch = pytest.importorskip("torch")
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 2))
    before = [parameter.detach().clone() for parameter in model.parameters()]
    other = torch.optim.AdamW(model.parameters(), lr=0.5, weight_decay=0.1)
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    other.step()
    for was, now in zip(before, model.parameters(), strict=True):
        torch.testing.assert_close(now.detach(), 0.95 * was)


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
