"""Schemes ranked across blocks: mean ranks with intervals over seeds.

What the blocks of one data set are: different networks on the same data with the same seeds. Ranks over them describe
this grid; `rank_tests` tests ranks over blocks that share nothing, and `scheme_pairs` compares schemes over seeds.
"""

import numpy as np

from initbench.analyses import analysis
from initbench.analyses.scores import (
    BLOCKS,
    CONFIDENCE,
    METRIC,
    MINIMUM_SEEDS,
    NOTE,
    SCHEME,
    SCOPE,
    SCORED,
    SEEDS,
    Grid,
    complete_grid,
    data_set_scopes,
    frame_of,
    join_notes,
    scopes,
    scores,
)  # fmt: skip
from initbench.base.columns import Column
from initbench.base.randomness import keyed
from initbench.statistics import ranks

RANK_COLUMNS = (
    Column("mean_rank", float, "mean over blocks of the rank of the scheme's mean over seeds; 1 is the best"),
    Column(
        "mean_rank_low", float,
        "lower end of its 95 % interval (cluster bootstrap over seeds): of the rank expected of means over so many seeds, "
        "not of the rank of the true means, which it covers in about 81 % of studies",
    ),
    Column("mean_rank_high", float, "upper end"),
    Column("seed_rank", float, "mean over seeds and blocks of the rank of the scheme's single run"),
    Column(
        "seed_rank_low", float,
        "lower end of its 95 % interval (Student's t over seeds): of the rank expected of single runs",
    ),
    Column("seed_rank_high", float, "upper end"),
)  # fmt: skip
COLUMNS = (
    SCOPE, SCORED, SCHEME,
    *RANK_COLUMNS,
    Column("schemes", int, "schemes that were ranked"),
    BLOCKS, SEEDS, NOTE,
)  # fmt: skip


@analysis("rankings", row="a scheme in a scope, best first", columns=COLUMNS)
def rankings(tables, settings):
    """Mean rank of every scheme over the blocks of a scope; 1 is the best, ties share the average, a diverged run is worst.

    Over blocks: ranks of cell means. Over seeds: ranks of single runs within block and seed.
    """
    table = scores(tables.chosen_runs)
    keyed_scopes = [(scope, scope, part) for scope, part in scopes(table)]
    keyed_scopes += [(scope, "all", part) for scope, part in data_set_scopes(table)]  # its own blocks are all it knows
    rows = []
    for scope, key, part in keyed_scopes:
        grid = complete_grid(part)
        blocks, k, seeds = grid.runs.shape
        shared = {"scope": scope, "metric": METRIC, "schemes": k, "blocks": blocks, "seeds": seeds}
        ranked = [shared | row for row in _mean_ranks(grid, key)]
        rows += sorted(ranked, key=lambda row: (np.nan_to_num(row["mean_rank"]), row["scheme"]))
    return frame_of(rows, COLUMNS)


def _mean_ranks(grid: Grid, key: str) -> list[dict]:
    """Both mean ranks of each scheme, with their intervals."""
    _, k, seeds = grid.runs.shape
    columns = dict.fromkeys([column.name for column in RANK_COLUMNS], np.full(k, np.nan))
    note = None if grid.runs.size else "cannot be ranked, because no block has every scheme at one seed"
    if grid.runs.size:
        mean = columns["mean_rank"] = ranks.rank_rows(grid.runs.mean(axis=-1)).mean(axis=0)
        each = ranks.seed_ranks(grid.goodness)
        columns["seed_rank"] = each.mean(axis=0)
        if seeds < MINIMUM_SEEDS:
            note = f"no interval from {seeds} seeds: it takes {MINIMUM_SEEDS}"
        else:
            drawn = ranks.bootstrap_mean_ranks(grid.runs, keyed(0, "mean ranks", key))
            ends = ranks.mean_rank_interval(mean, drawn, seeds, CONFIDENCE)
            columns["mean_rank_low"], columns["mean_rank_high"] = ends
            columns["seed_rank_low"], columns["seed_rank_high"] = np.clip(ranks.t_interval(each, CONFIDENCE), 1, k)
    rows = [{"scheme": s} | {name: float(columns[name][i]) for name in columns} for i, s in enumerate(grid.schemes)]
    return [row | {"note": join_notes(note, None if note else _unvaried(row), grid.note)} for row in rows]


def _unvaried(row: dict) -> str | None:
    """Which ranks have no interval although there are seeds enough."""
    without = [name for name in ("mean_rank", "seed_rank") if np.isnan(row[f"{name}_low"])]
    return (
        f"no interval of {' and '.join(without)}, because other seeds of this study change nothing" if without else None
    )
