"""A sparse start of the right scale and momentum each matter: neither makes up for the lack of the other."""

import numpy as np
import pandas as pd

from initbench.replications import Finding, replication, verdict
from initbench.replications.reading import listed
from initbench.schemes.label import parse_scheme
from initbench.study.cells import CELL
from initbench.tables.views import runs_at_every_rate, trained_runs

PLAIN = "momentum_0"
NAMES = {
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
    runs = runs[runs["scheme"].str.partition("(")[0] == "sparse"].fillna({"train_loss": np.inf})
    by = runs.groupby([*CELL, "learning_rate"])["train_loss"]
    table = by.agg(loss="mean", low="min", high="max", seeds="size").reset_index()
    table = table.sort_values(["loss", "learning_rate"]).groupby(CELL).head(1)
    scale = [dict(parse_scheme(label).arguments)["std"] for label in table["scheme"]]
    return table.assign(scale=scale).sort_values([*CELL], ignore_index=True)


@replication(
    "sutskever2013",
    paper="Sutskever, Martens, Dahl & Hinton 2013, “On the importance of initialization and momentum in deep learning” (ICML)",
    scaling=(
        ("task", "autoencoders (Curves, MNIST, Faces), squared error", "classification of the 8 × 8 digits, cross-entropy"),
        ("network", "sigmoid, 7 to 11 layers with a bottleneck", "sigmoid, 7 hidden layers of 64 units"),
        ("updates", "750,000, batches of 200", "600, batches of 64"),
        ("momentum", "the schedule of eq. 5 to 0, 0.9, 0.99, 0.995 and 0.999; 0.9 in the last 1,000 updates", "the same schedule 125 "
         "times faster, to 0, 0.9 and 0.99; kept to the end"),
        ("learning rate", "the one with the lowest training error, of six", "the same, of seven: up to 3, for no momentum"),
        ("seeds", "one network a row", "3 networks a row"),
    ),
    consequence="Only training is looked at, as in the paper. The published numbers are squared errors of other tasks: what can be "
    "compared is their order and whether there is a sensible result, not their size. Momenta of 0.995 and above need more "
    "updates than these to build up. Feed-forward networks only; the recurrent ones of section 4 are not repeated.",
)  # fmt: skip
def sutskever2013(tables):
    """Training loss by momentum from the good start, then by the scale of the start, with momentum and without."""
    table = final_losses(tables)
    good = table[table["scale"] == 1].drop_duplicates("optimizer").set_index("optimizer")
    return [_momentum(good), _larger(good), _nesterov(good), *_scales(table)]


def _loss(value: float) -> str:
    return f"{value:.3g}" if np.isfinite(value) else "diverged"


def _by_momentum(good) -> str:
    return listed(
        (f"{NAMES[name]}:", f"{_loss(row.loss)} ({_loss(row.low)} to {_loss(row.high)}, rate {row.learning_rate:g})")
        for name, row in good.iterrows()
        if name in NAMES
    )


def _below(good, first: str, second: str, share: float = 1.0) -> bool | None:
    """Whether the first optimiser's loss is at most `share` of the second's; None if one of them is not there."""
    if first not in good.index or second not in good.index:
        return None
    return bool(good["loss"][first] <= share * good["loss"][second])


def _momentum(good) -> Finding:
    published = listed((f"{NAMES[name]}:", f"{value:g}") for name, value in ERRORS.items())
    return Finding(
        "From a good start, training without momentum does markedly worse",
        "“Well-initialized networks perform markedly worse when the momentum is absent or poorly tuned” (abstract). Squared errors by "
        f"largest momentum, task Curves (table 1) — {published}.",
        f"Training loss in nats at the best rate, mean and range over seeds — {_by_momentum(good) or 'no such networks'}.",
        f"with Nesterov's momentum of 0.9 and of 0.99 the loss is at most {MARKED:.0%} of that without momentum",
        verdict(_below(good, "nesterov_90", PLAIN, MARKED), _below(good, "nesterov_99", PLAIN, MARKED)),
    )


def _larger(good) -> Finding:
    pairs = {NAMES[f"{kind}_99"]: (f"{kind}_99", f"{kind}_90") for kind in ("nesterov", "momentum")}
    return Finding(
        "More momentum is better",
        "“Larger values of μ_max tend to achieve better performance” (section 3): from 0.9 to 0.99 the error falls in each of the three "
        "tasks with both kinds of momentum, to 0.57 to 0.77 of what it was (table 1).",
        f"Training loss relative to that with 0.9 — {_ratios(good, pairs)}.",
        "with both kinds of momentum the loss with 0.99 is at most that with 0.9",
        verdict(*(_below(good, *pair) for pair in pairs.values())),
    )


def _nesterov(good) -> Finding:
    pairs = {f"0.{size.rstrip('0')}": (f"nesterov_{size}", f"momentum_{size}") for size in ("90", "99")}
    return Finding(
        "Nesterov's momentum does as well as the classical one, or better",
        "“NAG usually outperforms CM, especially when μ_max is 0.995 and 0.999” (section 3); with 0.9 and 0.99 errors are 0.93 to 1.07 of "
        "the classical ones (table 1).",
        f"Training loss relative to that with classical momentum — {_ratios(good, pairs)}.",
        "with 0.9 and with 0.99 it is at most 1.1 times that with classical momentum",
        verdict(*(_below(good, *pair, 1.1) for pair in pairs.values())),
    )


def _ratios(good, pairs) -> str:
    """Of each pair of optimisers, by name, the loss of the first over that of the second."""
    found = listed(
        (f"{name}:", f"{good['loss'][first] / good['loss'][second]:.3g}")
        for name, (first, second) in pairs.items()
        if _below(good, first, second) is not None
    )
    return found or "no such networks"


def _scales(table) -> list[Finding]:
    """What the scale of the start decides with momentum, and what is left of it without."""
    by = {name: table[table["optimizer"] == name].drop_duplicates("scale").set_index("scale")["loss"] for name in NAMES}
    ours, plain = by["nesterov_99"], by[PLAIN]
    numbers = "; ".join(
        f"{NAMES[name]}: " + listed((f"× {scale:g}:", _loss(loss)) for scale, loss in losses.items())
        for name, losses in ((("nesterov_99"), ours), (PLAIN, plain))
        if len(losses)
    )
    measured = f"Training loss in nats at the best rate by scale; the labels' entropy is {ENTROPY:.2f} — {numbers or 'no such networks'}."
    sensible = {scale: bool(loss <= SENSIBLE * ENTROPY) for scale, loss in ours.items()}
    published = listed((f"× {scale:g}:", f"{error:g}") for scale, error in BY_SCALE.items())
    return [
        Finding(
            "Momentum does not rescue a start that is too small",
            "“Poorly initialized networks cannot be trained with momentum” (abstract); with a factor of 1/2 “we did not achieve sensible "
            f"results” (section 3.1). Squared errors by scale (table 3) — {published}.",
            measured,
            f"with Nesterov's momentum of 0.99 and the scales 1/4 and 1/2 the loss stays above {SENSIBLE:.0%} of the entropy",
            verdict(*(not sensible[scale] if scale in sensible else None for scale in (0.25, 0.5))),
        ),
        Finding(
            "One that is too large by a factor of two or four still trains",
            "“SI works reasonably well if it is rescaled by a factor of 2, but leads to noticeable (but not severe) slow down when scaled "
            "by a factor of 3” (section 3.1).",
            measured,
            f"with Nesterov's momentum of 0.99 and the scales 1, 2 and 4 the loss falls to {SENSIBLE:.0%} of the entropy or below",
            verdict(*(sensible.get(scale) for scale in (1, 2, 4))),
        ),
    ]
