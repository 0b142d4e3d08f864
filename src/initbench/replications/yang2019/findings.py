"""Batch normalisation makes gradients explode at initialisation, and the deepest networks do not train."""

import numpy as np
import pandas as pd

from initbench.replications import Finding, replication, verdict
from initbench.replications.reading import chosen_runs, crossing, hidden_at_start, listed
from initbench.tables.views import layer_factor, mean_squares
from initbench.theory import batchnorm_rate
from initbench.theory.batchnorm import batch_rate

AGREES = 0.15  # of ln measured / ln predicted from 1: no explosion (a factor of 1) is off by 1, twice the rate too
PROBE = 64  # samples of the probe's batch
RANDOM, REAL = "noise", "digits"
LEVEL = 0.5  # training accuracy that counts as trained, between chance (0.1) and 1
PUBLISHED_SCALES = 16  # trainable depth in units of ξ = 1/ln rate


def growth_factors(tables) -> pd.DataFrame:
    """Per-layer factor of δ² over the deeper half of the layers of the widest networks at step 0, with its prediction.

    A row a data set and activation; δ² is averaged over seeds before logarithms are taken. error: standard error of ln
    measured over seeds. predicted: of the probe's batch size; limit: of large batches.
    """
    frame = hidden_at_start(tables, ["delta_rms_gaussian"], normalization="batch")
    frame = frame[(frame["layer"] > frame["depth"] // 2) & (frame["width"] == frame["width"].max())]
    rows = []
    for (data, activation), part in frame.groupby(["dataset", "activation"]):
        mean = mean_squares(part, "delta_rms_gaussian", by=["layer"])
        each = [
            -np.log(layer_factor(mean_squares(one, "delta_rms_gaussian", by=["layer"])))
            for _, one in part.groupby("seed")
        ]
        error = np.std(each, ddof=1) / np.sqrt(len(each)) if len(each) > 1 else np.nan
        rates = batch_rate(activation, PROBE), batchnorm_rate(activation)
        rows.append((data, activation, 1 / layer_factor(mean), error, *rates))
    table = pd.DataFrame(rows, columns=["dataset", "activation", "measured", "error", "predicted", "limit"])
    return table.assign(ratio=np.log(table["measured"]) / np.log(table["predicted"]))


def trainability(tables) -> pd.DataFrame:
    """A row an activation and depth: mean training accuracy at the chosen learning rate (diverged counts as 0), and ξ."""
    runs = chosen_runs(tables).fillna({"train_accuracy": 0.0})
    means = runs.groupby(["activation", "depth"])["train_accuracy"].agg(["mean", "min", "max"]).reset_index()
    scale = {name: 1 / np.log(batch_rate(name, PROBE)) for name in means["activation"].unique()}
    return means.assign(xi=means["activation"].map(scale))


def trainable_depths(table: pd.DataFrame) -> pd.DataFrame:
    """By activation: the depth at which training accuracy falls through LEVEL, `bound` > or < where it is only bounded."""
    rows = []
    for name, part in table.sort_values("depth").groupby("activation"):
        depth, bound = crossing(part["depth"], part["mean"], LEVEL)
        rows.append((name, depth, bound, part["xi"].iloc[0]))
    return pd.DataFrame(rows, columns=["activation", "depth", "bound", "xi"]).set_index("activation")


@replication(
    "yang2019",
    paper="Yang, Pennington, Rao, Sohl-Dickstein & Schoenholz 2019, “A mean field theory of batch normalization” (ICLR)",
    scaling=(
        ("width", "infinite (theory), 384 in training", "512 units in 24 hidden layers at initialisation, 64 in training"),
        ("batch", "infinite for the rates quoted, or of a given size", "64 samples, and the theory of 64 samples"),
        ("data", "random inputs, MNIST, CIFAR-10", "random inputs and the 8 × 8 digits"),
        ("training", "10 epochs of MNIST at a rate of 1e-5 times the batch size, ε = 1e-3", "200 steps of SGD without momentum, "
         "the best of three rates per cell on validation data, ε = 1e-5"),
        ("draws", "not said", "6 seeds at initialisation, 3 in training"),
    ),
    consequence="n units add to the rates a term of order depth × B/n, since a product of random matrices stretches some "
    "directions of the batch, and real data have such directions from the start, which near-linear networks keep for many "
    "layers: where the rate itself is near 1, that is much of its logarithm. Trainable depth depends on the number of steps "
    "and on the rates tried. That the scale of the weights has no part is an identity here, since normalisation divides it out "
    "and all scales share their draws: it is no finding.",
    quoted="The abstract and section 4 were compared with the text of the submission; theorem numbers are left out, as they "
    "differ between versions.",
)  # fmt: skip
def yang2019(tables):
    """Rates against theory on random inputs and on digits, the linear network as the mildest, and trainable depth."""
    table = growth_factors(tables)
    trained = trainability(tables)
    random, real = (table[table["dataset"] == data] for data in (RANDOM, REAL))
    return [_rate(random), _mildest(random), _real(real), _trains(trained, trainable_depths(trained))]


def _numbers(table) -> str:
    return listed(
        (
            row.activation,
            f"{row.measured:.3f} (theory {row.predicted:.3f}; ln over ln {row.ratio:.2f} ± {row.error / np.log(row.predicted):.2f})",
        )
        for row in table.itertuples()
    )


def _agree(table) -> list[bool]:
    return [bool(abs(ratio - 1) <= AGREES) for ratio in table["ratio"]]


def _rate(table) -> Finding:
    limits = listed((row.activation, f"{row.limit:.3f}") for row in table.itertuples())
    agree = _agree(table)
    return Finding(
        "Gradients explode at a rate that the activation alone sets",
        f"The factor of δ² towards the input is E φ′²/Var φ for large batches, π/(π − 1) = {np.pi / (np.pi - 1):.3f} for ReLU "
        f"({limits}), and known for any batch.",
        f"Random inputs, for batches of {PROBE}: {_numbers(table)}. {sum(agree)} of {len(agree)} agree.",
        f"for each activation ln measured over ln predicted for the batch is within {AGREES:g} of 1 (± standard error over seeds); "
        "a network without explosion has 0",
        verdict(*agree),
    )


def _mildest(table) -> Finding:
    measured = table.set_index("activation")["measured"]
    errors = table.set_index("activation")["error"]
    exact = (PROBE - 2) / (PROBE - 3)
    linear = measured.get("linear")
    low = np.log(measured) - 2 * errors.fillna(np.inf)
    mildest = "unknown" if measured.empty else f"{measured.idxmin()}’s, {measured.min():.4f}"
    return Finding(
        "No activation avoids it; near-linear networks have the least",
        "“Batch normalization itself is the cause of gradient explosion”, which “can be reduced by tuning the network close to the "
        f"linear regime” (abstract); linear units have (B − 2)/(B − 3), {exact:.4f} for B = {PROBE}.",
        f"{int((low > 0).sum())} of {len(measured)} activations have a factor above 1 by two standard errors; the smallest is {mildest}.",
        "all factors exceed 1 by two standard errors, and linear units have the smallest",
        verdict(
            bool((low > 0).all()) if len(low) and np.isfinite(low).all() else None,
            None if linear is None or len(measured) < 2 else measured.idxmin() == "linear",
        ),
    )


def _real(real) -> Finding:
    return Finding(
        "The same on real data",
        "Whatever the inputs, the batch goes to a fixed point where any two samples are equally far apart; the rate is that of the "
        "fixed point.",
        f"Digits: {_numbers(real) or 'not measured'}.",
        f"for each activation ln measured over ln predicted for the batch is within {AGREES:g} of 1",
        verdict(*_agree(real)),
    )


def _trains(table, reached) -> Finding:
    numbers = "; ".join(
        f"{name}: " + listed((f"depth {row.depth}", f"{row.mean:.2f}") for row in part.itertuples())
        for name, part in table.groupby("activation")
    )
    depths = listed(
        (name, f"{row.bound}{row.depth:.0f} layers ({PUBLISHED_SCALES} ξ = {PUBLISHED_SCALES * row.xi:.0f})")
        for name, row in reached.iterrows()
    )
    relu = reached.loc["relu"] if "relu" in reached.index else None
    both = {"relu", "tanh"} <= set(reached.index)
    return Finding(
        "Deep batch-normalised networks do not train, the less the faster gradients explode",
        "“Vanilla batch-normalized networks without skip connections are not trainable at large depths” (abstract); ReLU networks “deeper "
        f"than about 50 layers are untrainable regardless of batch size”, along {PUBLISHED_SCALES} ξ, ξ = 1/ln rate (section 4, figure 2).",
        f"Mean training accuracy at the best rate — {numbers or 'nothing was trained'}. "
        f"It falls through {LEVEL:g} at: {depths or 'not measured'}.",
        f"ReLU networks fall through {LEVEL:g} within the depths tried, at a depth within a factor of two of {PUBLISHED_SCALES} ξ, and "
        "tanh networks, whose rate is smaller, later",
        verdict(
            None if relu is None else relu["bound"] == "",
            None
            if relu is None
            else bool(relu["bound"] == "" and 0.5 <= relu["depth"] / (PUBLISHED_SCALES * relu["xi"]) <= 2),
            bool(reached["depth"]["tanh"] > reached["depth"]["relu"]) if both else None,
        ),
    )
