"""initbench recommend: what results say is what the page says; what theory says is said to be no measurement."""

import json

import pytest
from made_up_studies import SETTINGS, study
from typer.testing import CliRunner

from initbench.advice.predicting import predicted
from initbench.advice.recommend import measured, nearest, study_for
from initbench.analyses import ANALYSES
from initbench.analyses.making import compute
from initbench.base.parquet import write_parquet
from initbench.cli import app
from initbench.study.cells import BLOCK
from initbench.tables.schema import arrow_table, measured_tables
from initbench.tables.views import Tables


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)), env={"COLUMNS": "200"})


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """The tables of a small study of relu and tanh at depths 2 and 10."""
    folder = tmp_path_factory.mktemp("results")
    paths = {name: str(folder / "tables" / f"{name}.parquet") for name in ("runs", "best", "selection_optimism")}
    (folder / "tables").mkdir()
    write_parquet(arrow_table(study(), measured_tables()["runs"].columns), paths["runs"])
    for name in ("best", "selection_optimism"):
        reads = {table: paths[table] for table in ANALYSES[name].reads}
        write_parquet(compute(name, Tables(reads), SETTINGS), paths[name])
    return folder


def test_the_group_tied_for_first_is_that_of_the_page(results):
    best = Tables({"best": str(results / "tables/best.parquet")}).read("best")
    for row in best.to_dict("records"):
        found = measured(results, {key: row[key] for key in BLOCK if key != "depth"}, row["depth"])
        (network,) = found.networks
        lists = {name: tuple(row[name].split(" | ")) if isinstance(row[name], str) else () for name in network.lists}
        assert network.lists == lists
        assert set(found.starts) == {*lists["best"], *lists["as_good"]}
        assert network.how_sure == row["how_sure"]


def test_a_depth_that_was_not_measured_is_answered_by_its_neighbours_and_said(results):
    assert nearest(6, [2, 10, 20]) == (2, 10)
    assert nearest(10, [2, 10, 20]) == (10,)
    assert nearest(1, [2, 10]) == (2,)
    done = run("recommend", "--activation", "relu", "--depth", "6", "--results", results)
    assert done.exit_code == 0, done.output
    assert "depth 6 was not" in done.output
    assert json.loads(run("recommend", "--activation", "relu", "--depth", "6", "--results", results, "--json").output)[
        "measured"
    ]["depths"] == [2, 10]


def test_the_answer_has_code_that_draws_it(results):
    done = run("recommend", "--activation", "relu", "--depth", "10", "--results", results, "--for", "torch", "--json")
    said = json.loads(done.output)
    assert said["starts"][0] == "he_normal"
    assert "kaiming_normal_" in said["code"]
    assert said["study"] is None


def test_without_results_theory_predicts_and_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run("recommend", "--activation", "relu", "--depth", "20")
    assert done.exit_code == 0
    assert "nothing was measured" in done.output
    assert "Predicted, not measured" in done.output
    assert "he_normal: 1\n" in done.output
    said = json.loads(run("recommend", "--activation", "relu", "--depth", "20", "--json").output)
    assert said["measured"] is None
    assert said["study"]["depths"] == [20]


def test_the_study_that_would_measure_it_is_one(tmp_path, monkeypatch):
    from initbench.study.grid import load_study

    monkeypatch.chdir(tmp_path)
    said = json.loads(run("recommend", "--activation", "gelu", "--depth", "3", "--width", "16", "--json").output)
    assert {cell.width for cell in load_study(said["study"]).cells} == {16}


@pytest.mark.parametrize(("optimizer", "usual"), [("adam", 0.001), ("adamw", 0.001), ("sgd", 0.1), (None, 0.1)])
def test_the_study_has_rates_about_what_its_optimizer_is_used_with(optimizer, usual):
    rates = study_for({"activation": "gelu", "optimizer": optimizer}, 6)["learning_rates"]
    assert min(rates) < usual < max(rates)


def test_a_data_set_of_ones_own_is_a_file_to_be_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run("recommend", "--activation", "gelu", "--depth", "3", "--dataset", "customers")
    assert "{name: customers, path: customers.csv, label: LABEL}" in done.output
    assert "initbench check FILE --label LABEL" in done.output
    assert study_for({"dataset": "wine"}, 3)["datasets"] == ["wine"]


def test_what_results_hold_instead_is_said(results):
    done = run("recommend", "--activation", "relu", "--depth", "2", "--normalization", "layer", "--results", results)
    assert "holds no network with activation relu, normalization layer; it has --normalization none." in done.output


def test_theory_prefers_starts_that_keep_gradients():
    starts = [each.start for each in predicted("relu", 30)]
    assert starts[0].startswith("he_")
    assert not {"lecun_normal", "torch_default", "small_normal"} & set(starts)
    assert predicted("relu", 30, "batch") == ()
    assert predicted("relu", 0) == ()


def test_theory_speaks_of_the_architecture_that_is_asked_for():
    plain, residual = (
        {each.start for each in predicted("relu", 17, architecture=name)} for name in ("mlp", "residual_mlp")
    )
    assert "he_normal" in plain
    assert "he_normal" not in residual  # it doubles δ² in each of the eight blocks: 256
    assert {"rezero", "skipinit", "lecun_normal"} <= residual
    assert not {"rezero", "skipinit", "zero_gamma"} & plain  # which without shortcuts and normalisation are he_normal
    assert [
        each.gradient for each in predicted("relu", 17, architecture="residual_mlp_preact") if each.start == "rezero"
    ] == [1]
    assert predicted("relu", 8, architecture="convnet")[0].start.startswith("he_")
    assert predicted("relu", 8, architecture="of_my_own") == ()


def test_theory_is_asked_of_the_width_that_is_asked_for():
    found = {width: {each.start for each in predicted("tanh", 3, width=width)} for width in (64, 8192)}
    assert ["small_normal" in found[width] for width in found] == [False, True]  # χ is 10⁻⁴ times the width


@pytest.mark.parametrize("optimizer", [None, "adam"])
@pytest.mark.parametrize("architecture", ["mlp", "residual_mlp", "residual_mlp_preact", "convnet", "convnet_circular"])
def test_the_study_for_an_architecture_is_one(tmp_path, monkeypatch, architecture, optimizer):
    from initbench.study.grid import load_study

    monkeypatch.chdir(tmp_path)
    more = ["--optimizer", optimizer] if optimizer else []
    done = run("recommend", "--activation", "relu", "--depth", "8", "--architecture", architecture, *more, "--json")
    study = load_study(json.loads(done.output)["study"])
    assert {cell.architecture for cell in study.cells} == {architecture}
    assert max(study.training.learning_rates) == (0.01 if optimizer else 0.3)


@pytest.mark.parametrize(
    ("library", "words"), [("torch", "nn.Conv2d"), ("keras", "Conv2D"), ("jax", "(size, size, channels, units)")]
)
def test_convolutions_have_code_of_their_own(tmp_path, monkeypatch, library, words):
    monkeypatch.chdir(tmp_path)
    arguments = ("recommend", "--activation", "relu", "--depth", "8", "--for", library)
    assert words in run(*arguments, "--architecture", "convnet").output
    assert words not in run(*arguments).output
    assert "images without edges" in run(*arguments, "--architecture", "convnet").output


def test_where_nothing_can_be_said_the_exit_code_is_1(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run("recommend", "--activation", "relu", "--depth", "5", "--normalization", "layer")
    assert done.exit_code == 1
    assert "theory does not tell starts apart" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--activation", "rely", "--depth", "3"], "unknown activation 'rely' (did you mean 'relu'?)"),
        (["--activation", "relu", "--depth", "3", "--for", "torhc"], "(did you mean 'torch'?)"),
        (["--activation", "relu", "--depth", "3", "--normalization", "bath"], "(did you mean 'batch'?)"),
        (["--activation", "relu", "--depth", "3", "--architecture", "convnett"], "(did you mean 'convnet'?)"),
        (["--activation", "relu", "--depth", "3", "--optimizer", "adm"], "(did you mean 'adam'?)"),
        (["--activation", "relu"], "missing option '--depth'"),
    ],
)
def test_wrong_names_are_refused_with_those_that_there_are(arguments, words):
    done = run("recommend", *arguments)
    assert done.exit_code == 2
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_damaged_tables_are_named(results, tmp_path):
    (tmp_path / "tables").mkdir()
    for name in ("best", "selection_optimism"):
        content = (results / f"tables/{name}.parquet").read_bytes()
        (tmp_path / f"tables/{name}.parquet").write_bytes(content[:-40] if name == "best" else content)
    done = run("recommend", "--activation", "relu", "--depth", "3", "--results", tmp_path)
    assert done.exit_code == 2
    assert "best.parquet" in done.stderr
