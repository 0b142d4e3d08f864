"""Where the units of a layer go in training: together, as long as they are copies of one, or apart."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from initbench.activations import get_activation
from initbench.analyses import FIRST_SPLITS, analysis
from initbench.base.columns import Column
from initbench.datasets.splits import Splits
from initbench.engine.ensemble import Ensemble
from initbench.engine.recording import run
from initbench.engine.schedule import recorded_steps, seed_groups
from initbench.engine.start import draw_parameters, products_for, rate_factors_of
from initbench.network.layer import grouped, split
from initbench.optimizers import build
from initbench.probes.batch import ProbeBatch
from initbench.schemes.label import parse_scheme
from initbench.study.cells import BLOCK, CELL, Cell, Training
from initbench.study.signatures import trained_by

FRAMES = 12  # recorded updates, the start among them
BEYOND = 1e100  # weights as large as that are not shown: their squares are no numbers
EACH = 2  # starts of one value, and as many random ones
ONE_VALUE = ("zeros", "constant")
RANDOM = (
    "small_normal",
    "xavier_tanh",
    "he_normal",
    "lecun_normal",
    "orthogonal",
)  # those shown first, if they are there
COLUMNS = (
    Column("scheme", str, "how the parameters were drawn"),
    Column("step", int, "updates until then; none at the start", unit="updates"),
    Column("unit", int, "number of the unit in the first hidden layer, from 0"),
    Column(
        "x", float, "where its incoming weights lie along the first principal direction, from the mean at the start"
    ),
    Column("y", float, "along the second"),
    Column("distinct_units", int, "units of the layer whose incoming weights and bias differ, to the last bit"),
    Column("valid_accuracy", float, "validation accuracy of the network then", unit="share"),
    Column(
        "spread_shown",
        float,
        "share of the squared distances, of all starts and steps, that the plane shows",
        unit="share",
    ),
    Column("dataset", str, "name of the data set"),
    Column("width", int, "units of a hidden layer", unit="units"),
    Column("depth", int, "number of hidden layers", unit="layers"),
    Column("activation", str, "φ"),
    Column("learning_rate", float, "step size: the one that is chosen for the cell"),
    Column("seed", int, "seed of split, draws and batch order"),
)


def code_used(study) -> set:
    """The code that any cell of a study is trained by."""
    cells = {
        (parse_scheme(cell.scheme).name, cell.activation, cell.architecture, cell.optimizer) for cell in study.cells
    }
    return {thing for names in cells for thing in trained_by(*names)}


@analysis(
    "unit_paths",
    row="a unit of the first hidden layer at a recorded step, in the plane in which the units of all shown starts differ most",
    reads=("runs", FIRST_SPLITS),
    settings=("training",),
    group="networks",
    uses=code_used,
    columns=COLUMNS,
)
def unit_paths(tables, settings):
    """Train a few starts of one block of each data set for one seed, and follow the units of their first layer in one plane.

    Without rows of a data set of which no block was trained both from one value and from random numbers.
    """
    runs, how = tables.chosen_runs, replace(settings.training, records=FRAMES - 1)
    with threadpool_limits(limits=1, user_api="blas"):  # else rounding would depend on their number
        frames = [_followed(runs[runs["dataset"] == name], splits, how) for name, splits in tables.prepared_data()]
    found = [frame for frame in frames if len(frame)]
    return pd.concat(found) if found else frames[0]


def _followed(runs: pd.DataFrame, splits: Splits, how: Training) -> pd.DataFrame:
    """The rows of one data set."""
    starts = shown_starts(runs)
    paths = {name: _path(cell, rate, splits, how) for name, (cell, rate) in starts.items()}
    return _frame(paths, starts, int(splits.seeds[0]))


def shown_starts(runs: pd.DataFrame) -> dict[str, tuple[Cell, float]]:
    """Scheme → its cell and learning rate: up to four starts of one block, of one value and random, in that order.

    The block is one that has most of them; of those the shallowest, without normalisation, where φ(0) ≠ 0: there even zeros
    move.
    """
    cells = runs[runs["depth"] > 0].drop_duplicates(CELL).set_index("scheme")
    blocks = {key: block for key, block in cells.groupby(BLOCK, observed=True) if all(_kinds(block.index))}
    if not blocks:
        return {}

    def rank(key: tuple) -> tuple:
        block = dict(zip(BLOCK, key, strict=True))
        still = float(get_activation(block["activation"])(0.0)) == 0
        shown = sum(len(names) for names in _kinds(blocks[key].index))
        return -shown, block["normalization"] != "none", block["depth"], still, -block["width"], key

    found = blocks[min(blocks, key=rank)]
    return {
        scheme: (Cell(**found.loc[scheme, BLOCK].to_dict(), scheme=scheme), float(found.loc[scheme, "learning_rate"]))
        for names in _kinds(found.index)
        for scheme in names
    }


def _kinds(schemes) -> tuple[list[str], list[str]]:
    """Of some schemes the one-value starts that are shown, and the random ones: the usual ones first."""
    flat = sorted(label for label in schemes if parse_scheme(label).name in ONE_VALUE)
    flat.sort(key=lambda label: ONE_VALUE.index(parse_scheme(label).name))
    one_a_name = list({parse_scheme(label).name: label for label in reversed(flat)}.values())[::-1]
    drawn = sorted(label for label in schemes if label not in flat)
    drawn.sort(key=lambda label: RANDOM.index(label) if label in RANDOM else len(RANDOM))
    return one_a_name[:EACH], drawn[:EACH]


def _path(cell: Cell, rate: float, splits: Splits, how: Training) -> list[tuple[int, np.ndarray, float]]:
    """(step, incoming weights and bias of each unit (units, fan_in + 1), validation accuracy) at every recorded step.

    Of a run that diverges the start alone: what comes before would stretch the plane beyond use, and so would a start BEYOND.
    """
    seed = int(splits.seeds[0])
    data, network = splits.of(seed), cell.build(splits.features.shape[1], len(splits.classes))
    flat = draw_parameters(cell, network, seed, how, ProbeBatch.of([data], [seed], how.study_seed).inputs[0])
    groups, products = seed_groups([data], [seed], how, 1), products_for(network, how, flat)
    samples, factors = groups[0].batches.shape[1], rate_factors_of([cell], network)
    optimizer, rates = build(cell.optimizer, vars(how)), np.array([[rate]])
    ensemble = Ensemble(network, optimizer, flat[None], rates, samples, how.dtype, products, factors)
    start = ensemble.flat.copy()
    history, stacks, _ = run(ensemble, groups, how)
    steps, end = recorded_steps(how).tolist(), int(ensemble.diverged_step[0])
    units = [_incoming(split(stack, network), network) for stack in (start, *stacks)]
    found = zip(steps, units, history["valid_accuracy"][0].tolist(), strict=True)
    shown = [frame for frame in found if end < 0 or frame[0] == 0]
    return [frame for frame in shown if np.abs(frame[1]).max() < BEYOND]


def _incoming(parameters, network) -> np.ndarray:
    """What the units of the first hidden layer are made of, a row a unit."""
    first = grouped(parameters, network)[0]
    return np.concatenate([array[0].reshape(-1, network.maps[0].weight.shape[-1]) for array in first]).T.astype(float)


def _frame(paths: Mapping[str, list], starts: Mapping[str, tuple[Cell, float]], seed: int) -> pd.DataFrame:
    """The rows of all paths."""
    weights = {name: [units[:, :-1] for _, units, _ in path] for name, path in paths.items()}
    places, share = in_one_plane([each for path in weights.values() for each in path], [*map(len, weights.values())])
    parts, place = [], iter(places)
    for name, path in paths.items():
        cell, rate = starts[name]
        alike = {key: getattr(cell, key) for key in ("dataset", "width", "depth", "activation")}
        for step, units, accuracy in path:
            at = next(place)
            row = {"scheme": name, "step": step, "unit": np.arange(len(at)), "x": at[:, 0], "y": at[:, 1]}
            row |= {"distinct_units": len(np.unique(units, axis=0)), "valid_accuracy": accuracy, "spread_shown": share}
            parts.append(pd.DataFrame(row | alike | {"learning_rate": rate, "seed": seed}))
    return pd.concat(parts) if parts else pd.DataFrame(columns=[column.name for column in COLUMNS])


def in_one_plane(weights: list[np.ndarray], lengths: list[int]) -> tuple[list[np.ndarray], float]:
    """The rows of some matrices (units, fan_in) in the plane of their two principal directions, (units, 2) each.

    The matrices follow each other along paths of the given lengths. Each is taken from the mean row at the start of its
    path. Second: the share of all squares that the plane holds. A direction points to where its largest component is
    positive. Equal rows come out equal to the last bit: no BLAS is asked.
    """
    if not weights:
        return [], float("nan")
    firsts = np.repeat(np.cumsum([0, *lengths[:-1]]), lengths)
    moved = [each - weights[first].mean(axis=0) for each, first in zip(weights, firsts, strict=True)]
    rows = np.concatenate(moved)
    if rows.shape[1] == 1:  # one feature: there is one direction
        rows = np.pad(rows, ((0, 0), (0, 1)))
    _, sizes, directions = np.linalg.svd(rows, full_matrices=False)
    signs = [np.sign(direction[np.abs(direction).argmax()]) for direction in directions[:2]]
    flat = np.stack(
        [sign * (rows * direction).sum(axis=1) for sign, direction in zip(signs, directions, strict=False)], axis=1
    )
    squares = np.square(sizes)
    share = float(squares[:2].sum() / squares.sum()) if squares.sum() else float("nan")
    return np.split(flat, np.cumsum([len(each) for each in weights])[:-1]), share
