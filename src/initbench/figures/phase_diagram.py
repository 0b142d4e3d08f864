"""The plane of weight and bias variances: where gradients vanish and where they explode."""

import numpy as np
import pandas as pd

from initbench.base.numbers import percent
from initbench.figures import Drawn, figure
from initbench.figures.style import COLUMN, INK, arrange, panels
from initbench.schemes import Layer
from initbench.schemes.label import parse_scheme

EDGES = (0.5, 0.6, 0.7, 0.85, 1.0, 1.18, 1.4, 1.7, 2.0)  # factors at which the colour changes
WHITE = {"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 1}
REGIONS = (("vanish", (0.2, 0.55)), ("explode", (0.76, 0.32)))
STARTS = ("torch_default", "lecun_normal", "he_normal", "small_normal")  # those that fall into the plane are marked


@figure("phase_diagram", tables=("phase_diagram",), over_data_sets=True)
def phase_diagram(tables, words):
    """Measured per-layer factor of δ² over (σ_w, σ_b), the predicted line χ = 1 dashed over it, and where starts lie."""
    found = tables.read("phase_diagram")
    if found.empty or found["weight_std"].nunique() < 2 or found["bias_std"].nunique() < 2:
        return None
    first = found.iloc[0]
    points = starts_in(found, int(first["width"]))
    errors = np.abs(found["measured"] / found["predicted"] - 1)
    known = {key: int(first[key]) for key in ("width", "depth", "draws")} | {
        "activation": words.term(first["activation"])
    }
    values = {"median": percent(float(errors.median()), 1), "largest": percent(float(errors.max()), 1)}
    title = words("title", **values, **known)
    return Drawn(_picture(found, points, words), title, words("caption", **known), words("alt", finding=title))


def starts_in(found: pd.DataFrame, width: int) -> dict[str, tuple[float, float]]:
    """(σ_w, σ_b) of each of STARTS in a square layer, those outside the plane left out."""
    layer, places = Layer(width, width), {}
    for label in STARTS:
        weight, bias = parse_scheme(label).variances(layer) or (np.nan, np.nan)
        place = float(np.sqrt(width * weight)), float(np.sqrt(bias))
        inside = (
            found["weight_std"].min() <= place[0] <= found["weight_std"].max() and place[1] <= found["bias_std"].max()
        )
        if inside:
            places[label] = place
    return places


def _picture(found: pd.DataFrame, points: dict, words):
    from matplotlib import colormaps

    measured = found.pivot(index="bias_std", columns="weight_std", values="measured")
    picture, axes = panels([0], [0], width=COLUMN, height=2.6)
    axis, shades = axes[0, 0], colormaps["RdBu_r"](np.linspace(0.14, 0.86, len(EDGES) + 1))
    filled = axis.contourf(
        measured.columns, measured.index, measured, levels=EDGES, colors=[*map(tuple, shades)], extend="both"
    )
    axis.contour(measured.columns, measured.index, measured, levels=[1.0], colors="0.35", linewidths=0.9)
    line = found.groupby("bias_std")["critical_weight_std"].first()
    axis.plot(line, line.index, color=INK, ls="--", lw=1.4)
    for key, place in REGIONS:
        axis.text(*place, words(key), transform=axis.transAxes, ha="center", va="center", bbox=WHITE)
    for name, (weight, bias) in points.items():
        axis.plot(weight, bias, "o", color=INK, ms=4, mec="white", mew=0.6, clip_on=False, zorder=4)
        name_of = {"rotation": 90, "fontsize": 7, "ha": "center", "va": "bottom", "bbox": WHITE}
        axis.annotate(name, (weight, bias), (0, 6), textcoords="offset points", **name_of)
    bar = picture.colorbar(
        filled, ax=axis, ticks=[0.5, 0.7, 1, 1.4, 2], label=words("bar"), aspect=30, use_gridspec=False
    )
    bar.ax.set_yticklabels(["0.5", "0.7", "1", "1.4", "2"])
    bar.outline.set_visible(False)
    axis.set(xlabel=words("x"), ylabel=words("y"))
    axis.grid(visible=False)
    arrange(picture)
    return picture
