"""The command line."""

import pytest
from typer.testing import CliRunner

from initbench.cli import app, generated


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_the_generated_files_of_the_repository_are_up_to_date():
    done = run("generate", "--check")
    assert done.exit_code == 0, done.output


def test_generate_writes_what_is_missing_and_check_says_what_differs(tmp_path):
    for name in generated():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    assert run("generate", tmp_path, "--check").exit_code == 1
    assert run("generate", tmp_path).exit_code == 0
    assert run("generate", tmp_path, "--check").exit_code == 0
    (tmp_path / "config.yaml").write_text("seeds: 3\n")
    done = run("generate", tmp_path, "--check")
    assert done.exit_code == 1
    assert "-seeds: 3" in done.output


def test_generate_writes_nothing_outside_a_checkout(tmp_path):
    done = run("generate", tmp_path / "nowhere")
    assert done.exit_code == 1
    assert "give a checkout" in done.output


def test_power_says_how_many_seeds():
    """Exact two-sided sign test, Holm's first step over ten: 54 seeds show P(A > B) = 0.75."""
    assert run("power", 0.75, "--comparisons", 10).output.startswith("54 seeds")


@pytest.mark.parametrize("arguments", [["0.5"], ["1.5"], ["0.75", "--alpha", "1"], ["0.75", "--comparisons", "0"]])
def test_power_refuses_what_has_no_answer(arguments):
    assert run("power", *arguments).exit_code != 0
