"""Studies in which all schemes are one scheme with other draws: python validation/identical_schemes.py [STUDIES] [--trained].

Prints how often each test of the tables calls them different and how often each interval holds the truth. The analyses of the
package compute the tables, so that what a study shows is what is validated. The runs are made up (seeds with levels of their own
that all schemes share, accuracies in steps of 1/360, noise partly common to the blocks, rates chosen on tuning seeds), or, with
--trained, those of small networks on the digits, whose schemes differ in the study seed of their draws and batches alone.
"""

import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from trained_studies import trained

from initbench.analyses import Settings
from initbench.analyses.making import compute
from initbench.base.parquet import write_parquet
from initbench.base.randomness import keyed
from initbench.statistics.proportions import clopper_pearson
from initbench.study.cells import BLOCK, CELL, FIRST_TUNING_SEED
from initbench.tables.schema import arrow_table, measured_tables
from initbench.tables.views import Tables

# names alone; the last is the reference
SCHEMES = ("lecun_normal", "sparse", "truncated_normal", "xavier_sigmoid", "xavier_tanh")
SETTINGS = Settings(SCHEMES[-1])
DATASETS, ACTIVATIONS, DEPTHS, RATES = ("digits", "noise", "spirals"), ("relu", "tanh"), (1, 3), (0.01, 0.03, 0.1)
SEEDS, TUNING, SAMPLES = 10, 3, 360
LEVEL = 341  # profiles are looked at between this many of the samples and the next
SPREAD, COMMON = 0.006, 0.3  # standard deviation of a run; share of its variance that is common to a seed's blocks
SCOPES = tuple(f"dataset={name}" for name in DATASETS)  # they share no runs, so that they are independent

# table, what counts, column of p, keys of a family, adjusted for the whole family
TESTS = (
    ("comparisons", "p", BLOCK, False),
    ("comparisons", "p_adjusted", BLOCK, True),
    ("comparisons", "p_over_blocks", ["dataset"], True),
    ("pooled_comparisons", "p", ["scope"], False),
    ("pooled_comparisons", "p_adjusted", ["scope"], True),
    ("scheme_pairs", "p", ["scope"], False),
    ("scheme_pairs", "p_adjusted", ["scope"], True),
    ("interactions", "p_adjusted", ["dataset", "factor"], True),
    ("rank_tests", "p", ["scope"], True),
    ("rank_pairs", "nemenyi_p", ["scope"], True),
    ("rank_pairs", "wilcoxon_p_adjusted", ["scope"], True),
    ("outcome_comparisons", "p", [*BLOCK, "outcome"], False),
    ("outcome_comparisons", "p_adjusted", [*BLOCK, "outcome"], True),
)
# table, ends, keys of a family, the truth: a number, or the column whose expectation it is
INTERVALS = (
    ("comparisons", "mean_low", "mean_high", BLOCK, 0.0),
    ("pooled_comparisons", "mean_low", "mean_high", ["scope"], 0.0),
    ("scheme_pairs", "mean_low", "mean_high", ["scope"], 0.0),
    ("interactions", "low", "high", ["dataset", "factor"], 0.0),
    ("improvements", "low", "high", ["scope"], 0.5),
    ("rankings", "mean_rank_low", "mean_rank_high", ["scope"], (len(SCHEMES) + 1) / 2),
    ("rankings", "seed_rank_low", "seed_rank_high", ["scope"], (len(SCHEMES) + 1) / 2),
    ("aggregates", "low", "high", ["scope"], "value"),
    ("profiles", "low", "high", ["scope"], "share"),
    ("best", "low", "high", BLOCK, "mean"),
    ("outcome_rates", "rate_low", "rate_high", [*BLOCK, "outcome"], "rate"),
)
READ = sorted({table for table, *_ in (*TESTS, *INTERVALS)})
RARE = {"aggregates", "improvements", "profiles", "rankings"}  # bootstraps: of every second study, for their time


def made_up(study: int) -> pd.DataFrame:
    """The runs of one study of identical schemes."""
    rng, parts = keyed(0, "identical schemes", study), []
    seeds, shape = SEEDS + TUNING, (len(SCHEMES), len(RATES), SEEDS + TUNING)
    for dataset in DATASETS:
        level, common = 0.95 + 0.015 * rng.standard_normal(seeds), rng.standard_normal(shape)
        for activation, depth in product(ACTIVATIONS, DEPTHS):
            noise = np.sqrt(COMMON) * common + np.sqrt(1 - COMMON) * rng.standard_normal(shape)
            parts.append(_block(level - 0.005 * depth + SPREAD * noise).assign(
                dataset=dataset, activation=activation, depth=depth,
                architecture="mlp", width=64, normalization="none", optimizer="sgd",
            ))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _block(accuracy: np.ndarray) -> pd.DataFrame:
    """The runs of a block from accuracies (schemes, rates, seeds): the tuning seeds at every rate, the others at the chosen one."""
    accuracy = np.clip(np.round(accuracy * SAMPLES) / SAMPLES, 0, 1)
    chosen = accuracy[:, :, :TUNING].mean(axis=2).argmax(axis=1)
    rows = [
        (scheme, RATES[r], seed + FIRST_TUNING_SEED if seed < TUNING else seed - TUNING, seed < TUNING, accuracy[s, r, seed])
        for (s, scheme), r, seed in product(enumerate(SCHEMES), range(len(RATES)), range(accuracy.shape[2]))
        if seed < TUNING or r == chosen[s]
    ]  # fmt: skip
    runs = pd.DataFrame(rows, columns=["scheme", "learning_rate", "seed", "tuning", "test_accuracy"])
    status = np.where(runs["test_accuracy"] > 0.945, "trained", "slow")
    losses = dict.fromkeys(("train_loss", "valid_loss", "test_loss"), 0.1) | {"steps": 100, "steps_to_target": 50.0}
    accuracies = dict.fromkeys(("train_accuracy", "valid_accuracy"), runs["test_accuracy"])
    return runs.drop(columns="tuning").assign(
        role=np.where(runs["tuning"], "tuning", "scoring"), selected=~runs["tuning"], status=status, diverged_step=None,
        **losses, **accuracies,
    )  # fmt: skip


def tables_of(runs: pd.DataFrame, folder: Path, names: Iterable[str] = READ) -> dict[str, pd.DataFrame]:
    """The tables that the package makes of runs: scopes that share no runs, the interquartile mean, one level."""
    write_parquet(arrow_table(runs, measured_tables()["runs"].columns), folder / "runs.parquet")
    tables = Tables({"runs": str(folder / "runs.parquet")})
    made = {name: compute(name, tables, SETTINGS).to_pandas() for name in names}
    scored = runs[runs["selected"]].groupby(CELL)["test_accuracy"].mean().groupby(BLOCK).mean().rename("mean")
    made["best"] = made["best"].merge(scored.reset_index(), on=BLOCK)
    if "aggregates" in made:
        made["aggregates"] = made["aggregates"].query("aggregate == 'iqm'")
        made["profiles"] = made["profiles"][np.floor(made["profiles"]["threshold"] * SAMPLES + 1e-6) == LEVEL]
    for name in made:
        if "scope" in made[name] and not name.startswith("rank_"):  # tests of ranks are over data sets already
            made[name] = _apart(made[name])
    return {name: _by_scheme(frame) for name, frame in made.items()}


def _apart(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of scopes that share no runs."""
    return frame[frame["scope"].isin(SCOPES)]


def _by_scheme(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows by scheme, so that the first of a family is no best one."""
    return frame.sort_values("scheme", kind="stable") if "scheme" in frame else frame


def false_positives(frames: Iterable[pd.DataFrame], p: str, family: list[str], whole: bool) -> tuple[int, int]:
    """In how many families the smallest p (or, of tests for themselves, the first) is at most 0.05, and of how many.

    A family gives one number, since its rows are not independent.
    """
    found = [frame[frame[p].notna()].groupby(family, observed=True)[p] for frame in frames]
    smallest = pd.concat([group.min() if whole else group.first() for group in found])
    return int((smallest <= 0.05).sum()), len(smallest)


def coverage(frames: list[pd.DataFrame], low: str, high: str, family: list[str], truth: float | str) -> tuple[int, int]:
    """How many families' first interval holds the truth, of how many; an expectation is the mean over the studies."""
    expected = truth if not isinstance(truth, str) else pd.concat(frames).groupby(family, observed=True)[truth].mean()
    held = []
    for frame in frames:
        first = frame[frame[low].notna()].groupby(family, observed=True)[[low, high]].first()
        value = expected.loc[first.index] if isinstance(truth, str) else expected
        held.append((first[low] <= value + 1e-9) & (value - 1e-9 <= first[high]))
    every = pd.concat(held)
    return int(every.sum()), len(every)


def called_worse(frames: Iterable[pd.DataFrame]) -> tuple[int, int]:
    """In how many blocks `best` calls a scheme worse, of how many."""
    worse = pd.concat(list(frames))["worse"]
    return int(worse.notna().sum()), len(worse)


def studies(count: int, make: Callable[[int], pd.DataFrame]) -> Iterator[dict[str, pd.DataFrame]]:
    """The tables of so many studies."""
    with tempfile.TemporaryDirectory() as folder:
        for study in range(count):
            names = [name for name in READ if study % 2 == 0 or name not in RARE]
            yield tables_of(make(study), Path(folder), names)


def share(count: int, n: int) -> str:
    """A share with its interval."""
    return "{:.3f} ({:.3f}–{:.3f}) | {}".format(count / n, *clopper_pearson(count, n), n) if n else " | 0"


def main(count: int = 100, make: Callable[[int], pd.DataFrame] = made_up) -> None:
    """Print both tables."""
    found: dict[str, list[pd.DataFrame]] = {name: [] for name in READ}
    for tables in studies(count, make):
        for name, frame in tables.items():
            found[name].append(frame)
    print("| table | test | a number a | false positives at 0.05 | of |\n|---|---|---|---|---|")
    for table, p, family, whole in TESTS:
        every = "any of a family" if whole else "one of a family"
        print(
            f"| {table} | {p}, {every} | {_unit(family)} | {share(*false_positives(found[table], p, family, whole))} |"
        )
    print(f"| best | a scheme called worse | block | {share(*called_worse(found['best']))} |")
    print("\n| table | interval | a number a | coverage, nominal 0.95 | of |\n|---|---|---|---|---|")
    for table, low, high, family, truth in INTERVALS:
        held = share(*coverage(found[table], low, high, family, truth))
        print(f"| {table} | {low}, {high} | {_unit(family)} | {held} |")


def _unit(family: list[str]) -> str:
    return ", ".join(["block", *family[len(BLOCK) :]]) if family[: len(BLOCK)] == BLOCK else ", ".join(family)


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    networks = partial(trained, schemes=SCHEMES, seeds=SEEDS, tuning=TUNING)
    main(*numbers[:1], make=networks if "--trained" in sys.argv else made_up)
