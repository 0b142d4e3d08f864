"""The smallest description, along the axes of the cells, of where a claim holds.

A box is a product of sets, one an axis: "activation relu, depth 1 to 3". A cell is a mapping of axes to values.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations

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
]
CONTINUOUS = {"factor"}  # measured: described by a range that no cell of the other kind falls into, or not at all
NUMERIC = {"depth", "value", "n·c", "width", "bias", "factor"}
WORDS = {
    "en": {"normalization": "normalisation", "value": "constant", "dataset": "data", "regime": "gradient at the start",
           "factor": "factor a layer"},
    "zh": {
        "activation": "激活函数", "depth": "深度", "value": "常数", "n·c": "n·c", "scheme": "方案", "regime": "初始梯度",
        "normalization": "归一化", "width": "宽度", "dataset": "数据集", "bias": "偏置", "factor": "每层因子",
    },
}  # fmt: skip
LARGEST_DESCRIPTION = 3  # axes named by one exact box; beyond that a union of boxes reads better

Box = tuple[tuple[str, tuple, tuple], ...]  # (axis, its values inside, its values in the study), axis by axis


def condition(cells: Sequence[Mapping], holds: Sequence[bool]) -> tuple[tuple[Box, ...], bool]:
    """(boxes, excepted): boxes that hold every cell where the claim holds and no other; with `excepted`, the reverse.

    Tried in this order: one box of the cells that hold, or of those that fail, along as few axes as can be; else a union
    of boxes, each as wide as the other cells let it be, of those that hold or those that fail, whichever says less.
    """
    axes = _varying(cells)
    inside = [cell for cell, held in zip(cells, holds, strict=True) if held]
    outside = [cell for cell, held in zip(cells, holds, strict=True) if not held]
    sides = ((False, inside, outside), (True, outside, inside))
    for size in range(1, LARGEST_DESCRIPTION + 1):
        for excepted, mine, others in sides:
            box = _exact_box(axes, size, mine, others)
            if box is not None:
                return (_described(box, cells),), excepted
    plain = [axis for axis in axes if axis not in CONTINUOUS]
    unions = [(tuple(_described(b, cells) for b in _cover(plain, mine, others)), e) for e, mine, others in sides]
    return min(unions, key=lambda union: sum(len(values) for box in union[0] for _, values, _ in box))


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


def _cover(axes, inside, outside) -> list[dict]:
    """Boxes that together hold all of `inside` and nothing of `outside`, the largest first (greedy set cover)."""
    left, boxes = list(inside), []
    while left:
        grown = [_grow(axes, cell, inside, outside) for cell in left]
        best = max(grown, key=lambda box: (sum(contains(box, cell) for cell in left), -_length(box, inside)))
        fresh = [cell for cell in left if contains(best, cell)]
        boxes.append({axis: {cell[axis] for cell in fresh} for axis in best})
        left = [cell for cell in left if not contains(best, cell)]
    return boxes


def _length(box, inside) -> int:
    return sum(len(values) for axis, values in box.items() if values != {cell[axis] for cell in inside})


def _grow(axes, seed, inside, outside) -> dict:
    """The box of one cell, widened by all that lets no cell of `outside` in: whole axes first, the last first."""
    box = {axis: {seed[axis]} for axis in axes}
    for axis in reversed(axes):
        free = {key: values for key, values in box.items() if key != axis}
        if not any(contains(free, cell) for cell in outside):
            box = free
    for axis in reversed(list(box)):
        for value in dict.fromkeys(cell[axis] for cell in inside):
            wider = box | {axis: box[axis] | {value}}
            if not any(contains(wider, cell) for cell in outside):
                box = wider
    return {axis: {cell[axis] for cell in inside if contains(box, cell)} for axis in box}


def _described(box: Mapping, cells) -> Box:
    """The box with its values in order, without the axes that it leaves free."""
    sides = []
    for axis, values in box.items():
        known = tuple(sorted({cell[axis] for cell in cells}))
        if len(values) < len(known):
            sides.append((axis, tuple(sorted(values)), known))
    return tuple(sides)


def in_words(axis: str, values: Sequence, language: str = "en", known: Sequence = ()) -> str:
    """One side of a box: "activation relu, tanh"; three or more neighbours among `known` numbers as "depth 1 to 10"."""
    digits = ".3g" if axis in CONTINUOUS else "g"
    texts = [f"{value:{digits}}" if isinstance(value, int | float) else str(value) for value in values]
    name = WORDS[language].get(axis, axis)
    place = [list(known).index(value) for value in values if value in known]
    neighbours = len(place) > 2 and place == list(range(place[0], place[0] + len(values)))
    if axis in NUMERIC and (neighbours or (axis in CONTINUOUS and len(values) > 1)):
        return f"{name} {texts[0]} {'to' if language == 'en' else '至'} {texts[-1]}"
    if axis == "scheme" and len(values) == 1 and language == "en" and not known:
        return texts[0]
    return f"{name} {(' or ' if language == 'en' else '、').join(texts)}"
