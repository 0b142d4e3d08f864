"""What `initbench recommend` says, in lines of text."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from initbench.advice.predicting import PLAIN, Predicted
from initbench.advice.recommend import Measured, Network
from initbench.analyses.stated_variances import TAPS

SURE = 0.9994  # a probability above it would be written as certainty
SHOWN = 6  # predicted starts
HEAD = ("network", "first", "as good", "cannot be told", "how sure", "test accuracy")


def table_rows(found: Measured) -> Iterator[tuple[str, ...]]:
    """A row a network, under HEAD; what all networks have in common is left out of their names."""
    varying = [key for key in found.networks[0].keys if len({network.keys[key] for network in found.networks}) > 1]
    for network in found.networks:
        lists = {name: ", ".join(starts) or "none" for name, starts in network.lists.items()}
        first = lists["best"] if network.learns else "no start learns"
        rest = (lists["as_good"], lists["undecided"], sure(network)) if network.learns else ("", "", "")
        yield named(network, varying), first, *rest, f"{network.score:.3f}"


def named(network: Network, varying: Sequence[str]) -> str:
    """A network by its depth and the keys in which those shown differ."""
    keys = [key for key in varying if key != "depth"]
    return ", ".join([f"depth {network.keys['depth']}", *(_key(key, network.keys[key]) for key in keys)])


def _key(key: str, value: Any) -> str:
    return f"width {value}" if key == "width" else str(value)


def sure(network: Network) -> str:
    """How sure it is that the best is within what does not matter of the truly best one."""
    if network.how_sure is None:
        return "cannot be told"
    return "> 99.9 %" if network.how_sure > SURE else f"{100 * network.how_sure:.1f} %"


def conclusion(found: Measured, depth: int) -> str:
    """The answer in a sentence or two."""
    networks = len(found.networks)
    where = f"depth {depth}"
    if depth not in found.depths:
        known = " and ".join(map(str, found.depths))
        where = f"depth {known}, the nearest that was measured (depth {depth} was not)"
    if not found.starts:
        return f"No start learns at {where}."
    first, *others = found.starts
    open_ = any(network.lists["undecided"] for network in found.networks if network.learns)
    untold = ". Starts in the column 'cannot be told' may be as good: more seeds would tell" if open_ else ""
    if found.held_in < networks:
        names = ", ".join(found.starts)
        return f"Measured at {where}: no start is first, or as good, in all {networks} networks; in {found.held_in}: {names}{untold}."
    several = f"; tied with it: {', '.join(others)}" if others else ""
    return f"Measured at {where}: take {first}{several}{untold}."


def not_measured(results: object, asked: Mapping[str, Any], held: Mapping[str, Sequence[Any]]) -> str:
    """That results hold nothing of what is asked for, and what they hold of keys whose value they do not have."""
    given = ", ".join(f"{key} {value}" for key, value in asked.items() if value is not None)
    others = "; ".join(f"--{key} {' or '.join(map(str, values))}" for key, values in held.items())
    return f"{results} holds no network with {given}{f'; it has {others}' if others else ''}."


def prediction(starts: Sequence[Predicted], asked: Mapping[str, Any], depth: int) -> Iterator[str]:
    """What theory says, and what it does not."""
    architecture = asked["architecture"] or PLAIN
    yield (
        f"Predicted, not measured: the factor between squared gradients at the first and the last hidden layer, "
        f"{asked['activation']}, {architecture}, depth {depth}, in networks of infinite width (mean-field theory):"
    )
    for each in starts[:SHOWN]:
        yield f"  {each.start}: {each.gradient:.3g}"
    if len(starts) > SHOWN:
        yield f"  and {len(starts) - SHOWN} more between 0.01 and 100"
    yield "Theory says whose gradients neither vanish nor explode, not which of these trains best."
    if architecture in TAPS:
        yield "These are for images without edges: zeros around a small image shrink signals and gradients by more."


def how_to_measure(study: Mapping[str, Any]) -> Iterator[str]:
    """The study that would tell."""
    yield "To measure it, save this as start.yaml, then: initbench run start.yaml"
    text = yaml.safe_dump(dict(study), sort_keys=False, default_flow_style=None, allow_unicode=True, width=1000)
    yield from (f"  {line}" for line in text.splitlines())
    if any(isinstance(each, Mapping) for each in study.get("datasets", ())):
        yield "where path is your file, and LABEL the column that says what a row is: initbench check FILE --label LABEL"
