"""Commands for things of one's own: check, new."""

from pathlib import Path
from typing import Annotated

import typer

from initbench.cli.doors import OWN, door
from initbench.cli.printing import AsJson, fail, found, show_json


@door(
    OWN,
    "initbench check mine.py  # a scheme, an activation … of your own",
    "initbench check customers.csv --label outcome --drop customer_id  # data",
    "initbench check mine.yaml  # a study, the files that it names included",
    done="nothing is wrong",
    found="something is wrong",
)
def check(
    file: Annotated[
        Path, typer.Argument(help="a Python file, a study (.yaml, .json) or data (.csv, .tsv, .parquet, .npz)")
    ],
    label: Annotated[str | None, typer.Option(help="of data: the column that holds the labels")] = None,
    drop: Annotated[list[str] | None, typer.Option(help="of data: a column to leave out; once for each")] = None,
    categories: Annotated[
        list[str] | None, typer.Option(help="of data: a column of numbers that stand for categories; once for each")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Try a file of your own out, whichever kind it is, and say all that is wrong with it, a line a fault."""
    from initbench.advice.checking import check as checked

    try:
        looked_at = checked(file, label=label, drop=drop, categories=categories)
    except ValueError as error:
        raise fail(error) from None
    if as_json:
        show_json({"file": file, "kind": looked_at.kind, "faults": looked_at.faults, **looked_at.facts})
    if looked_at.faults:
        raise found("\n".join(looked_at.faults))
    for line in looked_at.seen if not as_json else ():
        typer.echo(line)


def _kinds() -> list[str]:
    from initbench.advice.starting import KINDS

    return [*KINDS]


@door(
    OWN,
    "initbench new scheme mine  # writes mine.py",
    "initbench new study first  # writes first.yaml",
    "initbench new figure by_depth --folder ideas",
)
def new(
    kind: Annotated[
        str,
        typer.Argument(
            help="scheme, activation, architecture, optimizer, dataset, probe, claim, figure or study",
            autocompletion=_kinds,
        ),
    ],
    name: Annotated[str, typer.Argument(help="what it is called: lower-case letters, digits and underscores")],
    folder: Annotated[Path, typer.Option(help="where to write it")] = Path(),
    as_json: AsJson = False,
) -> None:
    """Write a file to begin with: a thing of your own, commented, that passes its check as it stands."""
    from initbench.advice.starting import start, write

    try:
        begun = start(kind, name, folder)
        write(begun)
    except FileExistsError:
        raise fail(f"new: {begun.path} is there already: choose another name, or remove it") from None
    except (ValueError, OSError) as error:
        raise fail(f"new: {error}") from None
    if as_json:
        return show_json({"kind": kind, "name": name, "file": begun.path, "following": begun.following})
    typer.echo(f"wrote {begun.path}")
    for line in begun.following:
        typer.echo(line)
