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
