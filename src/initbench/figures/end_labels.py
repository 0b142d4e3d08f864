"""Names of lines at their right ends, moved apart so that no two meet, each with a thread to its line."""

from collections.abc import Sequence
from typing import NamedTuple

from initbench.figures.style import ink


class EndLabel(NamedTuple):
    """Where a line ends, in the data's units, and what is written there in which colour."""

    y: float
    text: str
    colour: str


def spread(heights: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """The nearest places, in the same order, with at least `gap` between neighbours, within low … high where they fit.

    Least squares: neighbours that would meet form a block around the mean of where they belong.
    """
    order = sorted(range(len(heights)), key=lambda k: heights[k])
    blocks: list[list[float]] = []  # each: sum of (height − own offset), members
    for k in order:
        blocks.append([heights[k], 1])
        while len(blocks) > 1 and _start(blocks[-2], gap) + blocks[-2][1] * gap > _start(blocks[-1], gap):
            total, count = blocks.pop()
            before, members = blocks.pop()
            blocks.append([before + total - gap * members * count, members + count])
    places, k = [0.0] * len(heights), 0
    for block in blocks:
        for member in range(int(block[1])):
            places[order[k]] = _start(block, gap) + gap * member
            k += 1
    return _above(_under(places, order, gap, high), order, gap, low)


def label_ends(axis, labels: Sequence[EndLabel], gap: float) -> None:
    """Write the labels right of a panel whose limits are set; gap: the least distance of two, as a share of its height."""
    low, high = axis.get_ylim()
    of_height = [(label.y - low) / (high - low) for label in labels]
    for label, at, place in zip(labels, of_height, spread(of_height, gap, 0.0, 1.0), strict=True):
        axis.text(1.055, place, label.text, transform=axis.transAxes, va="center", color=ink(label.colour), fontsize=7)
        axis.plot([1.005, 1.045], [at, place], transform=axis.transAxes, color=label.colour, lw=0.5, clip_on=False)


def _start(block: list[float], gap: float) -> float:
    """Where the lowest of a block stands."""
    return block[0] / block[1]


def _under(places: list[float], order: list[int], gap: float, high: float) -> list[float]:
    """Pushed down from the top where they stand above it."""
    for k in reversed(order):
        places[k] = min(places[k], high)
        high = places[k] - gap
    return places


def _above(places: list[float], order: list[int], gap: float, low: float) -> list[float]:
    """Pushed up from the bottom where they stand below it."""
    for k in order:
        places[k] = max(places[k], low)
        low = places[k] + gap
    return places
