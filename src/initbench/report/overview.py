"""The opening: the findings in words, and which scheme to take."""

import pandas as pd

from initbench import findings
from initbench.report import section


@section("findings", title="Findings", place=10, tables=("runs", "signal", "layers"))
def findings_section(paths, study):
    """The findings in words with their numbers."""
    runs = pd.read_parquet(paths["runs"])
    signal = pd.read_parquet(paths["signal"], filters=[("step", "==", 0)])
    return {"findings": findings.all_findings(runs, signal, paths["layers"])}


@section("choose", title="Which scheme for this activation and depth", place=20, tables=("runs",))
def choose(paths, study):
    """The best schemes of each block, and the cells whose learning rate lies at the edge of the grid."""
    runs = pd.read_parquet(paths["runs"])
    if not runs["selected"].any():
        return None
    return {"best": findings.best_table(runs), "edges": findings.edge_cells(runs, study["config"]["learning_rates"])}
