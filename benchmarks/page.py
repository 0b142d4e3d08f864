"""The measured tables of docs/reference/benchmarks.md, from benchmarks/results/*.json: python benchmarks/page.py [--quick]

With --quick, those of a quick run, printed and not written.
"""

# size: a section of the page a function

import argparse
import json
from collections import defaultdict
from pathlib import Path

import numpy as np
from machine import RESULTS, geometric_mean

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "benchmarks.md"
FIRST = "<!-- what follows is written by benchmarks/page.py -->\n"
OURS = "this project"
CLUSTER_CORES, CLUSTER_RUNS = 1000, 10**7


def table(header: list[str], rows) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def verdict(value: float, bar: float, at_most: bool = False) -> str:
    """Whether a bar is met, or the share of it that is reached."""
    if at_most:
        return "met" if value <= bar else f"not met: {value / bar:.2g} times it"
    return "met" if value >= bar else f"not met: {value / bar:.2g} of it"


def conditions(result: dict, cores: str = "one core") -> str:
    """What a result was measured on."""
    machine = result["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    return f"{machine['processor']}, NumPy's OpenBLAS kernel {machine['kernel']}, {cores}; {versions}.\n"


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


def pipeline(result: dict) -> str:
    """What the workflow costs beside training."""
    rows = [
        [what, f"**{value:.2f}**", f"≤ {bar:g}", verdict(value, bar, at_most=True)]
        for what, value, bar in (
            ("wall time over half of that sum", result["wall_over_training"], 1.25),
            ("seconds of a run with nothing to do", result["nothing_to_do_seconds"], 5),
            (
                f"processor seconds of {result['figures']} figures and the page",
                result["figures_processor_seconds"],
                10,
            ),
            ("processor seconds until a training job has made its first update", result["start_seconds"], 0.35),
        )
    ]
    return "\n".join(
        [
            "## What the pipeline costs\n",
            conditions(result, "two cores"),
            f"The default study from nothing, {result['jobs']['train']} training jobs: {result['wall_seconds']:.0f} s; the jobs "
            f"trained for {result['training_seconds']:.0f} s in sum.\n",
            table(["", "measured", "bar", ""], rows),
        ]
    )


def scale(result: dict) -> str:
    """Studies of growing size."""
    header = ["study", "runs", "train jobs", "planning s", "wall s", "wall ms a run", "less what a run with nothing to do takes",
              "training ms a run", "training MB", "collecting s", "collecting MB", "largest process MB"]  # fmt: skip
    rows = [
        [
            row["kind"],
            f"{row['runs']:,}",
            row["jobs"]["train"],
            f"{row['planning_seconds']:.1f}",
            f"{row['wall_seconds']:.0f}",
            *(f"{1000 * row[name]:.2f}" for name in ("wall_per_run", "working_per_run")),
            f"{1000 * row['training_seconds'] / row['runs']:.2f}",
            f"{row['training_megabytes']:.0f}",
            f"{row['collect_seconds']:.1f}",
            f"{row['collect_megabytes']:.0f}",
            f"{row['largest_process_megabytes']:.0f}",
        ]
        for row in result["studies"]
    ]
    return "\n".join(
        [
            "## Scale\n",
            conditions(result, "two cores"),
            "Small networks to their tables, from nothing. *Seeds*: five cells with many seeds. *Cells*: one seed and one "
            "rate a cell. The largest process is that of this study and those above it.\n",
            table(header, rows),
        ]
    )


def cluster(default: dict, studies: list[dict]) -> str:
    """What many more runs would take on a cluster, by the measured costs of a run."""
    largest = {row["kind"]: row for row in sorted(studies, key=lambda row: row["runs"])}
    measured = {"the default study": default} | {f"{kind}, {row['runs']:,} runs": row for kind, row in largest.items()}
    rows = []
    for name, row in measured.items():
        training, collecting = (row[what] / row["runs"] for what in ("training_seconds", "collect_seconds"))
        rows.append(
            [
                name,
                f"{1000 * training:.2f}",
                f"{CLUSTER_RUNS * training / CLUSTER_CORES / 60:.1f}",
                f"{CLUSTER_RUNS * collecting / 3600:.1f}",
            ]
        )
    return "\n".join(
        [
            f"## {CLUSTER_RUNS:,} runs on {CLUSTER_CORES:,} cores\n",
            "Computed from the figures above. It supposes cores as fast as this one, each at work all the time in jobs of some "
            "minutes, so that neither their start nor the queue counts; tables collected by one process, as now; and a study "
            "planned in parts of 100,000 cells at most.\n",
            table(["runs like those of", "training ms a run", "minutes of training", "hours of collecting"], rows),
        ]
    )


def main() -> None:
    """Write the tables into the page, or print those of a quick run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    suffix = "-quick" if quick else ""

    def result(name):
        return json.loads((RESULTS / f"{name}{suffix}.json").read_text(encoding="utf-8"))

    parts = [
        engine(result("engine")),
        convolution(result("convolution")),
        limit(result("limit")),
        recording(result("recording")),
    ]
    if not quick:
        parts += [pipeline(result("pipeline")), scale(result("scale"))]
        parts += [cluster(result("pipeline"), result("scale")["studies"])]
    if quick:
        print("\n".join(parts))
    else:
        before = PAGE.read_text(encoding="utf-8").split(FIRST)[0]
        PAGE.write_text(before + FIRST + "\n" + "\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
