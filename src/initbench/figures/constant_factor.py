"""The value of a constant start against the per-layer factor of the gradient."""

import numpy as np
import pandas as pd

from initbench.base.numbers import number
from initbench.figures import Drawn, figure
from initbench.figures.end_labels import EndLabel, label_ends
from initbench.figures.lines import Decades
from initbench.figures.selection import on_first_dataset, variants
from initbench.figures.style import COLUMN, INK, arrange, colours, hexadecimal, panels
from initbench.figures.telling import few

KEPT = (0.7, 1.4)  # factors that keep a gradient over a few layers
LINES, DASHES, MARKERS = 6, ("-", (0, (4, 1.2)), (0, (1, 1)), "-.", (0, (6, 1, 1, 1)), ":"), "os^Dvp"


@figure("constant_factor", tables=("signal",))
def constant_factor(tables, words):
    """Per-layer gradient factor χ̂ at initialisation against the constant, from vanishing to exploding."""
    frame = _constants(tables, words)
    if frame["value"].nunique() < 2:
        return None
    names = frame["activation"].map(words.term) + frame["variant"].map(
        lambda variant: words.term("comma") + variant if variant else ""
    )
    medians = frame.assign(name=names).groupby(["name", "value"])["gradient_factor"].median()
    medians = medians[medians.index.get_level_values("name").isin(few(names, LINES))]
    width = int(frame["width"].max())
    picture = _picture(medians, width, words)
    title = sentence(medians, words)
    known = {"width": width, "depth": int(frame["depth"].max()), "seeds": int(frame["seed"].nunique())}
    caption = words("caption", data=words.term(frame["dataset"].iloc[0]), **known)
    return Drawn(picture, title, caption, words("alt", finding=title))


def sentence(medians: pd.Series, words) -> str:
    """Which constants keep the gradient within KEPT, of how many."""
    kept = medians[medians.between(*KEPT)]
    values = {"count": medians.index.get_level_values("value").nunique(), "low": KEPT[0], "high": KEPT[1]}
    if kept.empty:
        return words("title_none", **values)
    parts = [words("part", value=number(value, 2), name=name) for name, value in kept.index]
    return words("title", kept=words.joined(parts, words("between")), **values)


def _picture(medians: pd.Series, width: int, words):
    picture, axes = panels([0], [0], width=COLUMN, height=2.5)
    axis, values = axes[0, 0], np.array(sorted(medians.index.get_level_values("value").unique()))
    exact, scale, ends = (width * values) ** 2, Decades.of([*medians, *(width * values) ** 2]), []
    names = list(dict.fromkeys(medians.index.get_level_values("name")))
    for k, (name, colour) in enumerate(zip(names, colours(len(names)), strict=True)):
        line, dash, marker = medians[name].dropna(), DASHES[k % len(DASHES)], MARKERS[k % len(MARKERS)]
        axis.plot(np.log10(line.index), scale.place(line), color=colour, ls=dash, marker=marker)
        ends.append(EndLabel(float(scale.place(line)[-1]), name, hexadecimal(colour)))
    axis.plot(np.log10(values), scale.place(exact), color=INK, ls="--", lw=0.8, zorder=1.6)
    ends.append(EndLabel(float(scale.place(exact)[-1]), words("exact"), hexadecimal(INK)))
    scale.draw(axis)
    axis.set(xlabel=words("x"), ylabel=words("y"), xlim=(np.log10(values[0]), np.log10(values[-1])))
    ticks = [10.0**k for k in range(int(np.ceil(np.log10(values[0]))), int(np.floor(np.log10(values[-1]))) + 1)]
    axis.set_xticks(np.log10(ticks), [number(tick, 1) for tick in ticks])
    label_ends(axis, ends, 0.075)
    arrange(picture)
    return picture


def _constants(tables, words):
    """Factors at the start of constants without bias: the widest, then the shallowest of the networks deeper than one."""
    frame = tables.signal_at_start(["gradient_factor", "gradient_regime"], normalization="none")
    frame = frame.assign(gradient_factor=frame["gradient_factor"].where(frame["gradient_regime"] != "zero", 0.0))
    frame = frame[frame["scheme"].str.fullmatch(r"constant\([^,]*\)") & (frame["depth"] > 1)]
    frame = on_first_dataset(frame)
    frame = frame[frame["width"] == frame["width"].max()]
    frame = frame[frame["depth"] == frame["depth"].min()]
    return frame.assign(value=frame["scheme"].str[9:-1].astype(float), variant=variants(frame, words))
