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

import numpy as np  # noqa: E402
from machine import geometric_mean, write  # noqa: E402
from own import ensembles_of  # noqa: E402
from problem import Problem, problem, table  # noqa: E402

from initbench.network import kernels  # noqa: E402
from initbench.network.dense import _transposed  # noqa: E402
from initbench.network.loss import cross_entropy  # noqa: E402
from initbench.network.memory import aligned  # noqa: E402
from initbench.network.products import BLAS  # noqa: E402

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
    layers = [2 * BATCH * at.weight.size for at in case.network.maps]
    return 3 * sum(layers) - layers[0]


def phases(ensemble, inputs, targets) -> dict:
    """The parts of a step of an ensemble as functions of nothing, on its own arrays, after a step."""
    # size: every phase of a step once, in its order
    network, buffers, gradients = ensemble.network, ensemble.buffers, ensemble.gradients
    rows = list(zip(network.layers, ensemble.parameters, gradients, buffers.layers, strict=True))
    dense, phi, norms = (
        [row for row in rows if row[0].kind == kind] for kind in ("linear", "activation", "normalization")
    )
    biased = [row for row in dense if row[0].bias]

    def each(some, work):
        def phase():
            for layer, weights, gradient, written in some:
                work(layer, weights, gradient, written)

        return phase

    def product(layer, weights, gradient, written):
        np.matmul(written.inputs, weights[0], out=written.output)

    def weight_gradient(layer, weights, gradient, written):
        np.matmul(written.inputs.swapaxes(1, 2), written.cotangent, out=gradient[0])

    def cotangent(layer, weights, gradient, written):
        np.matmul(written.cotangent, _transposed(weights[0], written.transposed), out=written.onward)

    found = {
        "products of the forward pass": each(dense, product),
        "products for weight gradients": each(dense, weight_gradient),
        "products for cotangents": each(dense[1:], cotangent),
        "activation": each(phi, lambda layer, _, __, b: layer.activation.function(b.preactivation, b.output)),
        "slope": each(phi, lambda layer, w, g, b: layer.backward(w, b, b.cotangent, g)),
        "biases": each(biased, lambda _, w, __, b: kernels.add_rows(b.output, w[1])),
        "bias gradients": each(biased, lambda _, w, g, b: BLAS.batch_sum(b.cotangent, out=g[1][:, None, :])),
        "loss": lambda: cross_entropy(dense[-1][3].output, targets, buffers.cotangent),
        "update": lambda: [ensemble._update_map(1, at.first) for at in network.maps],
    }
    if norms:
        found["normalisation, forward"] = each(norms, lambda layer, w, _, b: layer.forward(w, b.output, b))
        found["normalisation, backward"] = each(norms, lambda layer, w, g, b: layer.backward(w, b, b.cotangent, g))
    return found


def measure(case: Problem) -> dict:
    """Rates of the products and of the step, their ratio, and the share of each phase, medians over REPEATS turns."""
    # size: products and steps take turns, so that both see the same machine
    limits = products(case.cell.width)
    found = ensembles_of(case)
    runs = [slice(0, 0)]
    for ensemble in found:
        runs.append(slice(runs[-1].stop, runs[-1].stop + len(ensemble.flat)))
    steps = len(case.inputs)

    def whole():
        for ensemble, some in zip(found, runs[1:], strict=True):  # one after the other, as in training
            for step in range(steps):
                ensemble.update(step + 1, case.inputs[step, some], case.targets[step, some])

    whole()  # so that the arrays hold what a step leaves
    parts = phases(found[0], case.inputs[0, runs[1]], case.targets[0, runs[1]])
    share_of_runs = len(case.rates) / len(found[0].flat)
    taken = {name: [] for name in ("step", *limits, *parts)}
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(REPEATS):
            for name, (work, _) in limits.items():
                taken[name].append(seconds(work))
            taken["step"].append(seconds(whole) / steps)
            saved = [[array.copy() for array in (one.padded, *one.state)] for one in found]
            for name, work in parts.items():
                taken[name].append(seconds(work))
            for one, arrays in zip(found, saved, strict=True):
                for array, value in zip((one.padded, *one.state), arrays, strict=True):
                    array[...] = value
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
