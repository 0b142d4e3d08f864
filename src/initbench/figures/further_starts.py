"""Starts that are tried in a few blocks beside the grid."""

import pandas as pd

from initbench.base.numbers import percent
from initbench.figures import Drawn, figure
from initbench.figures.selection import block_name
from initbench.figures.style import COLUMN, PAGE, SYMMETRIC, arrange, of_look, ordered, panels
from initbench.figures.telling import of_data_set
from initbench.study.cells import BLOCK
from initbench.tables.grids import tried_in_few

COLUMNS, MOST = 3, 15  # panels in a row; panels in all
ROW, HEAD = 0.125, 0.4  # heights of a start and of what a row of panels has beside, inches


@figure("further_starts", tables=("runs",))
def further_starts(tables, words):
    """Test accuracy of the starts, but zeros and constants, in the blocks that have more than the grid: mean and range."""
    runs = tables.chosen_runs.fillna({"test_accuracy": 0.0})
    runs = runs.assign(few=tried_in_few(runs))
    runs = runs[runs.groupby(BLOCK, observed=True)["few"].transform("any")]
    runs = runs[~runs["scheme"].str.split("(").str[0].isin(SYMMETRIC)]
    blocks = [(dict(zip(BLOCK, key, strict=True)), part) for key, part in runs.groupby(BLOCK, observed=True)][:MOST]
    if not blocks:
        return None
    title = sentence([part for _, part in blocks], words)
    count = {"blocks": len(blocks), "seeds": int(runs["seed"].nunique())}
    caption = words("caption", **count)
    if runs["dataset"].nunique() == 1:
        caption += words.term("space") + of_data_set(runs["dataset"].iloc[0], words)
    return Drawn(_picture(blocks, words), title, caption, words("alt", finding=title))


def sentence(blocks: list[pd.DataFrame], words) -> str:
    """How much the best further start and the best of the grid differ, where they do most."""
    found = []
    for part in blocks:
        means = part.groupby(["few", "scheme"], observed=True)["test_accuracy"].mean()
        if {True, False} <= set(means.index.get_level_values("few")):
            (other, usual), (of_other, of_usual) = _best(means)
            found.append((of_other - of_usual, other, usual, of_other, of_usual, part))
    if not found:
        return words("title_none")
    worst = min(found, key=lambda row: row[0])
    best = max(found, key=lambda row: row[0])
    _, other, usual, of_other, of_usual, part = best if best[0] > -worst[0] else worst
    where = words.of("terms")("comma").join(filter(None, block_name(dict(part.iloc[0][BLOCK]), words)))
    return words("title", other=other, usual=usual, of_other=percent(of_other), of_usual=percent(of_usual), where=where)


def _best(means: pd.Series) -> tuple[list[str], list[float]]:
    """The best further start and the best of the grid, and what they reach."""
    of_each = [means.xs(few, level="few") for few in (True, False)]
    return [str(part.idxmax()) for part in of_each], [float(part.max()) for part in of_each]


def _picture(blocks: list, words):
    columns = min(COLUMNS, len(blocks))
    rows = -(-len(blocks) // columns)
    counts = [part["scheme"].nunique() for _, part in blocks]
    heights = [ROW * max(counts[k * columns : (k + 1) * columns]) + HEAD for k in range(rows)]
    size = {"width": PAGE / columns if columns > 1 else COLUMN, "height": sum(heights) / rows}
    picture, axes = panels(
        range(rows), range(columns), **size, sharex=True, gridspec_kw={"height_ratios": [h - HEAD / 2 for h in heights]}
    )
    differing = [key for key in BLOCK if len({block[key] for block, _ in blocks}) > 1]
    for axis, (block, part) in zip(axes.flat, blocks, strict=False):
        _panel(axis, part)
        axis.set_title("\n".join(filter(None, block_name(block, words, differing))))
        axis.xaxis.set_major_formatter(lambda value, position: f"{100 * value:.0f}\u202f%")
    for axis in axes.flat[len(blocks) :]:
        axis.set_visible(False)
    picture.supxlabel(words.term("test_accuracy"))
    arrange(picture)
    return picture


def _panel(axis, part: pd.DataFrame) -> None:
    """A line from the worst seed to the best and a mark at the mean, one start below the other, the grid's own in grey."""
    means = part.groupby("scheme", observed=True)["test_accuracy"].agg(["mean", "min", "max"])
    schemes = ordered(means.index)
    for level, scheme in enumerate(schemes):
        row, shown = means.loc[scheme], of_look(scheme) | {"linestyle": "-"}
        axis.plot([row["min"], row["max"]], [level, level], **shown | {"marker": "", "lw": 1.6, "alpha": 0.45})
        axis.plot(row["mean"], level, **shown | {"ms": 4})
    axis.set_yticks(range(len(schemes)), schemes)
    few = set(part.loc[part["few"], "scheme"])
    for label, scheme in zip(axis.get_yticklabels(), schemes, strict=True):
        label.set_color("0" if scheme in few else "0.45")
    axis.set_ylim(len(schemes) - 0.4, -0.6)
    axis.set_xlim(0, 1.02)
