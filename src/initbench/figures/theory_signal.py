"""Prediction and measurement, layer by layer."""

import numpy as np
import pandas as pd

from initbench.figures import Drawn, figure
from initbench.figures.lines import Decades, name_ends
from initbench.figures.per_layer import fitting
from initbench.figures.selection import heading, on_first_dataset, variants
from initbench.figures.style import PAGE, arrange, line, look, panels
from initbench.figures.telling import few

QUANTITIES = ("second_moment", "gradient")
COLUMNS, POINTS, SEEN = 3, 7, 0.03  # panels across, marks on a line, bars of that share of the height


@figure("theory_signal", tables=("theory",))
def theory_signal(tables, words):
    """E[z²] and relative δ² of the deepest, widest networks: points measured, lines predicted."""
    frame = tables.read("theory")
    frame = frame[frame["normalization"] == "none"]
    if frame.empty:
        return None
    frame = on_first_dataset(frame)
    frame = frame[frame["width"] == frame["width"].max()]
    frame = frame[frame["depth"] == frame["depth"].max()]
    parts = [
        part[part["scheme"].isin(fitting(part["scheme"].unique(), name))] for name, part in frame.groupby("activation")
    ]
    picture = _picture(pd.concat(parts).assign(variant=variants(frame, words)), words)
    judged = frame["within_tolerance"].dropna().astype(bool)
    counts = {"agree": int(judged.sum()), "count": len(judged)}
    title = words("title", **counts) if len(judged) else words("title_none")
    known = {key: int(frame[key].max()) for key in ("seeds", "width", "depth")}
    caption = words("caption", data=words.term(frame["dataset"].iloc[0]), **known)
    return Drawn(picture, title, caption, words("alt", finding=title))


def _picture(frame: pd.DataFrame, words):
    """A row of panels a quantity, a column an activation."""
    columns = few(frame[["variant", "activation"]].itertuples(index=False, name=None), COLUMNS)
    picture, axes = panels(QUANTITIES, columns, width=PAGE / max(len(columns), 2), height=1.75, sharex=True)
    for across, quantity in zip(axes, QUANTITIES, strict=True):
        scale = Decades.of([*frame[f"measured_{quantity}"].abs(), *frame[f"predicted_{quantity}"].abs()])
        for axis, (variant, activation) in zip(across, columns, strict=True):
            part = frame[(frame["variant"] == variant) & (frame["activation"] == activation)]
            _panel(axis, part, quantity, scale, axis is across[0])
            if quantity == QUANTITIES[0]:
                axis.set_title(heading(variant, words.term(activation)))
        across[0].set_ylabel(words(f"y_{quantity}"))
    axes[-1, len(columns) // 2].set_xlabel(words.of("terms")("layers_forward"))
    handles = [
        line(color="0.3", lw=1.1, label=words("theory")),
        line(color="0.3", marker="o", ls="", label=words("measured")),
    ]
    picture.legend(handles=handles, loc="outside lower center", ncols=2)
    arrange(picture)
    return picture


def _panel(axis, frame: pd.DataFrame, quantity: str, scale: Decades, named: bool) -> None:
    """Each start: predicted line, some measured points with two standard errors where these are known."""
    ends = []
    for scheme, part in frame.groupby("scheme", observed=True):
        part, shown = part.sort_values("layer"), look(str(scheme))
        predicted = scale.place(part[f"predicted_{quantity}"])
        axis.plot(part["layer"], predicted, color=shown.colour, ls=(0, shown.dash) if shown.dash else "-", lw=1.1)
        some = part[part["layer"].isin(few(part["layer"], POINTS))]
        measured = some[f"measured_{quantity}"]
        spread = (2 * some[f"{quantity}_standard_error"] * some[f"predicted_{quantity}"]).fillna(0.0)
        low, high = scale.place(np.maximum(measured - spread, 0.1 * measured)), scale.place(measured + spread)
        seen = high - low > SEEN * (scale.high - scale.low)  # a shorter bar is hidden by its mark
        axis.vlines(some["layer"][seen], low[seen], high[seen], color=shown.colour, lw=0.7)
        axis.plot(some["layer"], scale.place(measured), shown.marker, color=shown.colour, ms=3)
        ends.append((float(predicted[-1]) if quantity == "second_moment" else float(predicted[0]), str(scheme)))
    scale.draw(axis, named)
    axis.set_xticks(few(frame["layer"], 4))
    if quantity == "second_moment":
        name_ends(axis, ends, 0.1)
