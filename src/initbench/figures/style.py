"""One look for all figures, and how they are read and saved."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns

RANDOM = ["small_normal", "xavier_sigmoid", "xavier_tanh", "he_normal", "lecun_normal", "orthogonal"]
SYMMETRIC = ["zeros", "constant"]
CONTEXT = {
    "svg.hashsalt": "initbench",
    "svg.fonttype": "path",
    "figure.dpi": 100,
    "savefig.bbox": "tight",
    "axes.titlesize": "medium",
    "axes.formatter.use_mathtext": True,
}
sns.set_theme(style="whitegrid", context="notebook", palette="colorblind", rc=CONTEXT)


def palette(schemes) -> dict[str, tuple]:
    """A colour a scheme, fit for colour-blind readers: greys for one-value starts, hues for the random ones."""
    flat = [s for s in schemes if s.partition("(")[0] in SYMMETRIC]
    other = sorted((s for s in schemes if s not in flat), key=lambda s: (RANDOM.index(s) if s in RANDOM else 99, s))
    greys = sns.color_palette("Greys", len(flat) + 2)[2:]
    hues = sns.color_palette("colorblind", max(len(other), 1))
    return dict(zip(flat, greys, strict=True)) | dict(zip(other, hues, strict=False))


def read(path, columns=None, filters=None) -> pd.DataFrame:
    """Columns of a table, with nulls as NaN."""
    return pd.read_parquet(path, columns=columns, filters=filters)


def ordered(schemes) -> list[str]:
    """Schemes in the order of the palette: one-value starts first."""
    return list(palette(sorted(set(schemes))))


def trained_cells(tables) -> pd.DataFrame:
    """The runs at their cell's chosen learning rate; if nothing was trained, all runs."""
    runs = read(tables["runs"])
    chosen = runs[runs["selected"]]
    return chosen if len(chosen) else runs


def save(figure, svg, png) -> None:
    """Write a figure as SVG and PNG with no date in it, so that the same figure is the same bytes."""
    figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
    figure.savefig(png, format="png", dpi=110, metadata={"Software": None})
    plt.close(figure)


def panels(rows, columns, width=3.4, height=2.9, **options):
    """A grid of axes, always two-dimensional."""
    return plt.subplots(
        len(rows), len(columns), figsize=(width * len(columns), height * len(rows)), squeeze=False, **options
    )


def legend(figure, colours: dict, title="scheme") -> None:
    """One legend beside the panels."""
    handles = [plt.Line2D([], [], color=colour, lw=2.5, label=name) for name, colour in colours.items()]
    figure.legend(handles=handles, title=title, loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)


def widest(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of the largest depth that networks were trained at, on the first data set."""
    frame = frame[frame["dataset"] == sorted(frame["dataset"].unique())[0]]
    return frame[frame["depth"] == frame["depth"].max()]


def nothing(text: str):
    """A figure that says why there is nothing to show."""
    figure, axis = plt.subplots(figsize=(7, 1.2))
    axis.set_axis_off()
    axis.text(0.5, 0.5, text, ha="center", va="center", wrap=True)
    return figure, text


def block_panels(table: pd.DataFrame, width=3.0, height=2.4, **options):
    """(figure, [(axis, part)]): a panel a block, activation and normalisation (and data set) downwards, depth across."""
    several = table["dataset"].nunique() > 1
    down = ["dataset", "normalization", "activation"] if several else ["normalization", "activation"]
    rows = sorted(set(table[down].itertuples(index=False, name=None)))
    rows.sort(key=lambda row: row[-2], reverse=True)  # without normalisation first
    depths = sorted(table["depth"].unique())
    figure, axes = panels(rows, depths, width=width, height=height, **options)
    drawn = []
    for (*row, depth), part in table.groupby([*down, "depth"], observed=True):
        axis = axes[rows.index(tuple(row)), depths.index(depth)]
        drawn.append((axis, part))
        *data, norm, activation = row
        words = [activation, f"depth {depth}", *([f"norm. {norm}"] if len({row[-2] for row in rows}) > 1 else [])]
        axis.set_title("\n".join([*data, ", ".join(words)]), fontsize=10)
    for axis in axes.flat:
        axis.set_visible(axis in [a for a, _ in drawn])
    return figure, drawn
