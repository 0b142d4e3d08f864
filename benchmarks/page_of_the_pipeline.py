"""What whole studies cost: the sections of the page on the pipeline, how it grows, and clusters."""

# size: a section of the page a function

from page_words import conditions, table, verdict

CLUSTER_CORES, CLUSTER_RUNS = 1000, 10**7


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
