"""Commands, code and studies of the pages work: commands are parsed by the program that they call, studies load, Python runs.

A folder stands in for the reader's: the checkout, with the files that the pages let a reader write. Where Python reads results, the quick
study's stand in for every study's. A block that cannot be run says why, `<!-- not run: reason -->` above it.
"""

import contextlib
import doctest
import html
import io
import itertools
import re
import subprocess
from collections import defaultdict
from pathlib import Path

import docs_snippets
import pytest
import typer
import yaml
from docs_snippets import ROOT, blocks, commands

from initbench.base.extensions import load_extension, unload_extensions
from initbench.cli import app
from initbench.study.grid import load_study

# What belongs to the shell, the system or a scheduler; tests/cluster and tests/test_package.py go further
SYSTEM = {
    "git": "asks a network",
    "source": "changes the shell itself",
    "$EDITOR": "waits for a reader",
    "tmux": "waits for a reader",
    "sbatch": "a scheduler's; make test-cluster",
    "squeue": "a scheduler's; make test-cluster",
    "pre-commit": "writes to .git",
    "cp": "copies a file that stands here already",
}
LINKED = (
    "Makefile", "Snakefile", "config.yaml", "pyproject.toml", "requirements", "workflow", "scripts", "profiles", "src", "tests", "docs",
    "validation", "benchmarks",
)  # fmt: skip
CUSTOMERS = "species,length,width\n" + "".join(
    f"{name},{i}.5,{i * j}\n" for j, name in enumerate("abc") for i in range(60)
)
COMMANDS = list({str(command): command for command in commands()}.values())
CODE = [block for block in blocks("python") if not block.not_run]


def reads_results(block) -> bool:
    return "results/" in block.text


def is_extension(block) -> bool:
    return "from initbench.extend import" in block.text or "\n@claim" in block.text


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A reader's folder, as the current one."""
    for name in LINKED:
        (tmp_path / name).symlink_to(ROOT / name)
    written = {(block.page, block.text.split("\n")[0]): block.text for block in blocks("python", "yaml")}
    for (page, first), text in written.items():
        name = {"docs/tutorial/own_scheme.md": "my_start.py"}.get(page, first.removeprefix("# "))
        if name.endswith((".py", ".yaml")) and (first.startswith("# ") or "@scheme" in text):
            (tmp_path / name).write_text(text, encoding="utf-8")
    for name in ("mine.csv", "flowers.csv"):
        (tmp_path / name).write_text(CUSTOMERS)
    (tmp_path / "customers.csv").write_text(CUSTOMERS.replace("species,length", "outcome,customer_id"))
    (tmp_path / "idea.yaml").write_text(named("docs/tutorial/own_scheme.md", "title: A clipped Cauchy start"))
    (tmp_path / "mine.py").write_text(next(block.text for block in CODE if block.page == "docs/howto/extensions.md"))
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    unload_extensions()


def named(page: str, first: str) -> str:
    """The study of a page that begins with a line."""
    (found,) = [block.text for block in blocks("yaml") if block.page == page and block.text.startswith(first)]
    return found


def check_snakemake(words) -> None:
    """Snakemake takes the flags, the study is one, the profile is there, targets are rules or files of the study."""
    from snakemake.cli import get_argument_parser

    arguments = get_argument_parser().parse_args(list(words))
    for study in arguments.configfile or ():
        load_study(study)
    rules = {line.split()[1].rstrip(":") for path in Path("workflow").rglob("*.smk") for line in path.read_text().splitlines()
             if line.startswith(("rule ", "checkpoint "))}  # fmt: skip
    for target in arguments.targets:
        assert target in rules or target.startswith("results/"), f"no rule {target!r}"
    if arguments.profile:
        assert all(Path(profile, "config.yaml").exists() for profile in arguments.profile)


def check_make(words) -> None:
    """Make knows the target and all that it needs."""
    done = subprocess.run(["make", "-n", *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def check_initbench(words) -> None:
    """The command exists and takes these arguments and options."""
    group = typer.main.get_command(app)
    assert words[0] in group.commands, f"no command {words[0]!r}"
    group.commands[words[0]].make_context(words[0], list(words[1:]))


def check_pytest(words) -> None:
    """The tests that are named exist, and so do marks."""
    marks = Path("pyproject.toml").read_text(encoding="utf-8")
    for before, word in zip(("", *words), words, strict=False):
        known = f'"{word}:' in marks if before == "-m" else word.startswith("-") or Path(word).exists()
        assert known, word


def check_python(words) -> None:
    """The script is there."""
    assert Path(words[0]).exists()


CHECKS = {
    "snakemake": check_snakemake, "make": check_make, "initbench": check_initbench, "pytest": check_pytest, "python": check_python,
}  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=str)
def test_every_command_is_taken_by_the_program_that_it_calls(command, folder):
    program, *words = itertools.dropwhile(lambda word: "=" in word, command.words)  # after what it sets for the program
    if program not in SYSTEM:
        assert program in CHECKS, f"{command.where}: {program!r}: how is this tested?"
        CHECKS[program]([word.replace("$USER", "reader") for word in words])


@pytest.mark.parametrize("block", [block for block in blocks("yaml") if not block.not_run], ids=str)
def test_every_study_loads(block, folder):
    study = load_study(yaml.safe_load(block.text))
    assert study.runs > 0


@pytest.mark.parametrize("block", [block for block in CODE if is_extension(block)], ids=str)
def test_every_extension_passes_its_checks(block, folder):
    file = folder / f"block_{block.line}.py"
    file.write_text(block.text, encoding="utf-8")
    load_extension(file, check=True)


def run_blocks(found) -> None:
    """Run blocks of one page, each with the names of those before it."""
    names = {"__name__": "page"}
    for block in found:
        if block.text.startswith(">>>"):
            test = doctest.DocTestParser().get_doctest(block.text, names, str(block), None, None)
            assert not doctest.DocTestRunner(verbose=False).run(test).failed
            continue
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(block.text, str(block), "exec"), names)


def pages(with_results: bool) -> list:
    """The pages whose code, extensions left out, reads results or does not."""
    by_page = defaultdict(list)
    for block in CODE:
        if not is_extension(block):
            by_page[block.page].append(block)
    return [
        pytest.param(found, id=page)
        for page, found in by_page.items()
        if any(map(reads_results, found)) == with_results
    ]


@pytest.mark.parametrize("found", pages(with_results=False))
def test_the_python_of_a_page_runs(found, folder):
    run_blocks(found)


@pytest.mark.pipeline
@pytest.mark.parametrize("found", pages(with_results=True))
def test_the_python_that_reads_results_runs(found, folder, quick):
    (folder / "results").mkdir()
    for name in ("quick", "idea", "mine", "customers"):
        (folder / "results" / name).symlink_to(quick)
    (folder / "results/tables").symlink_to(quick / "tables")
    run_blocks(found)


@pytest.mark.pipeline
def test_the_tutorial_quotes_the_page_that_it_makes(quick):
    """Word by word; numbers may differ by what another processor's rounding does."""
    page = html.unescape((quick / "report/index.html").read_text(encoding="utf-8"))
    lines = (ROOT / "docs/tutorial/first_step.md").read_text(encoding="utf-8").splitlines()
    quoted = [line.removeprefix("> ") for line in lines if line.startswith("> ")]
    assert quoted
    for sentence in quoted:
        assert without_numbers(sentence) in without_numbers(page), sentence


def without_numbers(text: str) -> str:
    return re.sub(r"[\d.]+|\s|\u202f|\u2060", "", text)


def test_pages_that_are_checked_are_all_there_are():
    assert len(docs_snippets.PAGES) > 20
    assert {block.language for page in docs_snippets.PAGES for block in docs_snippets._blocks(page)} <= {
        "sh", "python", "yaml", "sql", "text", "mermaid", "", "{toctree}", "{eval-rst}", "{include}",
    }  # fmt: skip
