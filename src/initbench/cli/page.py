"""docs/reference/commands.md: every command with its arguments, examples and exit codes, as its --help has them."""

import inspect
from collections.abc import Sequence
from typing import Any

import typer

from initbench.cli.doors import MEANING

INTRODUCTION = """\
# Commands

What `initbench --help` and `initbench COMMAND --help` say; this page is written from the same text by `initbench generate`.

- An answer goes to the output, faults to the error stream, a line each.
- `--json` answers in JSON, for programs.
- Exit codes: 0 done, 1 something was found or a study failed, 2 wrong use or bad input.
- Colours are left out where the output is no terminal, and where `NO_COLOR` is set.
- `initbench --install-completion` lets the shell complete commands, options and names with the tabulator key.
"""
OPTIONS_OF_ALL = {"help"}


def commands_page(app: typer.Typer) -> str:
    """The text of the page, commands under their headings."""
    group: Any = typer.main.get_command(app)
    panels: dict[str, list] = {}
    for name in group.list_commands(None):
        command = group.commands[name]
        panels.setdefault(command.rich_help_panel, []).append((name, command))
    parts = [INTRODUCTION]
    for panel, commands in panels.items():
        parts.append(f"## {panel}\n")
        parts += [_command(name, command) for name, command in commands]
    return "\n".join(parts)


def _command(name: str, command: Any) -> str:
    parameters = [each for each in command.params if each.name not in OPTIONS_OF_ALL]
    usage = " ".join(["initbench", name, *(_usage(each) for each in parameters)])
    _, *examples, _, codes = command.epilog.splitlines()
    lines = [f"### initbench {name}", "", inspect.cleandoc(command.help), "", f"    {usage}", ""]
    if parameters:
        lines += ["| argument | meaning | default |", "|---|---|---|", *map(_row, parameters), ""]
    lines += ["```sh", *_examples(examples), "```", "", codes, ""]
    return "\n".join(lines)


def _examples(lines: Sequence[str]) -> list[str]:
    """Commands, each below a comment that says what it is for."""
    found: list[str] = []
    for line in lines:
        meaning = line.startswith(MEANING)
        found.insert(len(found) - meaning, f"# {line.strip()}" if meaning else line.strip())
    return found


def _usage(parameter: Any) -> str:
    name = _name(parameter)
    return name if parameter.required else f"[{name}]"


def _name(parameter: Any) -> str:
    """An argument as NAME or NAME…, an option as --name NAME."""
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name.upper()) + ("…" if parameter.nargs != 1 else "")
    flag = max(parameter.opts, key=len)
    return flag if parameter.is_flag else f"{flag} {parameter.metavar or parameter.name.rpartition('_')[2].upper()}"


def _row(parameter: Any) -> str:
    default = parameter.default
    shown = "" if default in (None, "", False, ()) or callable(default) else f"`{default}`"
    meaning = (parameter.help or "").replace("|", "\\|")
    return f"| `{_name(parameter)}` | {meaning} | {shown} |"
