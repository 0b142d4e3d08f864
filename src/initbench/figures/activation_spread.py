"""How far activations spread over inputs, per layer: whether a layer says anything of what it is shown."""

import pandas as pd

from initbench.base.numbers import number
from initbench.figures import Drawn, figure
from initbench.figures.per_layer import draw, hidden_layers, of_what, over_seeds
from initbench.figures.telling import is_one_value, where_plain


@figure("activation_spread", tables=("runs", "layers"))
def activation_spread(tables, words):
    """Standard deviation of activations over inputs, per layer."""
    frame = hidden_layers(tables, "activation_std_over_inputs")
    if frame.empty:
        return None
    summary = over_seeds(frame, frame["activation_std_over_inputs"])
    title = sentence(summary["mean"], int(frame["depth"].max()), words)
    picture = draw(summary, words("y"), words, backward=False)
    return Drawn(picture, title, words("caption", of=of_what(frame, words)), words("alt", finding=title))


def sentence(means: pd.Series, depth: int, words) -> str:
    """The widest spread at the last layer without normalisation, and what zeros leave there."""
    last = means.dropna().xs(depth, level="layer")
    plain = last.xs("none", level="normalization") if "none" in last.index.get_level_values("normalization") else last
    schemes = plain.index.get_level_values("scheme")
    drawn, zeros = plain[[not is_one_value(scheme) for scheme in schemes]], plain[schemes == "zeros"]
    values = {"depth": depth, "where": where_plain(last.index.get_level_values("normalization"), words)}
    if len(drawn):
        *_, activation, scheme = drawn.idxmax()
        values |= {"scheme": scheme, "activation": words.term(activation), "value": number(float(drawn.max()), 2)}
        return words("title_both" if len(zeros) and (zeros == 0).all() else "title", **values)
    return words("title_zero" if len(zeros) and (zeros == 0).all() else "title_none", **values)
