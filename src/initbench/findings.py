"""The findings in words. Every number is computed from the tables; a sentence appears only if its cells are there."""

import numpy as np
import pandas as pd
from scipy import stats

BLOCK = ["dataset", "width", "depth", "activation", "normalization"]
ONE_VALUE = r"zeros|constant\(.*"


def all_findings(runs: pd.DataFrame, signal: pd.DataFrame, layers_path) -> list[dict]:
    """[{title, text, figure}] in the order of the story."""
    selected = runs[runs["selected"]]
    parts = [
        symmetry(selected, layers_path),
        zero_start(selected),
        constants(signal),
        small_random(selected),
        variance_keeping(signal, layers_path),
        batch_normalisation(selected),
        best_scheme(selected),
    ]
    return [part for part in parts if part]


def share(events, total) -> str:
    """k of n (percentage, Wilson interval)."""
    low, high = stats.binomtest(int(events), int(total)).proportion_ci(method="wilson")
    return f"{events} of {total} ({events / total:.0%}; 95 % interval {low:.0%} to {high:.0%})"


def symmetry(selected, layers_path):
    """How many hidden layers keep a single distinct unit to the last step."""
    keys = [*BLOCK, "scheme", "learning_rate", "seed"]
    columns = [*keys, "step", "layer", "distinct_weights"]
    layers = pd.read_parquet(layers_path, columns=columns).merge(
        selected.loc[selected["status"] != "diverged", [*keys, "steps"]], on=keys
    )
    last = layers[(layers["step"] == layers["steps"]) & (layers["layer"] <= layers["depth"])]
    flat = last["scheme"].str.fullmatch(ONE_VALUE) & (last["normalization"] == "none")
    one, random = last[flat], last[~last["scheme"].str.fullmatch(ONE_VALUE)]
    if one.empty or random.empty:
        return None
    kept = int((one["distinct_weights"] == 1).sum())
    full = int((random["distinct_weights"] == random["width"]).sum())
    return {
        "title": "How many distinct units does a layer keep?",
        "text": f"After training from zeros or one constant without normalisation, {share(kept, len(one))} hidden layers "
        f"still have a single distinct unit. From random starts {share(full, len(random))} layers have all of theirs.",
        "figure": "distinct_units",
    }


def zero_start(selected):
    """Accuracy and status from zeros, by activation."""
    zero = selected[(selected["scheme"] == "zeros") & (selected["normalization"] == "none") & (selected["depth"] > 0)]
    if zero.empty:
        return None
    sentences = []
    for (activation, depth), part in zero.groupby(["activation", "depth"]):
        stalled = int((part["status"] == "stalled").sum())
        sentences.append(
            f"{activation}, depth {depth}: test accuracy {_mean_range(part['test_accuracy'])}, {stalled} of {len(part)} stalled"
        )
    return {
        "title": "What does a network learn from zeros?",
        "text": f"Within {zero['steps'].max()} steps, without normalisation: " + "; ".join(sentences) + ".",
        "figure": "test_accuracy",
    }


def _mean_range(values) -> str:
    """Mean with the range over seeds; diverged runs count as 0."""
    values = values.fillna(0.0)
    return f"{values.mean():.3f} ({values.min():.3f}–{values.max():.3f})"


def constants(signal):
    """Range of the gradient factor over constants, by activation, on the widest networks."""
    part = signal[signal["scheme"].str.fullmatch(r"constant\([^,]*\)") & (signal["normalization"] == "none")]
    part = part[part["depth"] > 1]
    if part.empty:
        return None
    part = part[part["width"] == part["width"].max()]
    part = part.assign(value=part["scheme"].str[9:-1].astype(float))
    sentences = []
    for activation, mine in part.groupby("activation"):
        table = mine.groupby("value")["gradient_factor"].median().dropna()
        if table.empty:
            continue
        grows = table[table > 1]
        reach = f"above 1 for c from {grows.index.min():g} to {grows.index.max():g}" if len(grows) else "never above 1"
        sentences.append(f"{activation}: largest factor {table.max():.3g} at c = {table.idxmax():g}, {reach}")
    return {
        "title": "For which constants do gradients vanish or explode?",
        "text": f"Per-layer factor of δ² at initialisation, width {part['width'].max()}: " + "; ".join(sentences) + ".",
        "figure": "constant_factor",
    }


def small_random(selected):
    """small_normal by depth against the best random start."""
    none = selected[selected["normalization"] == "none"]
    small = none[none["scheme"] == "small_normal"]
    if small.empty:
        return None
    sentences = []
    for depth, part in small.groupby("depth"):
        trained = int((part["status"] == "trained").sum())
        sentences.append(
            f"depth {depth}: {trained} of {len(part)} runs trained, test accuracy {_mean_range(part['test_accuracy'])}"
        )
    return {
        "title": "How deep do small random weights N(0, 0.01²) still train?",
        "text": "Over all activations, without normalisation: " + "; ".join(sentences) + ".",
        "figure": "backward_signal",
    }


def variance_keeping(signal, layers_path):
    """Forward and backward factors of the schemes made for an activation, from second moments averaged over draws."""
    keys = ["width", "depth", "activation", "normalization", "scheme", "seed", "layer"]
    columns = ["preactivation_second_moment", "delta_rms_gaussian"]
    pairs = [("xavier_sigmoid", "sigmoid"), ("xavier_tanh", "tanh"), ("he_normal", "relu"), ("xavier_tanh", "relu")]
    start = pd.read_parquet(layers_path, columns=[*keys, *columns], filters=[("step", "==", 0)])
    start = start[(start["normalization"] == "none") & (start["layer"] <= start["depth"])].drop_duplicates(keys)
    start = start[start["width"] == start["width"].max()]
    sentences = []
    for scheme, activation in pairs:
        part = start[(start["scheme"] == scheme) & (start["activation"] == activation)]
        for depth, mine in part.groupby("depth"):
            if depth > 1:
                forward, backward = per_layer_factors(mine)
                kept = all(0.9 <= f <= 1.1 for f in (forward, backward))
                verdict = "keeps the variance" if kept else "does not"
                sentences.append(
                    f"{scheme} with {activation}, depth {depth}: E[z²] × {forward:.3f} and δ² × {backward:.3f} a layer: {verdict}"
                )
    if not sentences:
        return None
    return {
        "title": "Which schemes keep the variance (both per-layer factors within 0.9 to 1.1, averaged over draws)?",
        "text": "; ".join(sentences) + ".",
        "figure": "backward_signal",
    }


def per_layer_factors(layers: pd.DataFrame) -> tuple[float, float]:
    """(forward factor of E[z²], backward factor of δ²): log-linear fits over the layers, means over draws first."""
    squared = layers.assign(delta=layers["delta_rms_gaussian"] ** 2).groupby("layer")
    factors = []
    for column, sign in (("preactivation_second_moment", 1), ("delta", -1)):
        mean = squared[column].mean()
        factors.append(float(np.exp(sign * np.polyfit(mean.index, np.log(mean), 1)[0])) if (mean > 0).all() else np.nan)
    return tuple(factors)


def batch_normalisation(selected):
    """Spread of accuracy over random schemes with and without batch normalisation."""
    random = selected[~selected["scheme"].str.fullmatch(ONE_VALUE) & (selected["depth"] > 0)]
    if not {"none", "batch"} <= set(random["normalization"]):
        return None
    means = random.fillna({"test_accuracy": 0.0}).groupby([*BLOCK, "scheme"])["test_accuracy"].mean()
    width = means.groupby(BLOCK).agg(lambda v: v.max() - v.min())
    table = width.groupby(["normalization", "depth"]).mean().unstack("normalization")
    sentences = [
        f"depth {depth}: {row['none']:.3f} without, {row['batch']:.3f} with" for depth, row in table.iterrows()
    ]
    return {
        "title": "How much does the random start matter, with and without batch normalisation?",
        "text": "Test accuracy of the best less the worst random scheme, mean over activations: "
        + "; ".join(sentences)
        + ".",
        "figure": "test_accuracy",
    }


def best_scheme(selected):
    """The scheme with the highest mean test accuracy in each block without normalisation."""
    rows = best_table(selected)
    if not rows:
        return None
    text = "; ".join(
        f"{r['activation']}, depth {r['depth']}: {r['best']}" for r in rows if r["normalization"] == "none"
    )
    return (
        {
            "title": "Which start scored best, without normalisation (mean over seeds)?",
            "text": text + ". Differences of a hundredth are within the spread of the seeds: see the comparisons.",
            "figure": "test_accuracy",
        }
        if text
        else None
    )


def best_table(runs: pd.DataFrame) -> list[dict]:
    """Per block the best scheme with its mean test accuracy and the next best random one."""
    chosen = runs[runs["selected"]].fillna({"test_accuracy": 0.0})
    rows = []
    for key, block in chosen.groupby(BLOCK):
        mean = block.groupby("scheme")["test_accuracy"].agg(["mean", "std"]).sort_values("mean", ascending=False)
        top = [f"{name} {row['mean']:.3f}" for name, row in mean.head(3).iterrows()]
        rows.append(dict(zip(BLOCK, key, strict=True)) | {"best": top[0], "next": ", ".join(top[1:]) or "—"})
    return rows


def edge_cells(runs: pd.DataFrame, rates) -> list[str]:
    """Cells that trained and whose chosen learning rate lies at the edge of the grid, with the rate."""
    chosen = runs[runs["selected"] & runs["status"].isin(["trained", "slow"])]
    if len(rates) < 2:
        return []
    edge = chosen[chosen["learning_rate"].isin([min(rates), max(rates)])]
    cells = edge.drop_duplicates([*BLOCK, "scheme"])
    return [
        f"{c.scheme}, {c.activation}, depth {c.depth}, normalisation {c.normalization}: {c.learning_rate:g}"
        for c in cells.itertuples()
    ]
