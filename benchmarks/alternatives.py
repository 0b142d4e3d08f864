"""The ways to train an ensemble that the engine is measured against.

Each is a function of a problem that returns (fresh, train): `fresh()` makes a state at the start, which is not timed;
`train(state)` takes every step of every run and returns each run's loss on the last batch, before its update, (M,), or
a function that finds it, where that takes time of its own.
All take the same momentum SGD: v ← 0.9 v + g, θ ← θ − rate · v.
"""

# size: the ways to train stand beside each other, each readable alone

import jax
import jax.numpy as jnp
import numpy as np
import torch
from sklearn.neural_network import MLPClassifier

from initbench.network.normalization import EPSILON

torch.set_num_threads(1)
TORCH = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}
TORCH_MODULES = {"sigmoid": torch.nn.Sigmoid, "tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}
JAX = {"sigmoid": jax.nn.sigmoid, "tanh": jnp.tanh, "relu": jax.nn.relu}
SKLEARN = {"sigmoid": "logistic", "tanh": "tanh", "relu": "relu"}


def torch_loop(problem, fused=False):
    """Eager PyTorch as most people write it: modules, `cross_entropy`, `backward`, `optim.SGD`, one run at a time."""
    inputs, labels = torch.from_numpy(problem.inputs), torch.from_numpy(problem.labels)

    def fresh():
        return [_torch_model(problem, m, fused) for m in range(len(problem.rates))]

    def train(models):
        losses = []
        for m, (model, optimizer) in enumerate(models):
            for x, y in zip(inputs[:, m], labels[:, m], strict=True):
                optimizer.zero_grad()
                loss = torch.nn.functional.cross_entropy(model(x), y)
                loss.backward()
                optimizer.step()
            losses.append(loss.item())
        return np.array(losses)

    return fresh, train


def torch_loop_fused(problem):
    """`torch_loop` with the optimiser's fused kernel, which one has to ask for."""
    return torch_loop(problem, fused=True)


def _torch_model(problem, m: int, fused: bool):
    modules = []
    for layer in problem.layers:
        weight, *vectors = (torch.from_numpy(array[m].copy()) for array in layer)
        linear = torch.nn.Linear(*weight.shape, bias=len(vectors) == 1)
        linear.weight.data = weight.T.contiguous()
        modules.append(linear)
        if len(vectors) == 1:
            linear.bias.data = vectors[0]
        else:
            modules.append(torch.nn.BatchNorm1d(weight.shape[1], eps=EPSILON))
            modules[-1].weight.data, modules[-1].bias.data = vectors
        modules.append(TORCH_MODULES[problem.cell.activation]())
    model = torch.nn.Sequential(*modules[:-1])
    rate, momentum = float(problem.rates[m]), problem.training.momentum
    return model, torch.optim.SGD(model.parameters(), lr=rate, momentum=momentum, fused=fused)


def torch_stacked(problem, compiled=False):
    """PyTorch with the runs stacked: `baddbmm` over the ensemble, one backward pass and one update for all runs."""
    # size: one way to train, whole, as those who use that library write it
    inputs, labels = torch.from_numpy(problem.inputs), torch.from_numpy(problem.labels)
    rate = torch.from_numpy(problem.rates)[:, None, None]
    phi, momentum = TORCH[problem.cell.activation], problem.training.momentum

    def losses_of(parameters, x, y):
        for weight, *vectors in parameters[:-1]:
            if len(vectors) == 1:
                z = torch.baddbmm(vectors[0], x, weight)
            else:
                z = torch.bmm(x, weight)
                variance, mean = torch.var_mean(z, dim=1, keepdim=True, correction=0)
                z = (z - mean) * torch.rsqrt(variance + EPSILON) * vectors[0] + vectors[1]
            x = phi(z)
        weight, bias = parameters[-1]
        logits = torch.baddbmm(bias, x, weight)
        each = torch.nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="none")
        return each.view(y.shape).mean(dim=1)

    def update(flat, velocity, gradients):
        torch._foreach_mul_(velocity, momentum)
        torch._foreach_add_(velocity, gradients)
        for p, v in zip(flat, velocity, strict=True):
            p.addcmul_(v, rate, value=-1)

    if compiled:
        losses_of, update = torch.compile(losses_of), torch.compile(update)

    def fresh():
        arrays = [
            [torch.tensor(array if array.ndim == 3 else array[:, None, :], requires_grad=True) for array in layer]
            for layer in problem.layers
        ]
        return arrays, [torch.zeros_like(p) for layer in arrays for p in layer]

    def train(state):
        parameters, velocity = state
        flat = [p for layer in parameters for p in layer]
        for x, y in zip(inputs, labels, strict=True):
            loss = losses_of(parameters, x, y)
            gradients = torch.autograd.grad(loss.sum(), flat)
            with torch.no_grad():
                update(flat, velocity, gradients)
        return loss.detach().numpy()

    return fresh, train


def torch_compiled(problem):
    """`torch_stacked` through `torch.compile`."""
    torch._dynamo.reset()
    return torch_stacked(problem, compiled=True)


def jax_scan(problem):
    """JAX: one run's training as a `scan` over its steps, `vmap` over the runs, `jit` around both."""
    # size: one way to train, whole, as those who use that library write it
    phi, momentum = JAX[problem.cell.activation], problem.training.momentum
    layers = [tuple(jnp.asarray(array) for array in layer) for layer in problem.layers]
    velocity = jax.tree.map(jnp.zeros_like, layers)
    batches = tuple(jnp.asarray(part.swapaxes(0, 1)) for part in (problem.inputs, problem.labels))  # (M, steps, …)
    rates = jnp.asarray(problem.rates)

    def loss_of(parameters, x, y):
        for weight, *vectors in parameters[:-1]:
            z = x @ weight
            if len(vectors) == 1:
                z = z + vectors[0]
            else:
                centred = z - z.mean(axis=0)
                z = centred * jax.lax.rsqrt(jnp.square(centred).mean(axis=0) + EPSILON)
                z = z * vectors[0] + vectors[1]
            x = phi(z)
        weight, bias = parameters[-1]
        log_p = jax.nn.log_softmax(x @ weight + bias)
        return -jnp.take_along_axis(log_p, y[:, None], axis=1).mean()

    def one_run(parameters, velocity, rate, x, y):
        def step(carry, batch):
            parameters, velocity = carry
            loss, gradients = jax.value_and_grad(loss_of)(parameters, *batch)
            velocity = jax.tree.map(lambda v, g: momentum * v + g, velocity, gradients)
            parameters = jax.tree.map(lambda p, v: p - rate * v, parameters, velocity)
            return (parameters, velocity), loss

        # the trained parameters are returned, so that no update can be left out
        return jax.lax.scan(step, (parameters, velocity), (x, y))

    everything = jax.jit(jax.vmap(one_run))

    def train(state):
        (parameters, _), losses = everything(*state, rates, *batches)
        jax.block_until_ready(parameters)
        return np.asarray(losses)[:, -1]

    return lambda: (layers, velocity), train


def sklearn_loop(problem):
    """scikit-learn's MLPClassifier, one run at a time: a `partial_fit` on each batch. Without normalisation only."""
    # size: one way to train, whole, as those who use that library write it

    def model_of(m: int) -> MLPClassifier:
        model = MLPClassifier(
            [problem.cell.width] * problem.cell.depth,
            activation=SKLEARN[problem.cell.activation],
            solver="sgd",
            alpha=0,
            batch_size=problem.inputs.shape[2],
            learning_rate_init=float(problem.rates[m]),
            momentum=problem.training.momentum,
            nesterovs_momentum=False,
            shuffle=False,
        )
        # a first step makes the arrays; then they are set to the common start
        model.partial_fit(problem.inputs[0, m], problem.labels[0, m], classes=np.arange(problem.targets.shape[3]))
        for mine, (weight, bias) in zip(zip(model.coefs_, model.intercepts_, strict=True), problem.layers, strict=True):
            mine[0][...], mine[1][...] = weight[m], bias[m]
        for velocity in model._optimizer.velocities:
            velocity[...] = 0
        return model

    def fresh():
        return [model_of(m) for m in range(len(problem.rates))]

    def train(models):
        before = []
        for m, model in enumerate(models):
            for step, (x, y) in enumerate(zip(problem.inputs[:, m], problem.labels[:, m], strict=True), start=1):
                if step == len(problem.inputs):
                    before.append([[array.copy() for array in arrays] for arrays in (model.coefs_, model.intercepts_)])
                model.partial_fit(x, y)
        return lambda: np.array(
            [last_loss(m, model, *arrays) for m, (model, arrays) in enumerate(zip(models, before, strict=True))]
        )

    def last_loss(m: int, model: MLPClassifier, coefs, intercepts) -> float:
        """The loss before the last update. `loss_` would do, but it counts no probability below float32's eps."""
        model.coefs_, model.intercepts_ = coefs, intercepts
        p = model.predict_proba(problem.inputs[-1, m])
        return -np.log(p[np.arange(len(p)), problem.labels[-1, m]]).mean()

    return fresh, train
