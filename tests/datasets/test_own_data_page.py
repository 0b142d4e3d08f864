"""docs/howto/own_data.md: its messages are those of the program."""

import re
from pathlib import Path

import pandas as pd
import pytest
import yaml

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
