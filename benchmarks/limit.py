"""How near a training step comes to what matrix products alone would take: python benchmarks/limit.py [--quick]

The limit is the best rate of single-precision products of (batch, width) by (width, width) matrices in this process, one
thread, over the orders of the factors and sizes of stacks. Useful operations of a step are those of its products: 2 B n m
for each of a layer's output, its weights' gradient and its input's cotangent (which the first layer does not need).
Times are those of the processor; products and steps take turns.
"""

from onecore import hold_to_one_core

hold_to_one_core()  # before NumPy is imported

import argparse  # noqa: E402
import time  # noqa: E402
from itertools import pairwise  # noqa: E402

import numpy as np  # noqa: E402
from machine import geometric_mean, write  # noqa: E402
from own import blocks_of  # noqa: E402
from problem import Problem, problem, table  # noqa: E402

from initbench import fused, network  # noqa: E402
from initbench.network.memory import aligned  # noqa: E402

BARS = {64: 0.6, 128: 0.7}  # by width
REPEATS = 3
BATCH = 64


def seconds(work, least: float = 0.004) -> float:
    """Processor seconds of one call of `work`, over as many as take `least`."""
    calls, taken = 1, 0.0
    while taken < least:
        begun = time.process_time()
        for _ in range(calls):
            work()
        taken = time.process_time() - begun
        calls, last = calls * 2, calls
    return taken / last


def products(width: int):
    """Stacks of products at this width: (work, operations) by what they are."""
    rng = np.random.default_rng(0)
    found = {}
    for members in (1, 4, 12):
        a, out = (aligned((members, BATCH, width), np.float32) for _ in range(2))
        w, gradient = (aligned((members, width, width), np.float32) for _ in range(2))
        for array in (a, out, w):
            array[...] = rng.standard_normal(array.shape)
        operations = 2 * members * BATCH * width * width
        ways = {
            "A B": lambda a=a, w=w, out=out: np.matmul(a, w, out=out),
            "A Bᵀ": lambda a=a, w=w, out=out: np.matmul(a, w.swapaxes(1, 2), out=out),
            "Aᵀ B": lambda a=a, g=gradient, out=out: np.matmul(a.swapaxes(1, 2), out, out=g),
        }
        found |= {f"{way}, {members} stacked": (work, operations) for way, work in ways.items()}
    return found


def useful_operations(case: Problem) -> int:
    """Of a step of one run."""
    sizes = case.architecture.sizes
    layers = [2 * BATCH * n * m for n, m in pairwise(sizes)]
    return 3 * sum(layers) - layers[0]


def phases(block, inputs, targets) -> dict:
    """The parts of a step of a block as functions of nothing, on the block's own arrays."""
    buffers, parameters, activation = block.buffers, block.parameters, block.activation
    normalization, depth = block.architecture.normalization, block.architecture.depth
    z, a, delta = buffers.preactivations, buffers.activations, buffers.cotangents
    before = [inputs, *a]
    logits = [*z, buffers.logits]
    hidden = range(depth)

    def forward_products():
        for l, layer in enumerate(parameters):  # noqa: E741
            np.matmul(before[l], layer[0], out=logits[l])

    def biases():
        for l, layer in enumerate(parameters):  # noqa: E741
            if len(layer) == 2:
                fused.add_rows(logits[l], layer[1])

    def normalize():
        for l in hidden:  # noqa: E741
            network._normalize(z[l], parameters[l], normalization, buffers, l, None)

    def activations():
        for l in hidden:  # noqa: E741
            activation.function(z[l], a[l])

    def loss():
        network.cross_entropy(buffers.logits, targets, delta[-1])

    def weight_gradients():
        for l in range(depth + 1):  # noqa: E741
            np.matmul(before[l].swapaxes(1, 2), delta[l], out=block.gradients[l][0])

    def bias_gradients():
        for l, layer in enumerate(parameters):  # noqa: E741
            if len(layer) == 2:
                block.gradients[l][1][...] = network.batch_sum(delta[l])[:, 0]

    def cotangents():
        for l in range(depth, 0, -1):  # noqa: E741
            np.matmul(delta[l], network._transposed(parameters[l][0], buffers.transposed), out=delta[l - 1])

    def slopes():
        for l in hidden:  # noqa: E741
            activation.pull_back(z[l], a[l], delta[l], buffers.scratch)

    def through_normalization():
        for l in hidden:  # noqa: E741
            network._through_normalization(parameters, block.gradients[l], normalization, buffers, l)

    def update():
        for l in range(depth + 1):  # noqa: E741
            block._update_layer(l)

    found = {
        "products of the forward pass": forward_products,
        "products for weight gradients": weight_gradients,
        "products for cotangents": cotangents,
        "activation": activations,
        "slope": slopes,
        "biases": biases,
        "bias gradients": bias_gradients,
        "loss": loss,
        "update": update,
    }
    if normalization != "none":
        found |= {"normalisation, forward": normalize, "normalisation, backward": through_normalization}
    return found


def measure(case: Problem) -> dict:
    """Rates of the products and of the step, their ratio, and the share of each phase, medians over REPEATS turns."""
    limits = products(case.cell.width)
    blocks = blocks_of(case)
    runs = [slice(0, 0)]
    for block in blocks:
        runs.append(slice(runs[-1].stop, runs[-1].stop + len(block.flat)))
    steps = len(case.inputs)

    def whole():
        for block, some in zip(blocks, runs[1:], strict=True):  # a block after the other, as in training
            for step in range(steps):
                block.update(step + 1, case.inputs[step, some], case.targets[step, some])

    parts = phases(blocks[0], case.inputs[0, runs[1]], case.targets[0, runs[1]])
    share_of_runs = len(case.rates) / len(blocks[0].flat)
    taken = {name: [] for name in ("step", *limits, *parts)}
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(REPEATS):
            for name, (work, _) in limits.items():
                taken[name].append(seconds(work))
            taken["step"].append(seconds(whole) / steps)
            saved = [(block.flat.copy(), block.velocity.copy()) for block in blocks]
            for name, work in parts.items():
                taken[name].append(seconds(work))
            for block, (flat, velocity) in zip(blocks, saved, strict=True):
                block.flat[...], block.velocity[...] = flat, velocity
    median = {name: float(np.median(values)) for name, values in taken.items()}
    rates = {name: operations / median[name] / 1e9 for name, (_, operations) in limits.items()}
    best = max(rates, key=rates.get)
    rate = useful_operations(case) * len(case.rates) / median["step"] / 1e9
    shares = {name: median[name] * share_of_runs / median["step"] for name in parts}
    return {
        "best_product": best,
        "limit_gflops": rates[best],
        "product_gflops": rates,
        "step_gflops": rate,
        "ratio": rate / rates[best],
        "shares": shares | {"calls and what the phases do not show": 1 - sum(shares.values())},
    }


def summary(entries: list[dict]) -> list[dict]:
    """Geometric means of the ratios by width and normalisation, over all depths and over the deep ones."""
    groups = {}
    for entry in entries:
        groups.setdefault((entry["width"], entry["normalization"]), []).append(entry)
    return [
        {
            "width": width,
            "normalization": normalization,
            "bar": BARS.get(width),
            "ratio": geometric_mean([e["ratio"] for e in some]),
            "deep": geometric_mean([e["ratio"] for e in some if e["depth"] >= 10] or [e["ratio"] for e in some]),
        }
        for (width, normalization), some in sorted(groups.items(), key=lambda item: (item[0][1], item[0][0]))
    ]


def main() -> None:
    """Measure the table, print it, and write it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a small part of the table")
    quick = parser.parse_args().quick
    entries = []
    for depth, width, activation, normalization in table(quick):
        case = problem(depth, width, activation, normalization, 8)
        entry = {"depth": depth, "width": width, "activation": activation, "normalization": normalization}
        entries.append(entry | measure(case))
        found = entries[-1]
        print(f"{case.name}: {found['step_gflops']:.0f} of {found['limit_gflops']:.0f} GFLOP/s, {found['ratio']:.2f}")
        write("limit-quick" if quick else "limit", {"summary": summary(entries), "table": entries})
    for row in summary(entries):
        print(row)


if __name__ == "__main__":
    main()
