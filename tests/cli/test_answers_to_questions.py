"""Commands that answer a question: gain and seeds (recommend: tests/advice)."""

import json

import pytest
from typer.testing import CliRunner

from initbench.base.extensions import unload_extensions
from initbench.cli import app


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_seeds_says_how_many_a_difference_takes():
    """P(A > B) = 0.75, Holm's first step over ten: 34 seeds by the sign-flip test, 54 by the sign test."""
    said = run("seeds", "--probability", 0.75, "--comparisons", 10)
    assert said.output.startswith("34 seeds")
    assert "54 whatever" in said.output
    assert json.loads(run("seeds", "--probability", 0.75, "--comparisons", 10, "--json").output)["seeds"] == 34


@pytest.mark.parametrize(
    "arguments", [["0.5"], ["1.5"], ["0.75", "--alpha", "1"], ["0.75", "--comparisons", "0"], ["0.75", "config.yaml"]]
)
def test_seeds_refuses_what_has_no_answer(arguments):
    assert run("seeds", "--probability", *arguments).exit_code == 2


def test_seeds_of_a_study_says_what_it_can_show(tmp_path, monkeypatch):
    """Seven pairs cannot be significant at 0.05 after Holm over two: 2 · 2^(1 − 6) > 0.05, 2 · 2^(1 − 7) is not."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text(
        "seeds: 6\nschemes: [zeros, he_normal, xavier_tanh]\nfurther: [{seeds: 30, depths: [5]}]\n"
    )
    few, many = run("seeds", "mine.yaml").output.splitlines()
    assert "6 seeds, 2 schemes compared with xavier_tanh: no difference of any size" in few
    assert "that takes 7 seeds" in few
    assert few.startswith("the grid: ")
    assert many.startswith("further[0]: 30 seeds")
    assert "shown is" in many
    grids = json.loads(run("seeds", "mine.yaml", "--json").output)["grids"]
    assert [grid["detectable"] is None for grid in grids] == [True, False]
    assert 0.6 < grids[1]["detectable"] < 0.8


def test_gain_knows_activations_of_ones_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("new", "activation", "arctangent")
    done = run("gain", "arctangent", "--extension", "arctangent.py", "--json")
    unload_extensions()
    assert done.exit_code == 0, done.output
    assert 0.4 < json.loads(done.output)["second_moment"] < 0.5


def test_gain_shows_every_convention_and_why_pytorch_has_its_value():
    said = CliRunner().invoke(app, ["gain", "tanh"], env={"COLUMNS": "200"}).output
    for words in ("E φ(z)² = 0.3943", "1.5925", "1.4674", "1.6667", "edge of chaos", "PyTorch's value: "):
        assert words in said


def test_gain_suggests_a_name():
    done = run("gain", "tnh")
    assert done.exit_code == 2
    assert "did you mean 'tanh'" in done.stderr
