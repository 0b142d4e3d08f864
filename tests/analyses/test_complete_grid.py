"""Which blocks and schemes a scope keeps where cells are missing."""

import itertools

import pandas as pd

from initbench.analyses.scores import complete_grid
from initbench.study.cells import CELL
from initbench.study.default_study import VALUES
from initbench.study.grid import load_study


def table(cells, seeds=range(3)):
    rows = [
        dict.fromkeys(CELL, "x") | {"depth": block, "scheme": scheme, "seed": seed, "value": 0.5, "goodness": 0.5}
        for (block, scheme), seed in itertools.product(cells, seeds)
    ]
    return pd.DataFrame(rows)


ALL = list(itertools.product(range(6), "abcdefgh"))


def test_a_whole_scope_is_kept_without_a_word():
    grid = complete_grid(table(ALL))
    assert grid.runs.shape == (6, 8, 3)
    assert grid.note is None


def test_a_missing_cell_costs_its_block():
    grid = complete_grid(table([cell for cell in ALL if cell != (2, "b")]))
    assert grid.runs.shape == (5, 8, 3)
    assert grid.note == "1 of 6 blocks left out, because they lack a scheme"


def test_a_scheme_that_half_of_the_blocks_are_without_costs_itself():
    grid = complete_grid(table([(block, scheme) for block, scheme in ALL if scheme != "b" or block < 3]))
    assert grid.schemes == list("acdefgh")
    assert grid.runs.shape == (6, 7, 3)
    assert grid.note == "left out, because a block lacks them: b"


def test_blocks_of_another_experiment_do_not_push_schemes_out():
    few = [(block, scheme) for block in range(6, 40) for scheme in "abc"]
    grid = complete_grid(table(ALL + few))
    assert grid.schemes == list("abcdefgh")
    assert grid.runs.shape == (6, 8, 3)
    assert grid.note == "34 of 40 blocks left out, because they lack a scheme"


def test_starts_tried_in_a_few_blocks_cost_no_other_scheme_and_no_block():
    """Five more schemes in one block and one more in two: by their count most blocks would lack more than a quarter."""
    more = [*itertools.product([2], "pqrst"), (2, "z"), (3, "z")]
    grid = complete_grid(table(ALL + more))
    assert grid.schemes == list("abcdefgh")
    assert grid.runs.shape == (6, 8, 3)
    assert grid.note == "left out, because a block lacks them: p, q, r, s, t, z"


def test_a_scope_without_any_complete_part_is_empty():
    grid = complete_grid(table([(0, "a"), (1, "b"), (2, "c")]))
    assert grid.runs.size == 0


def test_the_default_study_is_ranked_on_the_whole_of_its_grid():
    """24 blocks and 8 schemes, whatever is tried beside them in some."""
    cells = {shard.cell for shard in load_study(VALUES).shards if shard.training.steps}
    rows = [{key: getattr(cell, key) for key in CELL} | {"seed": 0, "value": 0.5, "goodness": 0.5} for cell in cells]
    grid = complete_grid(pd.DataFrame(rows))
    assert grid.schemes == sorted(VALUES["schemes"])
    assert grid.runs.shape == (24, 8, 1)
