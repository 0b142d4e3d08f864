"""What all commands keep to: help with an example, --json, exit codes, suggestions, colours only where they are seen."""

import json
import os
import pty
import re
import subprocess
import sys
from importlib.metadata import version

import pytest
import typer
from typer.testing import CliRunner

from initbench.cli import app

COMMANDS = typer.main.get_command(app).commands
WITHOUT_AN_ANSWER = {"compile", "generate", "run"}  # which do something, and say how it goes


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)), env={"COLUMNS": "200"})


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_arguments_an_example_and_exit_codes(name):
    done = run(name, "--help")
    assert done.exit_code == 0
    assert f"  initbench {name}" in done.output
    assert "2 wrong use or bad input" in done.output
    for parameter in COMMANDS[name].params:
        assert parameter.help or parameter.name == "help", f"{name}: {parameter.name} has no help"


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - WITHOUT_AN_ANSWER))
def test_every_command_with_an_answer_gives_it_in_json_too(name):
    assert "--json" in run(name, "--help").output


def test_the_bare_command_and_h_show_the_help():
    assert run().exit_code == 0
    assert run().output == run("--help").output == run("-h").output


def test_the_version_is_that_of_the_package():
    assert run("--version").output == f"initbench {version('initbench')}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chek"], "no such command 'chek' (did you mean 'check'?); initbench --help"),
        (["seeds", "--probabilty", "0.75"], "no such option: --probabilty (did you mean --probability?)"),
        (["check"], "missing argument"),
        (["seeds", "--comparisons", "0", "--probability", "0.7"], "invalid value for '--comparisons'"),
        (["seeds", "--probability", "half"], "invalid value for '--probability'"),
        (["columns", "comparison"], "unknown table 'comparison' (did you mean 'comparisons'?)"),
    ],
)
def test_wrong_use_is_one_line_on_the_error_stream_and_exit_code_2(arguments, words):
    done = run(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith("initbench: ")
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def _in_a_terminal(*arguments, **environment):
    """What the command writes where its output is a terminal."""
    ours, its = pty.openpty()
    quiet = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    process = subprocess.Popen(
        [sys.executable, "-m", "initbench", *arguments],
        stdout=its,
        stderr=its,
        stdin=its,
        env=quiet | {"TERM": "xterm-256color"} | environment,
    )
    os.close(its)
    read = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # Linux says so that the other end is closed
            break
        if not part:
            break
        read += part
    os.close(ours)
    assert process.wait() == 0, read
    return read.decode()


def test_colours_are_for_terminals_and_go_with_no_color():
    coloured = re.compile(r"\x1b\[[0-9;]*3[0-7]m")
    assert coloured.search(_in_a_terminal("--help"))
    assert not coloured.search(_in_a_terminal("--help", NO_COLOR="1"))
    piped = subprocess.run([sys.executable, "-m", "initbench", "--help"], capture_output=True, text=True, check=True)
    assert "\x1b" not in piped.stdout


def test_the_shell_completes_names():
    environment = os.environ | {
        "_INITBENCH_COMPLETE": "complete_bash",
        "COMP_WORDS": "initbench columns compari",
        "COMP_CWORD": "2",
    }
    script = "from initbench.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert "comparisons" in done.stdout.split()


def test_json_is_an_object_without_what_json_cannot_say():
    said = json.loads(run("columns", "runs", "--json").output)
    assert said["table"] == "runs"
    assert {"column", "type", "unit", "meaning"} == set(said["columns"][0])
