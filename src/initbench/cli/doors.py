"""What all commands share: how one is registered with its examples, and how wrong use is said."""

import re
import sys
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperGroup

from initbench.cli.printing import errors

STUDIES, RESULTS, ANSWERS, OWN, UPKEEP = "Studies", "Results", "Answers", "Things of your own", "Upkeep"
PANELS = (STUDIES, OWN, ANSWERS, RESULTS, UPKEEP)
COMMENT, MEANING = "  # ", " " * 6  # before what an example is for: as given, and as shown
BAD_INPUT = 2
INTERRUPTED = 130


class Doors(TyperGroup):
    """The commands. Wrong use ends with one line on the error stream and exit code 2."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The commands, in the order of their headings."""
        panels: dict[str, Any] = {name: command.rich_help_panel for name, command in self.commands.items()}
        return sorted(panels, key=lambda name: PANELS.index(panels[name]))

    def main(self, *arguments: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """Run the command that the arguments name; what the exit code is, where the process goes on."""
        try:
            code = super().main(*arguments, standalone_mode=False, **extra)
        except typer.Abort:
            code = INTERRUPTED
        except Exception as error:
            if not hasattr(error, "format_message"):  # a wrong use, of whichever click typer is made with
                raise
            context = getattr(error, "ctx", None)
            place = " ".join(["initbench", *(context.command_path.split()[1:] if context else ())])
            errors.print(f"initbench: {_sentence(error.format_message())}; {place} --help shows how it is used")
            code = BAD_INPUT
        if standalone_mode:
            sys.exit(code or 0)
        return code


def _sentence(text: str) -> str:
    """What typer says, as a part of a sentence in one line, with its suggestion in brackets."""
    text = " ".join(text.split()).removesuffix(".")
    text = re.sub(r"[.]? [(]?(?:Did you mean|Possible options:) ([^?)]+)[?)]*$", r" (did you mean \1?)", text)
    return text[:1].lower() + text[1:]


def _example(text: str) -> list[str]:
    """A command, and below it what it is for."""
    command, _, meaning = text.partition(COMMENT)
    return [f"  {command}", *([f"{MEANING}{meaning}"] if meaning else [])]


app = typer.Typer(
    cls=Doors,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def door(panel: str, *examples: str, done: str = "done", found: str = "", **settings: Any) -> Callable:
    """Register the decorated function as a command.

    panel: under which heading it is listed. examples: lines as one would type them, a comment after #. done and found: what
    exit codes 0 and 1 mean; without `found` there is no 1.
    """
    codes = [f"0 {done}", *([f"1 {found}"] if found else []), "2 wrong use or bad input"]
    head = "Example:" if len(examples) == 1 else "Examples:"
    lines = [
        head,
        *(line for example in examples for line in _example(example)),
        "",
        f"Exit codes: {', '.join(codes)}.",
    ]
    epilog = "\n".join(lines)
    return app.command(rich_help_panel=panel, epilog=epilog, **settings)
