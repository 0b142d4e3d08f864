"""The answer in five sentences, every number of which comes from the tables; the picture beside it is the explorer's."""

import pandas as pd

from initbench.base.numbers import number
from initbench.report import facts
from initbench.report.sections import section
from initbench.report.words import layers, points, share, shares
from initbench.tables.grids import of_whole_grids

TABLES = ("runs", "layers", "signal", "best")
NEAR = 0.05  # accuracy this near to the best start of a network is worth naming
MOST = 0.5  # share of a start's runs that must learn more than the class frequencies
NAMED = 4  # starts of one network that a sentence names
KINDS = ("architecture", "width", "optimizer")  # by which networks of one activation and depth may differ


@section("answer", tables=TABLES)
def answer(tables, study, words):
    """The sentences that this study can say; None where nothing was trained."""
    cells = facts.accuracies(tables)
    if cells.empty or study["config"]["replication"]:
        return None
    said = [
        _one_value(cells, tables, words),
        _depth(cells, tables, words),
        _wishes(cells, words),
        _limits(cells, tables, study, words),
    ]
    return {"sentences": [sentence for sentence in said if sentence]}


def _one_value(cells: pd.DataFrame, tables, words) -> str | None:
    """What zeros and constants reach, and beside it random starts, in the same networks without normalisation."""
    plain = cells[cells["normalization"] == "none"]
    deep = plain[plain["depth"] >= facts.DEEP]
    shown = deep if len(deep) else plain
    flat, random = (facts.range_of(shown[shown["kind"].isin(kinds)]) for kinds in (facts.ONE_VALUE, ("other",)))
    if flat is None:
        return None
    alike = facts.units_alike(tables)
    copies = alike is not None and alike[1] == 1
    parts = [words("copies" if copies else "not_copies", n=int(shown["width"].max()))]
    where = words("where_deep", n=facts.DEEP) if len(deep) else words("where_all")
    parts.append(
        words(
            "reach", where=where, high=share(flat.high), data=shown["dataset"].iloc[0], seeds=int(shown["seeds"].max())
        )
    )
    if random is not None:
        parts.append(words("random_reach", high=share(random.high)))
    return words.of("terms")("space").join(parts)


def _depth(cells: pd.DataFrame, tables, words) -> str | None:
    """What decides at depth, the factor by which a layer multiplies the gradient, or that it does not."""
    deep = facts.deepest(cells)
    if deep.empty or deep["depth"].iloc[0] < facts.DEEP:
        return None
    inside, outside = facts.by_factor(facts.with_factors(deep, tables))
    if inside is None or outside is None:
        return None
    low, high = inside.factors
    pairs = words("networks" if _kinds(deep) else "pairs")
    decides = outside.low < inside.low - NEAR
    return words(
        "factor" if decides else "factor_alike",
        n=int(deep["depth"].iloc[0]), low=number(low, 2), high=number(high, 2), total=inside.cells + outside.cells,
        pairs=pairs, inside=inside.cells, outside=outside.cells, beyond=_beyond(outside.factors, words),
        reach=shares(inside.low, inside.high, words), others=shares(outside.low, outside.high, words),
    )  # fmt: skip


def _beyond(factors: tuple[float, float], words) -> str:
    """On which side of 1 the other factors lie, and how near they come."""
    low, high = factors
    if high < 1:
        return words("at_most", factor=number(high, 2))
    return words("at_least", factor=number(low, 2)) if low > 1 else words("on_both_sides")


def _wishes(cells: pd.DataFrame, words) -> str | None:
    """What each activation, in each kind of network, wants at the largest depth and width, or what it takes there.

    Without normalisation; in a study that has none such, under the first that it has.
    """
    random = cells[cells["kind"] == "other"]
    name = min(random["normalization"], key=lambda each: (each != "none", each), default="none")
    deep = facts.deepest(random, name)
    keys = ["activation", *_kinds(deep)]
    widest = deep[deep["width"] == deep["width"].max()]
    said = sorted(_wish(cells, part, keys, words) for _, part in widest.groupby(keys, observed=True))
    if not said:
        return None
    kind = "wishes" if name == "none" else "wishes_under"
    wishes = words("semicolon").join(text for _, text in said)
    return words(kind, layers=layers(deep["depth"].iloc[0], words), name=words.term(name), list=wishes)


def _kinds(cells: pd.DataFrame) -> list[str]:
    """By what the networks differ, beside activation, depth and normalisation."""
    return [key for key in KINDS if cells[key].nunique() > 1]


def _named(network, keys: list[str], words) -> str:
    """An activation, and in parentheses what else tells its network from others: "relu (Adam)"."""
    kinds = [words("of_width", n=int(network[key])) if key == "width" else words.term(network[key]) for key in keys[1:]]
    name = network["activation"]
    return words("in_network", activation=name, network=words.of("terms")("comma").join(kinds)) if kinds else name


def _wish(cells: pd.DataFrame, part: pd.DataFrame, keys: list[str], words) -> tuple[int, str]:
    """(place in the sentence, words) for the random starts `part` of the networks that `keys` tell apart: those that choose say most."""
    first = part.iloc[0]
    network = cells[(cells[[*keys, "depth"]] == first[[*keys, "depth"]]).all(axis=1)]
    (scheme, accuracy), *others = facts.best_first(part)
    said = {"activation": _named(first, keys, words), "scheme": scheme, "best": share(accuracy)}
    if (part["learned"] < MOST).all():
        return 2, words("wants_none", **said, rescue=_rescue(network, accuracy, words))
    alike = [words("reach_of", scheme=name, reach=share(reach)) for name, reach in others if reach >= accuracy - NEAR]
    if others and not alike:
        return 0, words("wants_one", **said, next=others[0][0], reach=share(others[0][1]))
    named = [words("reach_of", scheme=scheme, reach=share(accuracy)), *alike]
    if len(named) > NAMED + 1:
        named = [*named[:NAMED], words("more", n=len(named) - NAMED)]
    wants = "wants" if part["trained"].any() else "wants_more"
    return 1, words(wants, activation=said["activation"], list=words.joined(named, "or"))


def _rescue(network: pd.DataFrame, accuracy: float, words) -> str:
    """What normalisation makes of networks that no start trains; nothing if it does not train them either."""
    random = network[(network["kind"] == "other") & (network["normalization"] != "none")]
    if random.empty or random["accuracy"].max() < accuracy + NEAR:
        return ""
    best = random.sort_values(["accuracy", "scheme"], ascending=[False, True]).iloc[0]
    return words("rescue", name=words.term(best["normalization"]), high=share(best["accuracy"]), scheme=best["scheme"])


def _limits(cells: pd.DataFrame, tables, study, words) -> str:
    """What this study cannot tell."""
    config, (open_, total) = study["config"], facts.networks_told(of_whole_grids(tables.read("best")))
    data = [each if isinstance(each, str) else each["name"] for each in config["datasets"]]
    told = {"open": open_, "total": total, "rope": points(config["thresholds"]["rope"], words)}
    untold = words("untold_one" if total == 1 else "untold", **told) if open_ else ""
    return words(
        "limits", untold=untold, widths=words.joined(sorted(cells["width"].unique())), data=words.joined(data),
        architectures=words.joined(words.term(name) for name in config["architectures"]),
        optimizers=words.joined(words.term(name) for name in config["optimizers"]), steps=config["training"]["steps"],
    )  # fmt: skip
