"""What is said of a case: its name, what each start reaches, and which to take. assets/explorer/sentences.js says the same."""

from collections.abc import Mapping, Sequence

import pandas as pd

from initbench.base.catalogue import Words
from initbench.base.numbers import percent
from initbench.report.explorer.packing import PER_UNIT

LISTS = ("best", "as_good", "undecided", "worse")
FEW = 4  # so many names are told, of more their number


def case_text(case: Mapping, usual: Mapping, several: Sequence[str], words: Words) -> str:
    """The name of a case: activation, depth, normalisation, data set if `several`, and what differs from the usual case."""
    depth, normalization = case["depth"], case["normalization"]
    known = words.has(f"normalization_{normalization}")
    parts = [
        words.term(case["activation"]),
        words(f"depth_{depth}") if depth in (0, 1) else words("depth_many", count=int(depth)),
        known or str(normalization),
        *([words.term(case["dataset"])] if "dataset" in several else []),
        *(words.term(case[name]) for name in ("optimizer", "architecture") if case[name] != usual[name]),
        *([width_text(int(case["width"]), words)] if case["width"] != usual["width"] else []),
    ]
    return words.of("terms")("comma").join(parts)


def width_text(width: int, words: Words) -> str:
    """How many units a layer has."""
    return words("width_1") if width == 1 else words("width_of", width=width)


def score_text(ended: Mapping | None, words: Words) -> str:
    """The mean test accuracy with its interval, or that nothing was trained."""
    if ended is None:
        return words("not_trained")
    score, low, high = (percent(share(ended[name])) for name in ("score", "low", "high"))
    return score if low == high else score + words("from_to", low=low, high=high)


def updates_text(ended: Mapping | None, words: Words) -> str:
    """The updates until the target, or how many runs reach it or diverge."""
    if ended is None:
        return ""
    if ended["diverged"]:
        return words("diverged_of", count=int(ended["diverged"]), of=int(ended["n"]))
    if pd.notna(ended["updates"]):
        return words("after_updates", count=int(ended["updates"]))
    return words("reached_of", count=int(ended["reached"]), of=int(ended["n"])) if ended["reached"] else words("never")


def finding(lists: Mapping[str, Sequence[str]] | None, ended: Mapping | None, words: Words) -> str:
    """Which start to take, in a sentence: the lists of the table `best`, and how the runs of the best ended."""
    if not lists or not lists["best"]:
        return words("finding_not_trained") + words("stop")
    score, best = score_text(ended, words), lists["best"]
    others = sum(len(lists[name]) for name in LISTS) - len(best)
    if not others and len(best) == 1:
        return words("finding_one", score=score) + words("stop")
    if not lists["undecided"] and not lists["worse"]:
        return words("finding_alike", count=others + len(best), score=score) + words("stop")
    said = [words("finding" if len(best) == 1 else "finding_tied", best=words.joined(best), score=score)]
    if len(lists["worse"]) < others:
        said.append(_named("as_good", lists, words) or words("finding_none_as_good"))
    said.append(_named("undecided", lists, words))
    whole = len(lists["worse"]) == others or len(lists["worse"]) > FEW
    said.append(words("finding_rest_worse", count=len(lists["worse"])) if whole else _named("worse", lists, words))
    return words("semicolon").join(part for part in said if part) + words("stop")


def _named(name: str, lists: Mapping[str, Sequence[str]], words: Words) -> str:
    return words(f"finding_{name}", names=words.joined(lists[name])) if lists[name] else ""


def share(code) -> float | None:
    """A packed score as a share."""
    return None if pd.isna(code) else code / PER_UNIT["score"]
