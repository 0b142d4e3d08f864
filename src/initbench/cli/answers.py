"""Commands that answer a question: gain, seeds (recommend has a module of its own)."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from initbench.cli.doors import ANSWERS, door
from initbench.cli.printing import AsJson, fail, show, show_json

if TYPE_CHECKING:
    from initbench.advice.gain import Gains


def activations() -> list[str]:
    """The names that there are, for the shell to complete."""
    from initbench.activations import ACTIVATIONS

    return [*ACTIVATIONS]


Extensions = Annotated[
    list[Path] | None, typer.Option("--extension", help="a file with activations of your own; once for each")
]


def load(extensions: list[Path] | None) -> None:
    """Load files of one's own; the exit with what is wrong with them."""
    from initbench.base.extensions import ExtensionError, load_extensions

    try:
        load_extensions(extensions or (), check=True)
    except ExtensionError as error:
        raise fail(error) from None


def _tell_gains(activation: str, found: "Gains") -> None:
    """The answer of `gain` in words."""
    from initbench.advice.gain import gradients, lengths

    typer.echo(
        f"{activation}: E φ(z)² = {found.second_moment:.4g}, E φ′(z)² = {found.second_moment_slope:.4g}, z ~ N(0, 1)"
    )
    typer.echo("Weights of variance gain²/fan_in, biases of variance σ_b², in deep networks (infinite width):")
    rows = [
        (
            f"{each.does.gain:.4f}",
            f"{each.does.bias_variance:.4g}",
            lengths(each.does),
            gradients(each.does),
            each.meaning,
        )
        if each.does
        else ("none", "", "", "", each.meaning)
        for each in found.conventions
    ]
    show(("gain", "σ_b²", "variances", "squared gradients", "convention"), rows)
    typer.echo(f"PyTorch's value: {found.why_torch}.")


@door(
    ANSWERS,
    "initbench gain tanh",
    "initbench gain mish --extension mish.py  # an activation of your own",
)
def gain(
    activation: Annotated[str, typer.Argument(help="such as tanh", autocompletion=activations)],
    extension: Extensions = None,
    as_json: AsJson = False,
) -> None:
    """By what should weights be multiplied before this activation? What conventions say, and what comes of each in theory."""
    from initbench.activations import ACTIVATIONS
    from initbench.advice.gain import gains
    from initbench.base.suggest import did_you_mean

    load(extension)
    if activation not in ACTIVATIONS:
        known = ", ".join(ACTIVATIONS)
        raise fail(f"unknown activation {activation!r}{did_you_mean(activation, ACTIVATIONS)}; there are: {known}")
    found = gains(activation)
    if as_json:
        return show_json(asdict(found))
    _tell_gains(activation, found)


@door(
    ANSWERS,
    "initbench seeds config.yaml  # what this study's seeds can show",
    "initbench seeds --probability 0.75  # how many show that A beats B on 75 % of seeds",
    "initbench seeds --probability 0.75 --comparisons 10  # the same for ten schemes, each compared with one",
)
def seeds(
    study: Annotated[Path | None, typer.Argument(help="a study's file; without it, say --probability")] = None,
    probability: Annotated[
        float | None, typer.Option(help="P(A > B): how often A scores better than B on one seed")
    ] = None,
    comparisons: Annotated[int, typer.Option(min=1, help="schemes compared with the reference")] = 1,
    alpha: Annotated[float, typer.Option(help="level of the test")] = 0.05,
    power: Annotated[float, typer.Option(help="chance to show the difference")] = 0.8,
    as_json: AsJson = False,
) -> None:
    """How many seeds do I need? What the seeds of a study can show, or how many show that A is better than B."""
    if (study is None) == (probability is None):
        raise fail("seeds: give a study's file, or --probability, such as 0.75")
    if study is not None:
        return _seeds_of(study, as_json)
    from initbench.statistics.power import needed, needed_in_words

    if not (0 < alpha < 1 and 0 < power < 1):
        raise fail("seeds: --alpha and --power lie between 0 and 1")
    try:
        found = needed(probability, comparisons, alpha, power)
    except ValueError as error:
        raise fail(error) from None
    if as_json:
        return show_json(asdict(found))
    typer.echo(needed_in_words(found))


def _seeds_of(study: Path, as_json: bool) -> None:
    from initbench.advice.seeds import sights, told
    from initbench.study.grid import ConfigError, load_study

    try:
        loaded = load_study(study)
    except ConfigError as error:
        raise fail(error) from None
    found = list(sights(loaded))
    if as_json:
        return show_json({"reference": loaded.reference, "grids": [asdict(each) for each in found]})
    for each in found:
        typer.echo(told(each, loaded.reference))
    if not found:
        typer.echo("nothing is compared here: the study trains nothing, or one scheme alone")
