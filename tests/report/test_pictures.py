"""Figures in the page: short, yet the same pictures."""

import re

from initbench.figures.svg import tidied
from initbench.report.pictures import STYLE, sharing

LINE = "fill: none; stroke: #e6e6e6; stroke-width: 0.5"
AXIS = f"""<?xml version="1.0"?>
<svg width="72pt" height="72pt" viewBox="0 0 72 72">
<path d="M 1 2 L 1 9" style="{LINE}"/>
<text style="fill: #262626" x="1" y="10">a</text>
<path d="M 5 2 L 5 9" style="{LINE}"/>
<text style="fill: #262626" x="5" y="10">b</text>
<path d="M 7 2 L 7 9" style="fill: none; stroke: #ff0000"/>
</svg>"""


def test_classes_stand_for_styles_that_occur_again():
    pictures = {
        "one": '<svg><path style="fill:#fff"/><text style="fill:#000" x="1">a</text></svg>',
        "two": '<svg><path style="fill:#fff"/><path style="fill:#fff"/><path style="stroke:#abc"/></svg>',
    }
    rules, short = sharing(pictures)
    styles = dict(re.findall(r"^svg \.(\w+)\{(.*)\}$", rules, re.MULTILINE))
    assert list(styles.values()) == ["fill:#fff"]
    assert "style" not in re.sub(STYLE, "", short["one"]).replace(' style="fill:#000"', "")
    back = {
        key: re.sub(r' class="(\w+)"', lambda found: f' style="{styles[found[1]]}"', text)
        for key, text in short.items()
    }
    assert back == pictures


def test_the_lines_of_a_grid_are_one_path_below_their_labels():
    lines = tidied(AXIS, "x").splitlines()
    assert [line[:5] for line in lines] == ["<svg ", "<path", "<text", "<text", "<path", "</svg"]
    assert 'd="M1 2 1 9M5 2 5 9"' in lines[1]
    assert [line[-8:-7] for line in lines[2:4]] == ["a", "b"]
