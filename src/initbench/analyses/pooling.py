"""The scores of a scope's blocks pooled for a pair of schemes: one value a seed, its mean over the blocks that have both."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from initbench.study.cells import BLOCK


@dataclass(frozen=True)
class Cube:
    """Scores (schemes, blocks, seeds) of a scope, NaN where there is no run."""

    scores: np.ndarray
    schemes: list[str]
    seeds: list[int]


def cube_of(part: pd.DataFrame) -> Cube:
    """A `scores` table as a cube."""
    schemes, seeds = sorted(part["scheme"].unique()), sorted(part["seed"].unique())
    wide = part.pivot(index=BLOCK, columns=["scheme", "seed"], values="value")
    wide = wide.reindex(columns=pd.MultiIndex.from_product([schemes, seeds]))
    scores = wide.to_numpy(dtype=float).reshape(len(wide), len(schemes), len(seeds))
    return Cube(np.ascontiguousarray(scores.transpose(1, 0, 2)), schemes, seeds)


@dataclass(frozen=True)
class PooledPair:
    """Values x and y (n,) of two schemes at the seeds marked in `used` (seeds,), the means over so many blocks."""

    blocks: int
    used: np.ndarray
    x: np.ndarray
    y: np.ndarray

    def why_empty(self, names: tuple[str, str]) -> str | None:
        """Why the pair cannot be tested, if it has no value."""
        if not self.blocks:
            return f"cannot be tested, because no block has runs of both {names[0]} and {names[1]}"
        if not self.used.any():
            return "cannot be tested, because no seed has a value in every block under both schemes"
        return None


def pooled_pair(cube: Cube, names: tuple[str, str]) -> PooledPair:
    """Two schemes pooled over the blocks that have both, at the seeds that both have in each of these.

    It looks at nothing but the runs of the two.
    """
    empty = np.full(cube.scores.shape[1:], np.nan)
    sides = [cube.scores[cube.schemes.index(name)] if name in cube.schemes else empty for name in names]
    common = np.logical_and(*(np.isfinite(side).any(axis=1) for side in sides))
    sides = [side[common] for side in sides]
    used = np.logical_and(*(np.isfinite(side).all(axis=0) for side in sides)) & bool(common.any())
    if not used.any():
        return PooledPair(int(common.sum()), used, np.zeros(0), np.zeros(0))
    x, y = (np.ascontiguousarray(side[:, used]).mean(axis=0) for side in sides)
    return PooledPair(int(common.sum()), used, x, y)
