"""Cells and conditions in words, in English (en) and Chinese (zh)."""

from collections.abc import Mapping, Sequence

from initbench.claims.conditions import CONTINUOUS, NUMERIC, Condition

CELL_ORDER = ("scheme", "activation", "depth", "normalization", "width", "architecture", "optimizer", "dataset")
WORDS = {
    "en": {"normalization": "normalisation", "value": "constant", "dataset": "data", "regime": "gradient at the start",
           "factor": "factor a layer", "optimizer": "optimiser"},
    "zh": {
        "activation": "激活函数", "depth": "深度", "value": "常数", "n·c": "n·c", "scheme": "方案", "regime": "初始梯度",
        "normalization": "归一化", "width": "宽度", "dataset": "数据集", "bias": "偏置", "factor": "每层因子",
        "architecture": "网络结构", "optimizer": "优化器",
    },
}  # fmt: skip
APPROXIMATE = {
    "en": "mostly {0} (holds in {1} of {2} such cells, in {3} of {4} others)",
    "zh": "多数情况：{0}（此类单元 {2} 个中 {1} 个成立，其余 {4} 个中 {3} 个成立）",
}
COMMA = {"en": ", ", "zh": "，"}
EXCEPTED = {"en": ("not for ", "; nor for "), "zh": ("除外：", "；以及 ")}
INCLUDED = {"en": ("", "; or "), "zh": ("", "；或 ")}
LISTED = {"en": " or ", "zh": "、"}
RANGE = {"en": "to", "zh": "至"}


def cell_in_words(cell: Mapping) -> str:
    """A cell in words, without what its scheme's label and its evidence say already."""
    return ", ".join(side_in_words(axis, (cell[axis],)) for axis in CELL_ORDER if axis in cell)


def condition_in_words(found: Condition, language: str) -> str:
    """A condition as a phrase."""
    first, between = (EXCEPTED if found.excepted else INCLUDED)[language]
    boxes = [
        COMMA[language].join(side_in_words(axis, values, language, known) for axis, values, known in box)
        for box in found.boxes
    ]
    text = first + between.join(boxes)
    return text if found.counts is None else APPROXIMATE[language].format(text, *found.counts)


def side_in_words(axis: str, values: Sequence, language: str = "en", known: Sequence = ()) -> str:
    """One side of a box: "activation relu or tanh"; three or more neighbours among `known` numbers as "depth 1 to 10"."""
    digits = ".3g" if axis in CONTINUOUS else "g"
    texts = [f"{value:{digits}}" if isinstance(value, int | float) else str(value) for value in values]
    name = WORDS[language].get(axis, axis)
    if axis in NUMERIC and _is_range(axis, values, known):
        return f"{name} {texts[0]} {RANGE[language]} {texts[-1]}"
    if axis == "scheme" and len(values) == 1 and language == "en" and not known:
        return texts[0]
    return f"{name} {LISTED[language].join(texts)}"


def _is_range(axis: str, values: Sequence, known: Sequence) -> bool:
    """Whether the values are neighbours among the known ones, three at least; of a measured number two are enough."""
    if axis in CONTINUOUS:
        return len(values) > 1
    positions = [list(known).index(value) for value in values if value in known]
    return len(positions) > 2 and positions == list(range(positions[0], positions[0] + len(values)))
