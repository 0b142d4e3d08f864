"""What one core does: the sections of the page on the engine, convolutions, its limit, recording and starts."""

# size: a section of the page a function

from collections import defaultdict

import numpy as np
from machine import geometric_mean
from page_words import conditions, table, verdict

OURS = "this project"


def engine(result: dict) -> str:
    """Ratios against the alternatives."""
    # size: a section of the page, top to bottom
    entries = result["table"]
    spread = [(max(s) - min(s)) / np.median(s) for e in entries for s in (e["seconds"][OURS],)]
    differences = [d for e in entries for d in e["loss_difference"].values()]
    bars = [
        [
            row["alternative"],
            row["widths"] if row["widths"] == "all" else ", ".join(map(str, row["widths"])),
            row["entries"],
            f"≥ {row['bar']:g}",
            f"**{row['ratio']:.2f}**",
            f"{row['smallest']:.2f} … {row['largest']:.2f}",
            ", ".join(f"{width}: {ratio:.2f}" for width, ratio in row["by_width"].items()),
            verdict(row["ratio"], row["bar"]),
        ]
        for row in result["summary"]
    ]
    groups = defaultdict(list)
    for entry in sorted(entries, key=lambda e: (e["depth"], e["width"])):
        groups[entry["depth"], entry["width"], entry["normalization"]].append(entry)
    names = list(dict.fromkeys(name for e in entries for name in e["ratios"]))
    detail = [
        [*key, f"{geometric_mean([e['microseconds_per_step_and_run'] for e in some]):.0f}"]
        + [
            f"{geometric_mean(values):.2f}" if (values := [e["ratios"][n] for e in some if n in e["ratios"]]) else "–"
            for n in names
        ]
        for key, some in groups.items()
    ]
    return "\n".join(
        [
            "## Against the alternatives\n",
            conditions(result),
            f"Between the turns of one entry this project's time varied by {100 * np.median(spread):.0f} % "
            f"(median over the {len(entries)} entries of (largest − smallest)/median). Losses: the median of an "
            f"alternative's largest difference from this project's is {np.median(differences):.1e}, the largest "
            f"{max(differences):.1e}; allowed {result['loss_tolerance']:g}.\n",
            table(
                ["alternative", "widths", "entries", "bar", "its time / ours", "over the table", "by width", ""], bars
            ),
            "Each depth, width and normalisation, the geometric mean over its activations; ours in µs for a step of a "
            "run, the others as multiples of it:\n",
            table(["depth", "width", "normalisation", "ours, µs", *names], detail),
        ]
    )


def convolution(result: dict) -> str:
    """Ratios of convolutions against PyTorch's."""
    entries, names = result["table"], [row["alternative"] for row in result["summary"]]
    differences = [d for e in entries for d in e["loss_difference"].values()]
    bars = [
        [row["alternative"], f"≥ {row['bar']:g}", f"**{row['ratio']:.2f}**", verdict(row["ratio"], row["bar"])]
        for row in result["summary"]
    ]
    detail = [
        [e["depth"], e["width"], f"{e['microseconds_per_step_and_run']:.0f}", *(f"{e['ratios'][n]:.2f}" for n in names)]
        for e in entries
    ]
    return "\n".join(
        [
            "## Convolutions\n",
            conditions(result),
            "`convnet` of relu without normalisation on the digits, 12 runs, batches of 64. Losses: the largest difference from "
            f"this project's is {max(differences):.1e}; allowed {result['loss_tolerance']:g}.\n",
            table(["alternative", "bar", "its time / ours", ""], bars),
            table(["depth", "channels", "ours, µs a step and run", *names], detail),
        ]
    )


def residual(result: dict) -> str:
    """Ratios of residual networks against PyTorch's."""
    entries, bars = result["entries"], result["bars"]
    ratios = {name: [entry["ratios"][name] for entry in entries] for name in bars}
    rows = [
        [
            name,
            f"≥ {bar:g}",
            f"**{mean:.2f}**",
            f"{min(ratios[name]):.2f} … {max(ratios[name]):.2f}",
            verdict(mean, bar),
        ]
        for name, bar in bars.items()
        for mean in (result["geometric_means"][name],)
    ]
    detail = [[entry["network"], *(f"{entry['ratios'][name]:.2f}" for name in bars)] for entry in entries]
    return "\n".join(
        [
            "## Residual networks\n",
            conditions(result),
            f"Losses: the largest difference from this project's is {max(e['loss_difference'] for e in entries):.1e}; allowed "
            f"{result['loss_tolerance']:g}.\n",
            table(["alternative", "bar", "its time / ours", "over the table", ""], rows),
            table(["network", *bars], detail),
        ]
    )


def limit(result: dict) -> str:
    """The step's rate over the best product's, and where the rest goes."""
    # size: a section of the page, top to bottom
    entries = result["table"]
    summary = [
        [
            row["width"],
            row["normalization"],
            f"{row['ratio']:.2f}",
            f"{row['deep']:.2f}",
            f"≥ {row['bar']:g}" if row["bar"] else "–",
            verdict(row["ratio"], row["bar"]) if row["bar"] else "",
        ]
        for row in result["summary"]
    ]
    products = []
    for width in sorted({e["width"] for e in entries}):
        rates = defaultdict(list)
        for entry in entries:
            if entry["width"] == width:
                for name, rate in entry["product_gflops"].items():
                    rates[name].append(rate)
        products.append([width, *(f"{np.median(rates[name]):.0f}" for name in rates)])
    shown = [e for e in entries if e["depth"] == 10 and e["activation"] == "tanh"]
    phases = list(dict.fromkeys(phase for e in shown for phase in e["shares"]))
    profile = [
        [phase, *(f"{100 * e['shares'][phase]:.0f} %" if phase in e["shares"] else "–" for e in shown)]
        for phase in sorted(phases, key=lambda p: -shown[0]["shares"].get(p, 0))
    ]
    return "\n".join(
        [
            "## Against the limit\n",
            conditions(result),
            "Useful floating-point operations a second of a step over the best rate of products at that width: the "
            "geometric mean over all depths and activations, and over 10 and 20 layers, where products are most of the "
            "work. The verdict is on all depths.\n",
            table(["width", "normalisation", "all depths", "10 and 20 layers", "bar", ""], summary),
            "Products alone, GFLOP/s, batches of 64, by the order of the factors and the number stacked (medians):\n",
            table(["width", *rates], products),
            "Where a step of a 10-layer tanh network goes, each phase timed alone on the step's own arrays, as a share of "
            "the step:\n",
            table(["phase", *(f"width {e['width']}, {e['normalization']}" for e in shown)], profile),
        ]
    )


def recording(result: dict) -> str:
    """The share of recording by depth."""
    entries = result["table"]
    parts = list(entries[0]["seconds"])
    rows = []
    for depth in sorted({e["depth"] for e in entries}):
        some = [e for e in entries if e["depth"] == depth]
        updates = sum(e["seconds"]["updates"] for e in some)
        shares = [sum(e["seconds"][part] for e in some) / updates for part in parts if part != "updates"]
        rows.append([depth, *(f"{share:.2f}" for share in shares), f"{sum(shares):.2f}"])
    return "\n".join(
        [
            "## What recording costs\n",
            conditions(result),
            f"Time of each part over the time of the updates, in shards of the default study. All cells together: "
            f"**{result['overall']:.2f}**, bar ≤ {result['bar']:g} ({verdict(result['overall'], result['bar'], at_most=True)}).\n",
            table(["depth", *(part for part in parts if part != "updates"), "together"], rows),
            initial(result["initial"]),
        ]
    )


def initial(result: dict) -> str:
    """What a start costs that is not trained, by scheme and depth, the mean over activations."""
    depths = sorted({e["depth"] for e in result["table"]})

    def mean(scheme: str, depth: int) -> str:
        times = [e["ms"] for e in result["table"] if (e["scheme"], e["depth"]) == (scheme, depth)]
        return f"{sum(times) / len(times):.0f}" if times else "–"

    schemes = dict.fromkeys(e["scheme"] for e in result["table"])
    return "\n".join(
        [
            f"\nMeasured at initialisation only: all such starts of the default study take **{result['seconds']:.0f} s** of one core, "
            f"bar ≤ {result['bar']:g} ({verdict(result['seconds'], result['bar'], at_most=True)}). Milliseconds of a start:\n",
            table(["scheme", *(f"depth {d}" for d in depths)], [[s, *(mean(s, d) for d in depths)] for s in schemes]),
        ]
    )
