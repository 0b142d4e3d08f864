"""The choice of learning rates: the declared rule and its ties, on the runs of one role, whatever their order."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from initbench.base.parquet import write_parquet
from initbench.study.cells import CELL, Cell
from initbench.tables.choices import at_choice, choices_of
from initbench.tables.shards import MADE_FROM
from initbench.tables.status import rates_by_merit

CELLS = [Cell("digits", 16, 2, "tanh", "none", scheme) for scheme in ("he_normal", "zeros")]


def best(accuracy, loss, rates=(0.1, 0.1, 1.0, 1.0)):
    return rates_by_merit(np.array(rates), np.array(accuracy), np.array(loss))[0]


def test_the_highest_mean_accuracy_wins_then_the_lower_mean_loss_then_the_smaller_rate():
    assert best([0.5, 0.5, 0.9, 0.9], [1.0] * 4) == 1.0
    assert best([0.5, 0.5, 0.9, np.nan], [1.0] * 4) == 0.1  # diverged counts as 0
    assert best([0.5, 0.5, 0.5, 0.5], [1.0, 1.0, 0.5, 0.5]) == 1.0
    assert best([0.5, 0.5, 0.5, 0.5], [1.0] * 4) == 0.1
    assert best([np.nan] * 4, [np.nan] * 4) == 0.1  # all diverged: the rule's rate all the same


RUNS = st.lists(st.tuples(st.sampled_from([0.01, 0.1, 1.0]), st.sampled_from([0.2, 0.5, None]), st.sampled_from([1.0, 2.0])),
                min_size=1, max_size=12)  # fmt: skip


@given(RUNS, st.randoms())
def test_the_first_rate_has_the_best_merit_whatever_the_order_of_the_runs(runs, random):
    def merit(rate):
        mine = [(accuracy or 0.0, loss if accuracy else np.inf) for r, accuracy, loss in runs if r == rate]
        accuracy, loss = (round(sum(part) / len(mine), 7) for part in zip(*mine, strict=True))
        return -accuracy, loss, rate

    def ordered(rows):
        rates, accuracy, loss = zip(*rows, strict=True)
        return rates_by_merit(np.array(rates), np.array(accuracy, dtype=float), np.array(loss)).tolist()

    shuffled = list(runs)
    random.shuffle(shuffled)
    assert ordered(runs) == ordered(shuffled) == sorted({rate for rate, _, _ in runs}, key=merit)


def shards(rows, role="tuning", cells=CELLS[:1]):
    """What `choices_of` reads of runs (seed, learning rate, accuracy; None if it diverged)."""
    columns = {key: [getattr(cell, key) for cell in cells for _ in rows] for key in CELL}
    seeds, rates, accuracies = (list(part) * len(cells) for part in zip(*rows, strict=True))
    columns |= {"role": [role] * len(seeds), "seed": seeds, "learning_rate": pa.array(rates, pa.float64())}
    columns |= {"diverged_step": [1 if accuracy is None else -1 for accuracy in accuracies]}
    for name in ("valid_accuracy", "valid_loss"):
        last = [np.nan if value is None else value for value in accuracies]
        flat = pa.array(np.array([[0.1, value] for value in last]).ravel())
        columns[name] = pa.FixedSizeListArray.from_arrays(flat, 2)
    return pa.table(columns)


def test_a_choice_says_what_it_was_chosen_from_and_whether_it_lies_at_an_edge():
    rows = [(seed, rate, accuracy) for seed in (7, 8) for rate, accuracy in ((0.01, 0.2), (0.1, 0.6), (1.0, None))]
    (found,) = choices_of(shards(rows)).to_pylist()
    assert {"learning_rate": 0.1, "role": "tuning", "seeds": 2, "rates": 3, "at_edge": False}.items() <= found.items()
    assert found["valid_accuracy"] == pytest.approx(0.6)
    (edge,) = choices_of(shards([row for row in rows if row[1] != 0.01])).to_pylist()
    assert edge["at_edge"]
    (alone,) = choices_of(shards([row for row in rows if row[1] == 1.0], role="scoring")).to_pylist()
    assert not alone["at_edge"]
    assert alone["role"] == "scoring"
    assert alone["valid_accuracy"] == 0
    assert alone["valid_loss"] is None


def test_networks_that_are_not_trained_have_no_choice():
    assert choices_of(shards([(0, None, 0.1)], role="scoring")).num_rows == 0


def test_a_job_is_told_the_chosen_rate_where_it_was_told_none(tmp_path):
    file = str(tmp_path / "tuning.parquet")
    rows = shards([(0, 0.1, 0.5), (0, 0.2, 0.7)], cells=CELLS)
    write_parquet(rows.replace_schema_metadata({MADE_FROM: "code"}), file)
    tasks = [
        {"cell": vars(cell), "rates": rates, "chosen_on": [file], "made_from": "code"}
        for cell, rates in ((CELLS[0], None), (CELLS[1], [0.1, 0.2]), (CELLS[1], []))
    ]
    assert [task["rates"] for task in at_choice(tasks)] == [[0.2], [0.1, 0.2], []]
