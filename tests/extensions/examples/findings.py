"""An extension with what is made of the tables: an analysis, a claim, a figure and a section of the report."""

from initbench.claims import CellVerdict
from initbench.claims.quantities import share
from initbench.extend import Column, Drawn, analysis, claim, figure, section


@analysis(
    "example_finished",
    row="a scheme",
    reads=("runs",),
    columns=(Column("scheme", str, "the scheme"), Column("share", float, "share of its runs that did not diverge")),
)
def finished(tables, settings):
    """The share of runs at the chosen rate that stayed finite."""
    runs = tables.chosen_runs
    return (runs["status"] != "diverged").groupby(runs["scheme"]).mean().rename("share").reset_index()


@claim(
    "example-finite",
    statement="Training at the chosen rate stays finite.",
    rule="No run at its cell's chosen rate has status diverged; every trained cell, by scheme.",
)
def finite(tables):
    """One verdict a scheme."""
    runs = tables.chosen_runs
    finite = (runs["status"] != "diverged").groupby(runs["scheme"])
    return [
        CellVerdict(
            {"scheme": key}, part.all(), part.mean(), (share("runs that stayed finite", part.sum(), len(part)),)
        )
        for key, part in finite
    ]


@figure("example_finished", tables=("example_finished",), section="depth")
def finished_figure(tables, words):
    """Bars, one a scheme."""
    from matplotlib.figure import Figure  # here, so that training need not import it

    picture, table = Figure(figsize=(4, 2)), tables.read("example_finished")
    picture.subplots().barh(table["scheme"], table["share"])
    caption = "Share of the runs at the chosen learning rate that stayed finite."
    return Drawn(picture, "Runs that stayed finite", caption, f"{len(table)} bars.")


@section("example_words", title="Runs in words", tables=("runs",), template="<p>{{ count }} runs were measured.</p>")
def in_words(tables, study, words):
    """What the template is given."""
    return {"count": len(tables.runs)}
