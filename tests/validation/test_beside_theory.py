"""The numbers of docs/reference/theory.md, on cases that have an answer."""

import pandas as pd
import pytest
from beside_theory import agreement, one_input

from initbench.study.cells import CELL


def test_one_input_of_a_relu_network_has_a_variance_of_about_five_layers_over_the_width():
    """5(L − 1)/n to first order (Hanin & Rolnick 2018); 300 draws know a variance to 8 %."""
    assert one_input(300, 64, 9).var(ddof=1) == pytest.approx(5 * 8 / 64, rel=0.25)


def test_cells_with_equal_errors_count_as_one_set_of_numbers():
    rows = [
        dict.fromkeys(CELL, "x") | {"width": 8, "normalization": "none", "scheme": scheme, "layer": layer}
        | {"second_moment_relative_error": error, "gradient_relative_error": 0.0, "within_tolerance": error < 0.5}
        for scheme, error in (("a", 0.1), ("b", 0.1), ("c", 0.3), ("d", 0.6))
        for layer in (1, 2)
    ]  # fmt: skip
    row = agreement(pd.DataFrame(rows)).iloc[0]
    assert (row["layers"], row["pass"], row["cells"], row["different cells"]) == (8, 6, 4, 3)
    assert row["largest passing error"] == 0.3
