"""docs/howto/own_data.md: its messages are those of the program; and what is said where a description is forgotten."""

import re
from pathlib import Path

import pandas as pd
import pytest
import yaml

import initbench
from initbench.study.cells import Cell, Training
from initbench.study.error import ConfigError
from initbench.study.grid import load_study

PAGE = (Path(__file__).parents[2] / "docs/howto/own_data.md").read_text(encoding="utf-8")
YAML = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]
N = 300


def test_the_messages_of_the_page_are_those_that_are_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    frame = pd.DataFrame(
        {
            "income": ["18,398.52"] * N,
            "job": [f"job{107 + k}" for k in range(N)],
            "outcome": [None] * 12 + ["won"] * (N - 12),
        }
    )
    frame.to_csv("customers.csv", index=False)
    with pytest.raises(ConfigError) as refused:
        load_study(YAML[0] | {"datasets": [{"name": "customers", "path": "customers.csv", "label": "outcome"}]})
    shown = re.search(r"```text\n(.*?)```", PAGE, re.DOTALL)[1].splitlines()
    given = f"initbench: {refused.value}".splitlines()
    without_numbers = [re.sub(r"[\d,]+ ", "# ", re.sub(r"row \d+|them \d+", "row", line)) for line in (*shown, *given)]
    assert without_numbers[: len(shown)] == without_numbers[len(shown) :]


def test_who_trains_a_cell_without_the_description_of_its_data_is_told_how():
    with pytest.raises(ValueError, match=re.escape("source=study.source('customers')")):
        initbench.train(Cell("customers", 8, 1, "tanh", "none", "zeros"), [0], Training(steps=1))
