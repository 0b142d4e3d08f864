"""Learning times by depth, and how they grow."""

import numpy as np
import pandas as pd

from initbench.replications.reading import fastest

TARGET = 0.5  # nats of training loss at which a network counts as having learned; it starts near ln 10 = 2.3


def learning_times(tables) -> pd.DataFrame:
    """A row an activation, scheme and depth: updates to TARGET at the fastest rate, and that rate."""
    return fastest(tables, TARGET, ["activation", "scheme", "depth"])


def exponent(found, rates) -> tuple[float, float, float] | None:
    """(exponent of learning time on depth by least squares, the least and the largest that it can be at the best rates of all).

    found: rows of `learning_times` by depth; rates: those tried. Between two rates time can fall no faster than the rate rises,
    so that at each depth it may be smaller by the ratio of neighbouring rates, or by anything where the fastest rate is the
    smallest or the largest tried. None where a depth does not learn, or there is one alone.
    """
    if len(found) < 2 or not (np.isfinite(found["steps"]) & (found["steps"] > 0)).all():
        return None
    tried = np.log(np.sort(np.unique(rates.dropna())))
    depth, rate = np.log(found.index.to_numpy(float)), np.log(found["learning_rate"].to_numpy(float))
    weight = (depth - depth.mean()) / np.square(depth - depth.mean()).sum()
    inside = (rate > tried[0]) & (rate < tried[-1])
    smaller = np.where(inside, np.max(np.diff(tried), initial=0.0), np.inf)
    slope = float(weight @ np.log(found["steps"].to_numpy(float)))
    rising, falling = weight > 0, weight < 0
    return slope, slope - float(weight[rising] @ smaller[rising]), slope - float(weight[falling] @ smaller[falling])
