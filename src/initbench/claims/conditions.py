"""Where a claim holds that holds in some cells only: one plain phrase along one or two axes, or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from math import inf

import numpy as np

# Of equally good phrases the one whose axes come first here: what governs a claim before what merely goes with it.
AXES = (
    "gradient_ratio", "factor", "n·c", "phase", "activation", "depth", "start", "normalization", "value", "scheme",
    "width", "dataset", "bias", "architecture", "optimizer",
)  # fmt: skip
MEASURED = ("gradient_ratio", "factor")  # thresholds between the values; on other numbers, at them
RIGHT = 0.9  # share of the cells that a phrase must have right: that meet it and hold, or do neither
RIGHT_ON_EITHER_SIDE = 0.8  # the same of those that meet it, and of those that do not
MOST_NAMES = 3  # in one side
MOST_SIDES = 100  # an axis: a study of thousands of schemes must not ask for the memory of their pairs


@dataclass(frozen=True)
class Side:
    """What a phrase asks of one axis: a value among `names`, not `others`; or where there are none one in [low, high]."""

    axis: str
    names: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    low: float = -inf
    high: float = inf

    def met(self, cell: Mapping) -> bool:
        value = cell[self.axis]
        return value in self.names if self.names else self.low <= value <= self.high


@dataclass(frozen=True)
class Condition:
    """All of its sides, or `either` of two; none if no short phrase was found.

    counts: (cells that hold, cells) where it is met, then the same where it is not.
    """

    sides: tuple[Side, ...]
    either: bool
    counts: tuple[int, int, int, int]

    @property
    def exact(self) -> bool:
        """Whether the claim holds in all the cells that meet it and in no other."""
        return self.counts[0] == self.counts[1] and self.counts[2] == 0


def condition(cells: Sequence[Mapping], holds: Sequence[bool]) -> Condition:
    """The phrase that is right for most cells, along one axis if one is right often enough, else along two; none if none is.

    Often enough: for RIGHT of the cells, and for RIGHT_ON_EITHER_SIDE of those on either side.
    """
    sides, held = _sides(cells), np.array(holds, bool)
    inside = np.array([[side.met(cell) for cell in cells] for side in sides], np.int32).reshape(len(sides), len(cells))
    met, there = inside.sum(axis=1), (inside * held).sum(axis=1)
    found, either = _best(there, met, held), False
    chosen = [] if found is None else [found]
    if not chosen:
        axes = np.array([side.axis for side in sides])
        pairs = np.nonzero(np.triu(axes[:, None] != axes))
        both, both_there = (inside @ inside.T)[pairs], ((inside * held) @ inside.T)[pairs]
        one_met, one_there = (counts[pairs[0]] + counts[pairs[1]] for counts in (met, there))
        found = _best(np.r_[both_there, one_there - both_there], np.r_[both, one_met - both], held)
        if found is not None:
            either, place = divmod(found, len(both))
            chosen = [int(pair[place]) for pair in pairs]
    meets = (inside[chosen].any if either else inside[chosen].all)(axis=0)
    counts = (held[meets].sum(), meets.sum(), held[~meets].sum(), (~meets).sum())
    return Condition(tuple(sides[i] for i in chosen), bool(either), tuple(int(count) for count in counts))


def _best(there: np.ndarray, met: np.ndarray, held: np.ndarray) -> int | None:
    """The phrase with most cells right of those that are right often enough, of equals the first.

    there: the cells that hold and meet each phrase, met: those that meet it.
    """
    elsewhere, outside = len(held) - met, len(held) - met - (held.sum() - there)
    good = (met > 0) & (elsewhere > 0) & (there + outside >= RIGHT * len(held))
    good &= (there >= RIGHT_ON_EITHER_SIDE * met) & (outside >= RIGHT_ON_EITHER_SIDE * elsewhere)
    return int(np.argmax(np.where(good, there + outside, -1))) if good.any() else None


def _sides(cells: Sequence[Mapping]) -> list[Side]:
    """All sides along the axes that every cell has, each with the one that says the contrary, in the order of AXES."""
    sides = []
    for axis in AXES:
        known = {cell.get(axis) for cell in cells}
        if len(known) > 1 and all(value == value and value is not None for value in known):  # NaN is no place
            sides += _choices(axis, sorted(known)) if isinstance(min(known), str) else _thresholds(axis, sorted(known))
    return sides


def _thresholds(axis: str, known: list) -> list[Side]:
    sides = []
    for k in range(1, len(known), -(-len(known) // MOST_SIDES)):
        low, high = known[k - 1], known[k]
        if axis in MEASURED:
            low = high = _round_between(low, high)
        sides += [Side(axis, high=low), Side(axis, low=high)]
    return sides


def _choices(axis: str, known: list) -> list[Side]:
    few = (names for size in range(1, MOST_NAMES + 1) for names in combinations(known, size) if 2 * size <= len(known))
    pairs = [(names, tuple(name for name in known if name not in names)) for names in islice(few, MOST_SIDES)]
    return [Side(axis, *pair) for names, others in pairs for pair in ((names, others), (others, names))]


def _round_between(low: float, high: float) -> float:
    """The number of fewest digits that lies between two; one of them if no number of eight digits does."""
    for digits in range(1, 9):
        for value in (low**0.5 * high**0.5 if low > 0 and high < inf else low, low, high):
            found = float(f"{value:.{digits}g}")
            if low < found < high:
                return found
    return high
