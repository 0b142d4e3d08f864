"""Three axes in place of the one seed: which split, which draw of the parameters, which order of the batches."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SeedAxes:
    """So many splits, draws and batch orders, every one with every other. The level k of an axis is what seed k has of it."""

    split: int
    draw: int
    order: int

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> "SeedAxes | None":
        """Those of a study's configuration; None if one seed drives all three."""
        return None if config["seed_axes"] is None else cls(**config["seed_axes"])

    @property
    def seeds(self) -> int:
        """How many runs of a cell cross them."""
        return self.split * self.draw * self.order

    def levels(self, seed: int) -> tuple[int, int, int]:
        """(split, draw, order) of a run by its number, the order counting fastest; of a tuning seed, itself three times."""
        if seed >= self.seeds:
            return seed, seed, seed
        return seed // (self.draw * self.order), seed // self.order % self.draw, seed % self.order
