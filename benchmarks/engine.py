"""The engine against other ways to train the same runs: python benchmarks/engine.py [--quick]

Every alternative gets the same start, data, batches, steps and update, in float32, on one core. All of them must reach
the same losses, or the benchmark fails. They take turns, REPEATS times; a figure is a median, and a ratio compares
medians of the same turns. Times are those of the processor, all threads counted, which other programs on the machine
disturb least; compilation, in part another program's work, is on the wall clock.
"""

from onecore import hold_to_one_core

hold_to_one_core()  # before NumPy is imported

import argparse  # noqa: E402
import time  # noqa: E402

import alternatives as alt  # noqa: E402
import jax  # noqa: E402
import numpy as np  # noqa: E402
import own  # noqa: E402
from machine import geometric_mean, write  # noqa: E402
from problem import Problem, problem, table  # noqa: E402

ALTERNATIVES = {
    "PyTorch, a loop over runs": alt.torch_loop,
    "PyTorch, a loop over runs, fused optimiser": alt.torch_loop_fused,
    "PyTorch, stacked": alt.torch_stacked,
    "PyTorch, stacked and compiled": alt.torch_compiled,
    "JAX, jit(vmap(scan))": alt.jax_scan,
    "scikit-learn, a loop over runs": alt.sklearn_loop,
    "this project, one run at a time": own.ours_one_at_a_time,
}
OURS, JAX, COMPILED = "this project", "JAX, jit(vmap(scan))", "PyTorch, stacked and compiled"
WITH_COMPILATION = f"{JAX}, with its compilation"
# What each must be, at least, as a multiple of this project's time: (alternative, widths or all, factor)
BARS = [
    ("PyTorch, a loop over runs", (32, 64), 8),
    ("PyTorch, a loop over runs", (128,), 4),
    ("PyTorch, stacked", None, 2),
    (COMPILED, None, 2),
    (JAX, None, 1),
    (WITH_COMPILATION, None, 5),
    ("scikit-learn, a loop over runs", None, 5),
    ("this project, one run at a time", None, 1.5),
]
REPEATS = 3
STEPS = 24  # timed: so many that the first ones, with arrays that are not in the cache yet, do not decide
STUDY_STEPS = 100  # of the default study: what a compilation is spread over
LOSS_TOLERANCE = 5e-3  # relative difference of a run's last loss from this project's: float32, many layers


def steps_compared(depth: int) -> int:
    """After how many steps losses are compared: few where rounding grows fast with them."""
    return {1: 24, 3: 16, 10: 8}.get(depth, 3)


def applies(name: str, case: Problem) -> bool:
    """Whether an alternative can express the network, and is affordable for it."""
    cell = case.cell
    if name == COMPILED:  # about half a minute of compilation each
        return cell.activation == "tanh" and cell.depth in (3, 10)
    return name != "scikit-learn, a loop over runs" or cell.normalization == "none"


def runners_of(case: Problem) -> dict:
    """Each way to train a problem, this project's first: (what makes a fresh state, what trains it)."""
    return {OURS: own.ours(case)} | {name: make(case) for name, make in ALTERNATIVES.items() if applies(name, case)}


def loss_differences(case: Problem) -> dict[str, float]:
    """The largest relative difference of a run's last loss from this project's, for each alternative."""
    last = {}
    for name, (fresh, train) in runners_of(case).items():
        losses = train(fresh())
        last[name] = losses() if callable(losses) else losses
    return {name: float(np.max(np.abs(losses - last[OURS]) / np.abs(last[OURS]))) for name, losses in last.items()}


def measure(case: Problem) -> dict:
    """Seconds of each alternative for all runs and steps of a problem, turn by turn."""
    runners = runners_of(case)
    first, seconds = {}, {name: [] for name in runners}
    for turn in range(-1, REPEATS):
        for name, (fresh, train) in runners.items():
            state = fresh()
            begun, processor = time.perf_counter(), time.process_time()
            train(state)
            taken, used = time.perf_counter() - begun, time.process_time() - processor
            if turn >= 0:
                seconds[name].append(used)
            else:
                first[name] = taken
    compilation = max(0.0, first[JAX] - float(np.median(seconds[JAX])))
    jax.clear_caches()
    return {"seconds": seconds, "jax_compilation": compilation, "steps": len(case.inputs)}


def ratios(entry: dict) -> dict[str, float]:
    """Each alternative's time over this project's, of medians; JAX also with its compilation over a study's steps."""
    medians = {name: float(np.median(values)) for name, values in entry["seconds"].items()}
    found = {name: value / medians[OURS] for name, value in medians.items() if name != OURS}
    found[WITH_COMPILATION] = found[JAX] + entry["jax_compilation"] / (medians[OURS] * STUDY_STEPS / entry["steps"])
    return found


def summary(entries: list[dict]) -> list[dict]:
    """Geometric means of the ratios over the table, and by width, against the bars."""
    rows = []
    for name, widths, bar in BARS:
        some = [e for e in entries if name in e["ratios"] and (widths is None or e["width"] in widths)]
        values = [e["ratios"][name] for e in some]
        if values:
            by_width = {
                str(w): geometric_mean([e["ratios"][name] for e in some if e["width"] == w])
                for w in sorted({e["width"] for e in some})
            }
            rows.append(
                {
                    "alternative": name,
                    "widths": widths or "all",
                    "bar": bar,
                    "ratio": geometric_mean(values),
                    "smallest": min(values),
                    "largest": max(values),
                    "entries": len(values),
                    "by_width": by_width,
                }
            )
    return rows


def main() -> None:
    """Measure the table, print it, and write it."""
    # size: the order of the measurements, step by step
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a small part of the table, under two minutes")
    quick = parser.parse_args().quick
    entries = []
    for depth, width, activation, normalization in table(quick):
        case = problem(depth, width, activation, normalization, STEPS)
        entry = {"depth": depth, "width": width, "activation": activation, "normalization": normalization}
        entry |= {
            "loss_difference": loss_differences(problem(depth, width, activation, normalization, steps_compared(depth)))
        }
        entry |= measure(case)
        entry["ratios"] = ratios(entry)
        entry["microseconds_per_step_and_run"] = (
            1e6 * float(np.median(entry["seconds"][OURS])) / entry["steps"] / len(case.rates)
        )
        entries.append(entry)
        print(
            f"{case.name}: {entry['microseconds_per_step_and_run']:.0f} µs a step and run; "
            + "; ".join(f"{name} × {ratio:.1f}" for name, ratio in entry["ratios"].items()),
            flush=True,
        )
        result = {"loss_tolerance": LOSS_TOLERANCE, "summary": summary(entries), "table": entries}
        write("engine-quick" if quick else "engine", result)  # after every entry: a run that is stopped leaves its part
    for row in result["summary"]:
        print(
            f"{row['alternative']}, width {row['widths']}: × {row['ratio']:.2f}, bar {row['bar']}"
            f" ({'met' if row['ratio'] >= row['bar'] else 'not met'})"
        )
    differing = [
        (e["depth"], e["width"], e["activation"], e["normalization"], e["loss_difference"])
        for e in entries
        if not max(e["loss_difference"].values()) <= LOSS_TOLERANCE
    ]
    if differing:
        raise SystemExit(f"losses differ by more than {LOSS_TOLERANCE}: {differing}")


if __name__ == "__main__":
    main()
