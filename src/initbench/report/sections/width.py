"""What changes as a network grows wider: how far updates move it, and which learning rate is best."""

import pandas as pd

from initbench.base.numbers import percent
from initbench.report.sections import section
from initbench.report.words import block_columns

KIND = ["dataset", "architecture", "depth", "activation", "normalization", "optimizer", "scheme"]
SAID = ("dataset", "width", "optimizer")  # no columns, or columns of their own


@section("width", tables=("width_scaling", "width_rates"))
def width(tables, study, words):
    """The exponents of the first update, layer by layer, and the best rate at each width; None for studies of fewer widths."""
    scaling, rates = tables.read("width_scaling"), tables.read("width_rates")
    changes = scaling[(scaling["quantity"] == "change") & (scaling["step"] == 1)]
    if changes.empty and rates.empty:
        return None
    if len(changes):
        changes = changes[
            changes["learning_rate"] == changes.groupby(KIND, observed=True)["learning_rate"].transform("min")
        ]
    known = changes if len(changes) else rates
    return {
        "keys": [column for column in block_columns(known.assign(width=0), words) if column[1] not in SAID],
        "finding": words.of("terms")("space").join(filter(None, (_finding(changes, words), _transfer(rates, words))))
        or None,
        "changes": [_change(row, words) for _, row in changes.iterrows()],
        "rates": [_rate(row) for _, row in rates.iterrows()],
    }


def _finding(changes: pd.DataFrame, words) -> str | None:
    """With which power of the width the first update moves the logits, smallest to largest."""
    logits = changes[changes["layer"] == changes["depth"] + 1] if len(changes) else changes
    if logits.empty:
        return None
    low, high = logits.loc[logits["slope"].idxmin()], logits.loc[logits["slope"].idxmax()]
    return words("finding", low=low["slope"], low_start=low["scheme"], low_optimizer=words.term(low["optimizer"]), high=high["slope"],
                 high_start=high["scheme"], high_optimizer=words.term(high["optimizer"]), agree=_agreeing(changes, words))  # fmt: skip


def _agreeing(changes: pd.DataFrame, words) -> str:
    told = changes["agrees"].dropna().astype(bool)
    return words("agree", agree=int(told.sum()), count=len(told)) if len(told) else ""


def _transfer(rates: pd.DataFrame, words) -> str | None:
    """What the rate of the narrowest network costs the widest, from each start."""
    if rates.empty:
        return None
    widest = rates[rates["width"] == rates.groupby(KIND, observed=True)["width"].transform("max")]
    parts = [
        words(
            "cost", start=row["scheme"], optimizer=words.term(row["optimizer"]), points=f"{100 * row['shortfall']:.1f}"
        )
        for _, row in widest.iterrows()
    ]
    return words("transfer", low=int(rates["width"].min()), high=int(rates["width"].max()), parts=words.joined(parts))


def _change(row, words) -> dict:
    layer = int(row["layer"])
    agrees = row["agrees"]
    verdict = "not_judged" if pd.isna(agrees) else "agrees" if agrees else "differs"
    return {name: row[name] for name in KIND} | {
        "optimizer": words.term(row["optimizer"]),
        "rate": f"{row['learning_rate']:g}",
        "layer": words("logits") if layer == int(row["depth"]) + 1 else str(layer),
        "slope": words("slope", value=row["slope"], low=row["slope_low"], high=row["slope_high"]),
        "predicted": "" if pd.isna(row["predicted"]) else f"{row['predicted']:g}",
        "verdict": words(verdict),
    }


def _rate(row) -> dict:
    return {name: row[name] for name in KIND} | {
        "width": int(row["width"]),
        "best_rate": f"{row['best_rate']:g}",
        "accuracy": percent(row["accuracy"]),
        "narrow_rate": f"{row['narrow_rate']:g}",
        "narrow_accuracy": percent(row["narrow_accuracy"]),
    }
