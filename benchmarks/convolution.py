"""Convolutions of the engine against PyTorch's: python benchmarks/convolution.py [--quick]

As benchmarks/engine.py: the same start, data, batches, steps and update, in float32, on one core, in turns; all must reach the
same losses, or it fails. Networks are `convnet` on the digits.
"""

from onecore import hold_to_one_core

hold_to_one_core()  # before NumPy is imported

import argparse  # noqa: E402
import time  # noqa: E402

import numpy as np  # noqa: E402
import own  # noqa: E402
import torch  # noqa: E402
from machine import geometric_mean, write  # noqa: E402
from problem import Problem, problem  # noqa: E402

from initbench.network.convolution import Convolution  # noqa: E402

torch.set_num_threads(1)
OURS, LOOP, GROUPED = "this project", "PyTorch, a loop over runs", "PyTorch, stacked (grouped convolutions)"
BARS = {LOOP: 2, GROUPED: 0.5}  # what each must be, at least, as a multiple of this project's time
DEPTHS, WIDTHS, STEPS, REPEATS = (2, 4), (4, 8, 16), 8, 3
LOSS_TOLERANCE = 5e-3  # relative: float32
functional = torch.nn.functional


def parameters_of(case: Problem) -> list[tuple[int, list[torch.Tensor]]]:
    """(stride, [W, b]) of every linear map, those of all runs: W (M, units, channels, 3, 3), the last (M, channels, classes)."""
    found = []
    for at, arrays in zip(case.network.maps, case.layers, strict=True):
        layer, (weight, bias) = case.network.layers[at.linear], (np.ascontiguousarray(array) for array in arrays)
        stride = layer.stride if isinstance(layer, Convolution) else 0
        if stride:
            weight = weight.reshape(len(weight), 3, 3, -1, weight.shape[2]).transpose(0, 4, 3, 1, 2)
        found.append((stride, [torch.from_numpy(weight.copy()), torch.from_numpy(bias.copy())]))
    return found


def loop(case: Problem):
    """Modules, `cross_entropy`, `backward` and `optim.SGD`, one run at a time."""
    inputs, labels = torch.from_numpy(case.inputs), torch.from_numpy(case.labels)

    def fresh():
        return [_model(case, m) for m in range(len(case.rates))]

    def train(models):
        losses = []
        for m, (model, optimizer) in enumerate(models):
            for x, y in zip(inputs[:, m], labels[:, m], strict=True):
                optimizer.zero_grad()
                loss = functional.cross_entropy(model(x.reshape(-1, 1, 8, 8)), y)
                loss.backward()
                optimizer.step()
            losses.append(loss.item())
        return np.array(losses)

    return fresh, train


def _model(case: Problem, m: int):
    modules: list[torch.nn.Module] = []
    for stride, (weight, bias) in parameters_of(case):
        if stride:
            layer = torch.nn.Conv2d(weight.shape[2], weight.shape[1], 3, stride, 1)
            layer.weight.data, layer.bias.data = weight[m].contiguous(), bias[m]
            modules += [layer, torch.nn.ReLU()]
        else:
            layer = torch.nn.Linear(*weight.shape[1:])
            layer.weight.data, layer.bias.data = weight[m].T.contiguous(), bias[m]
            modules += [torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), layer]
    model = torch.nn.Sequential(*modules)
    return model, torch.optim.SGD(model.parameters(), lr=float(case.rates[m]), momentum=case.training.momentum)


def grouped(case: Problem):
    """All runs in one convolution with a group a run, one backward pass and one update for all."""
    runs, momentum, rate = len(case.rates), case.training.momentum, torch.from_numpy(case.rates)
    images = torch.from_numpy(np.ascontiguousarray(case.inputs.swapaxes(1, 2))).reshape(*_shape(case), 8, 8)
    labels = torch.from_numpy(case.labels)

    def fresh():
        layers = [(stride, [p.clone().requires_grad_() for p in pair]) for stride, pair in parameters_of(case)]
        return layers, [[torch.zeros_like(p) for p in pair] for _, pair in layers]

    def train(state):
        layers, velocities = state
        for x, y in zip(images, labels, strict=True):
            loss = _losses(layers, x, y, runs)
            found = torch.autograd.grad(loss.sum(), [p for _, pair in layers for p in pair])
            flat = [v for pair in velocities for v in pair]
            with torch.no_grad():
                for p, v, g in zip((p for _, pair in layers for p in pair), flat, found, strict=True):
                    v.mul_(momentum).add_(g)
                    p.sub_(v * rate.reshape(-1, *[1] * (p.ndim - 1)))
        return loss.detach().numpy()

    return fresh, train


def _shape(case: Problem) -> tuple[int, int, int]:
    steps, runs, batch, _ = case.inputs.shape
    return steps, batch, runs


def _losses(layers, x, y, runs: int):
    for stride, (weight, bias) in layers[:-1]:
        x = functional.conv2d(x, weight.flatten(0, 1), bias.flatten(), stride, 1, groups=runs).relu()
    _, (weight, bias) = layers[-1]
    pooled = x.mean(dim=(2, 3)).reshape(len(x), runs, -1).transpose(0, 1)
    logits = torch.baddbmm(bias[:, None], pooled, weight)
    each = functional.cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="none")
    return each.reshape(runs, -1).mean(dim=1)


def measure(case: Problem) -> dict:
    """Seconds of each way for all runs and steps, turn by turn, and its largest relative difference in loss."""
    runners = {OURS: own.ours(case), LOOP: loop(case), GROUPED: grouped(case)}
    seconds: dict[str, list[float]] = {name: [] for name in runners}
    last = {}
    for turn in range(-1, REPEATS):
        for name, (fresh, train) in runners.items():
            state = fresh()
            begun = time.process_time()
            last[name] = train(state)
            if turn >= 0:
                seconds[name].append(time.process_time() - begun)
    differences = {name: float(np.max(np.abs(last[name] / last[OURS] - 1))) for name in BARS}
    return {"seconds": seconds, "loss_difference": differences, "steps": len(case.inputs)}


def main() -> None:
    """Measure the table, print it, and write it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one network")
    quick = parser.parse_args().quick
    entries = []
    for depth, width in [(4, 8)] if quick else [(d, w) for d in DEPTHS for w in WIDTHS]:
        case = problem(depth, width, "relu", "none", STEPS, "convnet")
        entry = {"depth": depth, "width": width} | measure(case)
        medians = {name: float(np.median(values)) for name, values in entry["seconds"].items()}
        entry["ratios"] = {name: medians[name] / medians[OURS] for name in BARS}
        entry["microseconds_per_step_and_run"] = 1e6 * medians[OURS] / entry["steps"] / len(case.rates)
        entries.append(entry)
        print(
            f"{case.name}: " + "; ".join(f"{name} × {ratio:.1f}" for name, ratio in entry["ratios"].items()), flush=True
        )
        ratios = {name: [e["ratios"][name] for e in entries] for name in BARS}
        summary = [{"alternative": n, "bar": bar, "ratio": geometric_mean(ratios[n])} for n, bar in BARS.items()]
        result = {"loss_tolerance": LOSS_TOLERANCE, "summary": summary, "table": entries}
        write("convolution-quick" if quick else "convolution", result)
    if worst := [e for e in entries if not max(e["loss_difference"].values()) <= LOSS_TOLERANCE]:
        raise SystemExit(f"losses differ by more than {LOSS_TOLERANCE}: {worst}")


if __name__ == "__main__":
    main()
