"""Lines of schemes over layers or updates: each in its look, on axes of factors on which 1 is ticked and zero has a place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from initbench.base.numbers import RAISED
from initbench.figures.end_labels import EndLabel, label_ends
from initbench.figures.style import INK, look, of_look

MARKS = 4  # on a line
BEYOND = 16  # decades from 1: what lies beyond is drawn at the edge
TICKS = 5


@dataclass(frozen=True)
class Decades:
    """An axis of powers of ten. low, high: exponents at its ends. zero: where exact zeros stand below a break, or None.

    beyond: whether values lie under the low end and are drawn there.
    """

    low: float
    high: float
    zero: float | None = None
    beyond: bool = False

    @classmethod
    def of(cls, values: Iterable[float]) -> "Decades":
        """An axis that holds these values, those that are not finite left out, and 1."""
        values = np.asarray(list(values), float)
        values = values[np.isfinite(values)]
        logs = np.log10(values[values > 0]) if (values > 0).any() else np.zeros(1)
        low, high = min(float(logs.min()), -0.5), max(float(logs.max()), 0.5)
        beyond = low < -BEYOND
        low, high = max(low, -BEYOND), min(high, BEYOND)
        margin = 0.06 * (high - low)
        gap = 0.16 * (high - low)
        return cls(low - margin, high + margin, low - margin - gap if (values == 0).any() else None, beyond)

    def place(self, values) -> np.ndarray:
        """Where values stand: the exponent of ten, at most at the ends, as are infinite ones; exact zeros below the break."""
        values = np.asarray(values, float)
        with np.errstate(divide="ignore", invalid="ignore"):
            exponents = np.clip(np.log10(np.abs(values)), -BEYOND, BEYOND)
        exponents = np.where(np.isinf(values), self.high, exponents)
        return np.where(values == 0, np.nan if self.zero is None else self.zero, exponents)

    def draw(self, axis, named: bool = True) -> None:
        """Set a panel's y axis up: powers of ten, 1 among them and bold across; "= 0" below a broken end."""
        step = max(1, int(np.ceil((self.high - self.low) / TICKS)))
        first = self.low if not self.beyond else step / 2 - BEYOND
        found: list[float] = [k for k in range(-BEYOND, BEYOND + 1) if k % step == 0 and first <= k <= self.high]
        names = ["1" if k == 0 else "10" + str(k).translate(RAISED) for k in found]
        if self.beyond:
            found, names = [-BEYOND, *found], ["≤ 10" + str(-BEYOND).translate(RAISED), *names]
        bottom = self.low
        if self.zero is not None:
            found, names, bottom = [self.zero, *found], ["= 0", *names], self.zero - 0.06 * (self.high - self.low)
            self._broken(axis)
        axis.set_yticks(found, names if named else [""] * len(names))
        axis.set_ylim(bottom, self.high)
        axis.axhline(0, color=INK, lw=0.9, zorder=1.5)

    def _broken(self, axis) -> None:
        """Two strokes across the axis between zero and the least power of ten, and no axis between them."""
        middle, half = (self.zero + self.low) / 2, 0.012 * (self.high - self.low)
        for at in (middle - half, middle + half):
            axis.plot([-0.015, 0.015], [at, at], transform=axis.get_yaxis_transform(), color=INK, lw=0.6, clip_on=False)
        axis.axhspan(middle - half, middle + half, color="white", lw=0, zorder=1.2)


def draw_line(axis, x: Sequence[float], y: Sequence[float], scheme: str, shift: int = 0, **options) -> None:
    """One line in the scheme's look, with few marks; shift: of the first mark, so that those of equal lines do not coincide."""
    every = max(1, -(-len(x) // MARKS))
    axis.plot(x, y, **of_look(scheme) | {"markevery": (shift % every, every), "clip_on": False} | options)


def name_ends(axis, ends: Sequence[tuple[float, str]], gap: float) -> None:
    """Write each scheme's name at the right end of its line: (y, scheme); gap: as `end_labels.label_ends`."""
    known = [EndLabel(y, scheme, look(scheme).colour) for y, scheme in ends if np.isfinite(y)]
    label_ends(axis, known, gap)
