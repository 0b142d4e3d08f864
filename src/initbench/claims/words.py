"""Cells and conditions in words, in English (en) and Chinese (zh)."""

import re
from collections.abc import Mapping, Sequence
from math import inf

from initbench.claims.conditions import MEASURED, MOST_NAMES, Condition, Side

CELL_ORDER = ("scheme", "activation", "depth", "normalization", "width", "architecture", "optimizer", "dataset")
CELL_WORDS = {"normalization": "normalisation", "dataset": "data", "optimizer": "optimiser"}
AXES = {
    "en": {
        "gradient_ratio": "δ²_1/δ²_H", "factor": "the factor a layer", "n·c": "n·c", "activation": "the activation",
        "phase": "the phase of the start", "depth": "the depth", "start": "the start", "normalization": "the normalisation",
        "value": "the constant", "scheme": "the scheme", "width": "the width", "dataset": "the data set",
        "bias": "the bias", "architecture": "the architecture", "optimizer": "the optimiser",
    },
    "zh": {
        "gradient_ratio": "δ²_1/δ²_H ", "factor": "每层因子", "n·c": "n·c ", "activation": "激活函数", "phase": "初始相",
        "depth": "深度", "start": "初始类型", "normalization": "归一化方式", "value": "常数", "scheme": "方案", "width": "宽度",
        "dataset": "数据集", "bias": "偏置", "architecture": "网络结构", "optimizer": "优化器",
    },
}  # fmt: skip
VALUES_ZH = {  # of names that are no labels; others stand as they are
    "random": "随机", "constant": "单一常数", "zeros": "全零", "zero weights": "零权重", "fixed": "固定", "ordered": "有序",
    "critical": "临界", "chaotic": "混沌", "none": "无", "batch": "批量", "layer": "层", "normalised random": "归一化下的随机",
    "normalised constant": "归一化下的常数", "saturated constant": "饱和的常数",
}  # fmt: skip
BETWEEN_CHINESE = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")  # a space that Chinese does not write
WORDS = {
    "en": {
        "is": "{0} is {1}", "not": "{0} is not {1}", "most": "{0} is at most {1}", "least": "{0} is at least {1}",
        "below": "{0} is below {1}", "above": "{0} is above {1}", "or": " or ", "neither": " or ", "comma": ", ",
        "both": "{0} and {1}", "either": "{0}, or {1}", "within": "{0}, within {1} updates",
        "counts": "{0} (holds in {1} of {2} such cells, in {3} of {4} others)",
        "none": "no short condition found (holds in {1} of {2} cells)",
    },
    "zh": {
        "is": "{0}为 {1}", "not": "{0}不为 {1}", "most": "{0}不大于 {1}", "least": "{0}不小于 {1}",
        "below": "{0}小于 {1}", "above": "{0}大于 {1}", "or": " 或 ", "neither": " 或 ", "comma": "、",
        "both": "{0}，且{1}", "either": "{0}，或{1}", "within": "{0}（{1} 次更新之内）",
        "counts": "{0}（此类单元 {2} 个中 {1} 个成立，其余 {4} 个中 {3} 个成立）",
        "none": "未找到简短的条件（{2} 个单元中 {1} 个成立）",
    },
}  # fmt: skip


def cell_in_words(cell: Mapping) -> str:
    """A cell in words, without what its scheme's label and its evidence say already."""
    parts = [_place(axis, cell[axis]) for axis in CELL_ORDER if axis in cell]
    budget = [f"within {cell['updates']} updates"] if "updates" in cell else []
    return ", ".join([*parts, *budget, *([cell["rate"]] if "rate" in cell else [])])


def _place(axis: str, value: object) -> str:
    text = f"{value:g}" if isinstance(value, int | float) else str(value)
    return text if axis == "scheme" else f"{CELL_WORDS.get(axis, axis)} {text}"


def condition_in_words(found: Condition, language: str, updates: int | None = None) -> str:
    """A condition as a phrase that follows "only when"; `updates`: those within which the networks were trained."""
    words = WORDS[language]
    if not found.sides:
        text = words["none"].format("", *found.counts)
    else:
        sides = [side_in_words(side, language) for side in found.sides]
        text = words["either" if found.either else "both"].format(*sides) if len(sides) > 1 else sides[0]
        text = text if found.exact else words["counts"].format(text, *found.counts)
    return text if updates is None else words["within"].format(text, updates)


def side_in_words(side: Side, language: str) -> str:
    """Such as "the activation is relu or tanh", "the depth is at least 10", "δ²_1/δ²_H is below 0.001"."""
    words, name = WORDS[language], AXES[language].get(side.axis, side.axis)
    if not side.names:
        bound, kind = (side.high, "most below") if side.low == -inf else (side.low, "least above")
        return words[kind.split()[side.axis in MEASURED]].format(name, f"{bound:g}")
    negative = len(side.names) > MOST_NAMES or 1 == len(side.others) < len(side.names) - 1
    shown = side.others if negative else side.names
    if language == "zh":
        shown = tuple(VALUES_ZH.get(value, value) for value in shown)
    text = words["not" if negative else "is"].format(name, _listed(shown, words))
    return BETWEEN_CHINESE.sub("", text)


def _listed(names: Sequence[str], words: Mapping[str, str]) -> str:
    *first, last = names
    return words["comma"].join(first) + words["or"] + last if first else last
