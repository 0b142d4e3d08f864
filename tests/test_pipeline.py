"""The contracts of the pipeline, with Snakemake itself, and the quick study end to end."""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

from initbench.report.contents import figures_in_order

pytestmark = pytest.mark.pipeline
ROOT = Path(__file__).parent.parent
TINY = {
    "depths": [2], "widths": [16], "activations": ["tanh"], "schemes": ["zeros", "xavier_tanh"], "seeds": 2,
    "seeds_per_shard": 1, "learning_rates": [0.1], "training": {"steps": 5}, "initial": [],
}  # fmt: skip


def snakemake(folder, config, *arguments, cores=2):
    path = folder / "study.yaml"
    path.write_text(config if isinstance(config, str) else yaml.safe_dump(config))
    return subprocess.run(
        [Path(sys.executable).with_name("snakemake"), *arguments, "--snakefile", "Snakefile", "--cores", str(cores),
         "--configfile", "study.yaml"],
        cwd=folder, capture_output=True, text=True, check=False, timeout=400,
    )  # fmt: skip


@pytest.fixture
def copy(tmp_path):
    """The workflow in a folder of its own, sharing the library."""
    for name in ("Snakefile", "config.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("workflow", "scripts", "profiles"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def hashes(folder, pattern="tables/*.parquet"):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted((folder / "results").glob(pattern))}


def planned(done) -> dict[str, int]:
    """Jobs by rule of a dry run."""
    return {rule: int(n) for rule, n in re.findall(r"^(\w+) +(\d+)$", done.stdout, re.M) if rule != "total"}


def ok(done):
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done


def test_same_study_same_bytes_and_only_what_changed_is_redone(copy):
    said = [line for line in ok(snakemake(copy, TINY)).stderr.splitlines() if line]
    assert "  4 runs, of 2 cells, in 1 job" in said
    report = said.index("The report: results/report/index.html")
    assert said[report + 1].startswith("From zero or"), "the screen ends with the answer"
    assert any(line.startswith("training 4 runs: 2 starts, tanh, depth 2, width 16, digits: ") for line in said)
    assert not [line for line in said if "jobid" in line or "Select jobs" in line], "and Snakemake keeps its noise"
    first, pictures = hashes(copy), hashes(copy, "figures/*")
    assert {"runs.parquet", "history.parquet", "signal.parquet", "layers.parquet"} <= set(first)
    shuffled = "# a comment\n" + yaml.safe_dump(dict(reversed(TINY.items())), sort_keys=False)
    for touched in (copy / "study.yaml", copy / "scripts/train.py"):
        touched.touch()
    again = snakemake(copy, shuffled, "-n")
    assert "Nothing to be done" in again.stdout + again.stderr
    shutil.rmtree(copy / "results")
    ok(snakemake(copy, TINY | {"seeds_per_shard": 2}, cores=1))
    assert hashes(copy) == first
    assert hashes(copy, "figures/*") == pictures


def shards(folder):
    """The shard files and when each was written."""
    return {path: path.stat().st_mtime_ns for path in (folder / "results/shards").rglob("*.parquet")}


def test_only_shards_that_are_missing_or_out_of_date_are_trained(copy):
    runs = "results/tables/runs.parquet"
    ok(snakemake(copy, TINY, runs))
    first, table = shards(copy), hashes(copy)
    assert len(first) == 4
    ok(snakemake(copy, TINY | {"schemes": [*TINY["schemes"], "he_normal"], "seeds": 3}, runs))
    grown = shards(copy)
    assert {path: grown[path] for path in first} == first
    assert len(grown) == 9
    gone = next(iter(first))
    gone.unlink()
    listed = sorted((copy / "results").rglob("*"))
    for arguments in (["-n", runs], ["--summary"], ["--lint"], ["--unlock"]):
        snakemake(copy, TINY, *arguments)
    assert sorted((copy / "results").rglob("*")) == listed, "what only looks writes and deletes nothing"
    ok(snakemake(copy, TINY, runs))
    again = shards(copy)
    assert [path for path in grown if again[path] != grown[path]] == [gone]
    assert hashes(copy) == table
    ok(snakemake(copy, TINY | {"training": {"steps": 6}}, runs))
    retrained = shards(copy)
    assert {path for path in retrained if retrained[path] != again[path]} == set(first)
    script = copy / "scripts/train.py"
    script.write_text(script.read_text() + "\nprint('a log line')\n")
    assert "Nothing to be done" in snakemake(copy, TINY | {"training": {"steps": 6}}, "-n", runs).stdout


TUNED = TINY | {"learning_rates": [0.01, 0.1], "seeds_per_shard": 10}


def runs_in_shards(folder):
    """Every run that a shard has: (scheme, role, seed, learning rate) → the file, and when it was written."""
    found = {}
    for path, at in shards(folder).items():
        rows = pq.read_table(path, columns=["scheme", "role", "seed", "learning_rate"]).to_pylist()
        found |= {tuple(row.values()): (path, at) for row in rows}
    return found


def choices(folder):
    rows = pq.read_table(folder / "results/tables/choices.parquet").to_pylist()
    return {row["scheme"]: row["learning_rate"] for row in rows}


def test_rates_are_chosen_on_tuning_seeds_and_a_study_that_grows_trains_only_what_is_new(copy):
    runs, log = "results/tables/runs.parquet", r"(\d+) of \1 runs"

    def trained(config):
        """How many runs a study trains, by role."""
        (copy / "results/logs").exists() and shutil.rmtree(copy / "results/logs")
        ok(snakemake(copy, config, runs))
        assert "Nothing to be done" in snakemake(copy, config, "-n", runs).stdout
        logs = (copy / "results/logs").glob("train/*.log")
        counts = {path.stem.split(".")[-2]: sum(map(int, re.findall(log, path.read_text()))) for path in logs}
        return counts.get("tuning", 0), counts.get("scoring", 0)

    assert trained(TUNED) == (2 * 3 * 2, 2 * 2)
    first = runs_in_shards(copy)
    assert {key[3] for key in first if key[:2] == ("zeros", "scoring")} == {0.01}, (
        "all tie, and the smaller rate is taken"
    )
    assert choices(copy) == {"zeros": 0.01, "xavier_tanh": 0.1}
    assert trained(TUNED | {"seeds": 3}) == (0, 2), "a scoring seed trains itself"
    assert choices(copy) == {"zeros": 0.01, "xavier_tanh": 0.1}
    grown = TUNED | {"seeds": 3, "learning_rates": [0.01, 0.1, 0.5]}
    assert trained(grown) == (2 * 3, 3), "a rate trains the tuning runs at it, and the cells whose choice moved"
    assert choices(copy) == {"zeros": 0.01, "xavier_tanh": 0.5}
    tables, files = hashes(copy), {path.relative_to(copy): path.read_bytes() for path in shards(copy)}
    shutil.rmtree(copy / "results")
    ok(snakemake(copy, grown, runs, cores=1))
    assert hashes(copy) == tables
    assert {path.relative_to(copy): path.read_bytes() for path in shards(copy)} == files


def test_an_interrupted_study_resumes_and_a_failing_job_is_named(copy):
    broken = copy / "broken.py"
    good = (
        "import numpy as np\nfrom initbench.schemes import scheme\n\n"
        '@scheme("mine")\ndef mine(rng, fan_in, fan_out):\n    return 0.1 * rng.standard_normal((fan_in, fan_out))\n'
    )
    broken.write_text(good.replace("return", "if fan_in == 64:\n        raise RuntimeError('no luck')\n    return"))
    config = TUNED | {"extensions": ["broken.py"], "schemes": ["mine", "zeros"], "seeds_per_shard": 1}
    done = snakemake(copy, config, "results/tables/runs.parquet")
    assert done.returncode != 0
    assert "mine · tanh" in done.stderr
    assert "no luck" in done.stderr
    assert "logs/train/" in done.stderr
    finished = shards(copy)
    assert len(finished) == 3, "the other cell's tuning shards were finished"
    broken.write_text(good)
    ok(snakemake(copy, config, "results/tables/runs.parquet"))
    assert {path: at for path, at in shards(copy).items() if path in finished} == finished
    assert pq.read_table(copy / "results/tables/runs.parquet").num_rows == 2 * (2 + 3 * 2)


def test_the_pipeline_is_a_module_of_another_workflow_in_another_folder(tmp_path):
    config = TINY | {"seeds": 1, "schemes": ["zeros"], "reference": "zeros", "results_dir": "bench"}
    (tmp_path / "Snakefile").write_text(
        f"rule all:\n    input: 'rows.txt'\n\n"
        f"module bench:\n    snakefile: {str(ROOT / 'workflow/Snakefile')!r}\n    config: {config!r}\n\n"
        "use rule * from bench as bench_*\n\n"
        "rule rows:\n    input: 'bench/tables/runs.parquet'\n    output: 'rows.txt'\n    shell: 'ls {input} > {output}'\n"
    )
    program = Path(sys.executable).with_name("snakemake")
    for message in ("6 of 6 steps", "Nothing to be done"):
        done = subprocess.run(
            [program, "--cores", "2"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=400
        )
        assert message in ok(done).stdout + done.stderr
    assert (tmp_path / "rows.txt").read_text() == "bench/tables/runs.parquet\n"


def test_without_a_target_everything_is_made(copy):
    jobs = planned(snakemake(copy, TINY, "-n"))
    assert jobs["report"] == 1
    assert jobs["figure"] == len(figures_in_order())
    assert jobs["plot_measured"] == jobs["plot_analysed"] == 1


def test_an_extension_joins_every_stage_and_an_edit_of_it_redoes_what_it_makes(copy):
    for path in (ROOT / "tests/extensions/examples").glob("*.py"):
        shutil.copy(path, copy)
    extensions = {"extensions": ["networks.py", "findings.py"], "schemes": ["zeros", "example_laplace"]}
    config = TINY | extensions | {"activations": ["example_wave"], "reference": "zeros", "datasets": ["digits", "wine"]}
    targets = ["results/figures/example_finished.zh.svg", "results/tables/claims.parquet"]
    ok(snakemake(copy, config, *targets))
    claims = pq.read_table(copy / "results/tables/claims.parquet").to_pandas().set_index("id")
    assert claims.loc["example-finite", "verdict"] == "supported"
    assert (copy / "results/figures/example_finished/wine.zh.svg").is_file()
    assert "example_kurtosis" in pq.read_schema(copy / "results/tables/layers.parquet").names

    def edited(name, old, new):
        text = (copy / name).read_text()
        assert old in text
        (copy / name).write_text(text.replace(old, new))
        jobs = planned(snakemake(copy, config, "-n", *targets))
        (copy / name).write_text(text)
        return set(jobs)

    drawn = {"judge", "plot_extension_findings", "figure", "analyse_example_finished"}
    assert edited("networks.py", "W Laplace-distributed", "W double exponential") == set()
    assert edited("findings.py", "part.all()", "part.any()") == drawn
    assert edited("example_helper.py", "gain / (2 * fan_in) ** 0.5", "gain * (2 * fan_in) ** -0.5") == drawn | {
        "train",
        "choose",
        "collect",
    }


FIGURE = """
from initbench.extend import Drawn, figure
from initbench.figures.style import panels

@figure("{name}", tables=("runs",), section="depth")
def {name}(tables, words):
    drawn, axes = panels([0], [0])
    axes[0, 0].plot(tables.runs["{column}"])
    {last}
"""


def test_a_figure_that_fails_is_named_and_a_changed_or_deleted_one_is_drawn_alone(copy):
    config = TINY | {"extensions": ["good.py", "bad.py"]}
    good, bad, figures = copy / "good.py", copy / "bad.py", copy / "results/figures"
    targets = [f"results/figures/{name}.en.svg" for name in ("good", "bad", "learning_curves")]

    def drawn() -> set[str]:
        """The figures that are drawn anew."""
        logs = {path.name: path.read_text().split() for path in (copy / "results/logs/plot").glob("*.log")}
        shutil.rmtree(copy / "results/logs/plot")
        return {name for words in logs.values() for name in words if name != "making"}

    good.write_text(
        FIGURE.format(name="good", column="steps", last="return Drawn(drawn, 'Good.', 'All of it.', 'A line.')")
    )
    bad.write_text(FIGURE.format(name="bad", column="steps", last="raise ValueError('no luck')"))
    done = snakemake(copy, config, *targets)
    assert done.returncode != 0
    assert "initbench: figure bad failed: no luck (log: results/logs/figures/bad.log)" in done.stderr
    assert "ValueError: no luck" in (copy / "results/logs/figures/bad.log").read_text()
    assert (figures / "good.en.svg").exists()
    assert (figures / "learning_curves.zh.svg").exists()
    assert not (figures / "bad.en.svg").exists()
    assert {"good", "bad", "learning_curves"} <= drawn()
    bad.write_text(
        bad.read_text().replace(
            "raise ValueError('no luck')", "return Drawn(drawn, 'Good now.', 'All of it.', 'A line.')"
        )
    )
    (figures / "learning_curves.en.svg").unlink()  # one that is asked for
    ok(snakemake(copy, config, *targets))
    assert {"bad", "learning_curves"} <= drawn() <= {"bad", *(figure.name for figure in figures_in_order())}
    first = hashes(copy, "figures/*")
    good.write_text(good.read_text().replace("steps", "train_loss"))
    ok(snakemake(copy, config, *targets))
    assert drawn() == {"good"}
    assert {name for name, digest in hashes(copy, "figures/*").items() if digest != first[name]} == {
        f"good.{language}.{kind}" for language in ("en", "zh") for kind in ("png", "svg")
    }


def test_bad_configuration_stops_before_any_job_without_a_traceback(copy):
    done = snakemake(copy, TINY | {"schemes": ["constant"]})
    assert done.returncode != 0
    assert "lacks 'value'" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (copy / "results").exists()
