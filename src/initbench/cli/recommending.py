"""The command that says which start to take: recommend."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from initbench.cli.answers import Extensions, activations, load
from initbench.cli.doors import ANSWERS, door
from initbench.cli.printing import AsJson, complain, fail, show, show_json

Key = Annotated[str | None, typer.Option()]


def _frameworks() -> list[str]:
    from initbench.advice.code import FRAMEWORKS

    return [*FRAMEWORKS]


@door(
    ANSWERS,
    "initbench recommend --activation gelu --depth 6",
    "initbench recommend --activation relu --depth 10 --for torch  # with code that draws it",
    "initbench recommend --activation relu --depth 8 --architecture convnet --for keras",
    "initbench recommend --activation tanh --depth 3 --normalization batch --results results/mine",
    found="neither results nor theory can say",
)
def recommend(
    activation: Annotated[str, typer.Option(help="such as gelu", autocompletion=activations)],
    depth: Annotated[int, typer.Option(min=0, help="number of hidden layers")],
    normalization: Annotated[str, typer.Option(help="none, batch or layer")] = "none",
    width: Annotated[int | None, typer.Option(min=1, help="units of a hidden layer; any by default")] = None,
    dataset: Annotated[str | None, typer.Option(help="any by default")] = None,
    architecture: Annotated[str | None, typer.Option(help="any by default")] = None,
    optimizer: Annotated[str | None, typer.Option(help="any by default")] = None,
    results: Annotated[Path, typer.Option(help="the folder of a study that was run")] = Path("results"),
    framework: Annotated[
        str | None,
        typer.Option("--for", metavar="LIBRARY", help="torch, keras or jax: code", autocompletion=_frameworks),
    ] = None,
    extension: Extensions = None,
    as_json: AsJson = False,
) -> None:
    """Which start should I take? The group tied for first in a study's results, how sure that is, and code that draws it.

    Without results, or where they hold no such network, theory says whose gradients neither vanish nor explode.
    """
    # size: half of it are options
    from initbench.advice.predicting import predicted
    from initbench.advice.recommend import study_for

    load(extension)
    asked = {"activation": activation, "normalization": normalization, "width": width, "dataset": dataset}
    asked |= {"architecture": architecture, "optimizer": optimizer}
    _check_names(asked, framework)
    found = _measured(results, asked, depth)
    expected = () if found and found.starts else predicted(activation, depth, normalization, width, architecture)
    starts = found.starts if found else tuple(each.start for each in expected)
    text = _code(starts, framework, asked, found)
    study = None if found else study_for(asked, depth)
    if as_json:
        parts = {"measured": found and asdict(found), "predicted": [asdict(each) for each in expected]}
        show_json({"starts": starts, **parts, "code": text, "study": study})
    else:
        _tell(results, asked, depth, found, expected, study)
        typer.echo(f"\n{text}" if text else "", nl=bool(text))
    if not starts:
        raise typer.Exit(1)


def _check_names(asked: dict[str, Any], framework: str | None) -> None:
    """Exit with what there is, for a name that is none; a data set may be a file of one's own."""
    from initbench.activations import ACTIVATIONS
    from initbench.advice.code import FRAMEWORKS
    from initbench.architectures import ARCHITECTURES
    from initbench.base.suggest import did_you_mean
    from initbench.network.normalization import NORMALIZATIONS
    from initbench.optimizers import OPTIMIZERS

    known = {"activation": ACTIVATIONS, "normalization": NORMALIZATIONS, "architecture": ARCHITECTURES}
    known |= {"optimizer": OPTIMIZERS, "library": FRAMEWORKS}
    for what, name in (asked | {"library": framework}).items():
        if what in known and name is not None and name not in (there := [*known[what]]):
            raise fail(f"unknown {what} {name!r}{did_you_mean(name, there)}; there are: {', '.join(there)}")


def _measured(results: Path, asked: dict[str, Any], depth: int) -> Any:
    """What results say; None where there are none, or none of such a network. Exits where they are damaged."""
    from initbench.advice.recommend import measured

    try:
        return measured(results, asked, depth)
    except FileNotFoundError:
        return None
    except (ValueError, OSError) as error:
        raise fail(f"recommend: {error}") from None


def _code(starts: Any, framework: str | None, asked: dict[str, Any], found: Any) -> str | None:
    from initbench.advice.code import code
    from initbench.analyses.stated_variances import TAPS

    if not starts or framework is None:
        return None
    kinds = {network.keys["architecture"] for network in found.networks} if found else {asked["architecture"]}
    convolutions = kinds <= {*TAPS}
    try:
        return code(starts[0], framework, asked["activation"], asked["normalization"], convolutions)
    except ValueError as error:
        raise fail(f"recommend: {starts[0]}: {error}; load the file that adds it by --extension") from None


def _tell(results: Path, asked: dict[str, Any], depth: int, found: Any, expected: Any, study: Any) -> None:
    """The answer in words."""
    from initbench.advice import recommend_words as words
    from initbench.advice.recommend import held

    if found:
        show(words.HEAD, words.table_rows(found))
        typer.echo(words.conclusion(found, depth))
    elif (results / "tables/best.parquet").exists():
        typer.echo(words.not_measured(results, asked, held(results, asked)))
    else:
        typer.echo(f"There are no results in {results}: nothing was measured.")
    lines = list(words.prediction(expected, asked, depth)) if expected else []
    lines += words.how_to_measure(study) if study else []
    for line in lines:
        typer.echo(line)
    if not expected and not (found and found.starts):
        complain("recommend: theory does not tell starts apart in such a network")
