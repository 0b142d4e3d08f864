"""Residual networks against PyTorch: python benchmarks/residual.py [--quick]

The same start, data, batches, steps and update, float32, on one core. All must reach the same losses, or the benchmark fails.
They take turns, REPEATS times; a ratio compares medians of processor time.
"""

from onecore import hold_to_one_core

hold_to_one_core()  # before NumPy is imported

import argparse  # noqa: E402
import time  # noqa: E402

import numpy as np  # noqa: E402
import own  # noqa: E402
import torch  # noqa: E402
from machine import geometric_mean, write  # noqa: E402
from problem import problem  # noqa: E402

from initbench.network.normalization import EPSILON  # noqa: E402

torch.set_num_threads(1)
ARCHITECTURES, NORMALIZATIONS, WIDTHS = ("residual_mlp", "residual_mlp_preact"), ("none", "batch"), (32, 64, 128)
DEPTH, STEPS, COMPARED, REPEATS = 9, 24, 6, 3
LOSS_TOLERANCE = 5e-3  # relative, after COMPARED steps
OURS, STACKED, LOOP = "this project", "PyTorch, stacked", "PyTorch, a loop over runs"
BARS = {STACKED: 1.0, LOOP: 2.0}  # what each must take at least, as a multiple of this project's time


def logits_of(case, parameters, x):
    """The network's outputs for x (…, B, features), from its arrays in their order: of one run, or stacked."""
    rest, plain = iter(parameters), case.cell.normalization == "none"

    def linear(a):
        weight = next(rest)
        return a @ weight + next(rest) if plain else a @ weight

    def normalized(z):
        if plain:
            return z
        variance, mean = torch.var_mean(z, dim=-2, keepdim=True, correction=0)
        return (z - mean) * torch.rsqrt(variance + EPSILON) * next(rest) + next(rest)

    if case.cell.architecture == "residual_mlp":
        x = torch.relu(normalized(linear(x)))
        for _ in range(DEPTH // 2):
            branch = normalized(linear(torch.relu(normalized(linear(x)))))
            x = torch.relu(x + next(rest) * branch)
    else:
        x = linear(x)
        for _ in range(DEPTH // 2):
            branch = linear(torch.relu(normalized(linear(torch.relu(normalized(x))))))
            x = x + next(rest) * branch
        x = torch.relu(normalized(x))
    return x @ next(rest) + next(rest)


def torch_stacked(case):
    """All runs at once: one backward pass and one update by `_foreach` functions."""
    arrays = [
        torch.from_numpy(array if array.ndim == 3 else array[:, None]) for layer in case.layers for array in layer
    ]
    rate = torch.from_numpy(case.rates)[:, None, None]
    return _trainer(case, [(arrays, slice(None), rate)])


def torch_loop(case):
    """One run after the other."""
    flat = [array for layer in case.layers for array in layer]
    runs = [[torch.from_numpy(array[m]) for array in flat] for m in range(len(case.rates))]
    return _trainer(case, [(arrays, m, float(case.rates[m])) for m, arrays in enumerate(runs)])


def _trainer(case, parts):
    """(fresh, train) of parts: arrays, which runs they are, and their rate."""
    inputs, labels = torch.from_numpy(case.inputs), torch.from_numpy(case.labels)
    momentum = case.training.momentum

    def fresh():
        made = [[array.clone().requires_grad_() for array in arrays] for arrays, _, _ in parts]
        return [(arrays, [torch.zeros_like(array) for array in arrays]) for arrays in made]

    def train(state, steps=STEPS):
        losses = []
        for (arrays, velocity), (_, runs, rate) in zip(state, parts, strict=True):
            for x, y in zip(inputs[:steps, runs], labels[:steps, runs], strict=True):
                logits = logits_of(case, arrays, x)
                each = torch.nn.functional.cross_entropy(logits.flatten(0, -2), y.flatten(), reduction="none")
                loss = each.view(y.shape).mean(dim=-1)
                gradients = torch.autograd.grad(loss.sum(), arrays)
                with torch.no_grad():
                    torch._foreach_mul_(velocity, momentum)
                    torch._foreach_add_(velocity, gradients)
                    for array, v in zip(arrays, velocity, strict=True):
                        array.sub_(v * rate)
            losses.append(loss.detach().numpy().ravel())
        return np.concatenate(losses)

    return fresh, train


def measure(case) -> dict[str, list[float]]:
    """Seconds of processor of each way, turn by turn, the first of which is not counted."""
    runners = {OURS: own.ours(case), STACKED: torch_stacked(case), LOOP: torch_loop(case)}
    seconds: dict[str, list[float]] = {name: [] for name in runners}
    for turn in range(-1, REPEATS):
        for name, (fresh, train) in runners.items():
            state, begun = fresh(), time.process_time()
            train(state)
            if turn >= 0:
                seconds[name].append(time.process_time() - begun)
    return seconds


def loss_difference(architecture: str, width: int, normalization: str) -> float:
    """The largest relative difference of a run's loss from this project's, after a few steps."""
    case = problem(DEPTH, width, "relu", normalization, COMPARED, architecture)
    fresh, train = own.ours(case)
    expected = train(fresh())
    found = [train(fresh()) for fresh, train in (torch_stacked(case), torch_loop(case))]
    return float(np.abs(np.stack(found) / expected - 1).max())


def main() -> None:
    """Measure the table, print it, and write it; exit 1 if losses differ or a ratio is below its bar."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="width 64 alone")
    quick = parser.parse_args().quick
    widths = (64,) if quick else WIDTHS
    entries = []
    for architecture in ARCHITECTURES:
        for width, normalization in [(w, n) for w in widths for n in NORMALIZATIONS]:
            case = problem(DEPTH, width, "relu", normalization, STEPS, architecture)
            difference, seconds = loss_difference(architecture, width, normalization), measure(case)
            ratios = {name: float(np.median(seconds[name]) / np.median(seconds[OURS])) for name in BARS}
            entries.append({"network": case.name, "loss_difference": difference, "seconds": seconds, "ratios": ratios})
            print(f"{case.name}: " + ", ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items()), flush=True)
    means = {name: geometric_mean([entry["ratios"][name] for entry in entries]) for name in BARS}
    print(
        "geometric means: " + ", ".join(f"{name} {mean:.2f} (at least {BARS[name]:g})" for name, mean in means.items())
    )
    kept = {"bars": BARS, "loss_tolerance": LOSS_TOLERANCE, "entries": entries, "geometric_means": means}
    write("residual-quick" if quick else "residual", kept)
    wrong = [entry["network"] for entry in entries if entry["loss_difference"] > LOSS_TOLERANCE]
    if wrong or any(means[name] < bar for name, bar in BARS.items()):
        raise SystemExit(f"losses differ: {', '.join(wrong)}" if wrong else "a ratio is below its bar")


if __name__ == "__main__":
    main()
