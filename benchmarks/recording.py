"""What recording costs beside training, and what is measured at initialisation only: python benchmarks/recording.py [--quick]

Recording is all that is not an update: evaluation on whole splits, probes of every layer at the recorded steps, and step
0. It is measured in shards of the default study, as is the time of a start in its grids that are not trained. Times are those
of the processor.
"""

from onecore import hold_to_one_core

hold_to_one_core()  # before NumPy is imported

import argparse  # noqa: E402
import time  # noqa: E402
from dataclasses import replace  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
from machine import geometric_mean, write  # noqa: E402
from problem import NORMALIZATIONS, SCHEMES  # noqa: E402

from initbench import load_study  # noqa: E402
from initbench.datasets.loading import prepare  # noqa: E402
from initbench.engine import recording, training  # noqa: E402
from initbench.engine.ensemble import Ensemble  # noqa: E402

BAR = 0.25  # of the time of the updates
INITIAL_BAR = 150  # core-seconds that all starts which are not trained may take
REPEATS, STARTS = 3, 3
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


def measure(cells, seeds, rates, how) -> dict[str, float]:
    """Median processor seconds of each part of training cells of one shape in a stack, "the rest" included."""
    splits = prepare(cells[0].dataset, seeds, how.study_seed)
    starts = [training.Start(cell, seed, rates) for cell in cells for seed in seeds]
    training.train_starts(starts[:1], replace(how, steps=1, records=1), splits)  # loads compiled code
    turns = []
    for _ in range(REPEATS):
        with Clock() as clock:
            begun = time.process_time()
            training.train_starts(starts, how, splits)
            total = time.process_time() - begun
        turns.append({**clock.spent, "the rest": total - sum(clock.spent.values())})
    return {part: float(np.median([turn[part] for turn in turns])) for part in turns[0]}


def shapes(study, quick: bool) -> list[list]:
    """The cells of a few random schemes, those of one shape together."""
    found: dict = {}
    for cell in study.cells:
        wanted = not quick or (cell.activation == "tanh" and cell.depth in (3, 10))
        if wanted and cell.scheme in SCHEMES.values() and cell.width == 64 and cell.normalization in NORMALIZATIONS:
            found.setdefault(cell.shape_slug, []).append(cell)
    return list(found.values())


def recorded(study, quick: bool) -> dict:
    """What recording costs by depth, all together, and for each shape: runs that choose a rate and scored ones, as 7 to 3."""
    entries, how = [], study.training
    for cells in shapes(study, quick):
        tuning = measure(cells, [0], how.learning_rates, how)
        scoring = measure(cells, [0, 1, 2], how.learning_rates[len(how.learning_rates) // 2 :][:1], how)
        parts = {part: tuning[part] + scoring[part] for part in tuning}
        entry = {name: getattr(cells[0], name) for name in ("depth", "activation", "normalization")}
        entries.append({**entry, "seconds": parts, "share": share(parts)})
        print(
            f"{cells[0]}: {share(parts):.2f} of the updates; " + ", ".join(f"{p} {v:.2f} s" for p, v in parts.items())
        )
    rows = [
        {"depth": depth, "bar": BAR, "share": geometric_mean([e["share"] for e in entries if e["depth"] == depth])}
        for depth in sorted({entry["depth"] for entry in entries})
    ]
    overall = share({part: sum(entry["seconds"][part] for entry in entries) for part in entries[0]["seconds"]})
    print(f"all shapes together: {overall:.2f}, bar {BAR}")
    return {"summary": rows, "overall": overall, "bar": BAR, "table": entries}


def share(parts: dict[str, float]) -> float:
    """All that is not an update over the updates."""
    return sum(value for part, value in parts.items() if part != "updates") / parts["updates"]


def initial(study, quick: bool) -> dict:
    """Milliseconds of a start that is not trained, by cell, and what all such starts of the study take together."""
    shards: dict = {}
    for shard in study.shards:
        if not shard.training.steps and not (quick and (shard.cell.activation != "tanh" or shard.cell.depth != 10)):
            shards.setdefault(shard.cell, []).append(shard)
    entries, total = [], 0.0
    for cell, own in shards.items():
        seeds, starts = list(own[0].seeds[:STARTS]), sum(len(shard.seeds) for shard in own)
        splits = prepare(cell.dataset, seeds, study.training.study_seed)
        training.train_shard(cell, seeds[:1], own[0].training, splits)  # loads compiled code
        begun = time.process_time()
        training.train_shard(cell, seeds, own[0].training, splits)
        seconds = (time.process_time() - begun) / len(seeds)
        total += seconds * starts
        entries.append({"scheme": cell.scheme, "depth": cell.depth, "activation": cell.activation, "ms": 1e3 * seconds})
        print(f"{cell}: {1e3 * seconds:.0f} ms a start")
    print(f"all starts that are not trained: {total:.0f} s, bar {INITIAL_BAR}")
    return {"seconds": total, "bar": INITIAL_BAR, "table": entries}


def main() -> None:
    """Measure the cells of one scheme and the starts that are not trained, print and write them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a small part of the table")
    quick = parser.parse_args().quick
    study = load_study(Path(__file__).parents[1] / "config.yaml")
    write("recording-quick" if quick else "recording", {**recorded(study, quick), "initial": initial(study, quick)})


if __name__ == "__main__":
    main()
