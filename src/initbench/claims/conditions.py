"""The smallest description, along the axes of the cells, of where a claim holds.

A box is a product of sets, one an axis: "activation relu, depth 1 to 3". A cell is a mapping of axes to values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, combinations_with_replacement
from math import comb

import numpy as np

AXES = [
    "activation",
    "depth",
    "value",
    "n·c",
    "scheme",
    "regime",
    "normalization",
    "width",
    "dataset",
    "bias",
    "factor",
    "architecture",
    "optimizer",
]
CONTINUOUS = {"factor"}  # measured: described by a range that no cell of the other kind falls into, or not at all
NUMERIC = {"depth", "value", "n·c", "width", "bias", "factor"}
LARGEST_DESCRIPTION = 3  # axes named by one exact box; beyond that a union of boxes reads better
MOST_SIDES = 200  # a study of thousands of schemes must not ask for the memory of their pairs
LONGEST_UNION = 3  # boxes that a reader can use, and
MOST_WORDS = 40  # values in them; beyond that one box that is right for most cells reads better

Box = tuple[tuple[str, tuple, tuple], ...]  # (axis, its values inside, its values in the study), axis by axis


@dataclass(frozen=True)
class Condition:
    """The cells in some box, or with `excepted` those in none.

    Where `counts` is None they are exactly the cells in which the claim holds. Else the one box separates them as well as
    a box can: counts are (cells that hold, cells) where the condition is met, then the same where it is not.
    """

    boxes: tuple[Box, ...]
    excepted: bool = False
    counts: tuple[int, int, int, int] | None = None


def condition(cells: Sequence[Mapping], holds: Sequence[bool]) -> Condition:
    """Where a claim holds that holds in some of the cells.

    Tried in this order: one box of the cells that hold, or of those that fail, along as few axes as can be; a union of a
    few boxes, each as wide as the other cells let it be, of those that hold or those that fail, whichever says less; the
    box along one or two axes that separates the two kinds best.
    """
    axes = _varying(cells)
    inside = [cell for cell, held in zip(cells, holds, strict=True) if held]
    outside = [cell for cell, held in zip(cells, holds, strict=True) if not held]
    sides = ((False, inside, outside), (True, outside, inside))
    for size in range(1, LARGEST_DESCRIPTION + 1):
        for excepted, members, others in sides:
            box = _exact_box(axes, size, members, others)
            if box is not None:
                return Condition((_described(box, cells),), excepted)
    plain = [axis for axis in axes if axis not in CONTINUOUS]
    unions = [
        Condition(tuple(_described(box, cells) for box in boxes), excepted)
        for excepted, members, others in sides
        if (boxes := _cover(plain, members, others)) is not None
    ]
    words = {union: sum(len(values) for box in union.boxes for _, values, _ in box) for union in unions}
    shortest = min(words, key=words.get, default=None)
    return shortest if words.get(shortest, MOST_WORDS) < MOST_WORDS else _best_box(axes, cells, np.array(holds))


def _best_box(axes, cells, holds: np.ndarray) -> Condition:
    """The box along one or two axes that puts most cells on the right side; of equals, the one that says least."""
    sides = [(axis, values) for axis in axes for values in _sides(axis, cells)]
    inside = np.array([[cell[axis] in values for cell in cells] for axis, values in sides], dtype=int)
    both, both_holding = inside @ inside.T, (inside * holds) @ inside.T  # a side with itself is a box along one axis
    right = both_holding + (~holds).sum() - (both - both_holding)
    words = [1 if axis in NUMERIC else len(values) for axis, values in sides]
    found = [
        (-number, words[i] + (i != j) * words[j], excepted, i, j)
        for i, j in combinations_with_replacement(range(len(sides)), 2)
        if i == j or sides[i][0] != sides[j][0]
        for excepted, number in ((False, right[i, j]), (True, len(cells) - right[i, j]))
    ]
    *_, excepted, i, j = min(found)
    box = dict((sides[i], sides[j]))
    met = np.array([contains(box, cell) != excepted for cell in cells])
    counts = (holds[met].sum(), met.sum(), holds[~met].sum(), (~met).sum())
    return Condition((_described(box, cells),), excepted, tuple(int(count) for count in counts))


def _sides(axis, cells) -> list[set]:
    """What a box may ask of one axis: a number alone or a range from an end; one or two names of anything else.

    About MOST_SIDES of them: of many numbers some are ends of ranges and none stands alone; many names are not paired.
    """
    known = sorted({cell[axis] for cell in cells})
    if axis in NUMERIC:
        ends = range(1, len(known), -(-len(known) // MOST_SIDES))
        ranges = [set(known[:k]) for k in ends] + [set(known[k:]) for k in ends]
        alone = axis not in CONTINUOUS and len(known) <= MOST_SIDES
        return ranges + [{value} for value in known[1:-1] if alone]
    pairs = combinations(known, 2) if len(known) > 2 and comb(len(known), 2) <= MOST_SIDES else ()
    return [{name} for name in known[:MOST_SIDES]] + [set(pair) for pair in pairs]


def contains(box: Mapping[str, Sequence] | Box, cell: Mapping) -> bool:
    """Whether a cell lies in a box; an axis that the box does not name is free."""
    sides = box.items() if isinstance(box, Mapping) else [(axis, values) for axis, values, _ in box]
    return all(cell[axis] in values for axis, values in sides)


def _varying(cells) -> list[str]:
    """Axes that all cells have and along which they differ; a constant's value says what its scheme's label would."""
    axes = [axis for axis in AXES if all(axis in cell for cell in cells) and len({cell[axis] for cell in cells}) > 1]
    return [axis for axis in axes if not (axis == "scheme" and "value" in axes)]


def _exact_box(axes, size, inside, outside) -> dict | None:
    """The box along `size` axes that holds all of `inside` and nothing of `outside`, fewest values first; None if none."""
    found = []
    for chosen in combinations(axes, size):
        box = {axis: {cell[axis] for cell in inside} for axis in chosen}
        if not any(_within(box, cell) for cell in outside):
            found.append(box)
    return min(found, key=lambda box: sum(1 if a in CONTINUOUS else len(v) for a, v in box.items()), default=None)


def _within(box, cell) -> bool:
    """As `contains`, a continuous side being the whole range between its values."""
    return all(
        min(values) <= cell[axis] <= max(values) if axis in CONTINUOUS else cell[axis] in values
        for axis, values in box.items()
    )


def _cover(axes, inside, outside) -> list[dict] | None:
    """Boxes that together hold all of `inside` and nothing of `outside`, the largest first (greedy set cover).

    None if LONGEST_UNION boxes are not enough.
    """
    others = {axis: np.array([cell[axis] for cell in outside]) for axis in axes}
    known = {axis: dict.fromkeys(cell[axis] for cell in inside) for axis in axes}
    left, boxes = list(inside), []
    while left:
        if len(boxes) == LONGEST_UNION:
            return None
        grown = list({_key(box): box for box in (_grow(cell, known, others, len(outside)) for cell in left)}.values())
        best = max(grown, key=lambda box: (sum(contains(box, cell) for cell in left), -_length(box, known)))
        fresh = [cell for cell in left if contains(best, cell)]
        boxes.append({axis: {cell[axis] for cell in fresh} for axis in best})
        left = [cell for cell in left if not contains(best, cell)]
    return boxes


def _key(box):
    return tuple((axis, frozenset(values)) for axis, values in box.items())


def _length(box, known) -> int:
    return sum(len(values) for axis, values in box.items() if len(values) < len(known[axis]))


def _grow(seed, known, others, outside: int) -> dict:
    """The box of one cell, widened by all that lets no cell of `others` in: whole axes first, the last first.

    known: the values inside, an axis; others: those of the cells outside, an axis, an array (cells outside,).
    """
    met = {axis: values == seed[axis] for axis, values in others.items()}  # which cells outside an axis lets in
    for axis in reversed(known):
        free = {key: hits for key, hits in met.items() if key != axis}
        if not _all(free, outside).any():
            met = free
    box = {axis: {seed[axis]} for axis in met}
    for axis in reversed(met):
        barred = set(others[axis][_all({key: hits for key, hits in met.items() if key != axis}, outside)].tolist())
        box[axis] = {value for value in known[axis] if value not in barred}
        met[axis] = np.isin(others[axis], list(box[axis]))
    return box


def _all(met, outside: int) -> np.ndarray:
    return np.logical_and.reduce([np.ones(outside, bool), *met.values()])


def _described(box: Mapping, cells) -> Box:
    """The box with its values in order, without the axes that it leaves free."""
    sides = []
    for axis, values in box.items():
        known = tuple(sorted({cell[axis] for cell in cells}))
        if len(values) < len(known):
            sides.append((axis, tuple(sorted(values)), known))
    return tuple(sides)
