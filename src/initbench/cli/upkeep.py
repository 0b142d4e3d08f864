"""Commands for those who work on initbench itself, or install it: generate, compile."""

import difflib
from pathlib import Path
from typing import Annotated

import typer

from initbench.cli.doors import UPKEEP, app, door
from initbench.cli.printing import fail, found


@door(
    UPKEEP,
    "initbench generate",
    "initbench generate --check  # write nothing; say what differs",
    found="with --check, files differ",
)
def generate(
    folder: Annotated[Path, typer.Argument(help="a checkout of initbench")] = Path(),
    check: Annotated[bool, typer.Option("--check", help="write nothing; fail with the differences")] = False,
) -> None:
    """Write the files that follow from the code: config.yaml, its schema and pages of the documentation."""
    differences = []
    for name, text in generated().items():
        path = folder / name
        if not path.parent.is_dir():
            raise fail(f"there is no folder {str(path.parent)!r}: give a checkout of initbench")
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        if check:
            differences += difflib.unified_diff(old.splitlines(), text.splitlines(), name, "generated", lineterm="")
        elif old != text:
            path.write_text(text, encoding="utf-8")
            typer.echo(f"wrote {path}")
    if differences:
        raise found("run initbench generate:\n" + "\n".join(differences))


def generated() -> dict[str, str]:
    """The text of each generated file, by its path in the repository."""
    from initbench.cli.page import commands_page
    from initbench.report.tables_page import tables_page
    from initbench.study import pages
    from initbench.study.workflow_page import workflow_page

    return {
        "config.yaml": pages.default_study(),
        "config/README.md": workflow_page(),
        "workflow/schemas/config.schema.json": pages.schema(),
        "docs/reference/configuration.md": pages.page(),
        "docs/reference/tables.md": tables_page(),
        "docs/reference/commands.md": commands_page(app),
    }


@door(UPKEEP, "initbench compile")
def compile() -> None:
    """Compile the engine's loops for this processor and keep the machine code: training jobs then need no compiler."""
    from initbench.engine.compile_loops import compile_loops

    compile_loops()
