"""What is known of every layer, as the page shows it: medians over seeds at recorded updates, packed as integers."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from initbench.report.explorer.cases import Cases
from initbench.report.explorer.packing import coded
from initbench.report.explorer.results import CHOSEN
from initbench.study.cells import CELL, SCORING, TUNING
from initbench.tables.views import hidden


@dataclass(frozen=True)
class Quantity:
    """A quantity of a layer: the column of table `layers`, whether its square is shown, and how it is packed."""

    name: str
    column: str
    kind: str
    squared: bool = False


QUANTITIES = (
    Quantity("gradient", "delta_rms_gaussian", "log", squared=True),
    Quantity("spread", "activation_std", "log"),
    Quantity("weight_gradient", "gradient_norm", "log"),
    Quantity("units", "distinct_weights", "count"),
    Quantity("saturated", "saturated_fraction", "share"),
    Quantity("dead", "dead_fraction", "share"),
    Quantity("correlation", "input_correlation", "share"),
)
WITHIN = ["role", "learning_rate", "step", "layer"]


def layer_medians(layers: pd.DataFrame) -> pd.DataFrame:
    """Medians over seeds of every quantity that the table has, in hidden layers: one row a cell, role, rate, step and layer."""
    layers = hidden(layers)
    found = [quantity for quantity in QUANTITIES if quantity.column in layers]
    medians = layers.groupby([*CELL, *WITHIN], observed=True, dropna=False)[[q.column for q in found]].median()
    named = {q.name: medians[q.column] ** 2 if q.squared else medians[q.column] for q in found}
    return pd.DataFrame(named).reset_index()


def at_start(medians: pd.DataFrame) -> pd.DataFrame:
    """Their rows before training, of the scoring starts."""
    return medians[(medians["step"] == 0) & (medians["role"] == SCORING)]


def known(medians: pd.DataFrame) -> list[Quantity]:
    """The quantities that a table of medians has any value of."""
    return [q for q in QUANTITIES if q.name in medians and medians[q.name].notna().any()]


def packed_quantity(values: pd.Series, wanted: pd.MultiIndex, quantity: Quantity) -> list[int | None]:
    """A quantity at the wanted keys in their order; None where the study has no finite value."""
    return coded(values.reindex(wanted).to_numpy(float), quantity.kind)


def of_fits(medians: pd.DataFrame, cases: Cases, ended: pd.DataFrame) -> pd.DataFrame:
    """The rows of fits, with columns `cell` and `rate` of each: those at a cell's choice, and those at every rate tried.

    A row of the scoring runs at the chosen rate may be both, in a study without tuning.
    """
    found = medians.merge(cases.cells[CELL].assign(cell=cases.cells.index), on=CELL)
    fit = ended.merge(cases.cells[["tuned"]], left_on="cell", right_index=True)
    role = np.where((fit["rate"] == CHOSEN) | ~fit["tuned"], SCORING, TUNING)
    return found.merge(
        fit.assign(role=role)[["cell", "rate", "role", "learning_rate"]], on=["cell", "role", "learning_rate"]
    )


def columns(available: Iterable[str]) -> list[str]:
    """The columns of `layers` that are read, of those that there are."""
    return [q.column for q in QUANTITIES if q.column in available]
