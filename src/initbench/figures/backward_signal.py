"""The backward signal per layer at initialisation: the way of a gradient from the output to the first layer."""

import numpy as np
import pandas as pd

from initbench.base.numbers import number
from initbench.figures import Drawn, figure
from initbench.figures.per_layer import draw, factors, hidden_layers, of_what, over_seeds, relative_to_last
from initbench.figures.telling import is_one_value, where_plain


@figure("backward_signal", tables=("runs", "layers"))
def backward_signal(tables, words):
    """δ² per layer relative to the last hidden layer, in powers of ten, read as a gradient travels."""
    frame = hidden_layers(tables, "delta_rms_gaussian")
    if frame.empty:
        return None
    summary = over_seeds(frame, frame["delta_rms_gaussian"] ** 2)
    title = sentence(factors(summary), frame, words)
    picture = draw(relative_to_last(summary), words("y"), words, backward=True)
    return Drawn(picture, title, words("caption", of=of_what(frame, words)), words("alt", finding=title))


def sentence(factor: pd.Series, frame: pd.DataFrame, words) -> str:
    """The start that keeps the gradient best for each activation, with its factor a layer, and what zeros do."""
    first = sorted(factor.index.get_level_values("normalization").unique(), key=lambda name: (name != "none", name))[0]
    plain = factor.xs(first, level="normalization")
    random = np.array([not is_one_value(scheme) for scheme in plain.index.get_level_values("scheme")])
    drawn = plain[random & ((plain > 0) & np.isfinite(plain)).to_numpy()]
    best = [
        words(
            "part",
            activation=words.term(name),
            scheme=part.index.get_level_values("scheme")[place],
            factor=_written(float(part.iloc[place])),
        )
        for name, part in drawn.groupby(level="activation", observed=True)
        if len(part) and (place := int(np.abs(np.log(part.to_numpy())).argmin())) >= 0
    ]
    zeros = plain[plain.index.get_level_values("scheme") == "zeros"]
    said = {"depth": int(frame["depth"].max()), "where": where_plain(frame["normalization"].unique(), words)}
    if not best:
        return words("title_zero" if len(zeros) and (zeros == 0).all() else "title_none", **said)
    found = words("title", best=words.joined(best, words("between")), **said)
    return found + (words("and_zeros") if len(zeros) and (zeros == 0).all() else "")


def _written(factor: float) -> str:
    """A factor with two decimals, or in powers of ten where that says nothing."""
    return f"{factor:.2f}" if factor >= 0.05 else number(factor, 2)
