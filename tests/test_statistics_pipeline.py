"""The scripts of the statistics, their figures and their sections of the report, on small made-up studies."""

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import jinja2
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_statistics_robust import FULL, STUDIES, diverge, study

from initbench import report
from initbench.analyses.summaries import SUMMARIES, columns_of
from initbench.analyses.summary_columns import WRITTEN_BY
from initbench.figures import FIGURES
from initbench.figures.style import plt
from initbench.statistics import bayes, power
from initbench.tables import collect as tables
from initbench.tables import shards

DRAWN = ("critical_difference", "effects", "performance_profiles", "improvement", "rate_sensitivity")
SHOWN = ("choose", "statistics", "comparisons", "tuning")
CONFIG = {"learning_rates": [0.01, 0.1], "reference": "xavier_tanh", "thresholds": {"rope": 0.01}}


@pytest.fixture(autouse=True)
def _fewer_draws(monkeypatch):
    monkeypatch.setattr(bayes.signed_rank_posterior, "__defaults__", (0, 500))


def script(name):
    """scripts/<name>.py as a module."""
    spec = importlib.util.spec_from_file_location(f"script_{name}", Path("scripts") / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_runs(runs: pd.DataFrame, path) -> str:
    """The study as runs.parquet has it, with the types of the real table."""
    plain = pd.DataFrame({name: runs[name].astype(object).where(runs[name].notna(), None) for name in runs})
    rows = pa.Table.from_pylist(plain[list(tables.COLUMNS["runs"])].to_dict("records"), schema=tables.schema("runs"))
    shards.write(rows, path)
    return str(path)


def summarised(runs: pd.DataFrame, folder) -> dict[str, str]:
    """All tables of the statistics by the scripts' own entry; table → path."""
    params = SimpleNamespace(reference="xavier_tanh", rope=0.01)
    paths = {"runs": write_runs(runs, folder / "runs.parquet")}
    for rule, names in WRITTEN_BY.items():
        outputs = {name: str(folder / f"{name}.parquet") for name in names}
        script(rule).main(SimpleNamespace(runs=paths["runs"]), outputs, params)
        paths |= outputs
    return paths


# Those at which the pages and pictures could break; test_statistics_robust has the numbers of all the others.
KINDS = [
    "empty", "all tied", "one scheme diverged everywhere", "all diverged", "single block", "one scheme", "no reference",
    "one seed", "one rate", "missing cell", "missing reference cell", "no complete block", "initial only",
]  # fmt: skip
MORE = {
    "several data sets": pd.concat([FULL, FULL.assign(dataset="wine"), FULL.assign(dataset="breast_cancer")]),
    "two schemes, one seed, one block": study(
        schemes=("zeros", "xavier_tanh"), seeds=1, depths=(2,), activations=("tanh",)
    ),
    "two schemes, one diverged everywhere": diverge(
        study(schemes=("zeros", "xavier_tanh")), study(schemes=("zeros", "xavier_tanh"))["scheme"] == "zeros"
    ),
}


@pytest.mark.parametrize("kind", [*KINDS, *MORE])
def test_any_study_gives_tables_figures_and_sections(kind, tmp_path):
    paths = summarised((STUDIES | MORE)[kind].reset_index(drop=True), tmp_path)
    for name in SUMMARIES:
        table = pq.read_table(paths[name])
        assert table.schema.names == list(columns_of(name))
        for column in table.schema:
            assert column.metadata[b"meaning"]
            if column.type == pa.float64():
                assert np.isfinite(table[column.name].drop_null().to_numpy()).all(), f"{name}.{column.name}"
        if "note" in table.schema.names:
            frame = table.to_pandas()
            silent = frame[frame["note"].isna()].drop(columns="note")
            assert not silent.select_dtypes("number").isna().any(axis=None), f"{name}: a null without a note"
    for name in DRAWN:
        figure, caption = FIGURES[name].function({table: paths[table] for table in FIGURES[name].tables})
        figure.canvas.draw()
        assert len(caption) > 20
        plt.close(figure)
    for name in SHOWN:
        page(name, paths)


def page(name, paths) -> str:
    """A section of the report as HTML, empty if it has nothing to say."""
    loader = jinja2.FileSystemLoader("workflow/report")
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    environment.filters["text"] = report.text
    section = report.SECTIONS[name]
    run = {"config": CONFIG}
    values = section.function({table: paths[table] for table in section.tables}, run)
    if values is None:
        return ""
    text = environment.get_template(f"{name}.html.j2").render(
        section=section, figures=[], study=run, config=CONFIG, **values
    )
    assert "nan" not in text.split()
    assert ">nan<" not in text
    assert ">None<" not in text
    return text


def test_same_runs_same_bytes(tmp_path):
    digests = []
    for folder in (tmp_path / "first", tmp_path / "second"):
        folder.mkdir()
        paths = summarised(STUDIES["some diverged"], folder)
        digests.append({name: hashlib.sha256(Path(path).read_bytes()).hexdigest() for name, path in paths.items()})
    assert digests[0] == digests[1]


def test_same_tables_same_pictures_whatever_the_hash_seed(tmp_path):
    paths = summarised(STUDIES["some diverged"], tmp_path)
    code = (
        "import json, sys; from initbench.figures import FIGURES; from initbench.figures.style import save\n"
        "for name in sys.argv[3:]:\n"
        "    save(FIGURES[name].function(json.loads(sys.argv[1]))[0], f'{sys.argv[2]}.{name}.svg', f'{sys.argv[2]}.png')"
    )
    pictures = []
    for seed in ("1", "2"):
        arguments = [sys.executable, "-c", code, json.dumps(paths), str(tmp_path / seed), *DRAWN]
        subprocess.run(arguments, check=True, env=os.environ | {"PYTHONHASHSEED": seed}, timeout=120)
        pictures.append([(tmp_path / f"{seed}.{name}.svg").read_bytes() for name in DRAWN])
    assert pictures[0] == pictures[1]


def test_the_page_names_the_better_scheme_and_how_sure_that_is(tmp_path):
    paths = summarised(FULL, tmp_path)  # he_normal is ahead by 0.05 in every block, 2.5 standard deviations of a run
    best = pd.read_parquet(paths["best"])
    assert set(best["scheme"]) == {"he_normal"}
    assert (best["stays_best"] > 0.99).all()
    assert (best["spread"] > 0.1).all()
    text = page("choose", paths)
    assert text.count("<td>he_normal</td>") == len(best)
    assert "10 seeds and 3 schemes" in text
    ranks = pd.read_parquet(paths["rankings"]).query("scope == 'all'")
    assert ranks["scheme"].iloc[0] == "he_normal"
    assert ranks["mean_rank"].iloc[0] == 1


def test_ties_everywhere_single_nobody_out(tmp_path):
    paths = summarised(STUDIES["all tied"], tmp_path)
    ranks = pd.read_parquet(paths["rankings"])
    assert (ranks["mean_rank"] == 1.5).all()
    assert ranks["note"].str.contains("tie").all()
    comparisons = pd.read_parquet(paths["comparisons"])
    assert (comparisons["p"] == 1).all()


def test_over_data_sets_each_block_is_another_data_set(tmp_path):
    ranks = pd.read_parquet(summarised(MORE["several data sets"], tmp_path)["rankings"])
    over = ranks[ranks["scope"].str.startswith("over data sets")]
    assert set(over["scope"]) == {
        f"over data sets: {activation}, depth {depth}, none" for activation in ("relu", "tanh") for depth in (2, 10)
    }
    assert (over["blocks"] == 3).all()


def test_nothing_trained_is_said_in_the_figures(tmp_path):
    paths = summarised(STUDIES["initial only"], tmp_path)
    for name in DRAWN:
        figure, caption = FIGURES[name].function({table: paths[table] for table in FIGURES[name].tables})
        assert any(word in caption for word in ("No ", "Nothing"))
        plt.close(figure)
    assert all(page(name, paths) == "" for name in SHOWN)


def test_the_command_line_says_how_many_seeds(capsys):
    power.main(["0.75"])
    assert capsys.readouterr().out.startswith("35 seeds")
    power.main(["0.75", "--comparisons", "10"])
    assert capsys.readouterr().out.startswith("54 seeds")
    with pytest.raises(SystemExit):
        power.main(["0.5"])
    assert "other than 0.5" in capsys.readouterr().err
