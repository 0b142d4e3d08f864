"""A sparse start of the right scale and momentum each matter: neither makes up for the lack of the other."""

import numpy as np
import pandas as pd

from initbench.replications import Finding, replication, verdict
from initbench.replications.said import Listed, Said, listed, named, say
from initbench.schemes.label import parse_scheme
from initbench.study.cells import CELL
from initbench.tables.views import runs_at_every_rate, trained_runs

PLAIN = "momentum_0"
NAMES = {  # as the figure calls them
    PLAIN: "none",
    "momentum_90": "0.9 (classical)",
    "momentum_99": "0.99 (classical)",
    "nesterov_90": "0.9 (Nesterov)",
    "nesterov_99": "0.99 (Nesterov)",
}
ERRORS = {
    PLAIN: 0.48,
    "momentum_90": 0.15,
    "momentum_99": 0.10,
    "nesterov_90": 0.16,
    "nesterov_99": 0.096,
}  # table 1, Curves
BY_SCALE = {0.25: 16, 0.5: 16, 1: 0.074, 2: 0.083, 4: 0.35}  # table 3
MARKED = 0.5  # of the loss without momentum: markedly better
SENSIBLE = 0.5  # of the entropy of the labels: a training loss below it counts as a sensible result
ENTROPY = float(np.log(10))


def final_losses(tables) -> pd.DataFrame:
    """A row an optimiser and scale of the sparse start: training loss at the end at the rate with the lowest mean, and that rate.

    A diverged run's loss counts as infinite. low, high: the range over seeds. NaN scales (other schemes) are left out.
    """
    runs = trained_runs(runs_at_every_rate(tables.runs))
    sparse = [label for label in runs["scheme"].unique() if parse_scheme(label).name == "sparse"]
    runs = runs[runs["scheme"].isin(sparse)].fillna({"train_loss": np.inf})
    by = runs.groupby([*CELL, "learning_rate"])["train_loss"]
    table = by.agg(loss="mean", low="min", high="max", seeds="size").reset_index()
    table = table.sort_values(["loss", "learning_rate"]).groupby(CELL).head(1)
    scale = [dict(parse_scheme(label).arguments)["std"] for label in table["scheme"]]
    return table.assign(scale=scale).sort_values([*CELL], ignore_index=True)


@replication("sutskever2013")
def sutskever2013(tables):
    """Training loss by momentum from the good start, then by the scale of the start, with momentum and without."""
    table = final_losses(tables)
    good = table[table["scale"] == 1].drop_duplicates("optimizer").set_index("optimizer")
    return [_momentum(good), _larger(good), _nesterov(good), *_scales(table)]


def _loss(value: float) -> Said:
    return say("loss", value=value) if np.isfinite(value) else say("diverged")


def _by_momentum(good) -> Listed:
    return listed(
        say(
            "row",
            name=say(name),
            loss=_loss(row.loss),
            low=_loss(row.low),
            high=_loss(row.high),
            rate=row.learning_rate,
        )
        for name, row in good.iterrows()
        if name in ERRORS
    )


def _below(good, first: str, second: str, share: float = 1.0) -> bool | None:
    """Whether the first optimiser's loss is at most `share` of the second's; None if one of them is not there."""
    if first not in good.index or second not in good.index:
        return None
    return bool(good["loss"][first] <= share * good["loss"][second])


def _momentum(good) -> Finding:
    published = named((say(name), value) for name, value in ERRORS.items())
    held = verdict(_below(good, "nesterov_90", PLAIN, MARKED), _below(good, "nesterov_99", PLAIN, MARKED))
    return Finding("momentum", held, {"errors": published, "numbers": _by_momentum(good), "share": MARKED})


def _larger(good) -> Finding:
    pairs = [(say(f"{kind}_99"), (f"{kind}_99", f"{kind}_90")) for kind in ("nesterov", "momentum")]
    return Finding("larger", verdict(*(_below(good, *pair) for _, pair in pairs)), {"ratios": _ratios(good, pairs)})


def _nesterov(good) -> Finding:
    pairs = [(f"0.{size.rstrip('0')}", (f"nesterov_{size}", f"momentum_{size}")) for size in ("90", "99")]
    held = verdict(*(_below(good, *pair, 1.1) for _, pair in pairs))
    return Finding("nesterov", held, {"ratios": _ratios(good, pairs)})


def _ratios(good, pairs) -> Listed:
    """Of each pair of optimisers, by name, the loss of the first over that of the second."""
    return named(
        (name, good["loss"][first] / good["loss"][second])
        for name, (first, second) in pairs
        if _below(good, first, second) is not None
    )


def _scales(table) -> list[Finding]:
    """What the scale of the start decides with momentum, and what is left of it without."""
    by = {
        name: table[table["optimizer"] == name].drop_duplicates("scale").set_index("scale")["loss"] for name in ERRORS
    }
    ours, plain = by["nesterov_99"], by[PLAIN]
    rows = (
        say("by", name=say(name), values=listed(say("at_scale", scale=scale, value=_loss(loss)) for scale, loss in losses.items()))
        for name, losses in (("nesterov_99", ours), (PLAIN, plain))
        if len(losses)
    )  # fmt: skip
    sensible = {scale: bool(loss <= SENSIBLE * ENTROPY) for scale, loss in ours.items()}
    values = {
        "entropy": ENTROPY, "numbers": listed(rows, between="semicolon"), "share": SENSIBLE,
        "errors": listed(say("at_scale", scale=scale, value=error) for scale, error in BY_SCALE.items()),
    }  # fmt: skip
    small = verdict(*(not sensible[scale] if scale in sensible else None for scale in (0.25, 0.5)))
    return [
        Finding("too_small", small, values),
        Finding("too_large", verdict(*(sensible.get(s) for s in (1, 2, 4))), values),
    ]
