"""Every two schemes over blocks: in how many the one is better, in how many the difference is too small to matter."""

from itertools import combinations

import numpy as np
import pandas as pd

from initbench.analyses import analysis
from initbench.analyses.scores import BLOCKS, METRIC, NOTE, ROPE, SCHEME, SCOPE, SCORED, frame_of, scopes, scores
from initbench.base.columns import Column
from initbench.statistics.paired import RESOLUTION
from initbench.study.cells import BLOCK

REGIONS = (
    Column(
        "worse",
        float,
        "share of these blocks in which the scheme's mean over seeds lies more than rope below the other's",
        unit="share",
    ),
    Column("within", float, "share in which the two differ by no more than rope", unit="share"),
    Column("better", float, "share in which the scheme's lies more than rope above", unit="share"),
)
COLUMNS = (
    SCOPE, SCORED, SCHEME, Column("other", str, "the scheme it is compared with, later in the alphabet"), BLOCKS, ROPE, *REGIONS, NOTE,
)  # fmt: skip


@analysis("equivalence", row="two schemes in a scope: blocks a region", settings=("rope",), columns=COLUMNS)
def equivalence(tables, settings):
    """Shares of blocks, which sum to 1, by the difference of the two schemes' means over the seeds that both have there.

    They describe the blocks of this study. They are no probabilities of what a further block would show, and the means that
    they count carry the noise of few seeds.
    """
    table = scores(tables.chosen_runs)
    keys, differences = _block_differences(table)
    pairs = list(combinations(sorted(set(table["scheme"])), 2))
    found = []
    for scope, part in scopes(keys):
        shares = _shares(differences[part.index.to_numpy()], settings.rope)
        named = pd.DataFrame(pairs, columns=["scheme", "other"]).assign(scope=scope, metric=METRIC, rope=settings.rope)
        found.append(named.assign(**shares))
    return frame_of(pd.concat(found) if found else [], COLUMNS)


def _block_differences(table: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """Keys of the blocks, and mean differences (blocks, pairs) of schemes in alphabetical order; NaN where a block lacks one."""
    wide = table.pivot(index=[*BLOCK, "seed"], columns="scheme", values="value").sort_index(axis=1)
    values = wide.to_numpy()
    blocks = wide.reset_index()[BLOCK]
    rows = []
    for i in range(values.shape[1] - 1):
        difference = pd.DataFrame(values[:, [i]] - values[:, i + 1 :])
        rows.append(difference.groupby([blocks[key] for key in BLOCK], observed=True).mean())
    keys = blocks.drop_duplicates(ignore_index=True)
    return keys, np.concatenate(rows, axis=1) if rows else np.zeros((len(keys), 0))


def _shares(differences: np.ndarray, rope: float) -> dict[str, np.ndarray]:
    """Blocks, and the share of them in each region, of differences (blocks, pairs); a note where there is no block."""
    present = np.isfinite(differences)
    count = present.sum(axis=0)
    edge = rope * (1 + RESOLUTION)
    regions = {"worse": differences < -edge, "within": np.abs(differences) <= edge, "better": differences > edge}
    with np.errstate(invalid="ignore"):
        shares = {name: np.where(count, region.sum(axis=0) / count, np.nan) for name, region in regions.items()}
    return shares | {"blocks": count, "note": np.where(count, None, "no block has both at one seed")}
