"""What the page says of pairs of schemes, block by block, and of the seeds that more would take."""

import re

import pandas as pd
import pytest
from made_up_studies import FULL, SETTINGS, STUDIES, written

from initbench.analyses.making import compute
from initbench.base.parquet import write_parquet
from initbench.report.page import section_as_html
from initbench.report.sections import SECTIONS
from initbench.report.sections.sure import rates
from initbench.study.cells import BLOCK
from initbench.tables.views import Tables

STUDY = {"config": {"reference": "xavier_tanh"}, "tuning_seeds": 3}


def page(runs, folder) -> str | None:
    paths = {name: str(folder / f"{name}.parquet") for name in SECTIONS["sure"].tables}
    for name, path in paths.items():
        write_parquet(compute(name, Tables({"runs": written(runs, folder)}), SETTINGS), path)
    html = section_as_html(SECTIONS["sure"], Tables(paths), STUDY, "en")
    return html and " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_study_says_how_many_false_blocks_to_expect_and_how_many_seeds_more_would_take(tmp_path):
    text = page(FULL, tmp_path)
    assert "of 12 comparisons with xavier_tanh show a difference" in text
    assert "up to 0.2 of the 4 networks" in text
    assert "To show a difference of 0.01 from the reference with power 0.8 takes" in text


@pytest.mark.parametrize("kind", ["one seed", "no reference", "all tied", "one scheme", "empty"])
def test_a_study_that_can_show_nothing_says_nothing_of_it(kind, tmp_path):
    text = page(STUDIES[kind], tmp_path) or ""
    assert "Network by network" not in text or kind == "all tied"
    assert "What more would take" not in text


def test_starts_at_different_rates_are_counted_and_said_to_be_so(tmp_path):
    chosen = pd.DataFrame([dict.fromkeys(BLOCK, "x") | {"scheme": name, "learning_rate": rate, "rates": 2}
                           for name, rate in (("xavier_tanh", 0.1), ("zeros", 0.1), ("he_normal", 0.3))])  # fmt: skip
    path = tmp_path / "selection_optimism.parquet"
    chosen.to_parquet(path)
    tables, words = Tables({"selection_optimism": str(path)}), SECTIONS["sure"].words("en")
    assert rates(tables, STUDY, words).endswith("Here the two rates differ in 1 of 2 comparisons with xavier_tanh.")
    assert rates(tables, STUDY | {"tuning_seeds": 0}, words) is None
    chosen.assign(rates=1).to_parquet(path)
    assert rates(tables, STUDY, words) is None
