"""The units of a layer part in training, or do not: where they go, from a few starts, in one plane."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from initbench.base.numbers import percent
from initbench.figures import Drawn, figure
from initbench.figures.selection import on_first_dataset
from initbench.figures.style import PAGE, arrange, ink, look, panels
from initbench.figures.telling import few

MARGIN = 0.06  # around all dots, as a share of what they span
GRAINS = 250  # places across a panel that can be told apart
WAY = 5  # steps that the line of a unit's way goes through
SIDE = 1000  # of the square in which the page draws a start's units


@figure("units_parting", tables=("unit_paths",))
def units_parting(tables, words):
    """The units at the start above and after training below, a column a start, a dot a unit, all on one scale."""
    paths = on_first_dataset(tables.read("unit_paths"))
    if paths.empty:
        return None
    schemes, limits = list(dict.fromkeys(paths["scheme"])), limits_of(paths)
    width = PAGE / max(len(schemes), 3)
    picture, axes = panels(range(2), schemes, width=width, height=width, sharex=True, sharey=True)
    for scheme, path in paths.groupby("scheme", sort=False):
        first, last = path["step"].min(), path["step"].max()
        for axis, step in zip(axes[:, schemes.index(scheme)], (first, last), strict=True):
            _panel(axis, path[path["step"] <= step], str(scheme), limits, words)
        name = {"color": ink(look(str(scheme)).colour), "ha": "center", "va": "bottom"}
        axes[0, schemes.index(scheme)].text(
            0.5, 1.16, scheme, transform=axes[0, schemes.index(scheme)].transAxes, **name
        )
    for axis in axes[-1]:
        axis.set_xlabel(words("x"))
    for axis in axes[:, 0]:
        axis.set_ylabel(words("y"))
    arrange(picture)
    title, caption = sentence(paths, words), words("caption", **said_of(paths, words))
    return Drawn(picture, title, caption, words("alt", finding=title), animation(paths, words))


def animation(paths: pd.DataFrame, words) -> Mapping:
    """What the page's moving figure is made of, plain values.

    caption; play, pause, slider: names of the controls; updates: the recorded ones, in words; starts: of each start scheme,
    colour, and at every step frames, the places of its units and how many share each, [x, y, n] in a square of SIDE with y
    downwards, and said, a sentence of it. A start that diverged has fewer steps than others.
    """
    limits = limits_of(paths)
    starts = [
        {
            "scheme": str(scheme),
            "colour": look(str(scheme)).colour,
            "frames": [in_square(places(frame), limits).tolist() for _, frame in path.groupby("step")],
            "said": [_said(frame, words) for _, frame in path.groupby("step")],
        }
        for scheme, path in paths.groupby("scheme", sort=False)
    ]
    names = {key: words(key) for key in ("play", "pause", "slider")}
    updates = [words("update", step=int(step)) for step in sorted(paths["step"].unique())]
    return {"caption": words("caption_moving", **said_of(paths, words)), "updates": updates, "starts": starts} | names


def in_square(found: np.ndarray, limits: tuple[float, float, float, float]) -> np.ndarray:
    """Places (m, 3) within limits as whole numbers in a square of SIDE, y downwards; how many share each as it is."""
    x_from, x_to, y_from, y_to = limits
    x, y = (found[:, 0] - x_from) / (x_to - x_from), (y_to - found[:, 1]) / (y_to - y_from)
    return np.stack([SIDE * x, SIDE * y, found[:, 2]], axis=1).round().astype(int)


def _said(frame: pd.DataFrame, words) -> str:
    """How many units differ at one step of one start, and what the network reaches."""
    first = frame.iloc[0]
    known = {"width": int(first["width"]), "distinct": int(first["distinct_units"])}
    return words("start", **known, accuracy=percent(first["valid_accuracy"]))


def places(units: pd.DataFrame) -> np.ndarray:
    """Where the units of one start are at one step, and how many at each place, (places, 3): x, y, n.

    Units at different places keep their order, so that a row of one step is that of the next as long as none meet.
    """
    found = units.groupby(["x", "y"], sort=False).size().reset_index(name="n")
    return found[["x", "y", "n"]].to_numpy(float)


def limits_of(paths: pd.DataFrame) -> tuple[float, float, float, float]:
    """x from, x to, y from, y to: a square around all dots, its scale the same for both directions."""
    low, high = paths[["x", "y"]].min().to_numpy(), paths[["x", "y"]].max().to_numpy()
    half = (0.5 + MARGIN) * (max((high - low).max(), 0) or 1.0)
    x, y = (low + high) / 2
    return x - half, x + half, y - half, y + half


def sentence(paths: pd.DataFrame, words) -> str:
    """From which starts the units are as many at the end as at the start, and from which they have parted."""
    last = paths[paths["step"] == paths.groupby("scheme")["step"].transform("max")]
    distinct = last.groupby("scheme", sort=False)["distinct_units"].first()
    one, parted = distinct.index[distinct == 1], distinct.index[distinct > 1]
    width = int(paths["width"].iloc[0])
    if not len(parted):
        return words("title_all_one", width=width, one=words.joined(one))
    if not len(one):
        return words("title_none_one", parted=words.joined(parted))
    least = int(distinct[parted].min())
    values = {"width": width, "one": words.joined(one), "parted": words.joined(parted)}
    return words("title" if least == width else "title_some", least=least, **values)


def said_of(paths: pd.DataFrame, words) -> dict[str, object]:
    """What the captions say of the networks."""
    first = paths.iloc[0]
    rates = paths.groupby("scheme", sort=False)["learning_rate"].first()
    return {
        "width": int(first["width"]), "depth": int(first["depth"]), "activation": words.term(first["activation"]),
        "data": words.term(first["dataset"]), "seed": int(first["seed"]), "steps": int(paths["step"].max()),
        "share": percent(first["spread_shown"]), "low": float(rates.min()), "high": float(rates.max()),
    }  # fmt: skip


def _panel(axis, path: pd.DataFrame, scheme: str, limits: tuple[float, ...], words) -> None:
    """The units of one start at the last step of a path, each with a thin line of the way that it has come."""
    own, now = look(scheme), path[path["step"] == path["step"].max()]
    steps = few(path["step"], WAY)
    ways = path[path["step"].isin(steps)].pivot(index="unit", columns="step", values=["x", "y"]).drop_duplicates()
    x, y = (np.pad(ways[name], ((0, 0), (0, 1)), constant_values=np.nan).ravel() for name in ("x", "y"))
    axis.plot(x, y, color=own.colour, lw=0.4, alpha=0.35, zorder=2)  # one line with gaps is a small file
    found = places(now)
    many = found[:, 2] > 1
    grain = (limits[1] - limits[0]) / GRAINS  # dots that fall on each other are drawn once
    for some, size in ((many, 6), (~many, 3)):
        x, y = np.unique((found[some, :2] / grain).round(), axis=0).T * grain
        axis.plot(x, y, "o", ms=size, mew=0, color=own.colour, zorder=3)
    for x, y, n in found[many]:
        axis.annotate(f"×{n:.0f}", (x, y), (5, 3), textcoords="offset points", color=ink(own.colour))
    axis.set(xlim=limits[:2], ylim=limits[2:], aspect="equal")
    values = {"step": int(now["step"].iloc[0]), "accuracy": percent(now["valid_accuracy"].iloc[0])}
    axis.set_title(words("panel", **values))
    axis.locator_params(nbins=5)
