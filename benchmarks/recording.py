"""What recording costs beside training, in shards of the default study: python benchmarks/recording.py [--quick]

Recording is all that is not an update: evaluation on whole splits, probes of every layer at the recorded steps, and step
0. Times are those of the processor.
"""

from onecore import hold_to_one_core

hold_to_one_core()  # before NumPy is imported

import argparse  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
from machine import geometric_mean, write  # noqa: E402
from problem import NORMALIZATIONS, SCHEMES  # noqa: E402

from initbench import load_study  # noqa: E402
from initbench.datasets.loading import prepare  # noqa: E402
from initbench.engine import recording, training  # noqa: E402
from initbench.engine.ensemble import Ensemble  # noqa: E402

BAR = 0.25  # of the time of the updates
REPEATS = 3
PARTS = {
    "updates": [(Ensemble, "update")],
    "evaluation": [(recording, "evaluate_groups")],
    "probes while training": [(recording, "measure_networks"), (Ensemble, "last_update")],
    "probes at step 0": [(training, "measure_networks")],
}


class Clock:
    """Processor seconds spent in each part, gathered while the parts' functions are wrapped."""

    def __init__(self):
        self.spent = dict.fromkeys(PARTS, 0.0)
        self.originals = []

    def __enter__(self):
        for part, places in PARTS.items():
            for owner, name in places:
                function = getattr(owner, name)
                self.originals.append((owner, name, function))
                setattr(owner, name, self._wrapped(part, function))
        return self

    def __exit__(self, *error):
        for owner, name, function in self.originals:
            setattr(owner, name, function)

    def _wrapped(self, part, function):
        def timed(*arguments, **named):
            begun = time.process_time()
            try:
                return function(*arguments, **named)
            finally:
                self.spent[part] += time.process_time() - begun

        return timed


def measure(cell, seeds, how) -> dict[str, float]:
    """Median processor seconds of each part of training a shard, "the rest" included."""
    splits = prepare(cell.dataset, seeds, how.study_seed)
    turns = []
    for _ in range(REPEATS):
        with Clock() as clock:
            begun = time.process_time()
            training.train_shard(cell, seeds, how, splits)
            total = time.process_time() - begun
        turns.append({**clock.spent, "the rest": total - sum(clock.spent.values())})
    return {part: float(np.median([turn[part] for turn in turns])) for part in turns[0]}


def main() -> None:
    """Measure the cells of one scheme, print them, and write them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a small part of the table")
    quick = parser.parse_args().quick
    study = load_study(Path(__file__).parents[1] / "config.yaml")
    entries = []
    for cell in study.cells:
        if cell.scheme != SCHEMES.get(cell.activation) or cell.width != 64 or cell.normalization not in NORMALIZATIONS:
            continue
        if quick and (cell.activation != "tanh" or cell.depth not in (3, 10)):
            continue
        parts = measure(cell, range(study.config["seeds"]), study.training)
        share = sum(value for part, value in parts.items() if part != "updates") / parts["updates"]
        entry = {"depth": cell.depth, "activation": cell.activation, "normalization": cell.normalization}
        entries.append({**entry, "seconds": parts, "share": share})
        print(f"{cell}: {share:.2f} of the updates; " + ", ".join(f"{p} {1e3 * v:.0f} ms" for p, v in parts.items()))
    depths = sorted({entry["depth"] for entry in entries})
    rows = [
        {"depth": depth, "bar": BAR, "share": geometric_mean([e["share"] for e in entries if e["depth"] == depth])}
        for depth in depths
    ]
    total = {part: sum(entry["seconds"][part] for entry in entries) for part in entries[0]["seconds"]}
    overall = sum(value for part, value in total.items() if part != "updates") / total["updates"]
    print(f"all cells together: {overall:.2f}, bar {BAR}")
    write("recording-quick" if quick else "recording", {"summary": rows, "overall": overall, "table": entries})


if __name__ == "__main__":
    main()
